"""Drag editing: points of the current picture are pulled to where they shall be."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Decoded, Floats, Loaded, Trouble
from aegan_studio.ui.latent.picture_messages import Drag, Dragged, Layered, Layers
from aegan_studio.ui.panels.explore.drag.pad import DragPad, Point
from aegan_studio.ui.panels.explore.easel.mask_tools import MaskTools
from aegan_studio.ui.panels.explore.fields import MOST_STEPS, steps_field
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.choice import Choice, Option
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.mask_brush import Tool
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.messages import Banner, BusyBar, Well
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.pictures import copy_image, save_image

STEPS = 200
RATE = 0.1
AUTOMATIC = -1


class DragPage(Page):
    """The current picture with handles and targets; the code moves until they meet."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(12, 0, 12, 10), parent=parent)
        self._explorer = explorer
        self._shape: tuple[int, ...] = ()
        self._run = 0
        self._own: Floats | None = None
        self._before: tuple[Floats, list[Point]] | None = None
        self.share = IconButton("export", tr("Copy or save the picture"))
        self.add_action(self.share)
        self.pad = DragPad(name=tr("Picture to drag"))
        self.points = IconButton("drag", tr("Set and move points"), checkable=True, side=26)
        self.tools = MaskTools(self.pad, tr("free to change"), first=self.points, flat=True)
        self.remove = Button(
            tr("No points"), variant="ghost", size="s", tooltip=tr("Remove all points")
        )
        self.line = Label("", tone="text2", wrap=True)
        self.distances = Label("", tone="text", wrap=True)
        self.busy = BusyBar(cancellable=False)
        self.run = Button(tr("Start"), icon="play", variant="soft")
        self.back = Button(
            tr("As before"),
            icon="undo",
            tooltip=tr("Back to the code from before the drag, with its points."),
        )
        self.layer = Choice(
            [Option(AUTOMATIC, tr("Last features"))], AUTOMATIC, name=tr("Features")
        )
        self.steps = steps_field(
            STEPS, tr("Updates of the code at most; it stops when all have arrived.")
        )
        self.rate = NumberField(RATE, lo=0.001, hi=1.0, log=True, unit=tr("rate"), name=tr("Rate"))
        self.rate.setToolTip(
            tr("How far the code moves in a step; higher is faster and may overshoot.")
        )
        self.more = IconButton("sliders", tr("More: layer, steps, rate"), checkable=True)
        self.problem = Banner(severity="error")
        self.problem.hide()
        self.well = Well("", icon="drag")
        self._lay_out()
        self._connect()
        self._actions = self._build_actions()
        self._on_loaded(explorer.model)
        if explorer.picture is not None:
            self._on_picture(explorer.picture)

    def _lay_out(self) -> None:
        said = QHBoxLayout()
        said.setSpacing(8)
        said.addWidget(self.line, 1)
        said.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self.run, 1)
        acts.addWidget(self.back, 1)
        acts.addWidget(self.more)
        self._options = QWidget()
        options = QHBoxLayout(self._options)
        options.setContentsMargins(0, 0, 0, 0)
        options.setSpacing(8)
        options.addWidget(self.layer, 3)
        options.addWidget(self.steps, 2)
        options.addWidget(self.rate, 2)
        self._options.hide()
        self._work = QWidget()
        work = QVBoxLayout(self._work)
        work.setContentsMargins(0, 0, 0, 0)
        work.setSpacing(8)
        work.addWidget(self.problem)
        work.addWidget(self.tools)
        work.addWidget(self.pad, 1)
        work.addWidget(self.busy)
        work.addWidget(self.distances)
        work.addLayout(said)
        work.addLayout(acts)
        work.addWidget(self._options)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.well)
        self._stack.addWidget(self._work)
        self.add(body, 1)

    def _connect(self) -> None:
        explorer = self._explorer
        self.run.clicked.connect(self.toggle)
        self.back.clicked.connect(self.take_back)
        self.share.clicked.connect(self._offer_copies)
        self.more.toggled.connect(self._options.setVisible)
        self.points.clicked.connect(lambda: self._point(True))
        self.remove.clicked.connect(self.pad.clear_points)
        masks: tuple[Tool, ...] = ("brush", "box", "erase")
        for tool in masks:
            self.tools.button(tool).clicked.connect(lambda _on=False: self._point(False))
        self.pad.points_changed.connect(self._on_points)
        self.pad.mask_changed.connect(self._show_state)
        explorer.loaded.connect(self._on_loaded)
        explorer.picture_changed.connect(self._on_picture)
        explorer.code_changed.connect(self._on_code)
        explorer.busy_changed.connect(self._on_busy)
        explorer.listen(Drag, self._on_dragged, troubles=True)
        explorer.listen(Layers, self._on_layers)
        self._point(True)

    def _build_actions(self) -> list[QAction]:
        actions = []
        for text, act in (
            (tr("Start or stop dragging the points"), self.toggle),
            (tr("Take the drag back"), self.take_back),
            (tr("Remove all points of the drag"), self.pad.clear_points),
        ):
            action = QAction(text, self)
            action.triggered.connect(lambda _checked=False, act=act: act())
            actions.append(action)
        return actions

    def commands(self) -> list[QAction]:
        """Start, back, no points."""
        return self._actions

    def state(self) -> dict[str, Any]:
        """Steps, rate, and whether they are shown."""
        return {
            "steps": self.steps.value,
            "rate": self.rate.value,
            "more": self.more.isChecked(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take on what was remembered; what makes no sense counts as absent."""
        steps, rate = state.get("steps"), state.get("rate")
        if isinstance(steps, int) and not isinstance(steps, bool) and 1 <= steps <= MOST_STEPS:
            self.steps.set_value(steps)
        if isinstance(rate, float) and 0.001 <= rate <= 1.0:
            self.rate.set_value(rate)
        if isinstance(state.get("more"), bool):
            self.more.setChecked(state["more"])

    # The model

    def _on_loaded(self, model: Loaded | None) -> None:
        pictures = model is not None and model.data is None
        self.share.setEnabled(pictures)
        self._stack.setCurrentWidget(self._work if pictures else self.well)
        if model is None:
            self._shape = ()
            self.pad.clear_points()
            self._before = None
            self.well.set_text(tr("Train a model first: then pull at points of its pictures here."))
        elif not pictures:
            self.well.set_text(
                tr(
                    "These data are points in a plane, and a point has no parts to pull at. "
                    "Drag the current code on the map instead."
                )
            )
        elif model.shape != self._shape:
            self._shape = model.shape
            self.pad.clear_points()
            self._before = None
            self.tools.set_scale(max(model.shape[1:]))
        if pictures:
            self._explorer.ask(Layers())
        self._show_state()

    def _on_layers(self, layered: Layered) -> None:
        options = [Option(AUTOMATIC, tr("Last features"), tr("Those before the last layer."))]
        if not layered.layers:
            options = [
                Option(
                    AUTOMATIC,
                    tr("The picture"),
                    tr("This generator has no maps of features: the pixels are followed."),
                )
            ]
        for index, (channels, height, width) in layered.layers.items():
            label = tr("layer {n}: {size}", n=index + 1, size=f"{channels}×{height}×{width}")
            options.append(Option(index, label))
        self.layer.set_options(options)
        self.layer.setToolTip(
            tr(
                "The features by which points are followed; earlier ones are coarser and mean "
                "more, later ones are finer."
            )
        )

    def _on_picture(self, picture: Decoded) -> None:
        if self._shape and picture.item.ndim > 1 and not self.running:
            self.pad.set_picture(picture.item)
        self._show_state()

    def _on_code(self, code: Floats) -> None:
        """Somebody else moved the code: the drag is over."""
        if self.running and (self._own is None or not np.array_equal(code, self._own)):
            self._explorer.cancel(Drag)

    # The drag

    @property
    def running(self) -> bool:
        """Whether the points are being dragged."""
        return self._explorer.is_busy(Drag)

    def toggle(self) -> None:
        """Start, or stop where it is."""
        if self.running:
            self._explorer.cancel(Drag)
            self._explorer.settle()
        elif self.pad.ready and self._explorer.code.size:
            self._start()

    def _start(self) -> None:
        self.problem.hide()
        self._run += 1
        code = self._explorer.code.copy()
        points = [Point(point.handle, point.target) for point in self.pad.points]
        self._before, self._own = (code, points), code
        handles, targets = self.pad.arrays()
        painted = self.pad.painted
        layer = self.layer.value
        self._explorer.ask(
            Drag(
                code,
                handles,
                targets,
                painted.copy() if painted.any() else None,
                layer if isinstance(layer, int) and layer >= 0 else None,
                int(self.steps.value or STEPS),
                float(self.rate.value or RATE),
            )
        )

    def _on_dragged(self, dragged: Dragged | Trouble) -> None:
        if isinstance(dragged, Trouble):
            self.problem.set(tr.join(dragged.sentences), severity="error")
            self.problem.show()
            return
        if len(dragged.handles) != len(self.pad.ready):
            return  # points came or went meanwhile
        self._own = dragged.code
        self.pad.set_picture(dragged.item)
        self.pad.move_handles(dragged.handles)
        self._explorer.move(dragged.code, gesture=("drag", self._run))
        gaps = ", ".join(f"{gap:.1f}" for gap in dragged.distances)
        self.distances.setText(tr("step {step:,}: {gaps} px to go", step=dragged.step, gaps=gaps))
        self.busy.set_progress(dragged.step / max(dragged.steps, 1))
        if dragged.arrived or dragged.step == dragged.steps:
            self._explorer.settle()
            self.distances.setText(
                tr("arrived after {step:,} steps: {gaps} px", step=dragged.step, gaps=gaps)
                if dragged.arrived
                else tr(
                    "not there after {step:,} steps: {gaps} px; the model may not be able to",
                    step=dragged.step,
                    gaps=gaps,
                )
            )

    def take_back(self) -> None:
        """Back to the code from before the drag, with its points."""
        if self._before is None:
            return
        code, points = self._before
        if self.running:
            self._explorer.cancel(Drag)
        self._before = None
        if not np.array_equal(self._explorer.code, code):
            self._explorer.move(code)
        self.pad.set_points(points)
        self.distances.setText("")
        self._show_state()

    def _on_busy(self, kind: type) -> None:
        if kind is not Drag:
            return
        if self.running:
            self.busy.start(share=0.0)
        else:
            self.busy.finish()
        self._show_state()

    # What is shown

    def _point(self, on: bool) -> None:
        self.pad.pointing = on
        self.points.setChecked(on)
        self.tools.set_tool(None if on else self.pad.tool)
        self._show_state()

    def _on_points(self) -> None:
        if self.running:
            self._explorer.cancel(Drag)
        self.distances.setText("")
        self._show_state()

    def _show_state(self) -> None:
        running = self.running
        self.run.setText(tr("Stop") if running else tr("Start"))
        self.run.set_icon_name("stop" if running else "play")
        self.run.setEnabled(running or bool(self.pad.ready))
        self.run.setToolTip(
            tr("Stop where it is.")
            if running
            else tr("Move the code until every point is at its target.")
        )
        self.back.setEnabled(self._before is not None)
        self.remove.setEnabled(bool(self.pad.points))
        words = self.pad.describe()
        if self.pad.painted.any():
            words = f"{words}  ·  {tr('only what is painted may change')}"
        self.line.setText(words)

    def _offer_copies(self) -> None:
        image = self.pad.image
        if image is None:
            return
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.add(tr("Copy picture"), lambda: copy_image(image), icon_name="copy")
        menu.add(tr("Save picture…"), lambda: save_image(self, image, "drag.png"), icon_name="save")
        menu.popup(self.share.mapToGlobal(self.share.rect().bottomLeft()))
