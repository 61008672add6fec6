"""Paths between codes: straight lines, arcs, and walks along several stops."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Interpolation = Literal["linear", "spherical"]
INTERPOLATIONS: tuple[Interpolation, ...] = get_args(Interpolation)

_PARALLEL = 1e-9
"""Sine of the angle below which two directions span no plane in float64."""


def lerp(a: npt.ArrayLike, b: npt.ArrayLike, t: npt.ArrayLike) -> Floats:
    """The points ``(1 − t) a + t b`` of the straight line through two codes.

    Parameters
    ----------
    a, b : array_like, shape (d,)
        The codes at ``t = 0`` and ``t = 1``; met exactly.
    t : array_like, shape () or (n,)
        Places on the line; values outside [0, 1] go on beyond the ends.

    Returns
    -------
    ndarray, shape (d,) or (n, d)
    """
    start, end, place = _checked(a, b, t)
    return (1.0 - place)[..., None] * start + place[..., None] * end


def slerp(a: npt.ArrayLike, b: npt.ArrayLike, t: npt.ArrayLike) -> Floats:
    """The points of the arc from one code to another about the origin.

    The direction turns evenly along the great circle (Shoemake 1985) while the length goes
    evenly from ``|a|`` to ``|b|``, so between codes of equal length the length stays. That is
    where codes of a normal prior live: in d dimensions at about ``√d`` from the origin, while the
    middle of a straight line falls short of it (White, arXiv 1609.04468).

    Opposite directions leave the great circle open; then one is chosen, always the same for the
    same ``a``. Where a code is the origin or there is only one dimension, there is no arc: the
    straight line serves. Shapes as in :func:`lerp`.
    """
    start, end, place = _checked(a, b, t)
    long_start, long_end = float(np.linalg.norm(start)), float(np.linalg.norm(end))
    if start.size < 2 or long_start == 0.0 or long_end == 0.0:
        return lerp(start, end, place)
    u, v = start / long_start, end / long_end
    along = float(u @ v)
    across = v - along * u
    across -= float(across @ u) * u  # once more: rounding leaves a rest along u
    sine = float(np.linalg.norm(across))
    if sine < _PARALLEL:
        if along > 0.0:
            return lerp(start, end, place)
        across, sine = _perpendicular(u), 1.0
        angle = np.pi
    else:
        # not arccos: it loses half the digits where the directions nearly agree or oppose
        angle = float(np.arctan2(sine, along))
    turn = place * angle
    direction = np.cos(turn)[..., None] * u + np.sin(turn)[..., None] * (across / sine)
    length = (1.0 - place) * long_start + place * long_end
    path = length[..., None] * direction
    path[place == 0.0] = start
    path[place == 1.0] = end
    return path


def between(
    a: npt.ArrayLike, b: npt.ArrayLike, t: npt.ArrayLike, kind: Interpolation = "linear"
) -> Floats:
    """:func:`lerp` or :func:`slerp`, by name."""
    return lerp(a, b, t) if kind == "linear" else slerp(a, b, t)


def walk(stops: npt.ArrayLike, frames: int, kind: Interpolation = "linear") -> Floats:
    """Codes along a path through stops, the same number of frames for each leg up to rounding.

    Parameters
    ----------
    stops : array_like, shape (k, d)
        At least two codes; the walk begins at the first and ends at the last, exactly.
    frames : int
        How many codes to return, at least 2.
    kind : {"linear", "spherical"}
        How each leg goes.

    Returns
    -------
    ndarray, shape (frames, d)
    """
    places = np.asarray(stops, dtype=np.float64)
    if places.ndim != 2 or len(places) < 2:
        raise ValueError(f"a walk needs stops of shape (k ≥ 2, d), not {places.shape}")
    if frames < 2:
        raise ValueError(f"a walk needs at least 2 frames, not {frames}")
    legs = len(places) - 1
    time = np.linspace(0.0, legs, frames)
    leg = np.minimum(time.astype(np.int64), legs - 1)
    path = np.empty((frames, places.shape[1]))
    for index in range(legs):
        here = leg == index
        path[here] = between(places[index], places[index + 1], time[here] - index, kind)
    return path


def _perpendicular(u: Floats) -> Floats:
    """A unit vector at a right angle to the unit vector ``u``: its smallest part's axis, bent."""
    axis = np.zeros_like(u)
    axis[int(np.argmin(np.abs(u)))] = 1.0
    axis -= float(axis @ u) * u
    unit: Floats = axis / np.linalg.norm(axis)
    return unit


def _checked(
    a: npt.ArrayLike, b: npt.ArrayLike, t: npt.ArrayLike
) -> tuple[Floats, Floats, npt.NDArray[Any]]:
    start, end = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if start.ndim != 1 or start.shape != end.shape:
        raise ValueError(f"two codes of shape (d,) are needed, not {start.shape} and {end.shape}")
    return start, end, np.asarray(t, dtype=np.float64)
