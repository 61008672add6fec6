"""The generative adversarial network, and what can be combined with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from aegan_studio.catalog.methods import parts
from aegan_studio.catalog.methods.adversarial import Adversarial
from aegan_studio.catalog.methods.augment import Augmented
from aegan_studio.catalog.methods.gan_models import MODELS
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
    Shape,
    TermInfo,
)

Prior = Literal["normal", "uniform"]


class Game(Adversarial, Augmented):
    """What every game of a generator from noise against a discriminator of data can be set to."""

    family: ClassVar[Family] = "gan"
    latent_dim: int = parts.latent_dim(32)
    prior: Prior = option(
        "normal",
        label="Prior",
        help="The distribution that codes are drawn from: normal, or uniform in [−1, 1].",
        choices={"normal": "Normal", "uniform": "Uniform"},
    )
    packing: int = option(
        1,
        label="Packing",
        help="How many items the discriminator judges together. Raising it makes a lack of "
        "variety show, which works against mode collapse (arXiv 1712.04086).",
        unit="items",
        ge=1,
        le=16,
        soft=(1, 4),
        advanced=True,
    )

    def generator(self, data: DataInfo) -> Role:
        """From codes to data."""
        code = (self.code_dim(data),)
        return Role("generator", "G", "Generator", code, data.shape, parts.data_range(data))

    def judged(self, data: DataInfo) -> Shape:
        """The shape of what the discriminator judges: packs have the items one behind the other."""
        return (self.packing * data.shape[0], *data.shape[1:])

    def extra_terms(self, phase: Literal["discriminator", "generator"]) -> tuple[TermInfo, ...]:
        """Terms beside the game's own."""
        del phase
        return ()

    def phases(self) -> tuple[PhaseInfo, ...]:
        """The discriminator's update, then the generator's."""
        extra_d, extra_g = self.extra_terms("discriminator"), self.extra_terms("generator")
        return (
            PhaseInfo(
                name="discriminator",
                label="Discriminator",
                updates=("discriminator",),
                terms=(parts.LOSS_D, *extra_d, *parts.penalty_terms(self), parts.RIGHT),
                latex=self.latex_d() + _sum(extra_d),
                defaults=parts.GAN_ADAM,
            ),
            PhaseInfo(
                name="generator",
                label="Generator",
                updates=("generator",),
                terms=(parts.LOSS_G, *extra_g),
                latex=self.latex_g() + _sum(extra_g),
                defaults=parts.GAN_ADAM,
            ),
        )

    def flow(self) -> Flow:
        """Noise to data, judged beside real data."""
        return Flow((("z", "generator", "x-hat"),), {"discriminator": ("x", "x-hat")})

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Two MLPs; the discriminator with leaky ReLU."""
        return {"generator": parts.mlp(data), "discriminator": parts.mlp(data, leaky=True)}

    def noise_part(self) -> CodePart:
        """The stretch of a code that means nothing in particular."""
        return CodePart("z", "Noise", self.latent_dim, self.prior)


def _sum(terms: tuple[TermInfo, ...]) -> str:
    """Each term with a weight of the same index."""
    return "".join(rf" + \lambda{term.latex[1:]} {term.latex}" for term in terms)


CLASS_D = TermInfo(
    "class-d",
    "Classes named",
    "L_C",
    "How badly the discriminator names the classes of real and generated items, in nats.",
    "real",
)
CLASS_G = TermInfo(
    "class-g",
    "Classes met",
    "L_C",
    "How badly generated items show the class that was asked for, in nats.",
    "generated",
)


@METHODS.register(
    "aegan_studio.ml.methods.gan:GAN",
    label="GAN",
    help="A generator turns noise into data, a discriminator tells real from generated; each "
    "learns from the other.",
)
class GANOptions(Game):
    """Generator against discriminator."""

    kind: Literal["gan"] = "gan"
    paper: ClassVar[str] = "arXiv 1406.2661"
    models: ClassVar[tuple[NamedModel, ...]] = MODELS
    labels: Literal["none", "conditional", "projection", "auxiliary"] = option(
        "none",
        label="Classes",
        help="Whether the generator is told a class, and how the discriminator uses it: joined to "
        "its input, projected on, or named by it as a second task.",
        choices={
            "none": "Unused",
            "conditional": "Joined to the input",
            "projection": "Projected on",
            "auxiliary": "Named by the discriminator",
        },
    )
    class_weight: float = option(
        1.0,
        label="Class λ",
        help="Weight of naming classes. Raising it makes classes clearer and items within a class "
        "more alike.",
        ge=0,
        le=100,
        soft=(0.01, 10),
        log=True,
        live=True,
        when={"labels": ("auxiliary",)},
    )

    @property
    def needs_labels(self) -> bool:
        """Where classes are used."""
        return self.labels != "none"

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """The discriminator gives one logit, and one for each class that it names."""
        classes = self.packing * len(data.classes)
        logits = 1 + classes if self.labels == "auxiliary" else 1
        return (
            self.generator(data),
            Role(
                "discriminator",
                "D",
                "Discriminator",
                self.judged(data),
                (logits,),
                beside=classes if self.labels in ("conditional", "projection") else 0,
                projects=self.labels == "projection",
            ),
        )

    def extra_terms(self, phase: Literal["discriminator", "generator"]) -> tuple[TermInfo, ...]:
        """Naming classes (arXiv 1610.09585)."""
        if self.labels != "auxiliary":
            return ()
        return (CLASS_D if phase == "discriminator" else CLASS_G,)

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """Noise, and the class where it is used."""
        if self.labels == "none" or not data.classes:
            return (self.noise_part(),)
        return (self.noise_part(), CodePart("class", "Class", len(data.classes), "class"))

    def weighs(self) -> Mapping[str, str]:
        """Terms to the options that weigh them."""
        return {**super().weighs(), "class-d": "class_weight", "class-g": "class_weight"}
