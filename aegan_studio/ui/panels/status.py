"""The foot: device, step, pace, time left, memory; and whether all is well."""

from __future__ import annotations

import math

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from aegan_studio.catalog.findings import FINDINGS
from aegan_studio.catalog.narration import narration
from aegan_studio.experiment import Problem
from aegan_studio.experiment.events import (
    Diverged,
    Event,
    Failed,
    Preparing,
    Progress,
    Saved,
    SaveFailed,
    Started,
)
from aegan_studio.experiment.findings import Finding
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.step.words import reached_text
from aegan_studio.ui.theme import NOTE, current_theme, ui_font
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.training.watched import Watched
from aegan_studio.ui.widgets.buttons import Button, Variant
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import Glyph
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.painting import LEFT, draw_text, fill_round, smooth, text_width

HEIGHT = 28
TOLD_MS = 6000
READABLE_MS = 200
"""Figures that change faster cannot be read."""
WATCHED = ("running", "paused", "finished")
"""States in which what the doctor found is worth a word."""
_BAR = 96


def time_left(seconds: float) -> str:
    """A rest of time in the largest unit that says enough: ``11 s left``, ``3 min left``."""
    if not math.isfinite(seconds) or seconds < 0:
        return ""
    if seconds < 100:
        return tr("{count} s left", count=math.ceil(seconds))
    if seconds < 100 * 60:
        return tr("{count} min left", count=round(seconds / 60))
    return tr("{count} h left", count=round(seconds / 3600))


def memory_text(size: int) -> str:
    """Bytes as megabytes or gigabytes."""
    if size < 10**9:
        return tr("{count} MB", count=round(size / 1e6))
    return tr("{count} GB", count=f"{size / 1e9:.1f}")


class _Facts(QWidget):
    """The facts at the left; each keeps its width, so that figures do not push each other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: list[tuple[str, str]] = []
        self._share: float | None = None
        self._widths: dict[str, float] = {}
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)

    def show_facts(self, facts: list[tuple[str, str]], share: float | None) -> None:
        """Show (name, text) pairs; a bar of ``share`` follows the one named "step"."""
        if (facts, share) == (self._facts, self._share):
            return
        self._facts, self._share = facts, share
        self.setAccessibleName(", ".join(text for _, text in facts if text))
        self.update()

    @property
    def texts(self) -> dict[str, str]:
        """The facts by name."""
        return dict(self._facts)

    def forget_widths(self) -> None:
        """Begin anew with the widths, as a new run does."""
        self._widths = {}

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(400, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as many facts as fit, the later ones dropped first."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        font = ui_font(NOTE)
        left = 16.0
        for name, text in self._facts:
            if not text:
                continue
            width = max(text_width(text, font), self._widths.get(name, 0.0))
            self._widths[name] = width
            bar = _BAR + 8 if name == "step" and self._share is not None else 0
            if left + width + bar > self.width():
                break
            spot = QRectF(left, 0, width + 2, self.height())
            draw_text(painter, spot, text, theme.text2, font, LEFT, elide=False)
            left += width
            if bar:
                track = QRectF(left + 8, self.height() / 2 - 2, _BAR, 4)
                fill_round(painter, track, 2, theme.hairline if theme.dark else theme.hover)
                track.setWidth(max(4.0, _BAR * min(self._share or 0.0, 1.0)))
                fill_round(painter, track, 2, theme.accent)
                left += bar
            left += 20


def _foot_button(variant: Variant) -> Button:
    button = Button("", variant=variant, size="s")
    button.setFixedHeight(20)
    button.setFont(ui_font(NOTE, 600))
    button.hide()
    return button


class StatusBar(QWidget):
    """The foot of the window."""

    problem_shown = Signal(object)
    """A :class:`Problem` that the person wants to see in the recipe."""
    doctor_asked = Signal()
    """The person wants to see what the doctor has found."""

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._session = document, session
        self._lead: Watched | None = None
        self._told = ""
        self._shown = QElapsedTimer()
        self._shown.start()
        self._untell = QTimer(self, singleShot=True, interval=TOLD_MS)
        self._untell.timeout.connect(self._silence)
        self._facts = _Facts()
        self._glyph = Glyph("check", "healthy", 14)
        self._label = Label("", size=NOTE, elide=True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._show = Button(tr("Show"), variant="error", size="s")
        self._show.setFixedHeight(20)
        self._show.setFont(ui_font(NOTE, 600))
        self._show.clicked.connect(self._show_problem)
        self._mend, self._why = _foot_button("soft"), _foot_button("ghost")
        self._why.setText(tr("Why"))
        self._why.setToolTip(tr("Show what the doctor has found, and what it rests on"))
        self._why.clicked.connect(self.doctor_asked)
        self._mend.clicked.connect(self._try_mend)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(6)
        row.addWidget(self._facts, 1)
        row.addWidget(self._glyph)
        row.addWidget(self._label)
        row.addWidget(self._show)
        row.addWidget(self._mend)
        row.addWidget(self._why)
        self.setFixedHeight(HEIGHT)
        document.problems_changed.connect(self._refresh)
        session.state_changed.connect(self._refresh)
        session.run_opened.connect(self._on_run)
        session.event.connect(self._on_event)
        session.stepping.changed.connect(self._on_stepping)
        session.watching.changed.connect(self._refresh)
        self._refresh()

    @property
    def facts(self) -> dict[str, str]:
        """What is shown at the left, by name."""
        return self._facts.texts

    @property
    def health(self) -> str:
        """The sentence at the right."""
        return self._label.text()

    @property
    def show_button(self) -> Button:
        """Leads to the problem; hidden where there is none."""
        return self._show

    @property
    def mend_button(self) -> Button:
        """The first remedy of what the doctor holds to be worst; hidden where there is none."""
        return self._mend

    @property
    def why_button(self) -> Button:
        """Leads to the doctor's panel; hidden where it has nothing to say."""
        return self._why

    def follow(self, run: Watched | None) -> None:
        """Tell how a run of the workspace in view stands; ``None``: the session's."""
        if run is self._lead:
            return
        if self._lead is not None:
            self._lead.event.disconnect(self._on_event)
            self._lead.state_changed.disconnect(self._refresh)
        self._lead = run
        if run is not None:
            run.event.connect(self._on_event)
            run.state_changed.connect(self._refresh)
        self._on_run(None)

    def tell(self, text: str) -> None:
        """Say something quietly for a while, such as where a file went."""
        self._told = text
        self._untell.start()
        self._refresh()

    def _silence(self) -> None:
        self._told = ""
        self._refresh()

    def _on_run(self, _session: object) -> None:
        self._facts.forget_widths()
        self._refresh()

    def _on_stepping(self) -> None:
        if not self._session.moves or self._session.stepping.slow.on:
            self._refresh()

    def _on_event(self, event: Event) -> None:
        match event:
            case Progress() if self._shown.hasExpired(READABLE_MS):
                self._shown.start()
                self._show_facts()
            case Preparing() | Started() | Saved() | SaveFailed() | Diverged() | Failed():
                self._refresh()
            case _:
                pass

    def _refresh(self, *_: object) -> None:
        self._show_facts()
        text, icon, tone = (self._told, "check", "healthy") if self._told else self._state()
        errors = self._document.errors
        self._label.setText(text)
        self._label.setMaximumWidth(self._label.fontMetrics().horizontalAdvance(text) + 8)
        self._glyph.set_icon(icon, tone)
        self._glyph.setVisible(bool(icon))
        self._show.setVisible(bool(errors))
        finding = self._finding()
        self._why.setVisible(finding is not None)
        self._mend.setVisible(finding is not None and bool(finding.remedies))
        if finding is not None and finding.remedies:
            first = finding.remedies[0]
            self._mend.setText(tr(first.label))
            self._mend.setToolTip(tr(first.help))

    def _finding(self) -> Finding | None:
        """The worst that the doctor has found, where it is worth a word in the foot."""
        if self._told or self._document.errors or self._session.state not in WATCHED:
            return None
        if self._lead is not None:  # the doctor watches the session's run
            return None
        found = self._session.watching.shown
        return found[0] if found and found[0].severity != "info" else None

    def _try_mend(self) -> None:
        finding = self._finding()
        if finding is not None and finding.remedies:
            remedy = finding.remedies[0]
            self._document.edit(remedy.edits, tr(remedy.label))

    def _show_facts(self) -> None:
        run = self._lead or self._session
        started, progress = run.latest.get(Started), run.latest.get(Progress)
        facts: list[tuple[str, str]] = []
        share: float | None = None
        if isinstance(started, Started):
            device = {"cpu": "CPU", "cuda": "CUDA", "mps": "MPS"}.get(
                started.device, started.device
            )
            threads = tr("{device}, {threads} threads", device=device, threads=started.threads)
            one = tr("{device}, 1 thread", device=device)
            facts.append(("device", one if started.threads == 1 else threads))
            step, total = run.step, run.total_steps
            share = step / max(total, 1)
            facts.append(
                (
                    "step",
                    tr(
                        "Step {step} of {total}",
                        step=format_number(step),
                        total=format_number(total),
                    ),
                )
            )
            if self._lead is None:
                facts.append(("waits", self._waiting()))
            if isinstance(progress, Progress):
                facts += self._pace(progress, total - step)
        elif run.state == "empty":
            facts.append(("step", tr("Not started")))
        self._facts.show_facts(facts, share)

    def _waiting(self) -> str:
        """In step mode: the stage under way, or whose update comes next."""
        stepping, session = self._session.stepping, self._session
        if stepping.slow.on and stepping.slow.phase:
            told = narration(session.experiment, stepping.slow.phase)
            stage = told.stages[min(stepping.slow.stage, len(told.stages) - 1)]
            return tr("Slow motion: {stage}", stage=tr(stage.text))
        if session.state == "paused" and stepping.within:
            told = narration(session.experiment, stepping.next_phase)
            return tr("Paused before the update of {networks}", networks=told.letters)
        return ""

    def _pace(self, progress: Progress, rest: int) -> list[tuple[str, str]]:
        pace = progress.steps_per_second
        running = self._session.state == "running" and not self._session.stepping.slow.on
        running = running and self._lead is None  # of two in turns, neither's pace is that of both
        shown = f"{pace:,.0f}" if pace >= 100 else f"{pace:.1f}" if pace >= 1 else f"{pace:.2f}"
        return [
            ("left", time_left(rest / pace) if running and pace > 0 and rest > 0 else ""),
            ("pace", tr("{pace} steps/s", pace=shown) if running else ""),
            ("memory", memory_text(progress.memory)),
        ]

    def _state(self) -> tuple[str, str, str]:
        """The sentence, its icon and its tone."""
        session = self._session
        errors = self._document.errors
        if errors and session.state != "running":
            return self._problem_text(len(errors), errors[0]), "warning", "error"
        if self._lead is not None:
            return "", "", "text2"
        latest = session.latest
        finding = self._finding()
        if finding is not None and SaveFailed not in latest:
            words = tr("Doctor: {what}", what=tr(FINDINGS[finding.name].headline))
            return words, "warning", finding.severity
        match session.state:
            case "preparing":
                stage = latest.get(Preparing)
                words = tr(stage.stage) if isinstance(stage, Preparing) else tr("Loading PyTorch")
                return words, "", "text2"
            case "failed":
                return tr("Training failed; what was saved remains."), "error", "error"
            case "running":
                if SaveFailed in latest:
                    return tr("Saving fails; training goes on."), "warning", "warning"
                if session.stepping.slow.on:
                    words = tr("Slow motion") if session.moves else tr("Slow motion, standing")
                    return words, "check", "healthy"
                return tr("Training, healthy"), "check", "healthy"
            case "paused" | "finished":
                return self._rest_text()
            case _:
                return tr("Ready"), "check", "healthy"

    def _rest_text(self) -> tuple[str, str, str]:
        latest, done = self._session.latest, self._session.state == "finished"
        if SaveFailed in latest:
            return tr("The last save failed."), "warning", "warning"
        reached = self._session.stepping.reached
        if reached is not None and not done:
            words = reached_text(self._session, reached.until, reached.seen, reached.value)
            return tr(words), "check", "healthy"
        saved = latest.get(Saved)
        word = tr("Finished") if done else tr("Paused")
        if isinstance(saved, Saved):
            text = tr("{state}, saved at step {step}", state=word, step=format_number(saved.step))
            return text, "check", "healthy"
        return word, "check", "healthy"

    def _problem_text(self, count: int, first: Problem) -> str:
        info = None
        name = first.path.rpartition(".")[2]
        if first.path and not first.path.startswith("networks."):
            info = self._document.experiment.option_info(first.path)
        place = tr(info.label) if info is not None else name
        if first.path.startswith("networks."):
            role = first.path.split(".")[1]
            labels = {known.name: known.label for known in self._document.experiment.roles()}
            place = tr(labels.get(role, role))
        if self._session.has_run:
            return tr("A problem keeps this from a new run: {place}", place=place)
        if count == 1:
            return tr("1 problem keeps this from training: {place}", place=place)
        return tr("{count} problems keep this from training", count=count)

    def _show_problem(self) -> None:
        errors = self._document.errors
        if errors:
            self.problem_shown.emit(errors[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The sentence may take half of the width."""
        self._label.setMinimumWidth(min(self._label.maximumWidth(), self.width() // 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line above it."""
        theme, painter = current_theme(), QPainter(self)
        painter.fillRect(self.rect(), theme.color("chrome"))
        painter.fillRect(QRectF(0, 0, self.width(), 1), theme.color("hairline"))
