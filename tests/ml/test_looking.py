"""A look at a model: the same from a training and from kept weights, and it changes neither."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Pictures, Progress, Views
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.looking import Looking
from aegan_studio.ml.trainer import SHOWING_SHARE, Trainer


def _small(name: str, **edits: object) -> Experiment:
    return recipe(name).with_options({"training.steps": 40, "training.threads": 1} | edits)


@pytest.mark.parametrize("name", ["gan-lab", "moons-vae", "digits-began"])
def test_kept_weights_look_like_the_training_they_came_from(name: str) -> None:
    experiment = _small(name)
    trainer = Trainer(experiment)
    for _ in trainer.prepare():
        pass
    trainer.wants = set()
    for _ in trainer.run(5):
        pass
    engine = trainer._engine
    live = trainer.looked().looking
    data = DataStore.load(experiment, torch.device("cpu"))
    kept = Looking(experiment, data, torch.device("cpu"))
    state = {name: t.numpy().copy() for name, t in engine.model.method.state.items()}
    kept.take(engine.experiment, engine.display_arrays(), state)
    assert torch.equal(kept.samples, live.samples)
    if kept.model.has_encoder:
        assert torch.equal(kept.rebuilt, live.rebuilt)
    before = kept.samples
    for _ in trainer.run(5):
        pass
    assert torch.equal(kept.samples, before)
    assert not torch.equal(trainer.looked().looking.samples, before)


def test_points_are_shown_more_often_than_pictures() -> None:
    points, images = Trainer(_small("gan-lab")), Trainer(_small("digits-gan"))
    assert points.picture_every == pytest.approx(1 / 25)
    assert images.picture_every == 0.5


def test_showing_is_held_to_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """However costly pictures are, the next ones wait for a multiple of their cost."""
    trainer = Trainer(_small("gan-lab", **{"training.steps": 100_000}))
    for _ in trainer.prepare():
        pass
    showcase = trainer._showcase
    made = showcase.pictures
    clock = {"now": 100.0}
    monkeypatch.setattr("aegan_studio.ml.trainer.time.perf_counter", lambda: clock["now"])

    def costly(step: int) -> Pictures:
        clock["now"] += 0.2
        return made(step)

    monkeypatch.setattr(showcase, "pictures", costly)
    list(trainer.show())
    assert trainer._show_due == pytest.approx(clock["now"] + SHOWING_SHARE * 0.2)


def test_unknown_views_are_left_out() -> None:
    trainer = Trainer(_small("gan-lab"))
    for _ in trainer.prepare():
        pass
    trainer.wants = {"no-such-view"}
    (views,) = trainer.show()
    assert isinstance(views, Views)
    assert views.step == 0
    assert not views.values


def test_what_nobody_wants_costs_no_look(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = Trainer(_small("gan-lab", **{"training.evaluate_every": 1000}))
    for _ in trainer.prepare():
        pass
    trainer.wants = set()
    looked = []
    monkeypatch.setattr(Looking, "follow", lambda *_: looked.append(1))
    events = list(trainer.run())
    assert not looked
    assert np.concatenate([e.steps for e in events if isinstance(e, Progress)]).tolist() == list(
        range(1, 41)
    )
