"""The current code: what it decodes to, its numbers, and the data most like it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer, describe_code
from aegan_studio.ui.latent.messages import (
    Array,
    Charted,
    Decoded,
    Floats,
    Found,
    Loaded,
    Sheeted,
    Walked,
)
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.item_strip import ItemStrip
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.theme import BODY, TICK, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.formula import FormulaLabel
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.numbers import MINUS
from aegan_studio.ui.widgets.painting import CENTRE, RIGHT, draw_text, smooth
from aegan_studio.ui.widgets.pictures import PictureView, copy_image, save_image

WORDS_FROM = 310
"""Width of the panel from which each button has room for its word."""
NEAREST_FROM = 430
"""Height of the panel from which the nearest items have room."""


class PlaneView(QWidget):
    """The plane of 2-D data: its points, the decoded sheet and walk, and the current point."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.depiction = Depiction(np.zeros((1, 2)))
        self._point: Array | None = None
        self._path: Array | None = None
        self._sheet: Sheeted | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 120)
        self.setAccessibleName(tr("Plane of the data"))
        on_theme(self._retint)

    def set_data(self, points: Array) -> None:
        """Show the data's points (n, 2)."""
        self.depiction = Depiction(points)
        self._point = self._path = self._sheet = None
        self.update()

    def set_point(self, point: Array) -> None:
        """Show where the current code leads."""
        self._point = point
        self.update()

    def set_path(self, points: Array | None) -> None:
        """Show where the walk leads."""
        self._path = points
        self.update()

    def set_sheet(self, sheet: Sheeted | None) -> None:
        """Show where a grid of codes leads, as a mesh."""
        self._sheet = sheet
        self.update()

    def _retint(self, _theme: object) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        """A square of 256 px."""
        return QSize(256, 256)

    def square(self) -> QRectF:
        """Where the plane lies, beside its ticks."""
        side = min(self.width() - 34, self.height() - 20)
        left = (self.width() - 34 - side) / 2 + 34
        return QRectF(round(left), round((self.height() - 20 - side) / 2), side, side)

    def image(self) -> QImage:
        """What is shown, to be copied or saved."""
        return self.grab().toImage()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the plane."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        square = self.square()
        painter.fillRect(square, theme.color("sunken"))
        self._paint_ticks(painter, square)
        painter.setClipRect(square)
        if self._sheet is not None:
            self.depiction.paint_mesh(
                painter, square, self._sheet.items, self._sheet.columns, self._sheet.rows
            )
        self.depiction.paint_cloud(painter, square, theme, 1.8)
        if self._path is not None:
            self.depiction.paint_path(painter, square, self._path)
        if self._point is not None:
            painter.setClipping(False)
            self.depiction.paint_point(painter, square, self._point, 5.5)

    def _paint_ticks(self, painter: QPainter, square: QRectF) -> None:
        theme, bounds = current_theme(), self.depiction.bounds
        step = 10.0 ** np.floor(np.log10(bounds.width() / 2))
        step = step if bounds.width() / step < 6 else 2 * step
        for start, length, upright in (
            (bounds.left(), bounds.width(), False),
            (bounds.top(), bounds.height(), True),
        ):
            for value in np.arange(np.ceil(start / step), (start + length) / step) * step:
                text = f"{value:g}".replace("-", MINUS)
                at = self.depiction.place(np.array((value, value)), square)
                painter.setPen(theme.color("hairline"))
                if upright:
                    painter.drawLine(QLineF(square.left(), at.y(), square.right(), at.y()))
                    spot, align = QRectF(square.left() - 36, at.y() - 8, 30, 16), RIGHT
                else:
                    painter.drawLine(QLineF(at.x(), square.top(), at.x(), square.bottom()))
                    spot, align = QRectF(at.x() - 20, square.bottom() + 3, 40, 16), CENTRE
                draw_text(painter, spot, text, theme.text3, ui_font(TICK), align)


class _Rule(QWidget):
    """A hairline across a panel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(9)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        painter.fillRect(QRectF(0, 4, self.width(), 1), current_theme().color("hairline"))


class CodePage(Page):
    """The decoded picture or point of the current code, with random codes and undo."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(12, 0, 12, 10), parent=parent)
        self._explorer = explorer
        self._middles: tuple[list[str], Floats] | None = None
        self._codes: Array | None = None
        self.back = IconButton("undo", tr("Take the last move back"))
        self.back.setEnabled(False)
        self.share = IconButton("export", tr("Copy or save the picture"))
        self.add_action(self.back)
        self.add_action(self.share)
        self.picture = PictureView(
            tr("Train a model first: what a code decodes to appears here."),
            name=tr("Picture of the current code"),
        )
        self.plane = PlaneView()
        views = QWidget()
        self._views = QStackedLayout(views)
        self._views.addWidget(self.picture)
        self._views.addWidget(self.plane)
        self.add(views, 1)
        self.add(self._build_reading())
        self.add(self._build_buttons())
        self._nearest_parts = self._build_nearest()
        self._connect()
        self._on_loaded(explorer.model)

    def _build_reading(self) -> QHBoxLayout:
        self.reading = Label("", size=BODY, weight=500, elide=True)
        self.likeness = Label("", tone="text2")
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(FormulaLabel("z", size=15, tone="code"))
        row.addWidget(self.reading, 1)
        row.addWidget(self.likeness)
        return row

    def _build_buttons(self) -> QHBoxLayout:
        self.random = Button(
            tr("Random"),
            icon="dice",
            tooltip=tr("Go to a random code; each press takes the next seed."),
        )
        self.seed = NumberField(
            self._explorer.seed, lo=0, integer=True, unit=tr("seed"), name=tr("Seed")
        )
        self.seed.setToolTip(tr("The seed of the random code: the same seed gives the same code."))
        self.reset = Button(
            tr("Centre"),
            icon="axes",
            tooltip=tr("Centre: go to the middle of the codes; locked values stay."),
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.random, 3)
        row.addWidget(self.seed, 3)
        row.addWidget(self.reset, 3)
        return row

    def _build_nearest(self) -> tuple[QWidget, ...]:
        title = QWidget()
        head = QHBoxLayout(title)
        head.setContentsMargins(2, 0, 2, 0)
        self._nearest_title = Label(tr("Nearest training data"), weight=600)
        self._measure = Label("", tone="text2")
        head.addWidget(self._nearest_title, 1)
        head.addWidget(self._measure)
        self.nearest = ItemStrip(name=tr("Nearest training data"), tall=54, thin="end")
        self.nearest.setToolTip(
            tr("The training items most like this picture. Click one to go to its code.")
        )
        rule = _Rule()
        parts = (rule, title, self.nearest)
        for part in parts:
            self.add(part)
        return parts

    def _connect(self) -> None:
        explorer = self._explorer
        self.random.clicked.connect(lambda: explorer.draw())
        self.seed.value_changed.connect(lambda seed: explorer.draw(int(seed)))
        self.reset.clicked.connect(explorer.recenter)
        self.back.clicked.connect(explorer.back)
        self.share.clicked.connect(self._open_menu)
        self.nearest.picked.connect(self._go_to_nearest)
        explorer.loaded.connect(self._on_loaded)
        explorer.code_changed.connect(self._on_code)
        explorer.picture_changed.connect(self._on_picture)
        explorer.charted.connect(self._on_chart)
        explorer.seed_changed.connect(self.seed.set_value)
        explorer.history_changed.connect(lambda: self.back.setEnabled(explorer.can_go_back))
        explorer.found.connect(self._on_found)
        explorer.walked.connect(self._on_walk)
        explorer.sheet_changed.connect(self._on_sheet)

    # What arrives

    def _on_loaded(self, model: Loaded | None) -> None:
        for widget in (self.random, self.seed, self.reset, self.share):
            widget.setEnabled(model is not None)
        if model is None:
            self._views.setCurrentWidget(self.picture)
            self.picture.set_picture(None)
            self.reading.setText("")
            self.likeness.setText("")
            self.nearest.set_items(None)
            self._middles = self._codes = None
        elif model.data is not None:
            if self._views.currentWidget() is not self.plane:
                self.plane.set_data(model.data)
                self._views.setCurrentWidget(self.plane)
        else:
            self._views.setCurrentWidget(self.picture)
        if model is not None:
            self.set_subtitle(tr("step {step:,}", step=model.step))
        self._show_nearest()

    def _on_code(self, code: Floats) -> None:
        self.reading.setText("= " + describe_code(code, 4))
        self.reading.setToolTip(describe_code(code, 64))
        self.likeness.setText(self._likeness(code))

    def _on_picture(self, picture: Decoded) -> None:
        if self._views.currentWidget() is self.plane:
            self.plane.set_point(picture.item)
        else:
            self.picture.set_picture(picture.item)

    def _on_walk(self, walk: Walked | None) -> None:
        if self._views.currentWidget() is self.plane:
            self.plane.set_path(None if walk is None else walk.items)

    def _on_sheet(self, sheet: Sheeted) -> None:
        if self._views.currentWidget() is self.plane:
            self.plane.set_sheet(sheet)

    def _on_found(self, found: Found) -> None:
        self._codes = found.codes
        captions = [f"{distance:.2f}" for distance in found.distances]
        model = self._explorer.model
        depiction = Depiction(model.data) if model is not None and model.data is not None else None
        self.nearest.set_items(found.items, captions=captions, depiction=depiction)

    def _on_chart(self, chart: Charted) -> None:
        self._middles = None
        model = self._explorer.model
        if chart.labels is None or model is None:
            return
        kinds = [int(kind) for kind in np.unique(chart.labels)]
        named = [tr(name) for name in model.classes]
        names = [named[kind] if kind < len(named) else str(kind) for kind in kinds]
        middles = [np.median(chart.codes[chart.labels == kind], axis=0) for kind in kinds]
        self._middles = names, np.stack(middles).astype(np.float64)
        if self._explorer.code.size:
            self._on_code(self._explorer.code)

    def _likeness(self, code: Floats) -> str:
        """Which classes' codes are near: one, or two that are about as far."""
        if self._middles is None or len(self._middles[0]) < 2:
            return ""
        names, middles = self._middles
        away = np.linalg.norm(middles - code, axis=1)
        first, second = (int(index) for index in np.argsort(away)[:2])
        if away[second] < 1.5 * away[first]:
            a, b = sorted((names[first], names[second]))
            return tr("between {a} and {b}", a=a, b=b)
        return tr("near {name}", name=names[first])

    # What a person does

    def _go_to_nearest(self, index: int) -> None:
        if self._codes is not None:
            self._explorer.move(self._codes[index])

    def shown_image(self) -> QImage | None:
        """The picture or the plane as it is shown."""
        if self._views.currentWidget() is self.plane:
            return self.plane.image()
        return self.picture.image

    def _open_menu(self) -> None:
        image = self.shown_image()
        if image is None:
            return
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.add(tr("Copy picture"), lambda: copy_image(image), icon_name="copy")
        menu.add(tr("Save picture…"), lambda: save_image(self, image, "code.png"), icon_name="save")
        menu.popup(self.share.mapToGlobal(self.share.rect().bottomLeft()))

    # Lay-out

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the picture takes it all, and buttons say less."""
        super().resizeEvent(event)
        self.reset.setText("" if event.size().width() < WORDS_FROM else tr("Centre"))
        self.reset.updateGeometry()
        self._show_nearest()

    def _show_nearest(self) -> None:
        model = self._explorer.model
        room = self.height() >= NEAREST_FROM and model is not None
        for part in self._nearest_parts:
            part.setVisible(room)
        if model is not None:
            self._measure.setText(
                tr("distance") if model.data is not None else tr("pixel distance")
            )
