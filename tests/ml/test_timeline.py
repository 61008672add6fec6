"""Instants that a training keeps: what they hold, when they come, what they may cost."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aegan_studio import api
from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Diverged, Event, Kept, Notice, Saved
from aegan_studio.files import writing
from aegan_studio.ml import timeline as module
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.looking import Looking
from aegan_studio.ml.timeline import Pace, Timeline, arrays_of, smaller, thumbnail
from aegan_studio.ml.trainer import Trainer
from aegan_studio.runs import instants
from aegan_studio.runs.folder import RunFolder
from tests.runs.resumable import CHANCY


def _small(name: str, **edits: object) -> Experiment:
    return recipe(name).with_options({"training.steps": 60, "training.threads": 1} | edits)


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every report is a step, and each of them is kept whole."""
    for name in ("OFTENEST", "OFTENEST_WHOLE"):
        monkeypatch.setattr(module, name, 0.0)
    for name in ("SHARE", "SHARE_WHOLE"):
        monkeypatch.setattr(module, name, 0)


def _trained(experiment: Experiment, run: RunFolder, steps: int | None = None) -> list[Event]:
    trainer = Trainer(experiment, run=run)
    trainer.wants = set()
    events = list(trainer.prepare())
    events.extend(trainer.run(steps, tick=0.0))
    return events


@pytest.mark.parametrize("name", ["gan-lab", "digits-began"])
def test_a_kept_instant_shows_what_the_halved_weights_showed_then(name, tmp_path, eager):
    """Bit for bit, buffers and the method's memory included."""
    edits = {} if name == "gan-lab" else {"networks.generator": CHANCY, "training.ema": 0.9}
    experiment = Experiment.parse(_small(name).with_options(edits).to_plain())
    data = DataStore.load(experiment, torch.device("cpu"))
    then, later = (Looking(experiment, data, torch.device("cpu")) for _ in range(2))
    with RunFolder.create(tmp_path / "run", experiment) as run:
        trainer = Trainer(experiment, run=run)
        trainer.wants = set()
        list(trainer.prepare())
        list(trainer.run(7, tick=0.0))
        engine = trainer._engine
        halves = {
            role: {name: instants.halved(array) for name, array in arrays.items()}
            for role, arrays in engine.display_arrays().items()
        }
        state = {name: instants.halved(t.numpy()) for name, t in engine.model.method.state.items()}
        then.take(engine.experiment, halves, state)
        seen = then.samples
        list(trainer.run(20, tick=0.0))
        for _ in range(2):
            kept = instants.read(run.path, 7)
            later.take(kept.experiment, arrays_of(kept), kept.state)
            assert torch.equal(later.samples, seen)
            other = instants.read(run.path, 20)
            later.take(other.experiment, arrays_of(other), other.state)
            assert not torch.equal(later.samples, seen)


def test_first_and_latest_are_kept_within_the_budget_whatever_else_goes(tmp_path, eager):
    experiment = _small("digits-gan", **{"training.steps": 40})
    path = tmp_path / "run"
    most = []
    with RunFolder.create(path, experiment) as run:
        trainer = Trainer(experiment, run=run)
        trainer.wants = set()
        list(trainer.prepare())
        size = instants.instant_path(path, 0).stat().st_size
        whole = instants.whole_path(path, 0).stat().st_size
        budget = 2 * max(whole, 6 * size)
        trainer._keeper.timeline = Timeline(path, budget)
        trainer._keeper.timeline.open()
        for event in trainer.run(tick=0.0):
            if isinstance(event, Kept):
                used = sum(file.stat().st_size for file in (path / "timeline").iterdir())
                most.append(used)
                on_disk = [one.step for one in instants.listed(path)]
                assert list(event.steps) == on_disk
                assert list(event.exact) == sorted(instants.wholes(path))
                assert set(event.exact) <= set(event.steps)
                assert (event.steps[0], event.steps[-1]) == (0, trainer.step)
    assert max(most) <= budget
    assert max(most) > 0.5 * budget
    assert len(most) > 40


def test_a_budget_too_small_keeps_nothing_and_says_so_once(tmp_path, eager):
    experiment = _small("digits-gan", **{"training.steps": 5})
    with RunFolder.create(tmp_path / "run", experiment) as run:
        trainer = Trainer(experiment, run=run)
        trainer.wants = set()
        list(trainer.prepare())
        for step in (0,):
            instants.delete(instants.instant_path(run.path, step))
            instants.delete(instants.whole_path(run.path, step))
        trainer._keeper.timeline = Timeline(run.path, 1000)
        events = list(trainer.run(tick=0.0))
    notices = [event for event in events if isinstance(event, Notice)]
    assert len(notices) == 1
    assert "Timeline budget" in notices[0].mend.text
    assert not list((run.path / "timeline").iterdir())


def test_no_budget_keeps_and_costs_nothing(tmp_path, monkeypatch, eager):
    monkeypatch.setattr(Timeline, "keep", lambda *_: pytest.fail("it was kept"))
    experiment = _small("gan-lab", **{"training.timeline": 0})
    with RunFolder.create(tmp_path / "run", experiment) as run:
        _trained(experiment, run)
    assert not (run.path / "timeline").exists()


def test_going_on_drops_what_came_after_the_checkpoint(tmp_path, eager):
    experiment = _small("gan-lab")
    path = tmp_path / "run"
    with RunFolder.create(path, experiment) as run:
        trainer = Trainer(experiment, run=run)
        trainer.wants = set()
        list(trainer.prepare())
        list(trainer.run(10, tick=0.0))
        trainer.save()
        list(trainer.run(10, tick=0.0))  # and then it is killed
    assert max(one.step for one in instants.listed(path)) == 20
    torn = instants.instant_path(path, 3)
    torn.write_bytes(torn.read_bytes()[:-1])
    with RunFolder.open(path) as run:
        trainer = Trainer(experiment, run=run, resume=True)
        trainer.wants = set()
        (kept,) = [event for event in trainer.prepare() if isinstance(event, Kept)]
    assert max(kept.steps) == max(kept.exact) == 10
    assert len(kept.added) == len(kept.steps)
    assert 3 not in (*kept.steps, *kept.exact)
    assert not torn.exists(), "torn files are cleaned away"
    assert not instants.whole_path(path, 3).exists()


def test_a_divergence_takes_the_timeline_back_too(tmp_path, eager):
    experiment = _small(
        "digits-autoencoder",
        **{"phases.autoencoder.optimizer": "sgd", "dataset.scaling": "standard"},
    )
    with RunFolder.create(tmp_path / "run", experiment) as run:
        trainer = Trainer(experiment, run=run)
        trainer.wants = set()
        list(trainer.prepare())
        list(trainer.run(5, tick=0.0))
        trainer.change("phases.autoencoder.lr", 10.0)
        events = list(trainer.run(tick=0.0))
    (diverged,) = [event for event in events if isinstance(event, Diverged)]
    kept = [event for event in events if isinstance(event, Kept)][-1]
    assert max(kept.steps) == diverged.restored_step
    assert max(one.step for one in instants.listed(run.path)) == diverged.restored_step


def test_what_was_saved_is_kept_with_its_checkpoint(tmp_path):
    """Without waiting for the next to be due: pauses and ends are what people come back to."""
    seen: list[Event] = []
    api.train(_small("gan-lab"), tmp_path / "run", on_event=seen.append)
    saved = [event for event in seen if isinstance(event, Saved)][-1]
    kept = [event for event in seen if isinstance(event, Kept)][-1]
    assert kept.steps[-1] == kept.exact[-1] == saved.step == 60
    whole = instants.whole_path(tmp_path / "run", 60)
    assert whole.read_bytes() == saved.path.read_bytes()


def test_a_full_disk_is_told_of_once_and_training_goes_on(tmp_path, monkeypatch, eager):
    def full(*_: object) -> None:
        with writing(tmp_path):
            raise OSError(28, "No space left on device")

    experiment = _small("gan-lab")
    with RunFolder.create(tmp_path / "run", experiment) as run:
        monkeypatch.setattr(instants, "write", full)
        events = _trained(experiment, run)
    assert len([event for event in events if isinstance(event, Notice)]) == 1
    assert run.steps()[0][-1] == 60


def test_keeping_is_held_to_its_share(monkeypatch):
    clock = {"now": 100.0}
    monkeypatch.setattr(module.time, "perf_counter", lambda: clock["now"])
    pace = Pace(oftenest=0.1, share=100, nearest=1024)
    assert pace.due(clock["now"], 1)
    began, clock["now"] = clock["now"], clock["now"] + 0.02
    pace.spent(began, 1)
    assert not pace.due(clock["now"] + 1.9, 500)
    assert pace.due(clock["now"] + 2.1, 500), "after a hundred times what it cost"
    pace.spent(clock["now"], 100_000)
    assert not pace.due(clock["now"] + 9, 100_050), "it would soon be thinned away again"
    assert pace.due(clock["now"] + 9, 100_100)
    pace.go_back(90_000)
    assert pace.due(clock["now"] + 9, 90_100)


@pytest.mark.parametrize(("name", "kind"), [("digits-gan", "u1"), ("moons-vae", "f2")])
def test_thumbnails_are_a_few_items_of_the_same_codes(name, kind):
    experiment = _small(name)
    data = DataStore.load(experiment, torch.device("cpu"))
    looking = Looking(experiment, data, torch.device("cpu"))
    made, real = thumbnail(looking)
    assert made.dtype == np.dtype(kind)
    assert len(made) <= 200
    assert (real is None) == (kind == "u1")
    assert np.array_equal(thumbnail(looking)[0], made)


def test_large_pictures_are_shrunk_by_means():
    pictures = np.arange(4, dtype=np.uint8).repeat(64 * 64 * 3).reshape(4, 64, 64, 3)
    small = smaller(pictures, 32)
    assert small.shape == (4, 32, 32, 3)
    assert small[:, 5, 5, 1].tolist() == [0, 1, 2, 3]
    assert smaller(small, 32) is small
