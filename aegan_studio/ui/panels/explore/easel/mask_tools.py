"""The tools that paint a mask."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.panels.explore.easel.drawing import TOOLS_WIDTH
from aegan_studio.ui.widgets.buttons import IconButton
from aegan_studio.ui.widgets.mask_brush import MaskPad, Tool
from aegan_studio.ui.widgets.slider_row import SliderRow


class MaskTools(QWidget):
    """Brush, eraser and box for a mask; undo, redo, invert, clear.

    Parameters
    ----------
    what : str
        What the mask means, in the tool tips: "unknown", "may change".
    first : QWidget or None
        A control before the tools.
    flat : bool
        All in one row, the size below it; else in a column.
    """

    def __init__(
        self,
        pad: MaskPad,
        what: str,
        *,
        first: QWidget | None = None,
        flat: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._pad = pad
        self._tools: dict[Tool, IconButton] = {
            "brush": IconButton(
                "brush", tr("Paint what is {what}", what=what), side=26, checkable=True
            ),
            "box": IconButton(
                "marquee", tr("A box of what is {what}", what=what), side=26, checkable=True
            ),
            "erase": IconButton(
                "eraser", tr("Erase; the right button always does"), checkable=True
            ),
        }
        self.width_slider = SliderRow(
            tr("Size"),
            1.0,
            lo=0.5,
            hi=4.0,
            neutral=0.5,
            step=0.5,
            tooltip=tr("Radius of the brush in pixels of the picture."),
            clamped=True,
        )
        self.undo = IconButton(
            "undo", tr("Take the last change of the mask back (Ctrl+Z)"), side=26
        )
        self.redo = IconButton("redo", tr("Change it again (Ctrl+Shift+Z)"), side=26)
        self.invert = IconButton("invert", tr("Invert the mask (I)"), side=26)
        self.clear = IconButton("trash", tr("Clear the mask (Delete)"), side=26)
        for tool, button in self._tools.items():
            button.clicked.connect(lambda _on=False, tool=tool: self.set_tool(tool))
        for button, act in (
            (self.undo, pad.undo),
            (self.redo, pad.redo),
            (self.invert, pad.invert),
            (self.clear, pad.clear),
        ):
            button.clicked.connect(act)
        self.width_slider.moved.connect(self._set_radius)
        pad.mask_changed.connect(self._show_history)
        self._flat = flat
        self._lay_out(first)
        self.set_tool("brush")
        self._show_history()

    def _lay_out(self, first: QWidget | None) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        rows: list[tuple[QWidget, ...]] = [
            tuple(self._tools.values()),
            (self.undo, self.redo),
            (self.invert, self.clear),
        ]
        if first is not None:
            rows.insert(0, (first,))
        if self._flat:
            rows = [tuple(widget for row in rows for widget in row)]
        else:
            self.setFixedWidth(TOOLS_WIDTH)
        for widgets in rows:
            row = QHBoxLayout()
            row.setSpacing(2 if self._flat else 4)
            for widget in widgets:
                row.addWidget(widget)
            row.addStretch(1)
            column.addLayout(row)
        column.addWidget(self.width_slider)
        if not self._flat:
            column.addStretch(1)

    def button(self, tool: Tool) -> IconButton:
        """The button that takes a tool."""
        return self._tools[tool]

    def set_tool(self, tool: Tool | None) -> None:
        """Take a tool; ``None``: the pad is used for something else."""
        if tool is not None:
            self._pad.tool = tool
        for name, button in self._tools.items():
            button.setChecked(name == tool)
        self.width_slider.setVisible(not self._flat or tool in ("brush", "erase"))

    def set_scale(self, side: int) -> None:
        """The pictures have this many pixels a side."""
        self.width_slider.slider.set_bounds(0.5, max(4.0, side / 6))
        self._set_radius(max(1.0, side / 16))
        self.width_slider.set_value(self._pad.radius)

    def _set_radius(self, radius: float) -> None:
        self._pad.radius = radius
        self._pad.update()

    def _show_history(self) -> None:
        self.undo.setEnabled(self._pad.can_undo)
        self.redo.setEnabled(self._pad.can_redo)
        self.clear.setEnabled(bool(self._pad.painted.any()))
