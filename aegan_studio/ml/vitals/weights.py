"""Vital signs of weights: their size, and how far they have gone."""

from __future__ import annotations

import torch

from aegan_studio.ml.vitals.subject import Subject, flat


def travelled(subject: Subject) -> dict[str, float]:
    """‖θ‖, and ‖θ − θ₀‖ / ‖θ₀‖ with the weights θ₀ that the experiment's seed gives."""
    found: dict[str, float] = {}
    begun = subject.begun
    for role, network in subject.looking.model.networks.items():
        weights = flat(network)
        if not len(weights):
            continue
        size = float(torch.linalg.vector_norm(begun[role]))
        found[f"weights.{role}"] = float(torch.linalg.vector_norm(weights))
        found[f"travelled.{role}"] = float(torch.linalg.vector_norm(weights - begun[role])) / max(
            size, 1e-12
        )
    return found
