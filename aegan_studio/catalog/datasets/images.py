"""Datasets of pictures that travel with scikit-learn."""

from __future__ import annotations

from typing import Literal

from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import DATASETS, DataInfo, DatasetOptions

DIGITS = 1797


@DATASETS.register(
    "aegan_studio.ml.data.digits:load",
    label="Handwritten digits",
    help="1,797 real digits written by 43 people (UCI, in scikit-learn), 8×8 pixels, ten classes.",
)
class Digits(DatasetOptions):
    """scikit-learn's handwritten digits."""

    kind: Literal["digits"] = "digits"
    side: Literal[8, 16, 28, 32] = option(
        8,
        label="Side",
        help="Width and height of a picture. Above 8 the digits are enlarged smoothly; networks "
        "grow and training slows.",
        unit="px",
        choices={8: "8", 16: "16", 28: "28", 32: "32"},
    )

    def info(self) -> DataInfo:
        """Shape (1, side, side), ten classes."""
        low, high = self.scaled_range()
        return DataInfo(
            modality="image",
            shape=(1, self.side, self.side),
            count=DIGITS,
            classes=tuple("0123456789"),
            low=low,
            high=high,
            strokes=True,
        )


@DATASETS.register(
    "aegan_studio.ml.data.photos:load",
    label="Photo patches",
    help="Small squares cut at random from two photographs in scikit-learn, a temple and a "
    "flower; nearly flat ones are left out.",
)
class PhotoPatches(DatasetOptions):
    """Patches of scikit-learn's two photographs."""

    kind: Literal["photo-patches"] = "photo-patches"
    side: int = option(
        16,
        label="Side",
        help="Width and height of a patch. Raising it shows more of a scene and slows training.",
        unit="px",
        ge=8,
        le=64,
    )
    colour: bool = option(
        False, label="Colour", help="Keep red, green and blue; off makes patches grey."
    )
    patches: int = option(
        4000,
        label="Patches",
        help="How many are cut. Raising it shows more variety and takes more memory.",
        ge=100,
        le=20_000,
        soft=(500, 20_000),
        log=True,
    )

    def info(self) -> DataInfo:
        """Shape (1 or 3, side, side); the classes are the two photographs."""
        low, high = self.scaled_range()
        return DataInfo(
            modality="image",
            shape=(3 if self.colour else 1, self.side, self.side),
            count=self.patches,
            classes=("temple", "flower"),
            low=low,
            high=high,
        )
