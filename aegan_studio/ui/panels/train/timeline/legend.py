"""What the marks of the timeline stand for."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.panels.train.timeline.strip import mark_shape
from aegan_studio.ui.theme import BODY, current_theme, ui_font
from aegan_studio.ui.widgets.painting import LEFT, disc, draw_text, smooth, text_width

_SPACE = 16


class TimelineLegend(QWidget):
    """A diamond, a triangle and a dot with their words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = (
            ("change", tr("recipe change")),
            ("finding", tr("finding")),
            ("checkpoint", tr("checkpoint")),
        )
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            tr(
                "Diamonds are changed options, triangles what the doctor found. From a dot a "
                "branch goes on bit for bit."
            )
        )
        self.setAccessibleName(", ".join(words for _, words in self._entries))

    def sizeHint(self) -> QSize:
        """All marks and words in a line."""
        font = ui_font(BODY)
        width = sum(14 + text_width(words, font) + _SPACE for _, words in self._entries)
        return QSize(int(width + 0.999), 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint them."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        font, left, middle = ui_font(BODY), 6.0, self.height() / 2
        for kind, words in self._entries:
            at = QPointF(left, middle)
            if kind == "checkpoint":
                disc(painter, at, 2.8, theme.text3)
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.accent if kind == "change" else theme.warning))
                painter.drawPolygon(mark_shape(kind, at))
            room = QRectF(left + 9, 0, text_width(words, font) + 2, self.height())
            draw_text(painter, room, words, theme.text2, font, LEFT, elide=False)
            left += 14 + text_width(words, font) + _SPACE
