"""Two runs in lockstep: the same step whenever they are seen, each kept in a folder of its own."""

import pytest

from aegan_studio.catalog.recipes import recipe
from aegan_studio.catalog.rivals import rival
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Diverged, Failed, Pictures, Saved
from aegan_studio.experiment.sides import SIDES
from aegan_studio.runs.folder import RunFolder
from aegan_studio.ui.document import Document
from aegan_studio.ui.training.pair import Pair
from aegan_studio.ui.training.session import Session

LONG = 30_000
SMALL = {
    "training.batch_size": 16,
    "training.threads": 1,
    "training.steps": 100_000,
    "training.evaluate_every": 1000,
    "training.timeline": 0,
}


def small(method="gan", **edits):
    plain = {"dataset": {"kind": "ring", "count": 200}, "method": {"kind": method, "latent_dim": 2}}
    paths = {path.replace("__", "."): value for path, value in edits.items()}
    return Experiment.parse(plain).with_options({**SMALL, **paths})


@pytest.fixture
def document(qapp):
    document = Document(small())
    yield document
    document.deleteLater()


@pytest.fixture
def session(document):
    session = Session(document)
    yield session
    session.close()
    session.deleteLater()


@pytest.fixture
def pair(document, session):
    return Pair.of(document, session)


def steps(pair):
    return {name: side.step for name, side in pair.sides.items()}


def reaches(qtbot, pair, step):
    qtbot.waitUntil(lambda: pair.step >= step, timeout=LONG)


def rests(qtbot, pair, state="paused"):
    qtbot.waitUntil(lambda: pair.state == state, timeout=LONG)


def test_whenever_something_is_told_both_stand_at_the_same_step(pair, qtbot):
    pair.keep(rival(small(), "wgan-gp"))
    for side in pair.sides.values():
        side.want("pictures", "me", True)
    seen = []
    pair.told.connect(lambda: seen.append(steps(pair)))
    pair.train()
    reaches(qtbot, pair, 60)
    pair.pause()
    rests(qtbot, pair)
    assert len(seen) > 3
    assert all(both["a"] == both["b"] for both in seen)
    shown = [side.latest[Pictures].step for side in pair.sides.values()]
    assert shown == [pair.step, pair.step]
    at = pair.step
    pair.step_once(3)
    qtbot.waitUntil(lambda: pair.state == "paused" and pair.step == at + 3, timeout=LONG)
    assert steps(pair) == {"a": at + 3, "b": at + 3}
    for side in pair.sides.values():
        qtbot.waitUntil(lambda side=side: side.latest[Saved].step == at + 3, timeout=LONG)
    folders = [side.folder for side in pair.sides.values()]
    assert folders[0] != folders[1]
    for folder, side in zip(folders, pair.sides.values(), strict=True):
        with RunFolder.open(folder) as run:
            assert run.current_experiment == side.experiment
            assert run.steps()[0][-1] == at + 3


def test_equal_experiments_give_equal_numbers(pair, qtbot):
    pair.keep()
    pair.step_once(12)
    qtbot.waitUntil(lambda: pair.state == "paused" and pair.step == 12, timeout=LONG)
    first, second = (side.history for side in pair.sides.values())
    for column in ("loss-d", "loss-g"):
        assert (first.values(column) == second.values(column)).all()


def test_live_options_reach_the_side_they_belong_to_and_others_wait(pair, document, qtbot):
    pair.keep()
    pair.step_once(2)
    qtbot.waitUntil(lambda: pair.state == "paused" and pair.step == 2, timeout=LONG)
    document.edit({"phases.generator.lr": 0.01})
    side = pair.sides["b"]
    qtbot.waitUntil(lambda: side.experiment.phases["generator"].lr == 0.01, timeout=LONG)
    assert not pair.pending
    pair.take_over("phases.generator.lr", "a")
    other = pair.sides["a"]
    qtbot.waitUntil(lambda: other.experiment.phases["generator"].lr == 0.01, timeout=LONG)
    document.edit({"seed": 5})
    assert pair.pending
    assert pair.wanted("a").seed == 5
    pair.step_once(1)
    qtbot.waitUntil(lambda: pair.state == "paused" and pair.step == 3, timeout=LONG)
    assert side.experiment.seed == 0  # the run goes on as it began


def test_seed_and_data_are_those_of_b_unless_told_otherwise(pair, document):
    pair.keep(small("vae", seed=9, dataset__modes=3))
    assert (pair.wanted("a").seed, pair.wanted("a").dataset.modes) == (0, 8)
    pair.set_same(False)
    assert (pair.wanted("a").seed, pair.wanted("a").dataset.modes) == (9, 3)


def test_swapping_is_undone_with_the_document(pair, document):
    before = document.experiment
    vae = small("vae")
    pair.keep(vae)
    pair.swap()
    assert document.experiment == vae
    assert pair.wanted("a") == before
    document.undo_stack.undo()
    assert document.experiment == before


def test_without_something_kept_or_with_a_problem_nothing_trains(pair, document):
    assert not pair.can_train
    pair.keep()
    assert pair.can_train
    document.edit({"training.batch_size": 60_000})
    assert not pair.can_train
    assert "B" in str(pair.obstacle)
    pair.restart()
    assert pair.state == "empty"


def test_data_that_a_method_cannot_learn_are_told_of_a(pair, document):
    pair.keep(recipe("digits-cgan"))
    document.replace(small(dataset__kind="circle"))
    assert not pair.can_train
    assert pair.problems("a")
    assert "A" in str(pair.obstacle)


def test_where_one_diverges_the_other_goes_on_alone_when_asked(pair, document, qtbot):
    document.replace(small("autoencoder"))
    pair.keep(
        small("autoencoder", phases__autoencoder__optimizer="sgd", phases__autoencoder__lr=10.0)
    )
    pair.train()
    qtbot.waitUntil(lambda: pair.alone == "b" and pair.state == "paused", timeout=LONG)
    assert Diverged in pair.sides["a"].latest
    assert pair.sides["a"].ended == "diverged"
    assert pair.sides["a"].state == "finished"
    step = pair.sides["b"].step
    pair.train()
    qtbot.waitUntil(lambda: pair.sides["b"].step > step + 20, timeout=LONG)
    pair.restart()
    assert pair.alone is None


def test_networks_that_do_not_fit_are_told_of_their_side(pair, document, qtbot):
    pair.keep(small("vae"))
    document.edit({"networks.generator.kind": "layers"})
    document.edit({"networks.generator.layers": [{"kind": "linear", "width": 3}]})
    pair.train()
    rests(qtbot, pair, "failed")
    assert Failed not in pair.sides["a"].latest
    assert Failed in pair.sides["b"].latest
    assert not pair.has_run
    document.undo_stack.undo()
    document.undo_stack.undo()
    pair.step_once(1)
    qtbot.waitUntil(lambda: pair.state == "paused" and pair.step == 1, timeout=LONG)


def test_both_stop_at_the_last_step_and_are_finished(pair, document, qtbot):
    document.edit({"training.steps": 12})
    pair.keep()
    pair.train()
    rests(qtbot, pair, "finished")
    assert steps(pair) == {"a": 12, "b": 12}
    document.edit({"training.steps": 20})  # live: B may go on
    qtbot.waitUntil(lambda: pair.alone == "b" and pair.state == "paused", timeout=LONG)


def test_closing_while_both_run_leaves_two_runs_to_go_on_with(pair, session, document, qtbot):
    pair.keep(rival(small(), "wgan-gp"))
    pair.train()
    reaches(qtbot, pair, 10)
    folders = [pair.sides[side].folder for side in SIDES]
    session.close()
    for folder in folders:
        with RunFolder.open(folder) as run:
            assert run.facts["status"] == "paused"
            last = int(run.steps()[0][-1])
        session.open_run(folder)
        qtbot.waitUntil(lambda: session.state == "paused", timeout=LONG)
        assert session.step == last >= 10


def test_training_both_lets_the_single_run_rest(pair, session, qtbot):
    session.train()
    qtbot.waitUntil(lambda: session.state == "running", timeout=LONG)
    pair.keep()
    pair.step_once(1)
    qtbot.waitUntil(lambda: session.state == "paused", timeout=LONG)
    qtbot.waitUntil(lambda: pair.step == 1, timeout=LONG)


def test_of_many_restarts_the_last_wins(pair, qtbot):
    pair.keep()
    for _ in range(3):
        pair.restart()
    reaches(qtbot, pair, 5)
    assert steps(pair)["a"] == steps(pair)["b"]
