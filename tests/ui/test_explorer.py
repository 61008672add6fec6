"""The explorer asks, the worker answers: the latest wins and stale answers are dropped."""

from __future__ import annotations

import sys
import threading
import time
import types
from dataclasses import dataclass

import numpy as np
import pytest
from sklearn.datasets import load_digits

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.messages import StudioError, msg
from aegan_studio.ui.latent import following
from aegan_studio.ui.latent import worker as worker_module
from aegan_studio.ui.latent.explorer import Explorer, describe_code
from aegan_studio.ui.latent.messages import Chart, Decode, PlaneChoice
from aegan_studio.ui.latent.requests import LONG, _imported, served
from aegan_studio.ui.latent.worker import LatentWorker


class FakeSurvey:
    def __init__(self, codes, labels):
        self.source, self.prior = "encoded", "normal"
        self.codes, self.labels = codes, labels
        self.held_out = np.arange(len(codes)) % 4 == 0
        self.center, self.spread = codes.mean(0), codes.std(0)
        self.low, self.high = np.full(codes.shape[1], -3.0), np.full(codes.shape[1], 3.0)


class FakeModel:
    """Decodes a code to a flat grey whose level is its first value; can be held up."""

    def __init__(self, experiment, *, broken=False):
        self.experiment, self.step, self._broken = experiment, -1, broken
        self.dimensions = experiment.method.code_dim(experiment.data_info())
        self.has_encoder = True
        self.decoded = []
        self.gate = threading.Event()
        self.gate.set()
        digits = load_digits()
        flat = (digits.data - digits.data.mean(0))[:300]
        axes = np.linalg.svd(flat, full_matrices=False)[2][: self.dimensions]
        codes = flat @ axes.T / 8.0
        self._survey = FakeSurvey(codes.astype(np.float32), digits.target[:300])
        self._data = (digits.images[:300] * 15.9).astype(np.uint8)

    def load(self, weights):
        if self._broken:
            raise StudioError(msg("The weights do not belong here."), msg("Open another run."))
        self.step = weights.step

    def decode(self, codes):
        self.gate.wait(10)
        codes = np.asarray(codes)
        self.decoded.append(codes.copy())
        level = np.clip(128 + 40 * codes[:, 0], 0, 255).astype(np.uint8)
        return np.repeat(level, 64).reshape(-1, 8, 8)

    def decoding(self, codes):
        for start in range(0, len(codes), 12):
            yield self.decode(codes[start : start + 12])

    def draw(self, seed, count=1):
        rng = np.random.default_rng(seed)
        return rng.normal(size=(count, self.dimensions)).astype(np.float32)

    def surveying(self):
        yield None

    def survey(self):
        return self._survey

    @property
    def whole(self):
        return self._survey

    @property
    def surveyable(self):
        return len(self._survey.codes)

    def numbers(self, rows):
        return rows

    def data(self):
        return self._data

    def nearest(self, item, count=6):
        return np.arange(count), np.linspace(0.5, 1.0, count)


def experiment(dimensions=2):
    return Experiment.parse(
        {"dataset": "digits", "method": {"kind": "vae", "latent_dim": dimensions}}
    )


def weights(step=100):
    return Weights(step, {})


@pytest.fixture
def models():
    return []


@pytest.fixture
def worker(qapp, models):
    def open_model(what):
        models.append(FakeModel(what))
        return models[-1]

    worker = LatentWorker(open_model)
    yield worker
    for model in models:
        model.gate.set()
    worker.end()
    assert worker.isFinished() or not models


@pytest.fixture
def explorer(worker, qtbot):
    explorer = Explorer(worker)
    with qtbot.waitSignals([explorer.walked, explorer.rested], timeout=10_000):
        explorer.follow(experiment(), weights())
    return explorer


def go(qtbot, explorer, code, gesture=None):
    with qtbot.waitSignal(
        explorer.picture_changed, check_params_cb=lambda p: np.allclose(p.code, code)
    ):
        explorer.move(code, gesture)


def test_a_first_snapshot_gives_a_map_a_code_and_a_walk(explorer):
    assert explorer.chart.places.shape == (300, 2)
    assert explorer.code.shape == (2,)
    assert len(explorer.walk.codes) == explorer.way.frames
    assert [pin.name for pin in explorer.pins] == ["A", "B"]
    assert np.array_equal(explorer.walk.codes[0], explorer.pins[0].code)
    assert np.array_equal(explorer.walk.codes[-1], explorer.pins[1].code)
    assert explorer.step == 100


def test_the_first_ends_are_of_different_classes(explorer):
    labels = explorer.chart.labels
    codes = explorer.chart.codes.astype(np.float64)
    kinds = {int(labels[np.abs(codes - pin.code).sum(axis=1).argmin()]) for pin in explorer.pins}
    assert len(kinds) == 2


def test_moves_while_the_network_is_busy_are_answered_by_the_last_alone(explorer, models, qtbot):
    model = models[0]
    go(qtbot, explorer, [0.0, 0.0])
    model.gate.clear()
    model.decoded.clear()
    explorer.move([9.0, 0.0], "drag")
    qtbot.waitUntil(lambda: not explorer._worker._pending)
    for value in range(50):
        explorer.move([value / 50.0, 0.0], "drag")
    with qtbot.waitSignal(
        explorer.picture_changed, check_params_cb=lambda p: p.code[0] == 49 / 50.0
    ):
        model.gate.set()
    single = [codes[0, 0] for codes in model.decoded if len(codes) == 1]
    assert single == [9.0, 49 / 50.0]


def test_answers_of_an_earlier_run_are_dropped(explorer, models, qtbot):
    seen = []
    models[0].gate.clear()
    explorer.move([1.0, 1.0])
    qtbot.waitUntil(lambda: not explorer._worker._pending)
    explorer.reset()
    explorer.picture_changed.connect(seen.append)
    models[0].gate.set()
    with qtbot.waitSignal(explorer.walked, timeout=10_000):
        explorer.follow(experiment(3), weights(7))
    assert all(len(picture.code) == 3 for picture in seen)
    assert explorer.code.shape == (3,)


def test_new_weights_decode_the_same_code_again(explorer, qtbot):
    explorer.move([0.25, -0.5])
    code = explorer.code.copy()
    with qtbot.waitSignal(explorer.picture_changed, check_params_cb=lambda p: p.step == 200):
        explorer.follow(experiment(), weights(200))
    assert np.array_equal(explorer.code, code)


def test_codes_chosen_by_early_weights_are_chosen_anew_until_somebody_moves(
    explorer, models, qtbot
):
    models[0]._survey.codes[:] = -models[0]._survey.codes
    first = explorer.code.copy()
    with qtbot.waitSignal(explorer.walked):
        explorer.follow(experiment(), weights(200))
    qtbot.waitUntil(lambda: not np.array_equal(explorer.code, first))
    assert not explorer.can_go_back
    explorer.move([0.5, 0.5])
    with qtbot.waitSignal(explorer.charted):
        explorer.follow(experiment(), weights(400))
    assert explorer.code.tolist() == [0.5, 0.5]


def test_the_same_networks_are_built_once(explorer, models, qtbot):
    same = experiment().with_options({"training.steps": 9000})
    with qtbot.waitSignal(explorer.loaded):
        explorer.follow(same, weights(200))
    assert len(models) == 1


def test_a_random_code_comes_again_with_its_seed(explorer, qtbot):
    codes = []
    for seed in (5, 6, 5):
        with qtbot.waitSignal(explorer.picture_changed):
            explorer.draw(seed)
        codes.append(explorer.code.copy())
    assert np.array_equal(codes[0], codes[2])
    assert not np.array_equal(codes[0], codes[1])
    assert explorer.seed == 5


def test_locked_values_stay_when_others_are_drawn(explorer, qtbot):
    go(qtbot, explorer, [1.25, 0.5])
    explorer.set_locked(0, True)
    with qtbot.waitSignal(explorer.picture_changed):
        explorer.draw()
    assert explorer.code[0] == 1.25
    assert explorer.code[1] != 0.5
    explorer.recenter()
    assert explorer.code.tolist() == [1.25, 0.0]


def test_a_drag_is_taken_back_as_one_move(explorer, qtbot):
    start = explorer.code.copy()
    for value in np.linspace(0, 1, 20):
        explorer.move([value, 0.0], "drag 1")
    explorer.settle()
    explorer.move([5.0, 5.0])
    explorer.back()
    assert explorer.code.tolist() == [1.0, 0.0]
    explorer.back()
    assert np.array_equal(explorer.code, start)
    explorer.back()
    assert np.array_equal(explorer.code, start)


def test_a_place_of_the_map_keeps_what_its_plane_leaves_open(qtbot, worker):
    explorer = Explorer(worker)
    with qtbot.waitSignal(explorer.walked, timeout=10_000):
        explorer.follow(experiment(6), weights())
    before = explorer.code.copy()
    explorer.move(explorer.code_at(0.5, -0.25))
    plane = explorer.chart.plane
    assert plane.kind == "components"
    assert explorer.place_of(explorer.code) == pytest.approx((0.5, -0.25))
    off = explorer.code - before
    assert off - plane.axes.T @ (plane.axes @ off) == pytest.approx(np.zeros(6), abs=1e-9)


def test_another_plane_is_charted_when_asked(qtbot, worker):
    explorer = Explorer(worker)
    with qtbot.waitSignal(explorer.walked, timeout=10_000):
        explorer.follow(experiment(6), weights())
    with qtbot.waitSignal(explorer.charted):
        explorer.set_plane(PlaneChoice("values", (2, 3)))
    assert explorer.chart.plane.indices == (2, 3)
    assert np.array_equal(explorer.chart.places, explorer.chart.codes[:, 2:4])


def test_codes_of_one_value_are_spread_out_on_a_line(qtbot, worker):
    explorer = Explorer(worker)
    with qtbot.waitSignal(explorer.walked, timeout=10_000):
        explorer.follow(experiment(1), weights())
    assert explorer.chart.places.shape == (300, 2)
    explorer.move(explorer.code_at(0.75, 0.3))
    assert explorer.code.tolist() == [0.75]
    assert explorer.place_of(explorer.code) == (0.75, 0.0)


def test_the_sheet_shows_what_a_click_at_its_tile_would_decode(explorer, qtbot):
    with qtbot.waitSignal(explorer.sheet_changed) as sheet:
        explorer.show_behind((-2.0, -2.0, 4.0, 4.0), 8, 4)
    tiles = sheet.args[0]
    assert tiles.items.shape == (32, 8, 8)
    code = explorer.code_at(-1.75, 1.5)  # the middle of the first tile
    assert tiles.items[0, 0, 0] == int(np.clip(128 + 40 * code[0], 0, 255))


def test_weights_that_do_not_fit_are_one_sentence(qapp, qtbot):
    worker = LatentWorker(lambda what: FakeModel(what, broken=True))
    explorer = Explorer(worker)
    try:
        with qtbot.waitSignal(explorer.trouble) as said:
            explorer.follow(experiment(), weights())
        assert str(said.args[0][0]) == "The weights do not belong here."
        assert explorer.model is None
    finally:
        worker.end()


def test_an_unexpected_failure_is_said_and_ends_nothing(explorer, models, qtbot, caplog):
    whole, models[0].draw = models[0].draw, None
    with qtbot.waitSignal(explorer.trouble) as said:
        explorer.draw()
    assert "could not be done" in str(said.args[0][0])
    assert "Traceback" in caplog.text
    models[0].draw = whole
    with qtbot.waitSignal(explorer.picture_changed):
        explorer.draw()


def test_a_worker_that_was_ended_answers_no_more(explorer, worker):
    worker.end()
    worker.ask(Decode(np.zeros(2)))
    worker.ask(Chart(PlaneChoice()))
    assert worker.wait(5000)


def test_a_code_is_written_with_true_minus_signs():
    assert describe_code(np.array([-0.94, 1.2])) == "(−0.94, 1.20)"
    assert describe_code(np.arange(9.0), 2) == "(0.00, 1.00, …)"


def test_changes_of_pins_are_taken_back_and_done_again(explorer, qtbot):
    first = explorer.pins
    explorer.add_pin([2.0, 2.0])
    assert [pin.name for pin in explorer.pins] == ["A", "B", "C"]
    with qtbot.waitSignal(explorer.walked):
        explorer.set_pins(explorer.pins[1:])
    explorer.add_pin([1.0, 0.0])
    assert [pin.name for pin in explorer.pins] == ["B", "C", "A"]
    for _ in range(3):
        explorer.back()
    assert explorer.pins == first
    assert not explorer.can_go_back
    explorer.forward()
    assert [pin.name for pin in explorer.pins] == ["A", "B", "C"]
    assert explorer.can_go_forward


def test_a_walk_needs_two_pins(explorer, qtbot):
    with qtbot.waitSignal(explorer.walked, check_params_cb=lambda walk: walk is None):
        explorer.set_pins(explorer.pins[1:])
    assert explorer.walk is None


def test_a_pin_that_does_not_fit_the_model_is_left_out(explorer):
    before = explorer.pins
    explorer.add_pin([1.0, 2.0, 3.0])
    assert explorer.pins == before


@served("tests_of_the_explorer:count_up", urgency=LONG)
@dataclass(frozen=True)
class CountUp:
    """Count until cancelled, a piece at a time."""

    steps: int = 1_000_000


@pytest.fixture
def counting(monkeypatch):
    """What long work has done so far, and a gate to hold it up."""
    seen, gate, closed = [], threading.Event(), threading.Event()

    def count_up(desk, request):
        try:
            for step in range(request.steps):
                gate.wait(10)
                seen.append(step)
                yield step
        finally:
            closed.set()

    module = types.ModuleType("tests_of_the_explorer")
    module.count_up = count_up
    monkeypatch.setitem(sys.modules, module.__name__, module)
    _imported.cache_clear()
    yield seen, gate, closed
    _imported.cache_clear()


def test_long_work_reports_lets_others_pass_and_ends_when_cancelled(explorer, counting, qtbot):
    _seen, gate, closed = counting
    reports = []
    explorer.listen(CountUp, reports.append)
    with qtbot.waitSignal(explorer.busy_changed):
        explorer.ask(CountUp())
    assert explorer.is_busy(CountUp)
    gate.set()
    qtbot.waitUntil(lambda: len(reports) > 3)
    with qtbot.waitSignal(explorer.picture_changed, timeout=5000):
        explorer.move([0.25, 0.5])
    explorer.cancel(CountUp)
    assert not explorer.is_busy(CountUp)
    qtbot.waitUntil(closed.is_set)
    count = len(reports)
    with qtbot.waitSignal(explorer.picture_changed, timeout=5000):
        explorer.move([0.5, 0.5])
    assert len(reports) == count


@pytest.mark.parametrize("longest", [5.0, 0.0])
def test_longer_work_stands_still_for_a_moment_after_a_decoded_code(
    explorer, counting, qtbot, monkeypatch, longest
):
    seen, gate, _closed = counting
    monkeypatch.setattr(worker_module, "HOLD", 0.4)
    monkeypatch.setattr(worker_module, "LONGEST_HOLD", longest)
    explorer.ask(CountUp())
    gate.set()
    qtbot.waitUntil(lambda: bool(seen))
    with qtbot.waitSignal(explorer.picture_changed, timeout=5000):
        explorer.move([0.25, 0.5])
    time.sleep(0.02)  # what was under way
    count = len(seen)
    time.sleep(0.1)
    assert (len(seen) == count) == (longest > 0)
    qtbot.waitUntil(lambda: len(seen) > count)
    explorer.cancel(CountUp)


def test_what_was_cancelled_does_not_keep_another_run_away(explorer, qtbot):
    for _ in range(100):
        explorer.cancel(CountUp)
    explorer.reset()
    with qtbot.waitSignal(explorer.walked, timeout=10_000):
        explorer.follow(experiment(3), weights(7))
    assert explorer.code.shape == (3,)


def test_snapshots_wait_for_work_that_must_see_one_alone(explorer, counting, qtbot):
    seen, gate, closed = counting
    explorer.ask(CountUp(50))
    gate.set()
    qtbot.waitUntil(lambda: bool(seen))  # it has begun
    with qtbot.waitSignal(explorer.picture_changed, check_params_cb=lambda p: p.step == 300):
        explorer.follow(experiment(), weights(300))
    assert closed.is_set()
    assert seen == list(range(50))


def test_work_that_is_done_is_no_longer_busy(explorer, counting, qtbot):
    seen, gate, _closed = counting
    gate.set()
    explorer.ask(CountUp(3))
    qtbot.waitUntil(lambda: not explorer.is_busy(CountUp))
    assert seen == [0, 1, 2]


def test_a_kind_is_served_by_one_alone():
    with pytest.raises(ValueError, match="served already"):
        served("anywhere:else", urgency=LONG)(CountUp)


def test_while_a_training_runs_snapshots_are_taken_on_lightly_and_fully_when_it_rests(
    explorer, qtbot, monkeypatch
):
    full = []
    explorer.loaded.connect(lambda model: full.append(model.step))
    explorer.set_training(True)
    monkeypatch.setattr(following, "SHARE", 1e-6)
    explorer._follower._full.charge(1e3)
    with qtbot.waitSignal(explorer.picture_changed, check_params_cb=lambda p: p.step == 400):
        explorer.follow(experiment(), weights(400))
    assert explorer.step == 400
    assert full == []
    with qtbot.waitSignal(explorer.charted):
        explorer.set_training(False)
    assert full == [400]


def test_following_takes_no_more_than_its_share(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(following.time, "monotonic", lambda: now[0])
    allowance = following.Allowance(0.02)
    allowance.charge(0.01)
    assert allowance.due == pytest.approx(100.5)
    allowance.charge(0.01)
    assert allowance.due == pytest.approx(101.0)
    allowance.charge(100.0)
    assert allowance.due == pytest.approx(100.0 + following.LONGEST)
