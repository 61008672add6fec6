"""The autoencoder: L = ℓ(x, G(E(x))), and the regularisers that can be added to it."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from aegan_studio.ml.methods import regularisers
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
    """Encoder E and decoder G under a reconstruction loss (Science 313, 2006).

    The denoising (Vincent et al., ICML 2008), sparse (Ng, CS294A), contractive (Rifai et al.,
    ICML 2011) and regularised (arXiv 1903.12436) autoencoders are settings of it. Under the
    sparsity of mean activations the code is σ(E(x)).
    """

    averaged = ("encoder", "decoder")
    has_prior = False

    def losses(self) -> Mapping[str, PhaseLoss]:
        """One phase."""
        return {"autoencoder": self._reconstruct}

    def _reconstruct(self, batch: Batch) -> Loss:
        options, x = self.options, batch.x
        seen = self._spoiled(x, batch.rng)
        if options.contraction != "none":
            seen = seen.detach().requires_grad_()
        z = self.encode(seen)
        out = self.networks["decoder"](z)
        terms = {"rec-x": Term(LOSSES[options.loss](x, out))}
        if options.sparsity != "none":
            terms["sparsity"] = Term(self._sparsity(z), options.sparsity_weight)
        if options.contraction != "none":
            value = (
                regularisers.squared_jacobian(z, seen)
                if options.contraction == "exact"
                else regularisers.estimated_squared_jacobian(z, seen, batch.rng)
            )
            terms["contraction"] = Term(value, options.contraction_weight)
        if options.code_penalty:
            terms["code-length"] = Term(regularisers.squared_length(z), options.code_weight)
        if options.decoder_penalty == "weights":
            value = regularisers.squared_weights(self.networks["decoder"].parameters())
            terms["smoothness"] = Term(value, options.decoder_weight)
        if options.decoder_penalty == "slope":
            value = regularisers.estimated_squared_jacobian(out, z, batch.rng)
            terms["smoothness"] = Term(value, options.decoder_weight)
        return Loss(terms, {})

    def _spoiled(self, x: Tensor, rng: torch.Generator) -> Tensor:
        """What the encoder sees of x."""
        options = self.options
        if options.corruption == "noise":
            return regularisers.noised(x, options.noise, rng)
        if options.corruption == "mask":
            # the darkest value there is, or the mean of data without bounds
            blank = 0.0 if self.data.low is None else self.data.low
            return regularisers.blanked(x, options.mask, blank, rng)
        return x

    def _sparsity(self, z: Tensor) -> Tensor:
        if self.options.sparsity == "kl":
            return regularisers.bernoulli_sparsity(z, self.options.activation)
        return regularisers.absolute_sparsity(z)

    def encode(self, x: Tensor) -> Tensor:
        """ẑ = E(x), or σ(E(x))."""
        z = self.networks["encoder"](x)
        return torch.sigmoid(z) if self.options.sparsity == "kl" else z

    def generate(self, z: Tensor) -> Tensor:
        """G(z); under cross-entropy the decoder's logits become probabilities.

        Activations beyond 0 and 1, which no encoder gives, count as 0 and 1.
        """
        if self.options.sparsity == "kl":
            z = z.clamp(0, 1)
        return self._pictured(self.networks["decoder"](z))

    def _pictured(self, out: Tensor) -> Tensor:
        return torch.sigmoid(out) if self.options.loss == "cross-entropy" else out

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """The reconstruction loss as in training, and the squared error of clean data."""
        G = self.networks["decoder"]
        seen = self._spoiled(x, rng)
        out = G(self.encode(seen))
        clean = out if seen is x else G(self.encode(x))
        return {
            "rec-x": LOSSES[self.options.loss](x, out),
            "mse": mean_squared_error(x, self._pictured(clean)),
        }
