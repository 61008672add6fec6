"""How good a trained model is, judged by what knows nothing of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil
import torch
from sklearn.calibration import CalibratedClassifierCV
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from sklearn.svm import SVC
from torch import Tensor

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Diverged, Evaluated, Progress, Started, Weights
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.latent.sampling import FITTED, drawn
from aegan_studio.ml.model import Model
from aegan_studio.ml.trainer import Trainer

Floats = npt.NDArray[np.float64]

SAMPLES = 2000
"""Generated items that a judgement rests on."""

SEED = 1
"""Of the codes they are decoded from."""


@dataclass(frozen=True)
class Trained:
    """A finished training and what it cost.

    Attributes
    ----------
    model : Model
        With the weights that the window would show: averages where averaging is on.
    early : Model or None
        The same after :data:`EARLY` seconds of processor time.
    measured : mapping
        Name to the values measured on held-out data in the course of training.
    seconds, processor_seconds : float
        Time on the clock, and time of all threads together.
    memory : int
        Bytes by which the process had grown at most, from before its data were loaded.
    """

    experiment: Experiment
    data: DataStore
    model: Model
    early: Model | None
    measured: Mapping[str, list[float]]
    seconds: float
    processor_seconds: float
    threads: int
    memory: int = 0

    def codes(self, count: int = SAMPLES) -> Tensor:
        """Codes (count, d) to generate from: of the prior, or of what was fitted to the data's."""
        rng = torch.Generator().manual_seed(SEED)
        model = self.model
        return drawn(model.method, lambda: model.encode(self.data.train[:FITTED]), count, rng)

    def samples(self, count: int = SAMPLES) -> Tensor:
        """Scaled items (count, \\*item) decoded from :meth:`codes`."""
        return self.model.generate(self.codes(count))

    def rebuilt(self, x: Tensor) -> Tensor:
        """Scaled items encoded and decoded again."""
        return self.model.generate(self.model.encode(x))

    def points(self, count: int = SAMPLES) -> Floats:
        """Generated points (count, 2) in the data's own units."""
        return np.asarray(self.data.to_display(self.samples(count)), np.float64)


EARLY = 1.0
"""Seconds of processor time after which a first impression is taken."""


def train(experiment: Experiment) -> Trained:
    """Train to the end on the CPU, without a folder and without pictures.

    Raises
    ------
    StudioError
        Networks that do not fit, and training that diverges.
    """
    experiment = experiment.with_options({"training.device": "cpu"})
    before_all = psutil.Process().memory_info().rss
    memory = before_all
    trainer = Trainer(experiment)
    trainer.wants = set()
    (started,) = (event for event in trainer.prepare() if isinstance(event, Started))
    measured: dict[str, list[float]] = {}
    early: Model | None = None
    seconds = 0.0
    begun = time.process_time()
    spent_on_early = 0.0
    for event in trainer.run():
        if isinstance(event, Evaluated):
            for name, value in event.values.items():
                measured.setdefault(name, []).append(value)
        elif isinstance(event, Progress):
            seconds = event.seconds
            memory = max(memory, event.memory)
            if early is None and time.process_time() - begun >= EARLY:
                before = time.process_time()
                early = _shown(trainer)
                spent_on_early = time.process_time() - before
        elif isinstance(event, Diverged):
            raise StudioError(
                msg("Training diverged at step {step:,}.", step=event.step),
                msg("Lower the learning rate."),
            )
    return Trained(
        experiment=experiment,
        data=DataStore.load(experiment),
        model=_shown(trainer),
        early=early,
        measured=measured,
        seconds=seconds,
        processor_seconds=time.process_time() - begun - spent_on_early,
        threads=started.threads,
        memory=memory - before_all,
    )


def untrained(experiment: Experiment) -> Trained:
    """The same model before its first step: what chance alone gives."""
    experiment = experiment.with_options({"training.device": "cpu"})
    trainer = Trainer(experiment)
    trainer.wants = set()
    (started,) = (event for event in trainer.prepare() if isinstance(event, Started))
    data = DataStore.load(experiment)
    return Trained(experiment, data, _shown(trainer), None, {}, 0.0, 0.0, started.threads)


def _shown(trainer: Trainer) -> Model:
    wanted, trainer.wants = trainer.wants, {"weights"}
    (weights,) = (event for event in trainer.show() if isinstance(event, Weights))
    trainer.wants = wanted
    model = Model.build(trainer.experiment).eval()
    model.load_arrays(weights.roles)
    return model


def flat(x: Tensor) -> Floats:
    """Items as rows, float64 (n, d)."""
    return np.asarray(x.numpy().reshape(len(x), -1), np.float64)


def squared_error(x: Tensor, x_tilde: Tensor) -> float:
    """Mean over items and values."""
    return float((x - x_tilde).double().square().mean())


def principal_components(train: Tensor, x: Tensor, k: int) -> float:
    """The mean squared error of ``x`` rebuilt from its ``k`` principal components in ``train``."""
    pca = PCA(k, svd_solver="full").fit(flat(train))
    rows = flat(x)
    return float(np.square(rows - pca.inverse_transform(pca.transform(rows))).mean())


def nearest(x: Tensor, among: Tensor) -> Floats:
    """The Euclidean distance of every item to the nearest other one, (n,)."""
    found: Floats = NearestNeighbors(n_neighbors=1).fit(flat(among)).kneighbors(flat(x))[0][:, 0]
    return found


@dataclass(frozen=True)
class Reading:
    """What the readers made of some pictures: shares of 1."""

    confidence: float
    """Mean probability that the first reader gives its choice."""
    recognised: float
    """Pictures that both readers take for the same digit."""
    shares: Floats
    """Pictures that both take for this digit, by digit (10,)."""


@dataclass(frozen=True)
class DigitReaders:
    """Two classifiers of different kinds that have seen the real training digits only.

    A support vector machine with calibrated probabilities and the vote of the five nearest
    training digits. Alone each names a digit for any smear; where both name the same one, there
    is something to recognise.
    """

    machine: Any
    neighbours: Any
    accuracy: float
    """Share of the real held-out digits that the support vector machine reads rightly."""
    real: Reading = field(repr=False)
    """What both make of the real held-out digits."""

    @classmethod
    def learn(cls, data: DataStore) -> DigitReaders:
        """Fit both to the training digits of a store."""
        if data.train_labels is None or data.held_out_labels is None:
            raise ValueError("reading takes labelled digits")
        rows, labels = flat(data.train), data.train_labels.numpy()
        machine = CalibratedClassifierCV(SVC(C=10), ensemble=False).fit(rows, labels)
        neighbours = KNeighborsClassifier(5).fit(rows, labels)
        accuracy = float(machine.score(flat(data.held_out), data.held_out_labels.numpy()))
        real = _read(machine, neighbours, data.held_out)
        return cls(machine, neighbours, accuracy, real)

    def read(self, x: Tensor) -> Reading:
        """What both make of scaled pictures (n, 1, side, side)."""
        return _read(self.machine, self.neighbours, x)

    def labels(self, x: Tensor) -> npt.NDArray[np.int64]:
        """The digit that both read, −1 where they differ, (n,)."""
        digits, same = _both(self.machine.predict_proba(flat(x)), self.neighbours, x)
        return np.where(same, digits, -1)

    def right(self, x: Tensor, labels: Tensor | None) -> float:
        """The share of pictures that the support vector machine reads as their labels say."""
        if labels is None:
            raise ValueError("reading takes labelled digits")
        return float(self.machine.score(flat(x), labels.numpy()))


def _read(machine: Any, neighbours: Any, x: Tensor) -> Reading:
    probabilities = machine.predict_proba(flat(x))
    digits, same = _both(probabilities, neighbours, x)
    return Reading(
        confidence=float(probabilities.max(axis=1).mean()),
        recognised=float(same.mean()),
        shares=np.bincount(digits[same], minlength=10) / len(x),
    )


def _both(
    probabilities: Floats, neighbours: Any, x: Tensor
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The first reader's digits, and where the second agrees, (n,) each."""
    digits = probabilities.argmax(axis=1)
    return digits, digits == neighbours.predict(flat(x))


def energy_distance(a: Floats, b: Floats) -> float:
    """2 E‖a − b‖ − E‖a − a′‖ − E‖b − b′‖, 0 for equal distributions (Székely & Rizzo 2013)."""

    def mean(first: Floats, second: Floats) -> float:
        return float(np.linalg.norm(first[:, None] - second[None], axis=2).mean())

    # equal points are no pairs: without them the estimate has no bias
    own = [mean(part, part) * len(part) / (len(part) - 1) for part in (a, b)]
    return 2 * mean(a, b) - sum(own)


def spectrum(x: Tensor) -> Floats:
    """The mean power of grey pictures (n, 1, side, side) by spatial frequency, radially averaged.

    Entry i belongs to frequencies that round to i + 1 cycles a picture.
    """
    pictures = np.asarray(x[:, 0].numpy(), np.float64)
    side = pictures.shape[-1]
    power = np.square(np.abs(np.fft.fft2(pictures))).mean(axis=0)
    frequency = np.fft.fftfreq(side) * side
    ring = np.rint(np.hypot(frequency[:, None], frequency[None])).astype(int)
    return np.array([power[ring == radius].mean() for radius in range(1, side // 2)])
