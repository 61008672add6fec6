"""What is known of the time that training took."""

import numpy as np
import pytest

from aegan_studio.experiment.events import Progress
from aegan_studio.ui.training.history import PACE_EVERY, History


def progress(step, seconds):
    return Progress(np.array([step]), np.zeros((1, 1), np.float32), 0.0, seconds, 40.0, 1 << 20)


@pytest.fixture
def history():
    history = History()
    history.clear(["loss"])
    for step in range(1, 401):
        history.add(progress(step, 0.025 * step))
    return history


def test_time_is_known_at_every_step(history):
    steps = np.array([0, 1, 7, 200, 400])
    assert history.seconds_at(steps) == pytest.approx(0.025 * steps)


def test_the_pace_stays_small_and_its_last_record_current(history):
    steps, rows = history.pace
    assert steps[-1] == 400
    assert rows[-1].tolist() == [10.0, 40.0, 1 << 20]
    assert len(steps) <= 10 / PACE_EVERY + 2
    assert (np.diff(steps) > 0).all()


def test_going_back_forgets_what_came_after(history):
    history.truncate_after(100)
    steps, _ = history.pace
    assert steps[-1] <= 100
    history.add(progress(101, 2.6))
    assert history.pace[0][-1] == 101
    assert history.seconds_at(np.array([101]))[0] == pytest.approx(2.6)


def test_time_that_was_not_recorded_is_unknown():
    history = History()
    assert np.isnan(history.seconds_at(np.array([1, 2]))).all()
    history.clear(["loss"])
    history.add(progress(5000, 90.0))
    history.add(progress(5100, 92.0))
    found = history.seconds_at(np.array([10, 5050]))
    assert np.isnan(found[0]), "the run was opened, and its beginning has no times"
    assert found[1] == pytest.approx(91.0)
