"""The drawing of a network: heights are pixels, widths channels; on the screen and as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QSizePolicy, QWidget

from aegan_studio.experiment.parts import Shape
from aegan_studio.files import write_atomically
from aegan_studio.i18n import tr
from aegan_studio.ui.theme import BODY, LIGHT, NOTE, Theme, current_theme, mix, ui_font
from aegan_studio.ui.widgets.painting import LEFT, RIGHT, Align, draw_text, smooth

GAP, LEAST_GAP = 26.0, 9.0
"""The room for an arrow between two shapes, and the least of it."""
BAR = 8.0
"""The height of a vector."""
LEAST = 12.0
"""The height of the smallest picture."""
WIDEST = 150.0
WORDS = 96.0
"""The room for words set flush left."""
EXPORT = QSize(420, 640)
"""The size of an exported drawing, unless it needs more."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One shape on the way through a network.

    Attributes
    ----------
    index : int
        The layer that makes it; −1 for the input.
    tone : str
        The colour of its role at both ends; empty in between.
    state : {"fine", "bad", "assumed"}
        Whether the layer fits, does not, or stands below one that does not.
    note : str
        What is wrong on the way to it.
    """

    index: int
    shape: Shape
    label: str = ""
    tone: str = ""
    state: str = "fine"
    note: str = ""


def size_text(shape: Shape) -> str:
    """A shape as it is shown; vectors with separators."""
    return f"{shape[0]:,}" if len(shape) == 1 else "×".join(str(side) for side in shape)


def natural_height(stages: Sequence[Stage]) -> float:
    """The height below which shapes could not be told apart."""
    heights = (BAR if len(stage.shape) < 3 else LEAST for stage in stages)
    return sum(heights) + LEAST_GAP * max(len(stages) - 1, 0)


def lay_out(stages: Sequence[Stage], room: QRectF) -> list[QRectF]:
    """The rectangle of each shape, the first at the top, all to one scale."""
    if not stages:
        return []
    spare = max(room.height() - natural_height(stages), 0.0)
    gap = min(GAP, LEAST_GAP + 0.45 * spare / max(len(stages) - 1, 1))
    gaps = [max(gap, GAP) if stage.state == "bad" else gap for stage in stages[1:]]
    free = room.height() - sum(gaps)
    sides = [stage.shape[-2] if len(stage.shape) == 3 else 0 for stage in stages]

    def heights(scale: float) -> list[float]:
        return [max(LEAST, scale * side**0.85) if side else BAR for side in sides]

    low, high = 0.0, 12.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(heights(middle)) <= free else (low, middle)
    tall = heights(min(low, 7.0))
    most_channels = max((s.shape[0] for s in stages if len(s.shape) == 3), default=1)
    most_values = max((math.prod(s.shape) for s in stages if len(s.shape) < 3), default=2)
    widest = min(WIDEST, room.width() * 0.58)
    centre = room.left() + widest / 2 + max(0.0, (room.width() - widest - 104) / 2)
    y = room.top() + max(0.0, (room.height() - sum(tall) - sum(gaps)) / 2)
    rects = []
    for stage, height, below in zip(stages, tall, (*gaps, 0.0), strict=True):
        if len(stage.shape) == 3:
            width = max(12.0, widest * 0.8 * math.sqrt(stage.shape[0] / most_channels))
        else:
            share = math.log2(math.prod(stage.shape) + 1) / math.log2(most_values + 1)
            width = max(8.0, widest * share**1.6)
        rects.append(QRectF(centre - width / 2, y, width, height))
        y += height + below
    return rects


def paint_drawing(
    painter: QPainter,
    room: QRectF,
    stages: Sequence[Stage],
    theme: Theme,
    hot: int = -2,
    align: Align = RIGHT,
) -> list[QRectF]:
    """Paint a network into ``room``; the shape made by layer ``hot`` stands out.

    With ``align`` to the left the words begin in a line, whatever font shows them later.
    """
    rects = lay_out(stages, room)
    for place, (stage, rect) in enumerate(zip(stages, rects, strict=True)):
        if place:
            _paint_arrow(painter, rects[place - 1], rect, stage, theme, room)
        _paint_shape(painter, rect, stage, theme, hot=stage.index == hot and hot >= -1)
        noted = place + 1 < len(stages) and stages[place + 1].state == "bad"
        _paint_words(painter, rect, stage, theme, room, rects, place, noted=noted, align=align)
    return rects


def _ink(stage: Stage, theme: Theme) -> QColor:
    if stage.state == "bad":
        return theme.color("error")
    if stage.state == "assumed":
        return theme.color("edge")
    return theme.color(stage.tone or "text2")


def _paint_shape(painter: QPainter, rect: QRectF, stage: Stage, theme: Theme, *, hot: bool) -> None:
    ink = _ink(stage, theme)
    if len(stage.shape) < 3:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink if stage.state != "assumed" else mix(ink, theme.surface, 0.45))
        painter.drawRoundedRect(rect, 3, 3)
        return
    fill = mix(theme.surface, ink, 0.16 if theme.dark else 0.12)
    painter.setBrush(mix(theme.surface, theme.accent, 0.35) if hot else fill)
    pen = QPen(theme.color("accent") if hot else ink, 1.5)
    if stage.state == "assumed":
        pen.setDashPattern([3.0, 2.5])
    painter.setPen(pen)
    painter.drawRoundedRect(rect.adjusted(0.75, 0.75, -0.75, -0.75), 2.5, 2.5)
    lines = min(stage.shape[0], int(rect.width() / 8))
    painter.setPen(QPen(mix(theme.surface, ink, 0.45), 1.0))
    for line in range(1, lines):
        x = round(rect.left() + rect.width() * line / lines) + 0.5
        painter.drawLine(QPointF(x, rect.top() + 2), QPointF(x, rect.bottom() - 2))


def _paint_arrow(
    painter: QPainter, above: QRectF, below: QRectF, stage: Stage, theme: Theme, room: QRectF
) -> None:
    bad = stage.state == "bad"
    ink = theme.color("error" if bad else "text3" if stage.state == "fine" else "edge")
    x, top, end = above.center().x(), above.bottom() + 3, below.top() - 3
    if end - top < 3:
        return
    pen = QPen(ink, 1.3)
    if bad:
        pen.setDashPattern([2.5, 2.5])
    painter.setPen(pen)
    painter.drawLine(QPointF(x, top), QPointF(x, end - (0 if bad else 3)))
    if bad:
        middle = (top + end) / 2
        painter.setPen(QPen(ink, 1.6))
        for sign in (-1, 1):
            painter.drawLine(QPointF(x - 3, middle - 3 * sign), QPointF(x + 3, middle + 3 * sign))
        spot = QRectF(x + 12, middle - 8, room.right() - x - 12, 16)
        if end - top >= 12:
            draw_text(painter, spot, stage.note, ink, ui_font(NOTE, 600), LEFT)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        tip = QPointF(x, end)
        painter.drawPolygon(QPolygonF([tip, tip + QPointF(-3, -5), tip + QPointF(3, -5)]))


def _paint_words(
    painter: QPainter,
    rect: QRectF,
    stage: Stage,
    theme: Theme,
    room: QRectF,
    rects: Sequence[QRectF],
    place: int,
    *,
    noted: bool,
    align: Align,
) -> None:
    top = (rects[place - 1].center().y() + rect.center().y()) / 2 if place else room.top() - 8
    if stage.state == "bad":
        top = rect.top() - 4
    last = place == len(rects) - 1
    end = room.bottom() + 8 if last else (rects[place + 1].center().y() + rect.center().y()) / 2
    if noted:  # what is wrong on the way to the next shape needs the room
        end = min(end, rect.bottom() + 8)
    if end - top < 12:
        return
    ink = theme.color("error") if stage.state == "bad" else theme.color("text")
    if stage.state == "assumed":
        ink = theme.color("text3")
    middle = rect.center().y()
    both = bool(stage.label) and end - top >= 32
    spot = QRectF(
        rect.right() + 6, middle - (16 if both else 8), room.right() - rect.right() - 6, 16
    )
    if align == LEFT:
        spot.setLeft(max(spot.left(), room.right() - WORDS))
    font = ui_font(BODY, 600 if stage.state != "assumed" else 400)
    draw_text(painter, spot, size_text(stage.shape), ink, font, align)
    if both:
        spot.translate(0, 15)
        soft = theme.color("text3" if stage.state == "assumed" else "text2")
        draw_text(painter, spot, stage.label, soft, ui_font(NOTE), align)


class ShapeDrawing(QWidget):
    """The drawing in the window: a click on a shape selects the layer that makes it."""

    layer_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stages: tuple[Stage, ...] = ()
        self._rects: list[QRectF] = []
        self._hot = -2
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Drawing of the network"))

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What is drawn."""
        return self._stages

    def show_stages(self, stages: Sequence[Stage]) -> None:
        """Draw another network."""
        self._stages = tuple(stages)
        self.setMinimumHeight(min(round(natural_height(stages)) + 16, 4000))
        self.setAccessibleDescription(" → ".join(size_text(stage.shape) for stage in stages))
        self.update()

    def set_hot(self, index: int) -> None:
        """Let the shape that a layer makes stand out."""
        if index != self._hot:
            self._hot = index
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the layer of the shape below the pointer."""
        for stage, rect in zip(self._stages, self._rects, strict=False):
            if rect.adjusted(-6, -4, 6, 4).contains(event.position()) and stage.index >= 0:
                self.layer_chosen.emit(stage.index)
                return

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        smooth(painter)
        room = QRectF(self.rect()).adjusted(2, 8, -2, -8)
        self._rects = paint_drawing(painter, room, self._stages, current_theme(), self._hot)


def export_size(stages: Sequence[Stage]) -> QSize:
    """Room for the whole drawing, its arrows included."""
    wanted = natural_height(stages) + (GAP - LEAST_GAP) * len(stages) + 120
    return QSize(EXPORT.width(), max(EXPORT.height(), round(wanted)))


def _paint_export(
    painter: QPainter, size: QSize, title: str, stages: Sequence[Stage], theme: Theme
) -> None:
    smooth(painter)
    whole = QRectF(0, 0, size.width(), size.height())
    painter.fillRect(whole, theme.color("surface"))
    head = QRectF(24, 20, size.width() - 48, 22)
    draw_text(painter, head, title, theme.text, ui_font(15, 600), LEFT)
    paint_drawing(painter, whole.adjusted(24, 64, -24, -28), stages, theme, align=LEFT)


def save_svg(path: Path, title: str, stages: Sequence[Stage]) -> None:
    """Write the drawing as SVG, in the light theme, for print and slides.

    Raises
    ------
    StudioError
        Where the file cannot be written.
    """
    size = export_size(stages)
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(96)  # pixels are those of the browser
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle(title)
    generator.setDescription(" → ".join(size_text(stage.shape) for stage in stages))
    painter = QPainter(generator)
    _paint_export(painter, size, title, stages, LIGHT)
    painter.end()
    write_atomically(path, bytes(buffer.data().data()))


def as_picture(title: str, stages: Sequence[Stage], theme: Theme, scale: float = 2.0) -> QImage:
    """The drawing as a picture of ``scale`` device pixels to a logical one."""
    size = export_size(stages)
    image = QImage(size * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    image.fill(theme.color("surface"))
    painter = QPainter(image)
    _paint_export(painter, size, title, stages, theme)
    painter.end()
    return image
