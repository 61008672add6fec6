"""InfoGAN: codes of which a part must be readable from what they generate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from aegan_studio.catalog.methods.gan import Game
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import METHODS, CodePart, DataInfo, Role, TermInfo


@METHODS.register(
    "aegan_studio.ml.methods.infogan:InfoGAN",
    label="InfoGAN",
    help="A GAN that finds classes and directions by itself: parts of the code must be readable "
    "from what it generates.",
)
class InfoGANOptions(Game):
    """Generator against discriminator, whose body also reads parts of the code back."""

    kind: Literal["infogan"] = "infogan"
    paper: ClassVar[str] = "arXiv 1606.03657"
    categories: int = option(
        10,
        label="Categories",
        help="How many kinds of item to find; below 2 none. Raising it divides the data more "
        "finely.",
        ge=0,
        le=100,
        soft=(0, 20),
    )
    continuous: int = option(
        2,
        label="Directions",
        help="How many continuous properties to find, each from −1 to 1. Raising it finds more and "
        "less distinct ones.",
        ge=0,
        le=64,
        soft=(0, 8),
    )
    category_weight: float = option(
        1.0,
        label="Category λ",
        help="Weight of reading the category back. Raising it makes categories more distinct, at "
        "the cost of looking real.",
        ge=0,
        le=100,
        soft=(0.01, 10),
        log=True,
        live=True,
    )
    continuous_weight: float = option(
        0.1,
        label="Direction λ",
        help="Weight of reading the directions back. Raising it makes them show more.",
        ge=0,
        le=100,
        soft=(0.01, 10),
        log=True,
        live=True,
    )
    spread: Literal["fixed", "learned"] = option(
        "fixed",
        label="Spread of Q",
        help="Whether the Gaussian that the directions are read with has σ = 1, so that its loss "
        "is a squared error, or learns its σ.",
        choices={"fixed": "Fixed, σ = 1", "learned": "Learned"},
        advanced=True,
    )

    @property
    def classes(self) -> int:
        """The number of categories, 0 where one would say nothing."""
        return self.categories if self.categories > 1 else 0

    def readings(self) -> int:
        """The number of values by which Q reads the code."""
        return self.classes + self.continuous * (2 if self.spread == "learned" else 1)

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """D and Q share all layers: a logit for each pack, then the readings of its items."""
        outputs = (1 + self.packing * self.readings(),)
        judge = Role("discriminator", "D, Q", "Discriminator", self.judged(data), outputs)
        return (self.generator(data), judge)

    def extra_terms(self, phase: Literal["discriminator", "generator"]) -> tuple[TermInfo, ...]:
        """The bound on the information that items give on c and u, seen by D and Q, and by G."""
        suffix = "-d" if phase == "discriminator" else ""
        terms = []
        if self.classes:
            terms.append(
                TermInfo(
                    f"info-c{suffix}",
                    "Category read",
                    "L_c",
                    "How badly the category is read back from generated items, in nats; "
                    "guessing costs ln K.",
                    "code",
                )
            )
        if self.continuous:
            terms.append(
                TermInfo(
                    f"info-u{suffix}",
                    "Directions read",
                    "L_u",
                    "How badly the continuous properties are read back from generated items; "
                    "guessing costs a sixth for each with σ = 1.",
                    "code",
                )
            )
        return tuple(terms)

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """Noise, the category c, the directions u."""
        del data
        parts = [self.noise_part()]
        if self.classes:
            parts.append(CodePart("c", "Category", self.classes, "class"))
        if self.continuous:
            parts.append(CodePart("u", "Directions", self.continuous, "uniform"))
        return tuple(parts)

    def weighs(self) -> Mapping[str, str]:
        """Terms to the options that weigh them."""
        return {
            **super().weighs(),
            "info-c": "category_weight",
            "info-c-d": "category_weight",
            "info-u": "continuous_weight",
            "info-u-d": "continuous_weight",
        }
