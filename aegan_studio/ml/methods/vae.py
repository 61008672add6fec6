"""The variational autoencoder: L = −E_q[log p(x|z)] + β KL(q(z|x) ‖ p(z))."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss, Term
from aegan_studio.ml.methods.reconstruction import (
    bernoulli_nll,
    gaussian_kl,
    gaussian_nll,
    mean_squared_error,
    reparameterise,
)


class VAE(Method):
    """Encoder of means and log-variances, decoder of means or logits (arXiv 1312.6114)."""

    averaged = ("encoder", "decoder")

    def losses(self) -> Mapping[str, PhaseLoss]:
        """One phase."""
        return {"autoencoder": self._bound}

    def _posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = self.networks["encoder"](x).chunk(2, dim=1)
        return mean, log_variance

    def _terms(self, x: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        mean, log_variance = self._posterior(x)
        out = self.networks["decoder"](reparameterise(mean, log_variance, rng))
        if self.options.likelihood == "bernoulli":
            reconstruction = bernoulli_nll(x, out)
        else:
            reconstruction = gaussian_nll(x, out, self.options.sigma)
        return reconstruction, gaussian_kl(mean, log_variance)

    def _bound(self, batch: Batch) -> Loss:
        x = batch.x
        reconstruction, divergence = self._terms(x, batch.rng)
        terms = {"rec-x": Term(reconstruction), "kl": Term(divergence, self.options.beta)}
        signals = {}
        if batch.measure:
            signals["bound"] = reconstruction.detach() + divergence.detach() + self._constant(x)
        return Loss(terms, signals)

    def _constant(self, x: Tensor) -> float:
        """The part of −log p(x|z) that no weight changes: ½ D log 2πσ², in nats an item."""
        if self.options.likelihood == "bernoulli":
            return 0.0
        return 0.5 * x[0].numel() * math.log(2 * math.pi * self.options.sigma**2)

    def encode(self, x: Tensor) -> Tensor:
        """The posterior mean."""
        return self._posterior(x)[0]

    def generate(self, z: Tensor) -> Tensor:
        """The mean of p(x|z)."""
        out = self.networks["decoder"](z)
        return torch.sigmoid(out) if self.options.likelihood == "bernoulli" else out

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """The bound's parts with one draw of z an item, and the error of mean reconstructions."""
        reconstruction, divergence = self._terms(x, rng)
        return {
            "rec-x": reconstruction,
            "kl": divergence,
            "bound": reconstruction + divergence + self._constant(x),
            "mse": mean_squared_error(x, self.generate(self.encode(x))),
        }
