"""The generative adversarial network."""

from __future__ import annotations

from typing import ClassVar, Literal

from aegan_studio.catalog.methods import parts
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import (
    METHODS,
    DataInfo,
    MethodOptions,
    NetworkOptions,
    PhaseInfo,
    Role,
    TermInfo,
)


@METHODS.register(
    "aegan_studio.ml.methods.gan:GAN",
    label="GAN",
    help="A generator turns noise into data, a discriminator tells real from generated; each "
    "learns from the other.",
)
class GANOptions(MethodOptions):
    """Generator against discriminator, non-saturating or minimax."""

    kind: Literal["gan"] = "gan"
    paper: ClassVar[str] = "arXiv 1406.2661"
    latent_dim: int = parts.latent_dim(32)
    loss: Literal["non-saturating", "minimax"] = option(
        "non-saturating",
        label="Generator loss",
        help="Non-saturating −log D(G(z)) keeps gradients alive while the discriminator is ahead; "
        "minimax log(1 − D(G(z))) is the original game, whose gradient vanishes.",
        choices={"non-saturating": "Non-saturating", "minimax": "Minimax"},
    )
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
        latex_g = {
            "non-saturating": r"L_G = -\mathbb{E}[\log D(G(z))]",
            "minimax": r"L_G = \mathbb{E}[\log (1 - D(G(z)))]",
        }[self.loss]
        adam = {"lr": 2e-4, "beta1": 0.5}
        return (
            PhaseInfo(
                name="discriminator",
                label="Discriminator",
                updates=("discriminator",),
                terms=(
                    TermInfo(
                        "loss-d",
                        "Discriminator loss",
                        "L_D",
                        "How badly real and generated are told apart; 2 ln 2 = 1.386 is a "
                        "coin toss.",
                        "real",
                    ),
                    TermInfo(
                        "right",
                        "Discriminator right",
                        "P(D = x)",
                        "The share of a batch that the discriminator judges rightly.",
                        "real",
                        signal=True,
                        share=True,
                    ),
                ),
                latex=r"L_D = -\mathbb{E}[\log D(x)] - \mathbb{E}[\log (1 - D(G(z)))]",
                defaults=adam,
            ),
            PhaseInfo(
                name="generator",
                label="Generator",
                updates=("generator",),
                terms=(
                    TermInfo(
                        "loss-g",
                        "Generator loss",
                        "L_G",
                        "How rarely the generator fools the discriminator. It is no measure of "
                        "quality.",
                        "generated",
                    ),
                ),
                latex=latex_g,
                defaults=adam,
            ),
        )

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Two MLPs; the discriminator with leaky ReLU."""
        return {"generator": parts.mlp(data), "discriminator": parts.mlp(data, leaky=True)}

    def code_dim(self) -> int:
        """The code's size."""
        return self.latent_dim
