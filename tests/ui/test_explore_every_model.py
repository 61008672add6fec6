"""Every page of the Explore workspace with every kind of model: shown, followed, all pressed."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMenu

from aegan_studio.ui.panels.explore.pages import PLACES

LEFT = Qt.MouseButton.LeftButton
MODELS = ("vae", "aegan", "gan", "cgan", "vq-vae", "points")
PAGES = [(place, entry.name) for place, entries in PLACES.items() for entry in entries]


@pytest.fixture
def quiet_dialogs(monkeypatch):
    """Dialogs for files are cancelled at once."""
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_args, **_more: ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args, **_more: "")


def at_rest(qtbot, workspace):
    worker = workspace._worker
    qtbot.waitUntil(
        lambda: worker.is_idle and not workspace.explorer._at_rest.isActive(), timeout=30_000
    )


def close_popups():
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()


def colours(page):
    image = page.grab().toImage()
    points = [(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)]
    return {image.pixel(x, y) for x, y in points}


@pytest.mark.parametrize("name", MODELS)
def test_every_page_shows_something_and_follows_a_snapshot(explore, session, name, trained, qtbot):
    workspace = explore(name)
    troubles = []
    workspace.explorer.trouble.connect(troubles.append)
    for place, page in PAGES:
        workspace.show_page(place, page)
        at_rest(qtbot, workspace)
        shown = workspace.page(place, page)
        assert shown.isVisible()
        assert len(colours(shown)) > 3, f"{place}: {page} is blank"
    with qtbot.waitSignal(workspace.explorer.charted, timeout=30_000):
        session.report(*trained(name, step=151))
    at_rest(qtbot, workspace)
    assert workspace.explorer.step == 151
    assert troubles == []


@pytest.mark.qt_log_ignore("does not support (raise|grabbing the keyboard)", extend=True)
@pytest.mark.parametrize("name", ["aegan", "gan", "points"])
def test_every_button_of_every_page_can_be_pressed(explore, name, qtbot, quiet_dialogs):
    workspace = explore(name)
    troubles = []
    workspace.explorer.trouble.connect(troubles.append)
    for place, page in PAGES:
        workspace.show_page(place, page)
        pressed = set()
        # again and again: what one button opens has buttons of its own
        for _ in range(60):
            shown = workspace.places[place]
            buttons = [
                button
                for button in shown.findChildren(QAbstractButton)
                if button.isVisible()
                and button.isEnabled()
                and button not in pressed
                and button is not shown.float_button
            ]
            if not buttons:
                break
            pressed.add(buttons[0])
            qtbot.mouseClick(buttons[0], LEFT)
            close_popups()
            QApplication.processEvents()
        with qtbot.waitSignal(workspace.explorer.peeked, timeout=30_000):
            workspace.explorer.peek_at(workspace.explorer.code)
    # what a model lacks may be said; what nobody expected may not
    assert not [said for said in troubles if "could not be done" in str(said[0])]
    assert np.isfinite(workspace.explorer.code).all()


def test_no_menu_is_left_open():
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible()]
