"""Autoencoders joined with a discriminator: training, resuming, drawing, finding anomalies."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import torch
from sklearn.metrics import roc_auc_score

from aegan_studio.catalog.models import model_of
from aegan_studio.experiment.events import Finished
from aegan_studio.ml import checkpoint
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.engine import Engine
from aegan_studio.ml.networks.inspect import inspect
from aegan_studio.ml.trainer import Trainer
from aegan_studio.runs.folder import RunFolder
from tests.ml.hybrids import CPU, KINDS, experiment


@pytest.fixture
def folders() -> Iterator[ExitStack]:
    """Run folders entered here are closed when the test ends."""
    with ExitStack() as stack:
        yield stack


@pytest.mark.parametrize("dataset", ["ring", "digits"])
@pytest.mark.parametrize("name", [*KINDS, "ali"])
def test_they_train_encode_generate_and_measure(name: str, dataset: str) -> None:
    options = experiment(name, dataset, training__steps=3, training__evaluate_every=1)
    assert model_of(options).name == name
    assert not inspect(options).problems
    trainer = Trainer(options)
    list(trainer.prepare())
    assert list(trainer.run())[-1] == Finished(3, "done")
    method = trainer._engine.model.method
    x = trainer._engine.data.held_out[:5]
    assert method.generate(method.encode(x)).shape == x.shape
    assert method.generate(method.prior(4, torch.Generator())).shape == (4, *x.shape[1:])
    assert "mse" in method.evaluate(x, torch.Generator().manual_seed(0))
    if method.has_critic:
        assert method.critic(x).shape == (5, 1)


@pytest.mark.parametrize("name", KINDS)
def test_their_drawing_names_their_networks_and_terms(name: str) -> None:
    method = experiment(name).method
    flow, roles = method.flow(), {role.name for role in method.roles(experiment(name).data_info())}
    drawn = {part for path in flow.paths for part in path[1::2]} | set(flow.judged)
    assert drawn == roles
    terms = {term.name for phase in method.phases() for term in phase.terms}
    assert set(flow.compared) <= terms
    things = {part for path in flow.paths for part in path[::2]}
    assert {part for shown in flow.judged.values() for one in shown for part in one.split("+")} <= (
        things
    )


SETTINGS = {
    "vae-gan": {"method__margin": 0.3, "method__pixels": 0.1, "method__penalty": "r1"},
    "bigan": {"method__penalty": "wgan-gp", "method__penalty_every": 2},
    "veegan": {"method__generator_loss": "adversarial", "method__relativistic": True},
    "ganomaly": {"method__loss": "least-squares", "method__weight_clip": 0.05},
    "soft-introvae": {"method__warmup": 0.3, "networks__encoder__norm": "batch"},
    "arae": {"method__instance_noise": 0.1, "method__penalty_every": 3},
}


@pytest.mark.parametrize("name", KINDS)
def test_resuming_is_bit_for_bit(name: str, tmp_path: Path, folders: ExitStack) -> None:
    options = experiment(name, training__steps=12, **SETTINGS[name])
    ends = []
    for parts in ((12,), (7, 5)):
        folder = tmp_path / str(len(parts))
        run = folders.enter_context(RunFolder.create(folder, options))
        for index, steps in enumerate(parts):
            trainer = Trainer(options, run=run, resume=index > 0)
            list(trainer.prepare())
            list(trainer.run(steps=steps))
            trainer.save()
            run.close()
            run = folders.enter_context(RunFolder.open(folder))
        ends.append(checkpoint.read(run.checkpoints()[0]))
    whole, resumed = ends
    assert whole.step == resumed.step == 12
    assert whole.tensors.keys() == resumed.tensors.keys()
    assert all(torch.equal(whole.tensors[key], resumed.tensors[key]) for key in whole.tensors)


def test_ganomaly_ranks_a_digit_it_has_not_seen_above_those_it_has() -> None:
    options = experiment(
        "ganomaly",
        "digits",
        dataset__scaling="symmetric",
        method__latent_dim=8,
        training__batch_size=64,
        training__steps=400,
        phases__autoencoder__lr=1e-3,
    )
    data = DataStore.load(options)
    unseen = 0
    kept = data.train_labels != unseen
    seen = dataclasses.replace(
        data, train=data.train[kept], train_labels=data.train_labels[kept], train_rows=None
    )
    engine = Engine(options, seen, CPU)
    for step in range(400):
        engine.step = step
        for phase in engine.phases:
            engine.update(phase, measure=False)
    with torch.no_grad():
        scores = engine.model.method.anomaly(data.held_out)
    assert scores.shape == (len(data.held_out),)
    assert roc_auc_score(data.held_out_labels == unseen, scores) > 0.7
