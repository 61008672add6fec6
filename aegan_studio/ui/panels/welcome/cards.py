"""The cards of the welcome page: a recipe with a picture of its data, and a recent run."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from PySide6.QtCore import QDate, QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from aegan_studio.catalog.models import nearest
from aegan_studio.catalog.recipes import Recipe
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import METHODS, NamedModel
from aegan_studio.i18n import tr
from aegan_studio.runs.library import RunSummary
from aegan_studio.ui.icons import device_ratio, paint_icon
from aegan_studio.ui.panels.samples import paint_pictures, paint_points
from aegan_studio.ui.panels.welcome.card import SIDE, Card
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
    draw_text,
    fill_round,
    smooth,
    text_width,
)

PICTURE = 112
"""Height of the picture, in pixels."""


class RecipeCard(Card):
    """One recipe: a picture of its data, its title, and what there is to see."""

    def __init__(
        self, recipe: Recipe, experiment: Experiment, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            tr(recipe.title),
            tr(recipe.help),
            picture=PICTURE,
            top=PICTURE + 38,
            lines=2,
            wide=280,
            least=200,
            parent=parent,
        )
        self.recipe, self.experiment = recipe, experiment
        self._samples: Samples | None = None
        self.setAccessibleDescription(tr(recipe.help))
        self.setToolTip(tr(recipe.help))

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

    def paint_picture(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Samples of the data."""
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

    def paint_words(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Title and model, and what there is to see."""
        method, font = tr(self.model.label), ui_font(NOTE)
        words = rect.adjusted(SIDE, PICTURE + 13, -SIDE, 0)
        first = QRectF(words.left(), words.top(), words.width(), 22)
        room = first.adjusted(0, 0, -text_width(method, font) - 10, 0)
        title = ui_font(HEADING, 600)
        if text_width(self.text(), title) > room.width():
            room = first  # the title matters more than the method, which the filter tells
        else:
            draw_text(painter, first, method, theme.text2, font, RIGHT)
        draw_text(painter, room, self.text(), theme.text, title, LEFT)
        self.paint_help(painter, words, theme)


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
