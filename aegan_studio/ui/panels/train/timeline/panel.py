"""The timeline below the workspace: what the run looked like, to rewind to and to branch from."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from aegan_studio.experiment.events import Changed, Diverged, Event, Pictures, Started
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.runs.branching import fixed_differences, way
from aegan_studio.runs.history_film import Shown, choices
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.plots.marks import finding_marks, marks_of, option_label
from aegan_studio.ui.panels.train.timeline.film import RunFilmCard
from aegan_studio.ui.panels.train.timeline.legend import TimelineLegend
from aegan_studio.ui.panels.train.timeline.player import FASTEST, RATE, SLOWEST, TimelinePlayer
from aegan_studio.ui.panels.train.timeline.strip import HEIGHT, TimelineStrip
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.training.filming import FilmThread, RunFilm
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import BusyBar, Well
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.switches import Toggle

REFRESH_MS = 250
"""While training the strip takes on new instants at most this often."""

_LEGEND_FROM, _RATE_FROM = 900, 640
"""Widths of the panel from which on the legend and the rate of playing have room."""


class TimelinePanel(Panel):
    """Frames of the run through time; scrub, play, film, branch."""

    told = Signal(str)
    """Something worth a quiet line, such as where a film went."""

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(tr("Timeline"), margins=(11, 0, 11, 8), parent=parent)
        self._document, self._session = document, session
        self._filming: FilmThread | None = None
        self._films: tuple[Shown, ...] = ()
        self._prospects: tuple[object, object, bool, str, str, str] | None = None
        self._soon = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._soon.timeout.connect(self._refresh)
        self.player = TimelinePlayer(session, self)
        self.strip = TimelineStrip()
        self.well = Well("")
        self.well.setMinimumHeight(HEIGHT)
        self.busy = BusyBar()
        self.busy.hide()
        self.legend = TimelineLegend()
        self.where = Label("", tone="accent", weight=500, elide=True)
        self.play = IconButton("play", "", side=26)
        self.rate = NumberField(
            RATE, lo=SLOWEST, hi=FASTEST, integer=True, unit=tr("a second"), name=tr("Playing rate")
        )
        self.rate.setToolTip(tr("Instants a second. Raising it plays the training faster."))
        self.rate.setFixedWidth(92)
        self.film = IconButton("film", tr("Save a film of the training"), side=26)
        self.branch = Button("", icon="branch", variant="ghost", size="s")
        self.follow = Toggle(
            True,
            text=tr("Follow"),
            tooltip=tr(
                "On: everything shows the model as it is now. Off: it shows the chosen instant, "
                "while training goes on."
            ),
        )
        self.card = RunFilmCard(self)
        self.show_subtitle(False)
        self.header.insertWidget(1, self.where, 1)
        self.header.insertWidget(2, self.busy, 1)  # below the strip it would cover the axis
        self.set_header_widget(self.legend)
        for widget in (self.play, self.rate, self.film, self.branch, self.follow):
            self.add_action(widget)
        self.add(self.strip)
        self.add(self.well)
        self._connect()
        self._show_playing()
        self._on_run(session)

    def _connect(self) -> None:
        session = self._session
        session.moments.changed.connect(self._refresh_soon)
        session.moment_changed.connect(self._on_moment)
        session.run_opened.connect(self._on_run)
        session.state_changed.connect(self._on_state)
        session.event.connect(self._on_event)
        session.watching.changed.connect(self._show_marks)
        session.branching_changed.connect(self._show_branch)
        self._document.changed.connect(self._on_document)
        self.strip.picked.connect(self._go_to)
        self.strip.toggled.connect(self.player.toggle)
        self.strip.entered.connect(session.moments.warm_up)
        self.player.changed.connect(self._show_playing)
        self.play.clicked.connect(self.player.toggle)
        self.rate.value_changed.connect(lambda value: self.player.set_rate(float(value)))
        self.branch.clicked.connect(self._branch)
        self.follow.clicked.connect(self._on_follow)
        self.film.clicked.connect(self._open_card)
        self.card.wanted.connect(self.save_film)
        self.busy.cancelled.connect(self.cancel_film)

    # What is shown

    def _show_marks(self) -> None:
        session = self._session
        changes = marks_of(session.experiment, session.history.changes)
        self.strip.set_marks((*finding_marks(session.watching.marks), *changes))

    def _refresh_soon(self) -> None:
        """At once at rest and at first, else now and then; never while nobody looks."""
        if self._session.state != "running" or not self.strip.frames.steps:
            self._refresh()
        elif not self._soon.isActive():
            self._soon.start()

    def _refresh(self) -> None:
        self._soon.stop()
        if not self.isVisible():
            return
        moments = self._session.moments
        self.strip.set_instants(moments.instants, moments.exact)
        self.strip.set_moment(self._session.moment)
        kept = bool(moments.steps)
        self.strip.setVisible(kept)
        self.well.setVisible(not kept)
        if not kept:
            self.well.set_text(self._empty_sentence())
        for widget in (self.play, self.rate, self.follow):
            widget.setEnabled(kept)
        self._show_film()
        self._show_branch()

    def _empty_sentence(self) -> str:
        session = self._session
        if session.experiment.training.timeline == 0:
            return tr("This run keeps no timeline: its budget under Training is 0 MB.")
        if session.state in ("preparing", "running"):
            return tr("The first instant is kept in a moment.")
        if not session.has_run:
            return tr("Train: instants are kept here, to rewind to and to branch from.")
        return tr("This run kept no timeline. Train it on: from then on instants are kept.")

    def _on_run(self, _session: object) -> None:
        self.player.stop()
        latest = self._session.latest.get(Pictures)
        self._films = choices(latest if isinstance(latest, Pictures) else None)
        self.strip.forget_pictures()
        self.follow.setChecked(self._session.moment is None)
        self._show_marks()
        self._show_where()
        self._refresh()

    def _on_state(self, state: str) -> None:
        if state == "empty":
            self._on_run(self._session)
        else:
            self._refresh()

    def _on_event(self, event: Event) -> None:
        match event:
            case Changed() | Started() | Diverged():
                self._show_marks()
                self._prospects = None
            case Pictures():
                self._see(event)
            case _:
                pass

    def _on_moment(self, step: int | None) -> None:
        self.strip.set_moment(step)
        self.follow.setChecked(step is None)
        self._show_where()
        self._show_branch()

    def _show_where(self) -> None:
        """What is looked at, or where the run comes from."""
        moment, origin = self._session.moment, self._session.origin
        if moment is not None:
            self.where.set_tone("accent")
            self.where.setText(tr("looking at step {step}", step=format_number(moment)))
        elif origin is not None:
            self.where.set_tone("text2")
            self.where.setText(
                tr(
                    "branched from “{title}” at step {step}",
                    title=tr(origin.title),
                    step=format_number(origin.step),
                )
            )
        else:
            self.where.setText("")

    def _see(self, pictures: Pictures) -> None:
        """Know what there is to film; while an instant is looked for there are no pictures."""
        shown = choices(pictures)
        if shown != self._films:
            self._films = shown
            self._show_film()

    # Going through time

    def _go_to(self, step: int | None) -> None:
        self.player.stop()
        if step is None:
            self._session.return_to_now()
        else:
            self._session.rewind(step)

    def _on_follow(self, on: bool) -> None:
        steps = self._session.moments.steps
        self._go_to(None if on or not steps else steps[-1])

    def _show_playing(self) -> None:
        running = self.player.running
        words = tr("Pause the film") if running else tr("Play the training as a film")
        self.play.set_icon_name("pause" if running else "play")
        self.play.setToolTip(words)
        self.play.setAccessibleName(words)

    # Branching

    def _branch(self) -> None:
        self._session.branch()

    def _on_document(self, _experiment: object) -> None:
        if not self._session.moments.steps:
            self.well.set_text(self._empty_sentence())
        self._show_branch()

    def _show_branch(self, _on: bool = False) -> None:
        """Say before it is done how a branch would go on."""
        if not self.isVisible():
            return
        session, moments = self._session, self._session.moments
        if session.branching:
            self.branch.setText(tr("Branching…"))
            self.branch.setEnabled(False)
            self.branch.setToolTip(tr("The new run is being made."))
            self.branch.updateGeometry()
            return
        near = session.step if session.moment is None else session.moment
        step = moments.nearest(near)
        if step is None:
            self.branch.setText(tr("Branch"))
            self.branch.setEnabled(False)
            self.branch.setToolTip(tr("Branch: a new run from a kept instant."))
            return
        label, how, trouble = self._way(step in moments.exact)
        self.branch.setText(label)
        self.branch.setEnabled(not trouble and not self._document.errors)
        what = tr(
            "A new run from step {step}, with the options as they are set now.",
            step=format_number(step),
        )
        self.branch.setToolTip(f"{what}\n{trouble or how}")
        self.branch.setAccessibleName(label)
        self.branch.setAccessibleDescription(trouble or how)
        self.branch.updateGeometry()

    def _way(self, whole: bool) -> tuple[str, str, str]:
        """The button's word, how a branch goes on, and what is in its way; worked out once."""
        then, wanted = self._session.experiment, self._document.experiment
        known = self._prospects
        if known is None or known[0] is not then or known[1] is not wanted or known[2] != whole:
            known = self._prospects = (then, wanted, whole, *self._worked_out(whole))
        return known[3], known[4], known[5]

    def _worked_out(self, whole: bool) -> tuple[str, str, str]:
        then, wanted = self._session.experiment, self._document.experiment
        try:
            chosen = way(then, wanted, whole=whole)
        except StudioError as error:
            return tr("Branch"), "", tr.join(error.sentences())
        if chosen == "exact":
            how = tr("It goes on bit for bit: a whole checkpoint stands at this instant.")
            return tr("Branch"), how, ""
        paths = fixed_differences(then, wanted)
        if paths:
            names = ", ".join(option_label(wanted, path) for path in paths[:3])
            how = tr(
                "It begins from the weights, with fresh optimisers: {options} changed.",
                options=names,
            )
        else:
            how = tr(
                "It begins from the shown weights in half precision, with fresh optimisers: no "
                "whole checkpoint stands at this instant."
            )
        return tr("Branch from weights"), how, ""

    # Films

    def _show_film(self) -> None:
        """Offer a film where there is something to film, and say why where it cannot be."""
        if self._filming is not None:
            words = tr("A film is being made.")
        elif self._session.moments.steps and not self._films:
            words = tr("Save a film of the training: once there are pictures of it.")
        else:
            words = tr("Save a film of the training")
        self.film.setToolTip(words)
        able = bool(self._session.moments.steps and self._films) and self._filming is None
        self.film.setEnabled(able)

    def _open_card(self) -> None:
        steps = self._session.moments.steps
        if self._filming is not None or not steps or not self._films:
            return
        corner = self.film.mapToGlobal(QPoint(self.film.width(), -6))
        self.card.open_at(corner, len(steps), self._films, self.player.rate)

    def save_film(self, path: Path) -> None:
        """Film all kept instants as the card says, beside the window."""
        run = self._session.folder
        if run is None or self._filming is not None:
            return
        film = RunFilm(
            run=run,
            steps=self._session.moments.steps,
            shown=self.card.what,
            caption=_caption if self.card.caption.isChecked() else None,
            inverted=not current_theme().dark,
            fps=self.card.fps,
        )
        self._filming = thread = FilmThread(film, path, self)
        thread.progressed.connect(self._on_progress)
        thread.saved.connect(self._on_saved)
        thread.failed.connect(self._session.trouble)
        thread.finished.connect(self._on_film_ended)
        self.busy.start(tr("Making the film"), 0.0)
        self._fit()
        thread.start()
        self._show_film()

    def cancel_film(self) -> None:
        """Give up the film that is being made."""
        if self._filming is not None:
            self._filming.cancel()

    @property
    def filming(self) -> bool:
        """Whether a film is being made."""
        return self._filming is not None

    def _on_progress(self, done: int, whole: int) -> None:
        text = tr("Making the film: {share} %", share=round(100 * done / whole))
        self.busy.set_progress(done / whole, text)

    def _on_saved(self, path: Path, size: int) -> None:
        del size
        self.told.emit(tr("Saved {name}.", name=path.name))

    def _on_film_ended(self) -> None:
        thread, self._filming = self._filming, None
        if thread is not None:
            thread.deleteLater()
        self.busy.finish()
        self._fit()
        self._show_film()

    def end(self) -> None:
        """The window closes: give up a film, and wait for its thread."""
        self.player.stop()
        thread = self._filming
        if thread is not None:
            thread.cancel()
            thread.wait()

    # Seen or not

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while hidden."""
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing plays that nobody sees."""
        self.player.stop()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words leave the header where it is narrow."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A film that is being made tells of itself in the place of other words."""
        filming = self._filming is not None
        self.busy.setVisible(filming)
        self.where.setVisible(not filming)
        self.legend.setVisible(self.width() >= _LEGEND_FROM and not filming)
        self.rate.setVisible(self.width() >= _RATE_FROM)


def _caption(step: int) -> str:
    return f"step {step:,}"
