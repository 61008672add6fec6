"""The architecture editor: the layers of one network as a table, and what becomes of them."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.catalog import mirror, written
from aegan_studio.experiment import Experiment, InputError, Problem
from aegan_studio.experiment.parts import Shape
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.layers import facts
from aegan_studio.ui.panels.layers.drawing import size_text
from aegan_studio.ui.panels.layers.exchange import Exchange
from aegan_studio.ui.panels.layers.foot import Foot
from aegan_studio.ui.panels.layers.head import Head
from aegan_studio.ui.panels.layers.listing import LayerList
from aegan_studio.ui.panels.layers.more import MoreOptions
from aegan_studio.ui.panels.layers.palette import Palette
from aegan_studio.ui.panels.layers.rows import LayerRow
from aegan_studio.ui.panels.layers.side import SidePanel
from aegan_studio.ui.panels.layers.table import LayerTable
from aegan_studio.ui.training.background import Background
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.cards import Surface
from aegan_studio.ui.widgets.messages import Banner

GESTURE_SECONDS = 0.8
"""Edits of one option that follow each other within this time are undone together."""
WAIT_MS = 200
"""How long edits must rest before the network is built to be tried out."""
SHOWN = 8
"""Pictures that an untrained network makes."""
MOST_WEIGHTS = 60_000_000
"""Networks with more weights are not built just to be tried out."""
AGAIN_MS = 2500
"""After this time the computer's pace is measured once more."""
WIDE, NARROW = 268, 200
"""The width of the side panel, and in a narrow window."""


class LayerEditor(QWidget):
    """Edits one network of the document; stands in the place of the train workspace's panels."""

    left = Signal()
    """Back to the model."""
    role_shown = Signal(str)
    told = Signal(str)
    trouble = Signal(object)
    """A :class:`StudioError`."""

    def __init__(
        self,
        document: Document,
        session: Session,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._session, self._background = document, session, background
        self.listing = LayerList(document, self)
        self._inspection: Any = None
        self._assumed: list[Shape | None] = []
        self._trying: Experiment | None = None
        self._gesture: tuple[object, float, object] = (None, 0.0, None)
        self._popup: MoreOptions | None = None
        self._tried: object = None
        self.head = Head()
        self.banner = Banner(dismissible=False, severity="error")
        self.table = LayerTable(self.listing)
        self.side = SidePanel()
        self.foot = Foot(document, session, background)
        self.palette_ = Palette()
        self.exchange = Exchange(self)
        self._rest = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._rest.timeout.connect(self._try_untrained)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        surface = Surface()
        column = QVBoxLayout(surface)
        column.setContentsMargins(8, 0, 8, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.banner)
        self.banner.hide()
        column.addWidget(self.table, 1)
        column.addWidget(self.foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(surface, 1)
        row.addWidget(self.side)
        self.side.setFixedWidth(WIDE)
        surface.setMinimumWidth(420)

    def _connect(self) -> None:
        self.head.left.connect(self.left)
        self.head.preset_chosen.connect(self.listing.use_preset)
        self.head.mirror_asked.connect(self.mirror)
        self.head.menu_asked.connect(self.exchange.open_menu)
        self.banner.fix_requested.connect(self._mend_whole)
        self.listing.changed.connect(self._on_list)
        self.table.option_changed.connect(self._on_option)
        self.table.more_asked.connect(self._open_more)
        self.table.mend_asked.connect(self._on_mend)
        self.table.menu_asked.connect(self.exchange.open_row_menu)
        self.table.copy_asked.connect(self.exchange.copy_layers)
        self.table.cut_asked.connect(self.exchange.cut_layers)
        self.table.paste_asked.connect(self.exchange.paste_layers)
        self.table.selection_changed.connect(self._on_selection)
        self.side.drawing.layer_chosen.connect(self.table.select)
        self.side.initialisation.value_changed.connect(self.listing.set_initialisation)
        self.palette_.chosen.connect(self.table.add)
        self.palette_.drag_begun.connect(self.table.begin_drag)
        self.palette_.dragged.connect(self.table.hover_at)
        self.palette_.dropped.connect(self.table.drop_kind)
        self.palette_.given_up.connect(self.table.end_drag)
        self.palette_.left.connect(self.left)
        self._document.inspected.connect(self._on_inspected)
        self._background.mended.connect(self._on_mended)
        self._background.untrained_ready.connect(self._on_untrained)

    # Showing

    @property
    def role(self) -> str:
        """The role of the network shown."""
        return self.listing.role.name

    def show_role(self, name: str, index: int = -1) -> None:
        """Edit the network of a role, one of its layers selected."""
        other = name != self.role or not self.table.rows
        self.listing.show_role(name)
        if other:
            self.table.select(-1)
            self._tried = None
            self.side.untrained.say(tr("Being worked out"))
        if 0 <= index < len(self.table.rows):
            self.table.select(index)
        self.foot.measure()
        self._on_inspected(self._document.inspection)

    def _on_list(self) -> None:
        self._trying = None
        role, network = self.listing.role, self.listing.network
        self.head.show_network(role, network, self.listing.title)
        first, last = facts.ends(self._document.experiment, role)
        for row, end in ((self.table.first, first), (self.table.last, last)):
            row.set(end.label, end.note, size_text(end.shape), end.tone)
        self.table.sync()
        self.side.initialisation.set_value(network.initialisation)
        if self._popup is not None:
            self._refresh_popup()
        self._show_mirror()
        self.role_shown.emit(role.name)

    def _on_inspected(self, inspection: Any) -> None:
        """Take the answer in; while there is none the old one stays."""
        if inspection is None:
            return
        report = inspection.networks.get(self.role)
        if report is None or len(report.layers) != len(self.table.rows):
            report = None
        self._inspection = inspection
        self._assumed = []
        self._trying = None
        if report is not None:
            self._look_below(report)
        self._show_report(report)

    @property
    def document(self) -> Document:
        """The document being edited."""
        return self._document

    @property
    def assumed(self) -> list[Shape | None]:
        """The shapes by row that a mend would make; empty while they are not known."""
        return list(self._assumed)

    @property
    def report(self) -> Any:
        """What the inspection says of the network; ``None`` while that is not known."""
        if self._inspection is None:
            return None
        report = self._inspection.networks.get(self.role)
        fits = report is not None and len(report.layers) == len(self.table.rows)
        return report if fits else None

    def _problems(self) -> tuple[dict[int, Problem], Problem | None]:
        return facts.problems_by_row(
            self._document.problems, self.listing.path, len(self.table.rows)
        )

    def _look_below(self, report: Any) -> None:
        """Ask what would come below a misfit if it were mended."""
        bad = facts.misfit_of(report)
        if bad >= len(report.layers):
            return
        problem = self._problems()[0].get(bad)
        if problem is None or problem.mend is None:
            return
        try:
            self._trying = self._document.experiment.with_options(problem.mend.changes)
        except InputError:
            return
        self._background.try_out(self._trying)

    def _on_mended(self, experiment: Experiment, inspection: Any) -> None:
        report = self.report
        if experiment != self._trying or report is None:
            return
        mended = inspection.networks[self.role]
        shapes = [layer.out_shape for layer in mended.layers]
        bad = facts.misfit_of(report)
        self._assumed = facts.aligned(shapes, len(report.layers), bad)
        self._show_report(report)

    def _show_report(self, report: Any) -> None:
        rows, whole = self._problems()
        self._whole = whole
        self.banner.setVisible(whole is not None)
        if whole is not None:
            mend = tr(whole.mend.label) if whole.mend else ""
            words = tr(whole.message)
            if not mend and whole.advice is not None:
                words = f"{words} {tr(whole.advice)}"
            self.banner.set(words[:1].upper() + words[1:], mend, whole.severity)
        if report is None:
            self.foot.show_nothing()
            self.side.untrained.say(tr("Shown once the shapes fit"))
            return
        experiment = self._document.experiment
        batch = experiment.training.batch_size
        rows_said = facts.row_facts(self.listing.layers, report, self._assumed, batch)
        self.table.show_facts(rows_said, rows)
        bad = facts.misfit_of(report)
        misfit = bad < len(report.layers)
        both = facts.ends(experiment, self.listing.role)
        made = report.layers[-1].out_shape if report.layers else both[0].shape
        wrong = not misfit and made != both[1].shape
        self.side.drawing.show_stages(facts.stages(report, both, self._assumed, wrong))
        self.side.weights.show_shares(facts.shares(report))
        broken = rows.get(bad) if misfit else None
        mend = tr(broken.mend.label) if broken is not None and broken.mend else ""
        guessed = any(shape is not None for shape in self._assumed)
        self.foot.show_report(self._inspection, self.role, misfit, mend if guessed else "")
        self._show_mirror()
        if misfit or wrong or (whole is not None and whole.severity == "error"):
            self._tried = None
            self._rest.stop()
            self.side.untrained.say(tr("Shown once the shapes fit"))
        else:
            self._rest.start()

    # What it makes untrained

    def _try_untrained(self) -> None:
        report = self.report
        if report is None or self._document.inspection is None or not self.isVisible():
            return
        experiment = self._document.experiment
        asked = (experiment.networks[self.role], self.listing.role, experiment.seed)
        if asked == self._tried:
            return
        if report.parameters > MOST_WEIGHTS:
            self.side.untrained.say(tr("Too large to try out here"))
            return
        self._tried = asked
        self._background.show_untrained(experiment, self.role, SHOWN, report.values)

    def _on_untrained(self, experiment: Experiment, role: str, made: Any) -> None:
        if role != self.role or experiment.networks[role] != self.listing.network:
            return
        end = facts.ends(self._document.experiment, self.listing.role)[1]
        self.side.untrained.show_made(made, end.tone)

    # Edits

    def _on_option(self, row: LayerRow, name: str, value: Any) -> None:
        self.set_option(self.table.rows.index(row), name, value)

    def set_option(self, index: int, name: str, value: Any) -> None:
        """Change one option; quick changes of the same one are undone together."""
        info_type = type(getattr(self.listing.layers[index], name))
        if info_type is int and isinstance(value, float):
            value = round(value)
        key, now = (self.role, index, name), time.monotonic()
        last, at, gesture = self._gesture
        if key != last or now - at > GESTURE_SECONDS:
            gesture = object()
        self._gesture = (key, now, gesture)
        if not self.listing.set_option(index, name, value, gesture=gesture):
            self.table.rows[index].show_layer(self.listing.layers[index], index)

    def _open_more(self, row: LayerRow) -> None:
        if self._popup is not None:
            self._popup.shut()
        popup = MoreOptions(row.layer, row.more)
        popup.option_changed.connect(lambda name, value: self._on_option(row, name, value))
        popup.closed.connect(self._forget_popup)
        self._popup, self._popup_row = popup, row
        popup.open_at(row.more.mapToGlobal(QPoint(0, row.more.height() + 2)))

    @property
    def popup(self) -> MoreOptions | None:
        """The open popup of a layer's options."""
        return self._popup

    def _forget_popup(self) -> None:
        self._popup = None

    def _refresh_popup(self) -> None:
        if self._popup is None:
            return
        if self._popup_row in self.table.rows:
            self._popup.show_layer(self._popup_row.layer)
        else:
            self._popup.shut()

    def _on_mend(self, row: LayerRow) -> None:
        if row.problem is not None and row.problem.mend is not None:
            self._mend(row.problem)

    def _mend_whole(self) -> None:
        if self._whole is not None and self._whole.mend is not None:
            self._mend(self._whole)

    def _mend(self, problem: Problem) -> None:
        assert problem.mend is not None
        self._document.edit(problem.mend.changes, tr(problem.mend.label))

    _whole: Problem | None = None

    # The mirror

    def _show_mirror(self) -> None:
        roles = self._document.experiment.roles()
        partner = mirror.partner(self.role, roles)
        report = self.report
        fits = report is not None and facts.misfit_of(report) == len(report.layers)
        why = (
            "" if fits and report.layers else tr("Every layer must fit before it can be mirrored.")
        )
        self.head.show_mirror(partner, why)

    def mirror(self) -> None:
        """Write the other network of the pair as this one run backwards."""
        experiment, report = self._document.experiment, self.report
        partner = mirror.partner(self.role, experiment.roles())
        if partner is None or report is None or self._document.inspection is None:
            return
        shapes = [(layer.in_shape, layer.out_shape) for layer in report.layers]
        layers = mirror.mirrored(self.listing.layers, shapes, partner)
        if layers is None:
            return
        changes = written.changes(experiment.networks[partner.name], partner, layers)
        source = tr(self.listing.role.label)
        if self._document.edit(changes, tr("mirror the {network}", network=source)):
            self.told.emit(
                tr(
                    "{target} is now {source} run backwards",
                    target=tr(partner.label),
                    source=source.lower(),
                )
            )

    # Keys and selection

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight, nothing of it stays over the window."""
        if self._popup is not None:
            self._popup.shut()
        self.table.end_drag()
        super().hideEvent(event)

    def _on_selection(self) -> None:
        last = self.table.selection[1]
        shape_makers = [stage.index for stage in self.side.drawing.stages if stage.index <= last]
        self.side.drawing.set_hot(max(shape_makers, default=-2) if last >= 0 else -2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the model."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window leaves the drawing less."""
        narrow = self.width() < 880
        self.side.setFixedWidth(NARROW if narrow else WIDE)
        self.side.set_narrow(narrow)
