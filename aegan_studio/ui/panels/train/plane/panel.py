"""Two-dimensional data: real and generated points, and all that the networks make of the plane."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QTimer
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aegan_studio.catalog.views import VIEWS
from aegan_studio.catalog.views.plane import judges_points
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Changed, Event, Pictures, Views
from aegan_studio.experiment.views import View
from aegan_studio.experiment.views.plane import Bounds, Density, Manifold, Pull, Surface
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.legend import LegendItem
from aegan_studio.ui.panels.train.measures.panel import MeasureStrip
from aegan_studio.ui.panels.train.pictures import empty_sentence
from aegan_studio.ui.panels.train.plane.key import VerdictKey
from aegan_studio.ui.panels.train.plane.layers import LAYERS, LayerChoices
from aegan_studio.ui.panels.train.plane.map import Dots, PlaneMap, Way
from aegan_studio.ui.panels.train.plane.pick import NodePick
from aegan_studio.ui.panels.train.widget_picture import widget_menu
from aegan_studio.ui.training.watched import Watched
from aegan_studio.ui.widgets.flow import FlowLayout
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import Well
from aegan_studio.ui.widgets.numbers import MINUS
from aegan_studio.ui.widgets.panels import Panel

TOGETHER_MS = 120
"""How long points wait for the views of their step, to be painted with them."""

SETTLE_MS = 90
"""How long the view rests before fields are asked for over what it shows now."""

AROUND = 0.12
"""The share of the view that fields reach beyond it, for a pan to show."""

LINKS = 160
"""Arrows from originals to what is rebuilt of them, at most."""

DOTS = 500
"""Points of each kind, at most: more would hide what lies below them."""

TRAILED, TRAIL = 24, 40
"""Points with a trail, and the moments that it goes back."""

SHORT_KEY = 560
"""Below this width the header has no room for words beside the colours."""

RADII = {"originals": 2.6, "samples": 2.9, "reconstructions": 2.6}

Points = npt.NDArray[np.float64]
Seen = TypeVar("Seen", bound=View)


class PlanePanel(Panel):
    """The laboratory's plane, in layers that are switched in the legend below it.

    What is hidden is not asked for: a layer's live view is computed only while it is seen.
    """

    def __init__(self, document: Document, session: Watched, parent: QWidget | None = None) -> None:
        super().__init__(tr("Plane"), margins=(14, 0, 14, 8), parent=parent)
        del document
        self._session = session
        self._choices = LayerChoices()
        self._shown: frozenset[str] = frozenset()
        self._pictures: Pictures | None = None
        self._views: Views | None = None
        self._drawn: tuple[object, object] = (None, None)
        self._originals: Points | None = None
        self._trail: list[tuple[int, Points]] = []
        self._asked: set[str] = set()
        self._pointer: tuple[float, float] | None = None
        self._about = ""
        self._pick = NodePick.of(session)
        self._together = QTimer(self, singleShot=True)
        self._together.timeout.connect(self._draw)
        self._settled = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settled.timeout.connect(self._ask)
        self.map = PlaneMap()
        self.key = VerdictKey()
        self.add_action(self.key)
        self.well = Well("")
        self.legend = {
            layer.name: LegendItem(tr(layer.label), layer.token, layer.shape, tr(layer.help))
            for layer in LAYERS
        }
        self._foot = QWidget()
        column = QVBoxLayout(self._foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        flow = FlowLayout()
        for layer in LAYERS:
            item = self.legend[layer.name]
            item.toggled.connect(lambda on, one=layer: self._toggle(one.name, on))
            flow.addWidget(item)
        column.addLayout(flow)
        flow.set_spare(Label(tr("click a name to hide it"), tone="text3"))
        self.strip = MeasureStrip(session)
        column.addWidget(self.strip)
        self.add(self.map, 1)
        self.add(self.well, 1)
        self.add(self._foot)
        self.map.view_changed.connect(lambda *_: self._settled.start())
        self.map.moved.connect(self._point_at)
        self.map.left.connect(self._leave)
        self.map.node_hovered.connect(self._pick.choose)
        self._pick.changed.connect(self._show_way)
        session.event.connect(self._on_event)
        session.run_opened.connect(self._on_run)
        session.state_changed.connect(self._on_state)
        self._on_run(session)
        for kind in (Pictures, Views):
            latest = session.latest.get(kind)
            if latest is not None:
                self._on_event(latest)

    # What comes in

    def _on_event(self, event: Event) -> None:
        match event:
            case Pictures(modality="points"):
                first, self._pictures = self._pictures is None, event
                self._extend_trail(event)
                if first:
                    self._draw()
                    self._ask()
                elif self._complete:
                    self._together.start(0)
                elif not self._together.isActive():
                    self._together.start(TOGETHER_MS)
            case Views():
                self._views = event
                if self._complete:
                    self._together.start(0)
            case Changed():
                self._choose_layers()
            case _:
                pass

    @property
    def _complete(self) -> bool:
        """Whether points and all that belongs to them are of one step."""
        if self._pictures is None:
            return False
        return not self._asked or (
            self._views is not None and self._views.step == self._pictures.step
        )

    def _extend_trail(self, pictures: Pictures) -> None:
        samples = pictures.samples
        if samples is None:
            return
        # a person may have gone back in time
        self._trail = [known for known in self._trail if known[0] < pictures.step]
        self._trail.append((pictures.step, samples[:TRAILED].astype(np.float64)))
        del self._trail[:-TRAIL]

    def _on_run(self, _session: object) -> None:
        self._forget()
        self._on_state(self._session.state)
        self._choose_layers()
        self._draw()

    def _forget(self) -> None:
        self._pictures = self._views = self._originals = None
        self._trail = []
        self._pick.choose(-1)
        self.map.clear_layers()
        self.map.fit()

    def _on_state(self, state: str) -> None:
        invitation = tr("Press Train to see generated points find the real ones.")
        self.well.set_text(empty_sentence(state, invitation))
        fine = state != "running"
        if fine != self.map.fine:
            self.map.fine = fine
            self.map.update()
        if state == "empty":
            self._forget()
            self._draw()

    # Layers

    def shows(self, name: str) -> bool:
        """Whether a layer is to be seen."""
        return name in self._shown

    def _toggle(self, name: str, on: bool) -> None:
        layer = next(layer for layer in LAYERS if layer.name == name)
        self._choices.choose(layer, on)
        self._shown = self._choices.shown(self._session.experiment)
        self._ask()
        self._drawn = (None, None)
        self._draw()

    def _choose_layers(self) -> None:
        """Switches as the model has them, and as they were chosen."""
        experiment = self._session.experiment
        self._shown = self._choices.shown(experiment)
        for layer in LAYERS:
            item = self.legend[layer.name]
            item.setVisible(layer.fits(experiment))
            item.blockSignals(True)
            item.setChecked(self.shows(layer.name))
            item.blockSignals(False)
        self.legend["surface"].set_help(_help_of_critic(experiment))
        judged = judges_points(experiment)
        believes, plain = tr("what the critic believes, everywhere"), tr("real and generated data")
        self._about = believes if judged else plain
        self._read()
        self._drawn = (None, None)
        self._ask()

    def _ask(self) -> None:
        """Say which live views are of use now, and over which part of the plane."""
        self.key.setVisible(self.shows("surface") and self._pictures is not None)
        wanted: set[str] = set()
        if self.isVisible() and self._pictures is not None:
            seen = _text_of(self.map.view.bounds(self.map.plane()))
            for layer in LAYERS:
                if layer.view and self.shows(layer.name):
                    over = f":{seen}" if layer.view in ("surface", "density") else ""
                    wanted.add(f"{layer.view}{over}")
        for name in wanted - self._asked:
            self._session.want(name, self, True)
        for name in self._asked - wanted:
            self._session.want(name, self, False)
        self._asked = wanted

    def state(self) -> dict[str, Any]:
        """What a person chose, for :meth:`restore`."""
        chosen = self._choices.state()
        return {"layers": chosen} if chosen else {}

    def restore(self, state: dict[str, Any]) -> None:
        """Take on what was chosen before."""
        self._choices.restore(state.get("layers"))
        self._choose_layers()
        self._draw()

    # Drawing

    def _draw(self) -> None:
        """Show the newest points and views together, once the panel is seen."""
        self._together.stop()
        pictures = self._pictures
        for widget in (self.map, self._foot):
            widget.setVisible(pictures is not None)
        self.well.setVisible(pictures is None)
        if pictures is None or not self.isVisible():
            return
        if self._drawn[0] is pictures and self._drawn[1] is self._views:
            return
        self._drawn = (pictures, self._views)
        self._draw_points(pictures)
        self._draw_views()
        self.map.prepare()
        self._read()
        self._show_way(self._pick.node)

    def _draw_points(self, pictures: Pictures) -> None:
        originals = pictures.originals
        if originals is not None and self._originals is None:
            self._originals = originals.astype(np.float64)
            low, high = self._originals.min(axis=0), self._originals.max(axis=0)
            self.map.set_frame((float(low[0]), float(high[0]), float(low[1]), float(high[1])))
            self._ask()
        for layer in LAYERS:
            if layer.shape not in ("disc", "square"):
                continue
            given: npt.NDArray[Any] | None = getattr(pictures, layer.name)
            dots = None
            if given is not None and self.shows(layer.name):
                every = max(len(given) // DOTS, 1)
                at, radius = given[::every].astype(np.float64), RADII[layer.name]
                dots = Dots(at, layer.shape, layer.token, radius)
            self.map.set_dots(layer.name, dots)
        rebuilt = pictures.reconstructions
        start = end = None
        if self.shows("links") and originals is not None and rebuilt is not None:
            every = max(len(originals) // LINKS, 1)
            start = originals[::every].astype(np.float64)
            end = rebuilt[::every].astype(np.float64)
        self.map.set_links(start, end)
        self.map.set_trails([at for _, at in self._trail] if self.shows("trails") else [])

    def _draw_views(self) -> None:
        surface, density = self.found(Surface), self.found(Density)
        net, pull = self.found(Manifold), self.found(Pull)
        if surface is not None:
            self.key.show_scale(surface.verdicts)
        if net is not None:
            self.legend["manifold"].set_help(_help_of_net(net))
        self.map.set_surface(surface if self.shows("surface") else None)
        self.map.set_boundary(surface if self.shows("boundary") else None)
        self.map.set_density(density if self.shows("density") else None)
        self.map.set_net(net if self.shows("manifold") else None)
        self.map.set_pull(pull if self.shows("pull") else None)

    def found(self, kind: type[Seen]) -> Seen | None:
        """The newest view of a kind, over whatever part of the plane."""
        views = () if self._views is None else self._views.values.values()
        return next((view for view in views if isinstance(view, kind)), None)

    # The pointer

    def _point_at(self, x: float, y: float) -> None:
        self._pointer = (x, y)
        self._read()

    def _leave(self) -> None:
        self._pointer = None
        self._read()

    def _read(self) -> None:
        """What lies under the pointer, in numbers, in the place of the sub-title."""
        if self._pointer is None:
            self.set_title(self.title, self._about)
            return
        x, y = self._pointer
        said = self.map.value_at(x, y)
        text = f"x = ({decimals(x)}, {decimals(y)})"
        if said is not None:
            text += f"   D(x) = {decimals(said)}"
        self.set_title(self.title, text)

    def _show_way(self, node: int) -> None:
        """From the code that is looked at to what it becomes, whether the net is seen or not."""
        net, frame, way = self.found(Manifold), self.map.frame, None
        if net is not None and frame is not None and 0 <= node < net.count:
            end = net.places.reshape(-1, 2)[node]
            if np.isfinite(end).all():
                way = Way(laid_over(net, node, frame), (float(end[0]), float(end[1])))
        self.map.set_way(way)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy or save the plane."""
        if self.map.isVisible():
            widget_menu(self.map, "plane.png").popup(event.globalPos())

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came while hidden, and ask for what is to be seen."""
        super().showEvent(event)
        self._draw()
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Hidden, it has a use for nothing."""
        super().hideEvent(event)
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words beside the colours, or none."""
        super().resizeEvent(event)
        self.key.set_short(self.width() < SHORT_KEY)


def decimals(value: float) -> str:
    """Two places after the point, with a true minus."""
    return f"{value:.2f}".replace("-", MINUS)


def laid_over(net: Manifold, node: int, frame: Bounds) -> tuple[float, float]:
    """Where a code lies when the square of codes is laid over the data's, in the data's units."""
    codes = net.codes.reshape(-1, 2)
    low, high = codes.min(axis=0), codes.max(axis=0)
    half = max(float((high - low).max()) / 2, 1e-9)
    middle = (low + high) / 2
    x0, x1, y0, y1 = frame
    side = max(x1 - x0, y1 - y0) / 2
    at = (codes[node] - middle) / half * side
    return (x0 + x1) / 2 + float(at[0]), (y0 + y1) / 2 + float(at[1])


def _text_of(bounds: Bounds) -> str:
    """A rectangle and a little about it, as live views are asked for it."""
    x0, x1, y0, y1 = bounds
    across, up = AROUND * (x1 - x0), AROUND * (y1 - y0)
    return ",".join(f"{value:.5g}" for value in (x0 - across, x1 + across, y0 - up, y1 + up))


def _help_of_critic(experiment: Experiment) -> str:
    words = tr(VIEWS["surface"].help)
    packing = getattr(experiment.method, "packing", 1)
    judged = experiment.method.flow().judged.get("discriminator", ())
    if packing > 1:
        words += " " + tr("It judges packs: here {count} equal points.", count=packing)
    elif any("+" in thing for thing in judged):
        words += " " + tr("It judges pairs: here each point with its own code.")
    return words


def _help_of_net(net: Manifold) -> str:
    words = tr("Where the generator sends a regular grid of codes; dense where cells are small.")
    if net.others:
        words += " " + tr(
            "The first two values of a code vary, the other {count} are held fixed.",
            count=net.others,
        )
    return words
