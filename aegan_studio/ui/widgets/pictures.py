"""Pictures as the networks make them: pixel-exact, whole numbers of device pixels a pixel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QMimeData, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QFileDialog, QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.theme import Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.painting import dashed_round, fill_round, smooth, snap

Pixels = npt.NDArray[np.uint8]
MenuEntry = tuple[str, str, Callable[[], object]]
"""Label, icon and act of a context menu's entry."""


def _packed(rgb: Pixels) -> npt.NDArray[np.uint32]:
    """Colours ``(…, 3)`` as words of 0xffRRGGBB."""
    wide = rgb.astype(np.uint32)
    packed = wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2]
    return (packed | 0xFF000000).astype(np.uint32)


def _ramp(low: tuple[int, int, int], high: tuple[int, int, int]) -> npt.NDArray[np.uint32]:
    """256 shades between two colours."""
    share = np.linspace(0.0, 1.0, 256)[:, None]
    shades = np.array(low) + (np.array(high) - np.array(low)) * share
    return _packed(np.rint(shades).astype(np.uint8))


WHITE_ON_BLACK = _ramp((0, 0, 0), (255, 255, 255))
INK_ON_PAPER = _ramp((255, 255, 255), (27, 29, 34))
"""What the 256 values of a one-channel picture look like in the light theme."""


def as_pictures(array: npt.NDArray[Any]) -> Pixels:
    """Pictures as ``(N, H, W)`` or ``(N, H, W, 3)`` of uint8.

    Takes also one picture ``(H, W)``, and a last axis of one channel.

    Raises
    ------
    ValueError
        If the array is not uint8 or has another shape.
    """
    if array.dtype != np.uint8:
        raise ValueError(f"pictures are uint8, not {array.dtype}")
    if array.ndim == 4 and array.shape[-1] == 1:
        array = array[..., 0]
    if array.ndim == 2:
        array = array[None]
    if array.ndim == 3 or (array.ndim == 4 and array.shape[-1] == 3):
        return array
    raise ValueError(f"pictures have the shape (N, H, W) or (N, H, W, 3), not {array.shape}")


def to_pixels(pictures: Pixels, theme: Theme) -> npt.NDArray[np.uint32]:
    """Pixels ``(N, H, W)`` as 0xffRRGGBB: one channel is white on black, or ink on paper."""
    if pictures.ndim == 3:
        return (WHITE_ON_BLACK if theme.dark else INK_ON_PAPER)[pictures]
    return _packed(pictures)


def to_image(pixels: npt.NDArray[np.uint32]) -> QImage:
    """A QImage that owns its pixels, from ``(H, W)`` of 0xffRRGGBB."""
    plain = np.ascontiguousarray(pixels)
    height, width = plain.shape
    return QImage(plain.data, width, height, width * 4, QImage.Format.Format_RGB32).copy()


def picture_image(array: npt.NDArray[Any], theme: Theme | None = None) -> QImage:
    """One picture, (H, W) or (H, W, 3), as a QImage in the colours of a theme, pixel by pixel."""
    pictures = as_pictures(array[None] if array.ndim == 3 and array.shape[-1] == 3 else array)
    return to_image(to_pixels(pictures[:1], theme or current_theme())[0])


def whole_factor(room: QSize, width: int, height: int, ratio: float, largest: int = 64) -> int:
    """The largest whole number of device pixels a pixel that fits; at least 1."""
    if width <= 0 or height <= 0:
        return 1
    fit = min(room.width() * ratio / width, room.height() * ratio / height)
    return max(1, min(int(fit), largest))


def paint_sentence(painter: QPainter, rect: QRectF, text: str) -> None:
    """An empty state: a dashed well and one sentence."""
    theme = current_theme()
    fill_round(painter, rect, 6, theme.sunken)
    dashed_round(painter, rect, 6, theme.strong)
    painter.setPen(theme.color("text2"))
    painter.setFont(ui_font())
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(rect.adjusted(12, 8, -12, -8), int(flags), text)


def copy_image(image: QImage) -> None:
    """Put a picture on the clipboard."""
    QGuiApplication.clipboard().setImage(image)


def save_image(parent: QWidget, image: QImage, name: str = "picture.png") -> None:
    """Ask where, and write a PNG."""
    path = QFileDialog.getSaveFileName(parent, tr("Save the picture"), name, "PNG (*.png)")[0]
    if path:
        image.save(str(Path(path).with_suffix(".png")))


def picture_menu(parent: QWidget, entries: list[MenuEntry]) -> Menu:
    """A context menu of (label, icon, act)."""
    menu = Menu(parent=parent)
    for label, icon_name, act in entries:
        menu.add(label, act, icon_name=icon_name)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


class PictureView(QWidget):
    """One picture as large as whole factors allow; it can be copied, saved and dragged out."""

    def __init__(self, empty: str = "", *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = empty
        self._array: Pixels | None = None
        self._image: QImage | None = None
        self._press: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(48, 48)
        self.setAccessibleName(name or tr("Picture"))
        on_theme(self._retint)

    def set_picture(self, array: npt.NDArray[Any] | None) -> None:
        """Show ``(H, W)`` or ``(H, W, 3)`` uint8, or the empty sentence for None."""
        self._array = None if array is None else as_pictures(np.asarray(array)[None])
        self._retint(current_theme())

    def set_empty(self, sentence: str) -> None:
        """Change the sentence of the empty state."""
        self._empty = sentence
        self.update()

    @property
    def image(self) -> QImage | None:
        """The picture shown, one image pixel a pixel."""
        return self._image

    def _retint(self, theme: Theme) -> None:
        self._image = None if self._array is None else picture_image(self._array[:1], theme)
        self.update()

    def sizeHint(self) -> QSize:
        """A square of 256 px."""
        return QSize(256, 256)

    def picture_rect(self, ratio: float | None = None) -> QRectF:
        """Where the picture lies, in widget coordinates."""
        if self._image is None:
            return QRectF(self.rect())
        ratio = ratio or self.devicePixelRatioF()
        factor = whole_factor(self.size(), self._image.width(), self._image.height(), ratio, 512)
        width, height = (self._image.width() * factor, self._image.height() * factor)
        left = snap((self.width() - width / ratio) / 2, ratio)
        top = snap((self.height() - height / ratio) / 2, ratio)
        return QRectF(left, top, width / ratio, height / ratio)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, or the sentence."""
        painter = QPainter(self)
        smooth(painter)
        if self._image is None:
            if self._empty:
                paint_sentence(painter, QRectF(self.rect()), self._empty)
            return
        rect = self.picture_rect(device_ratio(painter))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawImage(rect, self._image)
        theme = current_theme()
        if not theme.dark:
            painter.setPen(theme.color("strong"))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def copy(self) -> None:
        """Put the picture on the clipboard, pixel for pixel."""
        if self._image is not None:
            copy_image(self._image)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl C copies."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy and save."""
        image = self._image
        if image is None:
            return
        picture_menu(
            self,
            [
                (tr("Copy picture"), "copy", self.copy),
                (tr("Save picture…"), "save", lambda: save_image(self, image)),
            ],
        ).popup(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a drag."""
        self._press = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the picture out to another window or program."""
        if self._press is None or self._image is None:
            return
        moved = (event.position() - self._press).manhattanLength()
        if moved < QApplication.startDragDistance():
            return
        self._press = None
        data = QMimeData()
        data.setImageData(self._image)
        drag = QDrag(self)
        drag.setMimeData(data)
        side = QSize(64, 64)
        drag.setPixmap(QPixmap.fromImage(self._image.scaled(side)))
        drag.exec(Qt.DropAction.CopyAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press is over."""
        self._press = None
