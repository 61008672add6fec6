"""Pieces that method declarations share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from aegan_studio.catalog.methods.adversarial import Adversarial
from aegan_studio.catalog.networks.mlp import MLP
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import DataInfo, NetworkOptions, OutputRange, TermInfo

GAN_ADAM: Mapping[str, object] = {"lr": 2e-4, "beta1": 0.5}
"""Adam as for DCGAN (arXiv 1511.06434)."""


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


FittedSampler = Literal["gaussian", "mixture"]
AnySampler = Literal["prior", "gaussian", "mixture"]

_FITS = {
    "gaussian": "Gaussian fitted to the codes",
    "mixture": "Mixture of 10 fitted to the codes",
}


def fitted_sampler(default: FittedSampler = "gaussian") -> FittedSampler:
    """The option for where new codes come from, of a method without a prior."""
    value: FittedSampler = option(
        default,
        label="Samples from",
        help="Where the codes of new samples come from: a Gaussian or a mixture of ten, fitted to "
        "the codes of the data. A mixture follows clusters.",
        choices=_FITS,
        live=True,
    )
    return value


def any_sampler(default: AnySampler = "prior") -> AnySampler:
    """The option for where new codes come from, of a method with a prior and an encoder."""
    value: AnySampler = option(
        default,
        label="Samples from",
        help="Where the codes of new samples come from: the prior that training aims at, or a "
        "Gaussian or mixture of ten fitted to the codes of the data.",
        choices={"prior": "Prior", **_FITS},
        live=True,
        advanced=True,
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

LOSS_D = TermInfo(
    "loss-d",
    "Discriminator loss",
    "L_D",
    "How badly real and generated are told apart; 2 ln 2 = 1.386 is a coin toss for "
    "logarithmic losses.",
    "real",
)
LOSS_G = TermInfo(
    "loss-g",
    "Generator loss",
    "L_G",
    "How rarely the generator fools the discriminator. It is no measure of quality.",
    "generated",
)
RIGHT = TermInfo(
    "right",
    "Discriminator right",
    "P(D = x)",
    "The share of a batch that the discriminator judges rightly.",
    "real",
    signal=True,
    share=True,
)
PENALTY = TermInfo(
    "penalty",
    "Penalty",
    r"\lVert \nabla D \rVert",
    "How far the discriminator's slope is from what it should be.",
)


def penalty_terms(options: Adversarial) -> tuple[TermInfo, ...]:
    """The penalty's term, where there is one."""
    return (PENALTY,) if options.penalty != "none" else ()
