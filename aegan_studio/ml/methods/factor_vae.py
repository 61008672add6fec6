"""FactorVAE: a VAE with an adversarial estimate of its codes' total correlation."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from aegan_studio.ml.methods import adversarial
from aegan_studio.ml.methods.base import Batch, Loss, PhaseLoss, Term
from aegan_studio.ml.methods.reconstruction import gaussian_kl, reparameterise
from aegan_studio.ml.methods.variational import Variational


def permuted(z: Tensor, rng: torch.Generator) -> Tensor:
    """Codes (N, d) with every value exchanged between items by a permutation of its own.

    Their distribution is that of independent values with the same marginals (arXiv 1802.05983,
    algorithm 1).
    """
    order = torch.rand(z.shape, generator=rng, device=z.device).argsort(0)
    return z.gather(0, order)


class FactorVAE(Variational):
    """Encoder, decoder, and a critic D whose logit estimates log q(z) − log Πⱼ q(zⱼ)."""

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The autoencoder's phase, then the critic's."""
        return {"autoencoder": self._bound, "latent_discriminator": self._discriminate}

    def _bound(self, batch: Batch) -> Loss:
        x = batch.x
        mean, log_variance = self.posterior(x)
        z = reparameterise(mean, log_variance, batch.rng)
        reconstruction, divergence = self.reconstruction(x, z), gaussian_kl(mean, log_variance)
        a = self.networks["latent_discriminator"](z)
        terms = {
            "rec-x": Term(reconstruction),
            "kl": Term(divergence),
            # log D − log(1 − D) of D = σ(a) is the logit a
            "correlation": Term(a.mean(), self.options.gamma),
        }
        if batch.notes is not None:
            batch.note("latent_discriminator(z-hat)", a.sigmoid())
        signals = {}
        if batch.measure:
            signals["bound"] = reconstruction.detach() + divergence.detach() + self.constant()
        return Loss(terms, signals)

    def _discriminate(self, batch: Batch) -> Loss:
        D = self.networks["latent_discriminator"]
        with torch.no_grad():
            # codes of two independent batches, as in the paper
            z, other = self.drawn(torch.cat((batch.x, batch.another())), batch.rng).chunk(2)
            shuffled = permuted(other, batch.rng)
        if D.mixes_batch:
            a_joint, a_shuffled = D(z), D(shuffled)
        else:
            a_joint, a_shuffled = D(torch.cat((z, shuffled))).chunk(2)
        if batch.notes is not None:
            batch.note("latent_discriminator(z-hat)", a_joint.sigmoid())
            batch.note("latent_discriminator(z-bar)", a_shuffled.sigmoid())
        loss = 0.5 * (F.softplus(-a_joint).mean() + F.softplus(a_shuffled).mean())
        signals = {"right-z": adversarial.share_right(a_joint, a_shuffled)} if batch.measure else {}
        return Loss({"loss-d-z": Term(loss)}, signals)
