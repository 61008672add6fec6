"""How long a moved slider takes to become a new picture on the screen."""

from __future__ import annotations

import math
import time

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from aegan_studio.ui.panels.explore.moves.axes import AxesPage
from aegan_studio.ui.panels.explore.workspace import ExploreWorkspace

PATIENCE_MS = 5000


def slider_latency(panel: ExploreWorkspace, moves: int = 200) -> npt.NDArray[np.float64]:
    """Move the first value of the code to and fro, and wait for each picture.

    A move counts from the change of the slider until the picture has come back from the worker
    and everything that changed with it (sliders, map, canvas) is painted.

    Parameters
    ----------
    panel : ExploreWorkspace
        Shown, with a snapshot in place (``panel.explorer.code`` is not empty).

    Returns
    -------
    ndarray, shape (moves,)
        Milliseconds.

    Raises
    ------
    RuntimeError
        There is nothing to explore, or a picture did not come within five seconds.
    """
    explorer = panel.explorer
    if explorer.model is None or not explorer.code.size:
        raise RuntimeError("there is no model to explore")
    axes = panel.page("moves", "axes")
    assert isinstance(axes, AxesPage)
    slider = next(iter(axes.sliders.values()))
    taken = np.empty(moves)
    for move in range(moves):
        value = round(math.sin(move / 7.0), 3)
        loop = QEventLoop()
        explorer.picture_changed.connect(loop.quit)
        late = QTimer(singleShot=True, interval=PATIENCE_MS)
        late.timeout.connect(lambda loop=loop: loop.exit(1))
        late.start()
        start = time.perf_counter()
        slider.moved.emit(value)
        failed = loop.exec()
        QCoreApplication.processEvents()
        taken[move] = (time.perf_counter() - start) * 1e3
        late.stop()
        explorer.picture_changed.disconnect(loop.quit)
        if failed:
            raise RuntimeError("a picture did not come back")
    explorer.settle()
    return taken
