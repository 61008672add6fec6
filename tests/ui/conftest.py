"""The real window for tests: built as the program builds it, driven by mouse and keyboard."""

import pytest
from PySide6.QtWidgets import QApplication

from aegan_studio import paths
from aegan_studio.ui.app import build
from aegan_studio.ui.settings import Settings
from aegan_studio.ui.training.session import CLOSE_TIMEOUT_MS

FAST = {
    "training.steps": 400,
    "training.threads": 1,
    "training.batch_size": 32,
    "training.evaluate_every": 50,
}
"""Options that keep a real training short; set before it begins."""


@pytest.fixture
def make_studio(qapp, qtbot):
    """Builds a window with everything behind it; all of it ends with the test."""
    made = []

    def make(*, show=True, size=None):
        studio = build(qapp, Settings(paths.settings_file()))
        made.append(studio)
        studio.background.start()
        if size is not None:
            studio.window.resize(*size)
        if show:
            studio.window.show()
            qtbot.waitExposed(studio.window)
        return studio

    yield make
    for studio in made:
        studio.window._close_anyway = True
        studio.dispose()
        assert studio.background.wait(CLOSE_TIMEOUT_MS)
    assert not [w for w in QApplication.topLevelWidgets() if w.isVisible()], "a window is left"


@pytest.fixture
def studio(make_studio):
    """One window on the screen, on its welcome page."""
    return make_studio()


@pytest.fixture
def bench(studio, qtbot):
    """A window with a short digits experiment in the train workspace, nothing running."""
    studio.document.edit(FAST)
    studio.window.show_work()
    return studio
