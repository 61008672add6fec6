"""What a layer says when it cannot take what comes from above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aegan_studio.experiment.parts import Shape
from aegan_studio.messages import Message, StudioError, msg

ABOVE = msg("the layer above")
"""Stands for what feeds the layer until the whole list is known, as ``{source}``."""


def shape_text(shape: Shape) -> str:
    """A shape as shown: ``256×4×4``."""
    return "×".join(f"{size:,}" if len(shape) == 1 else str(size) for size in shape)


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would make the layer fit.

    Attributes
    ----------
    values : int
        How many values would have to come from above; 0 where that isn't the point.
    picture : bool
        Whether it takes (channels, height, width) only.
    sequence : bool
        Whether it takes (channels, length) only.
    channels : int
        How many channels would have to come from above; 0 where that isn't the point.
    row : bool
        Whether it takes one row of values only.
    remove : bool
        Whether only leaving it out helps.
    options : mapping
        Options of the layer itself to change.
    """

    values: int = 0
    picture: bool = False
    sequence: bool = False
    channels: int = 0
    row: bool = False
    remove: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


class MisfitError(StudioError):
    """A layer that does not fit under the one above.

    ``message`` may hold ``{source}``, a message that says what is above.
    """

    def __init__(self, message: Message, mend: Message, remedy: Remedy | None = None) -> None:
        super().__init__(message, mend)
        self.remedy = remedy or Remedy()

    def under(self, source: Message) -> MisfitError:
        """The same, naming what is above."""
        named = Message(self.message.text, {**self.message.values, "source": source})
        return MisfitError(named, self.mend or ABOVE, self.remedy)
