"""Looking back and branching: everything shows the moment, and now comes back unharmed."""

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment.events import Evaluated, Instant, Kept, Pictures, Progress, Weights
from aegan_studio.messages import StudioError
from aegan_studio.runs import instants
from aegan_studio.ui.document import Document
from aegan_studio.ui.training import moments as module
from aegan_studio.ui.training.history import History
from aegan_studio.ui.training.moments import Moments, measured_until
from aegan_studio.ui.training.session import Session

LONG = 30_000


@pytest.fixture(scope="module")
def opened(qapp, tmp_path_factory):
    """A session whose run was trained for a while and rests; nothing is looked back at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AEGAN_STUDIO_HOME", str(tmp_path_factory.mktemp("home")))
        document = Document(
            recipe("moons-vae").with_options(
                {"training.steps": 4000, "training.threads": 1, "training.evaluate_every": 20}
            )
        )
        session = Session(document)
        session.want("pictures", "test", True)
        session.want("weights", "test", True)
        yield session
        session.close()
        session.deleteLater()


@pytest.fixture
def session(opened, qtbot):
    if not opened.has_run:
        opened.step_once(300)
    qtbot.waitUntil(
        lambda: opened.state == "paused" and len(opened.moments.steps) > 3, timeout=LONG
    )
    qtbot.waitUntil(lambda: opened.latest[Pictures].step == opened.step, timeout=LONG)
    yield opened
    opened.return_to_now()


def seen(session, qtbot, step):
    """The events that rewinding to a step brings."""
    events = []
    session.event.connect(events.append)
    with qtbot.waitSignal(session.moments.answered, timeout=LONG):
        session.rewind(step)
    session.event.disconnect(events.append)
    return {type(event): event for event in events}


def test_rewinding_shows_the_moment_through_the_same_signal(session, qtbot):
    now = session.latest[Pictures]
    moments = []
    session.moment_changed.connect(moments.append)
    step = session.moments.steps[1]
    events = seen(session, qtbot, step)
    assert moments == [step]
    assert session.moment == step
    assert events[Pictures].step == events[Weights].step == step
    assert events[Evaluated].step <= step
    assert session.latest[Pictures] is events[Pictures]
    assert not np.array_equal(now.samples, events[Pictures].samples)
    kept = instants.read(session.folder, step)
    for role, arrays in events[Weights].roles.items():
        for name, array in arrays.items():
            assert np.array_equal(array.astype(np.float16), kept.weights[role][name])


def test_what_is_seen_is_the_same_however_often(session, qtbot):
    first, other = session.moments.steps[1], session.moments.steps[-2]
    once = seen(session, qtbot, first)[Pictures]
    between = seen(session, qtbot, other)[Pictures]
    again = seen(session, qtbot, first)[Pictures]
    assert once.samples.tobytes() == again.samples.tobytes()
    assert once.reconstructions.tobytes() == again.reconstructions.tobytes()
    assert between.samples.tobytes() != once.samples.tobytes()


def test_training_goes_on_meanwhile_and_its_newest_pictures_wait(session, qtbot):
    before = session.step
    session.train()
    qtbot.waitUntil(lambda: session.step > before, timeout=LONG)
    step = session.moments.steps[1]
    seen(session, qtbot, step)
    events = []
    session.event.connect(events.append)
    reached = session.step
    qtbot.waitUntil(lambda: session.step > reached + 50, timeout=LONG)
    session.pause()
    qtbot.waitUntil(lambda: session.state == "paused", timeout=LONG)
    assert any(isinstance(event, Progress) for event in events)
    assert not any(isinstance(event, Pictures | Weights) for event in events)
    assert session.latest[Pictures].step == step
    events.clear()
    session.return_to_now()
    session.event.disconnect(events.append)
    assert session.moment is None
    assert {type(event) for event in events} >= {Pictures, Weights}
    qtbot.waitUntil(lambda: session.latest[Pictures].step == session.step, timeout=LONG)


def test_returning_at_rest_shows_what_was_there_before(session, qtbot):
    now = session.latest[Pictures]
    seen(session, qtbot, session.moments.steps[0])
    session.return_to_now()
    assert session.latest[Pictures].step == now.step
    assert np.array_equal(session.latest[Pictures].samples, now.samples)


def test_a_step_by_hand_returns_to_now(session, qtbot):
    seen(session, qtbot, session.moments.steps[0])
    step = session.step
    session.step_once()
    assert session.moment is None
    qtbot.waitUntil(lambda: session.latest[Pictures].step == step + 1, timeout=LONG)


def test_what_comes_into_sight_meanwhile_shows_the_moment_too(session, qtbot):
    step = session.moments.steps[1]
    session.want("weights", "test", False)
    assert Weights not in seen(session, qtbot, step)
    with qtbot.waitSignal(session.moments.answered, timeout=LONG):
        session.want("weights", "test", True)
    assert session.latest[Weights].step == step


def test_a_run_opened_again_can_be_looked_back_at_without_training(session, qtbot):
    step = session.moments.steps[1]
    before = seen(session, qtbot, step)[Pictures]
    folder = session.folder
    session.stop()
    assert not session.moments.steps
    session.open_run(folder)
    qtbot.waitUntil(lambda: session.state == "paused" and bool(session.moments.steps), timeout=LONG)
    assert session.moment is None
    assert seen(session, qtbot, step)[Pictures].samples.tobytes() == before.samples.tobytes()


def test_a_damaged_instant_is_said_so_and_it_is_now_again(session, qtbot):
    step = session.moments.steps[1]
    path = instants.instant_path(session.folder, step)
    whole = path.read_bytes()
    path.write_bytes(whole[:-3] + b"???")
    with qtbot.waitSignal(session.trouble, timeout=LONG) as told:
        session.rewind(step)
    assert "damaged" in str(told.args[0])
    assert session.moment is None
    assert session.latest[Pictures].step == session.step
    path.write_bytes(whole)


# Without a thread


class FakeThread(QObject):
    """Stands in for the thread: keeps what was asked for, answers when told to."""

    seen = Signal(int, object)
    answered = Signal(int)
    failed = Signal(int, object)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.looks = []

    def ask(self, look):
        self.looks.append(look)

    def end(self):
        self.looks.append(None)


@pytest.fixture
def back(qapp, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "RewindThread", FakeThread)
    moments = Moments()
    moments.reset(tmp_path)
    picture = np.zeros((1, 4, 4), np.uint8)
    added = tuple(Instant(step, 0.0, 0.0, picture, None, 9) for step in (0, 10, 40))
    moments.take(Kept((0, 10, 40), (40,), added))
    yield moments
    moments.deleteLater()


def test_the_latest_request_wins_and_stale_answers_are_dropped(back):
    shown = []
    back.shown.connect(shown.append)
    for step in (0, 40, 11):
        back.rewind(step, {}, History())
    thread = back._thread
    assert [look.step for look in thread.looks] == [0, 40, 10], "the nearest kept instant"
    old, new = thread.looks[1].stamp, thread.looks[2].stamp
    thread.seen.emit(old, "stale")
    thread.failed.emit(old, StudioError("stale"))
    thread.seen.emit(new, "fresh")
    assert shown == ["fresh"]
    back.return_to_now()
    thread.seen.emit(new, "late")
    assert shown == ["fresh"]


def test_an_instant_thinned_away_meanwhile_gives_its_neighbour(back):
    back.rewind(10, {}, History())
    back.take(Kept((0, 40), (40,), ()))
    troubles = []
    back.trouble.connect(troubles.append)
    back._thread.failed.emit(back._thread.looks[-1].stamp, StudioError("gone"))
    assert back.moment == 0
    assert not troubles
    back._thread.failed.emit(back._thread.looks[-1].stamp, StudioError("gone"))
    assert len(troubles) == 1


def test_an_old_run_without_a_timeline_has_nothing_to_rewind_to(back):
    back.reset(None)
    back.rewind(10, {}, History())
    back.warm_up()
    assert back.moment is None
    assert back._thread is None


def test_getting_ready_asks_for_nothing_to_be_shown(back):
    back.want(frozenset({"pictures"}))
    back.warm_up()
    (look,) = back._thread.looks
    assert look.wants == frozenset()
    back.warm_up()
    assert len(back._thread.looks) == 1


def test_measurements_of_a_moment_are_those_recorded_until_then():
    history = History()
    assert measured_until(history, 5) is None
    history.add_held_out(10, {"rec-x": 1.0})
    history.add_held_out(20, {"rec-x": 0.5, "kl": 2.0})
    assert measured_until(history, 5) is None
    assert dict(measured_until(history, 19).values) == {"rec-x": 1.0}
    assert dict(measured_until(history, 20).values) == {"rec-x": 0.5, "kl": 2.0}


# Branching


def test_a_branch_that_cannot_be_made_leaves_everything_as_it_is(session, qtbot):
    folder, state = session.folder, session.state
    session._document.edit({"method.latent_dim": 3})
    with qtbot.waitSignal(session.trouble, timeout=LONG) as told:
        session.branch(session.moments.steps[0])
    assert "do not fit" in str(told.args[0])
    assert (session.folder, session.state) == (folder, state)
    session._document.undo_stack.undo()


def test_a_branch_goes_on_from_the_moment_with_the_documents_options(session, qtbot):
    origin, step = session.folder, session.moments.steps[1]
    before = session.history.values("rec-x")[:step].copy()
    session.rewind(step)
    session._document.edit({"training.batch_size": 17, "training.steps": session.step + 60})
    assert "training.batch_size" in session.pending
    session.branch()
    qtbot.waitUntil(lambda: session.folder != origin, timeout=LONG)
    assert session.moment is None
    assert not session.pending
    assert (session.origin.folder, session.origin.step) == (str(origin), step)
    assert session.history.values("rec-x")[:step].tolist() == before.tolist()
    assert session.history.last_step == step
    qtbot.waitUntil(lambda: session.state == "finished", timeout=LONG)
    assert session.experiment.training.batch_size == 17
    assert session.history.steps.tolist() == list(range(1, session.step + 1))
    assert any(change.path == "training.batch_size" for change in session.history.changes)
