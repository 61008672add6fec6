"""The current code's picture: pixel-exact at a whole factor, at 1:1, or smooth; it drags out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QMimeData, QRectF, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.panels.explore.code_mime import Pull
from aegan_studio.ui.theme import TICK, current_theme, ui_font
from aegan_studio.ui.widgets.painting import LEFT, draw_text, fill_round, snap, text_width
from aegan_studio.ui.widgets.pictures import PictureView

Zoom = Literal["fit", "native", "smooth"]
ZOOMS: tuple[Zoom, ...] = ("fit", "native", "smooth")


class CodePicture(PictureView):
    """A picture with a choice of zoom; who shows it says what a drag carries.

    Parameters
    ----------
    tag : str
        What stands in the corner, such as x̂.
    """

    menu_asked = Signal(object)
    """A right click, with the place on the screen."""

    def __init__(
        self, empty: str = "", *, name: str = "", tag: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(empty, name=name, parent=parent)
        self._zoom: Zoom = "fit"
        self._tag = tag
        self._pull = Pull(self)

    @property
    def zoom(self) -> Zoom:
        """How large the picture is shown."""
        return self._zoom

    def set_zoom(self, zoom: Zoom) -> None:
        """As large as whole factors allow, one device pixel a pixel, or smooth and filling."""
        self._zoom = zoom
        self.setToolTip(self._says())
        self.update()

    def set_tag(self, tag: str) -> None:
        """Change what stands in the corner."""
        self._tag = tag
        self.update()

    def set_drag(self, data: Callable[[], QMimeData | None]) -> None:
        """Say what a drag out of the picture carries."""
        self._pull.data = data

    @property
    def factor(self) -> float:
        """Device pixels a pixel of the picture."""
        if self.image is None:
            return 1.0
        return self.picture_rect().width() * self.devicePixelRatioF() / self.image.width()

    def _says(self) -> str:
        if self.image is None:
            return ""
        size = f"{self.image.width()} × {self.image.height()}"
        if self._zoom == "smooth":
            return tr("{size} pixels, smoothed", size=size)
        return tr("{size} pixels, each {factor:g} wide", size=size, factor=round(self.factor, 2))

    def picture_rect(self, ratio: float | None = None) -> QRectF:
        """Where the picture lies, in widget coordinates."""
        if self.image is None or self._zoom == "fit":
            return super().picture_rect(ratio)
        ratio = ratio or self.devicePixelRatioF()
        width, height = float(self.image.width()), float(self.image.height())
        fit = min(self.width() * ratio / width, self.height() * ratio / height)
        factor = fit if self._zoom == "smooth" else min(1.0, fit)
        width, height = width * factor / ratio, height * factor / ratio
        left = snap((self.width() - width) / 2, ratio)
        top = snap((self.height() - height) / 2, ratio)
        return QRectF(left, top, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture and its tag."""
        if self.image is None or self._zoom == "fit":
            super().paintEvent(event)
        else:
            painter = QPainter(self)
            smooth = self._zoom == "smooth"
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            rect = self.picture_rect(device_ratio(painter))
            painter.drawImage(rect, self.image)
            painter.setPen(current_theme().color("strong"))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
            painter.end()
        if self._tag and self.image is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rect, font = self.picture_rect(), ui_font(TICK, 500)
            wide = text_width(self._tag, font) + 10
            label = QRectF(rect.left() + 4, rect.top() + 4, wide, 16)
            fill_round(painter, label, 4, current_theme().surface)
            draw_text(
                painter, label.adjusted(5, 0, 0, 0), self._tag, current_theme().text2, font, LEFT
            )

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu."""
        self.menu_asked.emit(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a drag."""
        self._pull.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the picture and its code to a well, another window or program."""
        self._pull.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press is over."""
        self._pull.release()
