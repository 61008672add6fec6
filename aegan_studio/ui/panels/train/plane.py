"""Two-dimensional data: real, generated and rebuilt points on one plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aegan_studio.experiment.events import Event, Pictures
from aegan_studio.i18n import tr
from aegan_studio.messages import Message, msg
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.legend import LegendItem, Shape
from aegan_studio.ui.panels.train.pictures import empty_sentence
from aegan_studio.ui.panels.train.widget_picture import widget_menu
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import Well
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.scatter import ScatterMap

TURN_MS = 40
"""While training the plane comes a frame after the drawn model: each in a paint of its own."""

_NOTHING: npt.NDArray[Any] = np.empty((0, 2), np.float32)


@dataclass(frozen=True, slots=True)
class Layer:
    """One kind of points: what of the pictures it is, and how it looks."""

    name: str
    label: Message
    token: str
    shape: Shape

    def of(self, pictures: Pictures) -> npt.NDArray[Any]:
        """Its points (n, 2); none where the model has none."""
        points: npt.NDArray[Any] | None = getattr(pictures, self.name)
        return _NOTHING if points is None else points


LAYERS = (
    Layer("originals", msg("Real"), "real", "disc"),
    Layer("samples", msg("Generated"), "generated", "square"),
    Layer("reconstructions", msg("Rebuilt"), "reconstruction", "disc"),
)


class PlanePanel(Panel):
    """Real points, and over them what the model makes of codes and of the real points."""

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Plane"), tr("real and generated data"), margins=(14, 0, 14, 8), parent=parent
        )
        del document
        self._session = session
        self._pictures: Pictures | None = None
        self._drawn: Pictures | None = None
        self._turn = QTimer(self, interval=TURN_MS, singleShot=True)
        self._turn.timeout.connect(self._draw)
        self.map = ScatterMap(
            axis_labels=("x_1", "x_2"), radius=2.6, legend=False, name=tr("Plane of the data")
        )
        self.well = Well("")
        self.legend = {
            layer.name: LegendItem(tr(layer.label), layer.token, layer.shape) for layer in LAYERS
        }
        self._hint = Label(tr("click a name to hide it"), tone="text3", elide=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout()
        row.setSpacing(14)
        for name, item in self.legend.items():
            item.toggled.connect(lambda on, n=name: self.map.set_layer_visible(n, on))
            row.addWidget(item)
        row.addWidget(self._hint, 1)
        self._foot = QWidget()
        self._foot.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        self.add(self.map, 1)
        self.add(self.well, 1)
        self.add(self._foot)
        session.event.connect(self._on_event)
        session.run_opened.connect(self._on_run)
        session.state_changed.connect(self._on_state)
        self._on_run(session)
        latest = session.latest.get(Pictures)
        if isinstance(latest, Pictures):
            self._on_event(latest)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Pictures) and event.modality == "points":
            first = self._pictures is None
            self._pictures = event
            if first or self._session.state != "running":
                self._draw()
            else:
                self._turn.start()

    def _on_run(self, _session: object) -> None:
        self._pictures = None
        self._on_state(self._session.state)
        self._draw()

    def _on_state(self, state: str) -> None:
        invitation = tr("Press Train to see generated points find the real ones.")
        self.well.set_text(empty_sentence(state, invitation))
        if state == "empty":
            self._pictures = None
            self._draw()

    def _draw(self) -> None:
        """Show the newest points, once the panel is seen."""
        pictures = self._pictures
        for widget in (self.map, self._foot):
            widget.setVisible(pictures is not None)
        self.well.setVisible(pictures is None)
        if pictures is None or not self.isVisible() or pictures is self._drawn:
            return
        self._drawn = pictures
        for layer in LAYERS:
            item = self.legend[layer.name]
            points = layer.of(pictures)
            item.setVisible(len(points) > 0)
            self.map.set_points(points, shape=layer.shape, color=layer.token, layer=layer.name)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy or save the plane."""
        if self.map.isVisible():
            widget_menu(self.map, "plane.png").popup(event.globalPos())

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came while hidden."""
        super().showEvent(event)
        self._draw()
