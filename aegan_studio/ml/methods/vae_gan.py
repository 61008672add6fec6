"""The VAE-GAN (arXiv 1512.09300)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from aegan_studio.catalog.methods.adversarial import Adversarial
from aegan_studio.experiment.parts import DataInfo
from aegan_studio.ml.methods import adversarial, joined
from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss, Term
from aegan_studio.ml.methods.reconstruction import (
    gaussian_kl,
    gaussian_nll,
    mean_squared_error,
    reparameterise,
)
from aegan_studio.ml.networks.network import Network

EQUILIBRIUM = 0.68
"""The cost about which the authors' program balances the players; ln 2 is a coin toss."""


class VAEGAN(Method):
    """Encoder E, decoder G that is also a generator, discriminator D (§3, algorithm 1).

    With x̃ = G(z), z ~ q(z|x), and x̂ = G(z′), z′ ~ p(z), each network minimises its own:

    - D: L_D = −log D(x) − log(1 − D(x̃)) − log(1 − D(x̂));
    - E: β KL(q(z|x) ‖ p(z)) + f, where f = ½‖D_l(x) − D_l(x̃)‖²;
    - G: γ f + L_adv; in the minimax game L_adv = −L_D, but for what does not depend on G.

    The adversarial loss does not reach E, and neither E nor G moves D. For losses other than the
    logarithmic and squared ones, real items weigh as much as both kinds of generated ones.
    """

    averaged = ("encoder", "decoder")

    def __init__(self, options: Any, networks: Mapping[str, Network], data: DataInfo) -> None:
        super().__init__(options, networks, data)
        device = next(iter(networks["discriminator"].parameters())).device
        self.state = {
            joined.PENALTIES_DUE: adversarial.counter(),
            "learning": torch.ones(2, device=device),
        }

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The discriminator's phase, and that of encoder and decoder."""
        return {"discriminator": self._discriminate, "autoencoder": self._rebuild}

    def _discriminate(self, batch: Batch) -> Loss:
        x, D, G = batch.x, self.networks["discriminator"], self.networks["decoder"]
        with torch.no_grad():
            z = reparameterise(*self._posterior(x), batch.rng)
            x_tilde, x_hat = _both(G, z, self.prior(batch.size, batch.rng))
            x, x_tilde, x_hat = (self._seen(part, batch) for part in (x, x_tilde, x_hat))
        if D.mixes_batch:
            a, a_tilde, a_hat = D(x), D(x_tilde), D(x_hat)
        else:
            a, a_tilde, a_hat = D(torch.cat((x, x_tilde, x_hat))).chunk(3)
        self._note(batch, a, a_tilde, a_hat)
        value = discriminate(self.options, a, a_tilde, a_hat)
        penalty = None
        if adversarial.due(self.options, self.state[joined.PENALTIES_DUE]):
            half = batch.size // 2
            fake = torch.cat((x_tilde[:half], x_hat[half:]))
            penalty = adversarial.penalty(self.options, D, x, fake, batch.rng)
        if self.options.margin > 0:
            self._balance(a, a_tilde, a_hat)
            value = self._gated(value, 0)
            penalty = None if penalty is None else self._gated(penalty, 0)
        logits = (a, torch.cat((a_tilde, a_hat)))
        return joined.discriminator_loss(self.options, batch, value, logits, penalty)

    def _rebuild(self, batch: Batch) -> Loss:
        x, options = batch.x, self.options
        D, G = self.networks["discriminator"], self.networks["decoder"]
        mean, log_variance = self._posterior(x)
        z = reparameterise(mean, log_variance, batch.rng)
        x_tilde, x_hat = _both(G, z, self.prior(batch.size, batch.rng))
        with torch.no_grad():
            wanted, a = D.features(self._seen(x, batch))
        found, a_tilde = D.features(self._seen(x_tilde, batch))
        a_hat = D(self._seen(x_hat, batch))
        f = gaussian_nll(wanted, found, 1.0)
        self._note(batch, a, a_tilde, a_hat)
        deceived = adversarial.deceive(options, a_tilde, a)
        deceived = deceived + adversarial.deceive(options, a_hat, a)
        f_G = f
        if options.margin > 0:
            f_G, deceived = self._gated(f, 1), self._gated(deceived, 1)
        terms = {
            "kl": Term(gaussian_kl(mean, log_variance), options.beta, moves=("encoder",)),
            "features": Term(f, moves=("encoder",)),
            "features-g": Term(f_G, options.gamma, moves=("decoder",)),
            "loss-g": Term(deceived, moves=("decoder",)),
        }
        if options.pixels > 0:
            terms["rec-x"] = Term(gaussian_nll(x, x_tilde, 1.0), options.pixels)
        return Loss(terms, {})

    def _balance(self, a: Tensor, a_tilde: Tensor, a_hat: Tensor) -> None:
        """Decide who learns: D not while it is far ahead, G not while D is far behind."""
        with torch.no_grad():
            costs = torch.stack(
                (F.softplus(-a).mean(), F.softplus(a_tilde).mean(), F.softplus(a_hat).mean())
            )
            margin = self.options.margin
            D_learns = (costs >= EQUILIBRIUM - margin).all()
            G_learns = (costs <= EQUILIBRIUM + margin).all()
            # never both at rest
            neither = ~(D_learns | G_learns)
            learning = torch.stack((D_learns | neither, G_learns | neither))
            self.state["learning"].copy_(learning)

    def _gated(self, value: Tensor, player: int) -> Tensor:
        """The same value; its gradient is zero where the player rests."""
        rest = value.detach()
        # waits for no device: a phase without terms would have to know on the host
        return rest + self.state["learning"][player] * (value - rest)

    def _note(self, batch: Batch, a: Tensor, a_tilde: Tensor, a_hat: Tensor) -> None:
        logits = {"x": a, "x-tilde": a_tilde, "x-hat": a_hat}
        adversarial.note(self.options, batch, "discriminator", logits)

    def _seen(self, x: Tensor, batch: Batch) -> Tensor:
        return adversarial.blurred(self.options, x, batch.rng)

    def _posterior(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = self.networks["encoder"](x).chunk(2, dim=1)
        return mean, log_variance

    def after(self, phase: str, batch: Batch) -> None:
        """Clip the discriminator's weights."""
        del batch
        if phase == "discriminator":
            adversarial.clip_weights(self.options, self.networks["discriminator"])

    def encode(self, x: Tensor) -> Tensor:
        """The posterior mean."""
        return self._posterior(x)[0]

    def generate(self, z: Tensor) -> Tensor:
        """G(z)."""
        return self.networks["decoder"](z)

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """The divergence, and the error of mean reconstructions in pixels."""
        del rng
        mean, log_variance = self._posterior(x)
        return {
            "kl": gaussian_kl(mean, log_variance),
            "mse": mean_squared_error(x, self.generate(mean)),
        }


def discriminate(options: Adversarial, a: Tensor, a_tilde: Tensor, a_hat: Tensor) -> Tensor:
    """L_D of the logits (B, 1) of data, reconstructions and samples; a scalar.

    Where the loss is a sum over items the data count once, as in the paper; where it compares
    them with generated ones, once for each kind.
    """
    both = adversarial.discriminate(options, a, a_tilde)
    if options.relativistic or options.loss == "wasserstein":
        return both + adversarial.discriminate(options, a, a_hat)
    if options.loss == "least-squares":
        return both + 0.5 * a_hat.square().mean()
    if options.loss == "hinge":
        return both + F.relu(1 + a_hat).mean()
    return both + F.softplus(a_hat).mean()


def _both(G: Network, z: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """Reconstructions and samples, in one pass where the items of a batch do not meet."""
    if G.mixes_batch:
        return G(z), G(noise)
    x = G(torch.cat((z, noise)))
    return x[: len(z)], x[len(z) :]
