"""Network presets: each writes a list of layers for a role. Importing registers them."""

# The order of registration is that of the menus.
# isort: off
from aegan_studio.catalog.networks import article, mlp, convolutional, residual, sequence, custom

__all__ = ["article", "convolutional", "custom", "mlp", "residual", "sequence"]
