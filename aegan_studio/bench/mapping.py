"""Figures of the latent map: frames of very many points, and how soon its ground is decoded."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF

from aegan_studio.bench.beside import at_work, exploring
from aegan_studio.bench.latent import experiment
from aegan_studio.bench.pacing import Budget
from aegan_studio.bench.report import Figure
from aegan_studio.bench.windowed import apart, percentile
from aegan_studio.messages import msg
from aegan_studio.ui.panels.explore.map.page import MapPage
from aegan_studio.ui.panels.explore.map.sheet import MapSheet
from aegan_studio.ui.rehearsal import LateError, rehearsal, until, wait
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.scatter_key import Entry

POINTS = 100_000
PLANE = (600, 560)
"""Logical pixels of the plane."""
CLASSES = 10
PATIENCE = 20.0


def moving(budget: Budget) -> Iterator[Figure]:
    """Frames of a map of 10⁵ points over decoded tiles, dragged and zoomed."""
    for percent in (100, 200):
        found = apart(frames, percent, 24 * budget.rounds)
        for key, what in (
            ("pan", msg("Map of 10⁵ points at {percent} %, dragged, 95 of 100", percent=percent)),
            ("zoom", msg("Map of 10⁵ points at {percent} %, zoomed, 95 of 100", percent=percent)),
        ):
            rest = {"exact after": found["rest"][0]}
            yield percentile(f"map/{key}-{percent}", what, found[key], 33.0, **rest)


def decoding(budget: Budget) -> Iterator[Figure]:
    """From another view of the map to tiles behind all of it, coarse and fine."""
    found = apart(ground, 3 * budget.rounds)
    for key, what, target in (
        ("coarse", msg("Map of a DCGAN 64 px: coarse tiles behind all of a new view"), 150.0),
        ("full", msg("Map of a DCGAN 64 px: all tiles of a new view"), 1000.0),
    ):
        yield percentile(f"map/{key}", what, found[key], target, tiles=found["tiles"][0])


def frames(percent: int, count: int) -> dict[str, list[float]]:
    """Milliseconds a frame while the map is dragged and zoomed; ms until it is exact at rest."""
    os.environ["QT_SCALE_FACTOR"] = str(percent / 100)
    with tempfile.TemporaryDirectory() as name, rehearsal(Path(name), offscreen=True):
        view = MapSheet()
        rng = np.random.default_rng(0)
        classes = rng.integers(0, CLASSES, POINTS)
        middles = rng.normal(size=(CLASSES, 2)) * 2.0
        places = middles[classes] + rng.normal(size=(POINTS, 2)) * 0.6
        view.set_classes([str(k) for k in range(CLASSES)])
        colors = [current_theme().class_color(k) for k in range(CLASSES)]
        view.key.show_classes([Entry(k, str(k), color) for k, color in enumerate(colors)])
        nothing = np.zeros(0, dtype=np.intp)
        view.show_points(places, classes.astype(np.intp), None, None, nothing, isolate=False)
        view.resize(PLANE[0] + 42 + round(view.room_right()), PLANE[1] + 28)
        view.show()
        view.show_places(places, "normal", (0.0, 0.0), afresh=True)
        _lay_ground(view, rng)
        pins = {
            letter: (float(x), float(y)) for letter, (x, y) in zip("ABCD", middles, strict=False)
        }
        view.show_route(pins, np.array(list(pins.values())))
        view.set_cursor((0.5, 0.5))
        rest = _exact_after(view)

        def frame(dx: float, dy: float, factor: float) -> float:
            start = time.perf_counter()
            moved = view.view.panned(dx, dy)
            view.set_view(moved.zoomed(view.plane(), QPointF(300.0, 240.0), factor))
            QCoreApplication.processEvents()  # as the window paints, with all else that is due
            return (time.perf_counter() - start) * 1e3

        waves = np.arange(count) / 9.0
        panned = [frame(round(11 * np.cos(w)), round(8 * np.sin(w / 2)), 1.0) for w in waves]
        view.fit()
        _exact_after(view)
        steps = [1.05 if index % 60 < 30 else 1 / 1.05 for index in range(count)]
        zoomed = [frame(0.0, 0.0, step) for step in steps]
        view.close()
        view.deleteLater()
    return {"pan": panned, "zoom": zoomed, "rest": [rest]}


def _lay_ground(view: MapSheet, rng: np.random.Generator) -> None:
    """Tiles of noise behind the view, and beyond its edges."""
    ground = view.ground
    ground.expect(8, 8)
    ground.set_key("noise", akin=False)
    plane = view.plane().adjusted(-200, -200, 200, 200)
    for factor in (1.0, 2.0, 4.0):
        seen = view.view.zoomed(plane, plane.center(), factor)
        cells = ground.cells(ground.level(seen, view.devicePixelRatioF()), seen.bounds(plane))
        items = rng.integers(0, 256, (len(cells), 8, 8), dtype=np.uint8)
        ground.add("noise", cells, items, current_theme())


def _exact_after(view: MapSheet) -> float:
    wait(0.2)
    start = time.perf_counter()
    view.set_view(view.view.zoomed(view.plane(), view.plane().center(), 1.01))
    view.repaint()
    _spin(lambda: view.is_exact)
    view.fit()
    _spin(lambda: view.is_exact)
    return (time.perf_counter() - start) * 1e3


def ground(views: int) -> dict[str, list[float]]:
    """Milliseconds from another view of the map of a 64-pixel DCGAN to its tiles, at rest."""
    with at_work(experiment("dcgan")) as (studio, _):
        page = exploring(studio).page("atlas", "map")
        assert isinstance(page, MapPage)
        view = page.map
        until(lambda: page._explorer.chart is not None, "the map")
        wait(1.5)
        coarse, full = [], []
        for index in range(views):
            # far beyond all that is known, at levels of all sizes
            step = 5.0 * view.plane().width()
            factor = (1.0, 1.6, 0.7)[index % 3]
            start = time.perf_counter()
            moved = view.view.panned(step, 0.0)
            view.set_view(moved.zoomed(view.plane(), view.plane().center(), factor))
            coarse.append(_until_ground(view, start, view.ground.has_any))
            full.append(_until_ground(view, start, view.ground.is_complete))
        level = view.ground.level(view.view, view.devicePixelRatioF())
        tiles = len(view.ground.cells(level, view.view.bounds(view.plane())))
    return {"coarse": coarse, "full": full, "tiles": [float(tiles)]}


def _until_ground(view: MapSheet, start: float, holds: Callable[..., bool]) -> float:
    bounds, ratio = view.view.bounds(view.plane()), view.devicePixelRatioF()
    _spin(lambda: holds(view.view, bounds, ratio))
    view.repaint()
    return (time.perf_counter() - start) * 1e3


def _spin(condition: Callable[[], bool]) -> None:
    """Let the window live until ``condition`` holds; asked seldom, for asking takes time too."""
    deadline = time.perf_counter() + PATIENCE
    while not condition():
        if time.perf_counter() > deadline:
            raise LateError("the map")
        wait(0.008)
