"""Judging digits: what knows the real ones and nothing of the model that made the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from aegan_studio.bench.quality import DigitReaders, Trained
from aegan_studio.experiment import Experiment
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.metrics.arrays import Floats, Labels
from aegan_studio.ml.metrics.classes import Classes, obeyed
from aegan_studio.ml.metrics.copying import copying
from aegan_studio.ml.metrics.extractor import Extractor
from aegan_studio.ml.metrics.frechet import frechet_distance
from aegan_studio.ml.metrics.kernel import kernel_distance
from aegan_studio.ml.metrics.manifold import manifold
from aegan_studio.ml.metrics.probes import linear_probe, nearest_probe
from aegan_studio.ml.metrics.reconstruction import squared_error

Values = dict[str, float]
"""By the names of :mod:`aegan_studio.catalog.metrics`."""


@dataclass(frozen=True)
class Judge:
    """Readers and features learned from the real digits of one size, in [0, 1].

    Everything is held against held-out digits, so that copying training digits earns nothing.
    Generated digits are as many as there are training digits for the Fréchet and kernel
    distances, and as many as held-out ones for neighbourhoods; so are the real digits of
    :attr:`floor`, since these measures depend on the counts.
    """

    data: DataStore
    readers: DigitReaders
    extractor: Extractor
    floor: Mapping[str, float]
    """The same measures of real training digits: as good as samples could be."""

    @classmethod
    def of(cls, side: int) -> Judge:
        """Learn the digits of a side; the same for every experiment of that side."""
        plain = {"dataset": {"kind": "digits", "side": side}, "method": "autoencoder"}
        data = DataStore.load(Experiment.parse(plain))
        assert data.train_labels is not None
        readers = DigitReaders.learn(data)
        extractor = Extractor.learn(data.train.numpy(), data.train_labels.numpy())
        bare = cls(data, readers, extractor, {})
        floor = {**bare.of_pictures(data.train), "copying": 1.0}
        return cls(data, readers, extractor, floor)

    @property
    def count(self) -> int:
        """How many generated digits are judged."""
        return len(self.data.train)

    def of_pictures(self, pictures: Tensor, asked: Labels | None = None) -> Values:
        """What generated digits (:attr:`count`, 1, side, side) in [0, 1] are worth.

        ``asked`` are the classes they were generated for, where the model takes any.
        """
        held_out = self.data.held_out
        real, made = (self.extractor.features(part.numpy()) for part in (held_out, pictures))
        few = manifold(real, made[: len(real)])
        classes = Classes.count(self.readers.labels(pictures), 10)
        return {
            "fid": frechet_distance(made, real),
            "kid": kernel_distance(made, real),
            "precision": few.precision,
            "recall": few.recall,
            "density": few.density,
            "coverage": few.coverage,
            "classes": float(classes.covered),
            "rarest": classes.rarest,
            "recognised": float(classes.shares.sum()),
            "copying": copying(_array(pictures), _array(self.data.train), _array(held_out)).ratio,
        }

    def of_model(self, trained: Trained) -> Values:
        """Everything that can be measured of a trained model of digits."""
        model, data = trained.model, trained.data
        unit = unit_units(data)
        codes = trained.codes(self.count)
        pictures = unit(model.generate(codes)).clamp(0, 1).nan_to_num(0)
        values = self.of_pictures(pictures)
        asked = classes_asked(trained, codes)
        if asked is not None:
            read = self.readers.labels(pictures)
            named = trained.experiment.method.needs_labels
            values["obeyed"] = obeyed(asked, read, 10, named=named)
        if model.has_encoder:
            rebuilt = trained.rebuilt(data.held_out)
            values["mse"] = squared_error(_array(unit(data.held_out)), _array(unit(rebuilt)))
            values.update(_probes(trained))
        return values


def unit_units(data: DataStore) -> Callable[[Tensor], Tensor]:
    """From a store's scaled units to [0, 1], where the medium's bounds lie."""
    scaler = data.scaler

    def to_unit(x: Tensor) -> Tensor:
        raw = scaler.unscale(x.numpy())
        return torch.from_numpy((raw - scaler.low) / (scaler.high - scaler.low)).float()

    return to_unit


def classes_asked(trained: Trained, codes: Tensor) -> Labels | None:
    """The classes in codes (n, d) with a part of ten classes, ``None`` without one."""
    start = 0
    for part in trained.experiment.method.code_parts(trained.data.info):
        if part.kind == "class" and part.size == 10:
            found: Labels = codes[:, start : start + part.size].argmax(1).numpy()
            return found
        start += part.size
    return None


def _probes(trained: Trained) -> Values:
    """What codes know of the digit; the class itself, where it is part of the code, left out."""
    data = trained.data
    assert data.train_labels is not None
    assert data.held_out_labels is not None
    labels = data.train_labels.numpy(), data.held_out_labels.numpy()
    train, held_out = (_told(trained, part) for part in (data.train, data.held_out))
    if not (np.isfinite(train).all() and np.isfinite(held_out).all()):
        return {}
    return {
        "probe": linear_probe(train, labels[0], held_out, labels[1]),
        "neighbour": nearest_probe(train, labels[0], held_out, labels[1]),
    }


def _told(trained: Trained, x: Tensor) -> Floats:
    codes = trained.model.encode(x)
    kept, start = [], 0
    for part in trained.experiment.method.code_parts(trained.data.info):
        if part.kind != "class" or not trained.experiment.method.needs_labels:
            kept.append(codes[:, start : start + part.size])
        start += part.size
    return _array(torch.cat(kept, dim=1))


def _array(x: Tensor) -> Floats:
    return np.asarray(x.numpy(), np.float64)
