"""Two codes side by side: their difference, how far they are apart, and what lies between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.keep_messages import Blend, Blended, BlendKind
from aegan_studio.ui.latent.messages import Array, Floats, Loaded
from aegan_studio.ui.panels.explore.code.picture import CodePicture
from aegan_studio.ui.panels.explore.code_mime import CODE, code_mime, code_of, item_image
from aegan_studio.ui.panels.explore.depict import Depiction, pixels_of
from aegan_studio.ui.panels.explore.keep.bookmarks_shelf import shelf_of
from aegan_studio.ui.theme import NOTE
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.choice import Choice
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.sliders import NeutralSlider
from aegan_studio.ui.widgets.switches import Segmented

CURRENT = "current"
POINTS_SIDE = 150
"""Pixels of a plane of points as a picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of the two codes: the current one, a pin, a bookmark, or one that was dropped."""

    key: str
    name: str
    code: Floats


def difference(a: Array, b: Array) -> npt.NDArray[np.uint8]:
    """How two pictures differ: mid grey where they are alike, brighter where the second is.

    Takes and gives uint8 (H, W) or (H, W, 3).
    """
    halved = (b.astype(np.int16) - a.astype(np.int16)) // 2 + 128
    whole: npt.NDArray[np.uint8] = np.clip(halved, 0, 255).astype(np.uint8)
    return np.repeat(whole[..., None], 3, axis=-1) if whole.ndim == 2 else whole


class _SideWell(CodePicture):
    """A picture onto which another code can be dropped."""

    dropped = Signal(object, str)

    def __init__(self, name: str, tag: str, parent: QWidget | None = None) -> None:
        super().__init__(tr("Drop a code here."), name=name, tag=tag, parent=parent)
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take codes."""
        if event.mimeData().hasFormat(CODE):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the code."""
        found = code_of(event.mimeData())
        if found is not None:
            event.acceptProposedAction()
            self.dropped.emit(*found)


class CompareView(QWidget):
    """A and B, their difference, and a blend of both; asks only while seen."""

    left = Signal()
    """Back to the current code."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explorer = explorer
        self._shelf = shelf_of(explorer)
        self._depiction = Depiction()
        self._dropped: dict[str, Side] = {}
        self._frozen: dict[str, Side] = {}
        self._answer: Blended | None = None
        self._flipped = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._ask)
        self._build()
        explorer.loaded.connect(self._on_loaded)
        explorer.pins_changed.connect(self._offer)
        explorer.code_changed.connect(self._on_code)
        self._shelf.changed.connect(self._offer)
        explorer.listen(Blend, self._on_blended)
        self._on_loaded(explorer.model)

    def _build(self) -> None:
        self.back = IconButton("chevron-left", tr("Back to the current code"), side=24)
        self.turn = IconButton("compare", tr("Exchange A and B"), side=24)
        self.flip = Button(tr("Flip"), size="s", variant="plain")
        self.flip.setCheckable(True)
        self.flip.setToolTip(
            tr("Show B in the place of A while held down; differences catch the eye so.")
        )
        self.first = Choice([(CURRENT, tr("Current code"))], CURRENT, name="A")
        self.second = Choice([(CURRENT, tr("Current code"))], CURRENT, name="B")
        self.a = _SideWell(tr("Picture A"), "A")
        self.b = _SideWell(tr("Picture B"), "B")
        self.gap = CodePicture(name=tr("Difference"), tag="B − A")
        self.blend = CodePicture(name=tr("Blend"), tag=tr("between"))
        self.slider = NeutralSlider(
            0.5, lo=0.0, hi=1.0, neutral=0.0, step=0.05, name=tr("From A to B")
        )
        self.kind = Segmented(
            [
                ("linear", tr("Linear"), tr("Straight from A to B.")),
                ("spherical", tr("Spherical"), tr("Along the sphere: lengths change evenly.")),
            ],
            "linear",
            name=tr("Interpolation"),
        )
        self.share = Label("50 %", tone="text2")
        self.apart = Label("", tone="text2", size=NOTE, wrap=True)
        self.goes = {
            "a": Button("A", size="s", tooltip=tr("Go to A")),
            "blend": Button(tr("the blend"), size="s", variant="soft"),
            "b": Button("B", size="s", tooltip=tr("Go to B")),
        }
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.back)
        head.addWidget(Label(tr("Compare two codes"), weight=600, elide=True), 1)
        head.addWidget(self.flip)
        head.addWidget(self.turn)
        grid = self._grid = QGridLayout()
        grid.setSpacing(8)
        for column, widgets in enumerate(((self.first, self.a, self.gap),
                                          (self.second, self.b, self.blend))):  # fmt: skip
            for row, widget in enumerate(widgets):
                grid.addWidget(widget, row, column)
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(1, 1)
        grid.setRowStretch(2, 1)
        slide = QHBoxLayout()
        slide.setSpacing(8)
        slide.addWidget(Label("A", weight=600))
        slide.addWidget(self.slider, 1)
        slide.addWidget(Label("B", weight=600))
        slide.addWidget(self.share)
        self.share.setFixedWidth(40)
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(Label(tr("Go to"), tone="text2"))
        for button in self.goes.values():
            foot.addWidget(button)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.setSpacing(8)
        column_.addLayout(head)
        column_.addLayout(grid, 1)
        column_.addLayout(slide)
        column_.addWidget(self.kind)
        column_.addWidget(self.apart)
        column_.addLayout(foot)
        self._connect()

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.turn.clicked.connect(self._exchange)
        self.flip.pressed.connect(lambda: self._set_flipped(True))
        self.flip.released.connect(lambda: self._set_flipped(False))
        self.first.value_changed.connect(lambda _key: self._soon.start())
        self.second.value_changed.connect(lambda _key: self._soon.start())
        self.slider.moved.connect(self._on_slide)
        self.slider.value_changed.connect(self._on_slide)
        self.kind.value_changed.connect(lambda _kind: self._ask())
        self.a.dropped.connect(lambda code, name: self._drop(self.first, code, name))
        self.b.dropped.connect(lambda code, name: self._drop(self.second, code, name))
        self.a.set_drag(lambda: self._carried("a"))
        self.b.set_drag(lambda: self._carried("b"))
        self.blend.set_drag(lambda: self._carried("blend"))
        for key, button in self.goes.items():
            button.clicked.connect(lambda _checked=False, key=key: self._go(key))

    # What can be compared

    def sides(self) -> dict[str, Side]:
        """All codes that can be chosen, by key."""
        explorer = self._explorer
        found: dict[str, Side] = {}
        if explorer.code.size:
            found[CURRENT] = Side(CURRENT, tr("Current code"), explorer.code)
        for pin in explorer.pins:
            key = f"pin {pin.name}"
            found[key] = Side(key, tr("Pin {name}", name=pin.name), pin.code)
        for index in self._shelf.shown:
            mark = self._shelf.marks[index]
            key = f"bookmark {index}"
            found[key] = Side(key, mark.name, mark.code)
        return {**found, **self._dropped, **self._frozen}

    def compare(self, first: str, second: str) -> None:
        """Choose both codes by their keys, such as “current”, “pin A” and “bookmark 0”."""
        self._offer()
        known = self.sides()
        if first in known and second in known:
            self.first.set_value(first)
            self.second.set_value(second)
            self._ask()

    def hold_current(self) -> None:
        """Compare where one is now with where one goes: A stays, B follows."""
        explorer = self._explorer
        if explorer.code.size:
            self._frozen = {"frozen": Side("frozen", tr("Code before"), explorer.code.copy())}
            self.compare("frozen", CURRENT)

    def _offer(self) -> None:
        sides = self.sides()
        options = [(key, side.name) for key, side in sides.items()]
        options = options or [(CURRENT, tr("Current code"))]
        for choice in (self.first, self.second):
            kept = choice.value
            choice.set_options(options)
            choice.set_value(kept if kept in sides else options[0][0])
        self._soon.start()

    def _drop(self, choice: Choice, code: Floats, name: str) -> None:
        model = self._explorer.model
        if model is None or code.size != model.dimensions:
            self._explorer.told.emit(tr("This code belongs to another model."))
            return
        key = f"dropped {len(self._dropped)}"
        self._dropped[key] = Side(key, name or tr("Dropped code"), code)
        self._offer()
        choice.set_value(key)
        self._ask()

    def _exchange(self) -> None:
        one, other = self.first.value, self.second.value
        self.first.set_value(other)
        self.second.set_value(one)
        self._ask()

    # What is asked and shown

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None:
            self._dropped, self._frozen, self._answer = {}, {}, None
            for view in (self.a, self.b, self.gap, self.blend):
                view.set_picture(None)
            self.apart.setText("")
            return
        if (model.data is not None) != self._depiction.of_points:
            self._depiction = Depiction(model.data)
        self._offer()

    def _on_code(self, _code: object) -> None:
        if CURRENT in (self.first.value, self.second.value):
            self._soon.start()

    def _chosen(self) -> tuple[Side, Side] | None:
        sides = self.sides()
        one, other = sides.get(str(self.first.value)), sides.get(str(self.second.value))
        return None if one is None or other is None else (one, other)

    def _ask(self) -> None:
        chosen = self._chosen()
        if self.isVisible() and chosen is not None and self._explorer.model is not None:
            kind = cast(BlendKind, self.kind.value)
            one, other = chosen
            self._explorer.ask(Blend(one.code, other.code, self.slider.value, kind))

    def _on_slide(self, _value: object) -> None:
        self.share.setText(f"{self.slider.value * 100:.0f} %")
        self._ask()

    def _on_blended(self, answer: Blended) -> None:
        self._answer = answer
        self._show_pair()
        pictures = answer.a.ndim >= 2
        self.gap.set_picture(
            difference(answer.a, answer.b) if pictures else self._picture(answer.b - answer.a)
        )
        self._lay_blend(wide=not pictures)
        self.blend.set_picture(self._picture(answer.item))
        apart = float(np.linalg.norm(answer.asked.b - answer.asked.a))
        self.apart.setText(
            tr("Codes {code:.2f} apart, pictures {gap:.2f}.", code=apart, gap=answer.gap)
            if pictures
            else tr("Codes {code:.2f} apart, points {gap:.2f}.", code=apart, gap=answer.gap)
        )

    def _lay_blend(self, *, wide: bool) -> None:
        """Points have no difference to show: the blend takes its room."""
        if self.gap.isHidden() != wide:
            self.gap.setVisible(not wide)
            self._grid.addWidget(self.blend, 2, 0 if wide else 1, 1, 2 if wide else 1)

    def _show_pair(self) -> None:
        answer = self._answer
        if answer is not None:
            self.a.set_picture(self._picture(answer.b if self._flipped else answer.a))
            self.b.set_picture(self._picture(answer.b))

    def _set_flipped(self, on: bool) -> None:
        self._flipped = on
        self.a.set_tag("B" if on else "A")
        self._show_pair()

    def _picture(self, item: Array) -> Array:
        """An item as a picture; points in their plane."""
        if item.ndim >= 2:
            return item
        return pixels_of(item_image(item, self._depiction, least=POINTS_SIDE))

    # What a person does

    def _code(self, key: str) -> tuple[Floats, Array, str] | None:
        answer, chosen = self._answer, self._chosen()
        if answer is None or chosen is None:
            return None
        return {
            "a": (answer.asked.a, answer.a, chosen[0].name),
            "b": (answer.asked.b, answer.b, chosen[1].name),
            "blend": (answer.code, answer.item, tr("Blend")),
        }[key]

    def _go(self, key: str) -> None:
        found = self._code(key)
        if found is not None:
            self._explorer.move(found[0])

    def _carried(self, key: str) -> QMimeData | None:
        found = self._code(key)
        return None if found is None else code_mime(*found, depiction=self._depiction)

    def showEvent(self, event: QShowEvent) -> None:
        """In sight: compare."""
        super().showEvent(event)
        self._offer()
