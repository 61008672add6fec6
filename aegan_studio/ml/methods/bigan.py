"""BiGAN (arXiv 1605.09782) and ALI (arXiv 1606.00704)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from aegan_studio.experiment.parts import DataInfo
from aegan_studio.ml.methods import adversarial, joined
from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss, Term
from aegan_studio.ml.methods.reconstruction import mean_squared_error, reparameterise
from aegan_studio.ml.networks.network import Network


class BiGAN(Method):
    """Encoder E and generator G against a discriminator D of pairs.

    (x, E(x)) plays real, (G(z), z) generated. E and G minimise the same game with the answers
    swapped (1605.09782, §3.4). The generator's loss moves G alone and the encoder's E alone, as
    neither sees the other's pairs.
    """

    averaged = ("encoder", "generator")

    def __init__(self, options: Any, networks: Mapping[str, Network], data: DataInfo) -> None:
        super().__init__(options, networks, data)
        self.state = {joined.PENALTIES_DUE: adversarial.counter()}

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The discriminator's phase, and that of encoder and generator."""
        return {"discriminator": self._discriminate, "generator": self._deceive}

    def _pairs(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """x, ẑ, x̂, z as the discriminator sees them."""
        x, rng = batch.x, batch.rng
        z_hat, z = self._draw_code(x, rng), self.prior(batch.size, rng)
        x_hat = self.networks["generator"](z)
        x, z_hat, x_hat, z = (
            adversarial.blurred(self.options, part, rng) for part in (x, z_hat, x_hat, z)
        )
        return x, z_hat, x_hat, z

    def _draw_code(self, x: Tensor, rng: torch.Generator) -> Tensor:
        """ẑ ~ q(z|x), or E(x)."""
        code = self.networks["encoder"](x)
        if self.options.posterior == "deterministic":
            return code
        mean, log_variance = code.chunk(2, dim=1)
        return reparameterise(mean, log_variance, rng)

    def _discriminate(self, batch: Batch) -> Loss:
        D, options = self.networks["discriminator"], self.options
        with torch.no_grad():
            x, z_hat, x_hat, z = self._pairs(batch)
        a_real, a_fake = joined.judged(D, x, x_hat, z_hat, z)
        penalty = None
        if adversarial.due(options, self.state[joined.PENALTIES_DUE]):
            penalty = adversarial.penalty(
                options,
                joined.on_rows(D, self.data.shape),
                joined.rows(x, z_hat),
                joined.rows(x_hat, z),
                batch.rng,
            )
        self._note(batch, a_real, a_fake)
        value = adversarial.discriminate(options, a_real, a_fake)
        return joined.discriminator_loss(options, batch, value, (a_real, a_fake), penalty)

    def _deceive(self, batch: Batch) -> Loss:
        x, z_hat, x_hat, z = self._pairs(batch)
        a_real, a_fake = joined.judged(self.networks["discriminator"], x, x_hat, z_hat, z)
        self._note(batch, a_real, a_fake)
        terms = {
            "loss-e": Term(joined.surrender(self.options, a_real, a_fake)),
            "loss-g": Term(adversarial.deceive(self.options, a_fake, a_real)),
        }
        return Loss(terms, {})

    def _note(self, batch: Batch, a_real: Tensor, a_fake: Tensor) -> None:
        logits = {"x+z-hat": a_real, "x-hat+z": a_fake}
        adversarial.note(self.options, batch, "discriminator", logits)

    def after(self, phase: str, batch: Batch) -> None:
        """Clip the discriminator's weights."""
        del batch
        if phase == "discriminator":
            adversarial.clip_weights(self.options, self.networks["discriminator"])

    def encode(self, x: Tensor) -> Tensor:
        """E(x); the mean where the encoder gives a distribution."""
        code: Tensor = self.networks["encoder"](x)
        return code[:, : self.code_dim]

    def generate(self, z: Tensor) -> Tensor:
        """x̂ = G(z)."""
        return self.networks["generator"](z)

    def critic(self, x: Tensor) -> Tensor:
        """D(x, E(x)), (B, 1)."""
        return self.networks["discriminator"](x, self.encode(x))

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """The error of reconstructions, which training never sees."""
        del rng
        return {"mse": mean_squared_error(x, self.generate(self.encode(x)))}
