"""The explorer asks, the worker answers: the latest wins and stale answers are dropped."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from sklearn.datasets import load_digits

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.messages import StudioError, msg
from aegan_studio.ui.latent.explorer import Explorer, describe_code
from aegan_studio.ui.latent.messages import Chart, Decode, PlaneChoice
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
    with qtbot.waitSignals([explorer.walked, explorer.found], timeout=10_000):
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
    assert len(explorer.walk.codes) == explorer.frames
    assert np.array_equal(explorer.walk.codes[0], explorer.ends["A"])
    assert np.array_equal(explorer.walk.codes[-1], explorer.ends["B"])
    assert explorer.step == 100


def test_the_first_ends_are_of_different_classes(explorer):
    labels = explorer.chart.labels
    codes = explorer.chart.codes.astype(np.float64)
    kinds = {
        int(labels[np.abs(codes - explorer.ends[end]).sum(axis=1).argmin()]) for end in ("A", "B")
    }
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
    code = explorer.code.copy()
    with qtbot.waitSignal(explorer.picture_changed, check_params_cb=lambda p: p.step == 200):
        explorer.follow(experiment(), weights(200))
    assert np.array_equal(explorer.code, code)


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
    explorer.move_on_map(0.5, -0.25)
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
    explorer.move_on_map(0.75, 0.3)
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
    assert "cannot be explored" in str(said.args[0][0])
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
