"""The GAN (arXiv 1406.2661) with any adversarial loss and penalty."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from aegan_studio.ml.methods import adversarial
from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss, Term


class GAN(Method):
    """Generator G against discriminator D."""

    averaged = ("generator",)
    _sign = torch.empty(0)

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The discriminator's phase and the generator's."""
        return {"discriminator": self._discriminate, "generator": self._deceive}

    def _discriminate(self, batch: Batch) -> Loss:
        x, D = batch.x, self.networks["discriminator"]
        with torch.no_grad():
            x_hat = self.networks["generator"](self.prior(batch.size, batch.rng))
        # batch norm must see real and generated apart
        if D.mixes_batch:
            a_real, a_fake = D(x), D(x_hat)
            return self._judged(batch, a_real, a_fake, x, x_hat)
        a = D(torch.cat((x, x_hat)))
        a_real, a_fake = a[: batch.size], a[batch.size :]
        return self._judged(batch, a_real, a_fake, x, x_hat)

    def _judged(
        self, batch: Batch, a_real: Tensor, a_fake: Tensor, x: Tensor, x_hat: Tensor
    ) -> Loss:
        options = self.options
        terms = {"loss-d": Term(adversarial.discriminate(options, a_real, a_fake))}
        if options.penalty != "none":
            value = adversarial.penalty(
                options, self.networks["discriminator"], x, x_hat, batch.rng
            )
            terms["penalty"] = Term(value, options.penalty_weight)
        signals = {"right": adversarial.share_right(a_real, a_fake)} if batch.measure else {}
        return Loss(terms, signals)

    def _deceive(self, batch: Batch) -> Loss:
        G, D = self.networks["generator"], self.networks["discriminator"]
        a_fake = D(G(self.prior(batch.size, batch.rng)))
        a_real = D(batch.x) if self.options.relativistic else None
        return Loss({"loss-g": Term(adversarial.deceive(self.options, a_fake, a_real))}, {})

    def generate(self, z: Tensor) -> Tensor:
        """x̂ = G(z)."""
        return self.networks["generator"](z)
