"""The layers a network can be made of. Input widths follow from the layer above."""

from __future__ import annotations

from typing import Literal

from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import LAYERS, LayerOptions

BUILD = "aegan_studio.ml.networks.layers"

CONDITIONAL = ("join", "projection")
"""Kinds of layers that take up what comes in beside a network's input."""


@LAYERS.register(f"{BUILD}.weighted:linear", label="Linear", help="Every input to every output.")
class Linear(LayerOptions):
    """A fully connected layer over the last axis."""

    kind: Literal["linear"] = "linear"
    width: int = option(
        128, label="Width", help="Number of outputs. More can learn more.", ge=1, le=65_536
    )
    bias: bool = option(True, label="Bias", help="Add a learned constant to each output.")


@LAYERS.register(
    f"{BUILD}.weighted:convolution",
    label="Convolution",
    help="A learned filter slides over the picture.",
)
class Convolution(LayerOptions):
    """A 2-D convolution."""

    kind: Literal["convolution"] = "convolution"
    channels: int = option(
        32, label="Channels", help="Number of filters. More can learn more.", ge=1, le=4096
    )
    kernel: int = option(3, label="Kernel", help="Side of a filter.", unit="px", ge=1, le=15)
    stride: int = option(
        1, label="Stride", help="Pixels per move; 2 halves the picture.", unit="px", ge=1, le=8
    )
    padding: int = option(
        1, label="Padding", help="Rows of zeros added around.", unit="px", ge=0, le=8
    )
    bias: bool = option(True, label="Bias", help="Add a learned constant to each channel.")


@LAYERS.register(
    f"{BUILD}.weighted:transposed",
    label="Transposed convolution",
    help="A convolution run backwards: it enlarges the picture.",
)
class Transposed(LayerOptions):
    """A 2-D transposed convolution."""

    kind: Literal["transposed"] = "transposed"
    channels: int = option(
        32, label="Channels", help="Number of filters. More can learn more.", ge=1, le=4096
    )
    kernel: int = option(4, label="Kernel", help="Side of a filter.", unit="px", ge=1, le=15)
    stride: int = option(
        2, label="Stride", help="Pixels per move; 2 doubles the picture.", unit="px", ge=1, le=8
    )
    padding: int = option(1, label="Padding", help="Rows cut off around.", unit="px", ge=0, le=8)
    bias: bool = option(True, label="Bias", help="Add a learned constant to each channel.")


@LAYERS.register(f"{BUILD}.arranging:upsample", label="Upsample", help="Enlarges the picture.")
class Upsample(LayerOptions):
    """Enlarge by a whole factor."""

    kind: Literal["upsample"] = "upsample"
    factor: int = option(2, label="Factor", help="How many times larger.", ge=2, le=8)
    mode: Literal["nearest", "bilinear"] = option(
        "nearest",
        label="Mode",
        help="Repeat pixels, or blend between them.",
        choices={"nearest": "Nearest", "bilinear": "Bilinear"},
    )


@LAYERS.register(
    f"{BUILD}.norms:norm", label="Norm", help="Rescales activations so that training stays steady."
)
class Norm(LayerOptions):
    """Batch, layer, group or instance normalisation."""

    kind: Literal["norm"] = "norm"
    over: Literal["batch", "layer", "group", "instance"] = option(
        "batch",
        label="Kind",
        help="What is averaged over: the batch, one item, groups of its channels, or each channel.",
        choices={"batch": "Batch", "layer": "Layer", "group": "Group", "instance": "Instance"},
    )
    groups: int = option(
        8,
        label="Groups",
        help="How many groups the channels are divided into.",
        ge=1,
        le=256,
        when={"over": ("group",)},
    )


ActivationName = Literal["relu", "leaky-relu", "elu", "gelu", "silu", "softplus", "tanh", "sigmoid"]
ACTIVATIONS: dict[str, str] = {
    "relu": "ReLU",
    "leaky-relu": "Leaky ReLU",
    "elu": "ELU",
    "gelu": "GELU",
    "silu": "SiLU",
    "softplus": "Softplus",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
}


@LAYERS.register(
    f"{BUILD}.elementwise:activation",
    label="Activation",
    help="The bend that lets layers learn curves.",
)
class Activation(LayerOptions):
    """An elementwise nonlinearity."""

    kind: Literal["activation"] = "activation"
    function: ActivationName = option(
        "relu", label="Function", help="Its shape.", choices=ACTIVATIONS
    )
    slope: float = option(
        0.2,
        label="Slope",
        help="Slope below zero. Raising it lets more gradient through.",
        ge=0,
        le=1,
        when={"function": ("leaky-relu",)},
    )


@LAYERS.register(
    f"{BUILD}.elementwise:dropout",
    label="Dropout",
    help="Switches random values off while training.",
)
class Dropout(LayerOptions):
    """Elementwise dropout."""

    kind: Literal["dropout"] = "dropout"
    p: float = option(
        0.3, label="Share", help="The share switched off. Raising it regularises more.", ge=0, lt=1
    )


@LAYERS.register(
    f"{BUILD}.arranging:flatten", label="Flatten", help="Lays all values out in one row."
)
class Flatten(LayerOptions):
    """All axes but the batch into one."""

    kind: Literal["flatten"] = "flatten"


@LAYERS.register(
    f"{BUILD}.arranging:reshape", label="Reshape", help="Arranges the values in another shape."
)
class Reshape(LayerOptions):
    """A new shape with the same number of values."""

    kind: Literal["reshape"] = "reshape"
    shape: tuple[int, ...] = option(
        (1, 8, 8), label="Shape", help="Channels, height, width.", min_length=1, max_length=3
    )


@LAYERS.register(
    f"{BUILD}.beside:join",
    label="Join condition",
    help="Joins the class or code that comes in beside the input to the features.",
)
class Join(LayerOptions):
    """The values beside the input: more values of a row, one more channel of a picture."""

    kind: Literal["join"] = "join"
    width: int = option(
        0,
        label="Embedding",
        help="Width of a learned linear map of the condition; 0 joins its values as they are.",
        ge=0,
        le=4096,
    )


@LAYERS.register(
    f"{BUILD}.beside:projection",
    label="Projection",
    help="A logit that judges features together with their class (arXiv 1802.05637).",
)
class Projection(LayerOptions):
    """The logit of a projection discriminator."""

    kind: Literal["projection"] = "projection"
