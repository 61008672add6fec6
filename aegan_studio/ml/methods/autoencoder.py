"""The autoencoder: L = ℓ(x, G(E(x)))."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss, Term
from aegan_studio.ml.methods.reconstruction import (
    cross_entropy,
    mean_absolute_error,
    mean_squared_error,
)

LOSSES = {
    "mse": mean_squared_error,
    "l1": mean_absolute_error,
    "cross-entropy": cross_entropy,
}


class Autoencoder(Method):
    """Encoder E and decoder G under one reconstruction loss (Science 313, 2006)."""

    averaged = ("encoder", "decoder")
    has_prior = False

    def losses(self) -> Mapping[str, PhaseLoss]:
        """One phase."""
        return {"autoencoder": self._reconstruct}

    def _reconstruct(self, batch: Batch) -> Loss:
        x = batch.x
        E, G = self.networks["encoder"], self.networks["decoder"]
        return Loss({"rec-x": Term(LOSSES[self.options.loss](x, G(E(x))))}, {})

    def encode(self, x: Tensor) -> Tensor:
        """ẑ = E(x)."""
        return self.networks["encoder"](x)

    def generate(self, z: Tensor) -> Tensor:
        """G(z); under cross-entropy the decoder's logits become probabilities."""
        out = self.networks["decoder"](z)
        return torch.sigmoid(out) if self.options.loss == "cross-entropy" else out

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """Reconstruction loss, and squared error whatever the loss is."""
        del rng
        out = self.networks["decoder"](self.encode(x))
        x_tilde = torch.sigmoid(out) if self.options.loss == "cross-entropy" else out
        values = {"rec-x": LOSSES[self.options.loss](x, out)}
        if self.options.loss != "mse":
            values["mse"] = mean_squared_error(x, x_tilde)
        return values
