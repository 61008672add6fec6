"""The sentences of one update, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aegan_studio.experiment.parts import PhaseInfo
from aegan_studio.messages import Message

StageKind = Literal[
    "data", "noise", "network", "critic", "compare", "term", "loss", "gradient", "move"
]
ReadingKind = Literal["said", "term", "total", "gradient", "move"]
Hop = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Formula:
    r"""LaTeX, and which number of the update it has at its right, if any.

    ``reading`` is where the number is found: what a critic ``said`` of a thing, the value of a
    ``term``, the ``total`` of some roles joined by commas, the ``gradient`` or the ``move`` of a
    role. A ``share`` is shown as per cent.
    """

    latex: str
    reading: tuple[ReadingKind, str] | None = None
    share: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """One sentence.

    Attributes
    ----------
    text : Message
        Sentence case, no full stop.
    formulas : tuple of Formula
        What stands at its right.
    help : Message
        The same in plain words, for somebody who sees it for the first time.
    hops : tuple of (str, str)
        The ways through the drawn model that data take, in order: from a thing or a network to
        the next. ``term:name`` is the value of a term, ``terms`` all that come out of a critic.
    back : bool
        They are taken backwards: gradients.
    lit : tuple of str
        The networks at work.
    """

    kind: StageKind
    text: Message
    formulas: tuple[Formula, ...]
    help: Message
    hops: tuple[Hop, ...] = ()
    back: bool = False
    lit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Narration:
    """One update of a phase.

    ``letters`` are those of the networks that move, plain: ``E, G``.
    """

    phase: PhaseInfo
    stages: tuple[Stage, ...]
    letters: str
