"""The variational autoencoder: L = −E_q[log p(x|z)] + β KL(q(z|x) ‖ p(z)), and kin."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from aegan_studio.ml.methods.base import Batch, Loss, PhaseLoss, Term
from aegan_studio.ml.methods.decomposition import decompose, log_normal
from aegan_studio.ml.methods.reconstruction import gaussian_kl, reparameterise
from aegan_studio.ml.methods.variational import Variational

EVALUATED = 4096
"""Codes decoded at once while measuring."""


class VAE(Variational):
    """The VAE (arXiv 1312.6114), its β-, capacity, β-TC and importance-weighted variants.

    Respectively Higgins et al., ICLR 2017; arXiv 1804.03599; 1802.04942; 1509.00519.
    """

    def losses(self) -> Mapping[str, PhaseLoss]:
        """One phase."""
        return {"autoencoder": self._minimise}

    def _minimise(self, batch: Batch) -> Loss:
        if self.options.divergence == "importance":
            return self._importance(batch)
        return self._bound(batch)

    def _bound(self, batch: Batch) -> Loss:
        options, x = self.options, batch.x
        mean, log_variance = self.posterior(x)
        z = reparameterise(mean, log_variance, batch.rng)
        reconstruction = self.reconstruction(x, z)
        terms = {"rec-x": Term(reconstruction)}
        signals: dict[str, Tensor] = {}
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

    def _importance(self, batch: Batch) -> Loss:
        x = batch.x
        mean, log_variance = self.posterior(x)
        log_w, reconstruction = self._log_weights(x, mean, log_variance, batch.rng)
        terms = {"importance": Term(averaged_bound(log_w))}
        signals: dict[str, Tensor] = {}
        if batch.measure:
            signals["rec-x"] = reconstruction.mean()
            signals["kl"] = gaussian_kl(mean, log_variance)
            signals["bound"] = terms["importance"].value + self.constant()
        return Loss(terms, signals)

    def _log_weights(
        self, x: Tensor, mean: Tensor, log_variance: Tensor, rng: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """log p(x, zᵢ) − log q(zᵢ|x) for every draw, and −log p(x|zᵢ), both (draws, N).

        Without :meth:`constant`.
        """
        draws = self.options.draws
        shape = (draws, *mean.shape)
        z = reparameterise(mean.expand(shape), log_variance.expand(shape), rng)
        items = x.expand(draws, *x.shape).flatten(0, 1)
        reconstruction = self.reconstruction_each(items, z.flatten(0, 1)).view(draws, -1)
        log_p = log_normal(z, torch.zeros_like(z), torch.zeros_like(z)).sum(2)
        log_q = log_normal(z, mean, log_variance).sum(2)
        return log_p - log_q - reconstruction, reconstruction

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """As of a VAE; the bound is that of several draws where training's is."""
        values = super().evaluate(x, rng)
        if self.options.divergence == "importance":
            # several draws of all held-out items at once would take much memory
            at_once = max(1, EVALUATED // self.options.draws)
            pieces = [
                self._log_weights(part, *self.posterior(part), rng)[0]
                for part in torch.split(x, at_once)
            ]
            values["bound"] = averaged_bound(torch.cat(pieces, 1)) + self.constant()
        return values

    def capacity(self, batch: Batch) -> float:
        """C at a step: rises evenly from 0 over the chosen share of the run, in nats."""
        options = self.options
        rising = options.capacity_share * batch.steps
        reached = 1.0 if rising <= batch.step else batch.step / rising
        goal: float = options.capacity
        return goal * reached


def averaged_bound(log_w: Tensor) -> Tensor:
    """−log 1/k Σᵢ wᵢ of weights (k, N), mean over the items (arXiv 1509.00519, eq. 8)."""
    return math.log(len(log_w)) - torch.logsumexp(log_w, 0).mean()
