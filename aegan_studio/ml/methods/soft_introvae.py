"""Soft-IntroVAE (arXiv 2012.13253)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss, Term
from aegan_studio.ml.methods.reconstruction import (
    gaussian_kl,
    mean_squared_error,
    reparameterise,
)

POINTS_SCALE = 0.5
"""s for points, as in the authors' program; for pictures it is one over the number of values."""


class SoftIntroVAE(Method):
    """Encoder E and decoder G in a game over the evidence lower bound (§4, appendix).

    With ℓ the squared error summed over values, x̃ = G(z), z ~ q(z|x), and x̂ = G(z′), z′ ~ p(z),

    - E minimises s(βᵣ ℓ(x, x̃) + βₖ KL(x)) + ¼ Σ_{x̃, x̂} exp(−2s(βᵣ ℓ + βₙ KL)), where ℓ is the
      error of rebuilding x̃ and x̂, which are given to it as data;
    - G minimises s(βᵣ ℓ(x, x̃) + ½ βₖ Σ_{x̃, x̂} KL), through a fixed encoder.

    Before the game a share of the steps may train the plain VAE.
    """

    averaged = ("encoder", "decoder")

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The encoder's phase and the decoder's."""
        return {"encoder": self._judge, "decoder": self._deceive}

    @property
    def scale(self) -> float:
        """The paper's s."""
        if self.data.modality == "points":
            return POINTS_SCALE
        return 1 / math.prod(self.data.shape)

    def _posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = self.networks["encoder"](x).chunk(2, dim=1)
        return mean, log_variance

    def _warming_up(self, batch: Batch) -> bool:
        return batch.step < float(self.options.warmup) * batch.steps

    def _judge(self, batch: Batch) -> Loss:
        x, options, s, G = batch.x, self.options, self.scale, self.networks["decoder"]
        mean, log_variance = self._posterior(x)
        x_tilde = G(reparameterise(mean, log_variance, batch.rng))
        terms = {
            "rec-x": Term(squared_errors(x, x_tilde).mean(), s * options.beta_rec),
            "kl": Term(gaussian_kl(mean, log_variance), s * options.beta_kl),
        }
        if self._warming_up(batch):
            return Loss(terms, {})
        with torch.no_grad():
            x_hat = G(self.prior(batch.size, batch.rng))
        fake = torch.cat((x_tilde.detach(), x_hat))
        mean, log_variance = self._posterior(fake)
        errors = squared_errors(fake, G(reparameterise(mean, log_variance, batch.rng)))
        divergences = kl_each(mean, log_variance)
        bounds = options.beta_rec * errors + options.beta_neg * divergences
        # ¼ of the sum of two means
        terms["exp-bound"] = Term(0.5 * (-2 * s * bounds).exp().mean())
        signals = {"kl-fake": divergences[batch.size :].mean()} if batch.measure else {}
        return Loss(terms, signals)

    def _deceive(self, batch: Batch) -> Loss:
        x, options, s, G = batch.x, self.options, self.scale, self.networks["decoder"]
        with torch.no_grad():
            z = reparameterise(*self._posterior(x), batch.rng)
        if self._warming_up(batch):
            error = squared_errors(x, G(z)).mean()
            return Loss({"rec-x-g": Term(error, s * options.beta_rec)}, {})
        noise = self.prior(batch.size, batch.rng)
        # batch norm must see reconstructions and samples apart
        made = torch.cat((G(z), G(noise))) if G.mixes_batch else G(torch.cat((z, noise)))
        divergences = kl_each(*self._posterior(made))
        terms = {
            "rec-x-g": Term(squared_errors(x, made[: len(x)]).mean(), s * options.beta_rec),
            # the sum of two means is twice the mean over both
            "kl-g": Term(2 * divergences.mean(), 0.5 * s * options.beta_kl),
        }
        return Loss(terms, {})

    def encode(self, x: Tensor) -> Tensor:
        """The posterior mean."""
        return self._posterior(x)[0]

    def generate(self, z: Tensor) -> Tensor:
        """G(z)."""
        return self.networks["decoder"](z)

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """Error and divergence with one draw of z an item, and the error of mean codes."""
        mean, log_variance = self._posterior(x)
        z = reparameterise(mean, log_variance, rng)
        return {
            "rec-x": squared_errors(x, self.generate(z)).mean(),
            "kl": gaussian_kl(mean, log_variance),
            "mse": mean_squared_error(x, self.generate(mean)),
        }


def squared_errors(x: Tensor, x_tilde: Tensor) -> Tensor:
    """‖x − x̃‖² of every item, (B,)."""
    return (x - x_tilde).square().flatten(1).sum(1)


def kl_each(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(μ, σ²) ‖ N(0, 1)) of every item, (B,)."""
    return -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum(1)
