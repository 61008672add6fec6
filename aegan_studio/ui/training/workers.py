"""The threads of the window, and its only door to ``ml``, which opens inside them."""

from __future__ import annotations

import logging
import queue
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Qt, QThread, Signal

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Event, Failed, Finished, SaveFailed
from aegan_studio.experiment.parts import DATASETS, DatasetOptions
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs.folder import RunFolder
from aegan_studio.runs.library import recent
from aegan_studio.ui.training.commands import Change, Command, Go, GoPhase, Hold, Quit, Save, Want
from aegan_studio.ui.training.outbox import Outbox, Refused, Stand, Standing

if TYPE_CHECKING:
    from aegan_studio.ml.trainer import Trainer

log = logging.getLogger(__name__)

TICK = 1 / 20
"""Seconds between two batches of events at least."""


class TrainerThread(QThread):
    """Drives one :class:`~aegan_studio.ml.trainer.Trainer`, a plain iterator, off the window.

    Parameters
    ----------
    experiment : Experiment
        What to train; with ``resume`` that of the folder.
    folder : Path or None
        The run's folder: made anew, or with ``resume`` gone on with; ``None`` keeps nothing.
    """

    events = Signal(object)
    """A tuple of events, in order, at most about 20 a second."""
    standing_changed = Signal(str)
    """One of :data:`Standing`, in its place among the events."""
    refused = Signal(object)
    """A :class:`StudioError`: a command that could not be carried out."""

    _ready = Signal()

    def __init__(
        self,
        experiment: Experiment,
        folder: Path | None,
        *,
        resume: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("trainer")
        self.folder = folder
        self._experiment, self._resume = experiment, resume
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._outbox = Outbox()
        self._announced = threading.Event()
        self._announced_at = 0.0
        self._quitting = threading.Event()
        self._ready.connect(self.deliver, Qt.ConnectionType.QueuedConnection)

    def send(self, command: Command) -> None:
        """Queue a command; it is carried out between two steps."""
        if isinstance(command, Quit):
            self._quitting.set()
        self._commands.put(command)

    def deliver(self) -> None:
        """Hand out what has come in, in the window's thread."""
        self._announced.clear()
        batch: list[Event] = []
        for item in self._outbox.take():
            if not isinstance(item, Stand | Refused):
                batch.append(item)
                continue
            if batch:
                self.events.emit(tuple(batch))
                batch = []
            if isinstance(item, Stand):
                self.standing_changed.emit(item.standing)
            else:
                self.refused.emit(item.error)
        if batch:
            self.events.emit(tuple(batch))

    def run(self) -> None:
        """Serve commands until told to quit; every failure becomes an event."""
        try:
            self._serve()
        except StudioError as error:
            self._fail(Failed(error.message, error.mend))
        except Exception as error:
            log.exception("training failed")
            self._fail(
                Failed(
                    msg("Training stopped by an unexpected error: {why}", why=_first_line(error)),
                    msg("What was saved remains. Restart, or open the details to report it."),
                    traceback.format_exc(),
                )
            )
        finally:
            self._announce(at_once=True)

    def _fail(self, event: Failed) -> None:
        self._outbox.put(event)
        self._outbox.put(Stand("failed"))

    def put(self, event: Event) -> None:
        """Report an event; soon, not at once."""
        self._outbox.put(event)
        self._announce()

    def stand(self, standing: Standing) -> None:
        """Report a change of state."""
        self._outbox.put(Stand(standing))
        self._announce(at_once=True)

    def flush(self) -> None:
        """Hand out everything reported so far: the thread is about to rest."""
        self._announce(at_once=True)

    def _announce(self, *, at_once: bool = False) -> None:
        now = time.monotonic()
        due = at_once or now - self._announced_at >= TICK * 0.9
        if due and not self._announced.is_set():  # a slow window is told once, not buried
            self._announced_at = now
            self._announced.set()
            self._ready.emit()

    def _serve(self) -> None:
        self.stand("preparing")
        if self.folder is None:
            self._serve_run(None)
            return
        run = (
            RunFolder.open(self.folder)
            if self._resume
            else RunFolder.create(self.folder, self._experiment)
        )
        with run:
            trainer = self._serve_run(run)
            if trainer is not None:
                run.describe(status="finished" if trainer.finished else "paused")

    def _serve_run(self, run: RunFolder | None) -> Trainer | None:
        """Prepare and serve; ``None`` where the thread was told to quit before it began."""
        from aegan_studio.ml.trainer import Trainer

        trainer = Trainer(self._experiment, run=run, resume=self._resume)
        trainer.wants = {"pictures"}
        for event in trainer.prepare():
            self.put(event)
            if self._quitting.is_set():
                return None
        _Service(trainer, self._commands, self).loop()
        return trainer

    def refuse(self, error: StudioError) -> None:
        """Report that a command could not be carried out."""
        self._outbox.put(Refused(error))
        self._announce(at_once=True)


class _Service:
    """Carries out the commands of one trainer, one after another."""

    def __init__(
        self,
        trainer: Trainer,
        commands: queue.SimpleQueue[Command],
        thread: TrainerThread,
    ) -> None:
        self._trainer, self._commands, self._thread = trainer, commands, thread
        self._source: Iterator[Event] | None = None

    def loop(self) -> None:
        """Until :class:`Quit`: carry out commands between events, rest where nothing runs."""
        self._rest()
        while True:
            command = self._next()
            if isinstance(command, Quit):
                self._close_source()
                self._save()
                self._thread.put(Finished(self._trainer.step, "stopped"))
                return
            if command is not None:
                self._carry_out(command)
            if self._source is not None:
                self._advance(self._source)

    def _next(self) -> Command | None:
        resting = self._source is None
        if resting:
            self._thread.flush()
        try:
            return self._commands.get(block=resting)
        except queue.Empty:
            return None

    def _advance(self, source: Iterator[Event]) -> None:
        try:
            event = next(source, None)
        except StudioError as error:
            self._source = None
            self._thread.refuse(error)
            self._rest()
            return
        if event is not None:
            self._thread.put(event)
            return
        self._source = None
        self._show()
        self._rest()
        self._save()

    def _show(self) -> None:
        for event in self._trainer.show():
            self._thread.put(event)

    def _rest(self) -> None:
        self._thread.stand("finished" if self._trainer.finished else "paused")

    def _carry_out(self, command: Command) -> None:
        trainer = self._trainer
        try:
            match command:
                case Go(steps):
                    self._begin(trainer.run(steps, tick=TICK))
                case GoPhase():
                    self._begin(trainer.run_phase())
                case Hold():
                    if self._source is not None:
                        self._close_source()
                        self._rest()
                        self._show()
                        self._save()
                case Change(path, value):
                    self._thread.put(trainer.change(path, value))
                    if self._source is None:
                        self._rest()
                case Want(names):
                    more = names - trainer.wants
                    trainer.wants = set(names)
                    if more and self._source is None:
                        self._show()
                case Save():
                    self._save()
        except StudioError as error:
            self._thread.refuse(error)

    def _begin(self, source: Iterator[Event]) -> None:
        self._close_source()
        self._source = source
        self._thread.stand("running")

    def _close_source(self) -> None:
        close = getattr(self._source, "close", None)
        if close is not None:
            close()
        self._source = None

    def _save(self) -> None:
        trainer = self._trainer
        if not trainer.unsaved:
            return
        try:
            self._thread.put(trainer.save("finished" if trainer.finished else "paused"))
        except StudioError as error:
            self._thread.put(SaveFailed(trainer.step, error.message, error.mend))


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__


@dataclass(frozen=True, slots=True)
class Samples:
    """Some items of a dataset as they are shown.

    Images are uint8, (n, H, W) or (n, H, W, 3); points are float32 (n, 2) in their own units.
    """

    modality: str
    items: Any
    labels: Any


class Background(QThread):
    """Does the window's small errands one after another: torch's import, shapes, previews.

    Of the errands with the same name only the newest is done. Answers carry what was asked, so
    that whoever asked something else meanwhile can drop them.
    """

    torch_ready = Signal()
    """Torch and the trainer are imported: the first step is near."""
    inspected = Signal(object, object)
    """An :class:`Experiment` and the :class:`Inspection` of its networks."""
    samples_ready = Signal(str, object, object)
    """The name of the errand, the dataset's options and its :class:`Samples`."""
    mended = Signal(object, object)
    """A mended :class:`Experiment` that :meth:`try_out` was asked about, and its inspection."""
    untrained_ready = Signal(object, str, object)
    """An :class:`Experiment`, a role, and what its network makes before any training."""
    pace_measured = Signal(object)
    """A :class:`Pace`: how fast this computer runs layers."""
    runs_listed = Signal(object)
    """The newest runs, a list of :class:`RunSummary`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("background")
        self._errands: dict[str, Callable[[], None]] = {}
        self._wake = threading.Condition()
        self._ended = False

    def warm_up(self) -> None:
        """Import torch and the trainer."""
        self._ask("warm up", self._import_torch)

    def inspect(self, experiment: Experiment) -> None:
        """Work out the shapes, sizes and problems of the networks."""
        self._ask("inspect", lambda: self._inspect(experiment))

    def try_out(self, experiment: Experiment) -> None:
        """Inspect an experiment that is not the document's."""
        self._ask("try out", lambda: self._try_out(experiment))

    def show_untrained(self, experiment: Experiment, role: str, count: int, values: int) -> None:
        """Run one network as it is before any training; its shapes must fit."""
        self._ask("untrained", lambda: self._untrained(experiment, role, count, values))

    def measure_pace(self) -> None:
        """Measure how fast layers run here; takes a fifth of a second."""
        self._ask("pace", self._measure_pace)

    def load_samples(
        self, name: str, dataset: DatasetOptions, seed: int = 0, count: int = 64
    ) -> None:
        """Load ``count`` items of a dataset to show."""
        self._ask(f"samples {name}", lambda: self._load_samples(name, dataset, seed, count))

    def list_runs(self, folder: Path, limit: int) -> None:
        """List the newest runs of a folder."""
        self._ask("runs", lambda: self.runs_listed.emit(recent(folder, limit)))

    def end(self) -> None:
        """Finish the errand under way and end the thread; waits for it."""
        with self._wake:
            self._ended = True
            self._wake.notify()
        self.wait()

    def run(self) -> None:
        """Do errands until :meth:`end`."""
        while True:
            with self._wake:
                while not self._errands and not self._ended:
                    self._wake.wait()
                if self._ended:
                    return
                errand = self._errands.pop(next(iter(self._errands)))
            try:
                errand()
            except Exception:  # a preview that fails must not end the others
                log.exception("an errand of the window failed")

    def _ask(self, name: str, errand: Callable[[], None]) -> None:
        with self._wake:
            self._errands[name] = errand
            self._wake.notify()

    def _import_torch(self) -> None:
        import pyqtgraph  # noqa: F401 - makes no widget, and the train workspace soon needs it

        import aegan_studio.ml.trainer  # noqa: F401 - only so that the first step is near

        self.torch_ready.emit()

    def _inspect(self, experiment: Experiment) -> None:
        from aegan_studio.ml.networks.inspect import inspect

        self.inspected.emit(experiment, inspect(experiment))

    def _try_out(self, experiment: Experiment) -> None:
        from aegan_studio.ml.networks.inspect import inspect

        self.mended.emit(experiment, inspect(experiment))

    def _untrained(self, experiment: Experiment, role: str, count: int, values: int) -> None:
        from aegan_studio.ml.networks.untrained import untrained

        self.untrained_ready.emit(experiment, role, untrained(experiment, role, count, values))

    def _measure_pace(self) -> None:
        from aegan_studio.ml.device import one_thread_here
        from aegan_studio.ml.networks.pace import measure

        one_thread_here()  # this thread's errands leave the other cores to the training
        self.pace_measured.emit(measure())

    def _load_samples(self, name: str, dataset: DatasetOptions, seed: int, count: int) -> None:
        from aegan_studio.ml.data.store import coloured

        modality = dataset.info().modality
        raw = DATASETS.of(dataset).load()(dataset, seed)
        chosen = np.random.default_rng(seed).permutation(len(raw.items))[: 8 * count]
        if modality == "image" and raw.labels is not None:
            chosen = _alternating(chosen, raw.labels)
        chosen = chosen[:count]
        items = raw.items[chosen]
        if modality == "image":
            items = coloured(_as_pictures(items, raw.low, raw.high), dataset.info())
        labels = None if raw.labels is None else raw.labels[chosen]
        self.samples_ready.emit(name, dataset, Samples(modality, items, labels))


def _alternating(
    chosen: npt.NDArray[np.int64], labels: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Reordered so that all classes come in turn: 0 1 2 … 0 1 2 …"""
    seen: dict[int, int] = {}
    keys = []
    for index in chosen.tolist():
        label = int(labels[index])
        keys.append((seen.get(label, 0), label))
        seen[label] = seen.get(label, 0) + 1
    return chosen[sorted(range(len(chosen)), key=keys.__getitem__)]


def _as_pictures(items: npt.NDArray[Any], low: float | None, high: float | None) -> Any:
    """Items (n, C, H, W) as uint8 pictures (n, H, W) or (n, H, W, 3)."""
    floor = float(items.min()) if low is None else low
    ceiling = float(items.max()) if high is None else high
    scaled = (items - floor) * (255.0 / max(ceiling - floor, 1e-12))
    pictures = np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    return pictures[:, 0] if pictures.shape[1] == 1 else np.moveaxis(pictures, 1, -1)
