"""The trainer: events, pause, phases, live options, divergence, and resuming bit for bit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import torch

from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment import Experiment, InputError
from aegan_studio.experiment.events import (
    Changed,
    Diverged,
    Evaluated,
    Event,
    Finished,
    Notice,
    PhaseDone,
    Pictures,
    Progress,
    Saved,
    SaveFailed,
    Started,
    Weights,
)
from aegan_studio.messages import StudioError
from aegan_studio.ml import checkpoint
from aegan_studio.ml.trainer import Trainer
from aegan_studio.runs.folder import RunFolder

SMALL = {
    "training.batch_size": 32,
    "training.threads": 1,
    "training.steps": 40,
    "training.evaluate_every": 10,
}


@pytest.fixture
def folders() -> Iterator[ExitStack]:
    """Run folders entered here are closed when the test ends."""
    with ExitStack() as stack:
        yield stack


def small(method: str = "gan", dataset: str = "ring", **edits: object) -> Experiment:
    base: dict[str, object] = {"dataset": {"kind": dataset}, "method": method}
    if dataset == "ring":
        base["dataset"] = {"kind": dataset, "count": 400}
    paths = {path.replace("__", "."): value for path, value in edits.items()}
    return Experiment.parse(base).with_options({**SMALL, **paths})


def started(trainer: Trainer) -> Trainer:
    list(trainer.prepare())
    return trainer


def rows(events: Iterable[Event]) -> tuple[np.ndarray, np.ndarray]:
    progress = [event for event in events if isinstance(event, Progress)]
    return (
        np.concatenate([event.steps for event in progress]),
        np.concatenate([event.values for event in progress]),
    )


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


def test_a_training_reports_every_step_once_and_finishes() -> None:
    trainer = Trainer(small())
    events = [*trainer.prepare(), *trainer.run(tick=0.001)]
    (start,) = [event for event in events if isinstance(event, Started)]
    steps, values = rows(events)
    assert steps.tolist() == list(range(1, 41))
    assert values.shape == (40, len(start.columns))
    losses = values[:, [start.columns.index("loss-d"), start.columns.index("loss-g")]]
    assert np.isfinite(losses).all()
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == "done"


def test_signals_and_gradient_norms_come_every_tenth_step() -> None:
    trainer = Trainer(small())
    start, *_ = (event for event in trainer.prepare() if isinstance(event, Started))
    _, values = rows(trainer.run())
    measured = np.isfinite(values[:, start.columns.index("right")])
    assert np.flatnonzero(measured).tolist() == [0, 10, 20, 30]
    assert (values[measured, start.columns.index("gradient.generator")] > 0).all()


def test_pictures_come_from_the_same_codes_and_change_with_training() -> None:
    trainer = Trainer(small("vae"))
    trainer.picture_every = 0.0
    events = [*trainer.prepare(), *trainer.run(tick=0.0)]
    pictures = [event for event in events if isinstance(event, Pictures)]
    first, last = pictures[0], pictures[-1]
    assert first.samples is not None
    assert last.samples is not None
    np.testing.assert_array_equal(first.sample_codes, last.sample_codes)
    np.testing.assert_array_equal(first.originals, last.originals)
    assert np.abs(first.samples - last.samples).max() > 0


def test_showing_pictures_and_weights_changes_nothing_in_training() -> None:
    quiet, shown = started(Trainer(small("vae"))), Trainer(small("vae"))
    shown.wants, shown.picture_every = {"pictures", "weights"}, 0.0
    started(shown)
    quiet.wants = set()
    list(quiet.run())
    events = list(shown.run(tick=0.0))
    assert any(isinstance(event, Weights) for event in events)
    assert same(weights(quiet), weights(shown))


def test_leaving_the_loop_is_a_pause() -> None:
    whole, paused = started(Trainer(small())), started(Trainer(small()))
    list(whole.run())
    for event in paused.run(tick=0.0):
        if isinstance(event, Progress) and event.step >= 7:
            break
    assert 7 <= paused.step < 40
    list(paused.run(steps=5))
    list(paused.run())
    assert same(weights(whole), weights(paused))


def test_single_phases_add_up_to_whole_steps() -> None:
    edits = {"phases__discriminator__updates": 2}
    whole, phased = started(Trainer(small(**edits))), started(Trainer(small(**edits)))
    list(whole.run(steps=2))
    seen = [event for _ in range(6) for event in phased.run_phase()]
    names = [event.phase for event in seen if isinstance(event, PhaseDone)]
    assert names == ["discriminator", "discriminator", "generator"] * 2
    following = [event.next_phase for event in seen if isinstance(event, PhaseDone)]
    assert following == ["discriminator", "generator", "discriminator"] * 2
    assert phased.step == 2
    assert same(weights(whole), weights(phased))


def test_a_phase_moves_only_its_own_networks() -> None:
    trainer = started(Trainer(small()))
    before = weights(trainer)
    list(trainer.run_phase())
    moved = {name for name, array in weights(trainer).items() if (array != before[name]).any()}
    assert moved
    assert all(name.startswith("discriminator/") for name in moved)


def test_a_phase_without_updates_leaves_its_network_alone() -> None:
    trainer = started(Trainer(small(phases__generator__updates=0)))
    before = weights(trainer)
    list(trainer.run())
    after = weights(trainer)
    assert all((after[n] == before[n]).all() for n in before if n.startswith("generator/"))


def test_a_live_option_applies_at_once_and_is_reported() -> None:
    trainer = started(Trainer(small()))
    list(trainer.run(steps=3))
    event = trainer.change("phases.generator.lr", 0.5)
    assert event == Changed(3, "phases.generator.lr", 2e-4, 0.5)
    generator = next(p for p in trainer._engine.phases if p.name == "generator")
    assert generator.updater.lr == 0.5


@pytest.mark.parametrize(
    ("path", "value"),
    [("method.latent_dim", 3), ("method.kind", "vae"), ("phases.generator.lr", -1.0)],
)
def test_other_options_are_refused_with_a_sentence(path: str, value: object) -> None:
    trainer = started(Trainer(small()))
    with pytest.raises(InputError, match=path):
        trainer.change(path, value)


def test_held_out_measurements_come_at_fixed_steps() -> None:
    trainer = started(Trainer(small("vae")))
    found = [event for event in trainer.run() if isinstance(event, Evaluated)]
    assert [event.step for event in found] == [10, 20, 30, 40]
    assert {"rec-x", "kl", "bound", "mse", "active"} <= found[0].values.keys()


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "rmsprop", "sgd"])
def test_every_optimiser_makes_torchs_own_updates(optimizer: str) -> None:
    """The flat buffers against torch's optimiser on ordinary parameters."""
    edits = {
        "phases__autoencoder__optimizer": optimizer,
        "phases__autoencoder__weight_decay": 0.01,
        "phases__autoencoder__momentum": 0.9,
    }
    trainer = started(Trainer(small("autoencoder", **edits)))
    options = trainer.experiment.phases["autoencoder"]
    from aegan_studio.ml.data.store import DataStore
    from aegan_studio.ml.model import Model

    model = Model.build(trainer.experiment).train()
    data = DataStore.load(trainer.experiment)
    order = type(trainer._engine.order)(len(data.train), 32, trainer.experiment.seed)
    parameters = [p for network in model.networks.values() for p in network.parameters()]
    common = {"lr": options.lr, "weight_decay": 0.01}
    plain: torch.optim.Optimizer = {
        "adam": lambda: torch.optim.Adam(parameters, **common),
        "adamw": lambda: torch.optim.AdamW(parameters, **common),
        "rmsprop": lambda: torch.optim.RMSprop(parameters, alpha=0.999, **common),
        "sgd": lambda: torch.optim.SGD(parameters, momentum=0.9, **common),
    }[optimizer]()
    for _ in range(5):
        x = data.train[order.next()]
        plain.zero_grad()
        (x - model.networks["decoder"](model.networks["encoder"](x))).square().mean().backward()
        plain.step()
    list(trainer.run(steps=5))
    for name, array in weights(trainer).items():
        role, _, parameter = name.partition("/")
        expected = model.networks[role].state_dict()[parameter].numpy()
        np.testing.assert_allclose(array, expected, rtol=2e-4, atol=2e-6)


@pytest.mark.parametrize("on_cpu", [True, False])
@pytest.mark.parametrize("size", [4.0, 0.1])
def test_clipping_limits_the_gradients_norm(size: float, on_cpu: bool) -> None:
    from aegan_studio.ml import optim

    gradients = [torch.full((3,), size), torch.full((4,), -0.75 * size)]
    expected = [gradient.clone() for gradient in gradients]
    parameters = [torch.nn.Parameter(torch.zeros_like(gradient)) for gradient in gradients]
    for parameter, gradient in zip(parameters, expected, strict=True):
        parameter.grad = gradient
    torch.nn.utils.clip_grad_norm_(parameters, 1.0)
    optim.clip(gradients, 1.0, on_cpu=on_cpu)
    for gradient, reference in zip(gradients, expected, strict=True):
        torch.testing.assert_close(gradient, reference)


def test_the_running_average_is_that_of_its_formula() -> None:
    trainer = started(Trainer(small(training__ema=0.9)))
    engine = trainer._engine
    expected = engine.flat["generator"].values.clone()
    for step in (8, 16, 24):
        list(trainer.run(steps=8))
        decay = min(0.9, (1 + step) / (10 + step)) ** 8
        expected = decay * expected + (1 - decay) * engine.flat["generator"].values
    torch.testing.assert_close(engine.averages["generator"], expected)
    assert "discriminator" not in engine.averages


@pytest.mark.parametrize(
    ("method", "edits"),
    [
        ("autoencoder", {"networks__encoder__dropout": 0.3}),
        ("vae", {"networks__encoder__norm": "batch", "training__ema": 0.99}),
        ("gan", {"networks__generator__norm": "batch", "phases__generator__schedule": "cosine"}),
        (
            "gan",
            {
                "phases__discriminator__optimizer": "sgd",
                "phases__discriminator__momentum": 0.9,
                "phases__generator__warmup": 25,
            },
        ),
    ],
)
def test_resuming_is_bit_for_bit_the_uninterrupted_run(
    method: str, edits: dict[str, object], tmp_path: Path, folders: ExitStack
) -> None:
    experiment = small(method, **edits)
    whole = started(
        Trainer(
            experiment, run=folders.enter_context(RunFolder.create(tmp_path / "whole", experiment))
        )
    )
    list(whole.run())
    run = folders.enter_context(RunFolder.create(tmp_path / "parts", experiment))
    first = started(Trainer(experiment, run=run))
    list(first.run(steps=17))
    first.save()
    list(first.run(steps=9))  # lost: never saved
    run.close()
    again = folders.enter_context(RunFolder.open(tmp_path / "parts"))
    second = started(Trainer(experiment, run=again, resume=True))
    assert second.step == 17
    list(second.run())
    assert same(weights(whole), weights(second))
    again.flush()
    first_steps, first_values = folders.enter_context(RunFolder.open(tmp_path / "whole")).steps()
    steps, values = again.steps()
    np.testing.assert_array_equal(first_steps, steps)
    np.testing.assert_array_equal(first_values, values)
    one, other = (
        checkpoint.read(folders.enter_context(RunFolder.open(tmp_path / name)).checkpoints()[0])
        for name in ("whole", "parts")
    )
    assert one.tensors.keys() == other.tensors.keys()
    assert all(torch.equal(one.tensors[name], other.tensors[name]) for name in one.tensors)


def test_a_checkpoint_inside_a_step_goes_on_with_the_next_phase(
    tmp_path: Path, folders: ExitStack
) -> None:
    experiment = small()
    whole = started(Trainer(experiment))
    list(whole.run(steps=3))
    run = folders.enter_context(RunFolder.create(tmp_path / "run", experiment))
    first = started(Trainer(experiment, run=run))
    list(first.run(steps=2))
    list(first.run_phase())
    first.save()
    run.close()
    second = started(
        Trainer(
            experiment, run=folders.enter_context(RunFolder.open(tmp_path / "run")), resume=True
        )
    )
    event = next(event for event in second.run_phase() if isinstance(event, PhaseDone))
    assert event.phase == "generator"
    assert second.step == 3
    assert same(weights(whole), weights(second))


def test_a_damaged_checkpoint_falls_back_to_the_one_before(
    tmp_path: Path, folders: ExitStack
) -> None:
    experiment = small()
    run = folders.enter_context(RunFolder.create(tmp_path / "run", experiment))
    trainer = started(Trainer(experiment, run=run))
    list(trainer.run(steps=5))
    trainer.save()
    list(trainer.run(steps=5))
    newest = trainer.save().path
    run.close()
    data = bytearray(newest.read_bytes())
    data[-40] ^= 0xFF
    newest.write_bytes(data)
    second = Trainer(
        experiment, run=folders.enter_context(RunFolder.open(tmp_path / "run")), resume=True
    )
    (notice,) = [event for event in second.prepare() if isinstance(event, Notice)]
    assert "is damaged" in str(notice.message)
    assert "step 5" in str(notice.mend)
    assert second.step == 5
    newest.write_bytes(b"nonsense")
    run.checkpoints()[-1].write_bytes(data[:100])
    with pytest.raises(StudioError, match="is damaged"):
        started(
            Trainer(
                experiment, run=folders.enter_context(RunFolder.open(tmp_path / "run")), resume=True
            )
        )


def test_resuming_takes_new_live_options_and_refuses_others(
    tmp_path: Path, folders: ExitStack
) -> None:
    experiment = small()
    run = folders.enter_context(RunFolder.create(tmp_path / "run", experiment))
    trainer = started(Trainer(experiment, run=run))
    list(trainer.run(steps=5))
    trainer.save()
    run.close()
    longer = experiment.with_options({"training.steps": 60})
    second = Trainer(
        longer, run=folders.enter_context(RunFolder.open(tmp_path / "run")), resume=True
    )
    assert Changed(5, "training.steps", 40, 60) in list(second.prepare())
    wider = experiment.with_options({"method.latent_dim": 3})
    with pytest.raises(InputError, match=r"method\.latent_dim"):
        started(
            Trainer(wider, run=folders.enter_context(RunFolder.open(tmp_path / "run")), resume=True)
        )


def test_a_diverging_training_stops_and_keeps_the_last_healthy_weights(
    tmp_path: Path, folders: ExitStack
) -> None:
    experiment = small(
        "autoencoder",
        phases__autoencoder__optimizer="sgd",
        phases__autoencoder__lr=0.01,
        training__steps=4000,
    )
    run = folders.enter_context(RunFolder.create(tmp_path / "run", experiment))
    trainer = started(Trainer(experiment, run=run))
    list(trainer.run(steps=3))
    healthy = weights(trainer)
    trainer.change("phases.autoencoder.lr", 10.0)
    with torch.no_grad():
        trainer._engine.flat["decoder"].values.mul_(1e20)
    events = list(trainer.run())
    (diverged,) = [event for event in events if isinstance(event, Diverged)]
    assert (diverged.phase, diverged.term) == ("autoencoder", "rec-x")
    assert diverged.restored_step == 3
    assert events[-1] == Finished(3, "diverged")
    assert same(weights(trainer), healthy)
    assert trainer.step == 3
    assert checkpoint.read(run.checkpoints()[0]).step == 3


def test_a_full_disk_is_reported_and_training_goes_on(
    tmp_path: Path, folders: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = small()
    run = folders.enter_context(RunFolder.create(tmp_path / "run", experiment))
    trainer = started(Trainer(experiment, run=run, autosave=0.0))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    events = list(trainer.run())
    failures = [event for event in events if isinstance(event, SaveFailed)]
    assert failures
    assert "disk is full" in str(failures[0].message)
    assert trainer.finished
    monkeypatch.undo()
    assert isinstance(trainer.save(), Saved)


def test_a_device_this_machine_lacks_is_named() -> None:
    missing = "mps" if not torch.backends.mps.is_available() else "cuda"
    with pytest.raises(StudioError, match=missing.upper()):
        started(Trainer(small(training__device=missing)))


def test_training_leaves_the_global_generator_alone() -> None:
    before = torch.get_rng_state()
    trainer = started(Trainer(small("autoencoder", networks__encoder__dropout=0.2)))
    list(trainer.run())
    assert torch.equal(before, torch.get_rng_state())


def test_networks_that_do_not_fit_are_named() -> None:
    broken = small("autoencoder").with_options({"networks.decoder.kind": "layers"})
    with pytest.raises(StudioError, match="Decoder"):
        started(Trainer(broken))


@pytest.mark.parametrize("k", [2, 8])
def test_a_linear_autoencoder_finds_the_principal_components(k: int) -> None:
    """Training error of digits/16, first 1,347 rows: scikit-learn's PCA, within 2 %."""
    from sklearn.datasets import load_digits
    from sklearn.decomposition import PCA

    from aegan_studio.catalog import recipe

    x = load_digits().data[:1347] / 16
    pca = PCA(k).fit(x)
    best = float(((x - pca.inverse_transform(pca.transform(x))) ** 2).mean())
    experiment = recipe("digits-linear-autoencoder").with_options({"method.latent_dim": k})
    trainer = started(Trainer(experiment))
    trainer.wants = set()
    list(trainer.run(tick=1.0))
    data = trainer._engine.data.train
    error = float(
        (data - trainer._engine.model.generate(trainer._engine.model.encode(data))).square().mean()
    )
    assert best <= error * (1 + 1e-6)
    assert error <= 1.02 * best


@pytest.mark.parametrize("count", range(1, 8))
def test_wherever_the_loop_is_left_nothing_stays_untold(count: int) -> None:
    """Pausing leaves the loop at any event; what follows comes when it rests, in order."""
    trainer = Trainer(
        recipe("gan-lab").with_options({"training.threads": 1, "training.evaluate_every": 2})
    )
    for _ in trainer.prepare():
        pass
    trainer.picture_every = 0.0
    trainer.wants = {"pictures", "surface"}
    told: list[Event] = []
    for _ in range(4):
        events = trainer.run(tick=0.001)
        told += [event for _, event in zip(range(count), events, strict=False)]
        events.close()
        told += trainer.show()
        steps = [int(s) for e in told if isinstance(e, Progress) for s in e.steps]
        assert steps == list(range(1, trainer.step + 1))
        measured = [e.step for e in told if isinstance(e, Evaluated)]
        assert measured == list(range(2, trainer.step + 1, 2))
