"""The GAN program of the article the studio grew from, with its mistakes as switches."""

from __future__ import annotations

from typing import ClassVar, Literal

from aegan_studio.catalog.methods import parts
from aegan_studio.catalog.networks.article import ArticleMLP
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

LOSS_REAL = TermInfo(
    "loss-real",
    "Loss on label 1",
    "L_1",
    "How far D is from calling real what the loop gives it as real; ln 2 = 0.693 is a coin toss.",
    "real",
)
LOSS_FAKE = TermInfo(
    "loss-fake",
    "Loss on label 0",
    "L_0",
    "How far D is from calling generated what the loop gives it as generated; ln 2 = 0.693 is a "
    "coin toss.",
    "code",
)
PRINTED = TermInfo(
    "printed-d",
    "Printed loss of D",
    "L_D",
    "The number that the program prints as the loss of D.",
    "text",
    signal=True,
)
MOVED = TermInfo(
    "moved-g",
    "Way of G",
    r"\lVert \Delta G \rVert",
    "How far the weights of G are from where they began; 0 means that G learns nothing.",
    "generated",
    signal=True,
)


@METHODS.register(
    "aegan_studio.ml.methods.article_loop:ArticleLoop",
    label="The article's GAN loop",
    help="The article's GAN program with its mistakes as switches; with all of them off it is "
    "the GAN.",
)
class ArticleLoopOptions(MethodOptions):
    """Every switch is a mistake, on as printed."""

    kind: Literal["article-loop"] = "article-loop"
    paper: ClassVar[str] = ""
    family: ClassVar[Family] = "gan"
    latent_dim: int = parts.latent_dim(128)
    real_unused: bool = option(
        True,
        label="Real batch unused",
        help="What D is given as real comes from G: the data are loaded and never looked at.",
    )
    same_samples: bool = option(
        True,
        label="Same samples twice",
        help="The same samples are labelled 1 and 0: all that D can answer is one half.",
    )
    target_zero: bool = option(
        True,
        label="G aims at 0",
        help="The loss of G has the label 0, which is the aim of D: G learns to be found out.",
    )
    detached: bool = option(
        True,
        label="G detached",
        help="The loss of G is computed from x̂.detach(): no gradient reaches G, which never moves.",
    )
    half_printed: bool = option(
        True,
        label="Prints half",
        help="The loss of D is printed without its term of generated samples.",
    )

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """Generator and discriminator; the discriminator gives one logit."""
        code = (self.latent_dim,)
        return (
            Role("generator", "G", "Generator", code, data.shape, parts.data_range(data)),
            Role("discriminator", "D", "Discriminator", data.shape, (1,)),
        )

    @property
    def shown(self) -> tuple[Literal["x", "x-hat"], Literal["x", "x-hat"]]:
        """What D is given with the labels 1 and 0."""
        real: Literal["x", "x-hat"] = "x-hat" if self.real_unused else "x"
        return real, real if self.same_samples else "x-hat"

    def phases(self) -> tuple[PhaseInfo, ...]:
        """The discriminator's update, then the generator's; Adam as PyTorch has it."""
        letters = {"x": "x", "x-hat": "G(z)"}
        real, fake = (letters[thing] for thing in self.shown)
        judged = r"\mathrm{sg}(G(z))" if self.detached else "G(z)"
        aim = rf"\log (1 - D({judged}))" if self.target_zero else rf"\log D({judged})"
        return (
            PhaseInfo(
                name="discriminator",
                label="Discriminator",
                updates=("discriminator",),
                terms=(LOSS_REAL, LOSS_FAKE, PRINTED),
                latex=rf"L_D = -\mathbb{{E}}[\log D({real})] - \mathbb{{E}}[\log (1 - D({fake}))]",
            ),
            PhaseInfo(
                name="generator",
                label="Generator",
                updates=("generator",),
                terms=(parts.LOSS_G, MOVED),
                latex=rf"L_G = -\mathbb{{E}}[{aim}]",
            ),
        )

    def flow(self) -> Flow:
        """Noise to data; D judges what it is given."""
        judged = tuple(dict.fromkeys(self.shown))
        return Flow((("z", "generator", "x-hat"),), {"discriminator": judged})

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """The article's: one hidden layer of 128 and ReLU, no last activation."""
        del data
        return {"generator": ArticleMLP(output="linear"), "discriminator": ArticleMLP()}

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """Noise."""
        del data
        return (CodePart("z", "Noise", self.latent_dim),)
