"""Layers that arrange, repeat or average values, without weights."""

from __future__ import annotations

from typing import Literal

from aegan_studio.catalog.layers.common import BUILD
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import LAYERS, LayerOptions


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
    f"{BUILD}.arranging:pixel_shuffle",
    label="Pixel shuffle",
    help="Enlarges the picture by laying channels out as pixels (arXiv 1609.05158).",
)
class PixelShuffle(LayerOptions):
    """(C f², H, W) to (C, f H, f W)."""

    kind: Literal["pixel-shuffle"] = "pixel-shuffle"
    factor: int = option(
        2,
        label="Factor",
        help="How many times larger; takes its square in channels for each that stays.",
        ge=2,
        le=8,
    )


@LAYERS.register(
    f"{BUILD}.arranging:mean",
    label="Average pooling",
    help="Averages each channel over the whole picture or sequence.",
)
class Mean(LayerOptions):
    """Global average pooling."""

    kind: Literal["mean"] = "mean"


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
