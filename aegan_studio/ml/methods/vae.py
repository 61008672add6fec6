"""The variational autoencoder: L = −E_q[log p(x|z)] + β KL(q(z|x) ‖ p(z)), and kin."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from aegan_studio.ml.methods.base import Batch, Loss, PhaseLoss, Term
from aegan_studio.ml.methods.decomposition import decompose
from aegan_studio.ml.methods.reconstruction import gaussian_kl, reparameterise
from aegan_studio.ml.methods.variational import Variational


class VAE(Variational):
    """The VAE (arXiv 1312.6114), its β-, capacity and β-TC variants.

    Respectively Higgins et al., ICLR 2017; arXiv 1804.03599; arXiv 1802.04942.
    """

    def losses(self) -> Mapping[str, PhaseLoss]:
        """One phase."""
        return {"autoencoder": self._bound}

    def _bound(self, batch: Batch) -> Loss:
        options, x = self.options, batch.x
        mean, log_variance = self.posterior(x)
        z = reparameterise(mean, log_variance, batch.rng)
        reconstruction = self.reconstruction(x, z)
        terms, signals = {"rec-x": Term(reconstruction)}, {}
        if options.divergence == "decomposed":
            information, correlation, marginals = decompose(z, mean, log_variance, self.items)
            terms["information"] = Term(information, options.information_weight)
            terms["correlation"] = Term(correlation, options.correlation_weight)
            terms["marginals"] = Term(marginals, options.marginals_weight)
            if not batch.measure:
                return Loss(terms, signals)
        divergence = gaussian_kl(mean, log_variance)
        if options.divergence == "whole":
            terms["kl"] = Term(divergence, options.beta)
        if options.divergence == "capacity":
            capacity = self.capacity(batch)
            terms["excess"] = Term((divergence - capacity).abs(), options.capacity_weight)
            signals["capacity"] = torch.full((), capacity, device=x.device)
        if batch.measure:
            if options.divergence != "whole":
                signals["kl"] = divergence
            signals["bound"] = reconstruction.detach() + divergence.detach() + self.constant()
        return Loss(terms, signals)

    def capacity(self, batch: Batch) -> float:
        """C at a step: rises evenly from 0 over the chosen share of the run, in nats."""
        options = self.options
        rising = options.capacity_share * batch.steps
        reached = 1.0 if rising <= batch.step else batch.step / rising
        goal: float = options.capacity
        return goal * reached
