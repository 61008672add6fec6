"""GANomaly (arXiv 1805.06725)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from aegan_studio.experiment.parts import DataInfo
from aegan_studio.ml.methods import adversarial, joined
from aegan_studio.ml.methods.base import (
    MOST_SHOWN,
    Batch,
    Loss,
    Method,
    PhaseLoss,
    Shown,
    Term,
    ranked,
)
from aegan_studio.ml.methods.reconstruction import mean_absolute_error, mean_squared_error
from aegan_studio.ml.networks.network import Network


class GANomaly(Method):
    """Encoder E, decoder G, second encoder E₂ and discriminator D (§3.2).

    With x̃ = G(E(x)), the first three minimise, each distance a mean over values and batch,
    w_f‖D_l(x) − D_l(x̃)‖² + w_x|x − x̃| + w_z‖E(x) − E₂(x̃)‖²; D half the loss of telling x from x̃.
    """

    averaged = ("encoder", "decoder", "second_encoder")
    has_prior = False

    def __init__(self, options: Any, networks: Mapping[str, Network], data: DataInfo) -> None:
        super().__init__(options, networks, data)
        self.state = {joined.PENALTIES_DUE: adversarial.counter()}

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The autoencoder's phase, and the discriminator's."""
        return {"autoencoder": self._rebuild, "discriminator": self._discriminate}

    def _rebuild(self, batch: Batch) -> Loss:
        x, options, D = batch.x, self.options, self.networks["discriminator"]
        code = self.encode(x)
        x_tilde = self.generate(code)
        with torch.no_grad():
            wanted, _ = D.features(adversarial.blurred(options, x, batch.rng))
        found, a = D.features(adversarial.blurred(options, x_tilde, batch.rng))
        adversarial.note(options, batch, "discriminator", {"x-tilde": a})
        again = self.networks["second_encoder"](x_tilde)
        terms = {
            "features": Term(mean_squared_error(wanted, found), options.features_weight),
            "rec-x": Term(mean_absolute_error(x, x_tilde), options.pixel_weight),
            "rec-z": Term(mean_squared_error(code, again), options.code_weight),
        }
        return Loss(terms, {})

    def _discriminate(self, batch: Batch) -> Loss:
        x, options, D = batch.x, self.options, self.networks["discriminator"]
        with torch.no_grad():
            x_tilde = adversarial.blurred(options, self.generate(self.encode(x)), batch.rng)
            x = adversarial.blurred(options, x, batch.rng)
        logits = joined.judged(D, x, x_tilde)
        penalty = None
        if adversarial.due(options, self.state[joined.PENALTIES_DUE]):
            penalty = adversarial.penalty(options, D, x, x_tilde, batch.rng)
        said = dict(zip(("x", "x-tilde"), logits, strict=True))
        adversarial.note(options, batch, "discriminator", said)
        value = adversarial.discriminate(options, *logits)
        return joined.discriminator_loss(options, batch, value, logits, penalty, weight=0.5)

    def after(self, phase: str, batch: Batch) -> None:
        """Clip the discriminator's weights."""
        del batch
        if phase == "discriminator":
            adversarial.clip_weights(self.options, self.networks["discriminator"])

    def encode(self, x: Tensor) -> Tensor:
        """ẑ = E(x)."""
        return self.networks["encoder"](x)

    def generate(self, z: Tensor) -> Tensor:
        """G(z)."""
        return self.networks["decoder"](z)

    def anomaly(self, x: Tensor) -> Tensor:
        """‖E(x) − E₂(x̃)‖, (B,): the authors' program ranks by its square."""
        code = self.encode(x)
        again = self.networks["second_encoder"](self.generate(code))
        return (code - again).square().sum(1).sqrt()

    def exhibits(self, train: Tensor, held_out: Tensor) -> Mapping[str, Shown]:
        """Held-out items, training items where there are none, the most anomalous first."""
        x = (held_out if len(held_out) else train)[:MOST_SHOWN]
        return {"anomalies": ranked(x, self.anomaly(x))}

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """The distances of data and of codes, and the squared error."""
        del rng
        code = self.encode(x)
        x_tilde = self.generate(code)
        return {
            "rec-x": mean_absolute_error(x, x_tilde),
            "rec-z": mean_squared_error(code, self.networks["second_encoder"](x_tilde)),
            "mse": mean_squared_error(x, x_tilde),
        }
