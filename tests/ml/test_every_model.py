"""What every named model must do, on every kind of data it claims: walks the registry."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from aegan_studio.catalog import checks, models
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Finished, Pictures, Progress
from aegan_studio.experiment.parts import METHODS
from aegan_studio.ml import checkpoint
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.engine import Engine
from aegan_studio.ml.methods.base import Batch
from aegan_studio.ml.networks.inspect import inspect
from aegan_studio.ml.trainer import Trainer
from aegan_studio.runs.folder import RunFolder

DATASETS = {"points": {"kind": "ring", "count": 400}, "image": {"kind": "digits"}}

CASES = [
    pytest.param(model.name, modality, id=f"{model.name}-{modality}")
    for kind, model in models.models()
    for modality in model.modalities or METHODS[kind].options.modalities
]

SMALL = {
    "training.batch_size": 32,
    "training.threads": 1,
    "training.steps": 6,
    "training.ema": 0.9,
    "training.evaluate_every": 3,
    "training.device": "cpu",
}


def experiment_of(name: str, modality: str) -> Experiment:
    base = Experiment.parse({"dataset": DATASETS[modality], "method": "autoencoder"})
    experiment = models.chosen(base.with_options(SMALL), name)
    narrow = {
        f"networks.{role}.widths": [16] * len(network.widths)
        for role, network in experiment.networks.items()
        if network.kind == "mlp"
    }
    return experiment.with_options(narrow)


def finished(experiment: Experiment, folder: Path, *, stop: int | None = None) -> list[object]:
    with RunFolder.create(folder, experiment) as run:
        trainer = Trainer(experiment, run=run)
        list(trainer.prepare())
        events: list[object] = list(trainer.run(stop))
        if stop is not None:
            trainer.save()
        return events


def resumed(folder: Path) -> list[object]:
    with RunFolder.open(folder) as run:
        trainer = Trainer(run.current_experiment, run=run, resume=True)
        list(trainer.prepare())
        return list(trainer.run())


@pytest.mark.parametrize(("name", "modality"), CASES)
def test_it_fits_its_data_and_its_networks(name: str, modality: str) -> None:
    experiment = experiment_of(name, modality)
    assert [problem for problem in checks.problems(experiment) if problem.severity == "error"] == []
    assert inspect(experiment).problems == ()
    assert models.model_of(experiment).name == name


@pytest.mark.parametrize(("name", "modality"), CASES)
def test_it_trains_samples_and_resumes_bit_for_bit(
    name: str, modality: str, tmp_path: Path
) -> None:
    experiment = experiment_of(name, modality)
    events = finished(experiment, tmp_path / "whole")
    assert events[-1] == Finished(6, "done")
    _finite(events, experiment)
    _shows(events, experiment)
    finished(experiment, tmp_path / "halves", stop=3)
    resumed(tmp_path / "halves")
    _same(tmp_path / "whole", tmp_path / "halves")


def _finite(events: list[object], experiment: Experiment) -> None:
    """Every term and signal that a phase declares is reported, as a number."""
    values = np.concatenate([event.values for event in events if isinstance(event, Progress)])
    columns = [term.name for info in experiment.phase_infos() for term in info.terms]
    assert len(columns) == len(set(columns))
    first = values[0]  # signals are measured at the first step
    updating = [phase.updates > 0 for phase in experiment.phases.values()]
    if all(updating):
        silent = [name for name, value in zip(columns, first, strict=False) if value != value]
        assert len(silent) <= len(columns) // 2, silent
    assert np.isfinite(values[~np.isnan(values)]).all()


def _shows(events: list[object], experiment: Experiment) -> None:
    pictures = [event for event in events if isinstance(event, Pictures)][-1]
    info = experiment.data_info()
    assert pictures.samples is not None
    assert len(pictures.samples) >= 64
    assert np.isfinite(np.asarray(pictures.samples, float)).all()
    if pictures.codes is not None:
        assert pictures.reconstructions is not None
        assert pictures.codes.shape[1] == experiment.method.code_dim(info)


def _same(one: Path, other: Path) -> None:
    ends = []
    for path in (one, other):
        with RunFolder.open(path) as run:
            ends.append(checkpoint.read(run.checkpoints()[0]))
    first, second = (end.tensors for end in ends)
    assert first.keys() == second.keys()
    different = [name for name in first if not _equal(first[name], second[name])]
    assert different == []


def _equal(a: torch.Tensor, b: torch.Tensor) -> bool:
    return a.dtype == b.dtype and a.numpy().tobytes() == b.numpy().tobytes()


def test_the_literature_is_well_represented() -> None:
    names = [model.name for _, model in models.models()]
    assert len(names) == len(set(names))
    assert len(names) >= 30
    for kind, model in models.models():
        assert model.paper or kind == "article-loop", model.name
        assert model.help.endswith("."), model.name


@pytest.mark.parametrize(("name", "modality"), CASES)
def test_terms_weigh_what_the_options_say(name: str, modality: str) -> None:
    """The window adds terms up by these weights."""
    experiment = experiment_of(name, modality)
    engine = Engine(experiment, DataStore.load(experiment), torch.device("cpu"))
    engine.step = 5
    weighs = experiment.method.weighs()
    for phase in engine.phases:
        batch = Batch(engine._draw, 32, engine.rng, measure=False, step=5, steps=6)
        for term, (_, weight, _) in phase.loss(batch).terms.items():
            option = weighs.get(term)
            if option != "":
                assert weight == (getattr(experiment.method, option) if option else 1.0), term
