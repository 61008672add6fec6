"""Screens of the tour: drawing one's own points, and what is measured of points."""

from __future__ import annotations

from typing import Any

import numpy as np

from aegan_studio.runs.sketching import read_sketch
from aegan_studio.sketches import Hand, Sketch
from aegan_studio.ui.app import Studio
from aegan_studio.ui.rehearsal import until
from aegan_studio.ui.tour.screen import Screen

BROKEN = "x,y,class\n0.31,0.72,inner\n0.44,0.68,inner\n0.58,o.61,outer\n"
"""A table with a letter for a nought."""


def _face() -> Sketch:
    """A face in three colours, with a sprayed cheek."""
    sketch = Sketch.blank()
    strokes = (
        (0, "brush", 0.05, [(0.7 * np.cos(t), 0.7 * np.sin(t)) for t in np.linspace(0, 6.3, 60)]),
        (1, "brush", 0.1, [(-0.27, 0.22)]),
        (1, "brush", 0.1, [(0.27, 0.22)]),
        (5, "brush", 0.05, [(0.38 * np.cos(t), 0.38 * np.sin(t)) for t in np.linspace(3.6, 5.8)]),
        (5, "spray", 0.2, [(0.45, -0.1)] * 8),
    )
    for seed, (colour, tool, radius, places) in enumerate(strokes):
        hand = Hand(sketch, tool, radius, colour=colour, seed=seed)  # type: ignore[arg-type]
        for x, y in places:
            hand.move(float(x), float(y))
        sketch = hand.sketch
    return sketch


def _shapes(studio: Studio) -> None:
    studio.window.filing.open_recipe("ring-gan")
    studio.document.edit({"training.threads": 1})
    studio.window.show_workspace("train")


def _all_shapes(studio: Studio) -> None:
    data = studio.window.recipe.data
    data.set_folded(False, animate=False)
    data.tiles.more.set_open(True)
    known = [tile for kind, tile in data.tiles.tiles.items() if kind != "drawn"]
    until(lambda: all(tile.points is not None for tile in known), "the shapes")


def _empty(studio: Studio) -> None:
    studio.window.draw_data()
    studio.document.edit(Sketch.blank().edits())


def _face_drawn(studio: Studio) -> None:
    studio.document.edit(_face().edits())


def _table(studio: Studio) -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(0, 1, (9000, 2)) @ np.array([[2.0, 0.4], [0.0, 0.6]])
    text = "\n".join(f"{x:.4f},{y:.4f}" for x, y in points)
    studio.document.edit(read_sketch(text).sketch.edits())


def _draw(studio: Studio) -> None:
    studio.window.draw_data()
    data = studio.window.recipe.data
    data.set_folded(False, animate=False)
    data.tiles.more.set_open(False)


def _refused(studio: Studio) -> None:
    """What is said of a table that cannot be read; the drawing stays."""
    _draw(studio)
    editor: Any = studio.window.drawing.editor
    editor.read(BROKEN)
    until(editor.banner.isVisible, "the complaint")


def _measured(studio: Studio) -> None:
    studio.window.filing.open_recipe("ring-gan")
    studio.document.edit({"training.threads": 1})
    studio.session.train()
    until(lambda: studio.session.step > 1500, "a ring in the making")
    studio.session.pause()
    until(lambda: studio.session.state == "paused", "the pause")


def _measures(studio: Studio) -> None:
    workspace: Any = studio.window.workspace
    workspace.toggle("measures", True)


def _no_measures(studio: Studio) -> None:
    workspace: Any = studio.window.workspace
    workspace.toggle("measures", False)


def _leave(studio: Studio) -> None:
    studio.window.drawing.close()


SCREENS: tuple[Screen, ...] = (
    Screen("shapes", _shapes, _all_shapes),
    Screen("draw-empty", _empty, _draw, _leave, after="shapes"),
    Screen("draw", _face_drawn, _draw, _leave, after="draw-empty"),
    Screen("draw-table", _table, _draw, _leave, after="draw"),
    Screen("draw-refused", _face_drawn, _refused, _leave, after="draw"),
    Screen("measures", _measured, _measures, _no_measures),
)
"""In an order in which each is reached from the one before."""
