"""Pieces that method declarations share."""

from __future__ import annotations

from aegan_studio.catalog.networks.mlp import MLP
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import DataInfo, NetworkOptions, OutputRange, TermInfo


def latent_dim(default: int) -> int:
    """The option for the size of a code."""
    value: int = option(
        default,
        label="Code size",
        help="Number of values in a code z. Raising it keeps more detail; lowering it forces "
        "the model to summarise.",
        ge=1,
        le=4096,
        soft=(1, 128),
        log=True,
    )
    return value


def data_range(data: DataInfo) -> OutputRange:
    """The range that a network producing data must cover."""
    if (data.low, data.high) == (0.0, 1.0):
        return "unit"
    if (data.low, data.high) == (-1.0, 1.0):
        return "symmetric"
    return "unbounded"


def mlp(data: DataInfo, *, leaky: bool = False) -> NetworkOptions:
    """A default network: small for points, wider for pictures."""
    widths = (128, 128, 128) if data.modality == "points" else (256, 256)
    return MLP(widths=widths, activation="leaky-relu" if leaky else "relu")


RECONSTRUCTION = TermInfo(
    name="rec-x",
    label="Reconstruction",
    latex=r"\ell(x, \tilde{x})",
    help="How far the reconstruction is from the data; lower is better.",
    color="reconstruction",
)
