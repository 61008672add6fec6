"""The mailbox between training and window: numbers complete and in order, pictures the latest."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aegan_studio.experiment.events import Changed, Pictures, Progress
from aegan_studio.ui.training.history import History
from aegan_studio.ui.training.outbox import Outbox, Stand


def progress(first, count):
    steps = np.arange(first, first + count, dtype=np.int64)
    return Progress(steps, steps[:, None].astype(np.float32), 0.0, 0.0, 1.0, 0)


def pictures(step):
    return Pictures(step, "image", *[None] * 7)


def test_reports_of_progress_are_joined_without_losing_a_step():
    outbox = Outbox()
    for first in (1, 4, 7):
        outbox.put(progress(first, 3))
        outbox.put(pictures(first))
    joined, picture = outbox.take()
    assert joined.steps.tolist() == list(range(1, 10))
    assert joined.values[:, 0].tolist() == list(range(1, 10))
    assert picture.step == 7
    assert outbox.take() == ()


def test_a_change_keeps_its_place_among_the_steps():
    outbox = Outbox()
    outbox.put(progress(1, 2))
    outbox.put(Changed(2, "phases.autoencoder.lr", 0.1, 0.2))
    outbox.put(progress(3, 2))
    kinds = [type(item) for item in outbox.take()]
    assert kinds == [Progress, Changed, Progress]


def test_standings_come_in_their_place():
    outbox = Outbox()
    outbox.put(Stand("running"))
    outbox.put(progress(1, 1))
    outbox.put(Stand("paused"))
    items = outbox.take()
    assert [type(item) for item in items] == [Stand, Progress, Stand]


@given(st.lists(st.one_of(st.integers(1, 50), st.just("take"), st.just("picture")), max_size=60))
def test_whatever_is_put_and_taken_every_step_arrives_once_and_in_order(acts):
    outbox, seen, step = Outbox(), [], 1
    for act in (*acts, "take"):
        if act == "take":
            seen += [s for item in outbox.take() if isinstance(item, Progress) for s in item.steps]
        elif act == "picture":
            outbox.put(pictures(step))
        else:
            outbox.put(progress(step, act))
            step += act
    assert seen == list(range(1, step))


def test_the_history_grows_and_keeps_what_it_handed_out():
    history = History()
    history.set_columns(("loss",))
    history.add(progress(1, 3))
    early = history.values("loss")
    for first in range(4, 20_000, 500):
        history.add(progress(first, 500))
    assert early.tolist() == [1, 2, 3]
    assert history.steps.tolist() == list(range(1, history.last_step + 1))
    history.truncate_after(10)
    assert history.last_step == 10
    history.add(progress(11, 2))
    assert history.values("loss").tolist() == list(range(1, 13))
