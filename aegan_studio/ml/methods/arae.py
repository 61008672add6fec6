"""The adversarially regularised autoencoder (arXiv 1706.04223)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from aegan_studio.experiment.parts import DataInfo
from aegan_studio.ml.methods import adversarial, joined
from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss, Term
from aegan_studio.ml.methods.reconstruction import mean_absolute_error, mean_squared_error
from aegan_studio.ml.networks.network import Network

DISTANCES = {"mse": mean_squared_error, "l1": mean_absolute_error}


class ARAE(Method):
    """Encoder E and decoder G; generator g and discriminator D_z of codes (algorithm 1).

    E and G minimise the reconstruction error; D_z tells E(x), which plays real, from g(s), s
    standard normal; then g wants its codes taken for E's, and E its own for g's, with a small
    weight. In the Wasserstein game g minimises −D_z(g(s)) and E +λ D_z(E(x)): both reduce the
    distance that D_z measures.
    """

    averaged = ("encoder", "decoder", "latent_generator")

    def __init__(self, options: Any, networks: Mapping[str, Network], data: DataInfo) -> None:
        super().__init__(options, networks, data)
        self.state = {joined.PENALTIES_DUE: adversarial.counter()}

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The phases of the autoencoder, of the discriminator, and of what it judges."""
        return {
            "autoencoder": self._rebuild,
            "latent_discriminator": self._discriminate,
            "latent_generator": self._deceive,
        }

    def _rebuild(self, batch: Batch) -> Loss:
        x = batch.x
        distance = DISTANCES[self.options.reconstruction]
        return Loss({"rec-x": Term(distance(x, self.generate(self.encode(x))))}, {})

    def _discriminate(self, batch: Batch) -> Loss:
        options, D = self.options, self.networks["latent_discriminator"]
        with torch.no_grad():
            real, fake = self.encode(batch.x), self.prior(batch.size, batch.rng)
            real = adversarial.blurred(options, real, batch.rng)
            fake = adversarial.blurred(options, fake, batch.rng)
        logits = joined.judged(D, real, fake)
        penalty = None
        if adversarial.due(options, self.state[joined.PENALTIES_DUE]):
            penalty = adversarial.penalty(options, D, real, fake, batch.rng)
        self._note(batch, *logits)
        value = adversarial.discriminate(options, *logits)
        return joined.discriminator_loss(options, batch, value, logits, penalty)

    def _deceive(self, batch: Batch) -> Loss:
        options, D = self.options, self.networks["latent_discriminator"]
        real, fake = self.encode(batch.x), self.prior(batch.size, batch.rng)
        real = adversarial.blurred(options, real, batch.rng)
        fake = adversarial.blurred(options, fake, batch.rng)
        a_real, a_fake = joined.judged(D, real, fake)
        self._note(batch, a_real, a_fake)
        terms = {
            "loss-g": Term(adversarial.deceive(options, a_fake, a_real)),
            "loss-e": Term(joined.surrender(options, a_real, a_fake), options.encoder_weight),
        }
        return Loss(terms, {})

    def _note(self, batch: Batch, a_real: Tensor, a_fake: Tensor) -> None:
        logits = {"z-hat": a_real, "z": a_fake}
        adversarial.note(self.options, batch, "latent_discriminator", logits)

    def after(self, phase: str, batch: Batch) -> None:
        """Clip the discriminator's weights."""
        del batch
        if phase == "latent_discriminator":
            adversarial.clip_weights(self.options, self.networks["latent_discriminator"])

    def noise(self, n: int, rng: torch.Generator) -> Tensor:
        """s, standard normal (n, noise size)."""
        return torch.randn(n, self.options.noise_dim, generator=rng, device=rng.device)

    def codes(self, noise: Tensor) -> Tensor:
        """z = g(s)."""
        return self._placed(self.networks["latent_generator"](noise))

    def _placed(self, z: Tensor) -> Tensor:
        """On the sphere of radius √d where the options ask for it."""
        if not self.options.sphere:
            return z
        return torch.nn.functional.normalize(z, dim=1) * math.sqrt(z.shape[1])

    def encode(self, x: Tensor) -> Tensor:
        """ẑ = E(x)."""
        return self._placed(self.networks["encoder"](x))

    def generate(self, z: Tensor) -> Tensor:
        """G(z)."""
        return self.networks["decoder"](z)

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """The reconstruction error, and its square whatever the loss is."""
        del rng
        x_tilde = self.generate(self.encode(x))
        values = {"mse": mean_squared_error(x, x_tilde)}
        if self.options.reconstruction != "mse":
            values["rec-x"] = DISTANCES[self.options.reconstruction](x, x_tilde)
        return values
