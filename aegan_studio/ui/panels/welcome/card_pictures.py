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
from aegan_studio.ui.widgets.painting import fill_round, snap
from aegan_studio.ui.widgets.pictures import as_pictures, picture_image, whole_factor

Arrays = Mapping[str, npt.NDArray[Any]]
Painter = Callable[[QPainter, QRectF, Arrays, float, Theme], None]

MAX_BYTES = 1_000_000
BETWEEN = 2
"""Frames between two stops of a walk's card."""
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
    paint_pictures(painter, right.adjusted(0, 16, 0, -16), arrays["samples"], ratio, theme, rows=3)


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
    stops = range(0, count, BETWEEN + 1)
    pitch = (rect.width() - 24) / len(stops)
    large = whole_factor(QSize(int(pitch * 0.66), int(rect.height())), width, height, ratio) / ratio
    small = max(1.0, large * ratio * 0.45 // 1) / ratio
    rise = rect.height() * 0.25
    middles = [
        QPointF(
            rect.left() + 12 + (index + 0.5) * pitch,
            rect.center().y() + (rise if index % 2 else -rise),
        )
        for index in range(len(stops))
    ]
    painter.setPen(QPen(theme.color("accent"), 2))
    painter.drawPolyline(middles)
    for index, (here, there) in enumerate(pairwise(middles)):
        for step in range(1, BETWEEN + 1):
            middle = here + (there - here) * (step / (BETWEEN + 1))
            frame = frames[index * (BETWEEN + 1) + step]
            painter.drawImage(_square(middle, small * width, ratio), picture_image(frame, theme))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for middle, index in zip(middles, stops, strict=True):
        spot = _square(middle, large * width, ratio)
        painter.drawImage(spot, picture_image(frames[index], theme))
        painter.drawRect(spot.adjusted(-1, -1, 1, 1))


def _square(middle: QPointF, side: float, ratio: float) -> QRectF:
    """A square on whole device pixels."""
    left, top = (snap(at - side / 2, ratio) for at in (middle.x(), middle.y()))
    return QRectF(left, top, side, side)


def _classes(painter: QPainter, rect: QRectF, arrays: Arrays, ratio: float, theme: Theme) -> None:
    """A column for each class that was asked for, a row for each handwriting."""
    _grid(painter, rect.adjusted(14, 12, -14, -12), arrays["pictures"], 10, ratio, theme, gap=2)


def _restored(painter: QPainter, rect: QRectF, arrays: Arrays, ratio: float, theme: Theme) -> None:
    """Spoilt patches above, restored ones below."""
    names = (("noisy", 2), ("cut", 2), ("denoised", 2), ("filled", 2))
    pictures = np.concatenate([arrays[name][:count] for name, count in names])
    _grid(painter, rect.adjusted(8, 10, -8, -10), pictures, 4, ratio, theme, gap=6)


def _grid(
    painter: QPainter,
    rect: QRectF,
    pictures: npt.NDArray[Any],
    columns: int,
    ratio: float,
    theme: Theme,
    *,
    gap: int,
) -> None:
    """All pictures in rows of so many, as large as whole pixels allow, in the midst."""
    shown = as_pictures(pictures)
    height, width = shown.shape[1:3]
    rows = -(-len(shown) // columns)
    room = QSize(
        int((rect.width() - gap * (columns - 1)) / columns),
        int((rect.height() - gap * (rows - 1)) / rows),
    )
    factor = whole_factor(room, width, height, ratio) / ratio
    across, down = width * factor + gap, height * factor + gap
    left = snap(rect.center().x() - (columns * across - gap) / 2, ratio)
    top = snap(rect.center().y() - (rows * down - gap) / 2, ratio)
    for index, picture in enumerate(shown):
        row, column = divmod(index, columns)
        spot = QRectF(left + column * across, top + row * down, width * factor, height * factor)
        painter.drawImage(spot, picture_image(picture, theme))


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
    "mixer": ("samples",),
    "map": ("codes", "labels"),
    "walk": ("frames",),
    "classes": ("pictures",),
    "restored": ("noisy", "denoised", "cut", "filled"),
}
"""The arrays that each kind of card is drawn from."""
