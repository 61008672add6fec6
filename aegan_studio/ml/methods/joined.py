"""What methods that join an autoencoder to a discriminator share."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from aegan_studio.catalog.methods.adversarial import Adversarial
from aegan_studio.experiment.parts import Shape
from aegan_studio.ml.methods import adversarial
from aegan_studio.ml.methods.adversarial import Critic
from aegan_studio.ml.methods.base import Batch, Loss, Term
from aegan_studio.ml.networks.network import Network

PENALTIES_DUE = "penalties"
"""The state that counts the discriminator's updates, for penalties that come now and then."""


def surrender(options: Adversarial, a_real: Tensor, a_fake: Tensor | None = None) -> Tensor:
    """The loss of what made the "real" items and wants them taken for the others; a scalar.

    The mirror image of :func:`~aegan_studio.ml.methods.adversarial.deceive`: −log(1 − D) where
    that has −log D. Its sum with ``deceive`` is the game with the answers swapped.

    Parameters
    ----------
    options : Adversarial
    a_real : Tensor, (B, 1)
        Logits of the encoder's items.
    a_fake : Tensor or None, (B, 1)
        Logits of the others, for the relativistic game; without gradient.
    """
    # least squares aims at 0 and 1, all others are odd in the logit
    middle = 1.0 if options.loss == "least-squares" and not options.relativistic else 0.0
    other = None if a_fake is None else -a_fake
    return adversarial.deceive(options, middle - a_real, other)


def judged(
    D: Network,
    real: Tensor,
    fake: Tensor,
    beside_real: Tensor | None = None,
    beside_fake: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Logits (B, 1) of both, in one pass where the items of a batch do not meet."""
    if D.mixes_batch:
        return D(real, beside_real), D(fake, beside_fake)
    beside = None
    if beside_real is not None and beside_fake is not None:
        beside = torch.cat((beside_real, beside_fake))
    a = D(torch.cat((real, fake)), beside)
    return a[: len(real)], a[len(real) :]


def rows(x: Tensor, z: Tensor) -> Tensor:
    """Pairs (B, \\*item) and (B, d) as rows (B, n + d)."""
    return torch.cat((x.flatten(1), z), dim=1)


def on_rows(D: Network, shape: Shape) -> Critic:
    """A discriminator of pairs as one of :func:`rows`, whose slope then counts data and code."""
    size = math.prod(shape)

    def judge(pairs: Tensor) -> Tensor:
        logits: Tensor = D(pairs[:, :size].reshape(-1, *shape), pairs[:, size:])
        return logits

    return judge


def discriminator_loss(
    options: Adversarial,
    batch: Batch,
    value: Tensor,
    logits: tuple[Tensor, Tensor],
    penalty: Tensor | None,
    weight: float = 1.0,
) -> Loss:
    """The terms of a discriminator's phase: its loss, and the penalty where one is due."""
    terms = {"loss-d": Term(value, weight)}
    if penalty is not None:
        terms["penalty"] = adversarial.penalised(options, penalty)
    signals = {"right": adversarial.share_right(*logits, options)} if batch.measure else {}
    return Loss(terms, signals)
