"""BEGAN (arXiv 1703.10717): the discriminator is an autoencoder, kept in balance by k."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from aegan_studio.experiment.parts import DataInfo
from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss, Shown, Term
from aegan_studio.ml.methods.energy import by_energy
from aegan_studio.ml.networks.network import Network


class BEGAN(Method):
    """L_D = ℓ(x) − k ℓ(x̂), L_G = ℓ(x̂), k ← k + λ(γ ℓ(x) − ℓ(x̂)) within [0, 1]; ℓ(v) = |v − D(v)|.

    k is moved by the errors that D's update has measured.
    """

    averaged = ("generator",)

    def __init__(self, options: Any, networks: Mapping[str, Network], data: DataInfo) -> None:
        super().__init__(options, networks, data)
        device = next(networks["generator"].parameters()).device
        self.state["k"] = torch.zeros((), device=device)
        self._balance = torch.zeros((), device=device)

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The generator's phase and the discriminator's."""
        return {"generator": self._deceive, "discriminator": self._discriminate}

    def _deceive(self, batch: Batch) -> Loss:
        x_hat = self.networks["generator"](self.prior(batch.size, batch.rng))
        return Loss({"loss-g": Term(self.energy(x_hat).mean())}, {})

    def _discriminate(self, batch: Batch) -> Loss:
        x, k, gamma = batch.x, self.state["k"], self.options.gamma
        with torch.no_grad():
            x_hat = self.networks["generator"](self.prior(batch.size, batch.rng))
        if self.networks["discriminator"].mixes_batch:
            real, fake = self.energy(x).mean(), self.energy(x_hat).mean()
        else:
            energies = self.energy(torch.cat((x, x_hat)))
            real, fake = energies[: batch.size].mean(), energies[batch.size :].mean()
        self._balance = gamma * real.detach() - fake.detach()
        signals = {}
        if batch.measure:
            signals = {"k": k.clone(), "convergence": real.detach() + self._balance.abs()}
        # a copy: k moves in place before the next update, the graph must not see it
        return Loss({"energy-x": Term(real), "energy-x-hat": Term(fake * -k.clone())}, signals)

    @torch.no_grad()
    def after(self, phase: str, batch: Batch) -> None:
        """k ← clip(k + λ(γ ℓ(x) − ℓ(x̂)), 0, 1)."""
        del batch
        if phase == "discriminator":
            k = self.state["k"]
            k.add_(self._balance, alpha=self.options.k_rate).clamp_(0, 1)

    def energy(self, x: Tensor) -> Tensor:
        """ℓ(x) = |x − D(x)|, mean over the values of each item, (B,)."""
        return (x - self.networks["discriminator"](x)).abs().flatten(1).mean(1)

    def generate(self, z: Tensor) -> Tensor:
        """x̂ = G(z)."""
        return self.networks["generator"](z)

    def exhibits(self, train: Tensor, held_out: Tensor) -> Mapping[str, Shown]:
        """Held-out items, training items where there are none, and samples by their energy."""
        x = held_out if len(held_out) else train
        return by_energy(self, x, self.energy)

    def critic(self, x: Tensor) -> Tensor:
        """−ℓ(x), (B, 1): high where D takes items for real."""
        return -self.energy(x)[:, None]
