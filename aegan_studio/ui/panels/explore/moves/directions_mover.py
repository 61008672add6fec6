"""Sliders along directions: they move the code from where it was when all of them stood at 0."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal

from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Floats, Loaded
from aegan_studio.ui.latent.moves_messages import Course, FindGround, Ground, Grounded

REMEMBERED = 200
"""Places whose sliders come back when moves are taken back."""

Steps = Mapping[str, tuple[Course, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """Where the sliders stand: the code at 0, the amounts that are not, and ψ."""

    base: Floats
    steps: Steps
    psi: float = 1.0

    @property
    def moved(self) -> bool:
        """Whether any slider is away from where it does nothing."""
        return bool(self.steps) or self.psi != 1.0


class Mover(QObject):
    """Moves the explorer's code along several courses at once.

    The amounts count from one code, the base, and do nothing at 0. A move that comes from
    elsewhere makes the code reached the base of new ones; taking moves back brings the sliders
    back as well. Locked values stay.
    """

    changed = Signal()
    """The sliders stand elsewhere, for another reason than that one of them was moved."""
    grounded = Signal()
    """Truncation has a centre now."""

    def __init__(self, explorer: Explorer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._explorer = explorer
        self._stand = Stand(explorer.code, {})
        self._known: OrderedDict[bytes, Stand] = OrderedDict()
        self._moving = False
        self._gesture = 0
        self.ground: Ground | None = None
        explorer.code_changed.connect(self._on_code)
        explorer.loaded.connect(self._on_loaded)
        explorer.listen(FindGround, self._on_ground)
        self._on_loaded(explorer.model)

    @property
    def base(self) -> Floats:
        """The code at which all sliders are at 0, (d,)."""
        return self._stand.base

    @property
    def psi(self) -> float:
        """The truncation, 1 for none."""
        return self._stand.psi

    @property
    def moved(self) -> bool:
        """Whether any slider is away from where it does nothing."""
        return self._stand.moved

    def amount(self, key: str) -> float:
        """Where a slider stands."""
        return self._stand.steps.get(key, (None, 0.0))[1]

    def set_amount(self, key: str, course: Course, amount: float) -> None:
        """Move along a course; part of the gesture until :meth:`settle`."""
        steps = {name: step for name, step in self._stand.steps.items() if name != key}
        if amount:
            steps[key] = (course, amount)
        self._go(Stand(self._stand.base, steps, self._stand.psi))

    def set_psi(self, psi: float) -> None:
        """Draw the code towards the mean, or away from it."""
        if self.ground is not None:
            self._go(Stand(self._stand.base, self._stand.steps, psi))

    def arrive(self, key: str, course: Course) -> None:
        """Bring the code to where the wanted kind lies."""
        base = self._reached(Stand(self._stand.base, self._without(key)))
        self.settle()
        self.set_amount(key, course, course.amount_to_arrive(base))
        self.settle()
        self.changed.emit()

    def reset(self) -> None:
        """All sliders to 0: back to the base."""
        if self.moved:
            self.settle()
            self._go(Stand(self._stand.base, {}))
            self.settle()
            self.changed.emit()

    def start_here(self) -> None:
        """Count from the current code: the sliders go to 0, the code stays."""
        self._stand = Stand(self._explorer.code, {})
        self.changed.emit()

    def settle(self) -> None:
        """A gesture is over."""
        self._gesture += 1
        self._explorer.settle()

    def _without(self, key: str) -> dict[str, tuple[Course, float]]:
        return {name: step for name, step in self._stand.steps.items() if name != key}

    def _reached(self, stand: Stand) -> Floats:
        """The code of a stand: directions add up, transports follow one after the other."""
        code = np.array(stand.base)
        for course, amount in sorted(stand.steps.values(), key=lambda step: not step[0].in_spreads):
            code = course.moved(code, amount)
        if stand.psi != 1.0 and self.ground is not None:
            code = self.ground.truncated(code, stand.psi)
        return self._explorer.kept(code)

    def _go(self, stand: Stand) -> None:
        if stand.base.shape != self._explorer.code.shape or not stand.base.size:
            return
        self._remember(self._explorer.code, self._stand)
        self._stand = stand
        code = self._reached(stand)
        self._remember(code, stand)
        self._moving = True
        self._explorer.move(code, ("directions", id(self), self._gesture))
        self._moving = False

    def _remember(self, code: Floats, stand: Stand) -> None:
        key = code.tobytes()
        self._known[key] = stand
        self._known.move_to_end(key)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _on_code(self, code: Floats) -> None:
        if self._moving:
            return
        self._stand = self._known.get(code.tobytes(), Stand(code, {}))
        self.changed.emit()

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None:
            self._known.clear()
            self._stand, self.ground = Stand(np.zeros(0), {}), None
            self.changed.emit()
        else:
            self._explorer.ask(FindGround())

    def _on_ground(self, found: Grounded) -> None:
        self.ground = found.ground
        self.grounded.emit()
