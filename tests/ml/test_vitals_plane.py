"""Vital signs of points: equal to the metrics they are made of, on known models."""

import numpy as np
import pytest
import torch

from aegan_studio.bench.mixtures import centres
from aegan_studio.catalog.recipes import recipe
from aegan_studio.catalog.vitals import FIGURES, VITALS, vitals_for
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Evaluated
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.looking import Looking
from aegan_studio.ml.trainer import Trainer
from aegan_studio.ml.vitals import Subject, plane
from aegan_studio.ml.vitals.subject import MANY

CPU = torch.device("cpu")


def subject(**options):
    made = Experiment.parse(
        {"dataset": {"kind": "ring", "count": 8000, **options}, "method": "gan"}
    )
    return Subject(Looking(made, DataStore.load(made, CPU), CPU))


def made_of(subject, items):
    """The subject as if its model had made these scaled items."""
    subject.refresh()
    subject.__dict__["many"] = items[:MANY]
    return subject


@pytest.fixture(scope="module")
def ring():
    return subject()


def test_points_that_training_has_not_seen_score_as_the_floor(ring):
    found = plane.grid(made_of(ring, ring.looking.data.held_out))
    assert found["js"] == found["js-floor"] > 0
    assert found["covered"] == found["covered-best"] > 0.95
    found = plane.modes(ring)
    assert found["modes"] == 8
    assert found["high-quality"] == pytest.approx(0.989, abs=0.01)
    assert found["uneven"] < 0.01


def test_a_collapsed_generator_is_seen(ring):
    data = ring.looking.data
    one = data.held_out[data.held_out_labels == 3]
    found = plane.grid(made_of(ring, one.repeat(20, 1)))
    assert found["js"] > 10 * found["js-floor"]
    assert found["covered"] == pytest.approx(1 / 8, abs=0.02)
    assert found["kl-forward"] > found["kl-reverse"]
    assert found["kl-reverse"] == pytest.approx(3, abs=0.8)  # log₂ 8, the prior aside
    found = plane.modes(ring)
    assert found["modes"] == 1
    assert found["uneven"] == pytest.approx(np.log(8))


def test_points_between_the_modes_are_on_none(ring):
    found = plane.modes(made_of(ring, torch.zeros(MANY, 2)))
    assert (found["modes"], found["high-quality"]) == (0, 0)


def test_without_held_out_points_training_points_give_the_floor():
    few = subject(held_out=0.0)
    found = plane.grid(made_of(few, few.looking.data.train[1::2]))
    assert found["js"] == found["js-floor"] > 0
    assert plane.grid(made_of(subject(count=50, held_out=0.9), torch.zeros(9, 2)))


@pytest.mark.parametrize(
    ("kind", "has"), [("ring", True), ("grid", True), ("blobs", True), ("moons", False)]
)
def test_modes_are_counted_where_there_are_some(kind, has):
    made = Experiment.parse({"dataset": kind, "method": "gan"})
    assert (VITALS["modes"] in vitals_for(made)) == has
    assert VITALS["grid"] in vitals_for(made)
    digits = Experiment.parse({"dataset": "digits", "method": "gan"})
    assert VITALS["grid"] not in vitals_for(digits)


def test_the_centres_of_mixtures_are_where_their_classes_lie():
    for kind in ("ring", "grid", "blobs"):
        made = Experiment.parse({"dataset": {"kind": kind, "count": 20_000}, "method": "gan"})
        store = DataStore.load(made)
        points, labels = store.to_display(store.train), store.train_labels.numpy()
        means = [points[labels == label].mean(0) for label in range(labels.max() + 1)]
        assert np.array(means) == pytest.approx(centres(made)[0], abs=0.05)


def test_a_training_reports_them_by_their_names():
    trainer = Trainer(
        recipe("ring-gan").with_options(
            {"training.steps": 4, "training.evaluate_every": 2, "training.threads": 1}
        )
    )
    trainer.wants = set()
    for _ in trainer.prepare():
        pass
    events = [event for event in trainer.run() if isinstance(event, Evaluated)]
    assert len(events) == 2
    names = {figure.name for name in ("grid", "modes") for figure in VITALS[name].figures}
    assert names <= events[0].values.keys()
    assert names <= FIGURES.keys()
    assert events[0].values["js-floor"] == events[1].values["js-floor"] < events[0].values["js"]
