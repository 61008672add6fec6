"""The trainer: an experiment becomes events. It knows neither window nor terminal."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import torch
from torch import Tensor

from aegan_studio.experiment import Experiment, InputError, Problem
from aegan_studio.experiment.events import (
    Changed,
    Diverged,
    Evaluated,
    Event,
    Finished,
    Notice,
    Preparing,
    Progress,
    Reached,
    Saved,
    Started,
    TermGradients,
    Weights,
)
from aegan_studio.experiment.until import Until
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml import device, resuming
from aegan_studio.ml.checkpoint import Checkpoint
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.engine import Engine, numbers
from aegan_studio.ml.keeping import Keeper
from aegan_studio.ml.looking import Looking
from aegan_studio.ml.rows import first_bad
from aegan_studio.ml.showing import Showcase
from aegan_studio.ml.single import Host, Single
from aegan_studio.ml.stepper import Stepper
from aegan_studio.ml.until import Watch
from aegan_studio.runs.folder import RunFolder

TICK = 1 / 30
"""Seconds of training between two reports."""

SHOWN_EVERY = {"points": 1 / 25}
"""Least seconds between two showings, by the kind of data: points are cheap and move fast."""

UNHURRIED = 0.5
"""The same for all other kinds."""

SHOWING_SHARE = 8
"""The next showing comes after so many times the seconds that the last one cost."""

EXHIBIT_EVERY = 2.0
"""Least seconds between two exhibits while training: they are ranked, and must hold still."""

EVENTS = frozenset({"pictures", "weights", "gradients", "exhibits"})
"""What may be wanted beside live views."""

HEALTHY_SHARE = 100
"""A copy of the state is kept after so many times the seconds that copying takes."""


class Trainer:
    """A training, driven by whoever iterates.

    ``for event in trainer.prepare(): …`` builds everything; ``for event in trainer.run(): …``
    trains until the experiment's last step. Leaving the loop is the pause; calling
    :meth:`run` again goes on. Not thread-safe: prepare, run, change and save from one thread.

    Parameters
    ----------
    experiment : Experiment
    run : RunFolder or None
        Where metrics and checkpoints go; ``None`` keeps nothing.
    resume : bool
        Go on from the run's newest sound checkpoint; live options are then those of the
        checkpoint, changed by ``experiment`` where that differs in live options only.
    autosave : float
        Seconds of training between checkpoints.
    """

    def __init__(
        self,
        experiment: Experiment,
        *,
        run: RunFolder | None = None,
        resume: bool = False,
        autosave: float = 10.0,
    ) -> None:
        self.experiment = experiment
        self.wants: set[str] = {"pictures"}
        """Costly events that :meth:`run` yields: "pictures", "weights", "gradients", "exhibits",
        and live views as :mod:`catalog.views` has them."""
        self.picture_every = SHOWN_EVERY.get(experiment.data_info().modality, UNHURRIED)
        """Least seconds between two of each of them; 0 shows at every report."""
        self._run = run
        self._resume = resume
        self._autosave = autosave
        self.threads = 0
        """Processor threads in use. Before :meth:`prepare` those to use where the experiment
        leaves it open; 0 measures which are faster."""
        self._seconds = 0.0
        self._engine: Engine
        self._stepper: Stepper | None = None
        self._single: Single
        self._watch: Watch | None = None
        self._showcase: Showcase
        self._process = psutil.Process()
        self._untold: deque[Event] = deque()
        self._keeper: Keeper | None = None
        self._single_saved = 0.0
        self._show_due = self._exhibited_at = -1e9
        self._healthy: tuple[int, dict[str, Tensor], float, dict[str, int]] | None = None
        self._healthy_due = 0.0

    @property
    def step(self) -> int:
        """Whole steps made; 0 before :meth:`prepare`."""
        return 0 if self._stepper is None else self._stepper.step

    @property
    def _steps(self) -> Stepper:
        assert self._stepper is not None, "prepare first"
        return self._stepper

    # Getting ready

    def prepare(self) -> Iterator[Event]:
        """Load the data, build the networks, take up a checkpoint, choose the threads.

        Raises
        ------
        StudioError
            Networks that do not fit, a missing device, a run without a sound checkpoint.
        """
        yield Preparing(msg("Loading the data"))
        device.tune_allocator()
        place = device.resolve(self.experiment.training.device)
        saved, passed = resuming.newest(self._run) if self._resume and self._run else (None, [])
        if saved is not None:
            self.experiment = resuming.continued(saved.experiment, self.experiment)
        data = DataStore.load(self.experiment, place)
        yield Preparing(msg("Building the networks"))
        self._engine = Engine(self.experiment, data, place)
        self._stepper = Stepper(self._engine)
        host = Host(self._report, self._stop_diverged, self._record_extra, self._settle)
        self._single = Single(self._engine, self._stepper, host)
        self._showcase = Showcase(Looking(self.experiment, data, place))
        if saved is not None:
            self._take_up(saved)
            for error in passed:
                yield Notice(error.message, msg("Going on from step {step:,}.", step=self.step))
        else:
            yield Preparing(msg("Measuring the processor"))
            self._choose_threads()
        self._open_records(saved is not None)
        yield Started(
            step=self.step,
            total_steps=self.experiment.training.steps,
            steps_per_epoch=self._engine.order.steps_per_epoch,
            columns=self._engine.columns,
            parameters={
                role: sum(p.numel() for p in network.parameters())
                for role, network in self._engine.model.networks.items()
            },
            device=place.type,
            threads=self.threads,
            folder=self._run.path if self._run else None,
        )
        if saved is not None and saved.experiment != self.experiment:
            yield from self._record_changes(saved.experiment)
        yield from self._show(time.perf_counter(), always=True)
        if self._keeper is not None:
            yield self._keeper.timeline.open()
            if saved is None:
                yield from self._keeper.keep_instant(always=True)

    def _take_up(self, saved: Checkpoint) -> None:
        self._engine.restore(saved.tensors)
        facts = saved.facts
        self._seconds = float(facts["seconds"])
        self._steps.stand_at(saved.step, (int(facts["phase"]), int(facts["update"])))
        self._steps.extras = {str(k): int(v) for k, v in facts.get("extras", {}).items()}
        self._engine.row = [
            self._engine.absent
            if value is None
            else torch.tensor(value, device=self._engine.device)
            for value in facts["row"]
        ]
        self.threads = int(facts["threads"])
        torch.set_num_threads(self.threads)

    @property
    def seconds(self) -> float:
        """Seconds of training."""
        return self._seconds

    @property
    def engine(self) -> Engine:
        """What training moves; from :meth:`prepare` on."""
        return self._engine

    @property
    def place(self) -> object:
        """Where training stands; every update changes it."""
        return self.step, self._steps.cursor, sum(self._steps.extras.values())

    def _choose_threads(self) -> None:
        """The experiment's number of threads, or the faster one; also warms everything up."""
        wanted = self.experiment.training.threads or self.threads
        before = self._engine.capture()
        with device.no_subnormals():  # torch's own threads start here and take it over
            if wanted:
                torch.set_num_threads(wanted)
                self.threads = wanted
                self._steps.advance()
            else:
                self.threads = device.faster_threads(self._steps.advance)
        self._engine.restore(before)
        self._steps.stand_at(0)
        self._steps.rows.clear()

    def _open_records(self, saved: bool) -> None:
        if self._run is None:
            return
        self._run.set_columns(self._engine.columns)
        self._run.truncate_after(self.step)
        self._run.forget_extras(sum(self._steps.extras.values()))
        self._run.describe(
            device=self._engine.device.type,
            threads=self.threads,
            torch=torch.__version__,
            step=self.step,
            status="training",
        )
        budget = self.experiment.training.timeline * 10**6
        self._keeper = Keeper(self._run, self, autosave=self._autosave, budget=budget, saved=saved)

    # Training

    @property
    def finished(self) -> bool:
        """Whether the experiment's last step is done."""
        return self.step >= self.experiment.training.steps

    def run(
        self, steps: int | None = None, *, until: Until | None = None, tick: float = TICK
    ) -> Iterator[Event]:
        """Train until the experiment's last step, for ``steps`` more, or until something holds.

        Steps and epochs are met exactly; a measurement is seen when it is reported.

        Yields
        ------
        Event
            :class:`Progress` at least every ``tick`` seconds and :class:`Evaluated` at fixed
            steps; pictures and weights as :attr:`wants` says; :class:`Saved` every ``autosave``
            seconds; at the end :class:`Finished`, or :class:`Diverged` and :class:`Finished`;
            :class:`Reached` where it stops for what it ran until.
        """
        torch.set_num_threads(self.threads)  # the setting belongs to the calling thread
        yield from self._tell()
        self._steps.configure()
        self._steps.rows.clear()
        end = None if steps is None else self.step + steps
        self._watch = watch = self._watch_for(until)
        reached = watch.reached((), self._seconds) if watch is not None else None
        while reached is None and not self.finished and (end is None or self.step < end):
            started = time.perf_counter()
            showing = self.wants and self._show_due > started
            due = min(started + tick, self._show_due) if showing else started + tick
            if watch is not None:
                due = min(due, started + watch.time_left(self._seconds))
            self._burst(end, due, watch.due if watch is not None else _never)
            events, healthy = self._report(started)
            if healthy and self._measurement_due():
                events += self._evaluate()
            self._untold.extend(events)
            if healthy:
                # before anything is told: a window that paints slows what is made meanwhile
                self._untold.extend(self._show(time.perf_counter()))
            yield from self._tell()
            if not healthy:
                return
            if watch is not None:
                reached = watch.reached(events, self._seconds)
            if self._keeper is not None:
                yield from self._keeper.keep_instant()
                if self._keeper.save_due:
                    yield from self._save_and_keep("training")
        if reached is not None:
            yield reached
        if self.finished:
            yield from self._show(time.perf_counter(), always=True)
            yield from self._save_and_keep("finished")
            yield Finished(self.step, "done")

    def _tell(self) -> Iterator[Event]:
        """What happened and was not told yet: whoever leaves the loop gets the rest later."""
        while self._untold:
            yield self._untold.popleft()

    def _watch_for(self, until: Until | None) -> Watch | None:
        if until is None:
            return None
        order, columns = self._engine.order, self._engine.columns
        return Watch(until, columns, lambda: self.step, lambda: order.epoch)

    def tell(self, finding: str) -> Reached | None:
        """Somebody who watches the run has found something; says whether it shall stop for it."""
        return self._watch.found(finding) if self._watch is not None else None

    def _burst(self, end: int | None, due: float, enough: Callable[[], bool]) -> None:
        """At least one step; more until a measurement, the end, or the time is due."""
        with device.no_subnormals():
            while True:
                self._steps.advance()
                if self._measurement_due() or self.finished or self.step == end or enough():
                    return
                if time.perf_counter() >= due:
                    return

    def _measurement_due(self) -> bool:
        return self.step % self.experiment.training.evaluate_every == 0

    # Step by step

    def run_phase(self, name: str = "", times: int = 1, *, tick: float = TICK) -> Iterator[Event]:
        """Single updates of the phase whose turn it is, or of another.

        An update out of turn is an extra one: the step goes on where it stood, and the run's
        records name it. Where all updates of a step are made the step is reported.

        Raises
        ------
        StudioError
            The method has no such phase.
        """
        self._begin_single()
        if not self.finished:
            yield from self._single.several(name, times, tick)

    def run_step(self) -> Iterator[Event]:
        """All updates that the step under way still lacks, each of them told."""
        self._begin_single()
        if not self.finished:
            yield from self._single.step()

    def run_slowly(self, choose: Callable[[], str | None]) -> Iterator[Event]:
        """Single updates for a person to watch, each in two halves.

        Every update yields :class:`PhaseReady` before its weights move and :class:`PhaseDone` as
        its last event; whoever iterates takes the time between.

        Parameters
        ----------
        choose : callable
            Asked before each update: the phase, "" for the one whose turn it is, ``None`` to end.
        """
        self._begin_single()
        while not self.finished:
            name = choose()
            if name is None or not (yield from self._single.one(name)):
                return

    def _begin_single(self) -> None:
        torch.set_num_threads(self.threads)
        self._watch = None
        self._steps.rows.clear()

    def _settle(self, whole: bool, show: bool) -> Iterator[Event]:
        if whole and self._measurement_due():
            yield from self._evaluate()
        if show:
            yield from self._show(time.perf_counter(), always=True)
        if self._keeper is None:
            return
        if whole:
            yield from self._keeper.keep_instant()
        if time.perf_counter() - self._single_saved >= self._autosave:
            self._single_saved = time.perf_counter()
            yield self._keeper.try_save("training", **self._extra_facts)

    def _record_extra(self, phase: str) -> None:
        if self._run is not None:
            number = sum(self._steps.extras.values())
            self._run.append_event("extra", self.step, phase=phase, number=number)

    # Reporting

    def _report(self, started: float) -> tuple[list[Event], bool]:
        """The rows since the last report as events, and whether all was finite."""
        engine = self._engine
        steps, values = self._steps.rows.take()
        now = time.perf_counter()
        self._seconds += now - started
        bad = first_bad(engine.phases, values)
        sound = len(steps) if bad is None else bad[0]
        events: list[Event] = []
        if sound:
            pace = self._steps.rows.pace(now - started, sound)
            memory = self._process.memory_info().rss
            if self._run is not None:
                self._run.append_steps(steps[:sound], values[:sound])
                self._run.append_pace(int(steps[sound - 1]), self._seconds, pace, memory)
            events.append(
                Progress(
                    steps=steps[:sound],
                    values=values[:sound],
                    epoch=engine.order.epoch,
                    seconds=self._seconds,
                    steps_per_second=pace,
                    memory=memory,
                )
            )
        if bad is None and now >= self._healthy_due:
            if engine.finite():
                self._keep_healthy(now)
            else:
                bad = (len(steps) - 1, engine.phases[-1].name, "weights")
        if bad is not None:
            events.extend(self._stop_diverged(int(steps[bad[0]]), bad[1], bad[2]))
        return events, bad is None

    def _keep_healthy(self, now: float) -> None:
        extras = dict(self._steps.extras)
        self._healthy = (self.step, self._engine.capture(), self._seconds, extras)
        cost = time.perf_counter() - now
        self._healthy_due = now + max(1.0, HEALTHY_SHARE * cost)

    def _stop_diverged(self, step: int, phase: str, term: str) -> Iterator[Event]:
        whole = self.step
        if self._healthy is not None:
            whole, state, self._seconds, self._steps.extras = self._healthy
            self._engine.restore(state)
        self._steps.stand_at(whole)
        self._engine.begin_row()
        if self._run is not None:
            self._run.truncate_after(self.step)
            self._run.forget_extras(sum(self._steps.extras.values()))
        yield Diverged(step=step, phase=phase, term=term, restored_step=self.step)
        if self._keeper is not None:
            yield self._keeper.timeline.go_back(self.step)
        yield from self._save_and_keep("diverged")
        yield Finished(self.step, "diverged")

    def _evaluate(self) -> Iterator[Event]:
        values = self.looked().evaluate(self.step)
        if values:
            if self._run is not None:
                self._run.append_held_out(self.step, values)
            yield Evaluated(self.step, values)

    def _show(self, now: float, *, always: bool = False) -> Iterator[Event]:
        if not self.wants or (not always and now < self._show_due):
            return
        began = time.perf_counter()
        if "weights" in self.wants:
            yield Weights(self.step, self._engine.display_arrays())
        showcase = self.looked()
        if "pictures" in self.wants:
            yield showcase.pictures(self.step)
        if views := self.wants - EVENTS:
            yield showcase.views(self.step, sorted(views), fresh=always)
        if "gradients" in self.wants:
            yield from self._term_gradients()
        if "exhibits" in self.wants and (always or now - self._exhibited_at >= EXHIBIT_EVERY):
            yield from self._exhibit()
        # counted from the end, so that slow pictures cannot crowd training out
        now = time.perf_counter()
        rest = SHOWING_SHARE * (now - began)
        self._show_due = now + (max(self.picture_every, rest) if self.picture_every else 0.0)

    def looked(self) -> Showcase:
        """What is shown, brought up to the present weights."""
        self._showcase.looking.follow(self._engine)
        return self._showcase

    def _exhibit(self) -> Iterator[Event]:
        if self.experiment.method.exhibits:
            yield self.looked().exhibits(self.step)
        self._exhibited_at = time.perf_counter()

    def _term_gradients(self) -> Iterator[Event]:
        """What was weighed since it was asked for; asks for the next."""
        weighed = self._engine.term_gradients
        if weighed:
            found = numbers(weighed.values())
            yield TermGradients(self.step, dict(zip(weighed, found, strict=True)))
            weighed.clear()
        self._engine.weigh = True

    def show(self) -> Iterator[Event]:
        """What was not told yet, and what :attr:`wants` asks for: for a training at rest."""
        yield from self._tell()
        yield from self._show(time.perf_counter(), always=True)

    # Changing and saving

    def change(self, path: str, value: Any) -> Changed:
        """Change a live option from the next update on.

        Raises
        ------
        InputError
            Unknown paths, values out of range, and options that need a new run.
        """
        info = self.experiment.option_info(path)
        if info is None or not info.live:
            raise InputError(
                [
                    Problem(
                        path,
                        msg("this option cannot change while training."),
                        msg("Start a new run with it."),
                    )
                ]
            )
        old = self.experiment.get(path)
        self.experiment = self.experiment.with_options({path: value})
        self._engine.adopt(self.experiment)
        self._steps.configure()
        if self._run is not None:
            self._run.append_change(self.step, path, old, value)
        return Changed(self.step, path, old, value)

    def _record_changes(self, before: Experiment) -> Iterator[Event]:
        for path, (old, new) in before.differences(self.experiment).items():
            if self._run is not None:
                self._run.append_change(self.step, path, old, new)
            yield Changed(self.step, path, old, new)

    def save(self, status: str = "paused") -> Saved:
        """Write a checkpoint and everything that belongs to it.

        Raises
        ------
        StudioError
            Without a run folder, on a full disk and alike; training is not harmed.
        """
        if self._keeper is None:
            raise StudioError(msg("This training has no folder to save into."))
        return self._keeper.save(status, **self._extra_facts)

    @property
    def _extra_facts(self) -> dict[str, object]:
        return {"extra_updates": self._steps.extras} if self._steps.extras else {}

    def checkpoint(self) -> Checkpoint:
        """All that going on from here needs."""
        row = numbers(self._engine.row)
        return Checkpoint(
            experiment=self.experiment,
            step=self.step,
            facts={
                "seconds": self._seconds,
                "threads": self.threads,
                "device": self._engine.device.type,
                "phase": self._steps.cursor[0],
                "update": self._steps.cursor[1],
                "row": [None if value != value else value for value in row],
                "extras": dict(self._steps.extras),
            },
            tensors=self._engine.capture(),
        )

    def keep(self) -> Iterator[Event]:
        """Keep the instant that was saved just now, its checkpoint beside it."""
        if self._keeper is not None:
            yield from self._keeper.keep()

    def _save_and_keep(self, status: str) -> Iterator[Event]:
        if self._keeper is not None:
            yield self._keeper.try_save(status, **self._extra_facts)
            yield from self._keeper.keep()

    @property
    def unsaved(self) -> bool:
        """Whether updates were made since the last checkpoint."""
        return self._keeper is not None and self._keeper.unsaved


def _never() -> bool:
    return False
