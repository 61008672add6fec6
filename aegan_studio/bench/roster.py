"""Every named model on the smallest digits: steps a second, and memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import psutil
import torch

from aegan_studio.bench.cases import ENDLESS
from aegan_studio.bench.pacing import Budget, Spread
from aegan_studio.bench.report import Figure
from aegan_studio.bench.speed import headless
from aegan_studio.catalog.models import chosen, models
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import METHODS
from aegan_studio.messages import msg
from aegan_studio.ml.model import Model


def experiment(name: str) -> Experiment:
    """A model's own settings on digits of 8 px, with one thread."""
    plain = {
        "dataset": {"kind": "digits"},
        "method": "autoencoder",
        "training": {"device": "cpu", "steps": ENDLESS, "threads": 1},
    }
    return chosen(Experiment.parse(plain), name)


def names() -> list[str]:
    """Named models that learn pictures."""
    return [model.name for kind, model in models() if "image" in METHODS[kind].options.modalities]


def methods(budget: Budget) -> Iterator[Figure]:
    """One figure for each named model, measured in a fresh process."""
    labels = {model.name: model.label for _, model in models()}
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as pool:
        for name in names():
            paces, memory, weights = pool.submit(measure, name, budget).result()
            spread = Spread.of(paces)
            yield Figure(
                name=f"methods/{name}",
                what=msg("{model}: steps a second on digits 8 px", model=msg(labels[name])),
                value=spread.median,
                low=spread.p10,
                high=spread.p90,
                unit="/s",
                details={"MiB": memory / 2**20, "weights": weights, "threads": 1},
            )


def measure(name: str, budget: Budget) -> tuple[list[float], int, int]:
    """Steps a second in each round, bytes by which the process grew, and the number of weights."""
    torch.set_num_threads(1)
    before = psutil.Process().memory_info().rss
    wanted = experiment(name)
    with tempfile.TemporaryDirectory() as folder, headless(wanted, Path(folder) / "run") as advance:
        advance(budget.warm_up)
        rounds = [advance(budget.window) for _ in range(budget.rounds)]
        grown = psutil.Process().memory_info().rss - before
    return [steps / seconds for steps, seconds in rounds], grown, _weights(wanted)


def _weights(wanted: Experiment) -> int:
    networks = Model.build(wanted).networks.values()
    return sum(weight.numel() for network in networks for weight in network.parameters())
