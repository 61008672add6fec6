"""Points of one's own: drawn on the plane, or read from a picture or a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from aegan_studio import sketches
from aegan_studio.catalog.datasets.points import PointsOptions, noise
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import DATASETS
from aegan_studio.messages import StudioError
from aegan_studio.sketches import COLOURS, FULL, Sketch

if TYPE_CHECKING:
    from aegan_studio.experiment import Experiment

ReadT = TypeVar("ReadT")

PAINTED = ("ink", "colours", "spots")
"""Options that are edited by painting."""

WAVE = sketches.wave().ink_text
"""The ink of a drawing that nobody has drawn in yet."""


@DATASETS.register(
    "aegan_studio.ml.data.sketched:sketched",
    label="Own drawing",
    help="Points spread over what you paint, or read from a picture or a table.",
)
class Drawn(PointsOptions):
    """A drawing on the plane [−1, 1]², kept as text in the experiment."""

    kind: Literal["drawn"] = "drawn"
    noise: float = noise(0.01)
    ink: tuple[str, ...] = option(
        WAVE,
        label="Ink",
        help="Density of the drawing, 1 to 9, row by row from the top. Denser ink draws more "
        "points.",
    )
    colours: tuple[str, ...] = option(
        (),
        label="Colours",
        help="Colour of the ink, 1 to 8, row by row: the classes of the points.",
    )
    spots: tuple[str, ...] = option(
        (),
        label="Spots",
        help="Single points as x,y or x,y,colour: each weighs as much as a full cell of ink.",
    )

    @field_validator("ink", "colours", "spots", mode="before")
    @classmethod
    def _lines(cls, value: Any) -> Any:
        """One text of several lines will do."""
        return value.splitlines() if isinstance(value, str) else value

    @field_validator("ink")
    @classmethod
    def _readable_ink(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _told(lambda: sketches.read_cells(value, FULL))
        return sketches.tidy_rows(value)

    @field_validator("colours")
    @classmethod
    def _readable_colours(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _told(lambda: sketches.read_cells(value, len(COLOURS)))
        return sketches.tidy_rows(value)

    @field_validator("spots")
    @classmethod
    def _readable_spots(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _told(lambda: sketches.read_spots(value))
        return value

    def sketch(self) -> Sketch:
        """What is drawn."""
        return sketches.read(self.ink, self.colours, self.spots)

    def class_names(self) -> tuple[str, ...]:
        """The colours, where there are several."""
        used = sketches.colours_of(self.sketch())
        return tuple(COLOURS[colour] for colour in used) if len(used) > 1 else ()

    def outline(self) -> Self:
        """A stroke of every colour in use: what models ask of the data changes with no other."""
        used = sketches.colours_of(self.sketch())
        row = {"ink": ("9" * len(used),), "colours": ("".join(str(c + 1) for c in used),)}
        return super().outline().model_copy(update={**row, "spots": ()})


def only_painted(before: Experiment, after: Experiment) -> bool:
    """Whether they differ in nothing but the drawing, and that in colours it had before.

    Then all that is known of one holds for the other: models, networks, shapes, problems.
    """
    mine, theirs = before.dataset, after.dataset
    if not isinstance(mine, Drawn) or not isinstance(theirs, Drawn):
        return False
    if mine.outline() != theirs.outline():
        return False
    options = [name for name in Drawn.model_fields if name not in PAINTED]
    rest = [name for name in type(before).model_fields if name != "dataset"]
    return all(getattr(mine, name) == getattr(theirs, name) for name in options) and all(
        getattr(before, name) == getattr(after, name) for name in rest
    )


def _told(read: Callable[[], ReadT]) -> ReadT:
    """What is read, its complaints being those of an option."""
    try:
        return read()
    except StudioError as error:
        raise PydanticCustomError(
            "told", "{message}", {"message": error.message, "advice": error.mend}
        ) from None
