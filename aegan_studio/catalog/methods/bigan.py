"""BiGAN and ALI: a GAN that learns to encode."""

from __future__ import annotations

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
    NamedModel,
    NetworkOptions,
    PhaseInfo,
    Role,
)


@METHODS.register(
    "aegan_studio.ml.methods.bigan:BiGAN",
    label="BiGAN",
    help="The discriminator judges pairs: data with their code, or a code with what it generates. "
    "Fooling it, encoder and generator become each other’s inverse without comparing a pixel.",
)
class BiGANOptions(Adversarial):
    """Encoder and generator against a discriminator of pairs (x, z)."""

    kind: Literal["bigan"] = "bigan"
    paper: ClassVar[str] = "arXiv 1605.09782"
    family: ClassVar[Family] = "joined"
    models: ClassVar[tuple[NamedModel, ...]] = (
        NamedModel(
            "ali",
            "ALI",
            "Adversarially learned inference: a BiGAN whose encoder gives a distribution of codes.",
            "arXiv 1606.00704",
            {"method.posterior": "gaussian"},
        ),
    )
    latent_dim: int = parts.latent_dim(16)
    prior: Literal["normal", "uniform"] = option(
        "normal",
        label="Prior",
        help="The distribution that codes are drawn from: normal, or uniform in [−1, 1].",
        choices={"normal": "Normal", "uniform": "Uniform"},
    )
    posterior: Literal["deterministic", "gaussian"] = option(
        "deterministic",
        label="Codes of data",
        help="The encoder gives one code (BiGAN), or mean and variance of a Gaussian to draw it "
        "from (ALI).",
        choices={"deterministic": "One code", "gaussian": "Gaussian"},
    )
    sampler: parts.AnySampler = parts.any_sampler()

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """The discriminator sees data with a code beside them and gives one logit."""
        k = self.latent_dim
        values = 2 * k if self.posterior == "gaussian" else k
        return (
            Role("encoder", "E", "Encoder", data.shape, (values,)),
            Role("generator", "G", "Generator", (k,), data.shape, parts.data_range(data)),
            Role("discriminator", "D", "Discriminator", data.shape, (1,), beside=k),
        )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """The discriminator's update, then encoder and generator with the answers swapped."""
        return (
            PhaseInfo(
                name="discriminator",
                label="Discriminator",
                updates=("discriminator",),
                terms=(parts.LOSS_D, *parts.penalty_terms(self), parts.RIGHT),
                latex=joined.of_pairs(self.latex_d(), "E(x)"),
                defaults=parts.GAN_ADAM,
            ),
            PhaseInfo(
                name="generator",
                label="Encoder and generator",
                updates=("encoder", "generator"),
                terms=(joined.LOSS_E, parts.LOSS_G),
                latex=joined.of_pairs(rf"{self.latex_g()}, \quad {joined.latex_e(self)}", "E(x)"),
                defaults=parts.GAN_ADAM,
            ),
        )

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Three MLPs; the discriminator with leaky ReLU."""
        return {
            "encoder": parts.mlp(data),
            "generator": parts.mlp(data),
            "discriminator": parts.mlp(data, leaky=True),
        }

    def flow(self) -> Flow:
        """Two ways to a pair of data and code."""
        return Flow(
            (("x", "encoder", "z-hat"), ("z", "generator", "x-hat")),
            {"discriminator": ("x+z-hat", "x-hat+z")},
        )

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """Noise."""
        del data
        return (CodePart("z", "Noise", self.latent_dim, self.prior),)
