"""What the explorer's panels share: the current code, the pins, and what they decode to."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.ui.latent.asking import Asking
from aegan_studio.ui.latent.following import Follower
from aegan_studio.ui.latent.messages import (
    Chart,
    Charted,
    Decode,
    Decoded,
    Draw,
    Drawn,
    Floats,
    Load,
    Loaded,
    Peek,
    PlaneChoice,
    Sheet,
    Sheeted,
    Stamped,
    Walk,
    Walked,
    Way,
)
from aegan_studio.ui.latent.selection import Selection
from aegan_studio.ui.latent.state import NOWHERE, History, Pin, Standing, free_name
from aegan_studio.ui.latent.worker import LatentWorker

REST_MS = 90
"""How long the code must rest before what need not follow every move is redone."""


class Explorer(Asking):
    """The state of one exploration; asks the worker and hands its answers to the panels.

    Nothing here or in the panels touches a network: codes go out, pictures come back. Tools ask
    for what is theirs with :meth:`ask` and :meth:`listen`.

    Parameters
    ----------
    worker : LatentWorker
        Started at the first request; whoever made it ends it.
    """

    loaded = Signal(object)
    """A snapshot is in place and all views shall follow (:class:`Loaded`), or ``None``: there is
    nothing to explore. While a training runs not every snapshot is announced."""
    code_changed = Signal(object)
    """The current code (d,)."""
    picture_changed = Signal(object)
    """What the current code decodes to (:class:`Decoded`)."""
    rested = Signal(object)
    """The current code stays for a moment: what it decodes to (:class:`Decoded`)."""
    charted = Signal(object)
    """The map (:class:`Charted`)."""
    sheet_changed = Signal(object)
    """What lies behind the map (:class:`Sheeted`)."""
    pins_changed = Signal()
    """Pins came, went, moved or changed places."""
    walked = Signal(object)
    """The walk through the pins (:class:`Walked`), or ``None``: there are too few."""
    peeked = Signal(object)
    """What a code looked at in passing decodes to (:class:`Decoded`), or ``None``."""
    seed_changed = Signal(int)
    """The seed of the last random code."""
    history_changed = Signal()
    """What can be taken back or done again."""
    locks_changed = Signal()
    """Values of the code were locked or unlocked."""
    training_changed = Signal(bool)
    """A training began beside, or rests."""
    mark_changed = Signal()
    """:attr:`mark` is another code."""
    folder_changed = Signal()
    """What is kept beside the run lies elsewhere now: :attr:`folder`."""
    told = Signal(str)
    """Something worth a quiet line, such as where a file went."""

    def __init__(self, worker: LatentWorker, parent: QObject | None = None) -> None:
        super().__init__(worker, parent)
        self._follower = Follower(worker, self)
        self._follower.due.connect(self._take_on)
        self._full: dict[int, bool] = {}
        self._standing = NOWHERE
        self._history = History()
        self.training = False
        self._begun: int | None = None
        self.model: Loaded | None = None
        self.chart: Charted | None = None
        self.picture: Decoded | None = None
        self.walk: Walked | None = None
        self.way = Way()
        self.locked: frozenset[int] = frozenset()
        self.mark: Floats | None = None
        self.folder: Path | None = None
        self.selection = Selection(self)
        self.seed = 0
        self.plane_choice = PlaneChoice()
        self.sheet_rect: tuple[float, float, float, float] | None = None
        self.sheet_size = (11, 11)
        self._peeking = self._moving = self._owes_rest = False
        self._at_rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._at_rest.timeout.connect(self._ask_around)

    # Snapshots

    def reset(self) -> None:
        """Forget the model and everything about its codes: another run begins."""
        self.forget()
        self.model = self.chart = self.picture = self.walk = self.mark = None
        self._standing, self.locked = NOWHERE, frozenset()
        self._history.clear()
        self._follower.reset()
        self._full.clear()
        self.selection.clear()
        self._at_rest.stop()
        self.loaded.emit(None)
        self.history_changed.emit()

    def follow(self, experiment: Experiment, weights: Weights) -> None:
        """Explore with these weights from now on."""
        self._follower.offer(experiment, weights)

    def set_folder(self, folder: Path | None) -> None:
        """Say where the run lies whose codes these are; ``None``: nowhere yet."""
        if folder != self.folder:
            self.folder = folder
            self.folder_changed.emit()

    def set_training(self, on: bool) -> None:
        """Say whether a training runs beside: then following takes but a small share of time."""
        changed, self.training = on != self.training, on
        self._follower.set_training(on)
        if changed:
            self.training_changed.emit(on)

    @property
    def step(self) -> int | None:
        """The training step of the weights in place."""
        return None if self.model is None else self.model.step

    # The current code

    @property
    def code(self) -> Floats:
        """The current code (d,); empty before the first."""
        return self._standing.code

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The stops of the walk, in order."""
        return self._standing.pins

    def move(self, code: npt.ArrayLike, gesture: Hashable = None) -> None:
        """Go to a code.

        Parameters
        ----------
        code : array_like, shape (d,)
        gesture : hashable
            Moves with the same gesture, as of one drag, are taken back together.
        """
        target = np.array(code, dtype=np.float64)
        if self._fits(target):
            self._edit(self._standing.with_code(target), gesture)

    def settle(self) -> None:
        """End a gesture: the next move is taken back on its own."""
        self._history.settle()
        self._moving = False
        self._at_rest.start()

    def set_value(self, index: int, value: float, gesture: Hashable = None) -> None:
        """Change one value of the code."""
        code = self.code.copy()
        code[index] = value
        self.move(code, gesture)

    def draw(self, seed: int | None = None) -> None:
        """Go to a random code, of the next seed unless one is given."""
        self.seed = self.seed + 1 if seed is None else seed
        self.seed_changed.emit(self.seed)
        self.ask(Draw(self.seed))

    def recenter(self) -> None:
        """Go to the neutral code: 0, or the mean of the data's codes."""
        center = self.center
        if center is not None:
            self.move(self.kept(center))

    def set_locked(self, index: int, locked: bool) -> None:
        """Keep one value of the code while the others move."""
        self.locked = self.locked | {index} if locked else self.locked - {index}
        self.locks_changed.emit()

    def kept(self, code: Floats) -> Floats:
        """``code`` with the locked values as they are now; changed in place and returned."""
        for index in self.locked:
            code[index] = self.code[index]
        return code

    @property
    def center(self) -> Floats | None:
        """The neutral code, the middle of the range worth exploring."""
        return None if self.chart is None else (self.chart.low + self.chart.high) / 2.0

    # Undo

    @property
    def can_go_back(self) -> bool:
        """Whether there is something to take back."""
        return self._history.can_go_back

    @property
    def can_go_forward(self) -> bool:
        """Whether something was taken back."""
        return self._history.can_go_forward

    def back(self) -> None:
        """Take the last change of code or pins back."""
        self._go_to(self._history.back(self._standing))

    def forward(self) -> None:
        """Do again what was taken back."""
        self._go_to(self._history.forward(self._standing))

    # Pins

    def set_pins(self, pins: Sequence[Pin], gesture: Hashable = None) -> None:
        """Put others in the place of all pins; those whose code does not fit are left out."""
        fitting = tuple(pin for pin in pins if self._fits(pin.code))
        self._edit(self._standing.with_pins(fitting), gesture)

    def add_pin(self, code: npt.ArrayLike | None = None) -> None:
        """Pin a code, by default the current one, under the next free letter."""
        target = np.array(self.code if code is None else code, dtype=np.float64)
        if self._fits(target):
            self.set_pins((*self.pins, Pin(free_name(self.pins), target)))

    def place_pin(self, name: str, code: npt.ArrayLike, gesture: Hashable = None) -> None:
        """Put the pin of this name at a code."""
        target = np.array(code, dtype=np.float64)
        self.set_pins([Pin(name, target) if p.name == name else p for p in self.pins], gesture)

    def pin(self, name: str) -> Pin | None:
        """The pin of this name."""
        return next((pin for pin in self.pins if pin.name == name), None)

    def set_way(self, way: Way) -> None:
        """Change how the walk goes."""
        self.way = way
        self._ask_walk()

    def show_mark(self, code: npt.ArrayLike | None) -> None:
        """Mark a code on the map, as of a picture that was given; ``None``: none."""
        self.mark = None if code is None else np.array(code, dtype=np.float64)
        self.mark_changed.emit()

    # The map

    def set_plane(self, choice: PlaneChoice) -> None:
        """Show the map on another plane."""
        self.plane_choice = choice
        self.sheet_rect = None
        if self.model is not None:
            self.ask(Chart(choice))

    def show_behind(self, rect: tuple[float, float, float, float], columns: int, rows: int) -> None:
        """Decode a sheet behind this rectangle of the map: ``(left, bottom, width, height)``."""
        self.sheet_rect, self.sheet_size = rect, (columns, rows)
        self._ask_sheet()

    def place_of(self, code: npt.ArrayLike) -> tuple[float, float] | None:
        """Where a code lies on the map."""
        places = self.places_of(np.asarray(code)[None])
        return None if places is None else (float(places[0, 0]), float(places[0, 1]))

    def places_of(self, codes: npt.ArrayLike) -> Floats | None:
        """Where codes (n, d) lie on the map, (n, 2)."""
        if self.chart is None:
            return None
        places = self.chart.plane.project(codes)
        if places.shape[1] == 1:
            places = np.column_stack((places, np.zeros(len(places))))
        return places

    def code_at(self, x: float, y: float, base: Floats | None = None) -> Floats | None:
        """The code at a place of the map, with the rest taken from ``base``: the current code."""
        if self.chart is None or not self.code.size:
            return None
        plane = self.chart.plane
        place = np.array((x, y)[: len(plane.indices)])
        return plane.unproject(place, self.code if base is None else base)

    def peek(self, place: tuple[float, float] | None) -> None:
        """Look at what a place of the map decodes to, without going there."""
        code = None if place is None else self.code_at(*place)
        self.peek_at(None if code is None else self.kept(code))

    def peek_at(self, code: Floats | None) -> None:
        """Look at what a code decodes to, without going there; ``None``: look no more."""
        self._peeking = code is not None
        if code is None:
            self.peeked.emit(None)
        else:
            self.ask(Peek(code))

    # What follows from changes

    def _fits(self, code: Floats) -> bool:
        return self.model is not None and code.shape == (self.model.dimensions,)

    def _edit(self, standing: Standing, gesture: Hashable = None) -> None:
        self._begun = None
        if self._standing.code.size:
            self._history.leave(self._standing, gesture)
            self.history_changed.emit()
        self._moving = gesture is not None
        self._stand(standing)

    def _go_to(self, standing: Standing | None) -> None:
        if standing is not None:
            self._moving = False
            self._stand(standing)
            self.history_changed.emit()

    def _stand(self, standing: Standing) -> None:
        before, self._standing = self._standing, standing
        if standing.code is not before.code:
            if standing.code.size:
                self.ask(Decode(standing.code))  # first: all else can go on beside it
                self._at_rest.start()
            self.code_changed.emit(standing.code)
        if standing.pins is not before.pins:
            self.pins_changed.emit()
            self._ask_walk()

    def _ask_walk(self) -> None:
        if self.model is None:
            return
        if len(self.pins) > 1:
            self.ask(Walk(np.stack([pin.code for pin in self.pins]), self.way))
        elif self.walk is not None:
            self.cancel(Walk)
            self.walk = None
            self.walked.emit(None)

    def _ask_sheet(self) -> None:
        if self.chart is not None and self.sheet_rect is not None and self.code.size:
            self.ask(Sheet(self.sheet_rect, *self.sheet_size, self.code))

    def _ask_around(self) -> None:
        """The code rests: redo what need not follow every move."""
        if self.model is None or not self.code.size:
            return
        self._owes_rest = not self._moving
        self._say_rested()
        if self.chart is not None and len(self.chart.plane.indices) < self.model.dimensions:
            self._ask_sheet()

    def _say_rested(self) -> None:
        """Say that the code rests, once what it decodes to is here."""
        picture, model = self.picture, self.model
        if not self._owes_rest or self._at_rest.isActive() or picture is None or model is None:
            return
        if picture.step == model.step and np.array_equal(picture.code, self.code):
            self._owes_rest = False
            self.rested.emit(picture)

    # Answers

    def _take_on(self, load: Load, full: bool) -> None:
        self._full = {self.ask(load): full}

    def take(self, stamped: Stamped, newest: bool) -> None:
        """What all panels share of an answer."""
        kind = stamped.channel
        match stamped.answer:
            case Loaded() as model:
                self._take_model(model, self._full.pop(stamped.stamp, True))
            case Decoded() as picture if kind is Peek:
                if self._peeking:
                    self.peeked.emit(picture)
            case Decoded() as picture if kind is Decode:
                # not only the newest: while a slider moves there is always a newer one
                self.picture = picture
                self.picture_changed.emit(picture)
                self._say_rested()
            case Drawn(code=code) if newest:
                self.move(self.kept(code) if self.code.size else code)
            case Charted() as chart if newest:
                self._take_chart(chart)
            case Sheeted() as sheet if newest and kind is Sheet:
                self.sheet_changed.emit(sheet)
            case Walked() as walk if newest and kind is Walk:
                self.walk = walk
                self.walked.emit(walk)

    def _take_model(self, model: Loaded, full: bool) -> None:
        known = self.model is not None and self.model.dimensions == model.dimensions
        if self.code.size and not known:
            self._standing = NOWHERE
            self._history.clear()
        self.model = model
        if full or not known:
            self.loaded.emit(model)
        if not self.code.size:
            self.ask(Chart(self.plane_choice))  # the first code comes from the map
            return
        self.ask(Decode(self.code))
        if full:
            self._ask_walk()
            self._at_rest.start()
            self.ask(Chart(self.plane_choice))

    def _take_chart(self, chart: Charted) -> None:
        self.chart = chart
        self.charted.emit(chart)
        if not self.code.size or self._outdated(chart):
            self._begin(chart)
        elif self.sheet_rect is not None:
            self._ask_sheet()

    def _outdated(self, chart: Charted) -> bool:
        """Whether nobody has moved yet, and the codes begun with are from early weights.

        While a training runs they are chosen anew each time it has doubled in length.
        """
        begun = self._begun
        if begun is None or chart.step == begun:
            return False
        return not self.training or chart.step >= 2 * begun

    def _begin(self, chart: Charted) -> None:
        """The first code of a run: on the way between two kinds of the data."""
        first, other = chart.ends
        self._begun = chart.step
        self._stand(Standing(first + (other - first) / 4.0, (Pin("A", first), Pin("B", other))))
        self._ask_sheet()


def describe_code(code: npt.NDArray[Any], longest: int = 6) -> str:
    """A code as it is written: ``(−0.94, 1.20)``; long ones end in an ellipsis."""
    shown = ", ".join(f"{value:.2f}".replace("-", "−") for value in code[:longest])
    return f"({shown}, …)" if len(code) > longest else f"({shown})"
