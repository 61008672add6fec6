"""Options for changing pictures at random before the discriminator sees them."""

from __future__ import annotations

from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import MethodOptions


class Augmented(MethodOptions):
    """Differentiable augmentation (DiffAugment, arXiv 2006.10738); points are left alone."""

    augment: bool = option(
        False,
        label="Vary pictures",
        help="Changes every picture at random before the discriminator sees it, real and generated "
        "alike. It keeps the discriminator from learning few pictures by heart "
        "(arXiv 2006.10738).",
        advanced=True,
    )
    augment_color: bool = option(
        True,
        label="Vary colours",
        help="Random brightness, saturation and contrast.",
        advanced=True,
        when={"augment": (True,)},
    )
    augment_translation: bool = option(
        True,
        label="Vary place",
        help="Moves pictures by up to an eighth of their side.",
        advanced=True,
        when={"augment": (True,)},
    )
    augment_cutout: bool = option(
        True,
        label="Cut out squares",
        help="Leaves out a random square of half the side.",
        advanced=True,
        when={"augment": (True,)},
    )
    augment_strength: float = option(
        1.0,
        label="Strength of variation",
        help="Scales the random changes; 0 leaves pictures as they are. Raising it helps with less "
        "data and blurs details.",
        ge=0,
        le=1,
        live=True,
        advanced=True,
        when={"augment": (True,)},
    )
