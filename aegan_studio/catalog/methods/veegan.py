"""VEEGAN: a GAN with a reconstructor of noise, against mode collapse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from aegan_studio.catalog.methods import joined, parts
from aegan_studio.catalog.methods.adversarial import Adversarial
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import (
    METHODS,
    CodePart,
    DataInfo,
    Family,
    Flow,
    NetworkOptions,
    PhaseInfo,
    Role,
    TermInfo,
)

NOISE_RECONSTRUCTION = TermInfo(
    "rec-z",
    "Noise reconstruction",
    r"\lVert z - F(G(z)) \rVert^2",
    "How far the reconstructor is from the noise that an item was generated from; where modes are "
    "missing it cannot be found again.",
    "code",
)


@METHODS.register(
    "aegan_studio.ml.methods.veegan:VEEGAN",
    label="VEEGAN",
    help="A reconstructor turns data back into noise, and generated data into the noise they came "
    "from. Data of a missing mode do not become noise, and the discriminator of pairs sees it.",
)
class VEEGANOptions(Adversarial):
    """Generator and reconstructor F against a discriminator of pairs (x, z)."""

    kind: Literal["veegan"] = "veegan"
    paper: ClassVar[str] = "arXiv 1705.07761"
    family: ClassVar[Family] = "joined"
    mixer: ClassVar[Mapping[str, str]] = {"rec-z": "noise_weight"}
    latent_dim: int = parts.latent_dim(16)
    generator_loss: Literal["log-ratio", "adversarial"] = option(
        "log-ratio",
        label="Generator minimises",
        help="The log-ratio of generated to real that the discriminator has learned, as in the "
        "paper, or the adversarial loss chosen above.",
        choices={"log-ratio": "Log-ratio", "adversarial": "Adversarial loss"},
    )
    noise_weight: float = joined.weight(
        1.0,
        label="Noise reconstruction weight",
        help="Weight of ‖z − F(G(z))‖². Raising it ties the noise more closely to the data and "
        "follows the discriminator less.",
    )
    sampler: parts.AnySampler = parts.any_sampler()

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """The discriminator sees data with noise beside them and gives one logit."""
        k = self.latent_dim
        return (
            Role("generator", "G", "Generator", (k,), data.shape, parts.data_range(data)),
            Role("encoder", "F", "Reconstructor", data.shape, (k,)),
            Role("discriminator", "D", "Discriminator", data.shape, (1,), beside=k),
        )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """The discriminator's update, then generator and reconstructor."""
        reached = r"L_G = \mathbb{E}[\log \frac{1 - D(G(z))}{D(G(z))}]"
        if self.generator_loss == "adversarial":
            reached = self.latex_g()
        return (
            PhaseInfo(
                name="discriminator",
                label="Discriminator",
                updates=("discriminator",),
                terms=(parts.LOSS_D, *parts.penalty_terms(self), parts.RIGHT),
                latex=joined.of_pairs(self.latex_d(), "F(x)"),
                defaults=parts.GAN_ADAM,
            ),
            PhaseInfo(
                name="generator",
                label="Generator and reconstructor",
                updates=("generator", "encoder"),
                terms=(parts.LOSS_G, NOISE_RECONSTRUCTION),
                latex=joined.of_pairs(reached, "F(x)")
                + r" + \lambda \lVert z - F(G(z)) \rVert^2, \quad "
                r"L_F = \lVert z - F(G(z)) \rVert^2",
                defaults=parts.GAN_ADAM,
            ),
        )

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Three MLPs; the discriminator with leaky ReLU."""
        return {
            "generator": parts.mlp(data),
            "encoder": parts.mlp(data),
            "discriminator": parts.mlp(data, leaky=True),
        }

    def flow(self) -> Flow:
        """Noise to data and back to noise; data to noise; pairs judged."""
        return Flow(
            (
                ("z", "generator", "x-hat", "encoder", "z-tilde"),
                ("x", "encoder", "z-hat"),
            ),
            {"discriminator": ("x+z-hat", "x-hat+z")},
            {"rec-z": ("z", "z-tilde")},
        )

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """Noise."""
        del data
        return (CodePart("z", "Noise", self.latent_dim),)
