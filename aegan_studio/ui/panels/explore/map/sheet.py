"""What the latent map shows: points, tiles behind them, pictures, the route, pins, a lens."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.icons import device_ratio
from aegan_studio.ui.latent.messages import Array, Floats
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.map.area import Area
from aegan_studio.ui.panels.explore.map.ground import GroundPicture
from aegan_studio.ui.panels.explore.map.paint import (
    PriorShape,
    Titles,
    paint_lens,
    paint_mark,
    paint_prior,
    paint_rings,
    paint_route,
    paint_titles,
)
from aegan_studio.ui.panels.explore.map.thumbs import Thumbs
from aegan_studio.ui.panels.explore.map.tiles import Cells, Ground
from aegan_studio.ui.theme import Theme, current_theme
from aegan_studio.ui.widgets.painting import smooth
from aegan_studio.ui.widgets.scatter import ScatterMap, is_live
from aegan_studio.ui.widgets.scatter_cloud import Tints
from aegan_studio.ui.widgets.scatter_grid import Rows
from aegan_studio.ui.widgets.scatter_key import MapKey
from aegan_studio.ui.widgets.scatter_paint import paint_class_labels, paint_pins
from aegan_studio.ui.widgets.scatter_view import MapView, fitted

VIEW_RESTS_MS = 30
TILES_COME_MS = 45
"""How often tiles that come one by one are shown: painting takes its time from their decoding."""
LULL = 0.1
"""Seconds without a move after which the next one is answered at once."""
MOVING = 0.05
"""Seconds after a change of the view in which it counts as moving."""
KEPT_IN_VIEW = 0.96
"""While at least this share of the points is in view, a view that was fitted stays."""
FAINT = {"dark": 0.40, "light": 0.30}
"""How opaque tiles are behind the points, by theme."""
FADED = 0.22
"""How opaque the other points are beside selected ones."""

Strength = Literal["off", "faint", "clear", "full"]
STRENGTHS: dict[Strength, float] = {"off": 0.0, "faint": 1.0, "clear": 1.9, "full": 3.4}
"""By how much tiles are more opaque than :data:`FAINT`."""


class MapSheet(ScatterMap):
    """The kit's scatter map with all that the explorer lays behind and upon the points."""

    ground_wanted = Signal()
    """Another part of the plane is in view."""

    def __init__(self, *, empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(empty=empty, pick=True, legend=False, name=tr("Latent map"), parent=parent)
        self.key = MapKey(self)
        self.over: QWidget | None = None
        """What lies upon the foot of the plane."""
        self.ground = Ground()
        self._ground_picture = GroundPicture(self.ground)
        self._moved_at = self._asked_at = 0.0
        self.thumbs = Thumbs()
        self._strength: Strength = "faint"
        self._thumbs_on = True
        self._titles = Titles()
        self._prior: tuple[PriorShape, tuple[float, float]] = ("", (0.0, 0.0))
        self._ends: dict[str, tuple[float, float]] = {}
        self._route: Floats | None = None
        self._rings: Floats = np.zeros((0, 2))
        self._mark: tuple[float, float] | None = None
        self._lens: tuple[Array, Depiction] | None = None
        self._plain_labels = False
        self._pointer: QPointF | None = None
        self._holding = ""
        self._area: Area | None = None
        self._places: Floats = np.zeros((0, 2))
        self._colors: Tints | None = None
        self._fitted: MapView | None = None
        self._thumb_rows: Rows = np.zeros(0, dtype=np.intp)
        self._rest = QTimer(self, singleShot=True, interval=VIEW_RESTS_MS)
        self._rest.timeout.connect(self._on_rest)
        self._soon = QTimer(self, singleShot=True, interval=TILES_COME_MS)
        self._soon.timeout.connect(self.update)
        self.view_changed.connect(self._on_view)

    def _on_view(self) -> None:
        self._moved_at = now = time.perf_counter()
        if not self._rest.isActive():
            # also in the midst of a long pan, so that no bare ground stays; the first at once
            self._rest.start(VIEW_RESTS_MS if now - self._asked_at < LULL else 0)

    @property
    def _moving(self) -> bool:
        return time.perf_counter() - self._moved_at < MOVING

    def _on_rest(self) -> None:
        self._asked_at = time.perf_counter()
        self.ground_wanted.emit()
        if self._moving:
            self._rest.start(VIEW_RESTS_MS)
        else:
            self.update()

    def ground_changed(self, cells: Cells | None = None) -> None:
        """Tiles came, these cells; or all of them are others."""
        if cells is None or self._moving:
            self._ground_picture.spoil()
        else:
            self._ground_picture.lay(self.plane(), current_theme(), cells)
        if not self._soon.isActive():
            self.update()
            self._soon.start()

    # What is shown

    def show_axes(self, formulas: tuple[str, str], titles: tuple[str, str]) -> None:
        """Name the axes: with formulas beside the ticks, or with words inside the frame."""
        self._axis_labels = formulas
        self._titles = Titles(*titles)
        self.update()

    def show_places(
        self, places: Floats, prior: PriorShape, origin: tuple[float, float], *, afresh: bool
    ) -> None:
        """Keep these places in view: refit if asked, or where a fitted view lost them."""
        self._prior = (prior, origin)
        self._places = places
        if afresh or self._fitted is None or (self.untouched and self._off()):
            self.fit()
        self.update()

    def show_points(
        self,
        places: Floats,
        classes: npt.NDArray[np.intp] | None,
        tints: Tints | None,
        rows: Rows | None,
        selected: Rows,
        *,
        isolate: bool,
    ) -> None:
        """Draw the points.

        Parameters
        ----------
        rows : ndarray or None
            Those that are not hidden, ascending; ``None``: all.
        selected : ndarray
            Those selected, ascending; the others fade.
        isolate : bool
            Where some are selected, show no others.
        """
        self._plain_labels = tints is not None
        self._colors = tints
        chosen = selected if rows is None or not len(selected) else np.intersect1d(selected, rows)
        alone = isolate and len(selected) > 0
        faded = len(selected) > 0 and not alone
        self.set_points(
            places,
            classes,
            color="code",
            tints=tints,
            rows=chosen if alone else rows,
            opacity=FADED if faded else 1.0,
        )
        if faded and len(chosen):
            self.set_points(
                places, classes, layer="selected", color="code", tints=tints, rows=chosen
            )
        else:
            self.remove_points("selected")
        self.place_key()
        self._rest.start(VIEW_RESTS_MS)

    @property
    def shown_rows(self) -> Rows:
        """The rows of the points that are drawn."""
        cloud = self._clouds.get("points")
        return np.zeros(0, dtype=np.intp) if cloud is None else cloud.dots.grid.rows

    @property
    def untouched(self) -> bool:
        """Whether the view is as it was fitted."""
        return self.view == self._fitted

    def _extent(self) -> list[Floats]:
        """The points, and the bulk of the prior where it lies in the plane."""
        kind, origin = self._prior
        if not kind:
            return [self._places]
        reach = 1.08 if kind == "uniform" else 2.6
        corners = np.array(((-reach, -reach), (reach, reach))) + origin
        return [self._places, np.repeat(corners, len(self._places) // 100 + 1, axis=0)]

    def _off(self) -> bool:
        x0, x1, y0, y1 = self.view.bounds(self.plane())
        x, y = self._places[:, 0], self._places[:, 1]
        inside = ((x > x0) & (x < x1) & (y > y0) & (y < y1)).mean()
        return bool(inside < KEPT_IN_VIEW) or (
            self.view.scale < 0.6 * fitted(self.plane(), self._extent()).scale
        )

    def fit(self) -> None:
        """See all points, and the bulk of the prior."""
        self._fitted = fitted(self.plane(), self._extent())
        self.set_view(self._fitted)

    def fit_rows(self, rows: Rows) -> None:
        """See these points, with some room around."""
        if len(rows):
            view = fitted(self.plane(), [self._places[rows]])
            scale = min(view.scale * 0.8, 40.0 * self._wide_scale)
            self.set_view(MapView(view.x, view.y, scale))

    @property
    def _wide_scale(self) -> float:
        return fitted(self.plane(), self._extent()).scale

    def clear(self) -> None:
        """Forget everything."""
        super().clear()
        self._route = self._lens = self._fitted = self._mark = self._area = None
        self._ends, self._titles, self._prior = {}, Titles(), ("", (0.0, 0.0))
        self._places, self._rings = np.zeros((0, 2)), np.zeros((0, 2))
        self._thumb_rows = np.zeros(0, dtype=np.intp)
        self.ground.clear()
        self.thumbs.clear()
        self.key.show_scale(None)
        self.place_key()

    def show_route(self, ends: Mapping[str, tuple[float, float]], route: Floats | None) -> None:
        """Show the pins, and draw the way through them."""
        self._ends, self._route = dict(ends), route
        self.update()

    @property
    def ends(self) -> dict[str, tuple[float, float]]:
        """Where the pins lie."""
        return dict(self._ends)

    def show_rings(self, places: Floats) -> None:
        """Ring some places (n, 2), the first one more strongly."""
        self._rings = places
        self.update()

    def show_mark(self, place: tuple[float, float] | None) -> None:
        """Mark a place, as of a picture that was given."""
        self._mark = place
        self.update()

    def show_lens(self, item: Array | None, depiction: Depiction) -> None:
        """Show a picture beside the pointer, or none."""
        self._lens = None if item is None else (item, depiction)
        self.update()

    @property
    def strength(self) -> Strength:
        """How clearly the tiles behind the points show."""
        return self._strength

    def set_strength(self, strength: Strength) -> None:
        """Show the tiles behind the points more or less clearly, or not at all."""
        self._strength = strength
        self._rest.start(VIEW_RESTS_MS)
        self.update()

    @property
    def thumbs_on(self) -> bool:
        """Whether pictures of the items show where there is room."""
        return self._thumbs_on

    def set_thumbs_on(self, on: bool) -> None:
        """Show pictures of the items where there is room, or never."""
        self._thumbs_on = on
        self._rest.start(VIEW_RESTS_MS)
        self.update()

    def thumb_rows(self) -> Rows:
        """The rows whose pictures have room in the view."""
        cloud = self._clouds.get("points")
        if not self._thumbs_on or cloud is None or not cloud.count:
            return np.zeros(0, dtype=np.intp)
        ratio = self.devicePixelRatioF()
        return self.thumbs.chosen(cloud.dots.grid, cloud.xy, self.plane(), self.view, ratio)

    # Painting

    def room_right(self) -> float:
        """The room for the key."""
        return max(self.key.room + 4.0, 8.0) if self._clouds else 8.0

    def moved_region(self) -> QRegion:
        """All but the key: it stays as it is."""
        return QRegion(self.rect()).subtracted(QRegion(self.key.geometry()))

    def place_key(self) -> None:
        """Put the key beside the plane; after what it shows has changed."""
        plane = self.plane()
        self.key.setVisible(self.key.room > 0)
        self.key.setGeometry(
            round(plane.right()) + 3,
            round(plane.top()),
            round(self.key.room),
            round(plane.height()),
        )
        if self.over is not None:
            wide, tall = min(round(plane.width()) - 16, 460), self.over.sizeHint().height()
            left = round(plane.center().x() - wide / 2)
            self.over.setGeometry(left, round(plane.bottom()) - tall - 30, wide, tall)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again, unless a person moved the view."""
        untouched = self.untouched
        super().resizeEvent(event)
        self.place_key()
        if len(self._places) and untouched:
            self.fit()

    def paint_behind(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Tiles, and the prior's rings."""
        if not len(self._places):
            return
        opacity = min(FAINT[theme.name] * STRENGTHS[self._strength], 1.0)
        if opacity > 0.0:
            done = self._ground_picture.paint(
                painter,
                rect,
                self.view,
                theme,
                device_ratio(painter),
                opacity,
                moving=self._moving,
                live=is_live(painter, self),
            )
            if not done and not self._rest.isActive():
                self._rest.start(VIEW_RESTS_MS)
        paint_prior(painter, self.pixel_of(*self._prior[1]), self.view.scale, self._prior[0], theme)

    def paint_above(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """Pictures, neighbours, the route, labels, the pins and the current code."""
        self._paint_thumbs(painter, rect, theme)
        if len(self._rings):
            paint_rings(painter, self.view.to_pixels(rect, self._rings), theme)
        if self._route is not None:
            paint_route(painter, self.view.to_pixels(rect, self._route), theme)
        self.paint_labels(painter, rect, theme)
        paint_titles(painter, rect, self._titles, theme)
        paint_pins(painter, rect, self.view, self._ends, theme)
        if self._mark is not None:
            paint_mark(painter, self.pixel_of(*self._mark), theme)
        self.paint_ring(painter, rect, theme)
        if self._area is not None:
            self._area.paint(painter, theme)

    def paint_labels(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        """The names of the classes, each at its median; among pictures they would be in the way."""
        cloud = self._clouds.get("points")
        if cloud is not None and cloud.classes is not None and not len(self._thumb_rows):
            names, plain = self._class_names, self._plain_labels
            paint_class_labels(painter, rect, self.view, cloud.medians, names, theme, plain=plain)

    def _paint_thumbs(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        self._thumb_rows = rows = self.thumb_rows()
        cloud = self._clouds.get("points")
        if cloud is None or not len(rows):
            return
        tints = self._colors
        if tints is not None:
            colors = [tints.palette[index] for index in tints.index[rows]]
        elif cloud.classes is not None:
            colors = [theme.class_color(int(index)) for index in cloud.classes[rows]]
        else:
            colors = [theme.code] * len(rows)
        ratio = device_ratio(painter)
        self.thumbs.paint(painter, rect, self.view, cloud.xy, rows, colors, theme, ratio)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The map, and the lens over all of it."""
        super().paintEvent(event)
        if self._lens is None or self._pointer is None or self._holding or self._area is not None:
            return
        painter, theme = QPainter(self), current_theme()
        smooth(painter)
        paint_lens(painter, QRectF(self.rect()), self._pointer, *self._lens, theme)
