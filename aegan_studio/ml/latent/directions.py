"""Directions that mean something: found, followed, and their side effects measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from aegan_studio.ml.latent.geometry import Floats
from aegan_studio.ml.latent.projection import Projection

Boundary = Literal["mean", "logistic"]
BOUNDARIES: tuple[Boundary, ...] = get_args(Boundary)

Decode = Callable[[Floats], npt.NDArray[Any]]
"""Codes (n, d) to items (n, …)."""
Encode = Callable[[npt.NDArray[Any]], npt.ArrayLike]
"""Items (n, …) to codes (n, d)."""
Verdict = Callable[[npt.NDArray[Any]], npt.ArrayLike]
"""Items (n, …) to the probabilities of classes (n, k)."""

PROBES = 64
"""Codes that a decoder's answer to a direction is averaged over."""

_FREEDOM = 0.03
"""Inverse regularisation of the boundary, for values of unit variance. Looser ones tell a few codes
apart by accidents of theirs: the direction strays from the planted one."""
_ITERATIONS = 5000


@dataclass(frozen=True, slots=True, eq=False)
class Direction:
    """A direction in the space of codes, and where on it a boundary lies.

    Attributes
    ----------
    unit : ndarray, shape (d,)
        Of length 1.
    offset : float
        Where the boundary lies: codes with ``z · unit = offset``.
    spread : float
        Standard deviation of the codes that it was found from along it: a natural step.
    reach : float
        How far beyond the boundary codes of the wanted kind lie, their median; 0 where no kind
        is wanted.
    """

    unit: Floats
    offset: float
    spread: float
    reach: float = 0.0

    def places(self, codes: npt.ArrayLike) -> Floats:
        """The signed distance of codes (…, d) from the boundary, (…)."""
        found: Floats = np.asarray(codes, dtype=np.float64) @ self.unit - self.offset
        return found

    def moved(self, codes: npt.ArrayLike, amount: npt.ArrayLike) -> Floats:
        """Codes (…, d) moved along by a distance, or by one each (…)."""
        by = np.asarray(amount, dtype=np.float64)[..., None]
        there: Floats = np.asarray(codes, dtype=np.float64) + by * self.unit
        return there

    def placed(self, codes: npt.ArrayLike, place: npt.ArrayLike) -> Floats:
        """Codes (…, d) moved along until their signed distance from the boundary is ``place``."""
        return self.moved(codes, np.asarray(place, dtype=np.float64) - self.places(codes))

    def turned(self) -> Direction:
        """The same, the other way round; without a reach, which was that of the wanted kind."""
        return Direction(-self.unit, -self.offset, self.spread)


def principal_directions(
    codes: npt.ArrayLike, count: int, decode: Decode | None = None
) -> tuple[tuple[Direction, ...], Floats]:
    """Principal directions of codes, boundaries in their mean.

    Parameters
    ----------
    codes : array_like, shape (n, d)
    count : int
        How many at most; there are no more than d.
    decode : callable or None
        Order them by :func:`sensitivity` instead of variance: by how much one sees of them.

    Returns
    -------
    (tuple of Direction, ndarray (k,))
        The second is what they are ordered by, descending: shares of the variance in 0–1, or
        sensitivities. GANSpace, arXiv 2004.02546, takes components of what a layer makes of
        draws; here those are the codes given.
    """
    points = np.asarray(codes, dtype=np.float64)
    fitted = Projection.fit(points, count)
    spreads = fitted.project(points).std(axis=0)
    offsets = fitted.axes @ fitted.mean
    found = tuple(
        Direction(axis, float(offset), float(spread))
        for axis, offset, spread in zip(fitted.axes, offsets, spreads, strict=True)
    )
    if decode is None:
        return found, fitted.explained
    seen = sensitivity(found, points, decode)
    order = np.argsort(-seen, kind="stable")
    return tuple(found[index] for index in order), seen[order]


def sensitivity(
    directions: tuple[Direction, ...], codes: npt.ArrayLike, decode: Decode, probes: int = PROBES
) -> Floats:
    """How much decoded items change along directions, (k,).

    The root mean square change of a value of an item over one spread, measured from half a spread
    before to half a spread after each of at most ``probes`` codes.
    """
    points = np.asarray(codes, dtype=np.float64)
    points = points[
        np.unique(np.linspace(0, len(points) - 1, min(probes, len(points))).astype(int))
    ]
    found = np.empty(len(directions))
    for index, direction in enumerate(directions):
        half = direction.spread / 2
        after = np.asarray(decode(direction.moved(points, half)), dtype=np.float64)
        before = np.asarray(decode(direction.moved(points, -half)), dtype=np.float64)
        found[index] = np.sqrt(np.mean((after - before) ** 2))
    return found


def basket_direction(
    with_it: npt.ArrayLike, without: npt.ArrayLike, how: Boundary = "logistic"
) -> Direction:
    """The direction from codes without some property to codes that have it.

    Parameters
    ----------
    with_it, without : array_like, shapes (n, d) and (m, d)
        At least one code each.
    how : {"mean", "logistic"}
        ``mean``: from one mean to the other, the boundary half-way (arXiv 1609.04468). Moves codes
        to where the others are. ``logistic``: across the boundary of a logistic regression in
        which both baskets weigh the same (InterFaceGAN, arXiv 2005.09635). Tells the baskets
        apart best and moves little else.

    Raises
    ------
    ValueError
        An empty basket, codes of different sizes, baskets with the same mean.
    """
    yes, no = _baskets(with_it, without, 1)
    if how == "mean":
        across = yes.mean(axis=0) - no.mean(axis=0)
        size = float(np.linalg.norm(across))
        offset = float((yes.mean(axis=0) + no.mean(axis=0)) @ across) / 2
    else:
        across, size, offset = _logistic(yes, no)
    if not size > 0.0:
        raise ValueError("no direction leads from one basket to the other: they are the same")
    unit = across / size
    boundary = offset / size
    both = np.concatenate((yes, no))
    return Direction(
        unit,
        boundary,
        spread=float((both @ unit).std()),
        reach=float(np.median(yes @ unit)) - boundary,
    )


def class_direction(
    codes: npt.ArrayLike, labels: npt.ArrayLike, label: int, how: Boundary = "logistic"
) -> Direction:
    """:func:`basket_direction` into a class from all others; codes (n, d), labels (n,)."""
    points, own = np.asarray(codes, dtype=np.float64), np.asarray(labels) == label
    return basket_direction(points[own], points[~own], how)


def _logistic(yes: Floats, no: Floats) -> tuple[Floats, float, float]:
    """A boundary ``across · z = offset`` between two baskets, and the length of ``across``."""
    from sklearn.linear_model import LogisticRegression

    both = np.concatenate((yes, no))
    has = np.repeat([1, 0], [len(yes), len(no)])
    centre = both.mean(axis=0)
    # one scale for all values: the regularisation sees unit variance, angles stay what they are
    scale = float(np.sqrt(both.var(axis=0).mean())) or 1.0
    fit = LogisticRegression(C=_FREEDOM, class_weight="balanced", max_iter=_ITERATIONS)
    fit.fit((both - centre) / scale, has)
    across = np.asarray(fit.coef_[0], dtype=np.float64)
    offset = float(across @ centre) - float(fit.intercept_[0]) * scale
    return across, float(np.linalg.norm(across)), offset


@dataclass(frozen=True, slots=True, eq=False)
class Transport:
    """Carries codes of one basket to where those of another lie, each to its own place there.

    Attributes
    ----------
    start, end : ndarray, shape (d,)
        The mean that is left and the one that is reached.
    matrix : ndarray, shape (d, d)
        Symmetric: how the way differs from code to code.
    """

    start: Floats
    end: Floats
    matrix: Floats

    def moved(self, codes: npt.ArrayLike, share: float = 1.0) -> Floats:
        """Codes (…, d) gone this share of their way, 0 to 1; the share may go on beyond."""
        points = np.asarray(codes, dtype=np.float64)
        goals = self.end + (points - self.start) @ self.matrix
        there: Floats = points + share * (goals - points)
        return there


def basket_transport(with_it: npt.ArrayLike, without: npt.ArrayLike) -> Transport:
    """The way from codes without some property to codes that have it, for each code its own.

    A single direction leads out of one class surely into another only where no third lies on the
    way; one into a class from all others may not exist. This is the optimal transport between
    the Gaussians of the two baskets (Peyré and Cuturi, arXiv 1803.00567, remark 2.31), whose
    covariances are shrunk after Ledoit and Wolf, so that a handful of codes is enough.

    Parameters
    ----------
    with_it, without : array_like, shapes (n, d) and (m, d)
        At least two codes each.

    Raises
    ------
    ValueError
        Fewer codes, or codes of different sizes.
    """
    from sklearn.covariance import ledoit_wolf

    yes, no = _baskets(with_it, without, 2)
    there, here = ledoit_wolf(yes)[0], ledoit_wolf(no)[0]
    root, inverse = _power(here, 0.5), _power(here, -0.5)
    matrix = inverse @ _power(root @ there @ root, 0.5) @ inverse
    return Transport(no.mean(axis=0), yes.mean(axis=0), matrix)


def _power(covariance: Floats, exponent: float) -> Floats:
    """A power of a symmetric matrix without negative eigenvalues, tiny ones raised."""
    values, vectors = np.linalg.eigh(covariance)
    floor = max(float(values[-1]) * 1e-12, np.finfo(np.float64).tiny)
    powered: Floats = (vectors * np.maximum(values, floor) ** exponent) @ vectors.T
    return powered


def _baskets(with_it: npt.ArrayLike, without: npt.ArrayLike, least: int) -> tuple[Floats, Floats]:
    yes, no = (np.asarray(basket, dtype=np.float64) for basket in (with_it, without))
    if min(yes.ndim, no.ndim) != 2 or min(len(yes), len(no)) < least or yes.shape[1] != no.shape[1]:
        raise ValueError(
            f"baskets need {least} codes or more of one size, not {yes.shape} and {no.shape}"
        )
    return yes, no


@dataclass(frozen=True, slots=True, eq=False)
class SideEffects:
    """What following a direction changes besides.

    Attributes
    ----------
    along : mapping of name to float
        The mean change along other directions, in their spreads.
    verdict : ndarray, shape (k,), or None
        The mean change of each class's probability.
    switched : float
        The share of items whose most probable class changed; NaN without a classifier.
    """

    along: Mapping[str, float]
    verdict: Floats | None
    switched: float


def side_effects(
    direction: Direction,
    amount: npt.ArrayLike,
    codes: npt.ArrayLike,
    others: Mapping[str, Direction],
    *,
    decode: Decode | None = None,
    encode: Encode | None = None,
    verdict: Verdict | None = None,
) -> SideEffects:
    """Measure what moving codes (n, d) by an amount along a direction changes besides.

    With ``decode`` and ``encode`` changes along other directions are those of the items, decoded
    and encoded again: what the model itself reads in them. Without, they are those of the codes,
    which is mere geometry. ``verdict`` needs ``decode``.
    """
    if verdict is not None and decode is None:
        raise ValueError("a classifier judges items: a decoder is needed")
    start = np.asarray(codes, dtype=np.float64)
    end = direction.moved(start, amount)
    change: Floats | None = None
    switched = np.nan
    if decode is not None:
        before, after = decode(start), decode(end)
        if encode is not None:
            start, end = (np.asarray(encode(items), dtype=np.float64) for items in (before, after))
        if verdict is not None:
            was, now = (np.asarray(verdict(items), dtype=np.float64) for items in (before, after))
            change = (now - was).mean(axis=0)
            switched = float((now.argmax(axis=1) != was.argmax(axis=1)).mean())
    moved = end - start
    along = {
        name: float((moved @ other.unit).mean() / (other.spread or 1.0))
        for name, other in others.items()
    }
    return SideEffects(along, change, switched)


def algebra(a: npt.ArrayLike, b: npt.ArrayLike, c: npt.ArrayLike) -> Floats:
    """The code A − B + C, (d,); each a code (d,) or several (n, d), which stand for their mean."""
    first, second, third = (
        np.atleast_2d(np.asarray(given, dtype=np.float64)).mean(axis=0) for given in (a, b, c)
    )
    result: Floats = first - second + third
    return result


def attributes(
    a: npt.ArrayLike, b: npt.ArrayLike, c: npt.ArrayLike, share: npt.ArrayLike
) -> Floats:
    """Codes on the way from A to A − B + C, (d,) or (n, d) for shares (n,).

    0 is A (the mean of several), 1 is :func:`algebra`; the share may go on beyond.
    """
    part = np.asarray(share, dtype=np.float64)[..., None]
    start = np.atleast_2d(np.asarray(a, dtype=np.float64)).mean(axis=0)
    there: Floats = start + part * (algebra(a, b, c) - start)
    return there


def truncated(codes: npt.ArrayLike, psi: float, mean: npt.ArrayLike = 0.0) -> Floats:
    """Codes (…, d) drawn towards the mean (d,): ``mean + ψ (z − mean)``.

    ψ = 1 leaves them, 0 makes them the mean; between, items get more typical and less diverse
    (StyleGAN, arXiv 1812.04948, appendix B).
    """
    centre = np.asarray(mean, dtype=np.float64)
    drawn: Floats = centre + psi * (np.asarray(codes, dtype=np.float64) - centre)
    return drawn
