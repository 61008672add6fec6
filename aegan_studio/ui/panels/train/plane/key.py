"""What the colours of the plane mean: a slim bar from fake to real."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.experiment.views.plane import Verdicts
from aegan_studio.i18n import tr
from aegan_studio.ui.theme import NOTE, VERDICT_STEPS, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.formula import formula_box
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.painting import CENTRE, draw_text, smooth, text_width

BAR = 100.0
"""Width of the colours, in px."""

GAP = 8.0


class VerdictKey(QWidget):
    """D(x), what the ends of its scale are called, and the steps between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdicts = Verdicts(0.0, 0.5, 1.0, probability=True)
        self._short = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        on_theme(self._retint)
        self._describe()

    def _retint(self, _theme: Theme) -> None:
        self.update()

    def show_scale(self, verdicts: Verdicts) -> None:
        """How values are read from now on."""
        before, self._verdicts = self._verdicts, verdicts
        if (before.fixed, before.probability) != (verdicts.fixed, verdicts.probability) or (
            verdicts.fixed and before != verdicts
        ):
            self._describe()
            self.updateGeometry()
            self.update()

    def set_short(self, short: bool) -> None:
        """Leave the words out where the header is narrow."""
        if short != self._short:
            self._short = short
            self.updateGeometry()
            self.update()

    def _describe(self) -> None:
        verdicts = self._verdicts
        if verdicts.probability:
            words = tr("D(x) is how probable the critic takes it to be that x is real.")
        elif verdicts.fixed:
            words = tr("D(x) as the critic gives it: its loss sets the ends and the middle.")
        else:
            words = tr(
                "D(x) is known but for a constant: its middle lies half way between what is said "
                "of real points and of generated ones."
            )
        self.setToolTip(words)
        self.setAccessibleName(words)

    @property
    def ends(self) -> tuple[str, str]:
        """The words at the ends."""
        verdicts = self._verdicts
        if self._short:
            return "", ""
        if not verdicts.fixed:  # these numbers change all along
            return tr("fake"), tr("real")
        low, high = format_number(verdicts.low), format_number(verdicts.high)
        return tr("{value} fake", value=low), tr("real {value}", value=high)

    def sizeHint(self) -> QSize:
        """The formula, both words and the bar."""
        font = ui_font(NOTE)
        words = sum(text_width(end, font) + GAP for end in self.ends if end)
        formula = formula_box("D(x)", 14, "#000000").width
        return QSize(round(formula + GAP + words + BAR + 4), 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it from left to right."""
        painter, theme = QPainter(self), current_theme()
        smooth(painter)
        middle, font = self.height() / 2, ui_font(NOTE)
        box = formula_box("D(x)", 14, theme.color("text2"))
        box.paint(painter, 1.0, middle + 4.5)
        x = box.width + GAP + 2
        low, high = self.ends
        for word, colors in ((low, False), ("", True), (high, False)):
            if colors:
                wide = BAR / VERDICT_STEPS
                for step in range(VERDICT_STEPS):
                    cell = QRectF(x + step * wide, middle - 4, wide + 0.5, 8)
                    painter.fillRect(cell, theme.verdict((step + 0.5) / VERDICT_STEPS))
                x += BAR + GAP
            elif word:
                wide = text_width(word, font)
                room = QRectF(x, 0, wide + 1, self.height())
                draw_text(painter, room, word, theme.text2, font, CENTRE, elide=False)
                x += wide + GAP
