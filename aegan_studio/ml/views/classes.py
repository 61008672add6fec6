"""Which classes generated items belong to, as their nearest real neighbours say."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from aegan_studio.experiment.views.inside import Classes
from aegan_studio.ml.looking import SEED, Looking, first
from aegan_studio.ml.views.things import heavy

COUNT, HEAVY_COUNT = 500, 100
"""Generated items that are judged; the smaller number where networks convolve."""

KNOWN = 2000
"""Real items that the judge knows at most."""

NEIGHBOURS = 5

WIDTH = 40
"""Directions of most variance in which pictures are compared."""

FAR = 3.0
"""Points are astray so many times as far from real ones as all but 1 % of held-out points are."""


class Judge:
    """The majority of the five nearest training items; knows how often it is right.

    Made within a few hundredths of a second, as nothing is trained: with digits it is right about
    as often as a small network.
    """

    def __init__(self, looking: Looking) -> None:
        data = looking.data
        assert data.train_labels is not None
        self.classes = len(data.info.classes)
        known = first(data.train, KNOWN, mixed=True)
        self._labels = first(data.train_labels, KNOWN, mixed=True)
        self._mean, self._axes = _axes(known.flatten(1))
        self._known = self._placed(known)
        self.far = math.inf
        self.right = math.nan
        held_out = first(data.held_out, COUNT, mixed=True)
        if len(held_out) and data.held_out_labels is not None:
            labels = first(data.held_out_labels, COUNT, mixed=True)
            read, distance = self._read(held_out)
            self.right = float((read == labels).float().mean())
            if data.info.modality == "points":
                self.far = FAR * float(distance.quantile(0.99))

    def _placed(self, x: Tensor) -> Tensor:
        return (x.flatten(1) - self._mean) @ self._axes

    def _read(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The class (n,) of each item, and how far the nearest real one is."""
        near = torch.cdist(self._placed(x), self._known).topk(
            min(NEIGHBOURS, len(self._known)), largest=False
        )
        votes = torch.zeros(len(x), self.classes, device=x.device)
        found = self._labels[near.indices]
        votes.scatter_add_(1, found, torch.ones_like(near.values))
        # of classes with equal votes, that of the nearest neighbour
        votes.scatter_add_(1, found[:, :1], torch.full_like(near.values[:, :1], 0.5))
        return votes.argmax(1), near.values[:, 0]

    def classes_of(self, x: Tensor) -> Tensor:
        """The class of each item (n,); −1 for points that are far from all real ones."""
        sound = torch.isfinite(x.flatten(1)).all(1)
        read, distance = self._read(torch.nan_to_num(x))
        return torch.where(sound & (distance <= self.far), read, -1)


def _axes(x: Tensor) -> tuple[Tensor, Tensor]:
    """The mean of rows (n, d), and the directions (d, k) in which they vary most."""
    mean = x.mean(0)
    if x.shape[1] <= 2 * WIDTH:
        return mean, torch.eye(x.shape[1], device=x.device)
    # a random range finder (arXiv 0909.4061, algorithm 4.4) with chance of its own
    rng = torch.Generator(x.device).manual_seed(SEED)
    offsets = x - mean
    start = torch.randn(x.shape[1], WIDTH + 10, generator=rng, device=x.device)
    basis = torch.linalg.qr(offsets @ start)[0]
    for _ in range(2):
        basis = torch.linalg.qr(offsets.T @ basis)[0]
        basis = torch.linalg.qr(offsets @ basis)[0]
    return mean, torch.linalg.svd(basis.T @ offsets, full_matrices=False)[2][:WIDTH].T


@torch.no_grad()
def classes(looking: Looking, argument: str) -> Classes | None:
    """How many generated items of each class there are."""
    del argument
    data = looking.data
    if data.train_labels is None or not data.info.classes:
        return None
    judge = looking.kept.get("judge")
    if not isinstance(judge, Judge):
        judge = looking.kept["judge"] = Judge(looking)
    read = judge.classes_of(_samples(looking)).cpu().numpy()
    expected = data.train_labels.bincount(minlength=judge.classes).float()
    return Classes(
        counts=np.bincount(read[read >= 0], minlength=judge.classes).astype(np.int64),
        astray=int((read < 0).sum()),
        expected=(expected / expected.sum()).cpu().numpy(),
        right=judge.right,
    )


def _samples(looking: Looking) -> Tensor:
    """Generated items; those that are shown where codes come one value after another."""
    if "prior" in looking.model.networks:
        return looking.samples
    return looking.model.generate(looking.more_codes(HEAVY_COUNT if heavy(looking) else COUNT))
