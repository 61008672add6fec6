"""The plane of codes: the grid that the generator is shown, drawn codes, and encoded data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.experiment.views.plane import Manifold
from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.theme import Theme, current_theme, on_theme
from aegan_studio.ui.widgets.painting import smooth, stroke_round
from aegan_studio.ui.widgets.scatter_marks import (
    draw_lines,
    draw_sprites,
    net_lines,
    sprite,
)

Floats = npt.NDArray[np.float32]

FEWEST, MOST = 60, 300
"""Codes drawn of each kind, at least and at most."""

A_CODE = 70.0
"""Square pixels to a code in between."""

BEYOND = {"uniform": 1.08, "normal": 1.3, "learned": 1.15, "class": 1.15}
"""How far beyond the grid is shown, by how codes are drawn: in times the grid's own reach."""

ALONG = 0.5
"""The height of a line of codes with a single value, as a share of the square's."""


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """Codes (n, d) that samples are made of, and those of real data where there is an encoder."""

    drawn: Floats | None
    encoded: Floats | None


class NoiseSquare(QWidget):
    """A square of codes; the pointer, or the arrow keys, choose a node of the grid."""

    node_hovered = Signal(int)
    """The node under the pointer, counted by rows; −1: none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._net: Manifold | None = None
        self._codes = Codes(None, None)
        self._shown = {"drawn": True, "encoded": True}
        self._node = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Plane of the codes"))
        on_theme(self._retint)

    def _retint(self, _theme: Theme) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(150, 150)

    def show_net(self, net: Manifold | None, codes: Codes) -> None:
        """Another grid and other codes; mostly they are the same, and stay as they are painted."""
        before, known = self._net, self._codes
        self._net, self._codes = net, codes
        grids = [None if one is None else one.codes for one in (before, net)]
        pairs = (grids, (known.drawn, codes.drawn), (known.encoded, codes.encoded))
        if not all(_alike(*pair) for pair in pairs):
            self.update()

    def set_shown(self, kind: str, on: bool) -> None:
        """Show codes of a kind, "drawn" or "encoded", or do not."""
        self._shown[kind] = on
        self.update()

    def set_node(self, node: int) -> None:
        """Mark a node; −1: none."""
        if node != self._node:
            self._node = node
            self.update()

    # Where things lie

    def square(self) -> QRectF:
        """The square within the widget."""
        side = min(self.width(), self.height()) - 2.0
        return QRectF(1.0, 1.0, side, side)

    def _reach(self, net: Manifold) -> tuple[Floats, float]:
        """The middle of what is shown, and how far it goes each way."""
        nodes = net.codes.reshape(-1, 2)
        low, high = nodes.min(axis=0), nodes.max(axis=0)
        middle: Floats = (low + high) / 2
        half = max(float((high - low).max()) / 2, 1e-6)
        return middle, half * BEYOND.get(net.prior, 1.15)

    def pixels(self, codes: Floats) -> npt.NDArray[np.float64]:
        """Where codes (n, 2) lie in the widget."""
        if self._net is None:
            return np.zeros((0, 2))
        square, (middle, reach) = self.square(), self._reach(self._net)
        scale = square.width() / 2 / reach
        centre = np.array([square.center().x(), square.center().y()])
        at: npt.NDArray[np.float64] = centre + (codes - middle).astype(np.float64) * (scale, -scale)
        return at

    def place_of(self, node: int) -> QPointF:
        """The pixel of a node."""
        assert self._net is not None
        x, y = self.pixels(self._net.codes.reshape(-1, 2)[node : node + 1])[0]
        return QPointF(x, y)

    def _cell(self, net: Manifold) -> float:
        """About how far nodes lie from each other, in px."""
        return self.square().width() / max(int(net.codes.shape[1]) - 1, 1)

    # The pointer and the keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The nearest node."""
        net, at = self._net, event.position()
        if net is None or not self.square().contains(at):
            self.node_hovered.emit(-1)
            return
        away = self.pixels(net.codes.reshape(-1, 2)) - (at.x(), at.y())
        if net.curve:
            away[:, 1] = 0.0
        self.node_hovered.emit(int(np.einsum("ij,ij->i", away, away).argmin()))

    def leaveEvent(self, event: QEvent) -> None:
        """No node is looked at."""
        self.node_hovered.emit(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move to the next node, Esc lets it go."""
        net = self._net
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (1, 0),
            Qt.Key.Key_Down: (-1, 0),
        }
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._node >= 0:
            self.node_hovered.emit(-1)
        elif net is not None and key in moves:
            rows, columns = net.codes.shape[:2]
            node = self._node if 0 <= self._node < rows * columns else rows * columns // 2
            up, right = moves[key]
            row = min(max(node // columns + up, 0), rows - 1)
            column = min(max(node % columns + right, 0), columns - 1)
            self.node_hovered.emit(row * columns + column)
        else:
            super().keyPressEvent(event)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """The grid, codes upon it, and the node that is looked at."""
        painter, theme, net = QPainter(self), current_theme(), self._net
        smooth(painter)
        square = self.square()
        painter.fillRect(square, theme.color("sunken" if theme.dark else "surface"))
        stroke_round(painter, square, 0, theme.hairline)
        if net is None:
            return
        painter.setClipRect(square)
        self._paint_grid(painter, net, theme)
        for kind, token in (("drawn", "generated"), ("encoded", "code")):
            codes: Floats | None = getattr(self._codes, kind)
            if codes is not None and self._shown[kind]:
                self._paint_codes(painter, codes, token, theme)
        if 0 <= self._node < net.count:
            at = self.place_of(self._node)
            ink = theme.color("text")
            half = min(max(self._cell(net) / 2, 3.5), 6.0)
            box = QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half)
            stroke_round(painter, box.adjusted(-1, -1, 1, 1), 1, theme.color("surface"), 3.5)
            stroke_round(painter, box, 1, ink, 1.75)

    def _paint_grid(self, painter: QPainter, net: Manifold, theme: Theme) -> None:
        nodes = self.pixels(net.codes.reshape(-1, 2)).reshape(net.codes.shape)
        amber = theme.color("generated", 0.38 if theme.dark else 0.45)
        if net.curve:
            pieces = np.concatenate((nodes[0, :-1], nodes[0, 1:]), axis=1)
            draw_lines(painter, pieces, amber, 2.0)
        else:
            draw_lines(painter, net_lines(nodes), amber)

    def _paint_codes(self, painter: QPainter, codes: Floats, token: str, theme: Theme) -> None:
        side = self.square().width()
        every = max(round(len(codes) / min(max(side * side / A_CODE, FEWEST), MOST)), 1)
        pair = np.zeros((len(codes[::every]), 2), np.float32)
        used = min(codes.shape[1], 2)
        pair[:, :used] = codes[::every, :used]
        ratio, rim = device_ratio(painter), theme.sunken if theme.dark else theme.surface
        shape = "square" if token == "generated" else "disc"
        mark = sprite(shape, theme.color(token).name(), rim, 2.0, ratio)
        draw_sprites(painter, mark, self.pixels(pair))


def _alike(one: Floats | None, other: Floats | None) -> bool:
    return one is other or (one is not None and other is not None and np.array_equal(one, other))
