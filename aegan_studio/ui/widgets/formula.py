"""Mathematics painted on the page."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.ui.theme import Theme, current_theme, on_theme
from aegan_studio.ui.widgets.formula_layout import Box, formula_box, paint_formula, role_color
from aegan_studio.ui.widgets.formula_parser import (
    parse,
    plain_text,
)
from aegan_studio.ui.widgets.painting import smooth

__all__ = ["FormulaLabel", "formula_box", "paint_formula", "role_color"]


class FormulaLabel(QWidget):
    r"""A formula such as ``L_G = -\log D(G(z))``; its plain text is its accessible name.

    Parameters
    ----------
    size : int
        Type size in logical pixels.
    tone : str
        A colour token.
    roles : bool
        Give x, x̂, x̃, z, Dx and Dz the colours of their roles.
    """

    def __init__(
        self,
        latex: str = "",
        *,
        size: int = 15,
        tone: str = "text",
        roles: bool = True,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._latex, self._size, self._tone = latex, size, tone
        self._roles, self._align = roles, align
        self._box = Box(0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        on_theme(self._lay)

    def set_formula(self, latex: str) -> None:
        """Show another formula."""
        if latex != self._latex:
            self._latex = latex
            self._lay(current_theme())

    def set_tone(self, tone: str) -> None:
        """Change the colour token."""
        self._tone = tone
        self._lay(current_theme())

    @property
    def latex(self) -> str:
        """The formula shown."""
        return self._latex

    def _lay(self, theme: Theme) -> None:
        color = theme.color(self._tone)
        self._box = formula_box(self._latex, self._size, color, theme if self._roles else None)
        self.setAccessibleName(" ".join(plain_text(parse(self._latex)).split()))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The formula and a little air."""
        ascent = max(self._box.ascent, self._size * 0.95)
        descent = max(self._box.descent, self._size * 0.3)
        return QSize(int(self._box.width + self._box.lean + 4.999), int(ascent + descent + 4.999))

    def minimumSizeHint(self) -> QSize:
        """The whole formula."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the formula."""
        painter = QPainter(self)
        smooth(painter)
        box, spare = self._box, self.width() - self._box.width - self._box.lean
        x = 2.0
        if self._align & Qt.AlignmentFlag.AlignRight:
            x = spare - 2
        elif self._align & Qt.AlignmentFlag.AlignHCenter:
            x = spare / 2
        ascent = max(box.ascent, self._size * 0.95)
        descent = max(box.descent, self._size * 0.3)
        box.paint(painter, x, (self.height() - ascent - descent) / 2 + ascent)
