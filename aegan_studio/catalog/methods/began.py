"""BEGAN: the discriminator is an autoencoder, and a balance is kept between it and G."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from aegan_studio.catalog.methods import parts
from aegan_studio.catalog.networks.mlp import MLP
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import (
    METHODS,
    CodePart,
    DataInfo,
    ExhibitInfo,
    Family,
    Flow,
    MethodOptions,
    NetworkOptions,
    PhaseInfo,
    Role,
    TermInfo,
)

ENERGY_REAL = TermInfo(
    "energy-x",
    "Error on real data",
    r"\ell(x)",
    "How badly the discriminator rebuilds real items.",
    "real",
)

ENERGIES = (
    ExhibitInfo(
        "energy-x",
        "Energy of real items",
        "Held-out items from the highest to the lowest energy: at the top those that the "
        "discriminator rebuilds worst.",
        "Real",
    ),
    ExhibitInfo(
        "energy-x-hat",
        "Energy of samples",
        "Samples from the highest to the lowest energy: at the top those that the discriminator "
        "rebuilds worst, and so takes for the least real.",
        "Generated",
    ),
)


@METHODS.register(
    "aegan_studio.ml.methods.began:BEGAN",
    label="BEGAN",
    help="The discriminator is an autoencoder that rebuilds real items better than generated "
    "ones; a controller keeps the two in balance.",
)
class BEGANOptions(MethodOptions):
    """Boundary equilibrium GAN."""

    kind: Literal["began"] = "began"
    paper: ClassVar[str] = "arXiv 1703.10717"
    family: ClassVar[Family] = "gan"
    exhibits: ClassVar[tuple[ExhibitInfo, ...]] = ENERGIES
    latent_dim: int = parts.latent_dim(32)
    gamma: float = option(
        0.5,
        label="Diversity γ",
        help="The error on generated items that is aimed at, as a share of that on real ones. "
        "Raising it gives more variety and less clear items.",
        ge=0,
        le=1,
        soft=(0.1, 1),
        live=True,
    )
    k_rate: float = option(
        0.001,
        label="Pace of k",
        help="How fast k, the weight of generated items, follows the balance. Raising it reacts "
        "faster and swings more.",
        ge=0,
        le=1,
        soft=(1e-4, 0.1),
        log=True,
        live=True,
        advanced=True,
    )

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """Generator, and an autoencoder of the data as discriminator."""
        produced = parts.data_range(data)
        return (
            Role("generator", "G", "Generator", (self.latent_dim,), data.shape, produced),
            Role("discriminator", "D", "Discriminator", data.shape, data.shape, produced),
        )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """The generator's update, the discriminator's, and with that k's."""
        return (
            PhaseInfo(
                name="generator",
                label="Generator",
                updates=("generator",),
                terms=(
                    TermInfo(
                        "loss-g",
                        "Error on generated",
                        r"\ell(G(z))",
                        "How badly the discriminator rebuilds generated items.",
                        "generated",
                    ),
                ),
                latex=r"L_G = \mathbb{E}[\ell(G(z))]",
                defaults=parts.GAN_ADAM,
            ),
            PhaseInfo(
                name="discriminator",
                label="Discriminator",
                updates=("discriminator",),
                terms=(
                    ENERGY_REAL,
                    TermInfo(
                        "energy-x-hat",
                        "Generated, kept bad",
                        r"-k \ell(G(z))",
                        "Minus k times how badly generated items are rebuilt.",
                        "generated",
                    ),
                    TermInfo(
                        "k",
                        "k",
                        "k",
                        "Weight of generated items, kept so that their error is γ times that of "
                        "real ones.",
                        signal=True,
                        share=True,
                    ),
                    TermInfo(
                        "convergence",
                        "Convergence M",
                        r"M = \ell(x) + |\gamma \ell(x) - \ell(G(z))|",
                        "Falls as items get clearer and the balance holds: a measure of how far "
                        "training is.",
                        signal=True,
                    ),
                ),
                latex=r"L_D = \mathbb{E}[\ell(x)] - k \mathbb{E}[\ell(G(z))]",
                defaults=parts.GAN_ADAM,
            ),
        )

    def weighs(self) -> Mapping[str, str]:
        """Terms to the options that weigh them."""
        return {**super().weighs(), "energy-x-hat": ""}

    def flow(self) -> Flow:
        """Noise to data, judged beside real data."""
        return Flow((("z", "generator", "x-hat"),), {"discriminator": ("x", "x-hat")})

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """MLPs: a discriminator that narrows, and a generator with batch norm.

        Without that the generator settles on the one item that is rebuilt best.
        """
        points = data.modality == "points"
        wide, narrow = ((128,) * 3, (64, 2, 64)) if points else ((256, 256), (128, 16, 128))
        return {
            "generator": MLP(widths=wide, norm="batch"),
            "discriminator": MLP(widths=narrow, activation="elu"),
        }

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """Uniform noise, as in the paper."""
        del data
        return (CodePart("z", "Noise", self.latent_dim, "uniform"),)
