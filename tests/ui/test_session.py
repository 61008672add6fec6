"""The run of the window: a real training in its thread, driven as the window drives it."""

import numpy as np
import pytest

from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment.events import (
    Changed,
    PhaseDone,
    Pictures,
    Progress,
    Saved,
    Started,
    Weights,
)
from aegan_studio.runs.folder import RunFolder
from aegan_studio.ui.document import Document
from aegan_studio.ui.training.session import Session

LONG = 30_000


@pytest.fixture
def document(qapp):
    return Document(
        recipe("digits-autoencoder").with_options(
            {"training.steps": 300, "training.threads": 1, "training.batch_size": 32}
        )
    )


@pytest.fixture
def session(document):
    session = Session(document)
    yield session
    session.close()
    session.deleteLater()


def events_of(session):
    seen = []
    session.event.connect(seen.append)
    return seen


def reaches(qtbot, session, state):
    qtbot.waitUntil(lambda: session.state == state, timeout=LONG)


def test_training_reports_every_step_and_finishes(session, qtbot):
    seen = events_of(session)
    session.train()
    reaches(qtbot, session, "finished")
    steps = np.concatenate([event.steps for event in seen if isinstance(event, Progress)])
    assert steps.tolist() == list(range(1, 301))
    assert session.history.steps.tolist() == steps.tolist()
    assert any(isinstance(event, Started) for event in seen)
    assert session.latest[Saved].step == 300
    with RunFolder.open(session.folder) as run:
        assert run.facts["status"] == "finished"
        assert len(run.steps()[0]) == 300


def test_pause_step_and_go_on(session, document, qtbot):
    document.edit({"training.steps": 100_000})
    session.train()
    qtbot.waitUntil(lambda: session.step > 5, timeout=LONG)
    session.pause()
    reaches(qtbot, session, "paused")
    qtbot.waitUntil(lambda: Saved in session.latest, timeout=LONG)
    held = session.step
    session.step_once()
    qtbot.waitUntil(lambda: session.step == held + 1 and session.state == "paused", timeout=LONG)
    session.step_once(10)
    qtbot.waitUntil(lambda: session.step == held + 11, timeout=LONG)
    session.train()
    reaches(qtbot, session, "running")
    qtbot.waitUntil(lambda: session.step > held + 11, timeout=LONG)


def test_a_live_option_takes_effect_and_is_recorded_with_its_undo(session, document, qtbot):
    session.step_once(2)
    qtbot.waitUntil(lambda: session.step == 2, timeout=LONG)
    seen = events_of(session)
    before = document.experiment.get("phases.autoencoder.lr")
    document.edit({"phases.autoencoder.lr": 0.01})
    qtbot.waitUntil(lambda: any(isinstance(event, Changed) for event in seen), timeout=LONG)
    assert session.experiment.get("phases.autoencoder.lr") == 0.01
    assert not session.pending
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: len(session.history.changes) == 2, timeout=LONG)
    assert session.experiment.get("phases.autoencoder.lr") == before
    with RunFolder.open(session.folder) as run:
        assert session.close()
        assert [change["new"] for change in run.changes()] == [0.01, before]


def test_a_restart_option_waits_and_a_restart_applies_it(session, document, qtbot):
    session.step_once()
    qtbot.waitUntil(lambda: session.step == 1, timeout=LONG)
    first = session.folder
    document.edit({"method.latent_dim": 4})
    assert session.pending["method.latent_dim"] == (8, 4)
    assert session.experiment.get("method.latent_dim") == 8
    session.restart()
    reaches(qtbot, session, "finished")
    assert not session.pending
    assert session.experiment.get("method.latent_dim") == 4
    assert session.folder != first
    with RunFolder.open(first) as run:
        assert run.facts["step"] == 1, "the old run was saved when it was left"


def test_another_method_waits_whole_and_touches_nothing(session, document, qtbot):
    session.step_once()
    qtbot.waitUntil(lambda: session.step == 1, timeout=LONG)
    document.edit({"method.kind": "gan"})
    assert "method.kind" in session.pending
    assert session.experiment.method.kind == "autoencoder"
    assert not session.history.changes


def test_a_reopened_run_shows_its_numbers_and_goes_on_where_it_was(session, document, qtbot):
    session.step_once(20)
    qtbot.waitUntil(lambda: session.step == 20, timeout=LONG)
    values = session.history.values("rec-x").copy()
    folder = session.folder
    assert session.close()
    other = Session(document)
    try:
        seen = events_of(other)
        other.open_run(folder)
        assert other.history.values("rec-x").tolist() == values.tolist()
        reaches(qtbot, other, "paused")
        qtbot.waitUntil(lambda: Started in other.latest, timeout=LONG)
        assert any(isinstance(event, Pictures) for event in seen)
        other.train()
        reaches(qtbot, other, "finished")
        assert other.history.steps.tolist() == list(range(1, 301))
    finally:
        other.close()
        other.deleteLater()


def test_a_run_that_is_still_being_closed_can_be_opened_at_once(session, qtbot):
    session.step_once(5)
    qtbot.waitUntil(lambda: session.step == 5, timeout=LONG)
    folder = session.folder
    session.stop()
    session.open_run(folder)
    reaches(qtbot, session, "paused")
    assert session.history.last_step == 5


def test_weights_come_at_once_to_whoever_wants_them_while_it_rests(session, qtbot):
    session.step_once()
    qtbot.waitUntil(lambda: session.step == 1, timeout=LONG)
    me = object()
    session.want("weights", me, True)
    qtbot.waitUntil(lambda: Weights in session.latest, timeout=LONG)
    assert set(session.latest[Weights].roles) == {"encoder", "decoder"}
    session.want("weights", me, False)


def test_single_phases_of_a_gan_come_in_turn(document, session, qtbot):
    document.replace(recipe("ring-gan").with_options({"training.threads": 1}))
    names = []
    session.event.connect(
        lambda event: names.append(event.phase) if isinstance(event, PhaseDone) else None
    )
    for count in (1, 2, 3):
        session.step_phase()
        qtbot.waitUntil(lambda count=count: len(names) == count, timeout=LONG)
    assert names == ["discriminator", "generator", "discriminator"]


def test_a_finished_run_can_train_for_as_long_again(session, document, qtbot):
    document.edit({"training.steps": 20})
    session.train()
    reaches(qtbot, session, "finished")
    session.train()
    qtbot.waitUntil(lambda: session.step == 40 and session.state == "finished", timeout=LONG)
    assert document.experiment.training.steps == 40


def test_a_loss_that_explodes_stops_at_the_last_healthy_weights(session, document, qtbot):
    document.edit({"phases.autoencoder.optimizer": "sgd", "phases.autoencoder.lr": 0.001})
    document.edit({"dataset.scaling": "standard", "training.steps": 100_000})
    seen = events_of(session)
    session.train()
    qtbot.waitUntil(lambda: session.step > 20, timeout=LONG)
    document.edit({"phases.autoencoder.lr": 10.0})
    reaches(qtbot, session, "paused")
    names = [type(event).__name__ for event in seen]
    assert "Diverged" in names
    assert np.isfinite(session.history.values("rec-x")).all()


def test_steps_asked_for_in_quick_succession_are_all_made(document, session, qtbot):
    document.replace(recipe("ring-gan").with_options({"training.threads": 1}))
    done = []
    session.event.connect(
        lambda event: done.append(event.phase) if isinstance(event, PhaseDone) else None
    )
    session.step_once()
    qtbot.waitUntil(lambda: session.step == 1 and session.state == "paused", timeout=LONG)
    session.step_once()
    session.step_once()
    session.step_phase()
    session.step_phase()
    qtbot.waitUntil(lambda: session.step == 4 and session.state == "paused", timeout=LONG)
    assert done == ["discriminator", "generator"] * 4
