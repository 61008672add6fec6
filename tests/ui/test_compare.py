"""Compare: a kept experiment beside the recipe, driven by the mouse in the real window."""

import pytest
from PySide6.QtCore import QPoint, Qt

from aegan_studio.catalog.differences import differences
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.sides import SIDES
from aegan_studio.ui.panels.compare.workspace import CompareWorkspace

LONG = 60_000
LEFT = Qt.MouseButton.LeftButton
SMALL = {
    "training.batch_size": 16,
    "training.threads": 1,
    "training.steps": 100_000,
    "training.evaluate_every": 30,
    "training.timeline": 0,
}


def small(method="gan", dataset=None, **edits):
    data = dataset or {"kind": "ring", "count": 200}
    plain = {"dataset": data, "method": {"kind": method, "latent_dim": 2}}
    paths = {path.replace("__", "."): value for path, value in edits.items()}
    return Experiment.parse(plain).with_options({**SMALL, **paths})


@pytest.fixture
def compare(studio):
    studio.document.replace(small())
    studio.window.show_workspace("compare")
    workspace = studio.window.workspace
    assert isinstance(workspace, CompareWorkspace)
    return workspace


@pytest.fixture
def pair(compare):
    return compare.pair


def rests(qtbot, pair):
    qtbot.waitUntil(lambda: pair.state == "paused", timeout=LONG)


def stands_at(qtbot, pair, step):
    qtbot.waitUntil(lambda: pair.state == "paused" and pair.step == step, timeout=LONG)


def choose(qtbot, compare, value):
    chooser = compare.chooser
    assert chooser is not None
    chooser.line_edit.setText(value[1])
    qtbot.mouseClick(chooser.rows, LEFT, pos=chooser.centre_of(value))


def test_with_nothing_kept_it_says_why_and_offers_two_ways(compare, studio, qtbot):
    assert compare.pages.currentWidget() is compare.empty
    assert not studio.window.top.train.isEnabled()
    assert "Choose what to compare with" in studio.window.top.train.toolTip()
    assert next(iter(compare.empty.rivals)) == "wgan-gp"
    qtbot.mouseClick(compare.empty.keep, LEFT)
    assert compare.pages.currentWidget() is not compare.empty
    assert compare.differences.rows == []
    assert "Both are the same" in compare.differences.well.accessibleName()
    assert studio.window.top.train.isEnabled()
    qtbot.mouseClick(compare.head.leave, LEFT)
    assert compare.pages.currentWidget() is compare.empty


def test_a_rival_at_one_click_is_trained_in_lockstep_by_the_top_bar(compare, pair, studio, qtbot):
    top = studio.window.top
    qtbot.mouseClick(compare.empty.rivals["wgan-gp"], LEFT)
    listed = {row.path for row in compare.differences.rows}
    assert listed == {e.path for e in differences(pair.wanted("a"), pair.wanted("b"))}
    assert compare.columns["a"].panel.title == "WGAN-GP"
    assert compare.columns["b"].panel.title == "GAN"
    seen = []
    pair.told.connect(lambda: seen.append([side.step for side in pair.sides.values()]))
    qtbot.mouseClick(top.train, LEFT, pos=QPoint(20, 10))
    qtbot.waitUntil(lambda: pair.step >= 35, timeout=LONG)
    assert top.train.text() == "Pause"
    qtbot.mouseClick(top.train, LEFT, pos=QPoint(20, 10))
    rests(qtbot, pair)
    assert seen
    assert all(a == b for a, b in seen)
    assert studio.session.state == "empty"
    at = pair.step
    qtbot.mouseClick(top.step, LEFT, pos=QPoint(20, 10))
    stands_at(qtbot, pair, at + 1)
    qtbot.keyClick(studio.window, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    stands_at(qtbot, pair, at + 11)
    head = compare.head.standing
    qtbot.waitUntil(lambda: head.text() == f"both at step {at + 11}", timeout=LONG)
    for side in SIDES:
        panel = compare.columns[side].panel
        qtbot.waitUntil(lambda panel=panel: panel._pictures.step == at + 11, timeout=LONG)
    table = compare.scores.table
    names = [measure.name for measure, *_ in table.rows]
    assert names[0] == "js"
    assert compare.curves[0].measure.name == "js"
    assert set(compare.curves[0].plot.names) == {"a", "b"}
    before = [side.folder for side in pair.sides.values()]
    qtbot.mouseClick(top.restart, LEFT)
    qtbot.waitUntil(lambda: pair.state == "running" and pair.step > 0, timeout=LONG)
    assert not {side.folder for side in pair.sides.values()} & set(before)


def test_values_are_taken_over_from_the_list_and_edits_of_the_recipe_appear_in_it(
    compare, pair, studio, qtbot
):
    qtbot.mouseClick(compare.empty.keep, LEFT)
    studio.document.edit({"phases.generator.lr": 0.01, "networks.generator.widths": [8]})
    rows = compare.differences
    assert [row.path for row in rows.rows] == ["networks.generator.widths", "phases.generator.lr"]
    lr = rows.row("phases.generator.lr")
    assert {side: chip.text for side, chip in lr.chips.items()} == {"a": "0.0002", "b": "0.01"}
    qtbot.mouseClick(lr.take["a"], LEFT)
    assert pair.wanted("a").phases["generator"].lr == 0.01
    qtbot.mouseClick(rows.row("networks.generator.widths").take["b"], LEFT)
    assert studio.document.experiment.networks["generator"].widths == (128, 128, 128)
    assert rows.rows == []
    studio.document.undo_stack.undo()
    assert [row.path for row in rows.rows] == ["networks.generator.widths"]


def test_swapping_makes_a_the_recipe_and_is_undone(compare, pair, studio, qtbot):
    qtbot.mouseClick(compare.empty.rivals["vae"], LEFT)
    one, two = pair.wanted("a"), pair.wanted("b")
    qtbot.mouseClick(compare.head.swap, LEFT)
    assert (pair.wanted("a"), pair.wanted("b")) == (two, one)
    assert compare.columns["b"].panel.title == "VAE"
    qtbot.mouseClick(compare.head.swap, LEFT)
    assert (pair.wanted("a"), pair.wanted("b")) == (one, two)


def test_the_seed_is_bs_until_the_switch_says_otherwise(compare, pair, studio, qtbot):
    qtbot.mouseClick(compare.empty.keep, LEFT)
    studio.document.edit({"seed": 7})
    assert compare.differences.rows == []
    qtbot.mouseClick(compare.head.same, LEFT)
    assert [row.path for row in compare.differences.rows] == ["seed"]
    assert pair.wanted("a").seed == 0


def test_any_model_is_found_in_the_list_and_a_file_can_be_chosen(
    compare, pair, qtbot, monkeypatch, tmp_path
):
    from aegan_studio.experiment import toml

    qtbot.mouseClick(compare.empty.more, LEFT)
    choose(qtbot, compare, ("model", "bigan"))
    assert pair.wanted("a").method.kind == "bigan"
    toml.save(small("vae"), tmp_path / "mine.toml")
    monkeypatch.setattr(
        "aegan_studio.ui.panels.compare.picks.QFileDialog.getOpenFileName",
        lambda *_: (str(tmp_path / "mine.toml"), ""),
    )
    qtbot.mouseClick(compare.head.choose, LEFT)
    chooser = compare.chooser
    qtbot.mouseClick(chooser.rows, LEFT, pos=chooser.centre_of(("file", "")))
    assert pair.wanted("a") == small("vae")
    (tmp_path / "mine.toml").write_text("nonsense")
    troubles = []
    pair._session.trouble.connect(troubles.append)
    qtbot.mouseClick(compare.head.choose, LEFT)
    qtbot.mouseClick(chooser.rows, LEFT, pos=chooser.centre_of(("file", "")))
    assert troubles
    assert pair.wanted("a") == small("vae")


def test_a_problem_is_named_at_its_side_and_keeps_both_from_training(compare, studio, qtbot):
    qtbot.mouseClick(compare.empty.keep, LEFT)
    assert compare.columns["b"].notice.isHidden()
    studio.document.edit({"training.batch_size": 60_000})
    notice = compare.columns["b"].notice
    assert notice.isVisible()
    assert "Batch" in notice.text
    assert compare.columns["a"].notice.isHidden()
    assert not studio.window.top.train.isEnabled()
    assert "problem in B" in studio.window.top.train.toolTip()


def test_where_one_diverges_its_column_says_so_and_the_other_can_go_on(
    compare, pair, studio, qtbot
):
    studio.document.replace(small("autoencoder"))
    wild = {"phases__autoencoder__optimizer": "sgd", "phases__autoencoder__lr": 10.0}
    pair.keep(small("autoencoder", **wild))
    studio.window.top.train.click()
    notice = compare.columns["a"].notice
    qtbot.waitUntil(lambda: notice.isVisible() and notice.fix_button.isVisible(), timeout=LONG)
    assert "Diverged" in notice.text
    step = pair.sides["b"].step
    qtbot.mouseClick(notice.fix_button, LEFT)
    qtbot.waitUntil(lambda: pair.sides["b"].step > step, timeout=LONG)


def test_pictures_and_reconstructions_of_both_come_in_turns(compare, pair, studio, qtbot):
    digits = {"kind": "digits"}
    studio.document.replace(small("autoencoder", digits))
    pair.keep(small("vae", digits))
    part = compare.head.part
    assert part.isVisible()
    studio.window.top.step.click()
    stands_at(qtbot, pair, 1)
    assert compare.columns["a"].part == "samples"
    qtbot.mouseClick(part, LEFT, pos=part.segment_centre("reconstructions"))
    for column in compare.columns.values():
        assert column.part == "reconstructions"
        grid = column.panel.training.grid
        qtbot.waitUntil(lambda grid=grid: grid.count > 0, timeout=LONG)
    pair.keep(small("gan", digits))
    pair.restart()
    qtbot.waitUntil(lambda: not part.isVisible(), timeout=LONG)


def test_another_language_and_another_workspace_leave_both_running(compare, pair, studio, qtbot):
    qtbot.mouseClick(compare.empty.keep, LEFT)
    studio.window.top.train.click()
    qtbot.waitUntil(lambda: pair.step > 0, timeout=LONG)
    studio.window.show_workspace("train")
    assert studio.window.top.train.text() == "Train"
    assert not pair.sides["a"].wanted
    step = pair.step
    qtbot.waitUntil(lambda: pair.step > step + 5, timeout=LONG)
    studio.window.show_workspace("compare")
    studio.window.speak("zh_CN")
    again = studio.window.workspace
    assert again is not compare
    assert again.pair is pair
    step = pair.step
    qtbot.waitUntil(lambda: pair.step > step + 5, timeout=LONG)
    studio.window.speak("en")


def test_what_is_drawn_is_remembered(compare, pair, qtbot):
    qtbot.mouseClick(compare.empty.keep, LEFT)
    compare.curves[1].choose("own:b")
    assert compare.curves[1].measure is None
    other = CompareWorkspace(pair.document, pair._session)
    qtbot.addWidget(other)
    other.restore(compare.state())
    assert other.curves[1].chosen == "own:b"
    other.restore(type(compare.state())(b'{"curves": 3, "sizes": [[0], 1, null]}'))
    pair.step_once(2)
    stands_at(qtbot, pair, 2)
    compare.curves[1].catch_up()
    assert set(compare.curves[1].plot.names) >= {"loss-d", "loss-g"}


def test_the_ring_begins_at_once(compare, pair, studio, qtbot, monkeypatch):
    monkeypatch.setattr(
        "aegan_studio.ui.panels.compare.workspace.ring_pair",
        lambda: (small(), small(method__loss="wasserstein")),
    )
    qtbot.mouseClick(compare.empty.ring, LEFT)
    qtbot.waitUntil(lambda: pair.step > 2, timeout=LONG)
    assert studio.document.experiment.method.loss == "wasserstein"
