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
    _sign = torch.empty(0)

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The discriminator's phase and the generator's."""
        return {"discriminator": self._discriminate, "generator": self._deceive}

    def _discriminate(self, batch: Batch) -> Loss:
        """L_D = −E[log D(x)] − E[log(1 − D(G(z)))]."""
        x = batch.x
        G, D = self.networks["generator"], self.networks["discriminator"]
        with torch.no_grad():
            x_hat = G(self.prior(batch.size, batch.rng))
        # batch norm must see real and generated apart
        a = torch.cat((D(x), D(x_hat))) if D.mixes_batch else D(torch.cat((x, x_hat)))
        # −a where real, a where generated: one softplus serves both expectations
        wrong = a * self._signs(batch.size, a)
        signals = {"right": (wrong < 0).float().mean()} if batch.measure else {}
        return Loss({"loss-d": Term(F.softplus(wrong).mean() * 2)}, signals)

    def _signs(self, size: int, like: Tensor) -> Tensor:
        """−1 for the real half of a batch, +1 for the generated half, (2 size, 1)."""
        if len(self._sign) != 2 * size:
            ones = torch.ones(size, 1, device=like.device)
            self._sign = torch.cat((-ones, ones))
        return self._sign

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
