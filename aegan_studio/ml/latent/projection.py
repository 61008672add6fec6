"""Planes through a latent space: components, the code's own values, or through given codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import numpy.typing as npt

from aegan_studio.messages import StudioError, msg

Floats = npt.NDArray[np.float64]

_DENSE = 768
"""Widest code whose covariance is decomposed in full; beyond, only the leading axes are sought."""


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Orthonormal axes in the space of codes, k of them in d dimensions.

    Attributes
    ----------
    mean : ndarray, shape (d,)
        The code that lies at the plane's origin.
    axes : ndarray, shape (k, d)
        One axis a row.
    explained : ndarray, shape (k,)
        The share of the variance along each axis, in 0–1: the codes' own, or that of what they
        decode to; NaN where nothing was fitted.
    kind : {"components", "responses", "values", "codes"}
        Principal components, directions of most change, values of the code itself, or a plane
        through codes.
    indices : tuple of int
        Which of them the axes are, from 0.
    """

    mean: Floats
    axes: Floats
    explained: Floats
    kind: Literal["components", "responses", "values", "codes"]
    indices: tuple[int, ...]

    @property
    def settled(self) -> bool:
        """Whether a place alone says its code: a plane through codes holds no others."""
        return self.kind == "codes" or len(self.axes) == self.axes.shape[1]

    @classmethod
    def fit(cls, codes: npt.ArrayLike, components: int = 2) -> Self:
        """Principal components of codes of shape (n, d), n ≥ 1; at most d of them.

        Signs are chosen as scikit-learn's ``PCA`` does: the largest part of each axis is positive.
        """
        points = np.asarray(codes, dtype=np.float64)
        if points.ndim != 2 or not points.size:
            raise ValueError(f"codes must have shape (n, d), not {points.shape}")
        mean = points.mean(axis=0)
        centred = points - mean
        kept = min(components, points.shape[1])
        variance, axes = _leading(centred, kept)
        axes *= np.where(axes[np.arange(kept), np.abs(axes).argmax(axis=1)] < 0, -1.0, 1.0)[:, None]
        total = float((centred**2).sum())
        explained = variance / total if total > 0.0 else np.zeros(kept)
        return cls(mean, axes, explained, "components", tuple(range(kept)))

    @classmethod
    def fit_response(cls, codes: npt.ArrayLike, items: npt.ArrayLike, components: int = 2) -> Self:
        """The directions of a code along which what it decodes to changes most.

        Principal components say nothing of draws from a round prior. Here the decoder is taken
        as linear, x ≈ B z, with B by least squares; its leading singular vectors are the axes,
        through the origin.

        Parameters
        ----------
        codes : array_like, shape (n, d)
            Draws from the prior.
        items : array_like, shape (n, …)
            What they decode to.
        """
        points = np.asarray(codes, dtype=np.float64)
        values = np.asarray(items, dtype=np.float64).reshape(len(points), -1)
        z, x = points - points.mean(axis=0), values - values.mean(axis=0)
        # by the normal equations: a code is short beside an item, and draws are well conditioned
        slopes = np.linalg.pinv(z.T @ z, hermitian=True) @ (z.T @ x)
        squares, vectors = np.linalg.eigh(slopes @ slopes.T)
        kept = min(components, points.shape[1])
        axes = np.ascontiguousarray(vectors.T[: -kept - 1 : -1])
        axes *= np.where(axes[np.arange(kept), np.abs(axes).argmax(axis=1)] < 0, -1.0, 1.0)[:, None]
        total = float(squares.sum())
        shares = squares[: -kept - 1 : -1] / total if total > 0.0 else np.zeros(kept)
        return cls(np.zeros(points.shape[1]), axes, shares, "responses", tuple(range(kept)))

    @classmethod
    def of_values(cls, dimensions: int, indices: tuple[int, ...] = (0, 1)) -> Self:
        """The plane of some of the code's own values, through the origin."""
        axes = np.eye(dimensions)[list(indices)]
        unknown = np.full(len(indices), np.nan)
        return cls(np.zeros(dimensions), axes, unknown, "values", tuple(indices))

    @classmethod
    def through(cls, codes: npt.ArrayLike) -> Self:
        """The plane through three codes (3, d), at true distances.

        The first lies at the origin, the second on the first axis to the right, the third above
        it.

        Raises
        ------
        StudioError
            Two of the codes are the same, or all lie on one line.
        """
        points = np.asarray(codes, dtype=np.float64)
        if points.ndim != 2 or len(points) != 3:
            raise ValueError(f"codes must have shape (3, d), not {points.shape}")
        origin = points[0]
        right, up = points[1] - origin, points[2] - origin
        length = float(np.linalg.norm(right))
        axis = right / length if length > 0.0 else right
        for _ in range(2):  # the second time takes away what rounding left
            up = up - (up @ axis) * axis
        height = float(np.linalg.norm(up))
        if not length or height <= 1e-9 * max(length, float(np.linalg.norm(points[2] - origin))):
            raise StudioError(
                msg("These three codes lie on one line."),
                msg("Choose three that do not, or move one of them."),
            )
        axes = np.stack((axis, up / height))
        return cls(origin, axes, np.full(2, np.nan), "codes", (0, 1))

    def project(self, codes: npt.ArrayLike) -> Floats:
        """Codes (…, d) to places in the plane (…, k)."""
        places: Floats = (np.asarray(codes, dtype=np.float64) - self.mean) @ self.axes.T
        return places

    def unproject(self, places: npt.ArrayLike, base: npt.ArrayLike | None = None) -> Floats:
        """Places in the plane (…, k) to codes (…, d).

        What the plane leaves open is taken from ``base``, a code of shape (d,); without one, from
        the mean. A plane through codes leaves nothing open.
        """
        to = np.asarray(places, dtype=np.float64)
        if base is None or self.settled:
            return self.mean + to @ self.axes
        start = np.asarray(base, dtype=np.float64)
        codes: Floats = start + (to - self.project(start)) @ self.axes
        return codes

    def only(self, indices: tuple[int, ...]) -> Projection:
        """Some of the axes, in the given order."""
        chosen = list(indices)
        return Projection(
            self.mean,
            self.axes[chosen],
            self.explained[chosen],
            self.kind,
            tuple(self.indices[index] for index in chosen),
        )

    def facing(self, earlier: Projection) -> Projection:
        """The same plane, each axis turned the way the earlier one's points.

        Principal axes have no sign of their own; without this a map that follows a training would
        flip over from one set of weights to the next.
        """
        if self.axes.shape != earlier.axes.shape or self.indices != earlier.indices:
            return self
        turned = np.where((self.axes * earlier.axes).sum(axis=1) < 0.0, -1.0, 1.0)
        return Projection(
            self.mean, self.axes * turned[:, None], self.explained, self.kind, self.indices
        )


def _leading(centred: Floats, kept: int) -> tuple[Floats, Floats]:
    """The ``kept`` largest sums of squares along orthonormal axes (descending), and the axes."""
    count, dimensions = centred.shape
    if dimensions <= _DENSE:
        values, vectors = np.linalg.eigh(centred.T @ centred)
        order = slice(None, -kept - 1, -1)
        return np.maximum(values[order], 0.0), np.ascontiguousarray(vectors.T[order])
    if kept >= min(count, dimensions):
        raise ValueError(f"{count} codes of {dimensions} values do not fix {kept} components")
    from sklearn.decomposition import PCA

    sought = PCA(kept, svd_solver="arpack", random_state=0).fit(centred)
    return sought.singular_values_**2, np.array(sought.components_)
