"""The whole window, driven with mouse and keyboard as a person drives it."""

import errno
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from aegan_studio import paths
from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment import toml
from aegan_studio.experiment.events import Changed, Pictures, Progress, Saved, Started, Weights
from aegan_studio.i18n import tr
from aegan_studio.runs.folder import RunFolder

LONG = 60_000
LEFT = Qt.MouseButton.LeftButton


def click(qtbot, widget):
    qtbot.mouseClick(widget, LEFT)


def reaches(qtbot, studio, state):
    qtbot.waitUntil(lambda: studio.session.state == state, timeout=LONG)


def recorded(studio):
    seen = []
    studio.session.event.connect(seen.append)
    return seen


def test_train_watch_pause_change_step_explore_stop_undo_and_reopen(bench, qtbot):
    window, session, top = bench.window, bench.session, bench.window.top
    bench.document.edit({"training.steps": 100_000})
    seen = recorded(bench)

    click(qtbot, top.train)
    qtbot.waitUntil(lambda: session.step > 20, timeout=LONG)
    kinds = {type(event) for event in seen}
    assert {Started, Progress, Pictures} <= kinds
    assert top.train.text() == "Pause"
    assert "Step" in window.status.facts["step"]

    row = next(r for r in window.recipe.training.rows if r.path == "phases.autoencoder.lr")
    qtbot.keyClick(row.control, Qt.Key.Key_Return)
    qtbot.keyClicks(row.control.line_edit, "0.004")
    qtbot.keyClick(row.control.line_edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any(isinstance(event, Changed) for event in seen), timeout=LONG)
    assert session.experiment.get("phases.autoencoder.lr") == 0.004
    assert session.state == "running"

    click(qtbot, top.train)
    reaches(qtbot, bench, "paused")
    qtbot.waitUntil(lambda: Saved in session.latest, timeout=LONG)
    held = session.step
    qtbot.mouseClick(top.step, LEFT, pos=QPoint(20, 14))
    qtbot.waitUntil(lambda: session.step == held + 1, timeout=LONG)

    click_workspace(qtbot, window, "explore")
    qtbot.waitUntil(lambda: Weights in session.latest, timeout=LONG)
    assert window.workspace.isVisible()
    click_workspace(qtbot, window, "train")

    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: session.experiment.get("phases.autoencoder.lr") != 0.004, timeout=LONG)
    folder, step = session.folder, session.step
    window.close_run()
    assert session.state == "empty"
    qtbot.waitUntil(lambda: RunFolder.open(folder).facts["step"] == step, timeout=LONG)

    window.open_path(folder)
    qtbot.waitUntil(lambda: session.state == "paused", timeout=LONG)
    assert session.history.last_step == step
    click(qtbot, top.train)
    qtbot.waitUntil(lambda: session.step > step, timeout=LONG)


def click_workspace(qtbot, window, name):
    spaces = window.top.workspaces
    qtbot.mouseClick(spaces, LEFT, pos=spaces.segment_centre(name))


def test_the_language_changes_while_training_goes_on(bench, qtbot):
    bench.document.edit({"training.steps": 100_000})
    bench.session.train()
    qtbot.waitUntil(lambda: bench.session.step > 5, timeout=LONG)
    click(qtbot, bench.window.top.language)
    assert tr.language == "zh_CN"
    step = bench.session.step
    qtbot.waitUntil(lambda: bench.session.step > step + 20, timeout=LONG)
    assert bench.session.state == "running"
    assert bench.window.at_work
    assert bench.window.settings.language == "zh_CN"
    click(qtbot, bench.window.top.language)
    assert tr.language == "en"


def test_the_theme_switches_and_is_remembered(bench, qtbot):
    from aegan_studio.ui.theme import current_theme

    before = current_theme().name
    click(qtbot, bench.window.top.theme)
    assert current_theme().name != before
    assert bench.window.settings.theme == current_theme().name


def test_a_pending_change_is_shown_beside_what_runs_and_restart_applies_it(bench, qtbot):
    bench.session.step_once()
    qtbot.waitUntil(lambda: bench.session.step == 1, timeout=LONG)
    bench.document.edit({"method.latent_dim": 5})
    panel = bench.window.recipe
    row = next(r for r in panel.method.group.rows if r.path == "method.latent_dim")
    assert row._note.text() == "running: 8"
    assert panel.banner.isVisible()
    click(qtbot, panel.banner.fix_button)
    reaches(qtbot, bench, "finished")
    assert bench.session.experiment.get("method.latent_dim") == 5
    assert not panel.banner.isVisible()


def test_a_problem_is_named_in_the_foot_and_led_to_and_mended(bench, qtbot):
    window = bench.window
    bench.document.edit({"training.batch_size": 60_000})
    assert not window.top.train.isEnabled()
    assert "Batch" in window.status.health
    click(qtbot, window.status.show_button)
    row = next(r for r in window.recipe.training.rows if r.path == "training.batch_size")
    assert "1,347" in row.problem_line.text
    click(qtbot, row.problem_line.link)
    assert bench.document.experiment.training.batch_size == 256
    assert window.top.train.isEnabled()


def test_networks_that_do_not_fit_are_named_with_both_numbers(bench, qtbot):
    bench.document.edit({"networks.decoder.kind": "layers"})
    qtbot.waitUntil(lambda: bool(bench.document.errors), timeout=LONG)
    block = bench.window.recipe.networks.blocks["decoder"]
    assert "problem" in block.head.problem
    assert not bench.window.top.train.isEnabled()


def test_commands_are_found_by_name_and_by_key(bench, qtbot):
    window = bench.window
    actions = {action.text(): action for action in window._commands()}
    assert "Save experiment as…" in actions
    assert "Recipe: Digits with a VAE" in actions
    assert all(text for text in actions)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window._palette.isVisible()
    window.close_palette()


class Strays(QObject):
    """Collects the windows that are shown beside the one."""

    def __init__(self, app, window):
        super().__init__(app)
        self.window, self.seen = window, []
        app.installEventFilter(self)

    def eventFilter(self, watched, event):
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget)
        if shown and watched.isWindow() and watched is not self.window:
            self.seen.append(str(watched))
        return False


def test_no_part_flashes_as_a_window_of_its_own(bench, qtbot, qapp):
    strays = Strays(qapp, bench.window)
    for name in ("explore", "train"):
        bench.window.show_workspace(name)
    bench.session.step_once()
    qtbot.waitUntil(lambda: bench.session.step == 1, timeout=LONG)
    bench.document.edit({"training.batch_size": 60_000})
    bench.window.show_welcome()
    bench.window.speak("zh_CN")
    qapp.removeEventFilter(strays)
    assert strays.seen == []


def test_a_small_window_keeps_everything_in_reach(make_studio, qtbot):
    studio = make_studio(size=(1024, 680))
    studio.window.show_work()
    qtbot.waitUntil(lambda: studio.window.recipe.width() == 240, timeout=LONG)
    for part in (studio.window.top.train, studio.window.top.finder, studio.window.top.theme):
        assert studio.window.rect().contains(part.mapTo(studio.window, part.rect().bottomRight()))


def test_the_window_comes_back_as_it_was(make_studio, qtbot):
    studio = make_studio(size=(900, 610))  # within the screen of the off-screen platform
    studio.window.show_work()
    studio.window.toggle_recipe()
    studio.window.close()
    again = make_studio(show=False)
    assert again.window.size() == studio.window.size()
    again.window.show_work()
    assert not again.settings.flag("recipe", True)


@pytest.mark.parametrize("text", ["\x00\x01garbage", "[General]\ngeometry=@ByteArray(nonsense)\n"])
def test_broken_settings_never_keep_the_window_away(make_studio, home, text):
    home.mkdir(parents=True)
    paths.settings_file().write_text(text)
    assert make_studio().window.isVisible()


def test_closing_while_training_saves_without_a_question(bench, qtbot):
    bench.document.edit({"training.steps": 100_000})
    bench.session.train()
    qtbot.waitUntil(lambda: bench.session.step > 10, timeout=LONG)
    bench.window.close()
    assert not bench.window.isVisible()
    with RunFolder.open(bench.session.folder) as run:
        assert run.facts["step"] >= 10
        assert run.facts["status"] == "paused"
        assert len(run.checkpoints()) == 1


def test_dropping_an_experiment_opens_it(bench, qtbot, tmp_path):
    path = tmp_path / "mine.toml"
    toml.save(recipe("moons-vae"), path)
    drop(bench.window, path)
    assert bench.document.experiment.method.kind == "vae"
    assert bench.document.path == path


def drop(window, path: Path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    where, copy = QPointF(100, 100), Qt.DropAction.CopyAction
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), copy, data, LEFT, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(where, copy, data, LEFT, none, QEvent.Type.Drop))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dataset = [", "not valid TOML"),
        ('dataset = "digits"\nmethod = "vae"\ncolour = 1', "no option “colour”"),
        ('dataset = "digits"\nmethod = "vae"\nseed = -1', "too small"),
        ('dataset = "digits"\nmethod = "vaa"', "Did you mean “vae”?"),
    ],
)
def test_a_bad_file_gives_one_sentence_and_changes_nothing(bench, tmp_path, text, words):
    path = tmp_path / "bad.toml"
    path.write_text(text)
    before = bench.document.experiment
    drop(bench.window, path)
    assert words in bench.window.notices.text
    assert bench.document.experiment is before


def test_a_folder_without_a_run_gives_one_sentence(bench, tmp_path):
    bench.window.filing.open_run(tmp_path)
    assert "holds no run" in bench.window.notices.text


def test_a_place_that_cannot_be_written_gives_one_sentence(bench, qtbot, home):
    home.mkdir(parents=True, exist_ok=True)
    paths.runs_dir().write_text("a file in the way")
    click(qtbot, bench.window.top.train)
    reaches(qtbot, bench, "failed")
    assert str(paths.runs_dir()) in bench.window.notices.text
    paths.runs_dir().unlink()
    click(qtbot, bench.window.top.train)
    reaches(qtbot, bench, "finished")


def test_a_full_disk_at_saving_is_said_and_training_is_kept(bench, qtbot, monkeypatch):
    bench.document.edit({"training.steps": 100_000})
    bench.session.train()
    qtbot.waitUntil(lambda: bench.session.step > 5, timeout=LONG)

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        click(qtbot, bench.window.top.train)
        qtbot.waitUntil(lambda: "disk is full" in bench.window.notices.text, timeout=LONG)
        assert bench.session.state == "paused"
    click(qtbot, bench.window.notices.banner.fix_button)
    qtbot.waitUntil(lambda: Saved in bench.session.latest, timeout=LONG)
    click(qtbot, bench.window.top.train)
    reaches(qtbot, bench, "running")


def test_a_window_that_cannot_save_stays_open_until_told_otherwise(bench, qtbot, monkeypatch):
    bench.session.step_once()
    qtbot.waitUntil(lambda: bench.session.state == "paused", timeout=LONG)

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    bench.session.step_once()  # what is saved by now must not be all
    qtbot.waitUntil(lambda: bench.session.step == 2, timeout=LONG)
    bench.window.close()
    assert bench.window.isVisible()
    assert "could not be saved" in bench.window.notices.text
    click(qtbot, bench.window.notices.banner.fix_button)
    assert not bench.window.isVisible()


def test_a_damaged_checkpoint_is_said_and_what_is_sound_opens(bench, qtbot):
    bench.session.step_once(5)
    qtbot.waitUntil(lambda: bench.session.step == 5, timeout=LONG)
    bench.session.stop()
    folder = next(iter(paths.runs_dir().iterdir()))
    qtbot.waitUntil(lambda: bool(RunFolder.open(folder).checkpoints()), timeout=LONG)
    qtbot.waitUntil(lambda: not bench.session._leaving, timeout=LONG)
    for checkpoint in RunFolder.open(folder).checkpoints():
        checkpoint.write_bytes(checkpoint.read_bytes()[:100])
    bench.window.open_path(folder)
    qtbot.waitUntil(lambda: bench.window.notices.text != "", timeout=LONG)
    assert "checkpoint" in bench.window.notices.text.lower()
    assert bench.window.isVisible()


def test_a_fault_of_the_program_is_shown_once_and_training_goes_on(bench, qtbot):
    bench.document.edit({"training.steps": 100_000})
    bench.session.train()
    qtbot.waitUntil(lambda: bench.session.step > 5, timeout=LONG)
    bench.window.failures.show_crash("ValueError: odd", "Traceback …")
    bench.window.failures.show_crash("ValueError: odd", "Traceback …")
    (dialog,) = bench.window.failures.dialogs
    assert "Traceback …" in dialog.details.toPlainText()
    assert not dialog.isModal()
    step = bench.session.step
    qtbot.waitUntil(lambda: bench.session.step > step + 10, timeout=LONG)
    click(qtbot, dialog.go_on)


def test_rebuilding_for_a_language_leaves_no_menus_of_the_old_window_behind(bench, qtbot):
    def menus_after_a_rebuild():
        bench.window.rebuild()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return len(bench.window.findChildren(QMenu))

    assert menus_after_a_rebuild() == menus_after_a_rebuild()
