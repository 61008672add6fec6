"""Vital signs of a discriminator."""

from __future__ import annotations

import torch
from torch import Tensor

from aegan_studio.ml.vitals.subject import Subject

SLOPED = 64
"""Samples at which the slope is measured."""


def judgement(subject: Subject) -> dict[str, float]:
    """How well D ranks real above generated, and training above held-out items."""
    method = subject.looking.model.method
    if not method.has_critic:
        return {}
    parts = (subject.held_out, subject.train, subject.samples)
    with torch.no_grad():
        logits = method.critic(torch.cat(parts)).flatten()
    held_out, train, made = torch.split(logits, [len(part) for part in parts])
    found = {
        "told-apart": above(held_out, made),
        "remembered": above(train, held_out),
        "opinion": float(torch.cat((held_out, made)).std()),
    }
    if _probable(method.options):
        found |= {
            "belief-train": float(torch.sigmoid(train).mean()),
            "belief-held-out": float(torch.sigmoid(held_out).mean()),
            "belief-made": float(torch.sigmoid(made).mean()),
        }
    return found


def slope(subject: Subject) -> dict[str, float]:
    """The mean of ‖∇D‖ at samples, times the mean distance of two real items."""
    method = subject.looking.model.method
    if not method.has_critic:
        return {}
    x = subject.samples[:SLOPED].detach().requires_grad_()
    with torch.enable_grad():
        (gradient,) = torch.autograd.grad(method.critic(x).sum(), x)
    return {"slope": float(gradient.flatten(1).norm(dim=1).mean()) * subject.typical}


def above(a: Tensor, b: Tensor) -> float:
    """The chance that a value of (n,) is above one of (m,), ties counting half (Mann–Whitney).

    NaN where any value is not a number.
    """
    if bool(torch.isnan(a).any() | torch.isnan(b).any()):
        return float("nan")
    ordered, a = b.contiguous().sort().values, a.contiguous()
    below = torch.searchsorted(ordered, a) + torch.searchsorted(ordered, a, right=True)
    return float(below.float().mean()) / (2 * len(b))


def _probable(options: object) -> bool:
    """Whether σ of what D gives is the probability that an item is real."""
    kind, loss = getattr(options, "kind", ""), getattr(options, "loss", None)
    logarithmic = loss in ("non-saturating", "minimax") or kind in ("article-loop", "ganomaly")
    return logarithmic and not getattr(options, "relativistic", False)
