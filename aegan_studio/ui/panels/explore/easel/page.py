"""From a picture to its code: drawn, dropped, pasted or opened; searched for, restored."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDropEvent,
    QHideEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.messages import Message
from aegan_studio.strokes import canvas_for
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Floats, Loaded, Trouble
from aegan_studio.ui.latent.picture_messages import (
    Invert,
    Inverted,
    Look,
    Restore,
    Seen,
    Subject,
)
from aegan_studio.ui.panels.explore.code_mime import code_of
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.panels.explore.easel.drawing import TOOLS_WIDTH, BrushTools, LookBench
from aegan_studio.ui.panels.explore.easel.mask_tools import MaskTools
from aegan_studio.ui.panels.explore.easel.menus import offer_copies, offer_sources
from aegan_studio.ui.panels.explore.easel.points import PointPad
from aegan_studio.ui.panels.explore.easel.restore import RestoreBench
from aegan_studio.ui.panels.explore.easel.search import SearchBench
from aegan_studio.ui.panels.explore.easel.sources import offers_picture
from aegan_studio.ui.panels.explore.easel.supply import ITEM, Supply
from aegan_studio.ui.panels.explore.page import Page
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.draw_pad import DrawPad
from aegan_studio.ui.widgets.mask_brush import MaskPad
from aegan_studio.ui.widgets.messages import Banner, Well
from aegan_studio.ui.widgets.switches import Segmented

LEAST_PAD = 140
"""Height that the canvas has on the lowest page."""
PAPER, GREY = 0, 128
"""Grounds of drawings, white on black, and of photographs."""


class PicturePage(Page):
    """An easel: a canvas with its tools above, and below what the model makes of it."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(margins=(12, 0, 12, 10), parent=parent)
        self._explorer = explorer
        self._kind: tuple[Any, ...] = ()
        self._depiction = Depiction()
        self._stroke = 0
        self._code: Floats | None = None
        self.seen: Seen | None = None
        self.share = IconButton("export", tr("Copy or save the picture"))
        self.add_action(self.share)
        self.mode = Segmented(
            self._modes(points=False),
            "draw",
            name=tr("What to do with the picture"),
            size=12,
            stretch=True,
        )
        self.take = IconButton("folder", tr("Take a picture from somewhere"))
        self.dice = IconButton("dice", tr("A random item that training has not seen"))
        self.pad = DrawPad(name=tr("Canvas"))
        self.point = PointPad()
        self.mask_pad = MaskPad(
            tr("Draw or open a picture first; then paint over what is unknown."),
            name=tr("Picture to restore"),
        )
        self.tools = BrushTools(self.pad)
        self.mask_tools = MaskTools(self.mask_pad, tr("unknown"))
        self.looking = LookBench(explorer)
        self.supply = Supply(explorer, self)
        self.search = SearchBench(explorer, self.subject)
        self.restore_bench = RestoreBench(explorer, self.mask_pad)
        self.problem = Banner(severity="error")
        self.problem.hide()
        self.well = Well(tr("Train a model first: then draw here, and see what it makes of it."))
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self._actions = self._build_actions()
        self._on_loaded(explorer.model)

    @staticmethod
    def _modes(*, points: bool) -> list[tuple[object, str, str]]:
        modes: list[tuple[object, str, str]] = [
            (
                "draw",
                tr("Place") if points else tr("Draw"),
                tr("The code follows every stroke, and what it decodes to."),
            ),
            ("search", tr("Search"), tr("Look for the best code by optimisation.")),
        ]
        if not points:
            modes.append(("restore", tr("Restore"), tr("Fill in, complete or denoise.")))
        return modes

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.mode, 1)
        top.addSpacing(4)
        top.addWidget(self.take)
        top.addWidget(self.dice)
        pads, tools, benches = QWidget(), QWidget(), QWidget()
        self._pads, self._tools = QStackedLayout(pads), QStackedLayout(tools)
        self._benches = QStackedLayout(benches)
        for pad in (self.pad, self.mask_pad, self.point):
            self._pads.addWidget(pad)
        self._no_tools = QWidget()
        for tool in (self.tools, self.mask_tools, self._no_tools):
            self._tools.addWidget(tool)
        for bench in (self.looking, self.search, self.restore_bench):
            self._benches.addWidget(bench)
        self._tool_room, self._pad_room = tools, pads
        tools.setFixedWidth(TOOLS_WIDTH)
        pads.setMinimumHeight(LEAST_PAD)
        upper = QHBoxLayout()
        upper.setSpacing(10)
        upper.addWidget(pads, 1)
        upper.addWidget(tools)
        self._work = QWidget()
        work = QVBoxLayout(self._work)
        work.setContentsMargins(0, 0, 0, 0)
        work.setSpacing(8)
        work.addLayout(top)
        work.addWidget(self.problem)
        work.addLayout(upper, 5)
        work.addWidget(benches, 4)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.well)
        self._stack.addWidget(self._work)
        self.add(body, 1)

    def _connect(self) -> None:
        explorer = self._explorer
        self.mode.value_changed.connect(lambda _mode: self._show_mode())
        self.take.clicked.connect(lambda: offer_sources(self))
        self.dice.clicked.connect(self.supply.take_random)
        self.supply.told.connect(self.dice.setToolTip)
        self.supply.trouble.connect(self._say)
        self.share.clicked.connect(lambda: offer_copies(self))
        self.pad.changed.connect(self._ask_look)
        self.pad.finished.connect(self._on_stroke)
        self.point.changed.connect(self._ask_look)
        self.tools.centred_changed.connect(lambda _on: self._ask_look())
        self.looking.refine.toggled.connect(lambda _on: self._ask_look())
        self.looking.went.connect(self.go)
        self.search.went.connect(self.go)
        self.search.found.connect(self._on_found)
        self.restore_bench.went.connect(lambda code: explorer.move(code))
        self.restore_bench.accepted.connect(self.supply.lay_item)
        self.restore_bench.way.value_changed.connect(lambda _way: self._show_mode())
        explorer.loaded.connect(self._on_loaded)
        explorer.listen(Look, self._on_seen, every=True, troubles=True)
        for kind in (Invert, Restore):
            explorer.listen(kind, self._on_trouble, troubles=True)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.supply.paste)
        for key, erase in (("B", False), ("E", True)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.tools.set_erasing, erase))

    def _build_actions(self) -> list[QAction]:
        table = (
            (tr("Open a picture to find its code…"), self.supply.open),
            (tr("Paste a picture to find its code"), self.supply.paste),
            (tr("Take a random held-out item as the picture"), self.supply.take_random),
            (tr("Take the current code’s picture to draw on"), self.supply.take_current),
            (tr("Search for the code of the picture"), self._begin_search),
            (tr("Go to the code of the picture"), self.go),
        )
        actions = []
        for text, act in table:
            action = QAction(text, self)
            action.triggered.connect(lambda _checked=False, act=act: act())
            actions.append(action)
        return actions

    def commands(self) -> list[QAction]:
        """Sources, the search, the way to the code."""
        return self._actions

    def state(self) -> dict[str, Any]:
        """The brush, and whether drawings are centred and followed."""
        brush = self.pad.brush
        return {
            "width": brush.width,
            "soft": brush.soft,
            "strength": brush.strength,
            "centred": self.tools.centred.isChecked(),
            "follow": self.looking.follow.isChecked(),
            "refine": self.looking.refine.isChecked(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take on what was remembered; what makes no sense counts as absent."""
        for name, slider, scale in (
            ("width", self.tools.width_slider, 100),
            ("soft", self.tools.soft, 1),
            ("strength", self.tools.strength, 1),
        ):
            value = state.get(name)
            if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
                slider.set_value(scale * value)
                slider.moved.emit(slider.value)
        looking = self.looking
        toggles = (self.tools.centred, looking.follow, looking.refine)
        for name, toggle in zip(("centred", "follow", "refine"), toggles, strict=True):
            if isinstance(state.get(name), bool):
                toggle.setChecked(state[name])

    # The model

    def _on_loaded(self, model: Loaded | None) -> None:
        self.share.setEnabled(model is not None)
        if model is None:
            self._kind = ()
            self._forget()
            self._stack.setCurrentWidget(self.well)
            return
        self._stack.setCurrentWidget(self._work)
        kind = (model.modality, model.shape, model.strokes, model.method, model.dimensions)
        if kind != self._kind:
            self._kind = kind
            self._begin(model)
        self._ask_look()

    def _begin(self, model: Loaded) -> None:
        """Another model, or other data: an empty easel."""
        self._forget()
        points = model.data is not None
        self._depiction = Depiction(model.data)
        if not points:
            ground = PAPER if model.strokes else GREY
            self.pad.set_canvas(canvas_for(model.shape, ground=ground), paper=model.strokes)
            self.tools.set_model(model)
            self.mask_tools.set_scale(max(model.shape[1:]))
        self.pad.set_hint(tr("Draw here, or drop, paste or open a picture"))
        self.point.set_depiction(self._depiction)
        self.looking.set_depiction(self._depiction)
        self.looking.refine.setVisible(model.has_encoder)
        self.search.set_model(model, self._depiction)
        self.restore_bench.set_item(None)
        if points and self.mode.value == "restore":
            self.mode.set_value("draw")
        self.mode.set_options(self._modes(points=points))
        self.dice.setToolTip(tr("A random item that training has not seen"))
        self._show_mode()

    def _forget(self) -> None:
        self.seen = self._code = None
        self.looking.show_seen(None)

    @property
    def of_points(self) -> bool:
        """Whether the data are points of a plane and not pictures."""
        return self._depiction.of_points

    def subject(self) -> Subject | None:
        """What a code is wanted for; ``None`` while there is nothing."""
        if self._explorer.model is None:
            return None
        if self.of_points:
            return None if self.point.point is None else Subject(self.point.point, exact=True)
        canvas = self.pad.canvas
        if canvas.is_blank:
            return None
        if canvas.origin == ITEM and canvas.is_untouched:
            _, height, width = self._explorer.model.shape
            rows, columns = canvas.height // height, canvas.width // width
            return Subject(canvas.pixels[::rows, ::columns], exact=True)
        centred = self.tools.centred.isChecked() and self._explorer.model.strokes
        return Subject(canvas.pixels, centred=centred and canvas.origin != ITEM)

    def _ask_look(self) -> None:
        subject = self.subject()
        self.search.set_ready(subject is not None)
        if subject is None:
            if self._code is not None:  # else the mark, if any, is another's
                self._explorer.show_mark(None)
            self._explorer.cancel(Look)
            self._forget()
            self.point.set_rebuilt(None)
            self.restore_bench.set_item(None)
            return
        near = None if self.seen is None else self.seen.code
        self._explorer.ask(Look(subject, near, self.looking.refine.isChecked()))

    def _on_seen(self, seen: Seen | Trouble) -> None:
        if isinstance(seen, Trouble):
            self._on_trouble(seen)
            return
        if not self.search.ready:
            return  # it was taken away meanwhile
        changed = self.seen is None or not np.array_equal(seen.picture, self.seen.picture)
        if changed and self.search.best is not None:
            self.search.forget()
        self.seen = seen
        self.looking.show_seen(seen)
        self.point.set_rebuilt(seen.rebuilt if self.of_points else None)
        if changed and not self.of_points:
            self.restore_bench.set_item(seen.picture)
        self._set_code(seen.code)
        if self.looking.follow.isChecked() and self.mode.value == "draw" and self.isVisible():
            self._explorer.move(seen.code, gesture=("drawing", self._stroke))

    def _set_code(self, code: Floats) -> None:
        self._code = code
        if self.isVisible():
            self._explorer.show_mark(code)

    def _on_stroke(self) -> None:
        self._stroke += 1
        if self.looking.follow.isChecked():
            self._explorer.settle()

    def _on_found(self, found: Inverted) -> None:
        self._set_code(found.code)
        if self.of_points:
            self.point.set_rebuilt(found.rebuilt)

    def go(self) -> None:
        """Make the picture's code the current one."""
        code = self._code
        if self.mode.value == "search" and self.search.best is not None:
            code = self.search.best.code
        elif self.mode.value == "draw" and self.seen is not None:
            code = self.seen.code
        if code is not None:
            self._explorer.move(code)

    # Drop

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Pictures and codes are welcome."""
        model, mime = self._explorer.model, event.mimeData()
        if model is None:
            return
        if code_of(mime) is not None or (offers_picture(mime) and not self.of_points):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        self.supply.take(event.mimeData())
        event.acceptProposedAction()

    # What is shown

    def _begin_search(self) -> None:
        self.mode.set_value("search")
        self._show_mode()
        self.search.start()

    def _show_mode(self) -> None:
        mode = self.mode.value
        restoring = mode == "restore"
        pad = self.point if self.of_points else self.mask_pad if restoring else self.pad
        tools = self._no_tools if self.of_points else self.mask_tools if restoring else self.tools
        self._pads.setCurrentWidget(pad)
        self._tools.setCurrentWidget(tools)
        self._tool_room.setVisible(not self.of_points)
        self._fit_pad()
        bench = {"search": self.search, "restore": self.restore_bench}
        self._benches.setCurrentWidget(bench.get(str(mode), self.looking))
        self.mask_tools.setEnabled(self.restore_bench.chosen_way != "denoise")

    def _on_trouble(self, answer: object) -> None:
        if isinstance(answer, Trouble):
            self._say(answer.sentences)

    def _say(self, sentences: Sequence[Message]) -> None:
        self.problem.set(tr.join(sentences), severity="error")
        self.problem.setVisible(bool(sentences))

    def showEvent(self, event: QShowEvent) -> None:
        """In view: its code is marked on the map."""
        super().showEvent(event)
        if self._code is not None:
            self._explorer.show_mark(self._code)

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of view: the map is free of it."""
        super().hideEvent(event)
        if self._code is not None and self._explorer.mark is not None:
            self._explorer.show_mark(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The canvas is as large as its width lets it be; the benches make do with the rest."""
        super().resizeEvent(event)
        width, height = event.size().width(), event.size().height()
        self.tools.make_room(height)
        self.looking.make_room(width, height)
        self.restore_bench.make_room(width, height)
        self._fit_pad()

    def _fit_pad(self) -> None:
        beside = 24 if self.of_points else TOOLS_WIDTH + 34
        self._pad_room.setMaximumHeight(max(self.width() - beside, 150))
