"""FactorVAE: a VAE whose codes a second critic keeps independent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from aegan_studio.catalog.methods import autoencoding, parts
from aegan_studio.catalog.methods.autoencoding import BOUND, DIVERGENCE
from aegan_studio.catalog.networks.mlp import MLP
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import (
    METHODS,
    DataInfo,
    Flow,
    NetworkOptions,
    PhaseInfo,
    Role,
    TermInfo,
)

CORRELATION = TermInfo(
    "correlation",
    "Total correlation",
    r"\mathbb{E}[\log D(z) - \log (1 - D(z))]",
    "How far the values of a code are from being independent, in nats, as the critic sees it.",
    "latent",
)
CRITIC = TermInfo(
    "loss-d-z",
    "Latent critic’s loss",
    "L_D",
    "How badly codes are told from codes whose values were exchanged between items; ln 2 = "
    "0.693 is a coin toss.",
    "latent",
)
RIGHT = TermInfo(
    "right-z",
    "Latent critic right",
    "P(D = z)",
    "The share of codes that the latent critic judges rightly.",
    "latent",
    signal=True,
    share=True,
)


@METHODS.register(
    "aegan_studio.ml.methods.factor_vae:FactorVAE",
    label="FactorVAE",
    help="A VAE with a critic of codes: it learns to tell codes from codes whose values were "
    "exchanged between items, and the encoder learns to make them look alike, so that each value "
    "varies independently.",
)
class FactorVAEOptions(autoencoding.Variational):
    """Variational autoencoder with a density-ratio estimate of the total correlation."""

    kind: Literal["factor-vae"] = "factor-vae"
    paper: ClassVar[str] = "arXiv 1802.05983"
    latent_dim: int = parts.latent_dim(16)
    gamma: float = option(
        10.0,
        label="γ",
        help="Weight of the total correlation. Raising it makes the values of the code more "
        "independent and reconstructions blurrier.",
        ge=0,
        le=1000,
        soft=(0, 100),
        live=True,
    )

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """Encoder, decoder, and a critic of codes that gives one logit."""
        critic = Role("latent_discriminator", "D", "Latent critic", (self.latent_dim,), (1,))
        return (*self.autoencoder_roles(data), critic)

    def phases(self) -> tuple[PhaseInfo, ...]:
        """The autoencoder's update, then the critic's."""
        return (
            PhaseInfo(
                name="autoencoder",
                label="Autoencoder",
                updates=("encoder", "decoder"),
                terms=(parts.RECONSTRUCTION, DIVERGENCE, CORRELATION, BOUND),
                latex=r"L = -\mathbb{E}_{q(z|x)}[\log p(x|z)] + D_{KL}(q(z|x) \Vert p(z)) "
                r"+ \gamma \mathbb{E}_{q(z)}[\log \frac{D(z)}{1 - D(z)}]",
            ),
            PhaseInfo(
                name="latent_discriminator",
                label="Latent critic",
                updates=("latent_discriminator",),
                terms=(CRITIC, RIGHT),
                latex=r"L_D = -\frac{1}{2}\mathbb{E}_{q(z)}[\log D(z)] "
                r"- \frac{1}{2}\mathbb{E}_{\bar{q}(z)}[\log (1 - D(z))]",
                defaults={"beta1": 0.5, "beta2": 0.9},
            ),
        )

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Three MLPs; the critic with leaky ReLU."""
        critic = MLP(widths=(128, 128, 128), activation="leaky-relu")
        return {**super().default_networks(data), "latent_discriminator": critic}

    def weighs(self) -> Mapping[str, str]:
        """Terms to the options that weigh them."""
        return {**super().weighs(), "correlation": "gamma"}

    def flow(self) -> Flow:
        """Data to code and back; the codes are judged."""
        back = autoencoding.there_and_back()
        return Flow(back.paths, {"latent_discriminator": ("z-hat",)}, back.compared)
