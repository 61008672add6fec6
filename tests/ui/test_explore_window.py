"""Exploring in the real window: while it trains, at rest, and a run opened from the disk."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt

LEFT = Qt.MouseButton.LeftButton
LONG = 60_000


def explore(studio, qtbot):
    """The explore workspace in view, with a model in place."""
    studio.window.show_workspace("explore")
    workspace = studio.window.workspace
    if workspace.explorer.walk is None:
        with qtbot.waitSignal(workspace.explorer.walked, timeout=LONG):
            pass
    return workspace


def at_rest(studio, qtbot, state):
    qtbot.waitUntil(lambda: studio.session.state == state, timeout=LONG)


def test_the_explorer_follows_a_training_and_the_training_does_not_notice(bench, qtbot):
    bench.document.edit({"training.steps": 100_000})
    bench.session.train()
    at_rest(bench, qtbot, "running")
    workspace = explore(bench, qtbot)
    explorer = workspace.explorer
    first = explorer.step
    code = explorer.code.copy()
    with qtbot.waitSignal(
        explorer.picture_changed, timeout=LONG, check_params_cb=lambda p: p.step > first
    ):
        pass
    assert np.array_equal(explorer.code, code)
    with qtbot.waitSignal(explorer.picture_changed, timeout=LONG):
        qtbot.mouseClick(workspace.page("canvas", "code").random, LEFT)
    assert bench.session.state == "running"
    bench.session.pause()
    at_rest(bench, qtbot, "paused")


def test_a_run_at_rest_can_be_explored_and_so_can_it_when_opened_again(bench, make_studio, qtbot):
    bench.document.edit({"training.steps": 60})
    bench.session.train()
    at_rest(bench, qtbot, "finished")
    workspace = explore(bench, qtbot)
    assert workspace.explorer.step == 60
    code = workspace.explorer.code.copy()
    picture = workspace.explorer.picture.item
    folder = bench.session.folder
    bench.session.stop()
    qtbot.waitUntil(workspace.well.isVisible)

    bench.session.open_run(folder)
    with qtbot.waitSignal(workspace.explorer.walked, timeout=LONG):
        pass
    with qtbot.waitSignal(
        workspace.explorer.picture_changed,
        timeout=LONG,
        check_params_cb=lambda p: np.array_equal(p.code, code),
    ):
        workspace.explorer.move(code)
    assert np.array_equal(workspace.explorer.picture.item, picture)
