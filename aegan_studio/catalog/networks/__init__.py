"""Network presets: each writes a list of layers for a role. Importing registers them."""

from aegan_studio.catalog.networks import article, convolutional, custom, mlp

__all__ = ["article", "convolutional", "custom", "mlp"]
