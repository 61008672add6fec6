"""The train workspace: rows of panels over and beside each other, by table."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from aegan_studio.experiment import Experiment
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.exhibit import ExhibitPanel, has_exhibit
from aegan_studio.ui.panels.train.mixer import MixerPanel, has_mixer
from aegan_studio.ui.panels.train.model import ModelPanel
from aegan_studio.ui.panels.train.pictures import ReconstructionsPanel, SamplesPanel
from aegan_studio.ui.panels.train.plane import PlanePanel
from aegan_studio.ui.panels.train.plots import PlotsPanel
from aegan_studio.ui.panels.train.turns import Turns
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.panels import Panel

GAP = 8


def _always(_experiment: Experiment) -> bool:
    return True


def _of_images(experiment: Experiment) -> bool:
    return experiment.data_info().modality == "image"


def _of_points(experiment: Experiment) -> bool:
    return experiment.data_info().modality == "points"


def _of_rebuilt_images(experiment: Experiment) -> bool:
    return _of_images(experiment) and "encoder" in experiment.networks


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """One panel of the workspace.

    ``shown`` says for which experiments; ``share`` is its part of the row's width against its
    neighbours', ``least`` the fewest pixels it works in. Where the row is too narrow for all, it
    takes turns with the panel named ``instead``; ``ease`` are the pixels that count there.
    """

    name: str
    make: Callable[[Document, Session], Panel]
    shown: Callable[[Experiment], bool]
    share: int
    least: int
    ease: int = 0
    instead: str = ""


@dataclass(frozen=True, slots=True)
class RowSpec:
    """A row of panels; ``share`` is its part of the height, ``least`` the fewest pixels."""

    name: str
    share: int
    least: int
    panels: tuple[PanelSpec, ...]


ROWS: tuple[RowSpec, ...] = (
    RowSpec(
        "model",
        252,
        150,
        (
            PanelSpec("model", ModelPanel, _always, 704, 420),
            PanelSpec("mixer", MixerPanel, has_mixer, 272, 208),
        ),
    ),
    RowSpec(
        "making",
        448,
        180,
        (
            PanelSpec("samples", SamplesPanel, _of_images, 262, 150, ease=190),
            PanelSpec("reconstructions", ReconstructionsPanel, _of_rebuilt_images, 318, 204),
            PanelSpec("exhibit", ExhibitPanel, has_exhibit, 262, 130, 190, "samples"),
            PanelSpec("plane", PlanePanel, _of_points, 520, 240),
            PanelSpec("plots", PlotsPanel, _always, 388, 260),
        ),
    ),
)
"""What stands where, from the top; a panel is added by adding a line."""


class TrainWorkspace(QWidget):
    """Model, pictures or plane, and plots; sizes are remembered for each arrangement."""

    layers_asked = Signal(str)
    """The layers of a role's network shall be edited."""

    def __init__(
        self,
        document: Document,
        session: Session,
        parent: QWidget | None = None,
        *,
        rows: Sequence[RowSpec] = ROWS,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._session = session
        self._specs = tuple(rows)
        self._shares: dict[str, list[float]] = {}
        self._panels: dict[str, Panel] = {}
        self._visible: tuple[str, ...] = ()
        self._column = _splitter(Qt.Orientation.Vertical)
        self._rows: dict[str, QSplitter] = {}
        for row in self._specs:
            line = _splitter(Qt.Orientation.Horizontal)
            line.setMinimumHeight(row.least)
            for spec in row.panels:
                panel = spec.make(document, session)
                panel.setMinimumWidth(spec.least)
                panel.make_floatable(f"train.{spec.name}")
                panel.sight_changed.connect(self._say_what_is_seen)
                if isinstance(panel, ModelPanel):
                    panel.view.network_opened.connect(self.layers_asked)
                line.addWidget(panel)
                self._panels[spec.name] = panel
            line.splitterMoved.connect(lambda *_, name=row.name: self._remember(name))
            self._column.addWidget(line)
            self._rows[row.name] = line
        self._turns = [
            (spec.name, Turns(self._panels[spec.instead], self._panels[spec.name], self._arrange))
            for row in self._specs
            for spec in row.panels
            if spec.instead
        ]
        self._column.splitterMoved.connect(lambda *_: self._remember(""))
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.addWidget(self._column)
        self._instead: QWidget | None = None
        document.changed.connect(self._arrange)
        session.run_opened.connect(self._arrange)
        session.state_changed.connect(self._arrange)
        self._arrange()

    @property
    def panels(self) -> Mapping[str, Panel]:
        """Every panel by name, the hidden ones too."""
        return dict(self._panels)

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the panels that the present experiment calls for."""
        return self._visible

    def give_turn(self, name: str) -> None:
        """Let a panel stand where it takes turns with another; with room for both, both do."""
        for _, turns in self._turns:
            turns.show(self._panels[name])

    def show_instead(self, widget: QWidget | None) -> None:
        """Show another widget in the place of all panels; ``None``: show the panels again."""
        layout = self.layout()
        assert layout is not None
        if self._instead is not None:
            layout.removeWidget(self._instead)
            self._instead.hide()
        self._instead = widget
        if widget is not None:
            layout.addWidget(widget)
            widget.show()
        self._column.setVisible(widget is None)

    def state(self) -> QByteArray:
        """The sizes a person chose, for :meth:`restore`."""
        return QByteArray(json.dumps(self._shares).encode())

    def restore(self, state: QByteArray) -> None:
        """Take on remembered sizes; what makes no sense counts as absent."""
        try:
            known = json.loads(bytes(state.data()).decode())
        except ValueError:
            return
        if not isinstance(known, dict):
            return
        self._shares = {
            str(key): [float(share) for share in shares]
            for key, shares in known.items()
            if isinstance(shares, list)
            and all(isinstance(share, int | float) and 0 < share <= 1 for share in shares)
        }
        self._apply_sizes()

    def _arrange(self, _what: object = None) -> None:
        """Show the panels that the experiment calls for."""
        experiment = self._session.experiment
        visible = tuple(name for row in self._specs for name in self._standing(row, experiment))
        if visible == self._visible:
            return
        self._visible = visible
        for row in self._specs:
            names = [spec.name for spec in row.panels]
            for name in names:
                self._panels[name].set_wanted(name in visible)
            self._rows[row.name].setVisible(any(name in visible for name in names))
        self._apply_sizes()

    def _standing(self, row: RowSpec, experiment: Experiment) -> list[str]:
        """The panels of a row; where it is narrow, one of two that take turns."""
        specs = [spec for spec in row.panels if spec.shown(experiment)]
        names = [spec.name for spec in specs]
        needed = sum(max(spec.least, spec.ease) for spec in specs) + GAP * (len(specs) - 1)
        narrow = needed > self.width() - 2 * GAP
        for spec in specs:
            for name, turns in self._turns:
                if name == spec.name:
                    left_out = turns.left_out(narrow and spec.instead in names)
                    names = [one for one in names if self._panels[one] is not left_out]
        return names

    def _lines(self) -> list[tuple[str, QSplitter, list[tuple[str, int, bool]]]]:
        """Each splitter with its key, and (name, share, visible) of what it holds."""
        rows = [
            (row.name, row.share, any(spec.name in self._visible for spec in row.panels))
            for row in self._specs
        ]
        lines = [("", self._column, rows)]
        for row in self._specs:
            panels = [(spec.name, spec.share, spec.name in self._visible) for spec in row.panels]
            lines.append((row.name, self._rows[row.name], panels))
        return lines

    @staticmethod
    def _key(name: str, parts: list[tuple[str, int, bool]]) -> str:
        return f"{name}:{'+'.join(part for part, _, visible in parts if visible)}"

    def _apply_sizes(self) -> None:
        for name, splitter, parts in self._lines():
            visible = [share for _, share, shown in parts if shown]
            shares = self._shares.get(self._key(name, parts), [])
            if len(shares) != len(visible):
                shares = [share / sum(visible) for share in visible] if visible else []
            rest = iter(shares)
            length = max(splitter.width(), splitter.height(), 1000)
            sizes = [round(next(rest) * length) if shown else 0 for _, _, shown in parts]
            splitter.setSizes(sizes)
            for index, (_, share, _) in enumerate(parts):
                splitter.setStretchFactor(index, share)

    def _remember(self, moved: str) -> None:
        for name, splitter, parts in self._lines():
            if name != moved:
                continue
            sizes = [
                size for size, (_, _, shown) in zip(splitter.sizes(), parts, strict=True) if shown
            ]
            total = sum(sizes)
            if total > 0 and min(sizes) > 0:
                self._shares[self._key(name, parts)] = [round(s / total, 4) for s in sizes]

    def _say_what_is_seen(self) -> None:
        """Pictures are of use while a panel is in sight, here or in a window of its own."""
        seen = self.isVisible() or any(panel.isVisible() for panel in self._panels.values())
        self._session.want("pictures", self, seen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """All panels, or some in turns."""
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """In sight, it needs pictures."""
        self._say_what_is_seen()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Hidden, it needs none."""
        self._say_what_is_seen()
        super().hideEvent(event)


def _splitter(orientation: Qt.Orientation) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(GAP)
    splitter.setChildrenCollapsible(False)
    return splitter
