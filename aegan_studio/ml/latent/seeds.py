"""Between random codes: blends of seeds on a grid, a walk that stays near, and truncation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from aegan_studio.experiment.parts import CodePart
from aegan_studio.ml.latent.directions import truncated
from aegan_studio.ml.latent.geometry import Floats, lerp, slerp

_FLATTEST = 1e-6
"""The least variance of a direction, as a share of the largest: flat codes can be blended too."""


def corners_of(x: float, y: float) -> tuple[tuple[int, int], ...]:
    """The four points (column, row) about a place: lower left, right, upper left, right."""
    left, low = int(np.floor(x)), int(np.floor(y))
    return (left, low), (left + 1, low), (left, low + 1), (left + 1, low + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Where the random codes of a model lie, so that what is between them is as likely.

    Attributes
    ----------
    parts : tuple of CodePart
        What the values of a code are, in order.
    mean, spread : ndarray, shape (d,)
        Of random codes, value by value.
    roots : tuple of (ndarray, ndarray) or None, one a part
        For "learned" parts the root of the covariance (k, k) and its inverse.
    """

    parts: tuple[CodePart, ...]
    mean: Floats
    spread: Floats
    roots: tuple[tuple[Floats, Floats] | None, ...]

    @classmethod
    def of(cls, parts: Sequence[CodePart], codes: npt.ArrayLike) -> Self:
        """From random codes (n, d) of a model; parts with a prior take mean and spread from it.

        Raises
        ------
        ValueError
            The parts and the codes are not of one size.
        """
        points = np.asarray(codes, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != sum(part.size for part in parts):
            raise ValueError(f"parts {[p.size for p in parts]} do not fit codes {points.shape}")
        mean, spread = points.mean(axis=0), points.std(axis=0)
        roots: list[tuple[Floats, Floats] | None] = []
        for where, part in _placed(parts):
            roots.append(_roots(points[:, where]) if part.kind == "learned" else None)
            if part.kind == "normal":
                mean[where], spread[where] = 0.0, 1.0
            elif part.kind == "uniform":
                mean[where], spread[where] = 0.0, 1.0 / np.sqrt(3.0)
        return cls(tuple(parts), mean, spread, tuple(roots))

    def blend(self, corners: npt.ArrayLike, x: float, y: float) -> Floats:
        """The code between four, (d,).

        Parameters
        ----------
        corners : array_like, shape (4, d)
            In the order of :func:`corners_of`; each is met exactly at its corner.
        x, y : float
            The place in the cell, 0–1 to the right and up.

        Notes
        -----
        "normal" parts turn along arcs, first to the right, then up: codes of a normal prior have
        lengths near √d, which straight lines cut short. "learned" parts do so where their
        covariance is a sphere. "uniform" and "class" parts go straight.
        """
        four = np.asarray(corners, dtype=np.float64)
        made = np.empty(four.shape[1])
        for (where, part), roots in zip(_placed(self.parts), self.roots, strict=True):
            own = four[:, where]
            if part.kind == "normal":
                made[where] = _patch(own, x, y)
            elif roots is not None:
                root, inverse = roots
                centre = self.mean[where]
                made[where] = centre + _patch((own - centre) @ inverse, x, y) @ root
            else:
                made[where] = lerp(lerp(own[0], own[1], x), lerp(own[2], own[3], x), y)
        for corner, at in zip(four, ((0, 0), (1, 0), (0, 1), (1, 1)), strict=True):
            if (x, y) == at:
                return np.array(corner)
        return made

    def truncated(self, code: npt.ArrayLike, psi: float) -> Floats:
        """A code (d,) drawn towards the mean, ``mean + ψ (z − mean)``; classes stay."""
        made = truncated(code, psi, self.mean)
        for where, part in _placed(self.parts):
            if part.kind == "class":
                made[where] = np.asarray(code, dtype=np.float64)[where]
        return made

    def jitter(self, seed: int) -> Jitter:
        """A walk about a code, of one spread; classes stay."""
        amplitude = self.spread.copy()
        for where, part in _placed(self.parts):
            if part.kind == "class":
                amplitude[where] = 0.0
        return Jitter(amplitude, seed)


class Jitter:
    """A smooth random walk about 0 that comes back: it neither drifts away nor dies out.

    Each value is a Gaussian process with the Matérn covariance of smoothness 3/2,
    ``a² (1 + λτ) e^(−λτ)``: a critically damped spring shaken by white noise. Steps are exact, so
    however often the screen is drawn, values have standard deviation ``a`` at every moment
    (Hartikainen and Särkkä 2010, doi 10.1109/MLSP.2010.5589113).

    Parameters
    ----------
    amplitude : array_like, shape (d,)
        Standard deviation of each value.
    seed : int
        The same seed walks the same way.
    pace : float
        Turns a second: ``λ``. Higher is more nervous.
    """

    def __init__(self, amplitude: npt.ArrayLike, seed: int, pace: float = 2.0) -> None:
        self.amplitude = np.asarray(amplitude, dtype=np.float64)
        self.pace = pace
        self._rng = np.random.default_rng(seed)
        # place and speed of every value, in units of its amplitude; both begin as they stay
        self._state = self._rng.standard_normal((2, self.amplitude.size))
        self._state[1] *= pace

    @property
    def offset(self) -> Floats:
        """Where the walk is, (d,)."""
        here: Floats = self.amplitude * self._state[0]
        return here

    def step(self, seconds: float) -> Floats:
        """Walk on for some time; the new :attr:`offset`, (d,)."""
        turn, noise = _transition(self.pace, max(seconds, 0.0))
        shaken = noise @ self._rng.standard_normal(self._state.shape)
        self._state = turn @ self._state + shaken
        return self.offset


def _transition(pace: float, seconds: float) -> tuple[Floats, Floats]:
    """How place and speed (2, d) go on, and the root (2, 2) of what chance adds."""
    turned, fading = pace * seconds, np.exp(-pace * seconds)
    turn = fading * np.array([[1.0 + turned, seconds], [-pace * turned, 1.0 - turned]])
    still = np.diag([1.0, pace**2])
    values, vectors = np.linalg.eigh(still - turn @ still @ turn.T)
    return turn, vectors * np.sqrt(np.maximum(values, 0.0))


def _patch(corners: Floats, x: float, y: float) -> Floats:
    """Between four points (4, k) on arcs about the origin."""
    return slerp(slerp(corners[0], corners[1], x), slerp(corners[2], corners[3], x), y)


def _placed(parts: Sequence[CodePart]) -> list[tuple[slice, CodePart]]:
    found, start = [], 0
    for part in parts:
        found.append((slice(start, start + part.size), part))
        start += part.size
    return found


def _roots(points: Floats) -> tuple[Floats, Floats]:
    """The root of the covariance of points (n, k), and its inverse; none is quite flat."""
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(points.T, bias=True)))
    sizes = np.sqrt(np.maximum(values, max(float(values[-1]) * _FLATTEST, 1e-12)))
    return (vectors * sizes) @ vectors.T, (vectors / sizes) @ vectors.T
