"""The panel that tells one update: its sentences, its formula with numbers, what comes next."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from aegan_studio.catalog.narration import Narration, narration
from aegan_studio.experiment.events import PhaseReady
from aegan_studio.experiment.parts import PhaseInfo
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.model.scene import token_of
from aegan_studio.ui.panels.train.step.formula import LossBox
from aegan_studio.ui.panels.train.step.menu import step_menu
from aegan_studio.ui.panels.train.step.numbers import Numbers, averaged, put_in
from aegan_studio.ui.panels.train.step.slow import SlowRow
from aegan_studio.ui.panels.train.step.stages import StageList
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import Button, IconButton, SplitButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.painting import text_width
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.switches import Segmented

_ENOUGH = 400
"""Pixels of height below which the loss stands among the sentences."""


class OneStepPanel(Panel):
    """One update of a phase, told.

    In slow motion the update under way; otherwise the last one of the phase chosen. Choosing a
    phase also lets it come next, out of turn where it is not its turn.
    """

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(tr("One step"), margins=(14, 0, 14, 12), parent=parent)
        self._document, self._session = document, session
        self._stepping = session.stepping
        self._phases: tuple[PhaseInfo, ...] = ()
        self._method: object = None
        self._named: bool | None = None
        self._words = "", ""
        self._shown = ""
        self.slow = IconButton("pulse", "", side=24, checkable=True)
        self.more = IconButton("more", tr("Run for, run until, pace"), side=24)
        self.add_action(self.slow)
        self.add_action(self.more)
        self.tabs = Segmented([("", "–")], name=tr("Phase"), stretch=True)
        self.stages = StageList()
        self.loss = LossBox()
        self.extra = Label("", tone="text2", size=11, elide=True)
        self.extra.hide()
        self._choices = Menu(parent=self)
        self.next = SplitButton(
            "",
            self._choices,
            icon="step",
            variant="soft",
            menu_tooltip=tr("Choose the phase that comes next"),
        )
        self.whole = Button(tr("Whole step"), icon="chevron-right")
        self.whole.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.next.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.next, 1)
        row.addWidget(self.whole, 1)
        self.clock = SlowRow(self._stepping)
        self._low = False
        self._seen: object = None
        self.add(self.tabs)
        self.add(self.stages, 1)
        self.add(self.loss)
        self.add(self.extra)
        self.add(self.clock)
        self.add(row)
        self.tabs.value_changed.connect(self._choose)
        self.next.clicked.connect(self._go)
        self.next.menu_shown.connect(self._offer_phases)
        self.whole.clicked.connect(self._stepping.one_step)
        self.slow.clicked.connect(self._stepping.slow_motion)
        self.more.clicked.connect(self._open_menu)
        self._stepping.changed.connect(self._refresh)
        document.changed.connect(self._refresh)
        document.problems_changed.connect(self._refresh)
        session.run_opened.connect(self._refresh)
        session.state_changed.connect(self._refresh)
        self._refresh()

    @property
    def phase(self) -> str:
        """The phase that is told of."""
        return self._shown

    def _told(self) -> Narration:
        return narration(self._session.experiment, self._shown)

    def _choose(self, phase: object) -> None:
        """Tell of a phase, and let it come next."""
        self._shown = str(phase)
        self.tabs.set_value(self._shown)
        self._stepping.pick(self._shown)

    def _go(self) -> None:
        self._stepping.one_phase(self._stepping.picked)

    def _offer_phases(self) -> None:
        """Every phase as what may come next, the one whose turn it is first among them named so."""
        stepping, menu = self._stepping, self._choices
        menu.clear()
        for phase in self._phases:
            letters = narration(self._session.experiment, phase.name).letters
            due = phase.name == stepping.next_phase
            words = tr("Next: update {networks}") if due else tr("Extra: update {networks}")
            action = menu.add(
                words.format(networks=letters),
                partial(self._choose, phase.name),
                tooltip=tr(phase.label),
            )
            action.setCheckable(True)
            action.setChecked(phase.name == (stepping.picked or stepping.next_phase))

    def _open_menu(self) -> None:
        menu = step_menu(self._session, self, self.more)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    # Showing

    def _refresh(self, _what: object = None) -> None:
        """Show what is told; a hidden panel catches up when it comes into sight."""
        self._follow_phases()
        self._follow_update()
        if self.isVisible():
            self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is low the loss stands among the sentences; where narrow letters are names."""
        super().resizeEvent(event)
        low = self.height() < _ENOUGH
        if low != self._low:
            self._low = low
            self.body.removeWidget(self.loss)
            self.stages.hold(self.loss if low else None)
            if not low:
                self.body.insertWidget(2, self.loss)
                self.loss.show()
        self._name_tabs()
        self._name_next(*self._words)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while hidden."""
        self._show()
        super().showEvent(event)

    def _follow_phases(self) -> None:
        """Tabs for the phases of the method."""
        method = self._session.experiment.method, self._session.experiment.data_info()
        if method == self._method:
            return
        self._method = method
        self._phases = self._session.experiment.phase_infos()
        names = [phase.name for phase in self._phases]
        if self._shown not in names:
            self._shown = self._stepping.next_phase
        self._named = None
        self._name_tabs()
        self.tabs.set_value(self._shown)
        self.tabs.setVisible(len(names) > 1)

    def _name_tabs(self) -> None:
        """The phases' names where they fit, else the letters of the networks they move."""
        font, count = self.tabs.font(), len(self._phases)
        widest = max((text_width(tr(one.label), font) for one in self._phases), default=0)
        worded = count * (widest + 12) + 4 <= self.width() - 28
        if worded == self._named:
            return
        self._named = worded
        experiment = self._session.experiment
        options = []
        for phase in self._phases:
            letters = narration(experiment, phase.name).letters
            label = tr(phase.label)
            options.append((phase.name, label if worded else letters, label))
        self.tabs.set_options(options)

    def _follow_update(self) -> None:
        """Tell of the update that was worked out last, unless a person chose a phase."""
        stepping = self._stepping
        wanted = stepping.slow.phase if stepping.slow.on else ""
        wanted = wanted or stepping.picked or stepping.last
        if wanted and wanted != self._shown and any(p.name == wanted for p in self._phases):
            self._shown = wanted
            self.tabs.set_value(wanted)

    def _show(self) -> None:
        stepping, told = self._stepping, self._told()
        ready = stepping.ready_of(self._shown)
        numbers = Numbers(ready, stepping.done_of(self._shown))
        slow = stepping.slow
        count = len(told.stages)
        now, done = -1, count if ready is not None else 0
        if slow.on and slow.phase == self._shown:
            now = done = min(slow.stage, count - 1)
        self.stages.show_stages(told.stages, now, done, numbers)
        told_all = ready is not None and (now < 0 or now >= self._loss_at(told))
        self._show_loss(told, ready if told_all else None)
        if now < 0 and numbers.done is not None and numbers.done is not self._seen:
            self._seen = numbers.done
            self.stages.show_held()
        self._show_extra()
        self._show_buttons()
        step = self._session.step + (1 if stepping.within or slow.on else 0)
        self.set_title(self.title, format_number(step) if self._session.has_run else "")

    @staticmethod
    def _loss_at(told: Narration) -> int:
        return next(i for i, stage in enumerate(told.stages) if stage.kind == "loss")

    def _show_loss(self, told: Narration, ready: PhaseReady | None) -> None:
        numbers = put_in(told, ready) if ready is not None else ()
        minimised = [term for term in told.phase.terms if not term.signal]
        tone = token_of(minimised[0]) if minimised else "text"
        tone = "text" if tone == "text2" or len(numbers) > 1 else tone
        note = averaged(ready) if ready is not None and numbers else ""
        self.loss.show_loss(told.phase.latex, numbers, tone, note)
        alike = ready is not None and any(r"\log" in line for line in numbers)
        self.loss.setToolTip(
            tr(
                "The numbers under the logarithms are what the critic would have to say of every "
                "item alike for the same loss."
            )
            if alike
            else ""
        )

    def _show_extra(self) -> None:
        """How often a phase was carried out beside its turn."""
        count = self._session.history.extras.get(self._shown, 0)
        self.extra.setVisible(count > 0)
        if count:
            self.extra.setText(
                tr("{count} extra updates out of turn in this run", count=format_number(count))
            )

    def _show_buttons(self) -> None:
        stepping, session = self._stepping, self._session
        why = stepping.why_not
        reason = tr(why) if why is not None else ""
        phase, extra = stepping.picked or stepping.next_phase, bool(stepping.picked)
        under_way = stepping.slow.ready
        if stepping.slow.on and under_way is not None and not stepping.slow.moved:
            phase, extra = under_way.phase, under_way.extra
        letters = narration(session.experiment, phase).letters
        words = tr("Extra: update {networks}") if extra else tr("Next: update {networks}")
        self._name_next(words.format(networks=letters), tr("Update {networks}", networks=letters))
        tip = (
            tr("An update out of turn: the step goes on where it stands. The run records it.")
            if extra
            else tr("Carry out one update, then pause (F11)")
        )
        self.next.setToolTip(reason or tip)
        self.whole.setToolTip(reason or tr("What the step under way still lacks, then pause (F10)"))
        slow = stepping.slow.on
        self.slow.setChecked(slow)
        words = tr("End slow motion") if slow else tr("Slow motion")
        self.slow.setToolTip(words if slow or why is None else reason)
        self.slow.setAccessibleName(words)
        for button in (self.next, self.whole, self.slow):
            button.setEnabled(why is None)

    def _name_next(self, words: str, short: str) -> None:
        """What the next update is, in full where there is room."""
        self._words = words, short
        self.next.setAccessibleName(words)
        self.next.setText(words)
        room = self.width() - 28 - 8 - self.whole.sizeHint().width()
        if self.next.sizeHint().width() > room:
            self.next.setText(short)
        self.next.updateGeometry()
