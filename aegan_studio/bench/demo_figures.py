"""What each bundled demo shows, in numbers, told by judges that know nothing of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np
import torch

from aegan_studio.bench import quality
from aegan_studio.bench.judge import Judge, classes_asked, unit_units
from aegan_studio.bench.mixtures import centres
from aegan_studio.bench.quality import Trained
from aegan_studio.catalog import codes as meanings
from aegan_studio.catalog.demos import Demo, Edit, GlideTo
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Diverged
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml import checkpoint
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.latent import restoring
from aegan_studio.ml.latent.codespace import CodeSpace
from aegan_studio.ml.latent.inversion import last
from aegan_studio.ml.metrics.classes import obeyed
from aegan_studio.ml.metrics.modes import Modes
from aegan_studio.ml.metrics.probes import nearest_probe
from aegan_studio.ml.model import Model
from aegan_studio.ml.trainer import Trainer
from aegan_studio.runs.folder import RunFolder

Arrays = dict[str, np.ndarray[Any, Any]]

POINTS = 2500
GLIDED = 3000
"""Steps that a mixer trains after it has glided to a mark."""
NOISE = 0.2
"""Standard deviation of the grain put on photographs, as a share of their range."""
HOLE = 0.5
"""Side of the square hole in their midst, as a share of theirs."""
STYLES = 5
"""Handwritings on the card of asked digits."""
PATCHES = 48
RESTORING = 100
"""Updates of a restoration."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One number; ``floor`` and ``ceiling`` are the ends of what it can be."""

    name: str
    what: str
    value: float
    unit: Literal["", "share", "dB", "nats"] = ""
    retrained: bool = False
    floor: float = 0.0
    ceiling: float = float("inf")


@dataclass
class Subject:
    """A trained demo to measure, and what its card shows of it.

    ``quick`` leaves out what takes a training of its own.
    """

    demo: Demo
    run: Path
    quick: bool = False
    card: Arrays = field(default_factory=dict)

    @cached_property
    def saved(self) -> checkpoint.Checkpoint:
        """The run's checkpoint."""
        found, errors = checkpoint.newest(RunFolder.open(self.run).checkpoints())
        if found is None:
            raise errors[0] if errors else StudioError(msg("There is no checkpoint."))
        return found

    @cached_property
    def trained(self) -> Trained:
        """The run as the judges take it, with the weights that the window shows."""
        held_out = RunFolder.open(self.run).held_out()
        measured: dict[str, list[float]] = {}
        for _, values in held_out:
            for name, value in values.items():
                measured.setdefault(name, []).append(value)
        return of_weights(self.saved.experiment, self.saved.display_weights, measured)


def of_weights(
    experiment: Experiment,
    weights: Mapping[str, Mapping[str, Any]],
    measured: Mapping[str, list[float]] | None = None,
) -> Trained:
    """A model of an experiment with these weights."""
    model = Model.build(experiment).eval()
    model.load_arrays(weights)
    data = DataStore.load(experiment)
    return Trained(experiment, data, model, None, measured or {}, 0.0, 0.0, 1)


def train(experiment: Experiment, folder: Path, steps: int) -> None:
    """Train a new run to a step and save it there, once."""
    with RunFolder.create(folder, experiment) as run:
        trainer = Trainer(experiment, run=run, autosave=float("inf"))
        _through(trainer, steps)


def go_on(run: Path, changes: Mapping[str, Any], steps: int) -> Trained:
    """What a run becomes after live changes and more steps; the run itself stays as it is."""
    with TemporaryDirectory(prefix="aegan-demo-") as place:
        saved, _ = checkpoint.newest(RunFolder.open(run).checkpoints())
        assert saved is not None
        copy = Path(place) / "run"
        with RunFolder.create(copy, saved.experiment) as folder:
            checkpoint.write(folder.checkpoint_path(saved.step), saved)
            trainer = Trainer(saved.experiment, run=folder, resume=True, autosave=float("inf"))
            _through(trainer, saved.step + steps, changes)
            after, _ = checkpoint.newest(folder.checkpoints())
        assert after is not None
        return of_weights(after.experiment, after.display_weights)


def _through(trainer: Trainer, last_step: int, changes: Mapping[str, Any] | None = None) -> None:
    trainer.wants = set()
    for _ in trainer.prepare():
        pass
    for path, value in (changes or {}).items():
        trainer.change(path, value)
    for event in trainer.run(last_step - trainer.step):
        if isinstance(event, Diverged):
            raise StudioError(
                msg("Training diverged at step {step:,}.", step=event.step),
                msg("Lower the learning rate."),
            )
    if trainer.unsaved:
        trainer.save("finished" if trainer.finished else "paused")


# What each demo is measured by


def measure(subject: Subject) -> list[Measured]:
    """Every figure of a demo."""
    return list(MEASURES[subject.demo.name](subject))


def _ring(subject: Subject) -> Iterator[Measured]:
    trained = subject.trained
    means, sigma = centres(trained.experiment)
    made = trained.points(POINTS)
    yield Measured(
        "modes", "Spots found, of 8, by the plain GAN", Modes.count(made, means, sigma).found
    )
    nearest = np.linalg.norm(made[:, None] - means[None], axis=2).argmin(1)
    shares = np.bincount(nearest, minlength=len(means)) / len(made)
    yield Measured(
        "near", "Spots that at least 2 % of its samples are nearest to", int((shares >= 0.02).sum())
    )
    real = np.asarray(trained.data.to_display(trained.data.train[:400]), np.float32)
    subject.card |= {"real": real, "made": made[:300].astype(np.float32)}
    if subject.quick:
        return
    for name, what, edit in zip(
        ("packed", "equal"),
        ("packing 2", "equal learning rates"),
        _cures(subject.demo),
        strict=True,
    ):
        cured = quality.train(trained.experiment.with_options(edit.changes))
        made = cured.points(POINTS)
        modes = Modes.count(made, means, sigma)
        yield Measured(
            f"{name}-modes", f"Spots found, of 8, cured by {what}", modes.found, retrained=True
        )
        yield Measured(
            f"{name}-on",
            f"Samples on a spot, cured by {what}",
            modes.high_quality,
            "share",
            retrained=True,
            ceiling=1.0,
        )
        if name == "packed":
            subject.card["cured"] = made[:300].astype(np.float32)


def _cures(demo: Demo) -> list[Edit]:
    """The changes of the recipe that a click makes."""
    return [step.show for step in demo.steps if isinstance(step.show, Edit)]


def _mixer(subject: Subject) -> Iterator[Measured]:
    trained, judge = subject.trained, _judge(8)
    yield _error(trained, "ae-mse", "Held-out error at the autoencoder’s end")
    yield _fid(trained, judge, "ae-fid", "Fréchet distance of samples there")
    subject.card["rebuilt"] = _shown(trained, trained.rebuilt(trained.data.held_out[:24]))
    if subject.quick:
        return
    marks = {model.name: model for model in trained.experiment.method.morph}
    for step in subject.demo.steps:
        if not isinstance(step.show, GlideTo) or step.show.mark not in ("aegan", "gan"):
            continue
        mark = marks[step.show.mark]
        after = go_on(subject.run, mark.edits, GLIDED)
        fid = _fid(
            after,
            judge,
            f"{mark.name}-fid",
            f"Fréchet distance of samples, {GLIDED:,} steps after {mark.label}",
        )
        yield _again(fid)
        what = f"Held-out error, {GLIDED:,} steps after {mark.label}"
        yield _again(_error(after, f"{mark.name}-mse", what))
        if mark.name == "aegan":
            subject.card["samples"] = _shown(after, after.samples(24))


def _again(measured: Measured) -> Measured:
    return Measured(measured.name, measured.what, measured.value, measured.unit, retrained=True)


def _map(subject: Subject) -> Iterator[Measured]:
    trained, judge = subject.trained, _judge(8)
    yield Measured("bound", "Bound on held-out digits", trained.measured["bound"][-1], "nats")
    yield _error(trained, "mse", "Held-out error")
    yield _readable(trained, judge)
    data = trained.data
    codes = trained.model.encode(data.train).numpy()
    centred = codes - codes.mean(0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    assert data.train_labels is not None
    subject.card |= {
        "codes": (centred @ axes.T)[:900].astype(np.float32),
        "labels": data.train_labels.numpy()[:900].astype(np.uint8),
    }


def _walk(subject: Subject) -> Iterator[Measured]:
    trained, judge = subject.trained, _judge(8)
    data = trained.data
    yield _error(trained, "mse", "Held-out error")
    yield _fid(trained, judge, "fid", "Fréchet distance of samples")
    codes = [trained.model.encode(part).numpy() for part in (data.train, data.held_out)]
    assert data.train_labels is not None
    assert data.held_out_labels is not None
    labels = data.train_labels.numpy(), data.held_out_labels.numpy()
    found = nearest_probe(codes[0], labels[0], codes[1], labels[1])
    yield Measured("neighbour", "Digits named by their nearest code", found, "share", ceiling=1.0)
    stops = [codes[0][labels[0] == digit].mean(0) for digit in (4, 7, 1, 2)]
    way = np.concatenate([np.linspace(a, b, 3, endpoint=False) for a, b in pairwise(stops)])
    made = trained.model.generate(torch.from_numpy(np.append(way, stops[-1:], 0)).float())
    subject.card["frames"] = _shown(trained, made)


def _classes(subject: Subject) -> Iterator[Measured]:
    trained, judge = subject.trained, _judge(8)
    codes = trained.codes(judge.count)
    pictures = unit_units(trained.data)(trained.model.generate(codes)).clamp(0, 1)
    asked = classes_asked(trained, codes)
    assert asked is not None
    share = obeyed(asked, judge.readers.labels(pictures), 10)
    yield Measured("obeyed", "Digits read as the one asked for", share, "share", ceiling=1.0)
    yield _fid(trained, judge, "fid", "Fréchet distance of samples")
    experiment = trained.experiment
    styles = codes[:STYLES].numpy()
    every = [meanings.of_class(experiment, styles, name) for name in trained.data.info.classes]
    grid = torch.from_numpy(np.stack(every, axis=1).reshape(-1, styles.shape[1]))
    subject.card["pictures"] = _shown(trained, trained.model.generate(grid))


def _photos(subject: Subject) -> Iterator[Measured]:
    trained = subject.trained
    data = trained.data
    space = CodeSpace.of(trained.model.method, data.train)
    clean = data.held_out[:PATCHES].numpy()
    noisy = grainy(clean, data)
    restored = last(restoring.denoising(space, noisy, steps=RESTORING, starts=1)).items
    gain = 10 * np.log10(_mse(noisy, clean) / _mse(restored, clean))
    yield Measured("gain", "Denoised: nearer to the original by", float(gain), "dB")
    known = holed(clean.shape[-1])
    filled = last(restoring.inpainting(space, clean, known, steps=RESTORING, starts=2)).items
    hole = np.broadcast_to(known == 0, clean.shape)
    mean = (clean * known).sum((2, 3), keepdims=True) / known.sum()
    error = _mse(filled[hole], clean[hole])
    filler = _mse(np.broadcast_to(mean, clean.shape)[hole], clean[hole])
    yield Measured("filled", "Error in a filled hole, of that of the mean colour", error / filler)
    yield _error(trained, "mse", "Held-out error")
    chosen = _varied(clean)
    cut = np.where(known > 0, clean, sum(_range(data)) / 2).astype(np.float32)
    subject.card |= {
        name: _screen(data, items[chosen])
        for name, items in (
            ("noisy", noisy),
            ("denoised", restored),
            ("cut", cut),
            ("filled", filled),
        )
    }


def grainy(clean: np.ndarray[Any, Any], data: DataStore) -> np.ndarray[Any, Any]:
    """Scaled items with normal grain of :data:`NOISE`, the same each time."""
    low, high = _range(data)
    noise = np.random.default_rng(0).normal(0, NOISE * (high - low), clean.shape)
    made: np.ndarray[Any, Any] = np.clip(clean + noise, low, high).astype(np.float32)
    return made


def _range(data: DataStore) -> tuple[float, float]:
    """The ends of scaled values of pictures."""
    low, high = data.info.low, data.info.high
    assert low is not None
    assert high is not None
    return low, high


def holed(side: int) -> np.ndarray[Any, Any]:
    """Which pixels are known, (1, 1, side, side): all but a square in the midst."""
    known = np.ones((1, 1, side, side), np.float32)
    edge = round(side * (1 - HOLE) / 2)
    known[..., edge : side - edge, edge : side - edge] = 0
    return known


def _varied(clean: np.ndarray[Any, Any]) -> list[int]:
    """The patches with most to see, those of the two photographs by turns."""
    contrast = clean.std(axis=(2, 3)).mean(axis=1)
    sides = [[i for i in np.argsort(-contrast) if i % 2 == half][:6] for half in (0, 1)]
    return [int(index) for pair in zip(*sides, strict=True) for index in pair]


def _error(trained: Trained, name: str, what: str) -> Measured:
    data, unit = trained.data, unit_units(trained.data)
    rebuilt = trained.rebuilt(data.held_out)
    return Measured(name, what, quality.squared_error(unit(data.held_out), unit(rebuilt)))


def _fid(trained: Trained, judge: Judge, name: str, what: str) -> Measured:
    made = unit_units(trained.data)(trained.samples(judge.count)).clamp(0, 1).nan_to_num(0)
    return Measured(name, what, judge.of_pictures(made)["fid"])


def _readable(trained: Trained, judge: Judge) -> Measured:
    rebuilt = unit_units(trained.data)(trained.rebuilt(trained.data.held_out)).clamp(0, 1)
    right = judge.readers.right(rebuilt, trained.data.held_out_labels)
    return Measured("read", "Rebuilt digits read rightly", right, "share", ceiling=1.0)


@cache
def _judge(side: int) -> Judge:
    return Judge.of(side)


def _mse(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> float:
    return float(np.square(a.astype(np.float64) - b).mean())


def _shown(trained: Trained, items: torch.Tensor) -> np.ndarray[Any, Any]:
    return np.ascontiguousarray(trained.data.to_screen(items))


def _screen(data: DataStore, items: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.ascontiguousarray(data.to_screen(np.ascontiguousarray(items)))


MEASURES: Mapping[str, Callable[[Subject], Iterator[Measured]]] = {
    "ring-collapse": _ring,
    "mixer": _mixer,
    "digit-map": _map,
    "digit-walk": _walk,
    "digits-on-demand": _classes,
    "photo-repair": _photos,
}
"""By the demo's name."""
