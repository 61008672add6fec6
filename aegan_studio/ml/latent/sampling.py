"""Codes to generate from: the prior, or a distribution fitted to encoded data.

A sampler splits chance from weights. Its noise is drawn once and kept; what codes the noise becomes
follows the weights, so that samples of a training model change smoothly from moment to moment.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from aegan_studio.ml.methods.base import Method, Sampler

if TYPE_CHECKING:
    from sklearn.mixture import GaussianMixture

FITTED = 2048
"""Encoded items that a distribution is fitted to at most."""

COMPONENTS = 10
"""Of the fitted mixture, as in arXiv 1903.12436."""


class CodeSampler:
    """Draws codes for a method, from wherever its options say.

    Where :attr:`needs_codes`, call :meth:`fit` with encoded data before :meth:`codes`, again after
    the weights changed.
    """

    def __init__(self, method: Method) -> None:
        self._method = method
        self._fitted: Tensor | None = None
        self._mixture: GaussianMixture | None = None

    @property
    def source(self) -> Sampler:
        """ "prior", "gaussian" or "mixture"."""
        return self._method.sampler

    @property
    def needs_codes(self) -> bool:
        """Whether codes follow the encoded data."""
        return self.source != "prior"

    def noise(self, n: int, rng: torch.Generator) -> Tensor:
        """``n`` rows of chance (n, k), good for every source: a live option may change it."""
        prior = self._method.noise(n, rng)
        device = rng.device
        normal = torch.randn(n, self._method.code_dim, generator=rng, device=device)
        chooser = torch.rand(n, 1, generator=rng, device=device)
        return torch.cat((prior, normal, chooser), dim=1)

    def fit(self, codes: Tensor) -> None:
        """Fit to codes (N, d) where the source asks for it."""
        self._fitted = codes.detach()
        if self.source == "mixture":
            self._mixture = mixture(self._fitted, self._mixture)

    def codes(self, noise: Tensor) -> Tensor:
        """What :meth:`noise` (n, k) stands for under the present weights and fit, (n, d)."""
        width = self._method.code_dim
        if self.source == "prior" or self._fitted is None:
            return self._method.codes(noise[:, : -width - 1])
        normal = noise[:, -width - 1 : -1]
        if self.source == "gaussian" or self._mixture is None:
            return shaped_like(self._fitted, normal)
        return from_mixture(self._mixture, normal, noise[:, -1])


def drawn(method: Method, encoded: Callable[[], Tensor], n: int, rng: torch.Generator) -> Tensor:
    """``n`` codes (n, d) to generate from; ``encoded`` gives codes of data where needed."""
    sampler = CodeSampler(method)
    noise = sampler.noise(n, rng)
    with torch.no_grad():
        if sampler.needs_codes:
            sampler.fit(encoded())
        return sampler.codes(noise)


def mixture(codes: Tensor, before: GaussianMixture | None = None) -> GaussianMixture | None:
    """A mixture of :data:`COMPONENTS` Gaussians fitted to codes (N, d) by a few EM steps.

    From where ``before`` ended, so that components keep their places while the weights move.
    ``None`` where the codes allow no fit.
    """
    # half a second that only those wait for who ask for a mixture
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    data = codes.cpu().double().numpy()
    if not np.isfinite(data).all() or len(np.unique(data, axis=0)) <= COMPONENTS:
        return None
    model = GaussianMixture(
        COMPONENTS,
        max_iter=10 if before is not None else 50,
        means_init=None if before is None else before.means_,
        reg_covar=1e-6,
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        try:
            model.fit(data)
        except ValueError:  # components that collapsed onto equal codes
            return None
    return model


def from_mixture(model: GaussianMixture, normal: Tensor, chooser: Tensor) -> Tensor:
    """Codes (n, d) of a fitted mixture.

    ``normal`` (n, d) is standard normal, ``chooser`` (n,) uniform in [0, 1).
    """
    edges = np.cumsum(model.weights_)
    which = np.searchsorted(edges / edges[-1], chooser.cpu().numpy(), side="right")
    roots = np.stack([np.linalg.cholesky(covariance) for covariance in model.covariances_])
    noise = normal.cpu().double().numpy()
    codes = model.means_[which] + np.einsum("nij,nj->ni", roots[which], noise)
    return torch.from_numpy(codes).to(device=normal.device, dtype=normal.dtype)


def shaped_like(codes: Tensor, noise: Tensor) -> Tensor:
    """Standard normal noise (n, d) given the mean and covariance of codes (N, d): μ + ε √Σ.

    √Σ is the symmetric root, so that the same noise gives nearby codes as Σ changes during a
    training. Double precision inside: eigenvalues of nearly flat codes may be tiny.
    """
    data = codes.detach().cpu().double()
    if not bool(torch.isfinite(data).all()):
        return noise  # a diverged encoder's codes have no Gaussian
    mean = data.mean(0)
    offsets = data - mean
    covariance = offsets.T @ offsets / max(1, len(data) - 1)
    values, vectors = torch.linalg.eigh(covariance)
    root = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    shaped: Tensor = mean + noise.detach().cpu().double() @ root
    return shaped.to(device=noise.device, dtype=noise.dtype)
