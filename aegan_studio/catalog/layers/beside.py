"""Layers that take up what comes in beside a network's input."""

from __future__ import annotations

from typing import Literal

from aegan_studio.catalog.layers import common
from aegan_studio.catalog.layers.common import BUILD
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import LAYERS, LayerOptions

CONDITIONAL = ("join", "projection")
"""Kinds of layers that take up what comes in beside a network's input."""


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
    spectral: bool = common.spectral()


@LAYERS.register(
    f"{BUILD}.beside:projection",
    label="Projection",
    help="A logit that judges features together with their class (arXiv 1802.05637).",
)
class Projection(LayerOptions):
    """The logit of a projection discriminator."""

    kind: Literal["projection"] = "projection"
    spectral: bool = common.spectral()
