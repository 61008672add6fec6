"""The cards of the welcome page: a recipe with a picture of its data, and a recent run."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from PySide6.QtCore import QDate, QLocale, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from aegan_studio.catalog.models import nearest
from aegan_studio.catalog.recipes import Recipe
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import METHODS, NamedModel
from aegan_studio.i18n import tr
from aegan_studio.runs.library import RunSummary
from aegan_studio.ui.icons import device_ratio, paint_icon
from aegan_studio.ui.panels.samples import paint_pictures, paint_points
from aegan_studio.ui.theme import (
    BODY,
    HEADING,
    NOTE,
    Theme,
    current_theme,
    mix,
    ui_font,
)
from aegan_studio.ui.training.background import Samples
from aegan_studio.ui.widgets.hover import HoverFade
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.painting import (
    LEFT,
    RIGHT,
    disc,
    draw_text,
    fill_round,
    smooth,
    soft_shadow,
    stroke_round,
    text_width,
)

PICTURE = 112
RADIUS = 10.0
SIDE = 17
"""Pixels beside the words."""
TOP, BOTTOM = PICTURE + 38, 16
"""Pixels above the help, picture and title included, and below it."""
WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft


class RecipeCard(QAbstractButton):
    """One recipe: a picture of its data, its title, and what there is to see."""

    def __init__(
        self, recipe: Recipe, experiment: Experiment, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.recipe, self.experiment = recipe, experiment
        self._samples: Samples | None = None
        self._hover = HoverFade(self)
        self.setText(tr(recipe.title))
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(tr(recipe.help))
        self.setToolTip(tr(recipe.help))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setProperty("focusRadius", RADIUS)

    @cached_property
    def model(self) -> NamedModel:
        """The model that the recipe trains."""
        return nearest(self.experiment)[0]

    @property
    def has_picture(self) -> bool:
        """Whether the samples have come."""
        return self._samples is not None

    def show_samples(self, samples: Samples) -> None:
        """Draw these in the card's picture."""
        self._samples = samples
        self.update()

    def hasHeightForWidth(self) -> bool:
        """What there is to see takes as many lines as it needs."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The picture, the title and all lines; two at least, so that most are equally high."""
        words = QRect(0, 0, width - 2 * SIDE, 10_000)
        metrics = QFontMetrics(ui_font(BODY))
        lines = metrics.boundingRect(words, int(WRAPPED), tr(self.recipe.help)).height()
        return round(TOP + max(lines, 2 * metrics.lineSpacing()) + BOTTOM)

    def sizeHint(self) -> QSize:
        """As high as its words at the usual width."""
        return QSize(280, self.heightForWidth(280))

    def minimumSizeHint(self) -> QSize:
        """Room for a title and the shortest help; the layout asks what the width needs."""
        return QSize(200, round(TOP + 2 * QFontMetrics(ui_font(BODY)).lineSpacing() + BOTTOM))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -3)
        if self._hover.amount > 0:
            soft_shadow(painter, rect, RADIUS, 0.20 * self._hover.amount)
        fill_round(painter, rect, RADIUS, theme.surface)
        picture = QRectF(rect.left(), rect.top(), rect.width(), PICTURE)
        self._paint_picture(painter, picture, theme)
        line = theme.hairline if not theme.dark else theme.surface
        stroke_round(painter, rect, RADIUS, mix(line, theme.accent, self._hover.amount))
        words = QRectF(self.rect()).adjusted(SIDE, PICTURE + 13, -SIDE, -BOTTOM)
        self._paint_words(painter, words, theme)
        if self._hover.amount > 0:
            self._paint_play(painter, picture, theme)

    def _paint_picture(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        clip = QPainterPath()
        clip.addRoundedRect(rect.adjusted(0, 0, 0, RADIUS), RADIUS, RADIUS)
        painter.save()
        painter.setClipPath(clip, Qt.ClipOperation.IntersectClip)
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        painter.fillRect(rect, theme.color("sunken" if theme.dark else "raised"))
        samples = self._samples
        if samples is not None and samples.modality == "points":
            paint_points(painter, rect.adjusted(24, 14, -24, -14), samples.items, theme.real)
        elif samples is not None:
            ratio = device_ratio(painter)
            side = samples.items.shape[1]
            inner = rect.adjusted(16, 10, -16, -10)
            tall = {n: n * side * (int((inner.height() - 4 * n) / n) // side) for n in (2, 3)}
            rows = 3 if tall[3] > 0.8 * tall[2] else 2  # more pictures, unless they get tiny
            paint_pictures(painter, inner, samples.items, ratio, theme, rows=rows, gap=4)
        painter.restore()

    def _paint_words(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        method = tr(self.model.label)
        font = ui_font(NOTE)
        first = QRectF(rect.left(), rect.top(), rect.width(), 22)
        room = first.adjusted(0, 0, -text_width(method, font) - 10, 0)
        title = ui_font(HEADING, 600)
        if text_width(self.text(), title) > room.width():
            room = first  # the title matters more than the method, which the filter tells
        else:
            draw_text(painter, first, method, theme.text2, font, RIGHT)
        draw_text(painter, room, self.text(), theme.text, title, LEFT)
        painter.setPen(theme.color("text2"))
        painter.setFont(ui_font(BODY))
        below = QRectF(rect.left(), TOP, rect.width(), self.height() - TOP)
        painter.drawText(below, int(WRAPPED), tr(self.recipe.help))

    def _paint_play(self, painter: QPainter, picture: QRectF, theme: Theme) -> None:
        painter.save()
        painter.setOpacity(self._hover.amount)
        centre = picture.bottomRight() - QPointF(28, 20)
        disc(painter, centre, 18, theme.accent_fill)
        spot = QRectF(centre.x() - 8, centre.y() - 8, 16, 16)
        paint_icon(painter, "play", spot, theme.on_accent)
        painter.restore()


def when_text(when: datetime) -> str:
    """A time as people say it: today 14:20, yesterday, 3 May 2026."""
    local = when.astimezone()
    days = (datetime.now().astimezone().date() - local.date()).days
    if days == 0:
        return tr("today {time}", time=f"{local:%H:%M}")
    if days == 1:
        return tr("yesterday")
    date = QDate(local.year, local.month, local.day)
    return QLocale().toString(date, QLocale.FormatType.ShortFormat)


class RunRow(QAbstractButton):
    """A recent run: its preview, title, how far it came and when."""

    def __init__(self, run: RunSummary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run = run
        self._preview = QPixmap(str(run.preview)) if run.preview is not None else QPixmap()
        self._hover = HoverFade(self)
        known = METHODS[run.method].label if run.method in METHODS else run.method
        self.setText(tr(run.title) if run.title else tr(known))
        done = run.status == "finished"
        step = tr("step {step}", step=format_number(run.step))
        self._note = tr(
            "{state}, {when}", state=tr("finished") if done else step, when=when_text(run.when)
        )
        self.setAccessibleName(f"{self.text()}, {self._note}")
        self.setToolTip(str(run.path))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("focusRadius", 6.0)

    def sizeHint(self) -> QSize:
        """A picture of 48 px and two lines."""
        return QSize(250, 58)

    def minimumSizeHint(self) -> QSize:
        """The picture and a few letters."""
        return QSize(120, 58)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the row."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        ground = theme.hover if theme.dark else theme.raised
        if self._hover.amount > 0:
            clear = theme.color("hover", 0.0)
            fill_round(painter, rect, 6, mix(clear, ground, self._hover.amount))
        well = QRectF(5, 5, 48, 48)
        painter.fillRect(well, theme.color("sunken"))
        if self._preview.isNull():
            paint_icon(painter, "mark", well.adjusted(14, 14, -14, -14), theme.text3)
        else:
            painter.drawPixmap(well, self._preview, QRectF(self._preview.rect()))
        painter.setPen(theme.color("hairline"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(well.adjusted(0.5, 0.5, -0.5, -0.5))
        text = rect.adjusted(66, 9, -8, -9)
        first = QRectF(text.left(), text.top(), text.width(), 20)
        draw_text(painter, first, self.text(), theme.text, ui_font(HEADING, 500), LEFT)
        below = first.translated(0, 20)
        draw_text(painter, below, self._note, theme.text2, ui_font(BODY), LEFT)
