"""Layers for tokens: numbers that name things."""

from __future__ import annotations

from typing import Literal

from aegan_studio.catalog.layers import common
from aegan_studio.catalog.layers.common import BUILD
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import LAYERS, LayerOptions


@LAYERS.register(
    f"{BUILD}.sequence:embedding",
    label="Embedding",
    help="Gives every token a learned vector: a row of n tokens becomes channels×n.",
)
class Embedding(LayerOptions):
    """Token indices, given as numbers, to learned vectors."""

    kind: Literal["embedding"] = "embedding"
    tokens: int = option(
        128, label="Tokens", help="How many different tokens there are.", ge=2, le=65_536
    )
    channels: int = option(
        64, label="Channels", help="Values of a vector. More can tell more.", ge=1, le=4096
    )
    spectral: bool = common.spectral()


@LAYERS.register(
    f"{BUILD}.sequence:codebook",
    label="Codebook",
    help="Replaces each vector by the nearest of a learned list (VQ-VAE, arXiv 1711.00937).",
)
class Codebook(LayerOptions):
    """Vector quantisation."""

    kind: Literal["codebook"] = "codebook"
    size: int = option(
        512,
        label="Entries",
        help="How many vectors the list has. Raising it keeps more detail; unused ones are lost.",
        ge=2,
        le=65_536,
        soft=(8, 1024),
        log=True,
    )
    width: int = option(
        0,
        label="Vector",
        help="How many values of a row make one vector; 0 takes the whole row. In pictures and "
        "sequences the channels of a place make one.",
        ge=0,
        le=4096,
    )
