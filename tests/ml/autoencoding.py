"""Small models of one method with a batch of their own, for tests of losses."""

from __future__ import annotations

import torch
from torch import Tensor

from aegan_studio.catalog import models
from aegan_studio.experiment import Experiment
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.engine import Engine
from aegan_studio.ml.methods.base import Batch, Loss
from aegan_studio.ml.model import Model


def experiment(name: str, dataset: str = "ring", **edits: object) -> Experiment:
    """A named model with small networks on little data; ``__`` in a name stands for a dot."""
    base: dict[str, object] = {"dataset": {"kind": dataset}, "method": "autoencoder"}
    if dataset == "ring":
        base["dataset"] = {"kind": dataset, "count": 400}
    paths = {path.replace("__", "."): value for path, value in edits.items()}
    quick = {"training.threads": 1, "training.steps": 40, "training.batch_size": 32}
    return models.chosen(Experiment.parse(base), name).with_options({**quick, **paths})


def built(name: str, dataset: str = "ring", **edits: object) -> tuple[Model, Tensor]:
    """The model of :func:`experiment`, and 16 of its training items."""
    chosen = experiment(name, dataset, **edits)
    return Model.build(chosen), DataStore.load(chosen).train[:16]


def loss_of(model: Model, x: Tensor, phase: str, seed: int = 2, **more: int) -> Loss:
    """A phase's loss for a batch, chance begun from ``seed``."""
    rng = torch.Generator().manual_seed(seed)
    return model.method.losses()[phase](Batch(lambda: (x, None), len(x), rng, True, **more))


def moved(chosen: Experiment, phase: str) -> set[str]:
    """The roles whose weights one update of a phase changes."""
    engine = Engine(chosen, DataStore.load(chosen), torch.device("cpu"))
    engine.configure(0, 40)
    before = {role: flat.values.clone() for role, flat in engine.flat.items()}
    (which,) = (each for each in engine.phases if each.name == phase)
    engine.update(which, measure=True)
    return {
        role for role, flat in engine.flat.items() if not torch.equal(before[role], flat.values)
    }
