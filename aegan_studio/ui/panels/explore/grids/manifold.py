"""The manifold: what a grid over two values of the code decodes to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Array, Loaded, Trouble
from aegan_studio.ui.latent.walk_messages import Manifold, Manifolded
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.grids.sweeps_page import SheetPage
from aegan_studio.ui.panels.explore.grids.tile_paint import Head
from aegan_studio.ui.panels.explore.grids.tile_sheet import TileSheet
from aegan_studio.ui.theme import current_theme, on_theme
from aegan_studio.ui.widgets.choice import Choice
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.numbers import MINUS
from aegan_studio.ui.widgets.painting import smooth
from aegan_studio.ui.widgets.pictures import copy_image, save_image

SIDE = 13
SIDES = (3, 40)
"""Least and most pictures a row."""


class MeshView(QWidget):
    """The plane of 2-D data with the decoded grid as a mesh; its knots can be clicked."""

    picked = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._depiction = Depiction()
        self._points: Array | None = None
        self._current: Array | None = None
        self._side = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 120)
        self.setAccessibleName(tr("Mesh of the manifold"))
        on_theme(self._retint)

    def set_mesh(self, points: Array | None, side: int, depiction: Depiction) -> None:
        """Show decoded points (side · side, 2), rows from the top."""
        self._points, self._side, self._depiction = points, side, depiction
        self.update()

    def set_current(self, point: Array | None) -> None:
        """Show where the current code leads."""
        self._current = point
        self.update()

    def _retint(self, _theme: object) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        """A square of 320 px."""
        return QSize(320, 320)

    def square(self) -> QRectF:
        """Where the plane lies."""
        side = min(self.width(), self.height()) - 2
        return QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the data, the mesh and the current point."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        square = self.square()
        painter.fillRect(square, theme.color("sunken"))
        painter.setClipRect(square)
        if self._depiction.of_points:
            self._depiction.paint_cloud(painter, square, theme, 1.8)
        if self._points is not None:
            self._depiction.paint_mesh(painter, square, self._points, self._side, self._side)
            for point in self._points:
                self._depiction.paint_point(painter, square, point, 2.0)
        if self._current is not None:
            self._depiction.paint_point(painter, square, self._current, 5.5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the knot nearest to the pointer."""
        if event.button() == Qt.MouseButton.LeftButton and self._points is not None:
            self.picked.emit(*divmod(self._nearest(event.position()), self._side))

    def _nearest(self, at: QPointF) -> int:
        assert self._points is not None
        square = self.square()
        places = [self._depiction.place(point, square) - at for point in self._points]
        return int(np.argmin([place.x() ** 2 + place.y() ** 2 for place in places]))


class ManifoldPage(SheetPage):
    """An n × n grid over the quantiles of two values (arXiv 1312.6114, figure 4)."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(explorer, Manifold, parent=parent)
        self._shown: Manifolded | None = None
        self._names: tuple[object, ...] = ()
        self.across = Choice(name=tr("Value to the right"))
        self.across.setToolTip(tr("The value that grows to the right."))
        self.up = Choice(name=tr("Value upwards"))
        self.up.setToolTip(tr("The value that grows upwards."))
        self.side = NumberField(
            SIDE,
            lo=SIDES[0],
            hi=SIDES[1],
            integer=True,
            unit=tr("a side"),
            name=tr("Pictures a side"),
        )
        self.side.setToolTip(tr("How many pictures a row and a column. More make smaller ones."))
        self.add_menu(tr("Copy or save the sheet"))
        self.sheet = TileSheet(
            gap=1,
            empty=tr("What a grid over two values of the code decodes to appears here."),
            name=tr("Manifold"),
            tip=self._tip,
        )
        self.sheet.file_name = "manifold"
        self.mesh = MeshView()
        views = QWidget()
        self._views = QStackedLayout(views)
        self._views.addWidget(self.sheet)
        self._views.addWidget(self.mesh)
        self.add(views, 1)
        row = QHBoxLayout()
        row.setSpacing(6)
        for sign, choice in ((tr("across"), self.across), (tr("up"), self.up)):
            row.addWidget(Label(sign, tone="text2"))
            row.addWidget(choice, 3)
            row.addSpacing(6)
        row.addWidget(self.side, 2)
        self.add(row)
        self.across.value_changed.connect(self._on_across)
        self.up.value_changed.connect(self._on_up)
        self.side.value_changed.connect(self._on_side)
        self.side.value_dragged.connect(self._on_side)
        self.sheet.picked.connect(self._go)
        self.mesh.picked.connect(self._go)
        explorer.picture_changed.connect(self._on_picture)
        self.begin()

    # What is asked for and shown

    def request(self) -> Manifold | None:
        """The grid with the other values of the current code."""
        code, model = self._explorer.code, self._explorer.model
        if model is None or not code.size:
            return None
        across, up = (choice.value for choice in (self.across, self.up))
        if not isinstance(across, int) or not isinstance(up, int):
            across, up = 0, 1
        return Manifold(code, across, up, int(self.side.value or SIDE))

    def _on_code(self, code: object) -> None:
        """Codes of two values: the grid stays, only the mark moves."""
        model = self._explorer.model
        if model is not None and model.dimensions <= 2 and self._shown is not None:
            self._mark()
            return
        if self._shown is not None and self._only_here():
            self._mark()
            return
        super()._on_code(code)

    def _only_here(self) -> bool:
        """Whether the code differs from that of the grid in the grid's own two values alone."""
        assert self._shown is not None
        asked = self._shown.request
        if asked.code.shape != self._explorer.code.shape:
            return False
        off = self._explorer.code != asked.code
        off[[asked.across, asked.up]] = False
        return not off.any()

    def show_answer(self, answer: object) -> None:
        """Show the grid."""
        assert isinstance(answer, Manifolded)
        self._shown = answer
        side = answer.request.side
        if self.depiction.of_points:
            self._views.setCurrentWidget(self.mesh)
            self.mesh.set_mesh(answer.items, side, self.depiction)
            picture = self._explorer.picture
            self.mesh.set_current(None if picture is None else picture.item)
        else:
            self._views.setCurrentWidget(self.sheet)
            self.sheet.set_tiles(
                answer.items,
                side,
                side,
                row_heads=_heads(answer.down),
                column_heads=_heads(answer.right),
                depiction=self.depiction,
            )
        self._mark()
        self.set_subtitle(
            tr("over quantiles of the prior")
            if answer.prior
            else tr("over the range of the data’s codes")
        )

    def _mark(self) -> None:
        """Outline the picture nearest to the current code, where the grid reaches it."""
        shown, code = self._shown, self._explorer.code
        if shown is None or code.shape != shown.request.code.shape or not self._only_here():
            self.sheet.set_marked(None)
            return
        here = float(code[shown.request.up]), float(code[shown.request.across])
        axes = shown.down, shown.right
        place = [int(np.abs(axis - at).argmin()) for axis, at in zip(axes, here, strict=True)]
        inside = all(
            axis.min() - np.ptp(axis) / 10 <= at <= axis.max() + np.ptp(axis) / 10
            for axis, at in zip(axes, here, strict=True)
        )
        self.sheet.set_marked((place[0], place[1]) if inside else None)

    def _on_picture(self, picture: Any) -> None:
        if self.depiction.of_points and self._shown is not None:
            self.mesh.set_current(picture.item)

    def _tip(self, row: int, column: int) -> str:
        shown, model = self._shown, self._explorer.model
        if shown is None or model is None:
            return ""
        asked = shown.request
        x, y = float(shown.right[column]), float(shown.down[row])
        across, up = (tr(model.names[value]) for value in (asked.across, asked.up))
        return f"{across} = {x:.2f}, {up} = {y:.2f}".replace("-", MINUS)

    def entries(self) -> list[tuple[str, str, Callable[[], object]]]:
        """Copy and save what is in view: the sheet, or the mesh."""
        if self._views.currentWidget() is not self.mesh:
            return super().entries()
        return [
            (tr("Copy picture"), "copy", self.copy),
            (tr("Save picture…"), "save", self.save),
        ]

    def copy(self) -> None:
        """Put what is in view on the clipboard."""
        if self._views.currentWidget() is self.mesh:
            copy_image(self.mesh.grab().toImage())
        else:
            self.sheet.copy()

    def save(self) -> None:
        """Ask where, and write what is in view."""
        if self._views.currentWidget() is self.mesh:
            save_image(self, self.mesh.grab().toImage(), "manifold.png")
        else:
            self.sheet.save()

    def show_model(self, model: Loaded | None) -> None:
        """Offer the values of this model's codes."""
        if model is None:
            self._shown, self._names = None, ()
            self.sheet.set_tiles(None)
            self.mesh.set_mesh(None, 0, self.depiction)
            self._views.setCurrentWidget(self.sheet)
            self.set_subtitle("")
            return
        if model.names != self._names:
            self._names, self._shown = model.names, None
            options = [(index, tr(name)) for index, name in enumerate(model.names)]
            self.across.set_options(options, 0)
            self.up.set_options(options, min(1, len(options) - 1))
        two = model.dimensions > 1
        for control in (self.across, self.up, self.side):
            control.setEnabled(two)

    def show_trouble(self, trouble: Trouble) -> None:
        """Codes of one value have no such grid."""
        super().show_trouble(trouble)
        self._shown = None
        self._views.setCurrentWidget(self.sheet)

    def sheet_of(self) -> TileSheet:
        """The sheet."""
        return self.sheet

    # What a person does

    def _on_across(self, _value: object) -> None:
        self._on_axis(self.across, self.up)

    def _on_up(self, _value: object) -> None:
        self._on_axis(self.up, self.across)

    def _on_axis(self, changed: Choice, other: Choice) -> None:
        """Two different values: where both would be the same they change places."""
        if changed.value == other.value and self._shown is not None:
            before = self._shown.request
            other.set_value(before.across if changed is self.across else before.up)
        self.want()

    def _on_side(self, _side: object) -> None:
        self.want()

    def _go(self, row: int, column: int) -> None:
        if self._shown is not None:
            self._explorer.move(self._explorer.kept(self._shown.codes[row, column].copy()))

    def named_acts(self) -> list[tuple[str, Callable[[], object]]]:
        """The commands of the page."""
        return [
            (tr("Copy the manifold"), self.copy),
            (tr("Save the manifold…"), self.save),
        ]

    def state(self) -> dict[str, Any]:
        """How many pictures a side."""
        return {"side": self.side.value}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on what was remembered."""
        side = state.get("side")
        if isinstance(side, int) and SIDES[0] <= side <= SIDES[1]:
            self.side.set_value(side)
            self.want()


def _heads(values: Array) -> list[Head]:
    """The values at the ends, amid and so that about five are named."""
    count = len(values)
    every = max(1, (count - 1) // 4)
    named = {count // 2 + step * every for step in range(-count, count)}
    return [
        Head(f"{float(value):.1f}".replace("-", MINUS) if index in named else "")
        for index, value in enumerate(values)
    ]
