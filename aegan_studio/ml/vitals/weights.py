"""Vital signs of weights: their size, and how far they have gone."""

from __future__ import annotations

import torch

from aegan_studio.ml.vitals.subject import Subject


def travelled(subject: Subject) -> dict[str, float]:
    """‖θ‖, and ‖θ − θ₀‖ / ‖θ₀‖ with the weights θ₀ that the experiment's seed gives.

    The latter also of the layer that has gone least: under vanishing gradients the first layers
    stay where they were, whatever the last ones do.
    """
    found: dict[str, float] = {}
    for role, network in subject.looking.model.networks.items():
        begun = subject.begun[role]
        if not begun:
            continue
        now = [weight.detach() for weight in network.parameters()]
        sizes = torch.stack(torch._foreach_norm(begun))
        ways = torch.stack(torch._foreach_norm(torch._foreach_sub(now, begun)))
        # biases and scales may begin at 0 or 1 and need not move
        whole = torch.tensor([weight.dim() > 1 for weight in begun], device=sizes.device)
        least = (ways / sizes.clamp(min=1e-12))[whole]
        found |= {
            f"weights.{role}": float(torch.stack(torch._foreach_norm(now)).norm()),
            f"travelled.{role}": float(ways.norm() / sizes.norm().clamp(min=1e-12)),
        }
        if len(least):
            found[f"travelled-least.{role}"] = float(least.min())
    return found
