"""EBGAN (arXiv 1609.03126): the discriminator gives an energy, its error at rebuilding."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss, Shown, Term
from aegan_studio.ml.methods.energy import by_energy


class EBGAN(Method):
    """L_D = ℓ(x) + [m − ℓ(x̂)]⁺ (eq. 1), L_G = ℓ(x̂) + λ f_PT (eq. 2 and 4)."""

    averaged = ("generator",)

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The discriminator's phase and the generator's."""
        return {"discriminator": self._discriminate, "generator": self._deceive}

    def _discriminate(self, batch: Batch) -> Loss:
        x = batch.x
        with torch.no_grad():
            x_hat = self.networks["generator"](self.prior(batch.size, batch.rng))
        halves = (self.networks["discriminator"], self.networks["rebuilder"])
        if any(half.mixes_batch for half in halves):
            real, fake = self.energy(x)[0], self.energy(x_hat)[0]
        else:
            energies = self.energy(torch.cat((x, x_hat)))[0]
            real, fake = energies[: batch.size], energies[batch.size :]
        hinge = F.relu(self.options.margin - fake).mean()
        return Loss({"energy-x": Term(real.mean()), "hinge-x-hat": Term(hinge)}, {})

    def _deceive(self, batch: Batch) -> Loss:
        x_hat = self.networks["generator"](self.prior(batch.size, batch.rng))
        energies, s = self.energy(x_hat)
        return Loss(
            {
                "loss-g": Term(energies.mean()),
                "pull-away": Term(pulling_away(s), self.options.pull_away),
            },
            {},
        )

    def energy(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """ℓ(x), each item’s mean squared error (B,), and the critic’s codes (B, d)."""
        s = self.networks["discriminator"](x)
        off = self.networks["rebuilder"](s) - x
        return off.square().flatten(1).mean(1), s

    def generate(self, z: Tensor) -> Tensor:
        """x̂ = G(z)."""
        return self.networks["generator"](z)

    def exhibits(self, train: Tensor, held_out: Tensor) -> Mapping[str, Shown]:
        """Held-out items, training items where there are none, and samples by their energy."""
        x = held_out if len(held_out) else train
        return by_energy(self, x, lambda items: self.energy(items)[0])

    def critic(self, x: Tensor) -> Tensor:
        """−ℓ(x), (B, 1): high where D takes items for real."""
        return -self.energy(x)[0][:, None]


def pulling_away(s: Tensor) -> Tensor:
    """f_PT = Σ_{i≠j} cos²(s_i, s_j) / (N (N − 1)) of codes (N, d), a scalar."""
    count = len(s)
    directions = F.normalize(s, dim=1)
    cosines = directions @ directions.T
    # what an item has in common with itself is taken off again
    own = cosines.diagonal().square().sum()
    return (cosines.square().sum() - own) / max(1, count * (count - 1))
