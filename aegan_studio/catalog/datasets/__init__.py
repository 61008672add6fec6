"""The built-in datasets; importing this package registers them."""

from aegan_studio.catalog.datasets import images, points

__all__ = ["images", "points"]
