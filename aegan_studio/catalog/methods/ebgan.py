"""EBGAN: the discriminator is an autoencoder whose error is an energy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from aegan_studio.catalog.methods import parts
from aegan_studio.catalog.methods.began import ENERGIES, ENERGY_REAL
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


@METHODS.register(
    "aegan_studio.ml.methods.ebgan:EBGAN",
    label="EBGAN",
    help="The discriminator is an autoencoder: what it rebuilds badly has high energy, and the "
    "generator looks for low energy.",
)
class EBGANOptions(MethodOptions):
    """Energy-based GAN with a repelling term."""

    kind: Literal["ebgan"] = "ebgan"
    paper: ClassVar[str] = "arXiv 1609.03126"
    family: ClassVar[Family] = "gan"
    exhibits: ClassVar[tuple[ExhibitInfo, ...]] = ENERGIES
    latent_dim: int = parts.latent_dim(32)
    feature_dim: int = option(
        16,
        label="Critic’s code",
        help="Number of values that the discriminator squeezes items into. Raising it rebuilds "
        "more, which makes energies more alike.",
        ge=1,
        le=4096,
        soft=(2, 128),
        log=True,
    )
    margin: float = option(
        0.2,
        label="Margin m",
        help="The energy above which generated items no longer concern the discriminator; energies "
        "are squared errors a value. Raising it keeps it at work for longer.",
        gt=0,
        le=100,
        soft=(0.01, 2),
        log=True,
        live=True,
    )
    pull_away: float = option(
        0.1,
        label="Pulling away",
        help="Weight of keeping the critic’s codes of generated items apart. Raising it gives more "
        "variety.",
        ge=0,
        le=10,
        soft=(0, 1),
        live=True,
    )

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """Generator, and the two halves of the discriminator's autoencoder."""
        produced, code = parts.data_range(data), (self.feature_dim,)
        return (
            Role("generator", "G", "Generator", (self.latent_dim,), data.shape, produced),
            Role("discriminator", "D_e", "Critic’s encoder", data.shape, code),
            Role("rebuilder", "D_d", "Critic’s decoder", code, data.shape, produced),
        )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """The discriminator's update, then the generator's."""
        return (
            PhaseInfo(
                name="discriminator",
                label="Discriminator",
                updates=("discriminator", "rebuilder"),
                terms=(
                    ENERGY_REAL,
                    TermInfo(
                        "hinge-x-hat",
                        "Generated, below the margin",
                        r"[m - \ell(G(z))]^+",
                        "How far the energy of generated items is below the margin.",
                        "generated",
                    ),
                ),
                latex=r"L_D = \mathbb{E}[\ell(x)] + \mathbb{E}[\max(0, m - \ell(G(z)))]",
                defaults=parts.GAN_ADAM,
            ),
            PhaseInfo(
                name="generator",
                label="Generator",
                updates=("generator",),
                terms=(
                    TermInfo(
                        "loss-g",
                        "Energy of generated",
                        r"\ell(G(z))",
                        "How badly the discriminator rebuilds generated items.",
                        "generated",
                    ),
                    TermInfo(
                        "pull-away",
                        "Pulling away",
                        r"\frac{1}{N (N - 1)} \sum_{i \neq j} \cos^2(s_i, s_j)",
                        "How alike the critic’s codes of generated items are: 1 where all point "
                        "the same way.",
                        "code",
                    ),
                ),
                latex=r"L_G = \mathbb{E}[\ell(G(z))] + \lambda f_{PT}",
                defaults=parts.GAN_ADAM,
            ),
        )

    def weighs(self) -> Mapping[str, str]:
        """Terms to the options that weigh them."""
        return {**super().weighs(), "pull-away": "pull_away"}

    def flow(self) -> Flow:
        """Noise to data, judged beside real data."""
        return Flow((("z", "generator", "x-hat"),), {"discriminator": ("x", "x-hat")})

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """MLPs with one hidden layer in each half of the discriminator."""
        half = MLP(widths=(128,), activation="leaky-relu")
        return {"generator": parts.mlp(data), "discriminator": half, "rebuilder": half}

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """Noise."""
        del data
        return (CodePart("z", "Noise", self.latent_dim),)
