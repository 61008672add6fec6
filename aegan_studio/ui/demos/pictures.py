"""Examples on the Picture page: a digit drawn by strokes, a held-out item spoilt and mended."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer

from aegan_studio.catalog.demos import FromPicture
from aegan_studio.ui.latent.messages import Array
from aegan_studio.ui.latent.picture_messages import Look, Roughen, Take, Taken
from aegan_studio.ui.theme import motion_ms

if TYPE_CHECKING:
    from aegan_studio.ui.latent.explorer import Explorer
    from aegan_studio.ui.panels.explore.easel.page import PicturePage

TICK_MS = 16
PER_TICK = 0.03
"""How far the brush moves in a tick, the canvas being 1 wide."""


class Example(QObject):
    """Shows one example on a page; the page keeps it, and a newer one ends it.

    Parameters
    ----------
    page : PicturePage
        With a model in place.
    """

    def __init__(self, page: PicturePage, explorer: Explorer, action: FromPicture) -> None:
        super().__init__(page)
        for other in page.findChildren(Example):
            if other is not self:
                other.end()
        self._page, self._explorer, self._action = page, explorer, action
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._draw_on)
        self._points: Iterator[tuple[bool, float, float]] = iter(())
        self._wanted: Array | None = None
        self._ended = False

    def start(self) -> None:
        """Begin."""
        if self._action.what == "drawing":
            self._show_mode("draw")
            self._page.looking.refine.setChecked(self._action.refine)
            self._page.pad.canvas.lay(None)
            self._page.pad.refresh()
            self._points = _travelled(self._action.strokes)
            if motion_ms(self._page, 1):
                self._timer.start()
            else:
                while not self._ended:
                    self._draw_on()
            return
        self._show_mode("restore")
        self._explorer.listen(Take, self._on_taken)
        self._explorer.listen(Roughen, self._on_rough)
        self._explorer.listen(Look, self._on_seen, every=True)
        self._explorer.ask(Take(self._action.seed))

    def end(self) -> None:
        """Nothing more is done."""
        self._ended = True
        self._timer.stop()
        self.deleteLater()

    def _show_mode(self, mode: str) -> None:
        self._page.mode.set_value(mode)
        self._page.mode.value_changed.emit(mode)

    def _draw_on(self) -> None:
        """The next point of the strokes, as if by hand."""
        pad = self._page.pad
        found = next(self._points, None)
        if found is None or not self._page.isVisible():
            pad.canvas.finish()
            pad.refresh()
            self.end()
            return
        first, x, y = found
        if first:
            pad.canvas.finish()
            pad.canvas.begin(pad.brush, x, y)
        else:
            pad.canvas.extend(x, y)
        pad.refresh()

    def _on_taken(self, taken: Taken) -> None:
        """The item is on the easel: spoil it."""
        if self._ended:
            return
        bench = self._page.restore_bench
        if self._action.what == "noise":
            bench.way.set_value("denoise")
            bench.way.value_changed.emit("denoise")
            self._explorer.ask(Roughen(taken.item, self._action.amount, self._action.seed))
        else:
            bench.way.set_value("inpaint")
            bench.way.value_changed.emit("inpaint")
            self._wanted = taken.item
            self._go_on()

    def _on_rough(self, taken: Taken) -> None:
        if not self._ended:
            self._wanted = taken.item
            self._go_on()

    def _on_seen(self, _seen: object) -> None:
        self._go_on()

    def _go_on(self) -> None:
        """Restore, once the bench has the spoilt picture."""
        bench, wanted = self._page.restore_bench, self._wanted
        if self._ended or wanted is None or bench.before is None:
            return
        if not np.array_equal(bench.before, wanted):
            return
        if self._action.what == "hole":
            self._page.mask_pad.set_mask(_hole(wanted.shape[:2], self._action.amount))
        if not bench.running:
            bench.toggle()
        self.end()


def _travelled(
    strokes: tuple[tuple[tuple[float, float], ...], ...],
) -> Iterator[tuple[bool, float, float]]:
    """Places along strokes, evenly apart; whether each sets the brush down anew."""
    for stroke in strokes:
        points = np.array(stroke, np.float64)
        yield True, float(points[0, 0]), float(points[0, 1])
        for here, there in pairwise(points):
            count = max(1, round(float(np.hypot(*(there - here))) / PER_TICK))
            for share in np.arange(1, count + 1) / count:
                x, y = here + share * (there - here)
                yield False, float(x), float(y)


def _hole(shape: tuple[int, ...], share: float) -> Array:
    """A square in the midst, its side so much of the picture's."""
    mask = np.zeros(shape, np.bool_)
    top, left = (round(side * (1 - share) / 2) for side in shape)
    mask[top : shape[0] - top, left : shape[1] - left] = True
    return mask
