"""The drawn model as a widget: paints the scene, and lets keyboard and pointer reach its parts."""

from __future__ import annotations

import html
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Pictures
from aegan_studio.experiment.parts import NETWORKS
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.train.model.flow import structure_of
from aegan_studio.ui.panels.train.model.layout import place
from aegan_studio.ui.panels.train.model.levels import MORE, Placement
from aegan_studio.ui.panels.train.model.motion import Motion, area_of, paint_lights, paint_ways
from aegan_studio.ui.panels.train.model.paint import paint_model
from aegan_studio.ui.panels.train.model.pills import pill_width, word_width
from aegan_studio.ui.panels.train.model.scene import Node, Pill, Structure, terms_of
from aegan_studio.ui.panels.train.model.state import ModelState, value_text
from aegan_studio.ui.panels.train.widget_picture import widget_menu
from aegan_studio.ui.theme import Theme, current_theme, on_theme
from aegan_studio.ui.widgets.formula_parser import parse, plain_text
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.pictures import picture_image


def formula_text(latex: str) -> str:
    """A formula in plain characters, for tool tips and screen readers."""
    return " ".join(plain_text(parse(latex)).split())


class Part(QWidget):
    """One node or pill, invisible itself: takes the focus, has a name and a tool tip."""

    chosen = Signal()
    opened = Signal()

    def __init__(self, name: str, view: ModelView, *, round_ends: bool) -> None:
        super().__init__(view)
        self.setObjectName(name)
        self._view = view
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focusRadius", 12.0 if round_ends else 6.0)

    def event(self, event: QEvent) -> bool:
        """The tool tip is made when it is asked for, with the number of now."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._view.tip(self.objectName()), self)
            return True
        return super().event(event)

    def show_tip(self) -> None:
        """Show the tool tip at once."""
        spot = self.mapToGlobal(self.rect().bottomLeft())
        QToolTip.showText(spot, self._view.tip(self.objectName()), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit()
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click opens it; where nothing opens it is two clicks."""
        self.chosen.emit()
        self.opened.emit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """So do Space and Enter."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class ModelView(QWidget):
    """The drawing of an experiment's model with its current numbers and pictures.

    Clicking a picture or a code goes on to the next example.
    """

    network_opened = Signal(str)
    """A network was clicked twice: its role."""

    def __init__(self, experiment: Experiment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = ModelState()
        self._experiment = experiment
        self._structure = structure_of(experiment)
        self._placement: Placement | None = None
        self._placed_for: object = None
        self._parts: dict[str, Part] = {}
        self._pictures: Pictures | None = None
        self._example = 0
        self._item_side = 0
        self._motion: Motion | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(300, 96)
        self._make_parts()
        on_theme(self._retint)

    def sizeHint(self) -> QSize:
        """Room for every row and column."""
        structure = self._structure
        rows = structure.overs + structure.unders
        return QSize(140 * structure.columns, rows * 28 + structure.lanes * 76 + 30)

    @property
    def comfortable(self) -> int:
        """The height below which the drawing would be cramped."""
        structure = self._structure
        lanes = structure.lanes * 48 if structure.lanes > 1 else 96
        between = (structure.lanes - 1) * 42
        return (structure.overs + structure.unders) * 28 + lanes + between + 6

    @property
    def structure(self) -> Structure:
        """What is drawn."""
        return self._structure

    @property
    def parts(self) -> Mapping[str, Part]:
        """The focusable parts: nodes and pills by name."""
        return dict(self._parts)

    @property
    def example(self) -> int:
        """Which of the pictures is shown."""
        return self._example

    def set_experiment(self, experiment: Experiment) -> None:
        """Draw another model; numbers and pictures start afresh where the drawing differs."""
        structure = structure_of(experiment)
        self._experiment = experiment
        if structure == self._structure:
            return
        self._structure = structure
        self._make_parts()
        self.clear()

    def clear(self) -> None:
        """Forget numbers, pictures and sizes."""
        self.state = ModelState()
        self._pictures = None
        self._item_side = 0
        self.refresh()

    def set_values(self, values: Mapping[str, float]) -> None:
        """Show these values on their pills; terms not named keep theirs."""
        self.state.values.update(values)
        shown = [pill for pill in self._structure.pills if pill.term in values]
        for pill in shown:
            text = value_text(values[pill.term], share=pill.share)
            self._parts[pill.name].setAccessibleDescription(text)
        if self._place():
            self.update()
            return
        for pill in shown:
            self.update(self._parts[pill.name].geometry())

    def set_parameters(self, parameters: Mapping[str, int]) -> None:
        """Show the number of weights of each network, by role."""
        self.state.parameters = dict(parameters)
        self.update()

    def set_updated(self, roles: tuple[str, ...] | None) -> None:
        """Mark the networks that the last phase moved; ``None`` marks nothing."""
        updated = None if roles is None else frozenset(roles)
        if updated != self.state.updated:
            self.state.updated = updated
            self.update()

    @property
    def motion(self) -> Motion | None:
        """What moves over the drawing."""
        return self._motion

    def set_motion(self, motion: Motion | None) -> None:
        """Let data run along arrows; ``None``: nothing moves."""
        before, self._motion = self._motion, motion
        if motion == before:
            return
        placed = self._placement
        if placed is None or motion is None or before is None or motion.lit != before.lit:
            self.update()
            return
        area = area_of(motion, placed).united(area_of(before, placed))
        self.update(area.toAlignedRect())

    def set_pictures(self, pictures: Pictures | None) -> None:
        """Show one example of the pictures, or some of the points."""
        self._pictures = pictures
        state = self.state
        state.pictures, state.points, state.codes = {}, {}, {}
        if pictures is None:
            self._item_side = 0
            self.refresh()
            return
        shown = {
            "original": pictures.originals,
            "reconstruction": pictures.reconstructions,
            "sample": pictures.samples,
        }
        for content, items in shown.items():
            if items is None or not len(items):
                continue
            if pictures.modality == "image":
                state.pictures[content] = picture_image(items[self._example % len(items)])
                self._item_side = items.shape[1]
            else:
                state.points[content] = items
        if state.points:
            self._item_side = 0
            state.points = _together(state.points)
        codes_shown = {
            "code": pictures.codes,
            "sample_code": pictures.sample_codes,
            "cycled_code": pictures.cycled_codes,
        }
        for content, codes in codes_shown.items():
            if codes is not None and len(codes):
                state.codes[content] = _bars(codes, self._example)
        self.refresh()

    def next_example(self) -> None:
        """Show the next picture and its code."""
        self._example += 1
        if self._pictures is not None:
            self.set_pictures(self._pictures)

    def refresh(self) -> None:
        """Lay out anew if something changed its size, and repaint."""
        self._place()
        self.update()

    def tip(self, name: str) -> str:
        """What a part is, in words: HTML for a tool tip."""
        structure = self._structure
        if name == MORE:
            hidden = self._placement.hidden if self._placement is not None else ()
            return "".join(self._term_tip(term) for term in hidden)
        pill = next((pill for pill in structure.pills if pill.name == name), None)
        if pill is not None and not pill.role:
            return self._term_tip(pill.term)
        if pill is not None:
            own = [term for term in structure.hidden if self._is_of(term, pill)]
            shown = [pill.term] if pill.term else []
            return self._network_tip(pill.role, pill.letter) + "".join(
                self._term_tip(term) for term in (*shown, *own)
            )
        node = structure.node(name)
        if node.kind != "network":
            return _tip(tr(node.label), [tr("Click for the next example.")])
        return self._network_tip(node.role, node.formula)

    def _is_of(self, term: str, pill: Pill) -> bool:
        info, phase = terms_of(self._experiment)[term]
        if "_" in pill.letter:
            return pill.letter in info.latex
        return pill.role in phase.updates

    def _term_tip(self, name: str) -> str:
        term, _ = terms_of(self._experiment)[name]
        value = self.state.values.get(name)
        number = "" if value is None else f" = {format_number(value, 4)}"
        return _tip(tr(term.label), [tr(term.help), f"{formula_text(term.latex)}{number}"])

    def _network_tip(self, name: str, letter: str) -> str:
        network = NETWORKS.of(self._experiment.networks[name])
        role = next(role for role in self._experiment.roles() if role.name == name)
        lines = [tr(network.label)]
        if name in self.state.parameters:
            lines.append(tr("{count:,} weights", count=self.state.parameters[name]))
        lines += [
            f"{tr(phase.label)}: {formula_text(phase.latex)}"
            for phase in self._experiment.phase_infos()
            if name in phase.updates
        ]
        return _tip(f"{tr(role.label)} {formula_text(letter)}", lines)

    def _make_parts(self) -> None:
        for part in self._parts.values():
            part.hide()
            part.deleteLater()
        self._parts = {}
        terms = terms_of(self._experiment)
        for node in self._structure.nodes:
            self._add_part(node.name, tr(node.label), node=node)
        roles = {role.name: role for role in self._experiment.roles()}
        for pill in self._structure.pills:
            names = [tr(roles[pill.role].label)] if pill.role else []
            names += [tr(terms[pill.term][0].label)] if pill.term in terms else []
            self._add_part(pill.name, ": ".join(names))
        self._add_part(MORE, tr("More terms"))
        self._placed_for = None
        self.refresh()

    def _add_part(self, name: str, label: str, node: Node | None = None) -> None:
        part = Part(name, self, round_ends=node is None)
        part.setAccessibleName(label)
        if node is not None and node.kind != "network":
            part.chosen.connect(self.next_example)
            part.setCursor(Qt.CursorShape.PointingHandCursor)
        if node is not None and node.kind == "network":
            part.opened.connect(lambda: self.network_opened.emit(name))
        if name == MORE:
            part.chosen.connect(part.show_tip)
            part.setCursor(Qt.CursorShape.PointingHandCursor)
        part.show()
        self._parts[name] = part

    def _place(self) -> bool:
        """Lay out anew where something changed its size; says whether it did."""
        widths = tuple(self._measure(pill, 0) for pill in self._structure.pills)
        ratio = self.devicePixelRatioF()
        key = (self.size().toTuple(), ratio, self._item_side, tr.language, widths)
        if key == self._placed_for:
            return False
        self._placed_for = key
        placed = place(
            self._structure,
            self.width(),
            self.height(),
            ratio=ratio,
            side=self._item_side,
            measure=self._measure,
            words=word_width,
        )
        self._placement = placed
        for name, part in self._parts.items():
            rect = placed.rects.get(name)
            part.setVisible(rect is not None)
            if rect is not None:
                part.setGeometry(rect.toAlignedRect())
        return True

    def _measure(self, pill: Pill, level: int) -> float:
        return pill_width(pill, self.state.values.get(pill.term), level)

    def _retint(self, _theme: Theme) -> None:
        if self._pictures is not None:
            self.set_pictures(self._pictures)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new size."""
        self._place()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Copy or save the drawing."""
        widget_menu(self, "model.png").popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the model."""
        self._place()  # the device pixel ratio may have changed with the screen
        if self._placement is not None:
            painter = QPainter(self)
            clip = QRectF(event.rect())
            theme = current_theme()
            placement, motion = self._placement, self._motion
            moving = None if motion is None else partial(paint_ways, motion, placement, theme)
            paint_model(painter, self._structure, placement, self.state, theme, clip, moving)
            if motion is not None:
                paint_lights(painter, motion, self._structure, placement, theme)


def _tip(title: str, lines: list[str]) -> str:
    body = "".join(f"<div>{html.escape(line)}</div>" for line in lines)
    return f"<div style='white-space: pre-wrap'><b>{html.escape(title)}</b>{body}</div>"


def _bars(codes: npt.NDArray[Any], example: int) -> npt.NDArray[Any]:
    """One code in −1…1; one scale for all, so that bars of different examples compare."""
    limit = float(np.quantile(np.abs(codes), 0.97)) or 1.0
    scaled: npt.NDArray[Any] = np.nan_to_num(codes[example % len(codes)] / limit)
    return scaled.clip(-1, 1)


def _together(points: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """All points in one frame, −1…1, chosen by the real ones where there are any."""
    frame = points.get("original", next(iter(points.values())))
    low, high = frame.min(0), frame.max(0)
    middle, half = (low + high) / 2, float((high - low).max()) / 2 * 1.15 or 1.0
    return {name: ((items - middle) / half).clip(-1, 1) for name, items in points.items()}
