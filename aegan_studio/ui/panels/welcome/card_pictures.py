"""What the cards of demos show: real points, pictures and codes of the bundled run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from safetensors import SafetensorError
from safetensors.numpy import load

from aegan_studio.catalog.demos import CARD, Demo, damaged
from aegan_studio.ui.panels.samples import paint_pictures
from aegan_studio.ui.theme import Theme
from aegan_studio.ui.widgets.painting import disc, fill_round, ring, snap
from aegan_studio.ui.widgets.pictures import as_pictures, picture_image, whole_factor

Arrays = Mapping[str, npt.NDArray[Any]]
Painter = Callable[[QPainter, QRectF, Arrays, float, Theme], None]

MAX_BYTES = 1_000_000
_POINTS = ("real", "made", "cured", "codes")
_FADERS = ("reconstruction", "code", "generated", "latent_critic")
_HEIGHTS = (0.92, 0.2, 0.55, 0.38)
"""Where the faders of the mixer's card stand: on the way from one end to the other."""


def read_card(demo: Demo) -> Arrays:
    """What a demo's card shows, checked: points (n, 2), labels (n,), pictures (n, H, W[, 3]).

    Raises
    ------
    StudioError
        The file is missing or damaged.
    """
    path = demo.folder / CARD
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError
        arrays = load(path.read_bytes())
        for name, array in arrays.items():
            _check(name, array)
        if not set(_NEEDS[demo.card]) <= arrays.keys():
            raise ValueError
    except (OSError, ValueError, KeyError, SafetensorError):
        raise damaged(demo.name, CARD) from None
    return arrays


def _check(name: str, array: npt.NDArray[Any]) -> None:
    if not 0 < len(array) <= 5000:
        raise ValueError
    if name in _POINTS:
        if array.shape[1:] != (2,) or not np.isfinite(array).all():
            raise ValueError
    elif name == "labels":
        if array.ndim != 1:
            raise ValueError
    else:
        as_pictures(array)


def paint_card(
    painter: QPainter, rect: QRectF, card: str, arrays: Arrays, ratio: float, theme: Theme
) -> None:
    """Paint the picture of a card into ``rect``."""
    _PAINTERS[card](painter, rect, arrays, ratio, theme)


def _points(painter: QPainter, rect: QRectF, arrays: Arrays, ratio: float, theme: Theme) -> None:
    """The ring twice: collapsed, and cured."""
    del ratio
    side = min(rect.height() - 24, rect.width() / 2 - 40)
    for share, made in ((0.26, arrays["made"]), (0.74, arrays["cured"])):
        middle = QPointF(rect.left() + share * rect.width(), rect.center().y())
        pane = QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)
        _dots(painter, pane, arrays["real"], theme.color("real", 0.55), 1.3)
        _dots(painter, pane, made, theme.color("generated"), 1.5, square=True)
    middle = QPointF(rect.center())
    pen = QPen(theme.color("text3"), 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawLine(middle - QPointF(9, 0), middle + QPointF(9, 0))
    painter.drawLine(middle + QPointF(4, -5), middle + QPointF(9, 0))
    painter.drawLine(middle + QPointF(4, 5), middle + QPointF(9, 0))


def _dots(
    painter: QPainter,
    pane: QRectF,
    points: npt.NDArray[Any],
    color: QColor,
    radius: float,
    *,
    square: bool = False,
) -> None:
    """Points of a ring of radius 1 in a pane."""
    pen = QPen(color, 2 * radius)
    pen.setCapStyle(Qt.PenCapStyle.SquareCap if square else Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    scale = pane.width() / 2.5
    centre = pane.center()
    inside = points[np.abs(points).max(axis=1) < 1.35].tolist()
    painter.drawPoints([centre + QPointF(x * scale, -y * scale) for x, y in inside])


def _mixer(painter: QPainter, rect: QRectF, arrays: Arrays, ratio: float, theme: Theme) -> None:
    """Faders at work, and what they lead to."""
    left = QRectF(rect.left() + 20, rect.top() + 22, rect.width() * 0.36, rect.height() - 44)
    for index, (role, height) in enumerate(zip(_FADERS, _HEIGHTS, strict=True)):
        x = left.left() + (index + 0.5) * left.width() / len(_FADERS)
        groove = QRectF(x - 2, left.top(), 4, left.height())
        fill_round(painter, groove, 2, theme.hairline)
        y = left.bottom() - height * left.height()
        fill_round(painter, QRectF(x - 2, y, 4, left.bottom() - y), 2, theme.role(role))
        knob = QRectF(x - 9, y - 6, 18, 12)
        fill_round(painter, knob, 4, theme.surface if not theme.dark else theme.text2)
        painter.setPen(QPen(theme.color("edge"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(knob, 4, 4)
    right = QRectF(left.right() + 14, rect.top(), rect.right() - left.right() - 28, rect.height())
    paint_pictures(painter, right.adjusted(0, 16, 0, -16), arrays["made"], ratio, theme, rows=3)


def _map(painter: QPainter, rect: QRectF, arrays: Arrays, ratio: float, theme: Theme) -> None:
    """Codes in the colours of their classes, filling the picture."""
    del ratio
    codes, labels = arrays["codes"], arrays["labels"]
    low, high = np.quantile(codes, 0.005, axis=0), np.quantile(codes, 0.995, axis=0)
    span = np.maximum(high - low, 1e-6)
    inner = rect.adjusted(14, 10, -14, -10)
    places = (codes - low) / span
    for label in np.unique(labels):
        pen = QPen(QColor(theme.class_color(int(label))), 3.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        mine = places[labels == label].tolist()
        painter.drawPoints(
            [
                QPointF(inner.left() + x * inner.width(), inner.bottom() - y * inner.height())
                for x, y in mine
            ]
        )


def _walk(painter: QPainter, rect: QRectF, arrays: Arrays, ratio: float, theme: Theme) -> None:
    """Frames along a line that rises and falls; the stops are framed."""
    frames = as_pictures(arrays["frames"])
    count, height, width = len(frames), frames.shape[1], frames.shape[2]
    stops = set(range(0, count, 3))
    pitch = (rect.width() - 24) / len(stops)
    factor = whole_factor(QSize(int(pitch * 0.72), int(rect.height())), width, height, ratio)
    side = width * factor / ratio
    shown = sorted(stops)
    places = []
    for index in range(len(shown)):
        x = rect.left() + 12 + (index + 0.5) * pitch
        y = rect.center().y() + (18 if index % 2 else -18)
        places.append(QPointF(snap(x - side / 2, ratio), snap(y - side / 2, ratio)))
    middle = QPointF(side / 2, side / 2)
    painter.setPen(QPen(theme.color("accent"), 2))
    painter.drawPolyline([place + middle for place in places])
    small = max(1.0, factor * 0.34 // 1) / ratio * width
    for index, (here, there) in enumerate(pairwise(places)):
        for step in (1, 2):
            between = here + (there - here) * (step / 3) + middle
            frame = frames[min(index * 3 + step, count - 1)]
            left, top = (snap(at - small / 2, ratio) for at in (between.x(), between.y()))
            image = picture_image(frame, theme)
            painter.drawImage(QRectF(left, top, small, small), image)
    for place, index in zip(places, shown, strict=True):
        spot = QRectF(place.x(), place.y(), side, side)
        painter.drawImage(spot, picture_image(frames[index], theme))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(spot.adjusted(-2, -2, 2, 2))
    disc(painter, places[0] + middle * 2 + QPointF(1, 1), 4, theme.accent)
    ring(painter, places[-1] + middle * 2 + QPointF(1, 1), 4, theme.accent, 2)


def _classes(painter: QPainter, rect: QRectF, arrays: Arrays, ratio: float, theme: Theme) -> None:
    """A column for each class that was asked for."""
    paint_pictures(
        painter, rect.adjusted(14, 16, -14, -16), arrays["pictures"], ratio, theme, rows=3, gap=3
    )


def _restored(painter: QPainter, rect: QRectF, arrays: Arrays, ratio: float, theme: Theme) -> None:
    """Spoilt patches above, restored ones below."""
    count = 6
    above = np.concatenate([arrays["noisy"][: count // 2], arrays["cut"][: count // 2]])
    below = np.concatenate([arrays["denoised"][: count // 2], arrays["filled"][: count // 2]])
    paint_pictures(
        painter,
        rect.adjusted(10, 14, -10, -14),
        np.ascontiguousarray(np.concatenate([above, below])),
        ratio,
        theme,
        rows=2,
        gap=6,
    )


_PAINTERS: Mapping[str, Painter] = {
    "points": _points,
    "mixer": _mixer,
    "map": _map,
    "walk": _walk,
    "classes": _classes,
    "restored": _restored,
}
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "points": ("real", "made", "cured"),
    "mixer": ("made",),
    "map": ("codes", "labels"),
    "walk": ("frames",),
    "classes": ("pictures",),
    "restored": ("noisy", "denoised", "cut", "filled"),
}
"""The arrays that each kind of card is drawn from."""
