"""Line icons: SVG drawn in ``currentColor``, tinted and rasterised at device pixels."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from aegan_studio.paths import resource
from aegan_studio.ui.theme import Theme, current_theme

_SIZES = (16, 20, 24, 32)


def icon_names() -> tuple[str, ...]:
    """The names of all bundled icons."""
    return tuple(sorted(path.stem for path in resource("icons").glob("*.svg")))


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def _raster(name: str, color: str, pixels: int) -> QImage:
    svg = _source(name).replace("currentColor", color)
    if name == "mark":
        svg = svg.replace("#56B4E9", color)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return image


def device_ratio(painter: QPainter) -> float:
    """Device pixels to a logical one, also where a widget is rendered into a picture."""
    return float(abs(painter.deviceTransform().determinant())) ** 0.5 or 1.0


def paint_icon(
    painter: QPainter, name: str, rect: QRectF, color: QColor | str, opacity: float = 1.0
) -> None:
    """Draw an icon centred in ``rect``, crisp at the painter's device pixel ratio."""
    ratio = device_ratio(painter)
    side = min(rect.width(), rect.height())
    image = _raster(name, QColor(color).name(), max(1, round(side * ratio)))
    corner = rect.center() - QPointF(side, side) / 2
    corner = QPointF(round(corner.x() * ratio) / ratio, round(corner.y() * ratio) / ratio)
    size = image.width() / ratio
    if opacity < 1.0:
        painter.save()
        painter.setOpacity(painter.opacity() * opacity)
    painter.drawImage(QRectF(corner.x(), corner.y(), size, size), image)
    if opacity < 1.0:
        painter.restore()


def icon_pixmap(name: str, size: int, color: QColor | str, ratio: float = 1.0) -> QPixmap:
    """One icon as a pixmap of ``size`` logical pixels."""
    pixmap = QPixmap.fromImage(_raster(name, QColor(color).name(), max(1, round(size * ratio))))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def icon(name: str, color: QColor | str | None = None) -> QIcon:
    """A QIcon for actions and menus; tinted as secondary text unless a colour is given."""
    tint = color if color is not None else current_theme().text2
    result = QIcon()
    for size in _SIZES:
        for ratio in (1.0, 2.0):
            result.addPixmap(icon_pixmap(name, size, tint, ratio))
    return result


def mark_color(theme: Theme) -> str:
    """The tint that gives the bow-tie mark its blue: the encoder's side."""
    return theme.real


def app_icon() -> QIcon:
    """The bow-tie mark as the window's icon, 16–256 px."""
    result = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(icon_pixmap("mark", size, "#2C93D6"))
    return result
