"""A formula in a narrow column: broken before its signs, and smaller where that is not enough."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.ui.theme import Theme, current_theme, on_theme
from aegan_studio.ui.widgets.formula_layout import Box, formula_box
from aegan_studio.ui.widgets.formula_parser import parse, plain_text
from aegan_studio.ui.widgets.painting import smooth

_INDENT, _GAP, _SMALLEST = 14, 4, 9


def broken(latex: str) -> list[str]:
    """The pieces of a formula that a line may hold: each begins with its sign.

    Only signs between blanks and outside all brackets part them, so ``(1 - D)`` stays whole.
    """
    pieces, start, depth = [], 0, 0
    for at, letter in enumerate(latex):
        if letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif depth == 0 and at > start and latex[at : at + 3] in (" + ", " - "):
            pieces.append(latex[start:at].strip())
            start = at + 1
    pieces.append(latex[start:].strip())
    return pieces


class FormulaLines(QWidget):
    """A formula that takes as many lines as its width asks for.

    Parameters
    ----------
    size : int
        Type size in logical pixels, at most.
    """

    def __init__(self, latex: str, *, size: int = 14, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._latex, self._size = latex, size
        self._lines: list[Box] = []
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(" ".join(plain_text(parse(latex)).split()))
        self.setToolTip(self.accessibleName())
        on_theme(self._retint)

    @property
    def latex(self) -> str:
        """The formula shown."""
        return self._latex

    @property
    def lines(self) -> int:
        """How many lines it takes at its present width."""
        return len(self._lines)

    def _box(self, latex: str, room: float) -> Box:
        theme = current_theme()
        for size in range(self._size, _SMALLEST, -1):
            box = formula_box(latex, size, theme.color("text"), theme)
            if box.width + box.lean <= room:
                return box
        return formula_box(latex, _SMALLEST, theme.color("text"), theme)

    def _laid(self, width: int) -> list[Box]:
        theme, line = current_theme(), ""
        lines: list[str] = []
        for piece in broken(self._latex):
            longer = f"{line} {piece}" if line else piece
            box = formula_box(longer, self._size, theme.color("text"), theme)
            room = width - 4 - (_INDENT if lines else 0)
            if line and box.width + box.lean > room:
                lines.append(line)
                line = piece
            else:
                line = longer
        lines.append(line)
        return [
            self._box(line, width - 4 - (_INDENT if index else 0))
            for index, line in enumerate(lines)
        ]

    def _height(self, lines: list[Box]) -> int:
        return round(sum(self._of(box) for box in lines) + _GAP * len(lines))

    def _of(self, box: Box) -> float:
        return max(box.ascent, self._size * 0.95) + max(box.descent, self._size * 0.3)

    def hasHeightForWidth(self) -> bool:
        """A narrower one is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All its lines."""
        return self._height(self._laid(width))

    def sizeHint(self) -> QSize:
        """As it stands now."""
        return QSize(200, self._height(self._lines or self._laid(200)))

    def minimumSizeHint(self) -> QSize:
        """Any width; one line."""
        return QSize(40, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break anew."""
        super().resizeEvent(event)
        self._retint(current_theme())

    def _retint(self, _theme: Theme) -> None:
        self._lines = self._laid(self.width())
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint line after line."""
        painter = QPainter(self)
        smooth(painter)
        y = _GAP / 2
        for index, box in enumerate(self._lines):
            ascent = max(box.ascent, self._size * 0.95)
            box.paint(painter, 2.0 + (_INDENT if index else 0), y + ascent)
            y += self._of(box) + _GAP
