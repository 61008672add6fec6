"""What the explorer's panels share: the current code, the ends A and B, and what they decode to."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.ui.latent.messages import (
    Chart,
    Charted,
    Decode,
    Decoded,
    Draw,
    Drawn,
    Floats,
    Found,
    Interpolation,
    Load,
    Loaded,
    Nearest,
    Peek,
    PlaneChoice,
    Request,
    Sheet,
    Sheeted,
    Stamped,
    Trouble,
    Walk,
    Walked,
)
from aegan_studio.ui.latent.worker import LatentWorker

End = Literal["A", "B"]

REMEMBERED = 200
"""Moves that can be taken back."""
CHART_EVERY_MS = 400
"""The map follows a training at most this often; the picture follows every snapshot."""
CHART_SHARE = 4
"""Making maps takes at most one part in so many of the worker's time."""
REST_MS = 90
"""How long the code must rest before what is behind the map and the nearest items are redone."""


class Explorer(QObject):
    """The state of one exploration; asks the worker and hands its answers to the panels.

    Nothing here or in the panels touches a network: codes go out, pictures come back. Answers
    that belong to an older model, or that something newer of their kind has overtaken, are
    dropped by their stamps.

    Parameters
    ----------
    worker : LatentWorker
        Started at the first request; whoever made it ends it.
    """

    loaded = Signal(object)
    """A snapshot is in place (:class:`Loaded`), or ``None``: there is nothing to explore."""
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
    ends_changed = Signal()
    """A or B moved."""
    walked = Signal(object)
    """The walk from A to B (:class:`Walked`)."""
    peeked = Signal(object)
    """What a code looked at in passing decodes to (:class:`Decoded`), or ``None``."""
    found = Signal(object)
    """The nearest training items (:class:`Found`)."""
    seed_changed = Signal(int)
    """The seed of the last random code."""
    history_changed = Signal(bool)
    """Whether there is a move to take back."""
    locks_changed = Signal()
    """Values of the code were locked or unlocked."""
    trouble = Signal(object)
    """Sentences: the weights cannot be explored."""

    def __init__(self, worker: LatentWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._waiting: dict[type[Request], int] = {}
        self._oldest = 0
        self._weights: Weights | None = None
        self.model: Loaded | None = None
        self.chart: Charted | None = None
        self.picture: Decoded | None = None
        self.walk: Walked | None = None
        self.code: Floats = np.zeros(0)
        self.ends: dict[End, Floats] = {}
        self.locked: frozenset[int] = frozenset()
        self.seed = 0
        self.frames = 16
        self.interpolation: Interpolation = "linear"
        self.plane_choice = PlaneChoice()
        self.sheet_rect: tuple[float, float, float, float] | None = None
        self.sheet_size = (11, 11)
        self.nearest_count = 5
        self._chart_due = self._peeking = False
        self._gesture: Hashable = None
        self._history: list[Floats] = []
        self._at_rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._at_rest.timeout.connect(self._ask_around)
        self._chart_timer = QTimer(self, singleShot=True, interval=CHART_EVERY_MS)
        self._chart_timer.timeout.connect(self._chart_again)
        worker.answered.connect(self._take)

    # Snapshots

    def reset(self) -> None:
        """Forget the model and everything about its codes: another run begins."""
        self._oldest = self._newest_stamp() + 1
        self._weights = self.model = self.chart = self.picture = self.walk = None
        self.code, self.ends = np.zeros(0), {}
        self.locked = frozenset()
        self._history.clear()
        self._gesture = None
        self._chart_due = False
        self._at_rest.stop()
        self._chart_timer.stop()
        self.loaded.emit(None)
        self.history_changed.emit(False)

    def follow(self, experiment: Experiment, weights: Weights) -> None:
        """Explore with these weights from now on."""
        if weights is self._weights:
            return
        self._weights = weights
        self._ask(Load(experiment, weights))

    @property
    def step(self) -> int | None:
        """The training step of the weights in place."""
        return None if self.model is None else self.model.step

    # Moves

    def move(self, code: npt.ArrayLike, gesture: Hashable = None) -> None:
        """Go to a code.

        Parameters
        ----------
        code : array_like, shape (d,)
        gesture : hashable
            Moves with the same gesture, as of one drag, are taken back together.
        """
        target = np.array(code, dtype=np.float64)
        if self.model is None or target.shape != (self.model.dimensions,):
            return
        if self.code.size and (gesture is None or gesture != self._gesture):
            self._remember()
        self._gesture = gesture
        self._go(target)

    def settle(self) -> None:
        """End a gesture: the next move is taken back on its own."""
        self._gesture = None
        self._at_rest.start()

    def set_value(self, index: int, value: float, gesture: Hashable = None) -> None:
        """Change one value of the code."""
        code = self.code.copy()
        code[index] = value
        self.move(code, gesture)

    def move_on_map(self, x: float, y: float, gesture: Hashable = None) -> None:
        """Go to a place of the map; what its plane leaves open stays, locked values too."""
        code = self.code_at(x, y)
        if code is not None:
            self.move(self._kept(code), gesture)

    def draw(self, seed: int | None = None) -> None:
        """Go to a random code, of the next seed unless one is given."""
        self.seed = self.seed + 1 if seed is None else seed
        self.seed_changed.emit(self.seed)
        self._ask(Draw(self.seed))

    def recenter(self) -> None:
        """Go to the neutral code: 0, or the mean of the data's codes."""
        center = self.center
        if center is not None:
            self.move(self._kept(center))

    def back(self) -> None:
        """Take the last move back."""
        if self._history:
            self._gesture = None
            self._go(self._history.pop())
            self.history_changed.emit(bool(self._history))

    def set_locked(self, index: int, locked: bool) -> None:
        """Keep one value of the code while the others move."""
        self.locked = self.locked | {index} if locked else self.locked - {index}
        self.locks_changed.emit()

    @property
    def center(self) -> Floats | None:
        """The neutral code, the middle of the range worth exploring."""
        return None if self.chart is None else (self.chart.low + self.chart.high) / 2.0

    # The map

    def set_plane(self, choice: PlaneChoice) -> None:
        """Show the map on another plane."""
        self.plane_choice = choice
        self.sheet_rect = None
        if self.model is not None:
            self._ask(Chart(choice))

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
        self._peeking = place is not None
        code = None if place is None else self.code_at(*place)
        if code is None:
            self.peeked.emit(None)
        else:
            self._ask(Peek(self._kept(code)))

    # The walk

    def set_end(self, end: End, code: npt.ArrayLike | None = None) -> None:
        """Put A or B at a code, by default the current one."""
        if not self.code.size:
            return
        self.ends[end] = np.array(self.code if code is None else code, dtype=np.float64)
        self.ends_changed.emit()
        self._ask_walk()

    def swap_ends(self) -> None:
        """Walk the other way."""
        if len(self.ends) == 2:
            self.ends = {"A": self.ends["B"], "B": self.ends["A"]}
            self.ends_changed.emit()
            self._ask_walk()

    def set_walk(
        self, *, frames: int | None = None, interpolation: Interpolation | None = None
    ) -> None:
        """Change how the walk goes."""
        self.frames = self.frames if frames is None else frames
        self.interpolation = interpolation or self.interpolation
        self._ask_walk()

    # The worker

    def _newest_stamp(self) -> int:
        return max(self._waiting.values(), default=0)

    def _ask(self, request: Request) -> None:
        self._waiting[type(request)] = self._worker.ask(request)

    def _go(self, code: Floats) -> None:
        self.code = code
        self.code_changed.emit(code)
        self._ask(Decode(code))
        self._at_rest.start()

    def _remember(self) -> None:
        self._history.append(self.code)
        del self._history[:-REMEMBERED]
        self.history_changed.emit(True)

    def _kept(self, code: Floats) -> Floats:
        for index in self.locked:
            code[index] = self.code[index]
        return code

    def _ask_walk(self) -> None:
        if self.model is not None and len(self.ends) == 2:
            self._ask(Walk(self.ends["A"], self.ends["B"], self.frames, self.interpolation))

    def _ask_sheet(self) -> None:
        if self.chart is not None and self.sheet_rect is not None and self.code.size:
            self._ask(Sheet(self.sheet_rect, *self.sheet_size, self.code))

    def _ask_around(self) -> None:
        """The code rests: redo what need not follow every move."""
        if self.model is None or not self.code.size:
            return
        arrived = self.picture is not None and np.array_equal(self.picture.code, self.code)
        if arrived and self._gesture is None:
            self.rested.emit(self.picture)
        self._ask(Nearest(self.code, self.nearest_count))
        if self.chart is not None and len(self.chart.plane.indices) < self.model.dimensions:
            self._ask_sheet()

    def _chart_again(self) -> None:
        if self._chart_due:
            self._chart_due = False
            self._ask(Chart(self.plane_choice))
            self._chart_timer.start()

    def _take(self, stamped: Stamped) -> None:
        if stamped.stamp < self._oldest:
            return
        newest = stamped.stamp >= self._waiting.get(stamped.channel, 0)
        match stamped.answer:
            case Loaded() as model:
                self._take_model(model)
            case Decoded() as picture if stamped.channel is Peek:
                if self._peeking:
                    self.peeked.emit(picture)
            case Decoded() as picture:
                # not only the newest: while a slider moves there is always a newer one
                self.picture = picture
                self.picture_changed.emit(picture)
            case Drawn(code=code) if newest:
                self.move(self._kept(code) if self.code.size else code)
            case Charted() as chart if newest:
                self._take_chart(chart)
            case Sheeted() as sheet if newest:
                self.sheet_changed.emit(sheet)
            case Walked() as walk if newest:
                self.walk = walk
                self.walked.emit(walk)
            case Found() as found if newest:
                self.found.emit(found)
            case Trouble(sentences):
                self.trouble.emit(sentences)

    def _take_model(self, model: Loaded) -> None:
        known = self.model is not None and self.model.dimensions == model.dimensions
        if self.code.size and not known:
            self.code, self.ends = np.zeros(0), {}
        self.model = model
        self.loaded.emit(model)
        if not self.code.size:
            self._ask(Chart(self.plane_choice))  # the first code comes from the map
            return
        self._ask(Decode(self.code))
        self._ask_walk()
        self._at_rest.start()
        self._chart_due = True
        if not self._chart_timer.isActive():
            self._chart_again()

    def _take_chart(self, chart: Charted) -> None:
        self.chart = chart
        self._chart_timer.setInterval(
            max(CHART_EVERY_MS, round(1000 * chart.seconds * CHART_SHARE))
        )
        self.charted.emit(chart)
        if not self.code.size:
            self._begin(chart)
        elif self.sheet_rect is not None:
            self._ask_sheet()

    def _begin(self, chart: Charted) -> None:
        """The first code of a run: on the way between two kinds of the data."""
        first, other = chart.ends
        self.ends = {"A": first, "B": other}
        self.ends_changed.emit()
        self._go(first + (other - first) / 4.0)
        self._ask_walk()
        self._ask_sheet()


def describe_code(code: npt.NDArray[Any], longest: int = 6) -> str:
    """A code as it is written: ``(−0.94, 1.20)``; long ones end in an ellipsis."""
    shown = ", ".join(f"{value:.2f}".replace("-", "−") for value in code[:longest])
    return f"({shown}, …)" if len(code) > longest else f"({shown})"
