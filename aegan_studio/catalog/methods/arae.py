"""ARAE: an autoencoder whose prior is a GAN in the space of its codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from aegan_studio.catalog.methods import joined, parts
from aegan_studio.catalog.methods.adversarial import Adversarial, AdversarialLoss, Penalty
from aegan_studio.catalog.networks.mlp import MLP
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
    "aegan_studio.ml.methods.arae:ARAE",
    label="ARAE",
    help="An autoencoder, and a GAN in the space of its codes: a small generator learns to draw "
    "codes, and the encoder learns to make them easy to draw.",
)
class ARAEOptions(Adversarial):
    """Encoder, decoder, generator of codes and discriminator of codes."""

    kind: Literal["arae"] = "arae"
    paper: ClassVar[str] = "arXiv 1706.04223"
    family: ClassVar[Family] = "joined"
    mixer: ClassVar[Mapping[str, str]] = {"loss-e": "encoder_weight"}
    latent_dim: int = parts.latent_dim(16)
    noise_dim: int = option(
        16,
        label="Noise size",
        help="Number of random values that the generator of codes starts from. Raising it allows "
        "more variety.",
        ge=1,
        le=4096,
        soft=(1, 128),
        log=True,
    )
    loss: AdversarialLoss = joined.adversarial_default("loss", "wasserstein")
    penalty: Penalty = joined.adversarial_default("penalty", "wgan-gp")
    reconstruction: Literal["mse", "l1"] = option(
        "mse",
        label="Reconstruction",
        help="Squared error, or absolute error (sharper).",
        choices={"mse": "Squared error", "l1": "Absolute error"},
    )
    sphere: bool = option(
        True,
        label="Codes on a sphere",
        help="Scales every code to the length √d of d values, as the paper scales them to 1, so "
        "that encoder and generator cannot win by making codes large.",
    )
    encoder_weight: float = joined.weight(
        0.01,
        label="Encoder’s share",
        help="Weight of the adversarial loss for the encoder. Raising it makes codes easier to "
        "draw and reconstructions worse; 0 leaves the encoder to the reconstruction.",
    )

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """The discriminator sees codes."""
        code = (self.latent_dim,)
        return (
            Role("encoder", "E", "Encoder", data.shape, code),
            Role("decoder", "G", "Decoder", code, data.shape, parts.data_range(data)),
            Role("latent_generator", "g", "Generator of codes", (self.noise_dim,), code),
            Role("latent_discriminator", "D_z", "Discriminator of codes", code, (1,)),
        )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """The autoencoder, the discriminator of codes, then generator and encoder against it."""
        distance = {
            "mse": r"\lVert x - G(E(x)) \rVert^2",
            "l1": r"\lVert x - G(E(x)) \rVert_1",
        }[self.reconstruction]
        return (
            PhaseInfo(
                name="autoencoder",
                label="Autoencoder",
                updates=("encoder", "decoder"),
                terms=(parts.RECONSTRUCTION,),
                latex=rf"L = {distance}",
            ),
            PhaseInfo(
                name="latent_discriminator",
                label="Discriminator of codes",
                updates=("latent_discriminator",),
                terms=(parts.LOSS_D, *parts.penalty_terms(self), parts.RIGHT),
                latex=self.latex_d()
                .replace("D(x", "D_z(E(x)")
                .replace("D(G(z)", "D_z(g(s)")
                .replace(r"D(\bar{x}", r"D_z(\bar{z}"),
                defaults={**parts.GAN_ADAM, "updates": 5},
            ),
            PhaseInfo(
                name="latent_generator",
                label="Generator of codes and encoder",
                updates=("latent_generator", "encoder"),
                terms=(parts.LOSS_G, joined.LOSS_E),
                latex=r"L_g = -\mathbb{E}[D_z(g(s))], \quad "
                r"L_E = \lambda \mathbb{E}[D_z(E(x))]"
                if self.loss == "wasserstein"
                else r"L_g = L_{adv}(D_z(g(s))), \quad L_E = \lambda L_{adv}(D_z(E(x)))",
                defaults=parts.GAN_ADAM,
            ),
        )

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Four MLPs; those among codes are small, the discriminator has leaky ReLU."""
        return {
            "encoder": parts.mlp(data),
            "decoder": parts.mlp(data),
            "latent_generator": MLP(widths=(128, 128)),
            "latent_discriminator": MLP(widths=(128, 128), activation="leaky-relu"),
        }

    def flow(self) -> Flow:
        """Data to code and back; noise to code to data; codes judged."""
        return Flow(
            (
                ("x", "encoder", "z-hat", "decoder", "x-tilde"),
                ("noise", "latent_generator", "z", "decoder", "x-hat"),
            ),
            {"latent_discriminator": ("z-hat", "z")},
            {"rec-x": ("x", "x-tilde")},
        )

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """One part, shaped by the data; the generator of codes learns its distribution."""
        del data
        return (CodePart("z", "Code", self.latent_dim, "learned"),)
