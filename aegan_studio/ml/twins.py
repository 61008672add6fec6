"""Two trainings in lockstep: as many steps on one side as on the other, told when both are made."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from aegan_studio.experiment.events import Changed, Diverged, Event, SaveFailed
from aegan_studio.experiment.sides import SIDES, Side
from aegan_studio.messages import StudioError
from aegan_studio.ml.trainer import SHOWING_SHARE, Trainer

TICK = 1 / 25
"""Seconds that a round of both sides takes, about; a step that takes longer is a round."""

_NEVER = float("inf")

Told = tuple[Side, Event]
Round = tuple[Told, ...]
"""What both sides tell of the same steps, those of the first side first."""


class Twins:
    """Two trainers, driven in turns by whoever iterates.

    Neither knows of the other: each has its own chance, so that it makes the very steps that it
    would make alone. After every round both stand at the same step, and only then are they seen.
    A side that ended, having made its last step or diverged, ends :meth:`run`; called again, the
    other side goes on alone. One that is behind, because it may go on after all, catches up first.

    Not thread-safe: everything from one thread.

    Attributes
    ----------
    wants : dict
        Costly events and live views that each side yields, as :attr:`Trainer.wants`.
    """

    def __init__(self, first: Trainer, second: Trainer) -> None:
        self._trainers: dict[Side, Trainer] = {"a": first, "b": second}
        self.wants: dict[Side, frozenset[str]] = {side: frozenset({"pictures"}) for side in SIDES}
        self.show_every = max(first.picture_every, second.picture_every)
        """Least seconds between two showings; 0 shows after every round."""
        self._diverged: set[Side] = set()
        self._cost: dict[Side, float] = {}
        self._count = 1
        self._show_due = -_NEVER

    @property
    def trainers(self) -> Mapping[Side, Trainer]:
        """Both trainers."""
        return self._trainers

    @property
    def going(self) -> tuple[Side, ...]:
        """The sides that can train on."""
        return tuple(side for side in SIDES if not self.ended(side))

    def ended(self, side: Side) -> bool:
        """Whether a side made its last step, or diverged and nothing was changed since."""
        return self._trainers[side].finished or side in self._diverged

    def prepare(self) -> Iterator[Told]:
        """Make both ready; raises what :meth:`Trainer.prepare` raises."""
        first, second = self._trainers["a"], self._trainers["b"]
        for side, trainer in self._trainers.items():
            if trainer is second and _alike(first, second):
                second.threads = first.threads  # measured twice it could come out differently
            trainer.wants = set(self.wants[side])
            for event in trainer.prepare():
                yield side, event
            trainer.wants = set()

    def run(self, steps: int | None = None, *, tick: float = TICK) -> Iterator[Round]:
        """Train both until one ends, or for ``steps`` more.

        Yields
        ------
        Round
            After it, both sides stand at the same step, unless one goes alone.
        """
        going = self.going
        left = _NEVER if steps is None else steps
        while going and left > 0 and self.going == going:
            sides, most = self._turn(going)
            count = int(min(most, left if sides == going else _NEVER, self._fitting(sides, tick)))
            told = self._round(sides, count)
            if sides == going:
                left -= count
            yield (*told, *self._show_if_due(last=left <= 0 or self.going != going))

    def _turn(self, going: tuple[Side, ...]) -> tuple[tuple[Side, ...], int]:
        """Whose turn it is, and for how many steps at most: who is behind catches up."""
        steps = {side: self._trainers[side].step for side in going}
        ahead = max(steps.values())
        behind = tuple(side for side in going if steps[side] < ahead)
        if behind:
            return behind, min(ahead - steps[side] for side in behind)
        ends = [self._trainers[side].experiment.training.steps for side in going]
        return going, min(ends) - ahead

    def _fitting(self, sides: tuple[Side, ...], tick: float) -> int:
        """The steps that fit into a tick; after a short round not at once many more."""
        cost = sum(self._cost.get(side, _NEVER) for side in sides)
        most = 2 * self._count
        self._count = max(1, min(most, int(tick / cost) if cost > 0 else most))
        return self._count

    def _round(self, sides: tuple[Side, ...], count: int) -> list[Told]:
        told: list[Told] = []
        for side in sides:
            began = time.perf_counter()
            for event in self._trainers[side].run(count, tick=_NEVER):
                told.append((side, event))
                if isinstance(event, Diverged):
                    self._diverged.add(side)
            self._pace(side, (time.perf_counter() - began) / count)
            if side in self._diverged:
                break  # the other waits where it stands
        return told

    def _pace(self, side: Side, cost: float) -> None:
        before = self._cost.get(side, cost)
        self._cost[side] = 0.7 * before + 0.3 * cost

    # What is seen of both

    def show(self) -> Iterator[Told]:
        """What :attr:`wants` asks for, of both sides as they are now."""
        for side, trainer in self._trainers.items():
            trainer.wants = set(self.wants[side])
            for event in trainer.show():
                yield side, event
            trainer.wants = set()

    def _show_if_due(self, *, last: bool) -> list[Told]:
        began = time.perf_counter()
        if not last and (began < self._show_due or not any(self.wants.values())):
            return []
        told = list(self.show())
        now = time.perf_counter()
        # counted from the end, so that slow pictures cannot crowd training out
        rest = max(self.show_every, SHOWING_SHARE * (now - began)) if self.show_every else 0.0
        self._show_due = now + rest
        return told

    # Changing and saving

    def change(self, side: Side, path: str, value: Any) -> Changed:
        """Change a live option of one side, as :meth:`Trainer.change`; it may go on after that."""
        changed = self._trainers[side].change(path, value)
        self._diverged.discard(side)
        return changed

    def save(self) -> Iterator[Told]:
        """Write the checkpoints of what was not saved; a full disk harms neither."""
        for side, trainer in self._trainers.items():
            if not trainer.unsaved:
                continue
            try:
                yield side, trainer.save("finished" if trainer.finished else "paused")
                for event in trainer.keep():
                    yield side, event
            except StudioError as error:
                yield side, SaveFailed(trainer.step, error.message, error.mend)


def _alike(first: Trainer, second: Trainer) -> bool:
    """Whether both do the same work at each step, so that both are as fast on as many threads."""
    one, two = first.experiment, second.experiment
    return (
        one.networks == two.networks
        and one.method.kind == two.method.kind
        and one.training.batch_size == two.training.batch_size
        and one.training.threads == two.training.threads
    )
