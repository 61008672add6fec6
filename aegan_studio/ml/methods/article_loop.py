"""The article's GAN program, its mistakes switched one by one (losses of arXiv 1406.2661).

With a the logit of D, binary cross-entropy is softplus(−a) for the label 1 and softplus(a) for
the label 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from aegan_studio.experiment.parts import DataInfo
from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss, Term
from aegan_studio.ml.networks.network import Network


class ArticleLoop(Method):
    """Generator G against discriminator D, or what the article printed in its place."""

    averaged = ("generator",)

    def __init__(self, options: Any, networks: Mapping[str, Network], data: DataInfo) -> None:
        super().__init__(options, networks, data)
        self.state["begun"] = _weights(networks["generator"])

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The discriminator's phase and the generator's."""
        return {"discriminator": self._discriminate, "generator": self._deceive}

    def _discriminate(self, batch: Batch) -> Loss:
        options, D = self.options, self.networks["discriminator"]
        x_hat = self._made(batch)
        real = x_hat if options.real_unused else batch.x
        if options.same_samples:
            a_real = a_fake = D(real)
        else:
            fake = self._made(batch) if options.real_unused else x_hat
            if D.mixes_batch:  # batch norm must see the two apart
                a_real, a_fake = D(real), D(fake)
            else:
                a_real, a_fake = D(torch.cat((real, fake))).chunk(2)
        if batch.notes is not None:
            for thing, a in zip(options.shown, (a_real, a_fake), strict=True):
                batch.note(f"discriminator({thing})", a.sigmoid())
        loss_real, loss_fake = F.softplus(-a_real).mean(), F.softplus(a_fake).mean()
        signals = {}
        if batch.measure:
            printed = loss_real if options.half_printed else loss_real + loss_fake
            signals["printed-d"] = printed.detach()
        return Loss({"loss-real": Term(loss_real), "loss-fake": Term(loss_fake)}, signals)

    def _made(self, batch: Batch) -> Tensor:
        """Samples without gradient: the article lets it run on into G, and clears it unused."""
        with torch.no_grad():
            x_hat: Tensor = self.networks["generator"](self.prior(batch.size, batch.rng))
        return x_hat

    def _deceive(self, batch: Batch) -> Loss:
        options = self.options
        G, D = self.networks["generator"], self.networks["discriminator"]
        if options.detached:
            # the article's G has no gradient; one of zeros lets the update go through
            nothing = min(G.parameters(), key=Tensor.numel).sum() * 0
            a = D(self._made(batch)) + nothing
        else:
            a = D(G(self.prior(batch.size, batch.rng)))
        if batch.notes is not None:
            batch.note("discriminator(x-hat)", a.sigmoid())
        loss = F.softplus(a if options.target_zero else -a).mean()
        signals = {}
        if batch.measure:
            with torch.no_grad():
                moved = _weights(G) - self.state["begun"]
                signals["moved-g"] = torch.linalg.vector_norm(moved)
        return Loss({"loss-g": Term(loss)}, signals)

    def generate(self, z: Tensor) -> Tensor:
        """x̂ = G(z)."""
        return self.networks["generator"](z)


def _weights(network: Network) -> Tensor:
    """All weights in one row, copied."""
    return torch.cat([weight.detach().flatten() for weight in network.parameters()])
