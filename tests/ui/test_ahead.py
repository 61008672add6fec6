"""What is built before anybody asks, what waits until it is seen, and where a layout ends."""

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from aegan_studio.catalog.recipes import recipe
from aegan_studio.ui import ahead as ahead_module
from aegan_studio.ui.ahead import Ahead
from aegan_studio.ui.widgets.boundary import Boundary


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(ahead_module, "PAUSE_MS", 5)


@pytest.fixture
def pointer(monkeypatch):
    """Where the pointer is: a list with one place, to be changed."""
    place = [QPoint(3, 3)]
    monkeypatch.setattr(QCursor, "pos", lambda: QPoint(place[0]))
    return place


def test_pieces_are_done_one_by_one_while_the_pointer_rests(qtbot, pointer):
    done, owner = [], QObject()

    def restless():
        done.append("first")
        pointer[0] = QPoint(9, 9)

    ahead = Ahead([restless, lambda: done.append("second")], owner)
    assert not ahead.done
    ahead._look()
    assert done == ["first"]
    ahead._look()  # the pointer has moved
    assert done == ["first"]
    ahead.begin()
    qtbot.waitUntil(lambda: ahead.done)
    assert done == ["first", "second"]


def test_the_workspaces_are_built_while_one_reads_the_welcome_page(studio, qtbot, pointer):
    window = studio.window
    assert window.spaces.get("train") is None
    studio.background.fetched.emit()
    qtbot.waitUntil(lambda: window.ahead.done, timeout=20_000)
    assert not window.at_work
    assert window.spaces.get("train") is not None
    assert "picture" in window.spaces.get("explore").places["canvas"].built
    window.show_workspace("train")
    window.spaces.get("train").layers_asked.emit("decoder")
    assert window.layers.editor is not None


def test_whoever_begins_at_once_waits_for_no_more_than_is_shown(studio, pointer):
    window = studio.window
    window.show_workspace("train")
    assert window.ahead.done
    assert window.spaces.get("explore") is None


def test_a_recipe_out_of_view_takes_changes_on_when_it_is_shown(bench):
    window = bench.window
    window.show_workspace("train")
    panel = window.recipe
    window.show_workspace("explore")
    assert panel.isHidden()
    asked = recipe("digits-aegan")
    bench.document.replace(asked)
    assert list(panel.networks.blocks) != [role.name for role in asked.roles()]
    window.show_workspace("train")
    assert panel.isVisible()
    assert list(panel.networks.blocks) == [role.name for role in asked.roles()]
    rows = {row.path: row for row in panel.training.rows}
    assert rows["training.batch_size"].control.value == asked.training.batch_size


class Requests(QObject):
    """Counts the layouts that a widget is asked for."""

    def __init__(self, watched):
        super().__init__()
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_a_boundary_keeps_layouts_to_itself_unless_more_room_is_needed(qtbot):
    window, held = QWidget(), QWidget()
    label = QLabel("a word")
    label.setMinimumWidth(40)
    QVBoxLayout(held).addWidget(label)
    boundary = Boundary(held)
    QVBoxLayout(window).addWidget(boundary)
    window.resize(300, 200)
    qtbot.addWidget(window)
    window.show()
    QApplication.processEvents()
    assert held.size() == boundary.size()
    assert boundary.sizeHint() == held.sizeHint()
    outside = Requests(window)
    label.setText("another")
    QApplication.processEvents()
    assert outside.count == 0
    label.setMinimumWidth(400)
    qtbot.waitUntil(lambda: outside.count > 0)
    QApplication.processEvents()
    assert window.minimumSizeHint().width() >= 400
    assert held.width() >= 400
