"""The generative adversarial network, and what can be combined with it."""

from __future__ import annotations

from typing import ClassVar, Literal

from aegan_studio.catalog.methods import parts
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
)


@METHODS.register(
    "aegan_studio.ml.methods.gan:GAN",
    label="GAN",
    help="A generator turns noise into data, a discriminator tells real from generated; each "
    "learns from the other.",
)
class GANOptions(Adversarial):
    """Generator against discriminator."""

    kind: Literal["gan"] = "gan"
    paper: ClassVar[str] = "arXiv 1406.2661"
    family: ClassVar[Family] = "gan"
    latent_dim: int = parts.latent_dim(32)
    prior: Literal["normal", "uniform"] = option(
        "normal",
        label="Prior",
        help="The distribution that codes are drawn from: normal, or uniform in [−1, 1].",
        choices={"normal": "Normal", "uniform": "Uniform"},
    )

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """Generator and discriminator; the discriminator gives one logit."""
        code = (self.latent_dim,)
        return (
            Role("generator", "G", "Generator", code, data.shape, parts.data_range(data)),
            Role("discriminator", "D", "Discriminator", data.shape, (1,)),
        )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """The discriminator's update, then the generator's."""
        critic = (parts.LOSS_D, *parts.penalty_terms(self), parts.RIGHT)
        return (
            PhaseInfo(
                name="discriminator",
                label="Discriminator",
                updates=("discriminator",),
                terms=critic,
                latex=self.latex_d(),
                defaults=parts.GAN_ADAM,
            ),
            PhaseInfo(
                name="generator",
                label="Generator",
                updates=("generator",),
                terms=(parts.LOSS_G,),
                latex=self.latex_g(),
                defaults=parts.GAN_ADAM,
            ),
        )

    def flow(self) -> Flow:
        """Noise to data, judged beside real data."""
        return Flow((("z", "generator", "x-hat"),), {"discriminator": ("x", "x-hat")})

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Two MLPs; the discriminator with leaky ReLU."""
        return {"generator": parts.mlp(data), "discriminator": parts.mlp(data, leaky=True)}

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """Noise."""
        del data
        return (CodePart("z", "Noise", self.latent_dim, self.prior),)
