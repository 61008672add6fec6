"""Soft-IntroVAE: a VAE whose encoder is its own critic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from aegan_studio.catalog.methods import autoencoding, joined, parts
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import (
    METHODS,
    CodePart,
    DataInfo,
    Family,
    Flow,
    MethodOptions,
    NetworkOptions,
    PhaseInfo,
    Role,
    TermInfo,
)

EXP_BOUND = TermInfo(
    "exp-bound",
    "Likelihood of generated data",
    r"\frac{1}{4} \sum \exp(-2 s (\beta_r \ell + \beta_n D_{KL}))",
    "How likely the encoder takes its decoder’s work to be; it keeps this small.",
    "generated",
)
REC_G = TermInfo(
    "rec-x-g",
    "Reconstruction, for the decoder",
    r"\ell(x, \tilde{x})",
    "The same distance, as the decoder minimises it.",
    "reconstruction",
)
DIVERGENCE_G = TermInfo(
    "kl-g",
    "Divergence of generated data",
    r"D_{KL}(q(z|\tilde{x})) + D_{KL}(q(z|G(z)))",
    "How far from the prior the encoder puts reconstructions and samples; the decoder makes it "
    "small.",
    "generated",
)
DIVERGENCE_FAKE = TermInfo(
    "kl-fake",
    "Divergence of samples",
    r"D_{KL}(q(z|G(z)) \Vert p(z))",
    "Below the divergence of data, the encoder no longer tells samples from data.",
    "generated",
    signal=True,
)


@METHODS.register(
    "aegan_studio.ml.methods.soft_introvae:SoftIntroVAE",
    label="Soft-IntroVAE",
    help="A VAE that judges itself: the encoder keeps the likelihood of generated data low, the "
    "decoder raises it. Sharper than a VAE and without a discriminator.",
)
class SoftIntroVAEOptions(MethodOptions):
    """Encoder and decoder in an adversarial game over the bound."""

    kind: Literal["soft-introvae"] = "soft-introvae"
    paper: ClassVar[str] = "arXiv 2012.13253"
    family: ClassVar[Family] = "joined"
    mixer: ClassVar[Mapping[str, str]] = {"rec-x": "beta_rec", "kl": "beta_kl"}
    latent_dim: int = parts.latent_dim(16)
    beta_rec: float = joined.weight(
        1.0,
        label="βᵣ",
        help="Weight of the reconstruction; for points .2 serves well. Raising it makes "
        "reconstructions more faithful.",
    )
    beta_kl: float = joined.weight(
        1.0,
        label="βₖ",
        help="Weight of the divergence of data, and of generated data for the decoder; for points "
        ".3 serves well. Raising it makes codes more regular and reconstructions blurrier.",
    )
    beta_neg: float = joined.weight(
        256.0,
        label="βₙ",
        help="Weight of the divergence in the likelihood of generated data; a quarter of the "
        "number of values of an item serves pictures well, .9 points. Raising it forgives "
        "generated data sooner.",
    )
    warmup: float = option(
        0.0,
        label="VAE first",
        help="The share of the training that is a plain VAE’s. Raising it starts the game from a "
        "better autoencoder.",
        ge=0,
        le=1,
        live=True,
    )
    sampler: parts.AnySampler = parts.any_sampler()

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """The encoder gives mean and log-variance."""
        return (
            Role("encoder", "E", "Encoder", data.shape, (2 * self.latent_dim,)),
            Role("decoder", "G", "Decoder", (self.latent_dim,), data.shape, parts.data_range(data)),
        )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """The encoder's update, then the decoder's."""
        return (
            PhaseInfo(
                name="encoder",
                label="Encoder",
                updates=("encoder",),
                terms=(parts.RECONSTRUCTION, autoencoding.DIVERGENCE, EXP_BOUND, DIVERGENCE_FAKE),
                latex=r"L_E = s(\beta_r \ell + \beta_k D_{KL}) "
                r"+ \frac{1}{4} \sum_{\hat{x}, \tilde{x}} \exp(-2 s (\beta_r \ell "
                r"+ \beta_n D_{KL}))",
            ),
            PhaseInfo(
                name="decoder",
                label="Decoder",
                updates=("decoder",),
                terms=(REC_G, DIVERGENCE_G),
                latex=r"L_G = s(\beta_r \ell "
                r"+ \frac{1}{2} \beta_k \sum_{\hat{x}, \tilde{x}} D_{KL})",
            ),
        )

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Two MLPs."""
        return {"encoder": parts.mlp(data), "decoder": parts.mlp(data)}

    def weighs(self) -> Mapping[str, str]:
        """Terms to the options that weigh them."""
        return {**super().weighs(), "rec-x": "", "kl": "", "rec-x-g": "", "kl-g": ""}

    def flow(self) -> Flow:
        """Data to code and back, noise to data, and both to codes again."""
        return Flow(
            (
                ("x", "encoder", "z-hat", "decoder", "x-tilde"),
                ("z", "decoder", "x-hat", "encoder", "z-tilde"),
            ),
            {},
            {"rec-x": ("x", "x-tilde")},
        )

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """One part, kept close to normal."""
        del data
        return (CodePart("z", "Code", self.latent_dim),)
