"""Vital signs of an encoder."""

from __future__ import annotations

import torch

from aegan_studio.ml.vitals.subject import Subject

ACTIVE = 0.01
"""The variance of a posterior mean above which a code value is active (arXiv 1509.00519)."""


def rebuilding(subject: Subject) -> dict[str, float]:
    """The squared error of reconstructions over the variance of the data."""
    model = subject.looking.model
    if not model.has_encoder:
        return {}
    held_out, train = subject.pairs
    rebuilt = model.generate(subject.encoded.flatten(0, 1)).flatten(1).view(2, len(train), -1)
    variance = (train.flatten(1) - train.flatten(1).mean(0)).square().mean().clamp(min=1e-12)
    lost = [
        (x.flatten(1) - x_tilde).square().mean() / variance
        for x, x_tilde in zip((held_out, train), rebuilt, strict=True)
    ]
    return {"unexplained": float(lost[0]), "unexplained-train": float(lost[1])}


def posterior(subject: Subject) -> dict[str, float]:
    """How many code values say something, and how much."""
    with torch.no_grad():
        out = subject.looking.model.networks["encoder"](subject.held_out)
    mean, log_variance = out.chunk(2, dim=1)
    nats = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean(0)
    return {
        "active": float((mean.var(0) > ACTIVE).float().mean()),
        "nats": float(nats.sum()),
        "nats-most": float(nats.max()),
    }
