"""Panels in windows of their own: by mouse and keyboard, while training, and remembered."""

import os
import signal
import subprocess
import sys

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from aegan_studio import paths
from aegan_studio.experiment.events import Pictures, Weights
from aegan_studio.i18n import tr
from aegan_studio.runs.folder import RunFolder
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.messages import Well

LONG = 60_000
LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


def click(qtbot, widget):
    qtbot.mouseClick(widget, LEFT)


def panel_of(studio, name):
    space, _, panel = name.partition(".")
    workspace = studio.window.spaces.build(space)
    panels = workspace.places if space == "explore" else workspace._panels
    return panels[panel]


def floats(studio):
    return studio.window.spaces.floats.windows


def float_out(studio, qtbot, name):
    """Press the panel's button; its window."""
    panel = panel_of(studio, name)
    click(qtbot, panel.float_button)
    window = floats(studio)[name]
    qtbot.waitUntil(window.isActiveWindow, timeout=LONG)
    return panel, window


def train(studio, qtbot, steps=100_000):
    studio.document.edit({"training.steps": steps})
    studio.session.train()
    qtbot.waitUntil(lambda: studio.session.step > 5, timeout=LONG)


def test_a_panel_opens_in_its_own_window_and_is_brought_back_from_its_place(bench, qtbot):
    panel = panel_of(bench, "train.samples")
    row, index = panel.parentWidget(), panel.parentWidget().indexOf(panel)
    sizes = row.sizes()
    panel, window = float_out(bench, qtbot, "train.samples")
    assert panel.window() is window
    assert window.windowTitle() == panel.title == "Samples"
    assert not window.windowIcon().isNull()
    assert window.minimumWidth() >= 320
    well = row.widget(index)
    assert isinstance(well, Well)
    assert well.accessibleName() == "This panel is in its own window"
    assert row.sizes() == sizes
    click(qtbot, well.button)
    assert row.widget(index) is panel
    assert panel.isVisible()
    assert panel.window() is bench.window
    assert row.sizes() == sizes
    assert floats(bench) == {}
    assert not window.isVisible()


@pytest.mark.parametrize("how", ["close", "button", "Ctrl+W", "own command"])
def test_the_window_gives_its_panel_back(bench, qtbot, how):
    panel, window = float_out(bench, qtbot, "train.plots")
    if how == "close":
        window.close()
    elif how == "button":
        click(qtbot, panel.float_button)
    elif how == "Ctrl+W":
        qtbot.keyClick(window, Qt.Key.Key_W, CTRL)
    else:
        named = {action.text(): action for action in bench.window._commands()}
        named["Bring back: Losses"].trigger()
    assert panel.window() is bench.window
    assert panel.isVisible()
    assert not bench.window.settings.flag("float.train.plots", True)


def test_the_button_is_reached_and_pressed_by_keyboard(bench, qtbot):
    panel = panel_of(bench, "train.model")
    button = panel.float_button
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert button.toolTip() == button.accessibleName() == "Open in its own window"
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert panel.floating
    assert button.toolTip() == "Bring it back"
    assert floats(bench)["train.model"].focusWidget() is button
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert not panel.floating
    assert bench.window.focusWidget() is button


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
def test_the_palette_and_a_right_click_on_the_header_move_it(bench, qtbot):
    panel = panel_of(bench, "train.samples")
    qtbot.keyClick(bench.window, Qt.Key.Key_K, CTRL)
    line = bench.window._palette.line_edit
    qtbot.keyClicks(line, "own window samples")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert panel.floating
    spot = QPoint(30, 19)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, panel.head.mapToGlobal(spot))
    QApplication.sendEvent(panel.head, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    words = [action.text() for action in menu.actions()]
    assert words == ["Bring it back", "Take this view away"]
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert not panel.floating


def test_panels_that_are_out_of_sight_offer_no_command(bench):
    named = {action.text() for action in bench.window._commands()}
    assert "Open in its own window: Losses" in named
    assert "Open in its own window: Plane" not in named
    assert "Open in its own window: Latent map" not in named


def test_it_follows_the_training_there_and_back(bench, qtbot):
    train(bench, qtbot)
    samples, _ = float_out(bench, qtbot, "train.samples")
    plots, _ = float_out(bench, qtbot, "train.plots")
    seen = []
    bench.session.event.connect(lambda event: seen.append(type(event)))
    for _round in range(2):
        drawn, known = samples.grid.grid.count, plots._feeds[0]._known
        step = bench.session.step
        seen.clear()
        qtbot.waitUntil(lambda: Pictures in seen, timeout=LONG)
        qtbot.waitUntil(lambda: plots._feeds[0]._known > known, timeout=LONG)  # noqa: B023
        assert samples.grid.grid.count >= drawn > 0
        assert bench.session.step > step
        for name in tuple(floats(bench)):
            floats(bench)[name].close()
    assert bench.session.state == "running"


def test_pictures_are_made_while_only_a_floating_panel_is_in_sight(bench, qtbot):
    train(bench, qtbot)
    _, window = float_out(bench, qtbot, "train.samples")
    bench.window.show_welcome()
    wants = bench.session._wants
    assert window.isVisible()
    assert wants["pictures"]
    seen = []
    bench.session.event.connect(lambda event: seen.append(type(event)))
    qtbot.waitUntil(lambda: seen.count(Pictures) > 1, timeout=LONG)
    window.close()
    assert not wants["pictures"], "nobody sees any, so none are made"


def test_the_latent_map_floats_and_follows_from_another_workspace(bench, qtbot):
    bench.session.step_once(20)
    qtbot.waitUntil(lambda: bench.session.step == 20, timeout=LONG)
    bench.window.show_workspace("explore")
    explore = bench.window.workspace
    qtbot.waitUntil(lambda: explore.explorer.model is not None, timeout=LONG)
    panel, _ = float_out(bench, qtbot, "explore.atlas")
    assert panel.page.map.isVisible()
    bench.window.show_workspace("train")
    assert bench.session._wants["weights"]
    bench.session.step_once(20)
    qtbot.waitUntil(
        lambda: explore.explorer.model is not None and explore.explorer.model.step == 40,
        timeout=LONG,
    )
    assert bench.session.latest[Weights].step == 40


def test_it_wears_the_new_theme_at_once(bench, qtbot):
    _, window = float_out(bench, qtbot, "train.plots")
    for _round in range(2):
        qtbot.keyClick(window, Qt.Key.Key_D, CTRL)  # the keys of the main window work here
        corner = window.grab().toImage().pixelColor(2, 2)
        assert corner == current_theme().color("bg")


def test_transport_keys_work_in_a_floating_window(bench, qtbot):
    _, window = float_out(bench, qtbot, "train.model")
    qtbot.keyClick(window, Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: bench.session.step == 1, timeout=LONG)


def test_it_stays_floating_in_the_other_language(bench, qtbot):
    train(bench, qtbot)
    _, old = float_out(bench, qtbot, "train.samples")
    bench.window.show_welcome()
    old.resize(500, 410)
    gone = []
    old.destroyed.connect(lambda: gone.append(True))
    bench.window.speak("zh_CN")
    (window,) = floats(bench).values()
    assert window is not old
    assert window.isVisible()
    assert window.size().width() == 500
    assert window.windowTitle() == tr("Samples") != "Samples"
    qtbot.waitUntil(lambda: bool(gone), timeout=LONG)
    seen = []
    bench.session.event.connect(lambda event: seen.append(type(event)))
    qtbot.waitUntil(lambda: Pictures in seen, timeout=LONG)
    assert len([w for w in QApplication.topLevelWidgets() if w.isVisible()]) == 2


def test_it_hides_while_the_experiment_does_not_call_for_it(bench, qtbot):
    panel, window = float_out(bench, qtbot, "train.samples")
    bench.window.filing.open_recipe("moons-vae")
    assert not window.isVisible()
    assert panel.place.isHidden()
    bench.document.undo_stack.undo()
    if bench.document.experiment.data_info().modality != "image":
        bench.window.filing.open_recipe("digits-vae")
    assert window.isVisible()
    assert panel.place.isVisible()


def test_closing_the_main_window_closes_it_and_it_comes_back_next_time(make_studio, qtbot):
    studio = make_studio()
    studio.window.show_work()
    _, window = float_out(studio, qtbot, "train.plots")
    window.resize(520, 380)
    studio.window.close()
    assert not [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    again = make_studio()
    assert floats(again) == {}, "its workspace is not built yet"
    again.window.show_work()
    (window,) = floats(again).values()
    assert window.isVisible()
    assert (window.width(), window.height()) == (520, 380)
    panel = panel_of(again, "train.plots")
    window.close()
    assert panel.isVisible()
    again.window.close()
    third = make_studio()
    third.window.show_work()
    assert floats(third) == {}


def test_a_window_that_cannot_close_shows_its_floating_panels_again(bench, qtbot, monkeypatch):
    _, window = float_out(bench, qtbot, "train.model")
    monkeypatch.setattr(bench.session, "close", lambda: False)
    bench.window.close()
    assert bench.window.isVisible()
    assert window.isVisible()


def test_minimising_the_main_window_leaves_it_in_view(bench, qtbot):
    _, window = float_out(bench, qtbot, "train.model")
    bench.window.showMinimized()
    assert window.isVisible()
    bench.window.showNormal()


def test_broken_memories_of_floating_windows_never_block_the_start(make_studio, qtbot, home):
    home.mkdir(parents=True)
    paths.settings_file().write_text(
        "[flags]\nfloat.train.plots=true\nfloat.train.model=perhaps\n"
        "[blobs]\nfloat.train.plots=@ByteArray(rubbish)\nfloat.train.model=7\n"
    )
    studio = make_studio()
    studio.window.show_work()
    (name,) = floats(studio)
    assert name == "train.plots"
    assert floats(studio)[name].width() >= 320


def test_folded_cards_are_remembered(make_studio, qtbot):
    studio = make_studio(size=(1280, 800))
    studio.window.show_work()
    recipe = studio.window.recipe
    assert not recipe.method.folded
    click(qtbot, recipe.method.head)
    recipe.networks.head.setFocus()
    qtbot.keyClick(recipe.networks.head, Qt.Key.Key_Space)
    recipe.training.set_folded(True)  # not by a person
    studio.window.speak("zh_CN")
    assert studio.window.recipe.method.folded
    studio.window.close()
    again = make_studio(size=(1280, 800))
    again.window.show_work()
    recipe = again.window.recipe
    assert [card.folded for card in recipe.cards] == [False, True, False, False]


TRAINS = """
import sys
from aegan_studio.ui import app as module
real = module.build
def build(*given):
    studio = real(*given)
    studio.document.edit({"training.steps": 100_000, "training.threads": 1})
    def told(_state):
        if studio.session.state == "running":
            print("running", flush=True)
    studio.session.state_changed.connect(told)
    module.QTimer.singleShot(100, studio.window, studio.session.train)
    return studio
module.build = build
sys.exit(module.run_app(["aegan-studio"]))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows ends processes without a signal")
def test_being_asked_to_end_saves_the_run(home):
    process = subprocess.Popen([sys.executable, "-c", TRAINS], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout.readline() == "running\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    (folder,) = paths.runs_dir().iterdir()
    with RunFolder.open(folder) as run:
        assert run.facts["status"] == "paused"
        assert len(run.checkpoints()) == 1


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("width", [900, 1280, 1600])
def test_no_recipe_card_cuts_its_words(make_studio, qtbot, language, width):
    studio = make_studio(size=(width, 800))
    studio.window.speak(language)
    studio.window.welcome.show_section("recipes")
    qtbot.wait(50)
    for card in studio.window.welcome.cards:
        assert card.height() >= card.heightForWidth(card.width()), card.text()
        assert card.toolTip()
