"""A document and a session without a trainer: real events, made from real digits with NumPy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from sklearn.datasets import load_digits

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import (
    Changed,
    Diverged,
    Evaluated,
    Event,
    Pictures,
    Progress,
    Started,
)
from aegan_studio.ui.theme import ThemeManager
from aegan_studio.ui.training.commands import Command
from aegan_studio.ui.training.history import History
from aegan_studio.ui.training.moments import Moments
from aegan_studio.ui.training.stepping import Stepping
from aegan_studio.ui.training.watching import Watching


@contextmanager
def dark(app: QApplication) -> Iterator[None]:
    """The application in its dark dress, and as it was before afterwards."""
    manager = ThemeManager(app, "dark")
    manager.apply()
    yield
    manager.deleteLater()
    QCoreApplication.sendPostedEvents(manager, QEvent.Type.DeferredDelete)


def drag(widget: QWidget, start: QPoint, by: QPoint) -> None:
    """Press, move and release the left button; sent straight, so that no move is lost."""
    kinds = QEvent.Type
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    moves = [
        (kinds.MouseButtonPress, start, left, left),
        (kinds.MouseMove, start + by / 2, none, left),
        (kinds.MouseMove, start + by, none, left),
        (kinds.MouseButtonRelease, start + by, left, none),
    ]
    for kind, at, button, held in moves:
        point = QPointF(at)
        on_screen = QPointF(widget.mapToGlobal(at))
        event = QMouseEvent(kind, point, on_screen, button, held, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(widget, event)


class FakeDocument(QObject):
    """Holds an experiment and says when it changes."""

    changed = Signal(object)
    problems_changed = Signal(object)
    inspected = Signal(object)

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self.experiment = experiment
        self.problems: tuple[object, ...] = ()
        self.inspection: object = None

    def edit(self, changes: dict[str, object], text: str = "") -> None:
        self.experiment = self.experiment.with_options(changes)
        self.changed.emit(self.experiment)


class FakeSession(QObject):
    """Keeps state, history and the latest event of each kind, as the real session does."""

    state_changed = Signal(str)
    event = Signal(object)
    run_opened = Signal(object)
    moment_changed = Signal(object)
    trouble = Signal(object)
    branching_changed = Signal(bool)

    def __init__(self, document: FakeDocument) -> None:
        super().__init__()
        self._document = document
        self._running: Experiment | None = None
        self.state = "empty"
        self.moment: int | None = None
        self.history = History()
        self.latest: dict[type, Event] = {}
        self.wants: dict[str, set[object]] = defaultdict(set)
        self.folder: Path | None = None
        self.origin = None
        self.branching = False
        self.moments = Moments(self)
        self.can_train = True
        self.commands: list[Command] = []
        self.stepping = Stepping(self, self)
        self.watching = Watching(self)

    @property
    def step(self) -> int:
        return self.history.last_step

    @property
    def has_run(self) -> bool:
        return self.state != "empty"

    @property
    def experiment(self) -> Experiment:
        return self._running if self._running is not None else self._document.experiment

    def want(self, name: str, who: object, on: bool) -> None:
        (self.wants[name].add if on else self.wants[name].discard)(who)

    def set_state(self, state: str) -> None:
        self.state = state
        self.state_changed.emit(state)

    def carry_out(self, command: Command) -> None:
        self.commands.append(command)

    def send(self, event: Event | Command) -> None:
        if isinstance(event, Command):
            self.commands.append(event)
            return
        self.latest[type(event)] = event
        match event:
            case Started():
                self.history.set_columns(event.columns)
            case Progress() | Evaluated() | Changed():
                self.history.add(event)
            case Diverged():
                self.history.truncate_after(event.restored_step)
        self.event.emit(event)

    def open(self, experiment: Experiment, history: History | None = None) -> None:
        self._running = experiment
        self.history = history or History()
        self.latest = {}
        self.set_state("preparing")
        self.run_opened.emit(self)

    def stop(self) -> None:
        self._running = None
        self.set_state("empty")


def columns_of(experiment: Experiment) -> tuple[str, ...]:
    """The columns a trainer reports: the terms of all phases, and their gradients' norms."""
    names = []
    for phase in experiment.phase_infos():
        names += [*(term.name for term in phase.terms), f"gradient.{phase.name}"]
    return tuple(names)


def started(experiment: Experiment, step: int = 0) -> Started:
    return Started(
        step=step,
        total_steps=experiment.training.steps,
        steps_per_epoch=21,
        columns=columns_of(experiment),
        parameters={role.name: 52_240 + 128 * i for i, role in enumerate(experiment.roles())},
        device="cpu",
        threads=1,
        folder=None,
    )


def curves(experiment: Experiment, steps: np.ndarray, seed: int = 0) -> np.ndarray:
    """Plausible values of every column at ``steps``, (n, k) float32."""
    rng = np.random.default_rng(seed + int(steps[0]))
    shapes = {
        "rec-x": 0.055 + 0.6 * np.exp(-steps / 260),
        "kl": 9.5 * (1 - np.exp(-steps / 500)) + 0.4,
        "bound": 22 + 80 * np.exp(-steps / 300),
        "loss-d": 1.15 + 0.25 * np.exp(-steps / 400) + 0.05 * np.sin(steps / 900),
        "loss-g": 0.95 + 0.6 * np.exp(-(((steps - 300) / 260.0) ** 2)),
        "right": 0.64 + 0.3 * np.exp(-(((steps - 250) / 300.0) ** 2)),
    }
    parts = []
    for name in columns_of(experiment):
        clean = shapes.get(name, 0.2 + np.exp(-steps / 200))
        parts.append(clean * (1 + 0.07 * rng.standard_normal(len(steps))))
    values = np.stack(parts, 1).astype(np.float32)
    if "right" in columns_of(experiment):
        index = columns_of(experiment).index("right")
        values[:, index] = np.clip(values[:, index], 0, 1)
    return values


def progress(experiment: Experiment, first: int, last: int) -> Progress:
    steps = np.arange(first, last + 1, dtype=np.int64)
    return Progress(
        steps=steps,
        values=curves(experiment, steps),
        epoch=last / 21,
        seconds=last / 412,
        steps_per_second=412.0,
        memory=312 << 20,
    )


class Digits:
    """A linear autoencoder of the digits (PCA): originals, codes, reconstructions, samples."""

    def __init__(self, side: int = 8, dim: int = 12, seed: int = 0) -> None:
        data = load_digits()
        images = data.images / 16.0
        factor = side // 8
        self.images = images.repeat(factor, 1).repeat(factor, 2)
        flat = images.reshape(len(images), -1)
        self.mean = flat.mean(0)
        _, spread, axes = np.linalg.svd(flat - self.mean, full_matrices=False)
        self.axes, self.spread = axes[:dim], spread[:dim] / np.sqrt(len(flat))
        self.flat, self.factor, self.dim = flat, factor, dim
        self.rng = np.random.default_rng(seed)
        self.sample_codes = self.rng.standard_normal((64, dim)).astype(np.float32)

    def shown(self, flat: np.ndarray) -> np.ndarray:
        pictures = np.clip(flat, 0, 1).reshape(-1, 8, 8)
        pictures = pictures.repeat(self.factor, 1).repeat(self.factor, 2)
        return (pictures * 255).astype(np.uint8)

    def pictures(self, step: int, *, encoder: bool = True, prior: bool = True) -> Pictures:
        done = 1 - np.exp(-(step + 1) / 400)
        noise = (1 - done) * self.rng.random((64, 64))
        real, held = self.flat[:64], self.flat[-64:]

        def rebuilt(x: np.ndarray) -> np.ndarray:
            back = self.mean + (x - self.mean) @ self.axes.T @ self.axes
            return done * back + noise

        codes = ((real - self.mean) @ self.axes.T / self.spread).astype(np.float32)
        made = self.mean + (self.sample_codes * self.spread) @ self.axes
        return Pictures(
            step=step,
            modality="image",
            samples=self.shown(done * made + noise) if prior else None,
            originals=self.shown(real),
            reconstructions=self.shown(rebuilt(real)) if encoder else None,
            held_out=self.shown(held) if encoder else None,
            held_out_reconstructions=self.shown(rebuilt(held)) if encoder else None,
            codes=codes if encoder else None,
            sample_codes=self.sample_codes if prior else None,
        )


def ring(count: int, spread: float, rng: np.random.Generator) -> np.ndarray:
    angle = rng.integers(0, 8, count) * np.pi / 4
    centres = 2 * np.stack([np.cos(angle), np.sin(angle)], 1)
    return (centres + spread * rng.standard_normal((count, 2))).astype(np.float32)


def point_pictures(step: int, *, encoder: bool = False, count: int = 500) -> Pictures:
    rng = np.random.default_rng(step)
    done = 1 - np.exp(-(step + 1) / 900)
    real = ring(count, 0.12, np.random.default_rng(1))
    made = done * ring(count, 0.25, rng) + (1 - done) * rng.standard_normal((count, 2)) * 0.6
    rebuilt = real * done + 0.12 * rng.standard_normal(real.shape)
    return Pictures(
        step=step,
        modality="points",
        samples=made.astype(np.float32),
        originals=real,
        reconstructions=rebuilt.astype(np.float32) if encoder else None,
        held_out=ring(200, 0.12, rng) if encoder else None,
        held_out_reconstructions=ring(200, 0.2, rng) if encoder else None,
        codes=rng.standard_normal((count, 2)).astype(np.float32) if encoder else None,
        sample_codes=rng.standard_normal((count, 2)).astype(np.float32),
    )


def experiment(
    method: str = "autoencoder", dataset: str = "digits", **options: object
) -> Experiment:
    plain = Experiment.parse({"dataset": dataset, "method": method})
    return plain.with_options(options) if options else plain


def training(
    exp: Experiment, steps: int = 3000, *, pictures: Iterator[Pictures] | None = None
) -> Iterator[Event]:
    """All events of a training of ``steps`` steps, thinned as the trainer thread does."""
    yield started(exp)
    for last in range(100, steps + 1, 100):
        yield progress(exp, last - 99, last)
        if last % 500 == 0:
            yield Evaluated(last, {"rec-x": 0.06 + 0.6 * float(np.exp(-last / 260))})
        if pictures is not None and (picture := next(pictures, None)) is not None:
            yield picture
