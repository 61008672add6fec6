"""The Python interface: train experiments and use what they learned. NumPy in and out, no Qt.

Data ``x`` are float32 arrays of shape (n, \\*item) in the dataset's own units: pictures
(n, C, H, W) in the range of the medium (handwritten digits 0…16), points (n, 2). Codes ``z``
are float32 (n, d).
"""

from __future__ import annotations

import contextlib
import itertools
import signal
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from aegan_studio.catalog import checks, demos, models
from aegan_studio.catalog.recipes import recipe, recipes
from aegan_studio.experiment import Experiment, InputError, toml
from aegan_studio.experiment.events import Event, Failed, Finished
from aegan_studio.experiment.findings import Finding
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs.demos import check as check_demo
from aegan_studio.runs.folder import Metrics, RunFolder, is_run

if TYPE_CHECKING:
    from torch import Tensor

    from aegan_studio.ml.data.store import DataStore
    from aegan_studio.ml.model import Model
    from aegan_studio.ml.trainer import Trainer

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]

AUTOSAVE = 10.0
"""Seconds of training between checkpoints by default."""

CHUNK = 1024
"""Items that go through a network at a time, so that large requests fit into memory."""


def find_experiment(source: Experiment | str | Path) -> Experiment:
    """An experiment from itself, a TOML file, or the name of a recipe.

    Raises
    ------
    StudioError
        For unknown recipes, unreadable and malformed files.
    """
    if isinstance(source, Experiment):
        return source
    path = Path(source)
    known = {known.name for known in recipes()}
    is_file = path.suffix == ".toml" or len(path.parts) > 1 or path.is_file()
    if str(source) not in known and is_file:
        return toml.load(path)
    return recipe(str(source))


def with_method(source: Experiment | str | Path | None, method: str | None) -> Experiment:
    """An experiment, as another model where one is named.

    Parameters
    ----------
    source : Experiment, str, Path or None
        As for :func:`find_experiment`; ``None`` stands for handwritten digits.
    method : str or None
        A named model, such as "wgan-gp"; it comes with its own settings and networks.

    Raises
    ------
    StudioError
        For unknown recipes and models, unreadable and malformed files.
    """
    if method is None and source is not None:
        return find_experiment(source)
    if source is None:
        experiment = Experiment.parse({"dataset": "digits", "method": "autoencoder"})
    else:
        experiment = find_experiment(source)
    return experiment if method is None else models.chosen(experiment, method)


def train(
    experiment: Experiment | str | Path | None = None,
    out: str | Path | None = None,
    *,
    method: str | None = None,
    steps: int | None = None,
    resume: bool = False,
    on_event: Callable[[Event], object] | None = None,
    autosave: float = AUTOSAVE,
) -> Run:
    """Train an experiment to its end.

    Parameters
    ----------
    experiment : Experiment, str, Path or None
        What to train: a value, a recipe's name, or a TOML file. With ``resume`` it may be
        missing; the run goes on with its own, or takes live options from the given one.
    out : str or Path or None
        The run's folder, missing or empty; ``None`` keeps nothing on disk.
    method : str or None
        A named model to train in place of the experiment's, as ``aegan-studio methods`` lists
        them; without an experiment, on handwritten digits.
    steps : int or None
        Replaces ``training.steps``.
    resume : bool
        Go on with the run in ``out``.
    on_event : callable or None
        Called with every event of the training.
    autosave : float
        Seconds of training between checkpoints.

    Returns
    -------
    Run
        What was learned; ``.outcome`` says how training ended.

    Raises
    ------
    StudioError
        For experiments that cannot train, and folders that cannot be used.
    KeyboardInterrupt
        After Ctrl-C, when the run is saved; ``resume`` goes on with it.
    """
    if method is not None:
        if resume:
            raise StudioError(msg("A run keeps its method."), msg("Start a new run for another."))
        experiment = with_method(experiment, method)
    with contextlib.ExitStack() as stack:
        if out is None:
            if resume:
                raise StudioError(
                    msg("There is no run to resume."), msg("Say which folder holds it.")
                )
            out = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aegan-studio-")))
            kept = None
        else:
            kept = out = Path(out)
        edits = {} if steps is None else {"training.steps": steps}
        session = stack.enter_context(open_session(experiment, out, edits, resume, autosave))
        stop = stack.enter_context(stop_requests())
        outcome = "stopped"
        for event in session.events(stop.is_set):
            if isinstance(event, Finished):
                outcome = event.reason
            if on_event is not None:
                on_event(event)
        if stop.is_set() and outcome == "stopped":
            raise KeyboardInterrupt
        return Run.read(session.folder, kept, outcome)


def branch(
    run: str | Path,
    at: int,
    out: str | Path,
    *,
    options: Mapping[str, Any] | None = None,
    on_event: Callable[[Event], object] | None = None,
    autosave: float = AUTOSAVE,
) -> Run:
    """Train a new run from an instant of another one's timeline, to its end.

    Bit for bit what the old run would have been where a whole checkpoint stands at the instant
    and only live options change; else from the instant's weights, with fresh optimisers.

    Parameters
    ----------
    run : str or Path
        The folder of the old run; it is only read.
    at : int
        The step of a kept instant.
    out : str or Path
        The new run's folder, missing or empty.
    options : mapping or None
        Dotted paths of options that are different from there on, and their values.
    on_event, autosave
        As of :func:`train`.

    Raises
    ------
    StudioError
        The step is not kept, its weights do not fit the changed networks, or a folder cannot be
        used.
    """
    from aegan_studio.ml.branching import branch as make
    from aegan_studio.ml.branching import experiment_at

    wanted = experiment_at(Path(run), at).with_options(options or {})
    check(wanted)
    made = make(Path(run), at, Path(out), wanted)
    return train(wanted, made.folder, resume=True, on_event=on_event, autosave=autosave)


def load_run(path: str | Path) -> Run:
    """What the run in a folder has learned by its newest sound checkpoint.

    Raises
    ------
    StudioError
        There is no run, it has no checkpoint yet, or all are damaged.
    """
    folder = RunFolder.open(Path(path))
    return Run.read(folder, folder.path)


def examine(source: Experiment | str | Path, *, steps: int | None = None) -> tuple[Finding, ...]:
    """What the training doctor finds, each at its surest, in the order of coming.

    Parameters
    ----------
    source : Experiment, str or Path
        A run's folder, whose record is read; or an experiment as for :func:`train`, which is
        trained and not kept.
    steps : int or None
        Replaces ``training.steps`` of an experiment.

    Raises
    ------
    StudioError
        For what is neither, and experiments that cannot train.
    """
    from aegan_studio.ml.doctor import examined, recorded

    if not isinstance(source, Experiment) and is_run(Path(source)):
        run = RunFolder.open(Path(source))
        return examined(run.experiment, recorded(run))
    from aegan_studio.ml.trainer import Trainer

    experiment = find_experiment(source)
    if steps is not None:
        experiment = experiment.with_options({"training.steps": steps})
    check(experiment)
    trainer = Trainer(experiment)
    trainer.wants = set()
    return examined(experiment, itertools.chain(trainer.prepare(), _lazily(trainer.run)))


def _lazily(events: Callable[[], Iterable[Event]]) -> Iterator[Event]:
    yield from events()


def demo(name: str) -> Run:
    """A bundled demo, as it was delivered; ``aegan-studio demos`` names them.

    Raises
    ------
    StudioError
        For an unknown name, and a bundle that is damaged.
    """
    chosen = demos.demo(name)
    check_demo(chosen)
    return Run.read(RunFolder.open(chosen.folder / demos.RUN), None)


@contextlib.contextmanager
def stop_requests() -> Iterator[threading.Event]:
    """An event that Ctrl-C and a polite kill set, so that a step is never torn apart.

    A second Ctrl-C interrupts at once. Outside the main thread nothing is caught.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return

    def ask(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            signal.default_int_handler(number, frame)
        asked.set()

    before = {kind: signal.signal(kind, ask) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


@dataclass(frozen=True)
class TrainingSession:
    """A training into a folder, ready to be iterated once."""

    folder: RunFolder
    trainer: Trainer
    new: bool

    def events(self, stopped: Callable[[], bool]) -> Iterator[Event]:
        """All events until training ends or ``stopped`` says so; then the run is saved."""
        trainer = self.trainer
        try:
            for event in trainer.prepare():
                yield event
        except StudioError:
            if self.new:
                self.folder.discard()
            raise
        ended = False
        if not stopped():
            for event in trainer.run():
                ended = isinstance(event, Finished | Failed)
                yield event
                if stopped():
                    break
        if not ended:
            if trainer.unsaved:
                yield trainer.save("paused")
                yield from trainer.keep()
            yield Finished(trainer.step, "stopped")


@contextlib.contextmanager
def open_session(
    experiment: Experiment | str | Path | None,
    out: Path,
    edits: Mapping[str, Any],
    resume: bool = False,
    autosave: float = AUTOSAVE,
) -> Iterator[TrainingSession]:
    """A checked training into ``out``; leaving closes the folder.

    Raises
    ------
    InputError
        Options that don't exist, don't fit, or cannot change in a run that goes on.
    StudioError
        Folders that cannot be used.
    """
    from aegan_studio.ml.trainer import Trainer

    if resume:
        folder = RunFolder.open(out)
        wanted = find_experiment(experiment) if experiment is not None else _last(folder)
    elif experiment is None:
        raise StudioError(
            msg("There is nothing to train."), msg("Name an experiment's TOML file or a recipe.")
        )
    else:
        wanted = find_experiment(experiment)
    wanted = wanted.with_options(edits) if edits else wanted
    check(wanted)
    if not resume:
        folder = RunFolder.create(out, wanted)
    with folder:
        folder.claim()
        trainer = Trainer(wanted, run=folder, resume=resume, autosave=autosave)
        trainer.wants = set()
        yield TrainingSession(folder, trainer, new=not resume)


def check(experiment: Experiment) -> None:
    """Raise :class:`InputError` for whatever keeps an experiment from training."""
    from aegan_studio.ml.networks.inspect import inspect

    found = [*checks.problems(experiment), *inspect(experiment).problems]
    errors = [problem for problem in found if problem.severity == "error"]
    if errors:
        raise InputError(errors)


def _last(folder: RunFolder) -> Experiment:
    """The experiment as it was at the checkpoint that training will go on from."""
    from aegan_studio.ml import checkpoint

    saved, _ = checkpoint.newest(list(folder.checkpoints()))
    return saved.experiment if saved is not None else folder.experiment


@dataclass(frozen=True)
class Data:
    """A run's data in its own units; labels index ``classes``, or are ``None``."""

    train: Floats
    held_out: Floats
    train_labels: Labels | None
    held_out_labels: Labels | None
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """What a run has learned, in memory: it does not change when training goes on.

    Attributes
    ----------
    experiment : Experiment
        With all live changes up to :attr:`step`.
    step : int
        The step of the checkpoint.
    metrics : Mapping[str, (steps, values)]
        Every measured quantity, ``held-out.`` + name for held-out data.
    weights : Mapping[str, Mapping[str, ndarray]]
        Role to parameter name to array; running averages where averaging is on.
    path : Path or None
        The folder, where one was kept.
    outcome : str
        How :func:`train` ended: "done", "stopped" or "diverged"; empty for a loaded run.
    """

    experiment: Experiment
    step: int
    metrics: Metrics
    weights: Mapping[str, Mapping[str, npt.NDArray[Any]]]
    path: Path | None = None
    outcome: str = ""

    @classmethod
    def read(cls, folder: RunFolder, path: Path | None, outcome: str = "") -> Run:
        """The run in an open folder; raises what :func:`load_run` raises."""
        from aegan_studio.ml import checkpoint

        saved, errors = checkpoint.newest(list(folder.checkpoints()))
        if saved is None:
            if errors:
                raise errors[0]
            raise StudioError(
                msg("The run in {path} has no checkpoint yet.", path=str(folder.path)),
                msg("Train it first."),
            )
        metrics = {
            name: (steps[steps <= saved.step], values[steps <= saved.step])
            for name, (steps, values) in folder.metrics().items()
        }
        return cls(saved.experiment, saved.step, metrics, saved.display_weights, path, outcome)

    @property
    def has_encoder(self) -> bool:
        """Whether :meth:`encode` and :meth:`reconstruct` work."""
        return self._model.has_encoder

    def prior(self, n: int, seed: int = 0, of_class: str | None = None) -> Floats:
        """``n`` codes (n, d) from the distribution that generation draws on.

        That is the method's prior, or a Gaussian or mixture fitted to the encoded training data,
        as the method's options say. ``of_class`` as for :meth:`generate`.
        """
        import torch

        from aegan_studio.catalog import codes as meanings
        from aegan_studio.ml.latent.sampling import FITTED, drawn

        rng = torch.Generator().manual_seed(seed)
        codes = drawn(
            self._model.method, lambda: self._model.encode(self._store.train[:FITTED]), n, rng
        )
        found = _array(codes)
        return found if of_class is None else meanings.of_class(self.experiment, found, of_class)

    def generate(self, n: int = 16, seed: int = 0, of_class: str | None = None) -> Floats:
        """``n`` new items (n, \\*item): codes from the prior, decoded. The same for a seed.

        ``of_class`` asks a conditional model for one class of the data, by its name; raises
        :class:`StudioError` where there is no such class, or the model takes none.
        """
        return self.decode(self.prior(n, seed, of_class))

    def decode(self, z: npt.ArrayLike) -> Floats:
        """Codes (n, d) to data (n, \\*item); raises :class:`StudioError` for another shape."""
        codes = _checked(z, (self._model.method.code_dim,), msg("codes"))
        scaled = self._through(self._model.generate, codes, self._store.info.shape)
        return self._store.scaler.unscale(scaled).astype(np.float32)

    def encode(self, x: npt.ArrayLike) -> Floats:
        """Data (n, \\*item) to codes (n, d), the mean for a VAE.

        Raises
        ------
        StudioError
            For another shape, and for methods without an encoder.
        """
        if not self.has_encoder:
            raise StudioError(
                msg("“{method}” has no encoder.", method=self.experiment.method.kind),
                msg("Train an autoencoder or a VAE to encode data."),
            )
        items = _checked(x, self._store.info.shape, msg("items"))
        scaled = self._store.scaler.scale(items)
        return self._through(self._model.encode, scaled, (self._model.method.code_dim,))

    def reconstruct(self, x: npt.ArrayLike) -> Floats:
        """Data encoded and decoded again, (n, \\*item); raises what :meth:`encode` raises."""
        return self.decode(self.encode(x))

    def data(self) -> Data:
        """The run's training and held-out data."""
        store = self._store

        def items(tensor: Tensor) -> Floats:
            return store.scaler.unscale(tensor.numpy()).astype(np.float32)

        return Data(
            train=items(store.train),
            held_out=items(store.held_out),
            train_labels=_labels(store.train_labels),
            held_out_labels=_labels(store.held_out_labels),
            classes=store.info.classes,
        )

    def to_display(self, x: npt.ArrayLike) -> npt.NDArray[Any]:
        """Data as shown: pictures uint8 (n, H, W) or (n, H, W, 3); points as they are."""
        items = _checked(x, self._store.info.shape, msg("items"))
        return self._store.to_display(self._store.scaler.scale(items))

    @cached_property
    def _model(self) -> Model:
        from aegan_studio.ml.model import Model

        model = Model.build(self.experiment).eval()
        model.load_arrays(self.weights)
        return model

    @cached_property
    def _store(self) -> DataStore:
        from aegan_studio.ml.data.store import DataStore

        return DataStore.load(self.experiment)

    def _through(
        self, network: Callable[[Tensor], Tensor], items: Floats, shape: tuple[int, ...]
    ) -> Floats:
        import torch

        parts = [
            _array(network(torch.from_numpy(items[start : start + CHUNK])))
            for start in range(0, len(items), CHUNK)
        ]
        return np.concatenate(parts) if parts else np.empty((0, *shape), np.float32)


def _checked(given: npt.ArrayLike, shape: tuple[int, ...], what: object) -> Floats:
    array = np.ascontiguousarray(given, dtype=np.float32)
    if array.shape[1:] != shape or array.ndim != len(shape) + 1:
        raise StudioError(
            msg(
                "The {what} have shape {given}, this run takes {wanted}.",
                what=what,
                given=" × ".join(map(str, array.shape)) or "()",
                wanted=" × ".join(map(str, ("n", *shape))),
            ),
            msg("Reshape the array; a single item needs a leading 1."),
        )
    return array


def _array(tensor: Tensor) -> Floats:
    return tensor.detach().numpy().astype(np.float32, copy=False)


def _labels(tensor: Tensor | None) -> Labels | None:
    return None if tensor is None else np.asarray(tensor.numpy(), np.int64)
