"""Linear maps and convolutions."""

from __future__ import annotations

from typing import Literal

from aegan_studio.catalog.layers import common
from aegan_studio.catalog.layers.common import BUILD
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import LAYERS, LayerOptions


@LAYERS.register(f"{BUILD}.weighted:linear", label="Linear", help="Every input to every output.")
class Linear(LayerOptions):
    """A fully connected layer over the last axis."""

    kind: Literal["linear"] = "linear"
    width: int = common.width()
    bias: bool = common.bias("output")
    spectral: bool = common.spectral()


@LAYERS.register(
    f"{BUILD}.weighted:maxout",
    label="Maxout",
    help="Several linear layers side by side; each output is the largest of theirs "
    "(arXiv 1302.4389).",
)
class Maxout(LayerOptions):
    """The largest of several linear maps; needs no activation."""

    kind: Literal["maxout"] = "maxout"
    width: int = common.width()
    pieces: int = option(
        5,
        label="Pieces",
        help="How many linear maps each output is the largest of. Raising it bends more.",
        ge=2,
        le=32,
    )
    bias: bool = common.bias("output")
    spectral: bool = common.spectral()


@LAYERS.register(
    f"{BUILD}.weighted:convolution",
    label="Convolution",
    help="A learned filter slides over the picture.",
)
class Convolution(LayerOptions):
    """A 2-D convolution."""

    kind: Literal["convolution"] = "convolution"
    channels: int = common.channels()
    kernel: int = option(3, label="Kernel", help="Side of a filter.", unit="px", ge=1, le=15)
    stride: int = option(
        1, label="Stride", help="Pixels per move; 2 halves the picture.", unit="px", ge=1, le=8
    )
    padding: int = option(
        1, label="Padding", help="Rows of zeros added around.", unit="px", ge=0, le=8
    )
    bias: bool = common.bias("channel")
    spectral: bool = common.spectral()


@LAYERS.register(
    f"{BUILD}.weighted:transposed",
    label="Transposed convolution",
    help="A convolution run backwards: it enlarges the picture.",
)
class Transposed(LayerOptions):
    """A 2-D transposed convolution."""

    kind: Literal["transposed"] = "transposed"
    channels: int = common.channels()
    kernel: int = option(4, label="Kernel", help="Side of a filter.", unit="px", ge=1, le=15)
    stride: int = option(
        2, label="Stride", help="Pixels per move; 2 doubles the picture.", unit="px", ge=1, le=8
    )
    padding: int = option(1, label="Padding", help="Rows cut off around.", unit="px", ge=0, le=8)
    bias: bool = common.bias("channel")
    spectral: bool = common.spectral()


@LAYERS.register(
    f"{BUILD}.weighted:convolution_1d",
    label="1-D convolution",
    help="A learned filter slides along a sequence, whose length stays.",
)
class Convolution1d(LayerOptions):
    """A 1-D convolution over (channels, length), padded so that the length stays."""

    kind: Literal["convolution-1d"] = "convolution-1d"
    channels: int = common.channels(64)
    kernel: int = option(3, label="Kernel", help="Places a filter sees.", ge=1, le=31)
    dilation: int = option(
        1,
        label="Dilation",
        help="Places between those a filter sees. Raising it looks further.",
        ge=1,
        le=512,
    )
    causal: bool = option(
        False,
        label="Causal",
        help="Each place sees itself and those before it only, as a model that continues "
        "sequences must.",
    )
    bias: bool = common.bias("channel")
    spectral: bool = common.spectral()
