"""Vital signs of what a model makes."""

from __future__ import annotations

import torch
from torch import Tensor

from aegan_studio.ml.vitals.subject import Subject, distances

NEIGHBOURS = 5
"""That make up an item's surroundings (arXiv 2002.09797)."""

TWIN = 0.1
"""Of the median distance of real neighbours: samples nearer than that repeat each other."""

RARE = 0.1
"""Of a class's share in the data: below that it counts as missing."""


def variety(subject: Subject) -> dict[str, float]:
    """Spread of samples as a whole, from neighbour to neighbour, and where their centre is."""
    n = len(subject.samples)
    spread = subject.sample_distances.sum() / (n * (n - 1)) / subject.typical
    apart = _nearest_other(subject.sample_distances).median()
    real = _nearest_other(subject.real_distances).median().clamp(min=1e-12)
    mean, deviation = subject.principal
    centre = (subject.along(subject.samples).mean(0) - mean) / deviation
    axes = {f"centre-{i + 1}": float(value) for i, value in enumerate(centre[:2])}
    return {"spread": float(spread), "apart": float(apart / real), **axes}


def twins(subject: Subject) -> dict[str, float]:
    """The share of samples with a near-copy among the others."""
    real = _nearest_other(subject.real_distances).median()
    near = _nearest_other(subject.sample_distances) < TWIN * real
    return {"twins": float(near.float().mean())}


def likeness(subject: Subject) -> dict[str, float]:
    """Coverage and precision by nearest neighbours, and the energy distance.

    The last is √(2 E|x−y| − E|x−x′| − E|y−y′|) / √(E|y−y′|) of samples x and real items y (Székely
    and Rizzo, 2013), without the pairs of an item with itself; below 0 under the root counts as 0.
    """
    real, across = subject.real_distances, subject.across
    k = min(NEIGHBOURS, len(real) - 1)
    around = real.kthvalue(k + 1, dim=1).values  # the item itself is the first
    within = across < around
    n = len(subject.samples)
    own = float(subject.sample_distances.sum()) / (n * (n - 1))
    energy = 2 * float(across.mean()) - own - subject.typical
    # nan > 0 is false, and must not pass for 0
    distance = energy if energy != energy else (max(energy, 0.0) / subject.typical) ** 0.5
    return {
        "coverage": float(within.any(0).float().mean()),
        "precision": float(within.any(1).float().mean()),
        "distance": distance,
    }


def copies(subject: Subject) -> dict[str, float]:
    """Whether samples are nearer to training items than to held-out ones."""
    made, known, unknown = subject.sample_features, subject.known, subject.unknown
    to_known = distances(made, known).amin(1)
    to_unknown = distances(made, unknown).amin(1)
    usual = distances(unknown, known).amin(1).median().clamp(min=1e-12)
    return {
        "nearer-train": float((to_known < to_unknown).float().mean()),
        "from-train": float(to_known.median() / usual),
    }


def kinds(subject: Subject) -> dict[str, float]:
    """How many classes are made, as their nearest training items tell."""
    data = subject.looking.data
    if data.train_labels is None:
        return {}
    if not len(subject.known):
        return {}
    labels = _mixed(data.train_labels, len(subject.known))
    classes = len(data.info.classes)
    near = distances(subject.sample_features, subject.known).topk(NEIGHBOURS, largest=False)
    votes = torch.nn.functional.one_hot(labels[near.indices], classes).sum(1)
    shares = torch.bincount(votes.argmax(1), minlength=classes) / len(votes)
    there = torch.bincount(labels, minlength=classes) / len(labels)
    seen = there > 0
    relative = shares[seen] / there[seen]
    return {
        "classes-made": float((relative >= RARE).sum()),
        "rarest-made": float(relative.min()),
    }


def _mixed(rows: Tensor, count: int) -> Tensor:
    """Evenly spread rows, as :func:`~aegan_studio.ml.looking.first` picks items."""
    if len(rows) > count:
        stride = len(rows) // count
        return rows[: stride * count : stride]
    return rows[:count]


def _nearest_other(apart: Tensor) -> Tensor:
    """The distance of each row to the nearest other one, of distances (n, n)."""
    return apart.kthvalue(2, dim=1).values
