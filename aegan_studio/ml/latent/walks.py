"""Walks through several codes, and grids of codes: what films and contact sheets are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from aegan_studio.experiment import Experiment
from aegan_studio.ml.latent.geometry import Floats, between
from aegan_studio.ml.latent.splines import flat_spline, spherical_spline

WalkKind = Literal["linear", "spherical", "spline", "spherical-spline"]
WALK_KINDS: tuple[WalkKind, ...] = get_args(WalkKind)

_FINE = 64
"""Pieces of a leg that its length is measured by."""

NORMAL_BOUND = 3.0
"""Standard deviations from the centre of a normal code to its ``low`` and ``high``."""


def along(
    stops: npt.ArrayLike,
    places: npt.ArrayLike,
    kind: WalkKind = "linear",
    *,
    loop: bool = False,
    straight: Sequence[int] = (),
) -> Floats:
    """Codes of the path through stops.

    ``linear`` and ``spherical`` go leg by leg, see :func:`~aegan_studio.ml.latent.geometry.lerp`
    and :func:`~aegan_studio.ml.latent.geometry.slerp`. ``spline`` is the centripetal Catmull–Rom
    spline, which has neither cusps nor loops within a leg (Yuksel, Schaefer and Keyser, 2011).
    ``spherical-spline`` is the same on directions: each leg is a cubic in the tangent space of its
    first stop, laid onto the sphere by the exponential map; lengths follow a monotone cubic, so
    that they never leave the range of those of the leg's two stops. Where a stop is the origin or
    codes have one dimension, there are no directions and the flat spline serves.

    Parameters
    ----------
    stops : array_like, shape (k, d)
        At least two codes; the path meets them exactly.
    places : array_like, shape (n,)
        Where: stop i lies at i. Kept within [0, k − 1], with ``loop`` within [0, k].
    kind : {"linear", "spherical", "spline", "spherical-spline"}
    loop : bool
        Whether another leg leads from the last stop back to the first.
    straight : sequence of int
        Values of a code that go leg by leg on a straight line whatever the kind: the class that a
        conditional model is asked for lies on no sphere and fades over.

    Returns
    -------
    ndarray, shape (n, d)

    Raises
    ------
    ValueError
        Fewer than two stops, or numbers that are not finite.
    """
    codes = _stops(stops)
    if len(straight) and kind != "linear":
        own = np.zeros(codes.shape[1], dtype=np.bool_)
        own[list(straight)] = True
        apart = along(codes, places, "linear", loop=loop)
        if not own.all():
            apart[:, ~own] = along(codes[:, ~own], places, kind, loop=loop)
        return apart
    legs = len(codes) if loop else len(codes) - 1
    at = np.clip(np.asarray(places, dtype=np.float64), 0.0, legs)
    leg = np.minimum(at.astype(np.int64), legs - 1)
    share = at - leg
    if kind in ("linear", "spherical"):
        flat: Literal["linear", "spherical"] = "linear" if kind == "linear" else "spherical"
        path = np.empty((len(at), codes.shape[1]))
        for index in np.unique(leg):
            here = leg == index
            end = codes[(index + 1) % len(codes)]
            path[here] = between(codes[index], end, share[here], flat)
    elif kind == "spline" or codes.shape[1] < 2 or not np.linalg.norm(codes, axis=1).all():
        path = flat_spline(codes, leg, share, loop)
    else:
        path = spherical_spline(codes, at, leg, share, loop)
    exact = share == np.rint(share)  # rounding must not keep a walk from meeting its stops
    path[exact] = codes[np.rint(at[exact]).astype(np.int64) % len(codes)]
    return path


def travel(
    stops: npt.ArrayLike,
    frames: int,
    kind: WalkKind = "linear",
    *,
    loop: bool = False,
    even: bool = True,
    straight: Sequence[int] = (),
) -> Floats:
    """The codes of a film along :func:`along`'s path, shape (frames, d).

    Parameters
    ----------
    stops, kind, straight
        As for :func:`along`.
    frames : int
        How many, at least 2. The first is the first stop; the last is the last stop, with
        ``loop`` the one before coming home, so that a film repeated begins anew without a halt.
    even : bool
        Equal distances from frame to frame, measured along the path; else equally many frames for
        each leg, near or far.
    """
    if frames < 2:
        raise ValueError(f"a walk needs at least 2 frames, not {frames}")
    codes = _stops(stops)
    legs = len(codes) if loop else len(codes) - 1
    places = np.linspace(0.0, legs, frames, endpoint=not loop)
    if even:
        fine = np.linspace(0.0, legs, legs * _FINE + 1)
        measured = along(codes, fine, kind, loop=loop, straight=straight)
        count = frames + 1 if loop else frames
        places = even_places(measured, count)[:frames] / _FINE
    return along(codes, places, kind, loop=loop, straight=straight)


def timed(
    stops: npt.ArrayLike,
    kind: WalkKind = "linear",
    *,
    loop: bool = False,
    even: bool = True,
    straight: Sequence[int] = (),
) -> tuple[Floats, Floats]:
    """A walk as a fine table, to be played at any moment: between rows it goes straight.

    Parameters
    ----------
    stops, kind, loop, even, straight
        As for :func:`travel`.

    Returns
    -------
    (ndarray (m,), ndarray (m, d))
        Times, ascending from 0 to 1, and the codes then; stop i stands in row
        ``i · (m − 1) / legs``. With ``loop`` the last code is the first again.
    """
    codes = _stops(stops)
    legs = len(codes) if loop else len(codes) - 1
    path = along(
        codes, np.linspace(0.0, legs, legs * _FINE + 1), kind, loop=loop, straight=straight
    )
    times = np.linspace(0.0, 1.0, len(path))
    if even:
        run = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))))
        if run[-1] > 0.0:
            times = run / run[-1]
    return times, path


def even_places(points: npt.ArrayLike, count: int) -> Floats:
    """Places on a line through points that are equally far apart along it.

    Of codes for a walk of even pace, of decoded items for one along which the picture changes
    evenly.

    Parameters
    ----------
    points : array_like, shape (n, …)
        At least two, in order.
    count : int
        How many places, at least 2.

    Returns
    -------
    ndarray, shape (count,)
        Ascending from 0 to n − 1; point i lies at i. Evenly from 0 to n − 1 where all points
        are the same.
    """
    rows = np.asarray(points, dtype=np.float64)
    rows = rows.reshape(len(rows), -1)
    if len(rows) < 2 or count < 2:
        raise ValueError(f"two points and two places are needed, not {len(rows)} and {count}")
    run = np.concatenate(([0.0], np.cumsum(np.linalg.norm(np.diff(rows, axis=0), axis=1))))
    last = float(len(rows) - 1)
    if run[-1] <= 0.0:
        return np.linspace(0.0, last, count)
    sought = np.linspace(0.0, run[-1], count)[1:]
    piece = np.searchsorted(run, sought, side="left") - 1  # never one where the line stands still
    share = (sought - run[piece]) / (run[piece + 1] - run[piece])
    places: Floats = np.concatenate(([0.0], piece + share))
    places[-1] = last
    return places


def ping_pong(frames: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Frames (n, …) there and back, (2n − 2, …): neither end is shown twice when repeated."""
    return np.concatenate((frames, frames[-2:0:-1]))


def class_stops(codes: npt.ArrayLike, labels: npt.ArrayLike) -> tuple[Floats, npt.NDArray[Any]]:
    """For each class the code of an item in its midst: that nearest to the mean of the class.

    A mean of codes itself lies nearer to the centre than any code and may decode to a blur.

    Parameters
    ----------
    codes : array_like, shape (n, d)
    labels : array_like, shape (n,)

    Returns
    -------
    (ndarray (k, d), ndarray (k,))
        The codes, and the labels in ascending order.
    """
    points, names = np.asarray(codes, dtype=np.float64), np.asarray(labels)
    found = np.unique(names)
    middle = []
    for label in found:
        own = points[names == label]
        middle.append(own[np.argmin(((own - own.mean(axis=0)) ** 2).sum(axis=1))])
    return np.array(middle), found


def stops_within(codes: npt.ArrayLike, count: int) -> Floats:
    """``count`` codes that lie far from each other, for a walk that sees much of a set.

    The first is nearest to the mean; each next one is the farthest from those before. Pass the
    codes of one class for a walk within it.

    Parameters
    ----------
    codes : array_like, shape (n, d)
        At least ``count``.

    Returns
    -------
    ndarray, shape (count, d)
    """
    points = np.asarray(codes, dtype=np.float64)
    if not 1 <= count <= len(points):
        raise ValueError(f"{count} stops cannot be chosen from {len(points)} codes")
    chosen = [int(np.argmin(((points - points.mean(axis=0)) ** 2).sum(axis=1)))]
    far = np.full(len(points), np.inf)
    while len(chosen) < count:
        far = np.minimum(far, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
        chosen.append(int(np.argmax(far)))
    return points[chosen]


def traversals(
    base: npt.ArrayLike,
    dimensions: Sequence[int],
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    steps: int = 9,
) -> Floats:
    """A row of codes for each dimension: that value goes from low to high, the others stay.

    Parameters
    ----------
    base : array_like, shape (d,)
    dimensions : sequence of int
        Which values, from 0.
    low, high : array_like, shape (d,)
        The range of every value, as of a survey of the latent space.
    steps : int
        Codes a row.

    Returns
    -------
    ndarray, shape (len(dimensions), steps, d)
    """
    start = np.asarray(base, dtype=np.float64)
    lows, highs = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    rows = np.tile(start, (len(dimensions), steps, 1))
    for row, index in enumerate(dimensions):
        rows[row, :, index] = np.linspace(lows[index], highs[index], steps)
    return rows


def value_kinds(experiment: Experiment) -> list[Literal["normal", "uniform"]]:
    """How each value of a code is spread: evenly between its bounds, or normally."""
    return [
        "uniform" if part.kind in ("uniform", "class") else "normal"
        for part in experiment.method.code_parts(experiment.data_info())
        for _ in range(part.size)
    ]


def quantiles(
    count: int, low: float, high: float, prior: Literal["normal", "uniform"] = "normal"
) -> Floats:
    """``count`` values that divide a distribution into equally probable pieces, ascending.

    They are the quantiles at (i + ½) / count. ``low`` and ``high`` are the bounds of a uniform
    distribution, and :data:`NORMAL_BOUND` standard deviations from the centre of a normal one.
    """
    share = (np.arange(count) + 0.5) / count
    if prior == "uniform":
        return low + (high - low) * share
    deviation = (high - low) / (2.0 * NORMAL_BOUND)
    return np.asarray((low + high) / 2.0 + deviation * ndtri(share), dtype=np.float64)


def manifold_grid(
    base: npt.ArrayLike, across: tuple[int, npt.ArrayLike], up: tuple[int, npt.ArrayLike]
) -> Floats:
    """Codes on a grid in two of their values, as they are drawn: up is up.

    Over :func:`quantiles` of the prior this is the picture of the learned manifold in Kingma and
    Welling, arXiv 1312.6114, figure 4.

    Parameters
    ----------
    base : array_like, shape (d,)
        All other values.
    across, up : (int, array_like of shape (w,) or (h,))
        Which value, from 0, and what it takes, ascending to the right or upwards.

    Returns
    -------
    ndarray, shape (h, w, d)
        Row 0 is the top one.
    """
    (first, wide), (second, high) = across, up
    if first == second:
        raise ValueError(f"a grid needs two values of a code, not {first} twice")
    columns, rows = np.asarray(wide, dtype=np.float64), np.asarray(high, dtype=np.float64)
    grid = np.tile(np.asarray(base, dtype=np.float64), (len(rows), len(columns), 1))
    grid[:, :, first] = columns
    grid[:, :, second] = rows[::-1, None]
    return grid


def _stops(given: npt.ArrayLike) -> Floats:
    codes = np.asarray(given, dtype=np.float64)
    if codes.ndim != 2 or len(codes) < 2:
        raise ValueError(f"a walk needs stops of shape (k ≥ 2, d), not {codes.shape}")
    if not np.isfinite(codes).all():
        raise ValueError("the stops of a walk must be finite numbers")
    return codes
