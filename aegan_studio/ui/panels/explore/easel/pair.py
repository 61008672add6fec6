"""Two pictures side by side, each under its name, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.messages import Array
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.theme import NOTE
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.pictures import PictureView

LEAST = 64
"""Pixels of a picture's side."""
BELOW = 48
"""Height beside that of the pictures from which the figures stand below them."""


class _Side(QWidget):
    """An item above its name."""

    def __init__(self, name: str, tone: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = PictureView(tr("Nothing yet"), name=name)
        self.view.setMinimumSize(LEAST, LEAST)
        self.name = Label(name, tone=tone, size=NOTE, weight=600, elide=True)
        self.name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setToolTip(tip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.view, 1000)
        column.addWidget(self.name)
        column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """No higher than wide, so that the name stands right below."""
        super().resizeEvent(event)
        self.view.setMaximumHeight(max(event.size().width(), LEAST))


class Pair(QWidget):
    """What was given beside what the model makes of it, with lines of figures to the right.

    Parameters
    ----------
    left, right : (str, str)
        Name and tool tip.
    """

    def __init__(
        self, left: tuple[str, str], right: tuple[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.left = _Side(left[0], "real", left[1])
        self.right = _Side(right[0], "reconstruction", right[1])
        self._depiction = Depiction()
        self._lines: tuple[str, ...] = ()
        self._below = False
        self.figures = Label("", tone="text2", wrap=True)
        self.figures.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.figures.setMinimumWidth(72)
        self.figures.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        sides = QHBoxLayout()
        sides.setSpacing(8)
        sides.addWidget(self.left, 1)
        sides.addWidget(self.right, 1)
        self._outer = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(8)
        self._outer.addLayout(sides, 8)
        self._outer.addWidget(self.figures, 3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_depiction(self, depiction: Depiction) -> None:
        """How items are drawn: pictures, or points in their plane."""
        self._depiction = depiction
        for side in (self.left, self.right):  # points stand in the plane above already
            side.setVisible(not depiction.of_points)
        self.show_items(None, None)

    def show_items(
        self, left: Array | None, right: Array | None, figures: Sequence[str] = ()
    ) -> None:
        """Show two items in display units, or the empty wells; and lines of figures."""
        if not self._depiction.of_points:
            self.left.view.set_picture(left)
            self.right.view.set_picture(right)
        self._lines = tuple(figures)
        self._write()

    def sizeHint(self) -> QSize:
        """Pictures of about 110 px."""
        return QSize(300, 128)

    def minimumSizeHint(self) -> QSize:
        """The smallest pictures."""
        if self._depiction.of_points:
            return QSize(90, 18)
        return QSize(2 * LEAST + 90, LEAST + 18)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is height, the pictures take the whole width."""
        super().resizeEvent(event)
        below = event.size().height() >= event.size().width() / 2 + BELOW
        below = below or self._depiction.of_points
        ways = QBoxLayout.Direction
        self._outer.setDirection(ways.TopToBottom if below else ways.LeftToRight)
        self._outer.setStretch(1, 0 if below else 3)
        aligned = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        self.figures.setAlignment(aligned if below else Qt.AlignmentFlag.AlignVCenter)
        self._below = below
        self._write()

    def _write(self) -> None:
        self.figures.setText("  ·  ".join(self._lines) if self._below else "\n".join(self._lines))
