"""The gallery and an open demo, driven by mouse and keyboard, with the network switched off."""

import hashlib
import os
import socket
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from aegan_studio.catalog.demos import demo, demos
from aegan_studio.experiment.events import Pictures
from aegan_studio.runs import demos as copies
from aegan_studio.runs.folder import RunFolder
from aegan_studio.ui.demos.facts import DemoFacts, value_text
from aegan_studio.ui.demos.pictures import Example
from aegan_studio.ui.panels.welcome.card_pictures import read_card

LONG = 60_000
LEFT = Qt.MouseButton.LeftButton
NAMES = [found.name for found in demos()]


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    class Refused(socket.socket):  # a class, for others inherit from it
        def __init__(self, *_args, **_kwargs):
            raise OSError("the network is switched off")

    monkeypatch.setattr(socket, "socket", Refused)


def card_of(studio, name):
    return next(c for c in studio.window.welcome.gallery.cards if c.demo.name == name)


def open_demo(studio, qtbot, name):
    qtbot.mouseClick(card_of(studio, name), LEFT)
    assert studio.window.at_work
    qtbot.waitUntil(lambda: in_view(studio), timeout=LONG)


def in_view(studio):
    explorer = getattr(studio.window.workspace, "explorer", None)
    if explorer is not None:
        return explorer.picture is not None and explorer.chart is not None
    return Pictures in studio.session.latest


def settled(studio):
    return studio.session.state in ("paused", "finished")


def fingerprint(folder):
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def test_every_demo_is_a_card_with_a_real_picture(studio):
    gallery = studio.window.welcome.gallery
    assert gallery.isVisible()
    assert [card.demo.name for card in gallery.cards] == NAMES
    for card in gallery.cards:
        assert card.has_picture
        assert read_card(card.demo)
        assert card.accessibleName()
        assert card.accessibleDescription()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("width", [900, 1024, 1280, 1920])
def test_no_card_cuts_its_words(make_studio, qtbot, language, width):
    studio = make_studio(size=(width, 680))
    studio.window.speak(language)
    qtbot.wait(50)
    for card in studio.window.welcome.gallery.cards:
        assert card.height() >= card.heightForWidth(card.width()), card.text()
        assert card.grab().toImage().width() > 0


@pytest.mark.parametrize("name", NAMES)
def test_a_demo_opens_plays_trains_on_and_resets(studio, qtbot, name):
    chosen = demo(name)
    before = fingerprint(chosen.folder)
    open_demo(studio, qtbot, name)
    window, session, bar = studio.window, studio.session, studio.window.demo_bar
    first = session.folder
    assert copies.origin(first) == name
    assert bar.isVisible()
    assert bar.title.text() == chosen.title
    assert session.step == chosen.trained
    assert len(session.history) > 500  # its curves have come along
    qtbot.mouseClick(bar.act, LEFT)
    qtbot.waitUntil(lambda: PLAYED[chosen.steps[0].show.do](studio, chosen), timeout=LONG)
    if session.state == "running":
        session.pause()
    qtbot.waitUntil(lambda: settled(studio), timeout=LONG)
    reached = session.step
    session.train()
    qtbot.waitUntil(lambda: session.step > reached + 2, timeout=LONG)
    session.pause()
    studio.document.edit({"seed": 77})
    qtbot.mouseClick(bar.reset, LEFT)
    qtbot.waitUntil(lambda: settled(studio) and in_view(studio), timeout=LONG)
    assert session.folder != first
    assert session.step == chosen.trained
    assert studio.document.experiment == chosen.recipe()
    assert not session.pending
    assert window.demos.index == 0
    assert fingerprint(chosen.folder) == before


def trained_on(studio, chosen):
    return studio.session.step > chosen.trained


def played(studio, _chosen):
    page = studio.window.workspace.page("walk", "walk")
    return page.playing and len(studio.window.workspace.explorer.pins) > 1


def went(studio, chosen):
    explorer = studio.window.workspace.explorer
    asked = int(chosen.steps[0].show.stop.partition(":")[2])
    code = explorer.code
    return len(code) > 10 and code[-10:].argmax() == asked and code[-10:].max() == 1


def given(studio, chosen):
    place = studio.window.workspace.places["canvas"]
    if place.page_name != "picture":
        return False
    if chosen.steps[0].show.what == "drawing":
        return place.page.seen is not None and not studio.window.findChildren(Example)
    result = place.page.restore_bench.result
    return result is not None and result.step == result.steps


PLAYED = {"train": trained_on, "walk": played, "code": went, "picture": given}
"""By the kind of a first step: whether it has been done."""


@pytest.mark.parametrize("name", NAMES)
def test_every_step_can_be_shown(studio, qtbot, name):
    open_demo(studio, qtbot, name)
    window, session, desk = studio.window, studio.session, studio.window.demos
    qtbot.waitUntil(lambda: settled(studio), timeout=LONG)
    for index, step in enumerate(demo(name).steps[1:], start=1):
        desk.show_step(index)
        qtbot.mouseClick(window.demo_bar.act, LEFT)
        qtbot.waitUntil(lambda show=step.show: done(studio, show), timeout=LONG)
        assert not window.notices.text
        if session.state in ("running", "preparing"):
            qtbot.waitUntil(lambda: session.state == "running", timeout=LONG)
            session.pause()
            qtbot.waitUntil(lambda: settled(studio), timeout=LONG)


def done(studio, show):
    workspace = studio.window.workspace
    match show.do:
        case "page":
            return show.place is None or workspace.places[show.place].page_name == show.page
        case "walk":
            return len(workspace.explorer.pins) == len(show.stops) and played(studio, None)
        case "edit":
            want = studio.session.experiment.get
            return all(want(path) == value for path, value in show.changes.items())
        case "glide":
            return studio.window.spaces.get("train").panels["mixer"].glide.model is None
        case "picture":
            return workspace.places["canvas"].page.restore_bench.result is not None
    raise AssertionError(show.do)


def test_a_card_opens_by_the_keyboard(studio, qtbot):
    card = card_of(studio, "ring-collapse")
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert studio.window.demos.demo is not None
    qtbot.waitUntil(lambda: in_view(studio), timeout=LONG)


def test_steps_can_be_paged_through_with_the_keyboard(studio, qtbot):
    open_demo(studio, qtbot, "ring-collapse")
    bar, desk = studio.window.demo_bar, studio.window.demos
    steps = desk.demo.steps
    assert not bar.back.isEnabled()
    assert bar.text.text() == steps[0].text
    bar.next.setFocus()
    qtbot.keyClick(bar.next, Qt.Key.Key_Space)
    assert bar.text.text() == steps[1].text
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert desk.index == 2
    assert not bar.next.isEnabled()
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert desk.index == 2
    qtbot.keyClick(bar, Qt.Key.Key_Left)
    assert bar.text.text() == steps[1].text


def test_the_cure_changes_the_recipe_and_trains_anew(studio, qtbot):
    open_demo(studio, qtbot, "ring-collapse")
    qtbot.waitUntil(lambda: settled(studio), timeout=LONG)
    copy, desk = studio.session.folder, studio.window.demos
    desk.show_step(1)
    qtbot.mouseClick(studio.window.demo_bar.act, LEFT)
    qtbot.waitUntil(lambda: studio.session.step > 20, timeout=LONG)
    assert studio.session.experiment.get("method.packing") == 2
    assert studio.session.folder != copy
    assert desk.demo is not None
    assert RunFolder.open(copy).experiment == desk.demo.recipe()


def test_the_mixer_glides_while_it_trains(studio, qtbot):
    open_demo(studio, qtbot, "mixer")
    qtbot.waitUntil(lambda: settled(studio), timeout=LONG)
    studio.window.demos.show_step(1)
    qtbot.mouseClick(studio.window.demo_bar.act, LEFT)
    aegan = {"method.rec_x": 10, "method.rec_z": 1, "method.adv_x": 1, "method.adv_z": 1}
    qtbot.waitUntil(
        lambda: all(studio.session.experiment.get(path) == v for path, v in aegan.items()),
        timeout=LONG,
    )
    assert studio.session.state == "running"


def test_train_it_yourself_starts_the_same_recipe_from_its_first_step(studio, qtbot):
    open_demo(studio, qtbot, "digit-map")
    copy = studio.session.folder
    qtbot.mouseClick(studio.window.demo_bar.train, LEFT)
    qtbot.waitUntil(lambda: 0 < studio.session.step < 6000, timeout=LONG)
    assert studio.session.experiment == demo("digit-map").recipe()
    assert studio.session.folder != copy
    assert not copies.origin(studio.session.folder)
    assert studio.window.demo_bar.isVisible()


def test_what_was_trained_in_a_demo_is_listed_among_the_recent_runs(studio, qtbot):
    open_demo(studio, qtbot, "ring-collapse")
    qtbot.waitUntil(lambda: settled(studio), timeout=LONG)
    copy, session = studio.session.folder, studio.session
    studio.window.demos.act()
    qtbot.waitUntil(lambda: session.step > demo("ring-collapse").trained, timeout=LONG)
    session.stop()
    qtbot.waitUntil(lambda: not session._leaving, timeout=LONG)  # it is saved now
    then = time.time() - 10 * copies.YOUNG
    os.utime(copy, (then, then))
    studio.window.show_welcome()
    rows = studio.window.welcome.hero
    qtbot.waitUntil(
        lambda: any(r.text() == "A GAN that collapses" for r in rows.rows), timeout=LONG
    )
    assert not copy.exists()


def test_opening_something_else_closes_the_demo(studio, qtbot):
    open_demo(studio, qtbot, "digit-map")
    studio.window.filing.open_recipe("moons-vae")
    assert studio.window.demos.demo is None
    assert not studio.window.demo_bar.isVisible()


def test_closing_the_bar_keeps_the_run(studio, qtbot):
    open_demo(studio, qtbot, "digit-map")
    folder = studio.session.folder
    qtbot.mouseClick(studio.window.demo_bar.leave, LEFT)
    assert not studio.window.demo_bar.isVisible()
    assert studio.session.folder == folder


def test_another_language_keeps_the_demo_and_its_step(studio, qtbot):
    open_demo(studio, qtbot, "ring-collapse")
    studio.window.demos.show_step(2)
    studio.window.speak("zh_CN")
    bar = studio.window.demo_bar
    qtbot.waitUntil(bar.isVisible, timeout=LONG)
    assert "3" in bar.count.text()


def test_a_narrow_window_keeps_every_button_of_the_bar(make_studio, qtbot):
    studio = make_studio(size=(1024, 680))
    open_demo(studio, qtbot, "ring-collapse")
    bar = studio.window.demo_bar
    for button in (bar.act, bar.back, bar.next, bar.train, bar.reset, bar.leave):
        assert button.isVisible()
        assert button.accessibleName()
        assert button.geometry().right() <= bar.width()
    assert bar.text.height() >= bar.text.heightForWidth(bar.text.width())


def test_a_damaged_demo_is_told_and_changes_nothing(studio, qtbot, monkeypatch, tmp_path):
    import shutil

    from aegan_studio.ui.demos import desk

    broken = tmp_path / "ring-collapse"
    shutil.copytree(demo("ring-collapse").folder, broken)
    (broken / "run" / "run.json").write_text("{}")
    from aegan_studio.catalog import demos as catalog

    monkeypatch.setattr(desk, "demo", lambda _name: catalog.read(broken))
    qtbot.mouseClick(card_of(studio, "ring-collapse"), LEFT)
    assert "“ring-collapse” is damaged: run/run.json" in studio.window.notices.text
    assert studio.window.demos.demo is None
    assert studio.session.folder is None


def test_demos_are_found_by_name(studio, qtbot):
    texts = {action.text(): action for action in studio.window.actions_.all()}
    texts["Demo: Ask for a seven"].trigger()
    qtbot.waitUntil(lambda: in_view(studio), timeout=LONG)
    assert studio.window.demos.demo.name == "digits-on-demand"


@pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)
def test_the_figures_and_their_command_can_be_seen_and_copied(studio, qtbot):
    open_demo(studio, qtbot, "ring-collapse")
    qtbot.mouseClick(studio.window.demo_bar.info, LEFT)
    (card,) = studio.window.demo_bar.findChildren(DemoFacts)
    assert card.isVisible()
    told = " ".join(label.text() for label in card.findChildren(QLabel))
    for figure in demo("ring-collapse").figures().figures:
        assert figure.what in told
        assert value_text(figure, figure.value) in told
    qtbot.mouseClick(card.copy, LEFT)
    assert "--only ring-collapse --check" in QGuiApplication.clipboard().text()
    card.close()
