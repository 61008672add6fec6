"""Points in the plane, made by code."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aegan_studio.catalog.datasets import points as options_of
from aegan_studio.ml.data.raw import RawData

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

DRAW = 3
"""Names the random stream of the points."""


def chance(seed: int) -> np.random.Generator:
    """The random stream of the points of an experiment."""
    return np.random.default_rng([seed, DRAW])


def _legacy_seed(seed: int) -> int:
    """A seed for scikit-learn's generators, which take 32 bits."""
    return int(np.random.SeedSequence([seed, DRAW]).generate_state(1)[0])


def _raw(points: Floats, labels: Labels | None = None) -> RawData:
    return RawData(points.astype(np.float32), None if labels is None else labels.astype(np.int64))


def _gaussians(means: Floats, sigma: float, count: int, seed: int) -> RawData:
    """A mixture with equal weights; the label is the component's number."""
    rng = chance(seed)
    labels = rng.integers(len(means), size=count)
    return _raw(means[labels] + sigma * rng.standard_normal((count, 2)), labels)


def _directions(angles: Floats) -> Floats:
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1)


def ring(options: options_of.Ring, seed: int) -> RawData:
    """Gaussians of spread σ with means r (cos 2πi/m, sin 2πi/m); the label is i."""
    return _gaussians(options.centres(), options.sigma, options.count, seed)


def grid(options: options_of.Grid, seed: int) -> RawData:
    """Gaussians of spread σ on a square grid about the origin, labelled row by row from below."""
    return _gaussians(options.centres(), options.sigma, options.count, seed)


def circle(options: options_of.Circle, seed: int) -> RawData:
    """Uniform along the unit circle, with round Gaussian noise."""
    rng = chance(seed)
    points = _directions(2 * np.pi * rng.random(options.count))
    return _raw(points + options.noise * rng.standard_normal(points.shape))


def moons(options: options_of.Moons, seed: int) -> RawData:
    """scikit-learn's half circles of radius 1; label 0 is the upper one."""
    from sklearn.datasets import make_moons  # takes seconds, and most points need none of it

    points, labels = make_moons(options.count, noise=options.noise, random_state=_legacy_seed(seed))
    return _raw(points, labels)


def swiss_roll(options: options_of.SwissRoll, seed: int) -> RawData:
    """scikit-learn's roll seen from its side: the points t (cos t, sin t), t in [1.5π, 4.5π]."""
    from sklearn.datasets import make_swiss_roll

    points, _ = make_swiss_roll(options.count, noise=options.noise, random_state=_legacy_seed(seed))
    return _raw(points[:, [0, 2]])


def spiral(options: options_of.Spiral, seed: int) -> RawData:
    """Archimedean arms from the origin to radius 1, evenly filled along; the label is the arm."""
    rng = chance(seed)
    labels = rng.integers(options.arms, size=options.count)
    # An arm's length grows about as the square of its radius.
    radius = np.sqrt(rng.random(options.count))
    angles = 2 * np.pi * (options.turns * radius + labels / options.arms)
    points = radius[:, None] * _directions(angles)
    return _raw(points + options.noise * rng.standard_normal(points.shape), labels)


def checkerboard(options: options_of.Checkerboard, seed: int) -> RawData:
    """Uniform on the dark unit squares of a board about the origin, the lower left one dark."""
    rng = chance(seed)
    row, column = np.indices((options.squares, options.squares)).reshape(2, -1)
    dark = np.stack([column, row], axis=1)[(row + column) % 2 == 0]
    corners = dark[rng.integers(len(dark), size=options.count)]
    return _raw(corners + rng.random((options.count, 2)) - options.squares / 2)


def line(options: options_of.Line, seed: int) -> RawData:
    """Uniform on the segment of length 2 about the origin, with round Gaussian noise."""
    rng = chance(seed)
    direction = _directions(np.array([np.deg2rad(options.angle)]))
    places = rng.uniform(-1, 1, (options.count, 1)) * direction
    return _raw(places + options.noise * rng.standard_normal(places.shape))


def blobs(options: options_of.Blobs, seed: int) -> RawData:
    """Two Gaussians of spread σ beside the origin; label 0 is the left one."""
    return _gaussians(options.centres(), options.sigma, options.count, seed)


def enclosed(options: options_of.Enclosed, seed: int) -> RawData:
    """Uniform on a disc of radius ½ and on the ring of radii ¾ to 1 around it; label 0 is within.

    Both have as many points, as TensorFlow Playground has them.
    """
    rng = chance(seed)
    labels = rng.integers(2, size=options.count)
    low, high = np.array([0.0, 0.75])[labels], np.array([0.5, 1.0])[labels]
    # areas grow as the square of the radius
    radius = np.sqrt(low**2 + rng.random(options.count) * (high**2 - low**2))
    points = radius[:, None] * _directions(2 * np.pi * rng.random(options.count))
    return _raw(points + options.noise * rng.standard_normal(points.shape), labels)


def xor(options: options_of.Xor, seed: int) -> RawData:
    """Uniform on the unit squares of the four quadrants; label 0 where both signs are alike."""
    rng = chance(seed)
    signs = rng.integers(2, size=(options.count, 2)) * 2 - 1
    points = signs * (options.gap / 2 + rng.random((options.count, 2)))
    labels = (signs[:, 0] != signs[:, 1]).astype(np.int64)
    return _raw(points + options.noise * rng.standard_normal(points.shape), labels)
