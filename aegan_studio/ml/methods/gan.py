"""The GAN (arXiv 1406.2661), its losses on logits so that no logarithm can overflow.

With a = logit of D: −log D = softplus(−a) and −log(1 − D) = softplus(a).
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss, Term


class GAN(Method):
    """Generator G against discriminator D."""

    averaged = ("generator",)

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The discriminator's phase and the generator's."""
        return {"discriminator": self._discriminate, "generator": self._deceive}

    def _discriminate(self, batch: Batch) -> Loss:
        """L_D = −E[log D(x)] − E[log(1 − D(G(z)))]."""
        x = batch.x
        G, D = self.networks["generator"], self.networks["discriminator"]
        with torch.no_grad():
            x_hat = G(self.prior(batch.size, batch.rng))
        if D.mixes_batch:  # batch norm must see real and generated apart
            a_real, a_fake = D(x), D(x_hat)
        else:
            a_real, a_fake = D(torch.cat((x, x_hat))).chunk(2)
        loss = F.softplus(-a_real).mean() + F.softplus(a_fake).mean()
        signals = {}
        if batch.measure:
            right = (a_real > 0).float().mean() + (a_fake < 0).float().mean()
            signals["right"] = right / 2
        return Loss({"loss-d": Term(loss)}, signals)

    def _deceive(self, batch: Batch) -> Loss:
        """L_G = −E[log D(G(z))], or E[log(1 − D(G(z)))] in the minimax game."""
        G, D = self.networks["generator"], self.networks["discriminator"]
        a_fake = D(G(self.prior(batch.size, batch.rng)))
        if self.options.loss == "minimax":
            loss = -F.softplus(a_fake).mean()
        else:
            loss = F.softplus(-a_fake).mean()
        return Loss({"loss-g": Term(loss)}, {})

    def generate(self, z: Tensor) -> Tensor:
        """x̂ = G(z)."""
        return self.networks["generator"](z)

    def prior(self, n: int, rng: torch.Generator) -> Tensor:
        """Normal codes, or uniform ones in [−1, 1]."""
        if self.options.prior == "uniform":
            shape = (n, self.options.latent_dim)
            return torch.rand(shape, generator=rng, device=rng.device) * 2 - 1
        return super().prior(n, rng)
