"""The Wasserstein autoencoder: L = ‖x − G(E(x))‖² + λ MMD(E(x), z) (arXiv 1711.01558)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss, Term
from aegan_studio.ml.methods.reconstruction import mean_squared_error, summed_squared_error

SCALES: Mapping[str, Sequence[float]] = {
    "single": (1.0,),
    "multi-scale": (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
}
"""Multiples of C = 2dσ², the expected squared distance of two draws from the prior."""


def discrepancy(z: Tensor, prior: Tensor, scales: Sequence[float] = SCALES["single"]) -> Tensor:
    """The unbiased estimate of MMD² between codes z (n, d) and draws of N(0, 1) (n, d).

    k(a, b) = Σ_s sC / (sC + ‖a − b‖²) with C = 2d; equal indices are left out within a sample
    (arXiv 1711.01558, algorithm 2).
    """
    n, d = z.shape
    both = torch.cat((z, prior))
    lengths = both.square().sum(1)
    # ‖a‖² + ‖b‖² − 2 a·b: differences would take (2n)² d values; rounding may go below 0
    square = torch.addmm(lengths[:, None] + lengths, both, both.t(), alpha=-2).clamp(min=0)
    k = torch.zeros_like(square)
    for scale in scales:
        c = 2 * d * scale
        k = k + c / (c + square)
    within = sum(part.sum() - part.trace() for part in (k[:n, :n], k[n:, n:]))
    return within / max(1, n * (n - 1)) - k[:n, n:].mean() * 2


class WAE(Method):
    """Deterministic encoder E and decoder G, codes matched to the prior as a whole."""

    averaged = ("encoder", "decoder")

    def losses(self) -> Mapping[str, PhaseLoss]:
        """One phase."""
        return {"autoencoder": self._match}

    def _match(self, batch: Batch) -> Loss:
        x = batch.x
        z = self.encode(x)
        x_tilde = self.networks["decoder"](z)
        prior = self.prior(batch.size, batch.rng)
        value = discrepancy(z, prior, SCALES[self.options.kernel])
        return Loss(
            {
                "rec-x": Term(summed_squared_error(x, x_tilde)),
                "mmd": Term(value, self.options.weight),
            },
            {},
        )

    def encode(self, x: Tensor) -> Tensor:
        """ẑ = E(x)."""
        return self.networks["encoder"](x)

    def generate(self, z: Tensor) -> Tensor:
        """G(z)."""
        return self.networks["decoder"](z)

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """The terms of the loss on all of x, and the squared error a value."""
        z = self.encode(x)
        x_tilde = self.generate(z)
        return {
            "rec-x": summed_squared_error(x, x_tilde),
            "mmd": discrepancy(z, self.prior(len(x), rng), SCALES[self.options.kernel]),
            "mse": mean_squared_error(x, x_tilde),
        }
