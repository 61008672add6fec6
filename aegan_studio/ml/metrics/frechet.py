"""The Fréchet distance of two sets of features (FID, arXiv 1706.08500)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aegan_studio.ml.metrics.arrays import Floats, rows


def frechet_distance(a: npt.ArrayLike, b: npt.ArrayLike) -> float:
    """‖μ_a − μ_b‖² + Tr(Σ_a + Σ_b − 2 (Σ_a Σ_b)^½) of features (n, d) and (m, d).

    The estimate grows as n and m shrink, the more the larger d: compare equal counts only.
    """
    first, second = rows(a), rows(b)
    means = first.mean(axis=0), second.mean(axis=0)
    return frechet_of_gaussians(means[0], covariance(first), means[1], covariance(second))


def frechet_of_gaussians(mean_a: Floats, cov_a: Floats, mean_b: Floats, cov_b: Floats) -> float:
    """The distance of N(μ_a, Σ_a) and N(μ_b, Σ_b) in closed form (Dowson & Landau 1982).

    The trace of the root is Σ √λ over the eigenvalues λ of the symmetric Σ_a^½ Σ_b Σ_a^½, which
    are those of Σ_a Σ_b. Symmetric eigenvalues stay real where features are constant or linearly
    dependent; a general matrix root does not.
    """
    values, vectors = np.linalg.eigh(cov_a)
    root = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    inner = root @ cov_b @ root
    crossed = np.sqrt(np.linalg.eigvalsh((inner + inner.T) / 2).clip(min=0)).sum()
    distance = np.square(mean_a - mean_b).sum() + np.trace(cov_a) + np.trace(cov_b) - 2 * crossed
    return max(0.0, float(distance))


def covariance(x: Floats) -> Floats:
    """The unbiased covariance (d, d) of rows (n, d), n ≥ 2."""
    if len(x) < 2:
        raise ValueError("a covariance takes two rows")
    offsets = x - x.mean(axis=0)
    found: Floats = offsets.T @ offsets / (len(x) - 1)
    return found
