"""The VAE-GAN: an autoencoder that compares as its discriminator sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from aegan_studio.catalog.methods import autoencoding, joined, parts
from aegan_studio.catalog.methods.adversarial import Adversarial, AdversarialLoss
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

FEATURES = TermInfo(
    "features",
    "Feature distance, for the encoder",
    r"\frac{1}{2} \lVert D_l(x) - D_l(\tilde{x}) \rVert^2",
    "How far data and reconstruction are apart in the discriminator’s last hidden layer; it moves "
    "the encoder.",
    "reconstruction",
)
FEATURES_G = TermInfo(
    "features-g",
    "Feature distance, for the decoder",
    r"\frac{1}{2} \lVert D_l(x) - D_l(\tilde{x}) \rVert^2",
    "The same distance; weighted with γ, it moves the decoder.",
    "reconstruction",
)


@METHODS.register(
    "aegan_studio.ml.methods.vae_gan:VAEGAN",
    label="VAE-GAN",
    help="A variational autoencoder whose reconstructions are compared in the features of a "
    "discriminator, which also drives the decoder: sharper than a VAE.",
)
class VAEGANOptions(Adversarial):
    """Encoder, decoder that is also a generator, and discriminator."""

    kind: Literal["vae-gan"] = "vae-gan"
    paper: ClassVar[str] = "arXiv 1512.09300"
    family: ClassVar[Family] = "joined"
    mixer: ClassVar[Mapping[str, str]] = {"kl": "beta", "features-g": "gamma"}
    latent_dim: int = parts.latent_dim(16)
    loss: AdversarialLoss = joined.adversarial_default("loss", "minimax")
    beta: float = joined.weight(
        0.02,
        label="β",
        help="Weight of the divergence from the prior against the feature distance, for the "
        "encoder. The paper has 1 with thousands of features; fewer call for less. Raising it "
        "makes codes more regular and keeps less of the data in them.",
    )
    gamma: float = joined.weight(
        1.0,
        label="γ",
        help="Weight of the feature distance against the adversarial loss, for the decoder. "
        "Raising it makes reconstructions more faithful and samples less sharp.",
    )
    pixels: float = option(
        0.0,
        label="Pixel weight",
        help="Weight of ½‖x − x̃‖² beside the distance of features; 0 as in the paper. Raising it "
        "keeps details in place and blurs them.",
        ge=0,
        le=1000,
        soft=(0, 10),
        advanced=True,
    )
    margin: float = option(
        0.0,
        label="Balance margin",
        help="Pauses the discriminator while one of its costs is below .68 − margin, the decoder "
        "while one is above .68 + margin; 0 never pauses. Raising it pauses more rarely.",
        ge=0,
        le=0.68,
        live=True,
        advanced=True,
    )
    sampler: parts.AnySampler = parts.any_sampler()

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """The encoder gives mean and log-variance, the discriminator one logit."""
        return (
            Role("encoder", "E", "Encoder", data.shape, (2 * self.latent_dim,)),
            Role("decoder", "G", "Decoder", (self.latent_dim,), data.shape, parts.data_range(data)),
            Role("discriminator", "D", "Discriminator", data.shape, (1,)),
        )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """The discriminator's update, then encoder and decoder at once, each by its own terms."""
        moved: tuple[TermInfo, ...] = (autoencoding.DIVERGENCE, FEATURES, FEATURES_G, parts.LOSS_G)
        if self.pixels > 0:
            moved = (*moved, parts.RECONSTRUCTION)
        return (
            PhaseInfo(
                name="discriminator",
                label="Discriminator",
                updates=("discriminator",),
                terms=(parts.LOSS_D, *parts.penalty_terms(self), parts.RIGHT),
                latex=self.latex_d() + self._latex_rebuilt(),
                defaults=parts.GAN_ADAM,
            ),
            PhaseInfo(
                name="autoencoder",
                label="Encoder and decoder",
                updates=("encoder", "decoder"),
                terms=moved,
                latex=r"L_E = \beta D_{KL} + f, \quad L_G = \gamma f + L_{adv}",
                defaults=parts.GAN_ADAM,
            ),
        )

    def _latex_rebuilt(self) -> str:
        """What reconstructions add to L_D."""
        if self.relativistic or self.loss == "wasserstein":
            return r" + L_D(x, \tilde{x})"
        return {
            "least-squares": r" + \frac{1}{2}\mathbb{E}[D(\tilde{x})^2]",
            "hinge": r" + \mathbb{E}[\max(0, 1 + D(\tilde{x}))]",
        }.get(self.loss, r" - \mathbb{E}[\log (1 - D(\tilde{x}))]")

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Three MLPs; the discriminator with leaky ReLU."""
        return {
            "encoder": parts.mlp(data),
            "decoder": parts.mlp(data),
            "discriminator": parts.mlp(data, leaky=True),
        }

    def weighs(self) -> Mapping[str, str]:
        """Terms to the options that weigh them."""
        return {**super().weighs(), "rec-x": "pixels"}

    def flow(self) -> Flow:
        """Data to code and back, and noise to data; all judged."""
        return Flow(
            (
                ("x", "encoder", "z-hat", "decoder", "x-tilde"),
                ("z", "decoder", "x-hat"),
            ),
            {"discriminator": ("x", "x-tilde", "x-hat")},
            {"features": ("x", "x-tilde")},
        )

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """One part, kept close to normal."""
        del data
        return (CodePart("z", "Code", self.latent_dim),)
