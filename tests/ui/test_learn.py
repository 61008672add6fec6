"""The lesson on the GAN loop: two runs of its own, switches, and nothing else disturbed."""

import numpy as np
import pytest
from PySide6.QtCore import Qt, QThread

from aegan_studio.catalog.lessons import DEFECTS, SWITCHES, program
from aegan_studio.ui.panels.learn import workspace as module
from aegan_studio.ui.training.lane import Lane
from aegan_studio.ui.training.workers import TrainerThread

LONG = 60_000
LEFT = Qt.MouseButton.LeftButton
LN2 = float(np.log(2))


def quick(corrected, seed=0):
    """The program on 8×8 digits: the mistakes are the same, and it is faster."""
    return program(corrected, seed).with_options({"dataset.side": 8, "training.batch_size": 32})


@pytest.fixture
def lesson(bench, qtbot, monkeypatch):
    monkeypatch.setattr(module, "program", quick)
    bench.window.show_workspace("learn")
    lesson = bench.window.workspace
    qtbot.waitUntil(lambda: lesson.printed.pictures is not None, timeout=LONG)
    qtbot.waitUntil(lambda: lesson.corrected.pictures is not None, timeout=LONG)
    return lesson


def reaches(qtbot, lane, step):
    qtbot.waitUntil(lambda: lane.step >= step, timeout=LONG)


def test_the_lesson_lists_ten_defects_with_eight_switches(lesson):
    assert [item.defect for item in lesson.defects.items] == list(DEFECTS)
    assert [lesson.defects.switch(name).isChecked() for name in SWITCHES] == [False] * 8
    assert not lesson.running
    assert lesson.printed.step == 0


def test_as_printed_the_losses_are_calm_and_the_samples_stay_the_corrected_ones_move(
    lesson, bench, qtbot
):
    before = lesson.printed.pictures.samples
    noise = lesson.corrected.pictures.samples
    qtbot.mouseClick(lesson.run, LEFT)
    assert lesson.run.text() in ("Run", "Pause")
    for lane in (lesson.printed, lesson.corrected):
        reaches(qtbot, lane, 400)
    assert lesson.run.text() == "Pause"
    qtbot.mouseClick(lesson.run, LEFT)
    qtbot.waitUntil(lambda: not lesson.running, timeout=LONG)
    left, right = lesson.printed, lesson.corrected
    for name in ("loss-real", "loss-g"):
        assert np.abs(left.history.values(name)[-50:] - LN2).max() < 0.02
    assert left.history.latest("moved-g") == 0
    assert (left.pictures.samples == before).all()
    assert right.history.latest("moved-g") > 0.1
    assert (right.pictures.samples != noise).mean() > 0.5
    printed, corrected = lesson.columns
    qtbot.waitUntil(lambda: printed.loss_d.text == "0.693", timeout=LONG)
    assert printed.moved.text == "0.000"
    assert "has not moved" in printed.verdict.text
    assert "learn from each other" in corrected.verdict.text
    assert set(printed.plot.names) == {"loss-d", "loss-g"}
    assert bench.session.state == "empty"
    assert bench.document.experiment.method.kind == "autoencoder"


def test_a_switch_restarts_the_printed_program_at_once_and_only_that(lesson, qtbot):
    qtbot.mouseClick(lesson.run, LEFT)
    reaches(qtbot, lesson.printed, 60)
    reaches(qtbot, lesson.corrected, 60)
    other = lesson.corrected.step
    qtbot.mouseClick(lesson.defects.switch("detach"), LEFT)
    assert lesson.printed.step == 0
    assert lesson.corrected.step >= other
    assert lesson.printed.experiment == quick({"detach"})
    assert lesson.columns[0].title == "1 of 8 put right"
    reaches(qtbot, lesson.printed, 30)
    qtbot.waitUntil(lambda: lesson.printed.history.latest("moved-g") > 0, timeout=LONG)
    assert lesson.running


def test_everything_is_put_right_and_wrong_with_one_button(lesson, qtbot):
    qtbot.mouseClick(lesson.defects.all_right, LEFT)
    assert lesson.defects.corrected == set(SWITCHES)
    assert lesson.printed.experiment == lesson.corrected.experiment
    assert not lesson.defects.all_right.isEnabled()
    qtbot.mouseClick(lesson.defects.all_wrong, LEFT)
    assert lesson.defects.corrected == frozenset()
    assert lesson.columns[0].title == "As printed"


def test_the_same_seed_gives_the_same_run_again(lesson, qtbot):
    values = []
    for _ in range(2):
        qtbot.mouseClick(lesson.restart, LEFT)
        reaches(qtbot, lesson.corrected, 40)
        values.append(lesson.corrected.history.values("loss-g")[:40].copy())
    np.testing.assert_array_equal(*values)


def test_out_of_sight_nothing_is_trained_and_in_sight_it_goes_on(lesson, bench, qtbot):
    qtbot.mouseClick(lesson.run, LEFT)
    reaches(qtbot, lesson.printed, 10)
    bench.window.show_workspace("train")
    qtbot.waitUntil(lambda: not lesson.running, timeout=LONG)
    step = lesson.printed.step
    bench.window.show_workspace("learn")
    reaches(qtbot, lesson.printed, step + 10)


def test_the_session_trains_beside_the_lesson(lesson, bench, qtbot):
    bench.document.edit({"training.steps": 100_000})
    bench.session.train()
    qtbot.mouseClick(lesson.run, LEFT)
    reaches(qtbot, lesson.printed, 30)
    qtbot.waitUntil(lambda: bench.session.step > 20, timeout=LONG)
    assert bench.session.experiment.method.kind == "autoencoder"
    assert bench.session.folder is not None


def test_of_many_restarts_the_last_wins_and_all_threads_end(qapp, qtbot):
    lane = Lane()
    for names in ((), {"real"}, {"real", "detach"}):
        lane.restart(quick(set(names)), go=True)
    reaches(qtbot, lane, 5)
    assert lane.experiment == quick({"real", "detach"})
    assert lane.history.latest("moved-g") >= 0
    lane.end()
    assert lane.standing is None
    assert not [t for t in lane.findChildren(TrainerThread) if QThread.isRunning(t)]
    lane.deleteLater()
