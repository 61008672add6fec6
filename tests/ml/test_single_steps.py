"""Step mode of the trainer: phases of choice, numbers to watch, slowly, and what to run until."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import (
    Evaluated,
    Event,
    Finished,
    PhaseDone,
    PhaseReady,
    Progress,
    Reached,
)
from aegan_studio.experiment.parts import METHODS
from aegan_studio.experiment.until import AfterTime, AtEpoch, AtStep, WhenFound, WhenMeasured
from aegan_studio.messages import StudioError
from aegan_studio.ml.trainer import Trainer
from aegan_studio.runs.folder import RunFolder

SMALL = {
    "training.batch_size": 32,
    "training.threads": 1,
    "training.steps": 200,
    "training.evaluate_every": 10,
}


@pytest.fixture
def folders() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def small(method: str = "gan", **edits: object) -> Experiment:
    dataset = {"kind": "ring", "count": 400}
    base = Experiment.parse({"dataset": dataset, "method": method})
    paths = {path.replace("__", "."): value for path, value in edits.items()}
    return base.with_options({**SMALL, **paths})


def ready(trainer: Trainer) -> Trainer:
    trainer.wants = set()
    list(trainer.prepare())
    return trainer


def weights(trainer: Trainer) -> dict[str, np.ndarray]:
    return {
        f"{role}/{name}": array
        for role, arrays in trainer._engine.model.arrays().items()
        for name, array in arrays.items()
    }


def same(first: dict[str, np.ndarray], second: dict[str, np.ndarray]) -> bool:
    return first.keys() == second.keys() and all(
        np.array_equal(first[name], second[name]) for name in first
    )


def only(events: list[Event], kind: type) -> list:
    return [event for event in events if isinstance(event, kind)]


METHODS_OF_POINTS = [entry.kind for entry in METHODS if "points" in entry.defaults().modalities]


@pytest.mark.parametrize("kind", METHODS_OF_POINTS)
def test_watching_updates_changes_none_of_them(kind: str) -> None:
    whole, watched = ready(Trainer(small(kind))), ready(Trainer(small(kind)))
    steps = list(whole.run(steps=2))
    seen = [event for _ in range(2) for event in watched.run_step()]
    assert watched.step == 2
    assert same(weights(whole), weights(watched))
    rows = [np.concatenate([e.values for e in only(es, Progress)]) for es in (steps, seen)]
    np.testing.assert_array_equal(*rows)


def test_a_phase_of_choice_moves_its_networks_and_the_step_stands_where_it_stood() -> None:
    trainer = ready(Trainer(small()))
    before = weights(trainer)
    events = list(trainer.run_phase("generator"))
    moved = {name for name, array in weights(trainer).items() if (array != before[name]).any()}
    assert moved
    assert all(name.startswith("generator/") for name in moved)
    (done,) = only(events, PhaseDone)
    assert (done.phase, done.extra, done.next_phase) == ("generator", True, "discriminator")
    assert trainer.step == 0
    assert not only(events, Progress), "an extra update is no part of a step"
    (done,) = only(list(trainer.run_phase("discriminator")), PhaseDone)
    assert not done.extra, "it was its turn"
    assert done.next_phase == "generator"


def test_a_phase_can_be_trained_alone_for_a_while() -> None:
    trainer = ready(Trainer(small()))
    list(trainer.run_phase())
    before = weights(trainer)
    events = list(trainer.run_phase("discriminator", 5, tick=60.0))
    assert len(only(events, PhaseDone)) == 1, "of many, the last is told"
    assert trainer._steps.extras == {"discriminator": 5}
    assert only(events, PhaseDone)[0].next_phase == "generator"
    changed = [name for name, array in weights(trainer).items() if (array != before[name]).any()]
    assert changed
    assert all(name.startswith("discriminator/") for name in changed)


def test_an_unknown_phase_is_refused_in_words() -> None:
    trainer = ready(Trainer(small()))
    with pytest.raises(StudioError, match="no phase called encoder"):
        list(trainer.run_phase("encoder"))


def test_extra_updates_are_recorded_and_resuming_after_them_is_exact(
    tmp_path: Path, folders: ExitStack
) -> None:
    experiment = small(training__ema=0.9)
    script = ["", "discriminator", "discriminator", "", "generator", ""]  # ends within step 2

    def carried_out(trainer: Trainer, names: list[str]) -> None:
        for name in names:
            list(trainer.run_phase(name))

    whole = ready(Trainer(experiment))
    carried_out(whole, script)
    list(whole.run(steps=3))

    path = tmp_path / "run"
    run = folders.enter_context(RunFolder.create(path, experiment))
    first = ready(Trainer(experiment, run=run))
    carried_out(first, script)
    assert first.unsaved
    first.save()
    assert not first.unsaved
    list(first.run_phase("generator"))  # lost: killed before it was saved
    assert first.unsaved
    run.close()

    again = folders.enter_context(RunFolder.open(path))
    assert again.facts["extra_updates"] == {"discriminator": 2, "generator": 1}
    second = ready(Trainer(experiment, run=again, resume=True))
    extras = [line for line in again.events() if line["event"] == "extra"]
    told = [(line["step"], line["phase"]) for line in extras]
    assert told == [(0, "discriminator"), (0, "discriminator"), (1, "generator")]
    list(second.run(steps=3))
    assert second.step == whole.step == 4
    assert same(weights(whole), weights(second))
    for role, average in whole._engine.averages.items():
        assert torch.equal(average, second._engine.averages[role])


def test_the_numbers_told_are_those_of_the_batch() -> None:
    """Against a direct computation with the same weights, batch and noise."""
    told, direct = ready(Trainer(small())), ready(Trainer(small()))
    engine = direct._engine
    networks, method = engine.model.networks, engine.model.method
    before = {role: flat.values.clone() for role, flat in told._engine.flat.items()}

    with torch.no_grad():
        x_hat = networks["generator"](method.prior(32, engine.rng))
        x, _ = engine._draw()
        a, a_hat = networks["discriminator"](x), networks["discriminator"](x_hat)
    (seen,) = only(events := list(told.run_phase()), PhaseReady)
    (done,) = only(events, PhaseDone)
    close = pytest.approx
    assert seen.batch == 32
    assert seen.said["discriminator(x)"] == close(float(a.sigmoid().mean()), rel=1e-5)
    assert seen.said["discriminator(x-hat)"] == close(float(a_hat.sigmoid().mean()), rel=1e-5)
    real, fake = float(F.softplus(-a).mean()), float(F.softplus(a_hat).mean())
    assert seen.said["log discriminator(x)"] == close(-real, rel=1e-5)
    assert seen.said["log not discriminator(x-hat)"] == close(-fake, rel=1e-5)
    assert seen.totals == {("discriminator",): close(real + fake, rel=1e-5)}
    right = 0.5 * float((a > 0).float().mean() + (a_hat < 0).float().mean())
    assert seen.terms["right"] == close(right)
    assert seen.rate == told.experiment.phases["discriminator"].lr
    for weight in networks["discriminator"].parameters():
        weight.requires_grad_()
    loss = F.softplus(-networks["discriminator"](x)).mean()
    loss = loss + F.softplus(networks["discriminator"](x_hat)).mean()
    gradients = torch.autograd.grad(loss, list(networks["discriminator"].parameters()))
    norm = math.sqrt(sum(float(part.square().sum()) for part in gradients))
    assert seen.gradients == {"discriminator": close(norm, rel=1e-4)}
    after = told._engine.flat["discriminator"].values
    assert done.moves == {
        "discriminator": close(float((after - before["discriminator"]).norm()), rel=1e-5)
    }


def test_weighted_totals_and_idle_networks_are_told_as_they_are() -> None:
    trainer = ready(Trainer(small("aegan", method__adv_z=0.0, method__rec_x=4.0)))
    (critics,) = only(list(trainer.run_phase()), PhaseReady)
    assert set(critics.gradients) == {"discriminator"}, "the latent critic rests"
    assert {name for name in critics.said if not name.startswith("log")} == {
        "discriminator(x)",
        "discriminator(x-hat)",
        "discriminator(x-tilde)",
    }
    (seen,) = only(list(trainer.run_phase()), PhaseReady)
    assert seen.weights["rec-x"] == 4.0
    total = sum(seen.weights[name] * seen.terms[name] for name in seen.weights)
    assert seen.totals[("encoder", "generator")] == pytest.approx(total, rel=1e-5)


def test_each_network_of_a_phase_has_the_total_that_moves_it() -> None:
    trainer = ready(Trainer(small("vae-gan")))
    list(trainer.run_phase())
    (seen,) = only(list(trainer.run_phase()), PhaseReady)
    assert set(seen.totals) == {("encoder",), ("decoder",)}
    told = seen.weights["kl"] * seen.terms["kl"] + seen.terms["features"]
    assert seen.totals[("encoder",)] == pytest.approx(told, rel=1e-5)


def test_a_phase_whose_terms_are_off_says_that_it_does_nothing() -> None:
    trainer = ready(Trainer(small("aegan", method__adv_x=0.0, method__adv_z=0.0)))
    (seen, *_, done) = list(trainer.run_phase())
    assert isinstance(seen, PhaseReady)
    assert not seen.weights
    assert not seen.gradients
    assert done.moves == {}
    assert done.next_phase == "autoencoder"


def test_slowly_an_update_waits_between_its_gradients_and_its_move() -> None:
    quick, slow = ready(Trainer(small())), ready(Trainer(small()))
    turns = iter(["", "", "generator", None])
    source = slow.run_slowly(lambda: next(turns))
    before = weights(slow)
    assert isinstance(next(source), PhaseReady)
    assert same(before, weights(slow)), "nothing has moved yet"
    seen = list(source)
    assert isinstance(seen[-1], PhaseDone)
    assert [event.extra for event in only(seen, PhaseDone)] == [False, False, True]
    list(quick.run(steps=1))
    list(quick.run_phase("generator"))
    assert same(weights(quick), weights(slow))


def test_an_update_left_in_the_middle_is_carried_out(tmp_path: Path, folders: ExitStack) -> None:
    experiment = small()
    run = folders.enter_context(RunFolder.create(tmp_path / "run", experiment))
    whole, left = ready(Trainer(experiment)), ready(Trainer(experiment, run=run))
    list(whole.run(steps=1))
    list(left.run_phase())
    source = left.run_phase()
    next(source)
    source.close()  # a loop that was left by break
    assert left.step == 1
    assert same(weights(whole), weights(left))
    assert run.steps()[0].tolist() == [1], "its step is in the records"


def test_time_that_a_person_looks_is_no_training_time() -> None:
    trainer = ready(Trainer(small()))
    (progress,) = only(list(trainer.run_step()), Progress)
    assert 0 < progress.seconds < 5
    source = trainer.run_slowly(lambda: "")
    clock = trainer._single
    next(source)
    worked = clock._worked
    assert worked > 0
    source.close()


def test_single_updates_measure_on_held_out_data_when_it_is_due() -> None:
    trainer = ready(Trainer(small("vae", training__evaluate_every=2)))
    seen = [event for _ in range(4) for event in trainer.run_step()]
    assert [event.step for event in only(seen, Evaluated)] == [2, 4]


def test_a_divergence_within_extra_updates_is_noticed() -> None:
    trainer = ready(Trainer(small()))
    list(trainer.run(steps=5))
    healthy = weights(trainer)
    with torch.no_grad():
        next(iter(trainer._engine.model.networks["generator"].parameters())).fill_(float("nan"))
    events = list(trainer.run_phase("discriminator"))  # its turn
    events += list(trainer.run_phase("discriminator"))  # out of turn
    assert only(events, Finished)[0].reason == "diverged"
    assert all(np.isfinite(array).all() for array in weights(trainer).values())
    assert healthy.keys() == weights(trainer).keys()


# What to run until


def test_steps_and_epochs_are_met_exactly() -> None:
    trainer = ready(Trainer(small()))
    (reached,) = only(list(trainer.run(until=AtStep(7), tick=60.0)), Reached)
    assert (reached.step, trainer.step) == (7, 7)
    until = AtEpoch(1.5)
    per_epoch = trainer._engine.order.steps_per_epoch
    (reached,) = only(list(trainer.run(until=until, tick=60.0)), Reached)
    assert reached.value == pytest.approx(trainer._engine.order.epoch)
    assert 1.5 <= trainer._engine.order.epoch < 1.5 + 1 / per_epoch + 1e-9
    events = list(trainer.run(until=until))
    assert trainer.step == reached.step, "what has come about needs no step"
    assert only(events, Reached)


def test_the_first_row_that_meets_a_value_is_named_and_training_stops_with_its_report() -> None:
    trainer = ready(Trainer(small("vae")))
    until = WhenMeasured("rec-x", "below", 8.0)
    events = list(trainer.run(until=until, tick=0.0))
    (reached,) = only(events, Reached)
    steps = np.concatenate([event.steps for event in only(events, Progress)])
    column = [event.values[:, 0] for event in only(events, Progress)]
    values = np.concatenate(column)
    first = int(steps[np.flatnonzero(values < 8.0)[0]])
    assert reached.seen == first
    assert reached.value == pytest.approx(float(values[steps == first][0]))
    assert trainer.step == reached.step == first


def test_a_measurement_on_held_out_data_can_be_waited_for() -> None:
    trainer = ready(Trainer(small("vae")))
    until = WhenMeasured("mse", "below", 1e9, held_out=True)
    (reached,) = only(list(trainer.run(until=until, tick=60.0)), Reached)
    assert reached.step == reached.seen == 10, "it is measured every tenth step"


def test_time_and_findings_can_be_waited_for() -> None:
    trainer = ready(Trainer(small(training__steps=100_000)))
    events = list(trainer.run(until=AfterTime(0.05)))
    (reached,) = only(events, Reached)
    assert reached.value is not None
    assert 0.05 <= reached.value < 1.0
    source = trainer.run(until=WhenFound("collapse"))
    next(source)
    assert trainer.tell("vanishing") is None
    found = trainer.tell("collapse")
    assert found is not None
    assert found.step == trainer.step
    source.close()


def test_what_never_comes_about_ends_with_the_last_step() -> None:
    trainer = ready(Trainer(small(training__steps=15)))
    events = list(trainer.run(until=WhenMeasured("loss-d", "above", 1e9)))
    assert not only(events, Reached)
    assert only(events, Finished)[0].reason == "done"
