"""Beside the table: the network drawn, what it makes untrained, and where its weights are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QSizePolicy, QToolTip, QWidget

from aegan_studio.experiment.options import describe
from aegan_studio.experiment.parts import NetworkOptions
from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.panels.layers.drawing import ShapeDrawing
from aegan_studio.ui.panels.samples import paint_pictures, paint_points
from aegan_studio.ui.theme import BODY, NOTE, Theme, current_theme, mix, ui_font
from aegan_studio.ui.widgets.choice import Choice
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.numbers import compact, format_number
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    LEFT,
    RIGHT,
    dashed_round,
    draw_text,
    fill_round,
    smooth,
    text_width,
)
from aegan_studio.ui.widgets.panels import Panel

BINS = 48


class UntrainedView(QWidget):
    """What the network makes before any training: pictures, points, or how its values spread."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._made: Any = None
        self._words = ""
        self._tone = "text2"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(66)
        self.setAccessibleName(tr("What it makes untrained"))

    @property
    def made(self) -> Any:
        """What is shown; ``None`` while there is nothing."""
        return self._made

    @property
    def words(self) -> str:
        """What is said in the place of a picture."""
        return self._words

    def show_made(self, made: Any, tone: str) -> None:
        """Show what was made, in the colour of its role."""
        self._made, self._words, self._tone = made, "", tone
        self.setFixedHeight(66)
        said = tr(
            "mean {mean}, spread {spread}",
            mean=format_number(made.mean, 2),
            spread=format_number(made.spread, 2),
        )
        self.setAccessibleDescription(said)
        self.setToolTip(
            tr(
                "Random inputs through the network with its first weights: {said}. A spread near 0 "
                "or far above 1 makes training slow to begin.",
                said=said,
            )
        )
        self.update()

    def say(self, words: str) -> None:
        """Show nothing, and say why."""
        self._made, self._words = None, words
        self.setAccessibleDescription(words)
        self.setToolTip("")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        if self._made is None:
            self._paint_waiting(painter, rect, theme)
        elif self._made.pictures is not None:
            ratio = device_ratio(painter)
            paint_pictures(painter, rect, self._made.pictures, ratio, theme, gap=6)
        elif self._made.values.shape[1] == 2:
            fill_round(painter, rect, 5, theme.sunken)
            ink = theme.color(self._tone)
            paint_points(painter, rect.adjusted(8, 8, -8, -8), self._made.values, ink)
        else:
            self._paint_spread(painter, rect, theme)

    def _paint_waiting(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        fill_round(painter, rect, 5, theme.sunken)
        dashed_round(painter, rect, 5, theme.strong)
        draw_text(painter, rect, self._words, theme.text2, ui_font(NOTE), CENTRE)

    def _paint_spread(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """How many values fall where: a histogram over four spreads to either side."""
        made = self._made
        fill_round(painter, rect, 5, theme.sunken)
        room = rect.adjusted(8, 8, -8, -18)
        low, high = np.quantile(made.values, [0.002, 0.998])
        reach = max(abs(float(low)), abs(float(high)), 1e-6)
        counts, _ = np.histogram(made.values, bins=BINS, range=(-reach, reach))
        most = max(int(counts.max()), 1)
        width = room.width() / BINS
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(theme.surface, theme.color(self._tone), 0.8))
        for place, count in enumerate(counts.tolist()):
            height = room.height() * count / most
            left = room.left() + place * width
            painter.drawRect(QRectF(left, room.bottom() - height, max(width - 1, 1), height))
        painter.fillRect(
            QRectF(room.center().x(), room.top(), 1, room.height()), theme.color("edge")
        )
        font, base = ui_font(10), QRectF(room.left(), room.bottom() + 1, room.width(), 14)
        text = format_number(reach, 2)
        draw_text(painter, base, "−" + text, theme.text3, font, LEFT)
        draw_text(painter, base, "0", theme.text3, font, CENTRE)
        draw_text(painter, base, text, theme.text3, font, RIGHT)


@dataclass(frozen=True, slots=True)
class Share:
    """The weights of one layer."""

    name: str
    weights: int


class WeightsBar(QWidget):
    """How a network's weights divide among its layers; the largest are named."""

    NAMED = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: tuple[Share, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(34)
        self.setAccessibleName(tr("Weights by layer"))

    @property
    def shares(self) -> tuple[Share, ...]:
        """What is shown."""
        return self._shares

    def show_shares(self, shares: Sequence[Share]) -> None:
        """Show these, those without weights left out."""
        self._shares = tuple(share for share in shares if share.weights)
        largest = sorted(self._shares, key=lambda share: -share.weights)[: self.NAMED]
        named = ", ".join(f"{share.name} {compact(share.weights)}" for share in largest)
        self.setAccessibleDescription(named)
        self.update()

    def _segments(self) -> list[tuple[Share, QRectF]]:
        total = sum(share.weights for share in self._shares)
        left, width = 0.0, self.width() - 2.0 * max(len(self._shares) - 1, 0)
        found = []
        for share in self._shares:
            size = max(width * share.weights / total, 1.5)
            found.append((share, QRectF(left, 2, size, 9)))
            left += size + 2
        return found

    def _color(self, share: Share, theme: Theme) -> QColor:
        """Stronger the more weights it has."""
        most = max(one.weights for one in self._shares)
        return mix(theme.surface, theme.accent, 0.3 + 0.7 * (share.weights / most))

    def event(self, event: QEvent) -> bool:
        """Say which layer is below the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            total = sum(share.weights for share in self._shares) or 1
            for share, rect in self._segments():
                if rect.adjusted(-1, -4, 1, 4).contains(QPointF(event.pos())):
                    text = tr(
                        "{layer}: {count} weights, {share:.0%}",
                        layer=share.name,
                        count=format_number(share.weights),
                        share=share.weights / total,
                    )
                    QToolTip.showText(event.globalPos(), text, self)
                    return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bar and the names of its largest parts."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        if not self._shares:
            fill_round(painter, QRectF(0, 2, self.width(), 9), 2, theme.raised)
            spot = QRectF(0, 17, self.width(), 16)
            draw_text(painter, spot, tr("No weights"), theme.text2, ui_font(NOTE), LEFT)
            return
        for share, rect in self._segments():
            fill_round(painter, rect, 1.5, self._color(share, theme))
        left, font = 0.0, ui_font(NOTE)
        for share in sorted(self._shares, key=lambda share: -share.weights)[: self.NAMED]:
            width = text_width(share.name, font)
            if left + 13 + width > self.width() + 1:
                break
            fill_round(painter, QRectF(left, 20, 8, 8), 2, self._color(share, theme))
            spot = QRectF(left + 13, 16, width + 2, 16)
            draw_text(painter, spot, share.name, theme.text2, font, LEFT, elide=False)
            left += width + 13 + 12


class SidePanel(Panel):
    """Drawing, first results, initial weights, and where the weights are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Shape"), tr("height is pixels, width channels"), parent=parent)
        self.drawing = ShapeDrawing()
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.drawing.setObjectName("scrolled")
        area.setWidget(self.drawing)
        self.untrained = UntrainedView()
        self.weights = WeightsBar()
        info = next(i for i in describe(NetworkOptions) if i.name == "initialisation")
        choices = [(key, tr(label)) for key, label in info.choices.items()]
        self.initialisation = Choice(choices, info.default, name=tr(info.label))
        self.initialisation.setFont(ui_font(BODY, 500))
        self.initialisation.setToolTip(tr(info.help))
        self.add(area, 1)
        self.add(_Rule())
        self.add(Label(tr("What it makes untrained"), size=BODY, weight=600))
        self.add(self.untrained)
        self._initial = line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        line.setSpacing(8)
        label = Label(tr(info.label), tone="text2")
        label.setToolTip(tr(info.help))
        line.addWidget(label, 1)
        self.initialisation.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        line.addWidget(self.initialisation)
        self.add(line)
        self.add(Label(tr("Weights by layer"), size=BODY, weight=600))
        self.add(self.weights)

    def set_narrow(self, narrow: bool) -> None:
        """Say less, in fewer pixels."""
        direction = QBoxLayout.Direction
        self._initial.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self._initial.setSpacing(4 if narrow else 8)
        self.set_title(self.title, "" if narrow else tr("height is pixels, width channels"))

    def sizeHint(self) -> QSize:
        """280 px wide."""
        return QSize(280, 500)


class _Rule(QWidget):
    """A hairline."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        QPainter(self).fillRect(self.rect(), current_theme().color("hairline"))
