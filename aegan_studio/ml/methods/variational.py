"""What methods share whose encoder gives a distribution of codes."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from aegan_studio.ml.methods.base import Method
from aegan_studio.ml.methods.reconstruction import (
    bernoulli_nll,
    gaussian_kl,
    gaussian_nll,
    mean_squared_error,
    reparameterise,
)


class Variational(Method):
    """Encoder of means and log-variances, decoder of means or logits (arXiv 1312.6114)."""

    averaged = ("encoder", "decoder")

    def posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of q(z|x), both (N, d)."""
        mean, log_variance = self.networks["encoder"](x).chunk(2, dim=1)
        return mean, log_variance

    def drawn(self, x: Tensor, rng: torch.Generator) -> Tensor:
        """One code an item from q(z|x), (N, d)."""
        return reparameterise(*self.posterior(x), rng)

    def reconstruction(self, x: Tensor, z: Tensor) -> Tensor:
        """−log p(x|z) without :meth:`constant`, summed over values, mean over the batch."""
        out = self.networks["decoder"](z)
        if self.options.likelihood == "bernoulli":
            return bernoulli_nll(x, out)
        return gaussian_nll(x, out, self.options.sigma)

    def reconstruction_each(self, x: Tensor, z: Tensor) -> Tensor:
        """The same for every item alone, (N,)."""
        out = self.networks["decoder"](z).flatten(1)
        target = x.flatten(1)
        if self.options.likelihood == "bernoulli":
            return F.binary_cross_entropy_with_logits(out, target, reduction="none").sum(1)
        weight: float = 0.5 / self.options.sigma**2
        return (out - target).square().sum(1) * weight

    def constant(self) -> float:
        """The part of −log p(x|z) that no weight changes: ½ D log 2πσ², in nats an item."""
        if self.options.likelihood == "bernoulli":
            return 0.0
        return 0.5 * math.prod(self.data.shape) * math.log(2 * math.pi * self.options.sigma**2)

    def encode(self, x: Tensor) -> Tensor:
        """The posterior mean."""
        return self.posterior(x)[0]

    def generate(self, z: Tensor) -> Tensor:
        """The mean of p(x|z)."""
        out = self.networks["decoder"](z)
        return torch.sigmoid(out) if self.options.likelihood == "bernoulli" else out

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """The bound's parts with one draw of z an item, and the error of mean reconstructions."""
        mean, log_variance = self.posterior(x)
        reconstruction = self.reconstruction(x, reparameterise(mean, log_variance, rng))
        divergence = gaussian_kl(mean, log_variance)
        return {
            "rec-x": reconstruction,
            "kl": divergence,
            "bound": reconstruction + divergence + self.constant(),
            "mse": mean_squared_error(x, self.generate(mean)),
        }
