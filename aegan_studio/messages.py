"""Sentences as values: an English template and what fills it, translated only where shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence whose English template is also its translation key.

    ``text`` is a :meth:`str.format` template; ``values`` fill it. Code below the user
    interface makes messages; only the window and the command line translate them.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence in English."""
        return self.text.format(**self.values)


def msg(text: str, /, **values: Any) -> Message:
    """A :class:`Message`; the translation catalogue collects the literal ``text``."""
    return Message(text, values)


class StudioError(Exception):
    """Something a person can mend: one sentence says what is wrong, another what to do.

    Parameters
    ----------
    message : Message
        What is wrong, naming the thing and the value.
    mend : Message or None
        What to do about it.
    """

    def __init__(self, message: Message, mend: Message | None = None) -> None:
        super().__init__(message, mend)
        self.message = message
        self.mend = mend

    def sentences(self) -> tuple[Message, ...]:
        """The message and, where there is one, the mend."""
        return (self.message,) if self.mend is None else (self.message, self.mend)

    def __str__(self) -> str:
        """Both sentences in English."""
        return " ".join(str(sentence) for sentence in self.sentences())
