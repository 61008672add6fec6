"""The layers a network can be made of. Input widths follow from the layer above."""

# The order of registration is that of the menus.
# isort: off
from aegan_studio.catalog.layers.common import ACTIVATIONS, ActivationName
from aegan_studio.catalog.layers.weighted import (
    Convolution,
    Convolution1d,
    Linear,
    Maxout,
    Transposed,
)
from aegan_studio.catalog.layers.norms import MinibatchStddev, Norm
from aegan_studio.catalog.layers.elementwise import Activation, Dropout
from aegan_studio.catalog.layers.arranging import Flatten, Mean, PixelShuffle, Reshape, Upsample
from aegan_studio.catalog.layers.blocks import Attention, Residual
from aegan_studio.catalog.layers.beside import CONDITIONAL, Join, Projection
from aegan_studio.catalog.layers.sequence import Codebook, Embedding
from aegan_studio.catalog.layers.plugin import Module
# isort: on

__all__ = [
    "ACTIVATIONS",
    "CONDITIONAL",
    "Activation",
    "ActivationName",
    "Attention",
    "Codebook",
    "Convolution",
    "Convolution1d",
    "Dropout",
    "Embedding",
    "Flatten",
    "Join",
    "Linear",
    "Maxout",
    "Mean",
    "MinibatchStddev",
    "Module",
    "Norm",
    "PixelShuffle",
    "Projection",
    "Reshape",
    "Residual",
    "Transposed",
    "Upsample",
]
