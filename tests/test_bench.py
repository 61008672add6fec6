"""The benchmark compares like with like, and its command works. Speed itself is not tested."""

import json
import math

import numpy as np
import pytest
import torch

from aegan_studio import bench
from aegan_studio.bench import (
    command,
    digits,
    digits_table,
    judge,
    mixture_table,
    mixtures,
    quality,
    shelf,
)
from aegan_studio.bench.cases import CASES, Rivalry
from aegan_studio.bench.pacing import Budget, Paces
from aegan_studio.bench.report import Figure
from aegan_studio.catalog.models import models
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.data.order import BatchOrder
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.engine import Engine
from aegan_studio.ml.metrics.modes import Modes
from aegan_studio.ml.trainer import Trainer

TINY = Budget(rounds=1, window=0.01, warm_up=0.01)
STEPS = 4
LEARNED = ("weight", "bias")


class Twin(Rivalry):
    """A rivalry that draws the very batches and codes that the trainer draws."""

    def __init__(self, experiment, data):
        super().__init__(experiment, data)
        self.rng.set_state(Engine(experiment, data, torch.device("cpu")).rng.get_state())
        self.used = {}

    def lean(self, role):
        self.used[role] = super().lean(role)
        return self.used[role]

    def batches(self):
        order = BatchOrder(len(self.data.train), self.batch_size, self.experiment.seed)
        data = self.data.train if self.convolutional else self.data.train.flatten(1)
        while True:
            yield data[order.next()]


def trained(experiment):
    """All weights by role after a few steps of the trainer."""
    trainer = Trainer(experiment)
    trainer.wants = {"weights"}
    for _ in trainer.prepare():
        pass
    for _ in trainer.run(steps=STEPS):
        pass
    *_, last = trainer.show()
    assert isinstance(last, Weights)
    return {
        role: np.concatenate([a.ravel() for name, a in arrays.items() if name.endswith(LEARNED)])
        for role, arrays in last.roles.items()
    }


def flat(parameters):
    return np.concatenate([parameter.detach().numpy().ravel() for parameter in parameters])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_bare_loop_and_the_trainer_do_the_same_maths(case):
    experiment = case.experiment().with_options({"training.threads": 1})
    ours = trained(experiment)
    twin = Twin(experiment, DataStore.load(experiment))
    loop = case.rivals(twin)["bare"]()
    for _ in range(STEPS):
        next(loop)
    for role, network in twin.used.items():
        start = flat(twin.network(role).parameters())
        theirs, mine = flat(network.parameters()), ours[role]
        assert np.abs(theirs - start).max() > 3e-4
        # equal to the bit but for convolutions; there Adam's first steps, which are the signs of
        # gradients, let rounding show where a gradient is nearly zero
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=5e-5)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_rival_makes_steps(case):
    experiment = case.experiment()
    for make in case.rivals(Rivalry(experiment, DataStore.load(experiment))).values():
        loop = make()
        next(loop)
        next(loop)


def test_the_command_writes_a_table_and_prints_it(tmp_path, capsys):
    assert bench.main(out=tmp_path, only=["small-gan"], budget=TINY) == 0
    printed = capsys.readouterr()
    assert printed.out == (tmp_path / "bench.md").read_text("utf-8")
    assert "2-8-8-2" in printed.out
    plain = json.loads((tmp_path / "bench.json").read_text("utf-8"))
    assert [figure["name"] for figure in plain["figures"]] == [
        "small-gan/bare",
        "small-gan/modules",
        "small-gan/usual",
    ]
    assert all(figure["value"] > 0 for figure in plain["figures"])


def test_the_command_prints_json(capsys, monkeypatch):
    figure = Figure("quick/bare", msg("nothing"), 2.5)
    job = command.Job("quick", msg("Nothing"), lambda budget: iter([figure]))
    monkeypatch.setattr(command, "jobs", lambda: (job,))
    assert bench.main(json=True, budget=TINY) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["format"] == 1
    assert [(one["name"], one["value"]) for one in plain["figures"]] == [("quick/bare", 2.5)]


def test_an_unknown_part_is_refused_with_a_near_name():
    with pytest.raises(StudioError, match="small-gan"):
        bench.main(only=["smal-gan"], budget=TINY)


def test_ratios_pair_the_windows_of_a_round():
    paces = Paces({"studio": (10.0, 100.0, 30.0), "bare": (10.0, 50.0, 10.0)})
    assert paces.ratio("studio", "bare").median == 2.0


def result(name, *, mse=0.01, fid=1.0, coverage=0.9, classes=10.0):
    """A measurement of digits as its program keeps it."""
    trained = {
        "mse": mse,
        "fid": fid,
        "kid": 0.0,
        "precision": 0.9,
        "recall": 0.8,
        "density": 1.0,
        "coverage": coverage,
        "classes": classes,
        "rarest": 0.08,
        "recognised": 0.9,
        "copying": 1.1,
    }
    untrained = {**trained, "mse": 0.2, "fid": 30.0, "coverage": 0.0, "classes": 0.0}
    return {
        "name": name,
        "model": "GAN",
        "steps": 10,
        "seconds": 1.0,
        "steps_per_second": 10.0,
        "memory": 2**20,
        "extractor": "abc",
        "floor": {"fid": 0.2},
        "trained": trained,
        "untrained": untrained,
    }


def test_a_model_is_held_against_its_untrained_self():
    good = result("digits-good")
    assert digits_table.shortcomings(good["trained"], good["untrained"]) == []
    bad = result("digits-bad", mse=0.15, fid=20.0, coverage=0.1, classes=3.0)
    found = digits_table.shortcomings(bad["trained"], bad["untrained"])
    assert found == ["mse", "fid", "coverage", "classes"]
    broken = result("digits-broken", mse=float("nan"))
    assert digits_table.shortcomings(broken["trained"], broken["untrained"]) == ["mse"]
    table = digits_table.to_markdown([good, bad])
    good_row, bad_row = table.splitlines()[-2:]
    assert good_row.startswith("| **digits-good** | GAN | 1 |")
    assert good_row.endswith("| ✓ |")
    assert "0.0100 (0.2000)" in good_row
    assert "✗" in bad_row
    columns = {line.count("|") for line in table.splitlines() if line.startswith("|")}
    assert len(columns) == 1


def test_every_model_of_pictures_has_a_recipe_of_digits():
    assert digits.missing() == []
    assert set(digits.EXCUSED) <= {model.name for _, model in models()}


def test_every_recipe_of_digits_is_in_the_table():
    table = digits.TABLE.read_text("utf-8")
    assert [name for name in digits.names() if f"**{name}**" not in table] == []


def test_digits_are_judged_beside_an_untrained_model(tmp_path):
    (job,) = digits.jobs(["digits-autoencoder"], quick=True, threads=1)
    found = digits.measure(job, tmp_path)
    assert (tmp_path / "digits-autoencoder.png").read_bytes().startswith(b"\x89PNG")
    trained, untrained = found["trained"], found["untrained"]
    assert trained["mse"] < 0.5 * untrained["mse"]
    assert trained["fid"] < 0.5 * untrained["fid"]
    assert found["floor"]["fid"] < 0.1 * trained["fid"]
    assert found["floor"]["coverage"] > 0.9
    assert 0.5 < trained["probe"] <= 1
    assert "obeyed" not in trained
    assert digits_table.to_markdown([{"name": job.name, **found}]).count("**digits-autoencoder**")


def test_codes_with_a_class_say_what_was_asked_for():
    plain = {
        "dataset": "digits",
        "method": {"kind": "gan", "labels": "conditional", "latent_dim": 3},
    }
    trained = quality.untrained(Experiment.parse(plain))
    asked = judge.classes_asked(trained, trained.codes(500))
    assert set(asked.tolist()) == set(range(10))
    plain["method"] = "gan"
    trained = quality.untrained(Experiment.parse(plain))
    assert judge.classes_asked(trained, trained.codes(5)) is None


# mixtures


def test_every_contestant_of_the_mixtures_exists_and_has_like_networks():
    assert all(mixtures.available(contestant) for contestant in mixtures.CONTESTANTS)
    for contestant in mixtures.CONTESTANTS:
        experiment = mixtures.experiment(contestant, "grid", 3)
        assert experiment.seed == 3
        protocol = mixtures.PROTOCOLS["slow"]
        for role, network in experiment.networks.items():
            judges = role == mixtures.JUDGE
            assert network.widths == (protocol.judging if judges else protocol.widths)
        rates = {phase.lr for phase in experiment.phases.values()}
        assert rates == {protocol.lr, protocol.judging_lr}


@pytest.mark.parametrize("mixture", ["ring", "grid"])
def test_the_centres_are_those_of_the_data(mixture):
    experiment = mixtures.experiment(mixtures.CONTESTANTS[0], mixture, 0)
    data = DataStore.load(experiment)
    points = data.to_display(data.train[:5000])
    modes = Modes.count(points, *mixtures.centres(experiment))
    assert modes.found == {"ring": 8, "grid": 25}[mixture]
    assert modes.high_quality == pytest.approx(1 - math.exp(-4.5), abs=0.01)


def test_interrupted_measurements_go_on_where_they_stopped(tmp_path):
    contestant = mixtures.CONTESTANTS[0]
    short = mixtures.Protocol(steps=2)
    jobs = [shelf.Job("a", mixtures.experiment(contestant, "ring", 0, short))]
    kept = shelf.Shelf(tmp_path)
    kept.put(jobs[0], mixtures.measure(jobs[0]))

    def never(job):
        raise AssertionError(job)

    ((_, found),) = shelf.measure_all(jobs, never, shelf.Shelf(tmp_path))
    assert found["of"] == 8
    other = shelf.Job("a", mixtures.experiment(contestant, "ring", 1, short))
    assert shelf.Shelf(tmp_path).get(other) is None
    (tmp_path / "a.json").write_text("{torn")
    assert shelf.Shelf(tmp_path).get(jobs[0]) is None


def row(modes, kl, n=5):
    return [
        {
            "name": f"r{i}",
            "modes": modes + i % 2,
            "high_quality": 0.9,
            "reverse_kl": kl,
            "seconds": 5.0,
        }
        for i in range(n)
    ]


def test_the_table_of_mixtures_says_whether_orders_agree():
    labels = {contestant.name: contestant.label for contestant in mixtures.CONTESTANTS}
    results = {
        "slow/ring/gan": row(4, 0.5),
        "slow/ring/pacgan2": row(7, 0.1),
        "slow/ring/ali": row(4, 0.5),
        "slow/grid/gan": row(20, 0.2),
        "slow/grid/pacgan2": row(12, 0.9),
        "recipe/ring-gan": row(8, 0.0),
        "recipe/grid-gan": row(20, 0.0),
    }
    table = mixture_table.to_markdown(results, labels, {"slow": "So it was."})
    assert "| GAN < PacGAN2 | arXiv 1712.04086 | agrees | differs |" in table
    assert "| GAN < ALI | arXiv 1705.07761, 1712.04086 | even | – |" in table
    assert "| GAN | 4.4 ± 0.2 | 90.0 ± 0.0 % | 0.50 ± 0.00 | 5 | 5 | 6.3, 98.2 %, 0.45 |" in table
    lines = {line.partition(" |")[0]: line for line in table.splitlines()}
    assert lines["| **ring-gan**"].endswith("✓ |")
    assert lines["| **grid-gan**"].endswith("✗ |")
