"""Two trainings in lockstep: equal ones are bit-equal to each other and to one that is alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import torch

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import (
    Diverged,
    Evaluated,
    Finished,
    Pictures,
    Progress,
    Saved,
    SaveFailed,
    Started,
)
from aegan_studio.experiment.sides import SIDES, other
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.trainer import Trainer
from aegan_studio.ml.twins import Twins
from aegan_studio.runs.folder import RunFolder

RING = {"kind": "ring", "count": 400}
SMALL = {
    "training.batch_size": 32,
    "training.threads": 1,
    "training.steps": 40,
    "training.evaluate_every": 1000,
}


def small(method: str = "gan", dataset: object = None, **edits: object) -> Experiment:
    plain = {"dataset": dataset or RING, "method": {"kind": method, "latent_dim": 4}}
    paths = {path.replace("__", "."): value for path, value in edits.items()}
    return Experiment.parse(plain).with_options({**SMALL, **paths})


def ready(first: Experiment, second: Experiment) -> Twins:
    twins = Twins(Trainer(first), Trainer(second))
    list(twins.prepare())
    return twins


def state(trainer: Trainer) -> dict[str, torch.Tensor]:
    return trainer._engine.capture()


def equal(one: Trainer, two: Trainer) -> bool:
    mine, theirs = state(one), state(two)
    return mine.keys() == theirs.keys() and all(torch.equal(mine[k], theirs[k]) for k in mine)


@pytest.mark.parametrize(
    "experiment",
    [
        small(networks__discriminator__dropout=0.2),
        small("vae", "digits", training__ema=0.9),
    ],
    ids=["a GAN with dropout", "a VAE with averages"],
)
def test_equal_experiments_are_bit_equal_at_every_step_to_each_other_and_to_one_alone(
    experiment: Experiment,
) -> None:
    twins, alone = ready(experiment, experiment), Trainer(experiment)
    list(alone.prepare())
    first, second = twins.trainers["a"], twins.trainers["b"]
    for step in range(1, 31):
        list(twins.run(1))
        list(alone.run(1))
        assert first.step == second.step == alone.step == step
        assert equal(first, second)
        assert equal(first, alone)


def test_rounds_of_many_steps_end_where_single_steps_do() -> None:
    by_rounds, by_steps = (ready(small(), small("vae")) for _ in range(2))
    list(by_rounds.run(tick=0.5))
    for _ in range(40):
        list(by_steps.run(1))
    for side in SIDES:
        assert equal(by_rounds.trainers[side], by_steps.trainers[side])


def test_both_stand_at_the_same_step_whenever_they_are_seen() -> None:
    twins = ready(small(), small("vae"))
    twins.show_every = 0.0
    seen = 0
    for told in twins.run():
        seen += 1
        assert twins.trainers["a"].step == twins.trainers["b"].step
        for kind in (Progress, Pictures):
            steps = [
                [e.step for s, e in told if s == side and isinstance(e, kind)] for side in SIDES
            ]
            assert steps[0][-1:] == steps[1][-1:] == [twins.trainers["a"].step]
    assert seen > 3
    assert twins.trainers["a"].step == 40


class Clockwork:
    """Stands in for a trainer: each step takes so long by a clock of its own."""

    def __init__(self, clock: Clock, cost: float) -> None:
        self.clock, self.cost = clock, cost
        self.experiment = small(training__steps=4000)
        self.step, self.picture_every = 0, 1e9
        self.wants: set[str] = set()
        self.counts: list[int] = []

    @property
    def finished(self) -> bool:
        return self.step >= 4000

    def run(self, steps: int, *, tick: float) -> tuple[()]:
        self.counts.append(steps)
        self.step += steps
        self.clock.now += steps * self.cost
        return ()

    def show(self) -> tuple[()]:
        return ()


class Clock:
    now = 0.0

    def perf_counter(self) -> float:
        return self.now


def test_a_round_of_both_takes_about_as_long_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("aegan_studio.ml.twins.time", clock)
    fast, slow = Clockwork(clock, 0.0002), Clockwork(clock, 0.0006)
    twins = Twins(fast, slow)  # type: ignore[arg-type]
    lengths, began = [], 0.0
    for _ in twins.run(600, tick=0.04):
        lengths.append(clock.now - began)
        began = clock.now
    assert fast.counts == slow.counts
    assert sum(fast.counts) == 600
    assert fast.counts[:3] == [1, 2, 4]  # a first step may be unlike the others
    assert max(lengths) <= 0.041
    assert lengths[8] == pytest.approx(0.04, rel=0.05)


def test_a_step_that_takes_longer_is_a_round(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("aegan_studio.ml.twins.time", clock)
    slow = Clockwork(clock, 0.5)
    list(Twins(slow, Clockwork(clock, 0.001)).run(4))  # type: ignore[arg-type]
    assert slow.counts == [1, 1, 1, 1]


def test_the_same_codes_and_the_same_items_are_shown_on_both_sides() -> None:
    twins = Twins(Trainer(small()), Trainer(small("vae")))
    shown = {side: event for side, event in twins.prepare() if isinstance(event, Pictures)}
    np.testing.assert_array_equal(shown["a"].sample_codes, shown["b"].sample_codes)
    np.testing.assert_array_equal(shown["a"].originals, shown["b"].originals)


def test_both_sides_get_the_items_in_the_same_order() -> None:
    twins = ready(small(), small("vae"))
    orders = [twins.trainers[side]._engine.order for side in SIDES]
    for _ in range(20):
        assert torch.equal(orders[0].next(), orders[1].next())


def test_experiments_that_do_the_same_work_run_on_the_same_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = iter([1, 2, 2])
    monkeypatch.setattr("aegan_studio.ml.device.faster_threads", lambda _step: next(found))
    alike = ready(small(training__threads=0), small(training__threads=0, seed=3))
    assert [alike.trainers[side].threads for side in SIDES] == [1, 1]
    unlike = ready(small(training__threads=0), small("vae", training__threads=0))
    assert [unlike.trainers[side].threads for side in SIDES] == [2, 2]


def test_where_one_ends_both_stop_and_the_other_may_go_on_alone() -> None:
    twins = ready(small(training__steps=15), small())
    events = [told for round_ in twins.run() for told in round_]
    assert [side for side, event in events if isinstance(event, Finished)] == ["a"]
    assert {side: twins.trainers[side].step for side in SIDES} == {"a": 15, "b": 15}
    assert twins.going == ("b",)
    list(twins.run(5))
    assert {side: twins.trainers[side].step for side in SIDES} == {"a": 15, "b": 20}


def test_one_that_may_go_on_after_all_catches_up_before_both_go_on() -> None:
    twins = ready(small(training__steps=15), small())
    list(twins.run())
    list(twins.run(10))
    twins.change("a", "training.steps", 40)
    list(twins.run(2))
    assert {side: twins.trainers[side].step for side in SIDES} == {"a": 27, "b": 27}
    alone = Trainer(small())
    list(alone.prepare())
    list(alone.run(27))
    assert equal(twins.trainers["b"], alone)


def wild() -> Experiment:
    """Diverges within some steps."""
    return small("autoencoder", phases__autoencoder__optimizer="sgd", phases__autoencoder__lr=10.0)


@pytest.mark.parametrize("side", SIDES)
def test_where_one_diverges_the_other_is_kept_and_goes_on(side: str) -> None:
    pair = (wild(), small("vae")) if side == "a" else (small("vae"), wild())
    twins = ready(*pair)
    events = [told for round_ in twins.run() for told in round_]
    assert [which for which, event in events if isinstance(event, Diverged)] == [side]
    rest = other(side)  # type: ignore[arg-type]
    assert twins.going == (rest,)
    list(twins.run())
    assert twins.trainers[rest].step == 40


def test_measurements_are_told_of_both_at_the_same_steps() -> None:
    often = {"training__evaluate_every": 20}
    twins = ready(small(**often), small("vae", **often))
    told = [told for round_ in twins.run() for told in round_]
    steps = [[e.step for s, e in told if s == side and isinstance(e, Evaluated)] for side in SIDES]
    assert steps[0] == steps[1] == [20, 40]


@pytest.fixture
def folders() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_each_side_leaves_a_run_that_goes_on_bit_for_bit(
    folders: ExitStack, tmp_path: Path
) -> None:
    experiments = (small(), small("vae"))
    trainers = []
    for side, experiment in zip(SIDES, experiments, strict=True):
        run = folders.enter_context(RunFolder.create(tmp_path / side, experiment))
        trainers.append(Trainer(experiment, run=run))
    twins = Twins(*trainers)
    list(twins.prepare())
    list(twins.run(20))
    assert [side for side, event in twins.save() if isinstance(event, Saved)] == ["a", "b"]
    assert not list(twins.save())  # nothing new to save
    folders.close()
    for side, experiment in zip(SIDES, experiments, strict=True):
        alone = Trainer(experiment)
        list(alone.prepare())
        list(alone.run(30))
        with RunFolder.open(tmp_path / side) as run:
            resumed = Trainer(experiment, run=run, resume=True)
            assert next(e.step for e in resumed.prepare() if isinstance(e, Started)) == 20
            list(resumed.run(10))
            assert equal(resumed, alone)


def test_a_checkpoint_that_cannot_be_written_is_told_and_harms_neither(
    monkeypatch: pytest.MonkeyPatch, folders: ExitStack, tmp_path: Path
) -> None:
    run = folders.enter_context(RunFolder.create(tmp_path / "a", small()))
    twins = Twins(Trainer(small(), run=run), Trainer(small()))
    list(twins.prepare())
    list(twins.run(3))

    def full(*_: object) -> None:
        raise StudioError(msg("The disk is full."))

    monkeypatch.setattr("aegan_studio.ml.checkpoint.write", full)
    assert [(side, type(event)) for side, event in twins.save()] == [("a", SaveFailed)]
    list(twins.run(3))
    assert twins.trainers["a"].step == twins.trainers["b"].step == 6
