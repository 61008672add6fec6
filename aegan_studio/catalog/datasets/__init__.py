"""The built-in datasets; importing this package registers them."""

from aegan_studio.catalog.datasets import images, points, sketch

__all__ = ["images", "points", "sketch"]
