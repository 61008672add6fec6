"""Features to compare pictures by: a small classifier, trained on the real pictures alone.

No downloaded network: where the training pictures have classes, what a classifier learns to see
in them serves the Fréchet and kernel distances. Distances by different extractors must never be
compared, so each tells the hash of its weights.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Generator
from typing import Self

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import skip_init

from aegan_studio.ml.metrics.arrays import Floats, Labels

FEATURES = 32
"""Far fewer than items, or covariances would be mostly chance."""

HIDDEN = 128
EPOCHS = 60
BATCH = 64


class Extractor:
    """Two hidden layers of a classifier; the second one's values are the features.

    Attributes
    ----------
    hash : str
        Of the weights, twelve digits.
    """

    def __init__(self, layers: nn.Sequential, classes: int) -> None:
        self._layers = layers.eval().requires_grad_(False)
        self.classes = classes
        self.hash = _hash(layers)

    @classmethod
    def learn(cls, pictures: npt.ArrayLike, labels: Labels, *, seed: int = 0) -> Self:
        """Train on pictures (n, \\*item) in [0, 1] of classes (n,); a seed gives the same weights.

        A few seconds for digits. Pictures are jittered by noise, so that the features of
        training pictures do not differ from those of others.
        """
        work = cls.learning(pictures, labels, seed=seed)
        while True:
            try:
                next(work)
            except StopIteration as done:
                found: Self = done.value
                return found

    @classmethod
    def learning(
        cls, pictures: npt.ArrayLike, labels: Labels, *, seed: int = 0
    ) -> Generator[float, None, Self]:
        """:meth:`learn` in pieces of a millisecond; yields the share that is done, in 0–1."""
        x = _tensor(pictures)
        y = torch.from_numpy(np.asarray(labels, np.int64))
        classes = int(y.max()) + 1
        rng = torch.Generator().manual_seed(seed)
        layers = _layers(x.shape[1], classes, rng)
        steps = EPOCHS * math.ceil(len(x) / BATCH)
        optimiser = torch.optim.AdamW(layers.parameters(), lr=2e-3, weight_decay=0.05)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
        step = 0
        for _ in range(EPOCHS):
            for rows in torch.split(torch.randperm(len(x), generator=rng), BATCH):
                jitter = 0.15 * torch.randn((len(rows), x.shape[1]), generator=rng)
                with torch.enable_grad():  # within a piece: whoever runs between keeps theirs
                    loss = F.cross_entropy(layers(x[rows] + jitter), y[rows], label_smoothing=0.1)
                    optimiser.zero_grad()
                    loss.backward()  # type: ignore[no-untyped-call]
                    optimiser.step()
                schedule.step()
                step += 1
                yield step / steps
        return cls(layers, classes)

    def features(self, pictures: npt.ArrayLike) -> Floats:
        """Features (n, :data:`FEATURES`) of pictures (n, \\*item) in [0, 1]."""
        found = self._layers[:-1](_tensor(pictures))
        return np.asarray(found.numpy(), np.float64)

    def read(self, pictures: npt.ArrayLike) -> Labels:
        """The class of each picture, (n,)."""
        found: Labels = self._layers(_tensor(pictures)).argmax(1).numpy()
        return found

    def shares(self, pictures: npt.ArrayLike) -> Floats:
        """How probable each class is for each picture, (n, classes)."""
        return np.asarray(self._layers(_tensor(pictures)).softmax(1).numpy(), np.float64)


def _layers(values: int, classes: int, rng: torch.Generator) -> nn.Sequential:
    return nn.Sequential(
        _linear(values, HIDDEN, rng),
        nn.ReLU(),
        _linear(HIDDEN, FEATURES, rng),
        nn.ReLU(),
        _linear(FEATURES, classes, rng),
    )


def _linear(inputs: int, outputs: int, rng: torch.Generator) -> nn.Linear:
    # torch's own initialisation would draw on its global generator
    layer: nn.Linear = skip_init(nn.Linear, inputs, outputs)  # type: ignore[no-untyped-call]
    nn.init.kaiming_normal_(layer.weight, generator=rng)
    nn.init.zeros_(layer.bias)
    return layer


def _tensor(pictures: npt.ArrayLike) -> Tensor:
    array = np.asarray(pictures, np.float32)
    return torch.from_numpy(np.ascontiguousarray(array.reshape(len(array), -1)))


def _hash(layers: nn.Sequential) -> str:
    digest = hashlib.sha256()
    for name, tensor in layers.state_dict().items():
        digest.update(name.encode())
        digest.update(tensor.numpy().tobytes())
    return digest.hexdigest()[:12]
