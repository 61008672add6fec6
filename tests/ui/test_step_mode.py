"""Step mode in the real window, by mouse and key: updates told, phases of choice, slow motion."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from aegan_studio.catalog.narration import narration
from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment.events import PhaseDone, PhaseReady, Reached
from aegan_studio.experiment.until import AtStep
from aegan_studio.ui.panels.train.step.run import RunCard
from aegan_studio.ui.theme import theme_manager

LONG = 30_000
LEFT = Qt.MouseButton.LeftButton

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


@pytest.fixture
def lab(studio, qtbot):
    """A small GAN of points in the train workspace, its panels shown, nothing running."""
    studio.document.replace(
        recipe("ring-gan").with_options(
            {
                "training.threads": 1,
                "training.batch_size": 64,
                "training.steps": 4000,
                "training.evaluate_every": 50,
                "training.timeline": 0,
            }
        )
    )
    studio.window.show_workspace("train")
    told = []
    studio.session.event.connect(told.append)
    panel = studio.window.workspace.panels["step"]
    return SimpleNamespace(
        window=studio.window,
        session=studio.session,
        document=studio.document,
        told=told,
        panel=panel,
    )


def click(qtbot, widget, at=None):
    qtbot.mouseClick(widget, LEFT, pos=at if at is not None else widget.rect().center())


def rests(qtbot, studio, step=None):
    session = studio.session
    qtbot.waitUntil(
        lambda: session.state == "paused" and (step is None or session.step == step), timeout=LONG
    )


def of(studio, kind):
    return [event for event in studio.told if isinstance(event, kind)]


def begin(qtbot, studio, steps=1):
    studio.session.step_once(steps)
    rests(qtbot, studio, steps)


def card():
    cards = [w for w in QApplication.topLevelWidgets() if isinstance(w, RunCard) and w.isVisible()]
    return cards[-1]


def choose(choice, value):
    """As a person does: the list's entry is activated."""
    index = [option.value for option in choice.options].index(value)
    choice.setCurrentIndex(index)
    choice.activated.emit(index)


def test_an_update_is_told_with_its_numbers_and_the_next_one_is_named(lab, qtbot):
    panel = lab.panel
    assert [row.mark for row in panel.stages.rows] == ["waiting"] * len(panel.stages.rows)
    assert panel.next.text() == "Next: update D"
    click(qtbot, panel.next)
    rests(qtbot, lab)
    assert panel.phase == "discriminator"
    assert {row.mark for row in panel.stages.rows} == {"done"}
    (ready,) = of(lab, PhaseReady)
    asked = next(row for row in panel.stages.rows if row.text == "Ask D")
    assert f"D(x) = {ready.said['discriminator(x)']:.2f}" in asked.formulas
    (line,) = panel.loss.numbers
    assert line.startswith(r"-\log 0.")
    assert line.endswith(f"= {ready.totals[('discriminator',)]:.2f}")
    assert panel.loss.note == "averaged over 64"
    assert panel.next.text() == "Next: update G"
    assert lab.window.status.facts["waits"] == "Paused before the update of G"
    click(qtbot, panel.next)
    rests(qtbot, lab, 1)
    assert panel.phase == "generator"
    assert [event.extra for event in of(lab, PhaseDone)] == [False, False]
    click(qtbot, panel.whole)
    rests(qtbot, lab, 2)
    assert len(of(lab, PhaseDone)) == 4


def test_a_chosen_phase_is_carried_out_again_and_again_and_the_run_knows(lab, qtbot):
    begin(qtbot, lab)
    panel = lab.panel
    assert panel.phase == "generator", "it was told of last"
    panel.next.menu_shown.emit()
    offered = {action.text(): action for action in panel.next.menu.actions()}
    assert list(offered) == ["Next: update D", "Extra: update G"]
    offered["Extra: update G"].trigger()
    assert panel.next.text() == "Extra: update G"
    for count in (1, 2):
        click(qtbot, panel.next)
        qtbot.waitUntil(lambda count=count: lab.session.history.extras == {"generator": count})
        rests(qtbot, lab, 1)
    assert "2 extra" in panel.extra.text()
    assert [event.extra for event in of(lab, PhaseDone)][-2:] == [True, True]
    click(qtbot, panel.tabs, panel.tabs.segment_centre("discriminator"))
    assert panel.next.text() == "Next: update D"
    told = len(of(lab, PhaseDone))
    click(qtbot, panel.next)
    qtbot.waitUntil(lambda: len(of(lab, PhaseDone)) > told, timeout=LONG)
    assert not of(lab, PhaseDone)[-1].extra, "it was its turn"
    rests(qtbot, lab)


def test_the_menu_of_steps_has_every_way_and_says_why_not(lab, qtbot):
    actions = lab.window.actions_
    assert actions["step.phase.2"].text() == "Only Generator"
    assert not actions["step.phase.3"].isVisible()
    begin(qtbot, lab)
    actions["step.phase.2"].trigger()
    qtbot.waitUntil(lambda: lab.session.history.extras == {"generator": 1}, timeout=LONG)
    rests(qtbot, lab, 1)
    actions["window.step_ten"].trigger()
    rests(qtbot, lab, 11)
    lab.document.edit({"training.steps": 11})
    qtbot.waitUntil(lambda: lab.session.state == "finished", timeout=LONG)
    assert not actions["step.slow_motion"].isEnabled()
    assert actions["step.slow_motion"].toolTip().startswith("The run is at its last step")
    assert not lab.panel.next.isEnabled()
    assert lab.panel.next.toolTip().startswith("The run is at its last step")


def test_a_number_of_steps_or_of_updates_is_asked_for_in_a_card(lab, qtbot):
    begin(qtbot, lab)
    lab.window.actions_["step.run_for"].trigger()
    asked = card()
    asked.count.set_value(7)
    click(qtbot, asked.go)
    rests(qtbot, lab, 8)
    lab.window.actions_["step.run_for"].trigger()
    asked = card()
    asked.count.set_value(5)
    choose(asked.phase, "generator")
    click(qtbot, asked.go)
    qtbot.waitUntil(lambda: lab.session.history.extras == {"generator": 5}, timeout=LONG)
    rests(qtbot, lab, 8)


CONDITIONS = {
    "step": lambda card: card.step.set_value(40),
    "epoch": lambda card: card.epoch.set_value(0.5),
    "time": lambda card: card.seconds.set_value(0.05),
    "column": lambda card: (choose(card.measure, ("right", False)), card.value.set_value(0.99)),
    "held-out": lambda card: (choose(card.measure, ("js", True)), card.value.set_value(1.5)),
}


def test_training_runs_until_each_kind_of_condition_holds(lab, qtbot):
    begin(qtbot, lab, 50)  # measured on held-out data once, so that it can be chosen
    for name, fill in CONDITIONS.items():
        if name == "step":
            continue
        lab.window.actions_["step.run_until"].trigger()
        asked = card()
        kind = {"column": "measure", "held-out": "measure"}.get(name, name)
        choose(asked.kind, kind)
        if name == "epoch":
            asked.epoch.set_value(asked._now_epoch + 0.2)
        elif name == "time":
            asked.seconds.set_value(asked._now_seconds + 0.02)
        else:
            fill(asked)
        asked._refresh()
        before = len(of(lab, Reached))
        click(qtbot, asked.go)
        qtbot.waitUntil(lambda before=before: len(of(lab, Reached)) == before + 1, timeout=LONG)
        rests(qtbot, lab)
        assert lab.window.status.health.startswith("Paused")
    step = lab.session.step + 30
    lab.window.actions_["step.run_until"].trigger()
    asked = card()
    asked.step.set_value(step)
    asked._refresh()
    assert asked.note.text() == f"Pauses at step {step:,}."
    click(qtbot, asked.go)
    rests(qtbot, lab, step)
    assert of(lab, Reached)[-1].until == AtStep(step)
    assert f"Paused at step {step:,}" in lab.window.status.health


def test_a_finding_of_the_doctor_stops_a_training_that_waits_for_it(lab, qtbot):
    begin(qtbot, lab)
    lab.document.edit({"training.steps": 1_000_000})
    lab.window.actions_["step.run_until"].trigger()
    asked = card()
    choose(asked.kind, "finding")
    asked._refresh()
    assert asked.note.text() == "Pauses when the doctor finds anything."
    click(qtbot, asked.go)
    qtbot.waitUntil(lambda: lab.session.step > 20, timeout=LONG)
    lab.session.watching.appeared.emit("mode-collapse")
    rests(qtbot, lab)
    assert of(lab, Reached)


def test_what_is_behind_cannot_be_waited_for(lab, qtbot):
    begin(qtbot, lab, 60)
    lab.window.actions_["step.run_until"].trigger()
    asked = card()
    choose(asked.kind, "time")
    asked.seconds.set_value(0)
    asked._refresh()
    assert not asked.go.isEnabled()
    assert asked.note.text().startswith("The run is beyond that")
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    assert not asked.isVisible()


# Slow motion


def slowly(qtbot, studio):
    """In slow motion, its clock standing, the first stage under way."""
    click(qtbot, studio.panel.slow)
    slow = studio.session.stepping.slow
    qtbot.waitUntil(lambda: slow.ready is not None, timeout=LONG)
    slow._timer.stop()  # the test is the clock
    return slow


def test_slow_motion_goes_through_the_stages_and_from_update_to_update(lab, qtbot):
    begin(qtbot, lab)
    slow = slowly(qtbot, lab)
    panel = lab.panel
    told = narration(lab.session.experiment, "discriminator")
    stages = len(told.stages)
    assert (slow.phase, slow.stage) == ("discriminator", 0)
    assert [row.mark for row in panel.stages.rows][:2] == ["now", "waiting"]
    assert panel.stages.caption == str(told.stages[0].help)
    assert not panel.loss.numbers, "the loss is not worked out yet"
    weights = len(of(lab, PhaseDone))
    slow.set_pace(0.5)
    for stage in range(1, stages):
        slow.advance(2.0 / stages)
        assert slow.stage == stage
        assert panel.stages.rows[stage].mark == "now"
        assert panel.stages.rows[stage - 1].mark == "done"
        assert lab.window.status.facts["waits"] == f"Slow motion: {told.stages[stage].text}"
        moved = len(of(lab, PhaseDone)) > weights
        assert not moved or stage == stages - 1, "the weights move with the last stage"
    qtbot.waitUntil(lambda: len(of(lab, PhaseDone)) == weights + 1, timeout=LONG)
    slow.advance(2.0 / stages)
    qtbot.waitUntil(lambda: slow.phase == "generator", timeout=LONG)
    assert slow.stage == 0
    assert lab.session.step == 1, "the step is not whole yet"
    click(qtbot, panel.slow)
    qtbot.waitUntil(lambda: lab.session.step > 20, timeout=LONG)
    assert not slow.on, "it has quit into full speed"
    lab.session.pause()
    rests(qtbot, lab)


def test_its_clock_stops_and_goes_by_button_and_key_and_its_pace_changes_live(lab, qtbot):
    begin(qtbot, lab)
    slow = slowly(qtbot, lab)
    panel, top = lab.panel, lab.window.top
    assert panel.clock.isVisible()
    assert top.train.text() == "Pause"
    click(qtbot, panel.clock.play)
    assert not slow.playing
    assert top.train.text() == "Train"
    stage = slow.stage
    slow.advance(100.0)
    assert slow.stage == stage, "a standing clock leads nowhere"
    click(qtbot, panel.clock.next)
    assert slow.stage == stage + 1
    lab.window.activateWindow()
    qtbot.waitUntil(lab.window.isActiveWindow)
    qtbot.keyClick(lab.window, Qt.Key.Key_F12)
    assert slow.stage == stage + 2
    qtbot.keyClick(lab.window, Qt.Key.Key_F5)
    slow._timer.stop()
    assert slow.playing, "the key that pauses and trains stops and starts its clock"
    at = QPoint(panel.clock.pace.width() - 8, panel.clock.pace.height() // 2)
    click(qtbot, panel.clock.pace, at)
    assert slow.pace == pytest.approx(10.0, rel=0.1)
    assert "updates/s" in panel.clock.reading.text()
    left = slow.stages - slow.stage
    slow.advance((left - 0.5) / (slow.pace * slow.stages))
    assert slow.stage == slow.stages - 1, "it goes at the new pace"
    slow.toggle()
    click(qtbot, panel.slow)
    rests(qtbot, lab)
    assert not slow.on, "with its clock standing, it ends in a pause"
    assert not panel.clock.isVisible()


def test_a_phase_is_chosen_and_an_update_finished_within_slow_motion(lab, qtbot):
    begin(qtbot, lab)
    slow = slowly(qtbot, lab)
    panel = lab.panel
    click(qtbot, panel.next)
    qtbot.waitUntil(lambda: of(lab, PhaseDone)[-1].phase == "discriminator", timeout=LONG)
    assert slow.stage == slow.stages - 1
    click(qtbot, panel.tabs, panel.tabs.segment_centre("discriminator"))
    lab.session.stepping.pick("discriminator")
    slow.advance(2.0 / (slow.pace * slow.stages))
    qtbot.waitUntil(lambda: slow.ready.extra, timeout=LONG)
    assert slow.phase == "discriminator"
    slow.end()
    rests(qtbot, lab, 1)
    assert lab.session.history.extras == {"discriminator": 1}, "what was begun is carried out"


def test_live_options_and_saving_wait_for_no_half_done_update(lab, qtbot):
    begin(qtbot, lab)
    slowly(qtbot, lab)
    done = len(of(lab, PhaseDone))
    lab.document.edit({"phases.discriminator.lr": 0.003})
    qtbot.waitUntil(
        lambda: lab.session.experiment.get("phases.discriminator.lr") == 0.003, timeout=LONG
    )
    assert len(of(lab, PhaseDone)) == done + 1, "first the update under way was carried out"
    lab.session.stepping.slow.end()
    rests(qtbot, lab)


# The drawn model


def test_data_run_along_the_arrows_of_the_drawn_model(lab, qtbot):
    begin(qtbot, lab)
    lab.window.workspace.toggle("model", True)
    view = lab.window.workspace.panels["model"].view
    qtbot.waitUntil(view.isVisible)
    slow = slowly(qtbot, lab)
    told = narration(lab.session.experiment, "discriminator")
    while told.stages[slow.stage].kind != "network":
        slow.next_stage()
    slow.toggle()
    slow._timer.stop()
    slow.advance(0.25 / (slow.pace * slow.stages))
    motion = view.motion
    assert motion is not None
    assert motion.lit == {"generator"}
    ends = [(way.edge.source, way.edge.target) for ways in motion.turns for way in ways]
    assert ends == [("z", "generator"), ("generator", "x-hat")]
    assert 0.2 < motion.progress < 0.3
    before = view.grab().toImage()
    slow.advance(0.3 / (slow.pace * slow.stages))
    assert view.grab().toImage() != before, "what moves is seen"
    slow.end()
    rests(qtbot, lab)
    assert view.motion is None


def test_without_motion_arrows_are_marked_and_nothing_moves(lab, qtbot, monkeypatch):
    begin(qtbot, lab)
    monkeypatch.setattr(theme_manager(), "reduced_motion", True)
    lab.window.workspace.toggle("model", True)
    view = lab.window.workspace.panels["model"].view
    slow = slowly(qtbot, lab)
    told = narration(lab.session.experiment, "discriminator")
    while told.stages[slow.stage].kind != "network":
        slow.next_stage()
    assert view.motion.still
    before = view.grab().toImage()
    slow.toggle()
    slow._timer.stop()
    slow.advance(0.3 / (slow.pace * slow.stages))
    assert view.grab().toImage() == before
    slow.end()
    rests(qtbot, lab)


def test_the_panel_comes_into_view_for_pictures_when_somebody_steps(bench, qtbot):
    space = bench.window.workspace
    assert "step" not in space.shown
    bench.session.step_once()
    rests(qtbot, bench, 1)
    assert "step" not in space.shown, "whole steps change no arrangement"
    bench.session.step_phase()
    qtbot.waitUntil(lambda: "step" in space.shown, timeout=LONG)
    rests(qtbot, bench, 2)
    assert space.panels["step"].tabs.isHidden(), "one phase needs no choice"


def test_a_run_taken_up_again_knows_its_extra_updates(lab, qtbot):
    begin(qtbot, lab)
    lab.session.stepping.one_phase("generator", 3)
    qtbot.waitUntil(lambda: lab.session.history.extras == {"generator": 3}, timeout=LONG)
    rests(qtbot, lab, 1)
    folder = lab.session.folder
    lab.session.stop()
    lab.session.open_run(folder)
    rests(qtbot, lab, 1)
    assert lab.session.history.extras == {"generator": 3}
