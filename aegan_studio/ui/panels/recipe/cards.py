"""The cards of the recipe: each edits one part of the document and folds to a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from aegan_studio.catalog import models
from aegan_studio.catalog.datasets.sketch import PAINTED, Drawn
from aegan_studio.experiment import Experiment, Problem
from aegan_studio.experiment.options import describe
from aegan_studio.experiment.parts import DATASETS, DataInfo, PhaseInfo
from aegan_studio.experiment.training import PhaseOptions, TrainingOptions
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.recipe.forms import Fold, KindRow, OptionGroup, OptionRow
from aegan_studio.ui.panels.recipe.model_chooser import Formulas, ModelRow
from aegan_studio.ui.panels.recipe.network_block import NetworkBlock
from aegan_studio.ui.panels.recipe.shapes import DRAWN, ShapeTiles
from aegan_studio.ui.panels.samples import SampleStrip
from aegan_studio.ui.theme import NOTE
from aegan_studio.ui.training.background import Background, Samples
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.cards import Card
from aegan_studio.ui.widgets.choice import Option
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import ProblemLine
from aegan_studio.ui.widgets.numbers import compact, format_number

OF_PAINT = tuple(f"dataset.{name}" for name in PAINTED)
"""Where problems of what is painted are."""

Pending = Mapping[str, tuple[Any, Any]]
"""What waits for a restart: path to the running and the wanted value."""


class DataCard(Card):
    """Which data: pictures with a strip of real ones, points as tiles of shapes."""

    drawing_asked = Signal()
    """The drawing shall be edited."""

    def __init__(self, document: Document, session: Session, background: Background) -> None:
        super().__init__(tr("Data"))
        self._document = document
        options = [Option(entry.kind, tr(entry.label), tr(entry.help)) for entry in DATASETS]
        dataset = document.experiment.dataset
        self._drawn: Drawn | None = None
        self.strips = (SampleStrip(), SampleStrip())
        self.set_preview(self.strips[1])
        self.kind = KindRow(
            document,
            "dataset.kind",
            tr("Dataset"),
            options,
            dataset.kind,
            tr("What the model learns from."),
            edits=self._edits,
        )
        self.tiles = ShapeTiles(background)
        self.tiles.chosen.connect(self.choose)
        self.tiles.drawing_asked.connect(self.drawing_asked)
        self.draw = Button(
            tr("Edit the drawing"),
            icon="brush",
            variant="soft",
            size="s",
            tooltip=tr("Paint, or import a picture or a table of points."),
        )
        self.draw.clicked.connect(self.drawing_asked)
        self.problem = ProblemLine()
        self.problem.fix_requested.connect(self._mend)
        self._problem: Problem | None = None
        self.group = OptionGroup(document, session, "dataset")
        self._gap = QWidget()
        self._gap.setFixedHeight(8)
        self.add(self.strips[0])
        self.add(self._gap)
        for part in (self.kind, self.tiles, self.draw, self.problem):
            self.add(part)
        self.body.addSpacing(4)
        self.add(self.group)

    def choose(self, kind: str) -> None:
        """Make the data another kind; a drawing that was there before comes back."""
        label = tr(DATASETS[kind].label)
        self._document.edit(self._edits(kind), tr("choose {name}", name=label))

    def _edits(self, kind: object) -> dict[str, Any]:
        edits: dict[str, Any] = {"dataset.kind": kind}
        if kind == DRAWN and self._drawn is not None:
            edits |= self._drawn.sketch().edits()
        return edits

    def refresh(self, experiment: Experiment) -> None:
        """Show the document's values."""
        dataset = experiment.dataset
        info = experiment.data_info()
        if isinstance(dataset, Drawn):
            self._drawn = dataset
            if dataset.sketch().is_blank:
                self.show_samples(Samples("points", np.empty((0, 2), np.float32), None))
        self.kind.choice.set_value(dataset.kind)
        of_points = info.modality == "points"
        self.tiles.setVisible(of_points)
        for part in (self.strips[0], self._gap):
            part.setVisible(not of_points)
        self.draw.setVisible(isinstance(dataset, Drawn))
        if of_points:
            self.tiles.set_dataset(dataset)
        self.group.refresh()
        label = tr(DATASETS.of(dataset).label)
        self.set_summary(label, _amount(info))

    def show_samples(self, samples: Samples) -> None:
        """Show real samples of the data in use."""
        for strip in self.strips:
            strip.show_samples(samples)
        if samples.modality == "points":
            self.tiles.show_own(samples.items)

    def show_pending(self, pending: Pending) -> None:
        """Show what the run still uses."""
        self.kind.show_pending(pending)
        self.group.show_pending(pending)

    def show_problems(self, problems: tuple[Problem, ...]) -> bool:
        """Show the problems of the data, and of a drawing beside the way to it."""
        found = self.kind.show_problems(problems)
        found = self.group.show_problems(problems) or found
        mine = (p for p in problems if p.path.startswith(OF_PAINT))
        self._problem = next(mine, None)
        if self._problem is not None:
            fix = "" if self._problem.mend is None else tr(self._problem.mend.label)
            self.problem.set(tr(self._problem.message), fix, self._problem.severity)
        self.problem.setVisible(self._problem is not None)
        return found or self._problem is not None

    def _mend(self) -> None:
        if self._problem is not None and self._problem.mend is not None:
            mend = self._problem.mend
            self._document.edit(mend.changes, tr(mend.label))


def _amount(info: DataInfo) -> str:
    count = format_number(info.count)
    if info.modality == "image":
        return tr("{count} images", count=count)
    if info.modality == "points":
        return tr("{count} points", count=count)
    return tr("{count} items", count=count)


class MethodCard(Card):
    """How the networks learn: the model by name, its paper and formulas, its options."""

    def __init__(self, document: Document, session: Session) -> None:
        super().__init__(tr("Method"))
        self._session = session
        self.kind = ModelRow(document)
        self.formulas = Formulas()
        self.group = OptionGroup(document, session, "method")
        for part in (self.kind, self.formulas, self.group):
            self.add(part)

    def refresh(self, experiment: Experiment) -> None:
        """Show the document's values."""
        label = self.kind.refresh(experiment)
        self.formulas.refresh(experiment)
        self.group.refresh(models.options_of(self.kind.choice.value))
        size = experiment.method.code_dim(experiment.data_info())
        self.set_summary(tr("{method}, code {size}", method=label, size=size))

    def show_pending(self, pending: Pending) -> None:
        """Show what the run still uses."""
        self.kind.show_pending(self._session.experiment, pending)
        self.group.show_pending(pending)

    def show_problems(self, problems: tuple[Problem, ...]) -> bool:
        """Show the problems of the method."""
        found = self.kind.show_problems(problems)
        return self.group.show_problems(problems) or found


class NetworksCard(Card):
    """The networks by role."""

    layers_asked = Signal(str, int)
    """A role whose layers are to be edited, and the layer to select; −1 for none."""

    def __init__(self, document: Document, session: Session) -> None:
        super().__init__(tr("Networks"), folded=True, margins=(8, 0, 8, 8), spacing=2)
        self._document, self._session = document, session
        self.blocks: dict[str, NetworkBlock] = {}
        self._edited = ""

    def refresh(self, experiment: Experiment) -> None:
        """Show the document's values."""
        roles = experiment.roles()
        if [role.name for role in roles] != list(self.blocks):
            for block in self.blocks.values():
                block.hide()
                block.deleteLater()
            self.blocks = {
                role.name: NetworkBlock(self._document, self._session, role) for role in roles
            }
            for block in self.blocks.values():
                block.opened.connect(self._close_others)
                block.edit_asked.connect(self.layers_asked)
                self.add(block)
        for role in roles:
            self.blocks[role.name].refresh(role)
        self.show_edited(self._edited)

    def show_edited(self, role: str) -> None:
        """Mark the network whose layers are being edited; an empty name marks none."""
        self._edited = role
        for name, block in self.blocks.items():
            block.show_edited(name == role, editing=bool(role))

    def show_inspection(self, inspection: Any) -> None:
        """Show sizes; ``None`` while they are worked out."""
        for block in self.blocks.values():
            block.show_inspection(inspection)
        count = len(self.blocks)
        if inspection is None:
            self.set_summary(tr("{count} networks", count=count))
        else:
            weights = sum(report.parameters for report in inspection.networks.values())
            total = tr("{count} weights", count=compact(weights))
            self.set_summary(tr("{count} networks, {total}", count=count, total=total), total)

    def open_role(self, name: str) -> NetworkBlock | None:
        """Open one network."""
        block = self.blocks.get(name)
        if block is not None and not block.is_open:
            block.set_open(True)
            self._close_others(block)
        return block

    def _close_others(self, opened: NetworkBlock) -> None:
        for block in self.blocks.values():
            if block is not opened:
                block.set_open(False)

    def show_pending(self, pending: Pending) -> None:
        """Show what the run still uses."""
        for block in self.blocks.values():
            block.show_pending(pending)

    def show_problems(self, problems: tuple[Problem, ...]) -> bool:
        """Show the problems of the networks."""
        found = [block.show_problems(problems) for block in self.blocks.values()]
        return any(found)


class TrainingCard(Card):
    """How long and how fast: each phase's rate, the loop, the seed."""

    def __init__(self, document: Document, session: Session) -> None:
        super().__init__(tr("Training"))
        self._document, self._session = document, session
        self._made_for: tuple[str, ...] = ()
        self.rows: list[OptionRow] = []
        self._parts: list[QWidget] = []
        self._more: Fold | None = None

    def refresh(self, experiment: Experiment) -> None:
        """Show the document's values."""
        phases = tuple(phase.name for phase in experiment.phase_infos())
        if phases != self._made_for:
            self._make(experiment)
            self._made_for = phases
        for row in self.rows:
            row.refresh()
        training = experiment.training
        self.set_summary(
            tr(
                "{steps} steps, batch {batch}",
                steps=format_number(training.steps),
                batch=format_number(training.batch_size),
            )
        )

    def _make(self, experiment: Experiment) -> None:
        opened = self._more is not None and self._more.is_open
        for old in self._parts:
            old.hide()
            old.deleteLater()
        self.rows, self._parts = [], []
        self._more = Fold()
        symbols = {role.name: role.symbol for role in experiment.roles()}
        phases = experiment.phase_infos()
        for phase in phases:
            self._make_phase(phase, symbols, several=len(phases) > 1)
        for info in describe(TrainingOptions):
            row = self._row(f"training.{info.name}")
            if info.advanced or info.name == "device":
                self._more.body.addWidget(row)
            else:
                self._append(row)
        self._append(self._row("seed"))
        self._append(self._more)
        self._more.set_open(opened)

    def _make_phase(self, phase: PhaseInfo, symbols: Mapping[str, str], *, several: bool) -> None:
        assert self._more is not None
        whom = ", ".join(symbols.get(name, name) for name in phase.updates)
        upfront = {"lr": tr("Rate of {networks}", networks=whom)}
        if several:
            upfront["updates"] = tr("Updates of {networks}", networks=whom)
            heading = Label(tr(phase.label), tone="text2", size=NOTE, weight=600)
            heading.setContentsMargins(0, 8, 0, 2)
            self._more.body.addWidget(heading)
        for info in describe(PhaseOptions):
            path = f"phases.{phase.name}.{info.name}"
            if info.name in upfront:
                self._append(self._row(path, upfront[info.name]))
            else:
                self._more.body.addWidget(self._row(path))

    def _row(self, path: str, label: str = "") -> OptionRow:
        info = self._document.experiment.option_info(path)
        assert info is not None
        row = OptionRow(self._document, self._session, path, info, label=label)
        self.rows.append(row)
        return row

    def _append(self, part: QWidget) -> None:
        self._parts.append(part)
        self.add(part)

    def show_pending(self, pending: Pending) -> None:
        """Show what the run still uses."""
        for row in self.rows:
            row.show_pending(pending)

    def show_problems(self, problems: tuple[Problem, ...]) -> bool:
        """Show the problems of training, unfolding what hides one."""
        found = [row for row in self.rows if row.show_problems(problems)]
        if self._more is not None and any(self._more.isAncestorOf(row) for row in found):
            self._more.set_open(True)
        return bool(found)
