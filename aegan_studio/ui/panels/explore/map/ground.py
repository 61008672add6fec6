"""The tiles behind the map as one picture that scrolls with it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from aegan_studio.ui.panels.explore.map.tiles import Cells, Ground
from aegan_studio.ui.theme import Theme
from aegan_studio.ui.widgets.scatter_view import MapView

STRETCH = 2.2
"""By how much a picture is scaled at most until it is drawn anew."""
_ALIGNED = 1e-3
"""Pixels by which a scrolled picture may be off a whole number of them."""


@dataclass(frozen=True, slots=True)
class _Look:
    theme: str
    opacity: float
    ratio: float
    width: int
    height: int


class GroundPicture:
    """Draws the ground: a pan scrolls it, a zoom scales it at once and draws it anew at rest."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._image: QImage | None = None
        self._look: _Look | None = None
        self._view = MapView()
        self._stale = True

    def spoil(self) -> None:
        """Tiles came or went: draw it anew."""
        self._stale = True

    def paint(
        self,
        painter: QPainter,
        rect: QRectF,
        view: MapView,
        theme: Theme,
        ratio: float,
        opacity: float,
        *,
        moving: bool,
        live: bool,
    ) -> bool:
        """Draw into the plane; false where it is not as it should be yet.

        Parameters
        ----------
        opacity : float
            Of the tiles upon the plane's colour, 0–1.
        moving : bool
            Whether the view moves: then a picture of another scale will do for now.
        live : bool
            Whether another frame can follow.
        """
        if not live:
            painter.setOpacity(opacity)
            self._ground.paint(painter, rect, view, theme, ratio)
            painter.setOpacity(1.0)
            return True
        width, height = round(rect.width() * ratio), round(rect.height() * ratio)
        look = _Look(theme.name, opacity, ratio, max(width, 1), max(height, 1))
        usable = self._image is not None and look == self._look and not self._stale
        if not usable or not self._shows(rect, view, theme, look):
            if moving and self._image is not None and look == self._look and self._near(view):
                self._paint_scaled(painter, rect, view)
                return False
            self._draw(rect, view, theme, look)
        assert self._image is not None
        painter.drawImage(rect.topLeft(), self._image)
        return True

    def lay(self, rect: QRectF, theme: Theme, cells: Cells) -> None:
        """Some tiles came: draw them into the picture."""
        look, image = self._look, self._image
        if look is None or image is None or self._stale or look.theme != theme.name:
            self._stale = True
            return
        painter = _painter(image, rect, look.opacity)
        done = self._ground.paint_cells(painter, rect, self._view, theme, look.ratio, cells)
        painter.end()
        self._stale = not done

    def _shows(self, rect: QRectF, view: MapView, theme: Theme, look: _Look) -> bool:
        """Whether the picture is that of the view, perhaps after scrolling."""
        if view == self._view:
            return True
        return view.scale == self._view.scale and self._scroll(rect, view, theme, look)

    def _near(self, view: MapView) -> bool:
        grown = view.scale / self._view.scale
        return 1.0 / STRETCH < grown < STRETCH

    def _draw(self, rect: QRectF, view: MapView, theme: Theme, look: _Look) -> None:
        image = self._fresh(theme, look)
        painter = _painter(image, rect, look.opacity)
        self._ground.paint(painter, rect, view, theme, look.ratio)
        painter.end()
        self._image, self._look, self._view, self._stale = image, look, view, False

    def _fresh(self, theme: Theme, look: _Look) -> QImage:
        image = QImage(look.width, look.height, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(look.ratio)
        image.fill(theme.color("sunken" if theme.dark else "surface"))
        return image

    def _scroll(self, rect: QRectF, view: MapView, theme: Theme, look: _Look) -> bool:
        """Move the picture by whole pixels and draw what came into view."""
        step = view.scale * look.ratio
        right, down = (self._view.x - view.x) * step, (view.y - self._view.y) * step
        dx, dy = round(right), round(down)
        aligned = max(abs(right - dx), abs(down - dy)) <= _ALIGNED
        if not aligned or abs(dx) >= look.width or abs(dy) >= look.height:
            return False
        assert self._image is not None
        image = self._fresh(theme, look)
        painter = _painter(image, rect, 1.0)
        shift = QPointF(dx / look.ratio, dy / look.ratio)
        painter.drawImage(rect.topLeft() + shift, self._image)
        painter.setOpacity(look.opacity)
        for strip in _strips(rect, shift):
            painter.setClipRect(strip)
            self._ground.paint(painter, rect, view, theme, look.ratio, strip)
        painter.end()
        self._image, self._view = image, view
        return True

    def _paint_scaled(self, painter: QPainter, rect: QRectF, view: MapView) -> None:
        assert self._image is not None
        mine, grown = self._view, view.scale / self._view.scale
        middle = rect.center() + QPointF(
            (mine.x - view.x) * view.scale, (view.y - mine.y) * view.scale
        )
        width, height = rect.width() * grown, rect.height() * grown
        spot = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
        painter.drawImage(spot, self._image)


def _painter(image: QImage, rect: QRectF, opacity: float) -> QPainter:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.translate(-rect.topLeft())
    painter.setOpacity(opacity)
    return painter


def _strips(rect: QRectF, shift: QPointF) -> list[QRectF]:
    """What a move by ``shift`` brings into a rectangle."""
    dx, dy = shift.x(), shift.y()
    strips = []
    if dx:
        left = rect.left() if dx > 0 else rect.right() + dx
        strips.append(QRectF(left, rect.top(), abs(dx), rect.height()))
    if dy:
        top = rect.top() if dy > 0 else rect.bottom() + dy
        strips.append(QRectF(rect.left(), top, rect.width(), abs(dy)))
    return strips
