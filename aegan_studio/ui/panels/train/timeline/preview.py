"""An instant of the timeline, larger, above the frame that the pointer is on."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from aegan_studio.experiment.events import Instant
from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.panels.train.timeline.frames import TALL, WIDE, frame_image
from aegan_studio.ui.theme import NOTE, current_theme, ui_font
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.painting import LEFT, draw_text, fill_round, smooth, stroke_round

SCALE = 3
MARGIN = 8
_LINES = 34


class Preview(QWidget):
    """A card with an instant's picture, its step, epoch and time; it takes no clicks."""

    def __init__(self, parent: QWidget) -> None:
        flags = Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint
        super().__init__(parent, flags)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._instant: Instant | None = None
        self._exact = False
        self.resize(QSize(SCALE * WIDE + 2 * MARGIN, SCALE * TALL + 2 * MARGIN + _LINES))

    @property
    def instant(self) -> Instant | None:
        """What is shown."""
        return self._instant if self.isVisible() else None

    def show_instant(self, instant: Instant, foot: QPoint, *, exact: bool) -> None:
        """Show an instant with the middle of its lower edge at a place of the screen."""
        if instant is not self._instant or exact != self._exact:
            self._instant, self._exact = instant, exact
            self.setAccessibleName(", ".join(self.lines()))
            self.update()
        corner = foot - QPoint(self.width() // 2, self.height())
        screen = QGuiApplication.screenAt(foot)
        if screen is not None:
            room = screen.availableGeometry()
            corner.setX(min(max(corner.x(), room.left()), room.right() - self.width()))
            corner.setY(max(corner.y(), room.top()))
        self.move(corner)
        self.show()

    def lines(self) -> tuple[str, str]:
        """What is said of the instant."""
        instant = self._instant
        if instant is None:
            return "", ""
        first = tr(
            "Step {step}, epoch {epoch:.1f}, {seconds:.1f} s",
            step=format_number(instant.step),
            epoch=instant.epoch,
            seconds=instant.seconds,
        )
        if self._exact:
            return first, tr("A branch goes on bit for bit.")
        return first, tr("A branch begins from these weights.")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        if self._instant is None:
            return
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        fill_round(painter, rect, 8, theme.raised if theme.dark else theme.surface)
        stroke_round(painter, rect, 8, theme.strong)
        image = frame_image(self._instant, theme, device_ratio(painter), SCALE)
        painter.drawImage(QPointF(MARGIN, MARGIN), image)
        first, second = self.lines()
        top = MARGIN + SCALE * TALL + 4
        line = QRectF(MARGIN + 2, top, self.width() - 2 * MARGIN - 4, 17)
        draw_text(painter, line, first, theme.text, ui_font(NOTE, 600), LEFT)
        draw_text(painter, line.translated(0, 16), second, theme.text2, ui_font(NOTE), LEFT)
