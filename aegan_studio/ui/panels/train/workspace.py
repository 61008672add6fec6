"""The train workspace: panels over and beside each other, by table, as a person wants them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QVBoxLayout, QWidget

from aegan_studio.experiment import Experiment
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.icons import icon
from aegan_studio.ui.panels.train.arrangement import ACROSS, ROOT, Group, PanelSpec
from aegan_studio.ui.panels.train.choices import Choices, named
from aegan_studio.ui.panels.train.model.panel import ModelPanel
from aegan_studio.ui.panels.train.turns import Turns
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.panels import Panel

GAP = 8

Shares = dict[str, list[float]]


class TrainWorkspace(QWidget):
    """Model, pictures or plane, plots and further views; what is shown and its sizes are kept.

    Panels are made when they are first shown. Sizes are remembered for each arrangement, and
    what a person added or removed for each kind of data.
    """

    layers_asked = Signal(str)
    """The layers of a role's network shall be edited."""
    panel_made = Signal(QWidget)
    """A :class:`Panel` was made after the workspace was built."""
    told = Signal(str)
    """A panel has something worth a quiet line, such as where a file went."""

    def __init__(
        self,
        document: Document,
        session: Session,
        parent: QWidget | None = None,
        *,
        root: Group = ROOT,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._session = session
        self._root = root
        self._choices = Choices(root)
        self._shares: Shares = {}
        self._panels: dict[str, Panel] = {}
        self._kept: dict[str, dict[str, Any]] = {}
        self._turns: dict[str, Turns] = {}
        self._visible: tuple[str, ...] = ()
        self._splitters: dict[str, QSplitter] = {}
        self._slots: dict[str, QWidget] = {}
        self._column = self._build(root)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.addWidget(self._column)
        self._instead: QWidget | None = None
        document.changed.connect(self._arrange)
        session.run_opened.connect(self._arrange)
        session.state_changed.connect(self._arrange)
        self._arrange()

    def _build(self, group: Group) -> QSplitter:
        """The splitter of a group, with an empty slot for each panel that is not made yet."""
        splitter = _splitter(group.runs)
        self._splitters[group.name] = splitter
        for part in group.parts:
            if isinstance(part, Group):
                inner = self._build(part)
                slot: QWidget = inner
                if part.scrolls:
                    slot = _scrolling(inner)
                elif part.fixed:
                    slot = _kept_at(part.least, inner)
                least = slot.setMinimumWidth if group.runs == ACROSS else slot.setMinimumHeight
                least(part.least)
            else:
                slot = QWidget()
                slot.hide()
            self._slots[part.name] = slot
            splitter.addWidget(slot)
        splitter.splitterMoved.connect(lambda *_, name=group.name: self._remember(name))
        return splitter

    # What is there

    @property
    def panels(self) -> Mapping[str, Panel]:
        """Every panel that was made, by name, in the order of the table."""
        order = [name for _, name in self._all()]
        return {name: self._panels[name] for name in order if name in self._panels}

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the panels that are in their places now."""
        return self._visible

    def panel(self, name: str) -> Panel:
        """A panel by name, made if it is not there yet.

        Raises
        ------
        KeyError
            There is no such panel.
        """
        if name not in self._panels:
            spec = next((spec for spec, key in self._all() if key == name), None)
            if spec is None:
                raise KeyError(name)
            self._make(spec, name)
        return self._panels[name]

    def _all(self) -> Iterator[tuple[PanelSpec, str]]:
        """Every panel there can be, with its name; several of a kind by number."""
        for spec in self._root.panels():
            for name in self._choices.names(spec):
                yield spec, name

    def _make(self, spec: PanelSpec, name: str) -> Panel:
        panel = spec.make(self._document, self._session)
        group = self._group_of(spec)
        least = panel.setMinimumWidth if group.runs == ACROSS else panel.setMinimumHeight
        least(spec.least)
        panel.make_floatable(f"train.{name}")
        panel.make_removable(partial(self.toggle, name, False))
        panel.sight_changed.connect(self._say_what_is_seen)
        if isinstance(panel, ModelPanel):
            panel.view.network_opened.connect(self.layers_asked)
        for asks, answer in (("finding_asked", self.show_finding), ("told", self.told)):
            if hasattr(panel, asks):
                getattr(panel, asks).connect(answer)
        splitter = self._splitters[group.name]
        slot = self._slots.pop(name, None)
        if slot is not None:
            splitter.replaceWidget(splitter.indexOf(slot), panel)
            slot.deleteLater()
        else:
            splitter.addWidget(panel)
        panel.hide()
        self._panels[name] = panel
        if name in self._kept:
            panel.restore(self._kept.pop(name))
        if spec.instead:
            self._turns[name] = Turns(self.panel(spec.instead), panel, self._arrange)
        self.panel_made.emit(panel)
        return panel

    def _group_of(self, spec: PanelSpec) -> Group:
        return next(group for group in self._root.groups() if spec in group.parts)

    # What a person wants to see

    def toggle(self, name: str, on: bool) -> None:
        """Show a panel, or take it away; it is remembered for this kind of data."""
        self._choices.choose(name, on, self._session.experiment)
        self._arrange()
        if on and name in self._panels:
            self.give_turn(name)

    def show_finding(self, name: str) -> None:
        """Bring what the doctor says of a finding into view."""
        self.toggle("doctor", True)
        doctor: Any = self.panel("doctor")
        doctor.show_finding(name)

    def views_menu(self, parent: QWidget) -> Menu:
        """Every panel that the experiment can have, ticked where it is there."""
        menu = Menu(tr("Views"), parent)
        for action in self._view_actions(menu):
            menu.addAction(action)
        menu.addSeparator()
        menu.add(tr("As at first"), self.reset, icon_name="restart")
        return menu

    def commands(self) -> list[QAction]:
        """Commands of the palette that show and take away panels."""
        actions = self._view_actions(self)
        for action in actions:
            words = tr("Hide view: {name}") if action.isChecked() else tr("Show view: {name}")
            action.setText(words.format(name=action.text()))
            action.setCheckable(False)
            action.setIcon(icon("grid"))
        return actions

    def _view_actions(self, parent: QWidget) -> list[QAction]:
        experiment = self._session.experiment
        found = []
        for spec, name in self._all():
            if not spec.fits(experiment):
                continue
            on = self._choices.shows(spec, name, experiment)
            action = QAction(named(spec, name), parent)
            action.setCheckable(True)
            action.setChecked(on)
            action.triggered.connect(partial(self._on_action, name, not on))
            found.append(action)
        return found

    def _on_action(self, name: str, on: bool, _checked: bool = False) -> None:
        self.toggle(name, on)

    def reset(self) -> None:
        """Show what is there at first, in its first sizes."""
        self._choices.forget(self._session.experiment)
        self._shares.clear()
        self._arrange()
        self._apply_sizes()

    def give_turn(self, name: str) -> None:
        """Let a panel stand where it takes turns with another; with room for both, both do."""
        for turns in self._turns.values():
            turns.show(self.panel(name))

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

    # What is remembered

    def state(self) -> QByteArray:
        """What a person chose, for :meth:`restore`."""
        within = self._kept | {name: panel.state() for name, panel in self._panels.items()}
        chosen = {
            "views": self._choices.state(),
            "panels": {name: state for name, state in within.items() if state},
        }
        known: dict[str, object] = dict(self._shares)
        known |= {key: value for key, value in chosen.items() if value}
        return QByteArray(json.dumps(known).encode())

    def restore(self, state: QByteArray) -> None:
        """Take on what was remembered; what makes no sense counts as absent."""
        try:
            known = json.loads(bytes(state.data()).decode())
        except ValueError:
            return
        if not isinstance(known, dict):
            return
        self._choices.restore(known.pop("views", None))
        within = known.pop("panels", None)
        if isinstance(within, dict):
            self._kept = {str(k): v for k, v in within.items() if isinstance(v, dict)}
            for name in self._kept.keys() & self._panels.keys():
                self._panels[name].restore(self._kept.pop(name))
        self._shares = {
            str(key): [float(share) for share in shares]
            for key, shares in known.items()
            if isinstance(shares, list)
            and all(isinstance(share, int | float) and 0 < share <= 1 for share in shares)
        }
        self._arrange()
        self._apply_sizes()

    # Places and sizes

    def _arrange(self, _what: object = None) -> None:
        """Show the panels that the experiment calls for and a person wants."""
        experiment = self._session.experiment
        gone = self._given_way(experiment)
        visible = tuple(
            name
            for group in self._root.groups()
            for name in self._standing(group)
            if name not in gone
        )
        order = [name for _, name in self._all()]
        visible = tuple(sorted(visible, key=order.index))
        if visible == self._visible:
            return
        self._visible = visible
        for name in visible:
            self.panel(name)
        for name, panel in self._panels.items():
            panel.set_wanted(name in visible)
            panel.set_removable(self._choices.can_remove(name, experiment))
        for group in self._root.groups():
            if group.name:
                self._slots[group.name].setVisible(self._is_seen(group))
        self._apply_sizes()

    def _is_seen(self, group: Group) -> bool:
        names = {name for spec in group.panels() for name in self._choices.names(spec)}
        return not names.isdisjoint(self._visible)

    def _standing(self, group: Group) -> list[str]:
        """The panels of a group; where it is narrow, one of two that take turns."""
        experiment = self._session.experiment
        there: list[str] = []
        needed, turning = 0, []
        for part in group.parts:
            if isinstance(part, Group):
                if any(self._wanted(spec, experiment) for spec in part.panels()):
                    needed += part.least + GAP
                continue
            names = self._wanted(part, experiment)
            there += names
            needed += len(names) * (max(part.least, part.ease) + GAP)
            if part.instead in there and names:
                turning.append(part)
        narrow = needed - GAP > self.width() - 2 * GAP
        for name, turns in self._turns.items():
            if name in there or name in (spec.name for spec in group.parts):
                turns.left_out(False)
        for spec in turning:
            self.panel(spec.name)
            left_out = self._turns[spec.name].left_out(narrow)
            there = [name for name in there if self.panel(name) is not left_out]
        return there

    def _given_way(self, experiment: Experiment) -> set[str]:
        """The panels that have to go because the window is too low for all."""
        gone: set[str] = set()
        height = self.height() - 2 * GAP
        for group in self._root.groups():
            if group.runs == ACROSS:
                continue
            room = height if group is self._root else self._height_of(group, height, gone)
            parts = [part for part in group.parts if self._names_of(part, experiment)]
            while sum(part.least + GAP for part in parts) - GAP > room:
                going = max(parts, key=lambda part: part.yields)
                if going.yields == 0:
                    break
                parts.remove(going)
                gone.update(self._names_of(going, experiment))
        return gone

    def _height_of(self, group: Group, height: int, gone: set[str]) -> int:
        """The height that a column of the workspace begins with."""
        experiment = self._session.experiment
        rows = [
            row
            for row in self._root.parts
            if isinstance(row, Group) and not gone.issuperset(self._names_of(row, experiment))
        ]
        row = next((row for row in rows if group in row.parts), None)
        if row is None:
            return height
        height -= GAP * (len(rows) - 1) + sum(row.least for row in rows if row.fixed)
        shares = sum(row.share for row in rows if not row.fixed)
        return height * row.share // shares

    def _names_of(self, part: PanelSpec | Group, experiment: Experiment) -> list[str]:
        """The panels of a part that are wanted."""
        specs = part.panels() if isinstance(part, Group) else (part,)
        return [name for spec in specs for name in self._wanted(spec, experiment)]

    def _wanted(self, spec: PanelSpec, experiment: Experiment) -> list[str]:
        names = self._choices.names(spec)
        return [name for name in names if self._choices.shows(spec, name, experiment)]

    def _parts(self, group: Group) -> list[tuple[str, int, bool]]:
        """(name, share, visible) of what a splitter holds, in its order."""
        found = []
        for part in group.parts:
            if isinstance(part, Group):
                found.append((part.name, part.share, self._is_seen(part)))
            else:
                for name in self._choices.names(part):
                    if name in self._panels or name in self._slots:
                        found.append((name, part.share, name in self._visible))
        return found

    @staticmethod
    def _key(name: str, parts: list[tuple[str, int, bool]]) -> str:
        return f"{name}:{'+'.join(part for part, _, visible in parts if visible)}"

    def _place(self, name: str) -> QWidget:
        return self._panels[name].place if name in self._panels else self._slots[name]

    def _apply_sizes(self) -> None:
        for group in self._root.groups():
            splitter, parts = self._splitters[group.name], self._parts(group)
            visible = [share for _, share, shown in parts if shown]
            shares = self._shares.get(self._key(group.name, parts), [])
            if len(shares) != len(visible):
                shares = [share / sum(visible) for share in visible] if visible else []
            rest = iter(shares)
            length = max(splitter.width(), splitter.height(), 1000)
            sizes = [0] * splitter.count()
            for name, share, shown in parts:
                index = splitter.indexOf(self._place(name))
                sizes[index] = round(next(rest) * length) if shown else 0
                splitter.setStretchFactor(index, share)
            splitter.setSizes(sizes)

    def _remember(self, moved: str) -> None:
        group = next(group for group in self._root.groups() if group.name == moved)
        splitter, parts = self._splitters[moved], self._parts(group)
        lengths = splitter.sizes()
        sizes = [lengths[splitter.indexOf(self._place(name))] for name, _, seen in parts if seen]
        total = sum(sizes)
        if total > 0 and min(sizes) > 0:
            self._shares[self._key(moved, parts)] = [round(size / total, 4) for size in sizes]

    # In sight

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

    def closeEvent(self, event: QCloseEvent) -> None:
        """End what panels do beside the window, such as a film that is being made."""
        for panel in self._panels.values():
            end = getattr(panel, "end", None)
            if end is not None:
                end()
        super().closeEvent(event)


def _splitter(orientation: Qt.Orientation) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(GAP)
    splitter.setChildrenCollapsible(False)
    return splitter


def _kept_at(height: int, inner: QWidget) -> QWidget:
    """A room of a height: a splitter's own is taken from what it holds."""
    room = QWidget()
    room.setFixedHeight(height)
    column = QVBoxLayout(room)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(inner)
    return room


def _scrolling(inner: QWidget) -> QScrollArea:
    """A room in which panels keep their least widths and can be moved sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    return area
