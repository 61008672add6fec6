"""What each recipe promises, and how it is measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch

from aegan_studio.bench import quality
from aegan_studio.bench.quality import DigitReaders, Trained
from aegan_studio.messages import Message, msg
from aegan_studio.ml.metrics.modes import Modes


@dataclass(frozen=True, slots=True)
class Finding:
    """One measured number.

    ``target`` is the bound it should keep in the direction of ``sense``, ``None`` where the
    number is only told. ``beside`` says what to hold it against.
    """

    what: Message
    value: float
    style: Literal["share", "error", "plain", "seconds"] = "plain"
    target: float | None = None
    sense: Literal["≥", "≤"] = "≥"
    beside: Message | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; ``None`` without one."""
        if self.target is None:
            return None
        return self.value >= self.target if self.sense == "≥" else self.value <= self.target

    def to_plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "what": str(self.what),
            "value": float(f"{self.value:.6g}"),
            "target": self.target,
            "sense": self.sense,
            "met": self.met,
            "beside": None if self.beside is None else str(self.beside),
        }


HELD_OUT_ERROR = msg("Squared error a value, held out")
TRAINING_ERROR = msg("Squared error a value, training")

Measure = Callable[[Trained], Iterator[Finding]]


def share(value: float) -> str:
    """A share of 1 in per cent."""
    return f"{100 * value:.1f} %"


def error(value: float) -> str:
    """Five places."""
    return f"{value:z.5f}"


@dataclass(frozen=True, slots=True)
class Case:
    """A recipe, what is measured of it, and the processor time it may take."""

    recipe: str
    measure: Measure
    limit: float
    variants: tuple[Mapping[str, Any], ...] = ({},)
    """Changes of its options; the recipe as it is by default."""


def _rebuilding(trained: Trained) -> Iterator[Finding]:
    """Errors of an autoencoder beside those of principal components with as many numbers."""
    data, k = trained.data, trained.model.method.code_dim
    for what, part in ((HELD_OUT_ERROR, data.held_out), (TRAINING_ERROR, data.train)):
        best = quality.principal_components(data.train, part, k)
        yield Finding(
            what,
            quality.squared_error(part, trained.rebuilt(part)),
            "error",
            beside=msg("{count} principal components: {error}", count=k, error=error(best)),
        )


def _linear(trained: Trained) -> Iterator[Finding]:
    train, k = trained.data.train, trained.model.method.code_dim
    best = quality.principal_components(train, train, k)
    yield Finding(
        TRAINING_ERROR,
        quality.squared_error(train, trained.rebuilt(train)),
        "error",
        1.02 * best,
        "≤",
        msg("{count} principal components: {error}", count=k, error=error(best)),
    )


BELOW = {2: 0.0340, 8: 0.0155}
"""Held-out errors that a nonlinear autoencoder of digits must beat, by code size."""


def _digits_autoencoder(trained: Trained) -> Iterator[Finding]:
    bound = BELOW[trained.model.method.code_dim]
    for finding in _rebuilding(trained):
        ordered = trained.experiment.dataset.split == "ordered"
        if ordered and finding.what is HELD_OUT_ERROR:
            yield Finding(finding.what, finding.value, "error", bound, "≤", finding.beside)
        else:
            yield finding
    if trained.experiment.dataset.split == "random":
        yield from _readable(trained)


def _readable(trained: Trained) -> Iterator[Finding]:
    """Whether rebuilt held-out digits are still the digits they were."""
    data = trained.data
    readers = DigitReaders.learn(data)
    beside = msg("the originals: {share}", share=share(readers.accuracy))
    moments = [(msg("Rebuilt digits read rightly"), trained.model, 0.9)]
    if trained.early is not None:
        early = msg("… after {seconds:g} s of training", seconds=quality.EARLY)
        moments.append((early, trained.early, 0.8))
    for what, model, target in moments:
        rebuilt = model.generate(model.encode(data.held_out))
        right = readers.right(rebuilt, data.held_out_labels)
        yield Finding(what, right, "share", target, "≥", beside)


def _article_autoencoder(trained: Trained) -> Iterator[Finding]:
    yield from _rebuilding(trained)
    yield from _readable(trained)


def _written_digits(trained: Trained) -> Iterator[Finding]:
    """Whether generated digits can be read, are all there, and are no copies."""
    data = trained.data
    readers = DigitReaders.learn(data)
    samples = trained.samples()
    reading = readers.read(samples)
    real = readers.real
    yield Finding(
        msg("Recognised by both readers"),
        reading.recognised,
        "share",
        0.7,
        "≥",
        msg("real digits: {share}", share=share(real.recognised)),
    )
    counts = ", ".join(f"{digit}: {share:.1%}" for digit, share in enumerate(reading.shares))
    yield Finding(
        msg("Rarest digit"), float(reading.shares.min()), "share", 0.02, "≥", Message(counts)
    )
    yield Finding(
        msg("Confidence of the first reader"),
        reading.confidence,
        "share",
        beside=msg(
            "real digits: {share}, {right} of them read rightly",
            share=share(real.confidence),
            right=share(readers.accuracy),
        ),
    )
    ratio = quality.nearest(samples, data.train).mean()
    yield Finding(
        msg("Distance to the nearest training picture"),
        float(ratio / quality.nearest(data.held_out, data.train).mean()),
        beside=msg("held-out pictures: 1; copies: 0"),
    )


def _digits_vae(trained: Trained) -> Iterator[Finding]:
    bound = trained.measured["bound"]
    yield Finding(
        msg("Bound at the end, held out, in nats"),
        bound[-1],
        "plain",
        bound[0],
        "≤",
        msg("at the first measurement: {bound}", bound=f"{bound[0]:.1f}"),
    )
    yield from _written_digits(trained)


def _photo_autoencoder(trained: Trained) -> Iterator[Finding]:
    data = trained.data
    variance = float(data.held_out.double().var(correction=0))
    for finding in _rebuilding(trained):
        yield finding
        if finding.what is HELD_OUT_ERROR:
            kept = 1 - finding.value / variance
            yield Finding(msg("Variance kept, held out"), kept, "share", 0.8, "≥")


def _moons(trained: Trained) -> Iterator[Finding]:
    """Samples on the moons, along all of them, and as a distribution."""
    points, sigma = trained.points(), trained.experiment.get("dataset.noise")
    angles = np.linspace(0, np.pi, 200)
    upper = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    lower = np.stack([1 - np.cos(angles), 0.5 - np.sin(angles)], axis=1)
    distances = np.linalg.norm(points[:, None] - np.concatenate([upper, lower])[None], axis=2)
    on = distances.min(axis=1) < 3 * sigma
    yield Finding(msg("Samples on the moons"), float(on.mean()), "share", 0.9, "≥")
    stretches = np.bincount(distances.argmin(axis=1)[on] // 20, minlength=20) / len(points)
    yield Finding(
        msg("Rarest of twenty stretches of the moons"),
        float(stretches.min()),
        "share",
        0.01,
        "≥",
        msg("evenly: 5 %"),
    )
    data = trained.data
    real = [
        np.asarray(data.to_display(part[: quality.SAMPLES]), np.float64)
        for part in (data.train, data.held_out)
    ]
    yield Finding(
        msg("Energy distance to held-out points"),
        quality.energy_distance(points, real[1]),
        "error",
        0.005,
        "≤",
        msg("training points: {distance}", distance=error(quality.energy_distance(*real))),
    )


def _ring(trained: Trained) -> Iterator[Finding]:
    yield from _on_ring(trained, 0.8)


def _on_ring(trained: Trained, target: float) -> Iterator[Finding]:
    get = trained.experiment.get
    angles = 2 * np.pi * np.arange(get("dataset.modes")) / get("dataset.modes")
    centres = get("dataset.radius") * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    yield from _modes(trained, centres, get("dataset.sigma"), target)


def _grid(trained: Trained) -> Iterator[Finding]:
    get = trained.experiment.get
    side = get("dataset.per_side")
    places = get("dataset.spacing") * (np.arange(side) - (side - 1) / 2)
    centres = np.stack(np.meshgrid(places, places), axis=-1).reshape(-1, 2)
    yield from _modes(trained, centres, get("dataset.sigma"), 0.88)


def _blurred_ring(trained: Trained) -> Iterator[Finding]:
    """Of VEEGAN, which leaves bridges between the blobs: its paper reports 52.9 % on them."""
    yield from _on_ring(trained, 0.4)


def _two_blobs(trained: Trained) -> Iterator[Finding]:
    get = trained.experiment.get
    centres = get("dataset.distance") * np.array([[-0.5, 0.0], [0.5, 0.0]])
    yield from _modes(trained, centres, get("dataset.sigma"), 0.8)


def _modes(
    trained: Trained, centres: quality.Floats, sigma: float, target: float
) -> Iterator[Finding]:
    modes = Modes.count(trained.points(), centres, sigma)
    count = len(centres)
    yield Finding(msg("Blobs found"), modes.found, "plain", count, "≥")
    yield Finding(
        msg("Samples on a blob"),
        modes.high_quality,
        "share",
        target,
        "≥",
        msg("an exact sampler: 98.9 %"),
    )
    yield Finding(
        msg("Rarest blob"),
        modes.smallest,
        "share",
        0.4 / count,
        "≥",
        msg("evenly: {share}", share=share(1 / count)),
    )


def _textures(trained: Trained) -> Iterator[Finding]:
    """Whether generated patches vary as the photographs do, at every scale."""
    real, made = trained.data.train[: quality.SAMPLES], trained.samples()
    ratio = 10 * np.log10(quality.spectrum(made) / quality.spectrum(real))
    yield Finding(
        msg("Power by spatial frequency, mean deviation in dB"),
        float(np.abs(ratio).mean()),
        "plain",
        3.0,
        "≤",
    )
    yield Finding(
        msg("Distance of neighbouring samples"),
        float(_apart(made) / _apart(real)),
        "plain",
        0.7,
        "≥",
        msg("training pictures: 1; collapsed: 0"),
    )


def _apart(x: torch.Tensor) -> float:
    """The mean distance of each item to the next."""
    return float((x[1:] - x[:-1]).flatten(1).norm(dim=1).mean())


ORDERED = {"dataset.split": "ordered"}

CASES = (
    Case(
        "digits-linear-autoencoder",
        _linear,
        60,
        tuple({"method.latent_dim": k} for k in (2, 8, 16, 32)),
    ),
    Case(
        "digits-autoencoder",
        _digits_autoencoder,
        60,
        ({}, {**ORDERED, "method.latent_dim": 2}, {**ORDERED, "method.latent_dim": 8}),
    ),
    Case("digits-vae", _digits_vae, 60),
    Case("digits-gan", _written_digits, 120),
    Case("article-autoencoder", _article_autoencoder, 180),
    Case("article-gan", _written_digits, 180),
    Case("moons-vae", _moons, 90),
    Case("ring-gan", _ring, 90),
    Case("ring-ali", _ring, 120),
    Case("ring-veegan", _blurred_ring, 120),
    Case("grid-gan", _grid, 240),
    Case("gan-lab", _two_blobs, 90),
    Case("photo-autoencoder", _photo_autoencoder, 180),
    Case("photo-gan", _textures, 240),
)
