"""The benchmark compares like with like, and its command works. Speed itself is not tested."""

import json

import numpy as np
import pytest
import torch

from aegan_studio import bench
from aegan_studio.bench.cases import CASES, Rivalry
from aegan_studio.bench.pacing import Budget, Paces
from aegan_studio.experiment.events import Weights
from aegan_studio.messages import StudioError
from aegan_studio.ml.data.order import BatchOrder
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.engine import Engine
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

    def normal(self):
        codes = super().normal()
        if self.experiment.method.kind == "aegan" and "discriminator" not in self.used:
            super().normal()  # the method draws for both updates, an AAE needs the first alone
        return codes

    def batches(self):
        order = BatchOrder(len(self.data.train), self.batch_size, self.experiment.seed)
        data = self.data.train if self.convolutional else self.data.train.flatten(1)
        while True:
            yield data[order.next()]


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


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


def test_the_command_prints_json(capsys):
    bench.main(json=True, only=["small-gan"], budget=TINY)
    assert json.loads(capsys.readouterr().out)["format"] == 1


def test_an_unknown_part_is_refused_with_a_near_name():
    with pytest.raises(StudioError, match="small-gan"):
        bench.main(only=["smal-gan"], budget=TINY)


def test_ratios_pair_the_windows_of_a_round():
    paces = Paces({"studio": (10.0, 100.0, 30.0), "bare": (10.0, 50.0, 10.0)})
    assert paces.ratio("studio", "bare").median == 2.0
