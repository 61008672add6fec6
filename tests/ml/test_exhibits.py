"""Exhibits: what methods show beside samples, and that showing it leaves training alone."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Exhibit, Exhibits
from aegan_studio.experiment.parts import METHODS
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.methods.base import ranked
from aegan_studio.ml.trainer import EXHIBIT_EVERY, Trainer

WITH = [entry.kind for entry in METHODS if entry.options.exhibits]


def experiment(method: str, dataset: str = "digits", **edits: object) -> Experiment:
    plain = Experiment.parse({"dataset": dataset, "method": method})
    changes: dict[str, object] = {
        "training.threads": 1,
        "training.steps": 6,
        "training.batch_size": 16,
    }
    return plain.with_options(changes | {k.replace("__", "."): v for k, v in edits.items()})


def trained(chosen: Experiment) -> Trainer:
    trainer = Trainer(chosen)
    for _ in (*trainer.prepare(), *trainer.run()):
        pass
    return trainer


def shown(trainer: Trainer) -> dict[str, Exhibit]:
    trainer.wants = {"exhibits"}
    (event,) = trainer.show()
    assert isinstance(event, Exhibits)
    assert event.step == trainer.step
    return dict(event.items)


def test_the_known_methods_show_something() -> None:
    assert {"vq-vae", "ganomaly", "began", "ebgan"} <= set(WITH)


@pytest.mark.parametrize("dataset", ["digits", "ring"])
@pytest.mark.parametrize("method", WITH)
def test_methods_show_what_they_declare(method: str, dataset: str) -> None:
    trainer = trained(experiment(method, dataset))
    found = shown(trainer)
    assert list(found) == [info.name for info in METHODS[method].options.exhibits]
    for exhibit in found.values():
        assert len(exhibit.items) == len(exhibit.values) > 1
        assert exhibit.values.dtype == np.float32
        assert np.isfinite(exhibit.values).all()
        if dataset == "digits":
            assert exhibit.items.dtype == np.uint8
            assert exhibit.items.shape[1:] == (8, 8)
        else:
            assert exhibit.items.shape[1:] == (2,)
        assert (np.diff(exhibit.values) <= 0).all(), "the highest come first"


@pytest.mark.parametrize("method", WITH)
def test_without_held_out_data_training_data_are_shown(method: str) -> None:
    found = shown(trained(experiment(method, dataset__held_out=0.0)))
    assert all(len(exhibit.items) for exhibit in found.values())


def test_showing_changes_nothing_in_training() -> None:
    quiet, watched = Trainer(experiment("began")), Trainer(experiment("began"))
    for trainer, wants in ((quiet, set()), (watched, {"exhibits", "pictures"})):
        trainer.wants = set(wants)
        trainer.picture_every = 0.0
        for event in (*trainer.prepare(), *trainer.run(tick=0.0)):
            assert wants or not isinstance(event, Exhibits)
    one, other = quiet._engine.capture(), watched._engine.capture()
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_samples_with_energies_are_the_same_all_through_a_run() -> None:
    trainer = trained(experiment("ebgan"))
    first, second = shown(trainer), shown(trainer)
    np.testing.assert_array_equal(first["energy-x-hat"].items, second["energy-x-hat"].items)


def test_they_come_seldom_while_training_and_always_at_its_end() -> None:
    trainer = Trainer(experiment("vq-vae", training__steps=30))
    trainer.wants = {"exhibits"}
    trainer.picture_every = 0.0
    assert EXHIBIT_EVERY > 1
    first = [event.step for event in trainer.prepare() if isinstance(event, Exhibits)]
    steps = [event.step for event in trainer.run(tick=0.0) if isinstance(event, Exhibits)]
    assert first == [0]
    assert steps[-1] == 30
    assert len(steps) < 5


def test_methods_that_declare_nothing_yield_nothing() -> None:
    trainer = trained(experiment("vae"))
    trainer.wants = {"exhibits"}
    assert list(trainer.show()) == []


def test_the_codebook_counts_how_often_entries_are_chosen() -> None:
    trainer = trained(experiment("vq-vae", method__entries=8, method__positions=3))
    exhibit = shown(trainer)["codebook"]
    assert exhibit.format == "share"
    method = trainer._showcase.looking.model.method
    data = DataStore.load(trainer.experiment, torch.device("cpu"))
    items = data.train[: len(data.train) // 1024 * 1024 : len(data.train) // 1024][:1024]
    z = method.networks["encoder"](items)
    book = method.networks["codebook"].get_parameter("0.weight")
    width = book.shape[1]
    nearest = torch.cdist(z.view(len(items) * 3, width), book).argmin(1)
    counts = Counter(nearest.tolist())
    shares = sorted((counts.get(entry, 0) / len(nearest) for entry in range(8)), reverse=True)
    np.testing.assert_allclose(exhibit.values, shares, atol=1e-6)
    most = max(range(8), key=lambda entry: counts.get(entry, 0))
    decoded = method.networks["decoder"](book[most].repeat(3)[None])
    np.testing.assert_array_equal(exhibit.items[:1], data.to_screen(decoded))


def test_anomalies_are_held_out_items_by_their_scores() -> None:
    trainer = trained(experiment("ganomaly"))
    exhibit = shown(trainer)["anomalies"]
    data = DataStore.load(trainer.experiment, torch.device("cpu"))
    method = trainer._showcase.looking.model.method
    known = {picture.tobytes(): n for n, picture in enumerate(data.to_screen(data.held_out))}
    order = [known[picture.tobytes()] for picture in exhibit.items]
    scores = method.anomaly(data.held_out[order])
    np.testing.assert_allclose(exhibit.values, scores.detach().numpy(), rtol=1e-5)


def test_ranking_keeps_items_and_scores_together() -> None:
    items, values, kind = ranked(torch.arange(4)[:, None], torch.tensor([0.1, 3.0, -1.0, 3.0]))
    assert items.flatten().tolist() == [1, 3, 0, 2]
    assert values.tolist() == pytest.approx([3.0, 3.0, 0.1, -1.0])
    assert kind == "number"
