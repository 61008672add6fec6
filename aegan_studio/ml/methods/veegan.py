"""VEEGAN (arXiv 1705.07761)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from aegan_studio.experiment.parts import DataInfo
from aegan_studio.ml.methods import adversarial, joined
from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss, Term
from aegan_studio.ml.methods.reconstruction import mean_squared_error
from aegan_studio.ml.networks.network import Network


class VEEGAN(Method):
    """Generator G, reconstructor F of noise, discriminator D of pairs (algorithm 1).

    (x, F(x)) plays real, (G(z), z) generated. Here as in every method a positive logit means real;
    the paper's D is the negative of ours. With ours

    - D minimises −log σ(D(x, F(x))) − log(1 − σ(D(G(z), z)));
    - G minimises −D(G(z), z) + λ‖z − F(G(z))‖², as D estimates the log-ratio of its bound;
    - F minimises ‖z − F(G(z))‖² alone: λ leaves its minimum where it is.

    The paper computes all gradients before any update. Here D's update comes first, then that of G
    and F against the new D, on draws of their own, as is usual for GANs.
    """

    averaged = ("generator", "encoder")

    def __init__(self, options: Any, networks: Mapping[str, Network], data: DataInfo) -> None:
        super().__init__(options, networks, data)
        self.state = {joined.PENALTIES_DUE: adversarial.counter()}

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The discriminator's phase, and that of generator and reconstructor."""
        return {"discriminator": self._discriminate, "generator": self._deceive}

    def _discriminate(self, batch: Batch) -> Loss:
        D, options, rng = self.networks["discriminator"], self.options, batch.rng
        with torch.no_grad():
            x, z = batch.x, self.prior(batch.size, rng)
            z_hat, x_hat = self.networks["encoder"](x), self.networks["generator"](z)
            x, z_hat, x_hat, z = (
                adversarial.blurred(options, part, rng) for part in (x, z_hat, x_hat, z)
            )
        a_real, a_fake = joined.judged(D, x, x_hat, z_hat, z)
        penalty = None
        if adversarial.due(options, self.state[joined.PENALTIES_DUE]):
            judge = joined.on_rows(D, self.data.shape)
            pairs = joined.rows(x, z_hat), joined.rows(x_hat, z)
            penalty = adversarial.penalty(options, judge, *pairs, rng)
        said = {"x+z-hat": a_real, "x-hat+z": a_fake}
        adversarial.note(options, batch, "discriminator", said)
        value = adversarial.discriminate(options, a_real, a_fake)
        return joined.discriminator_loss(options, batch, value, (a_real, a_fake), penalty)

    def _deceive(self, batch: Batch) -> Loss:
        options, rng = self.options, batch.rng
        D, F = self.networks["discriminator"], self.networks["encoder"]
        z = self.prior(batch.size, rng)
        x_hat = self.networks["generator"](z)
        seen = adversarial.blurred(options, x_hat, rng), adversarial.blurred(options, z, rng)
        a_fake = D(*seen)
        adversarial.note(options, batch, "discriminator", {"x-hat+z": a_fake})
        terms = {
            "loss-g": Term(self._reached(batch, a_fake)),
            "rec-z": Term(squared_distance(z, F(x_hat)), options.noise_weight),
        }
        return Loss(terms, {})

    def _reached(self, batch: Batch, a_fake: Tensor) -> Tensor:
        options = self.options
        if options.generator_loss == "log-ratio":
            return -a_fake.mean()
        a_real = None
        if adversarial.relates(options):
            with torch.no_grad():
                x = batch.x
                pair = x, self.networks["encoder"](x)
                seen = (adversarial.blurred(options, part, batch.rng) for part in pair)
                a_real = self.networks["discriminator"](*seen)
                adversarial.note(options, batch, "discriminator", {"x+z-hat": a_real})
        return adversarial.deceive(options, a_fake, a_real)

    def after(self, phase: str, batch: Batch) -> None:
        """Clip the discriminator's weights."""
        del batch
        if phase == "discriminator":
            adversarial.clip_weights(self.options, self.networks["discriminator"])

    def encode(self, x: Tensor) -> Tensor:
        """F(x)."""
        return self.networks["encoder"](x)

    def generate(self, z: Tensor) -> Tensor:
        """x̂ = G(z)."""
        return self.networks["generator"](z)

    def critic(self, x: Tensor) -> Tensor:
        """D(x, F(x)), (B, 1)."""
        return self.networks["discriminator"](x, self.encode(x))

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """How well noise is found again, and the error of G(F(x)), which training never sees."""
        z = self.prior(len(x), rng)
        return {
            "rec-z": squared_distance(z, self.encode(self.generate(z))),
            "mse": mean_squared_error(x, self.generate(self.encode(x))),
        }


def squared_distance(z: Tensor, other: Tensor) -> Tensor:
    """‖z − z′‖² summed over values, mean over the batch."""
    return (z - other).square().sum() / len(z)
