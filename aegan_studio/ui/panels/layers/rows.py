"""The rows of the table: one for each layer, and one for what comes in and what goes out."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from aegan_studio.experiment import Problem
from aegan_studio.experiment.options import OptionInfo, describe
from aegan_studio.experiment.parts import LAYERS, LayerOptions
from aegan_studio.i18n import tr
from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.panels.layers.fields import HEIGHT, Control, word
from aegan_studio.ui.panels.layers.kinds import icon_of, label_of
from aegan_studio.ui.panels.layers.row_parts import ROW, Columns, Facts, MendButton, paint_problem
from aegan_studio.ui.panels.recipe.editors import value_text
from aegan_studio.ui.theme import BODY, NOTE, current_theme, mix, ui_font
from aegan_studio.ui.widgets.buttons import Button, IconButton
from aegan_studio.ui.widgets.painting import (
    LEFT,
    RIGHT,
    draw_text,
    fill_round,
    smooth,
    stroke_round,
    text_width,
)

HANDLE = 28
"""Width of the part that is dragged."""
GAP = 12
MORE = 24


class LayerRow(QWidget):
    """One layer: handle, sign, name, options in place, what it makes, its weights, its problem.

    Only the options are widgets; all else is painted, so that sixty rows stay quick.
    """

    option_changed = Signal(object, str, object)
    more_asked = Signal(object)
    mend_asked = Signal(object)
    pressed = Signal(object, object)
    """Itself and the mouse event."""
    clicked = Signal(object, bool)
    """Itself, and whether Shift was held."""
    dragged = Signal(object, QPoint)
    """Itself and where the pointer is on the screen, while it is dragged by its handle or name."""
    dropped = Signal(object, QPoint)
    menu_asked = Signal(object, QPoint)
    entered = Signal(object)

    def __init__(self, layer: LayerOptions, parent: QWidget) -> None:
        super().__init__(parent)
        self.layer = layer
        self.facts = Facts()
        self.problem: Problem | None = None
        self.selected = False
        self.hovered = False
        self.current = False
        self._index = -1
        self._infos = describe(type(layer))
        self._controls: dict[str, Control] = {}
        self._shown: list[tuple[OptionInfo, float, str]] = []
        self._hidden: list[OptionInfo] = []
        self._press: QPoint | None = None
        self._dragging = False
        self._more = IconButton("more", tr("More options"), side=MORE, parent=self)
        self._more.clicked.connect(lambda: self.more_asked.emit(self))
        self._mend: Button | None = None
        self._sentence = ""
        self.setMouseTracking(True)
        self._make()

    # What it shows

    @property
    def inline(self) -> list[OptionInfo]:
        """The options that may stand in the row, most wanted first; the others are behind “…”."""
        usual = [info for info in self._infos if not info.advanced and info.type != "table"]
        numbers = [info for info in usual if info.type != "bool"]
        return numbers or usual

    @property
    def controls(self) -> dict[str, Control]:
        """The controls in the row by option."""
        return dict(self._controls)

    @property
    def more(self) -> IconButton:
        """Opens the options that have no room in the row."""
        return self._more

    @property
    def mend(self) -> Button | None:
        """The mend; ``None`` or hidden where there is none."""
        return self._mend

    @property
    def name(self) -> str:
        """The kind's name."""
        return label_of(self.layer.kind)

    def _make(self) -> None:
        for info in self.inline:
            value = getattr(self.layer, info.name)
            self._controls[info.name] = Control(
                info, value, lambda value, name=info.name: self._on_value(name, value), self
            )

    def _on_value(self, name: str, value: Any) -> None:
        self.option_changed.emit(self, name, value)

    def show_layer(self, layer: LayerOptions, index: int) -> None:
        """Show another layer of the same kind, or other values."""
        same = layer == self.layer and self._index >= 0
        if same and index == self._index:
            return
        self.layer, self._index = layer, index
        self.setAccessibleName(tr("Layer {number}: {label}", number=index + 1, label=self.name))
        if same:
            return
        for name, control in self._controls.items():
            control.show(getattr(layer, name))
            control.widget.setEnabled(layer.enabled)
        self._place()
        self.update()

    def show_facts(self, facts: Facts) -> None:
        """Show what the inspection says."""
        if facts != self.facts:
            self.facts = facts
            self.update()

    def show_problem(self, problem: Problem | None) -> bool:
        """Open or close the problem below the row; says whether the height changed."""
        if problem == self.problem:
            return False
        before = self.height_for(self.width())
        self.problem = problem
        self._sentence = ""
        if problem is not None:
            text = tr(problem.message)
            self._sentence = text[:1].upper() + text[1:]
            if problem.mend is None and problem.advice is not None:
                self._sentence = f"{self._sentence} {tr(problem.advice)}"
        if problem is not None and problem.mend is not None:
            if self._mend is None:
                self._mend = MendButton(self)
                self._mend.clicked.connect(lambda: self.mend_asked.emit(self))
            words = tr(problem.mend.label)
            self._mend.setText(words)
            self._mend.setAccessibleName(words)
            self._mend.setToolTip(tr("Changes the layers so that this fits; undo takes it back."))
            self._mend.set_variant("error" if problem.severity == "error" else "warn")
            self._mend.show()
        elif self._mend is not None:
            self._mend.hide()
        self.setAccessibleDescription(self._sentence)
        self._place()
        self.update()
        return self.height_for(self.width()) != before

    @property
    def sentence(self) -> str:
        """What is wrong, in words; empty where nothing is."""
        return self._sentence

    def enter(self) -> None:
        """Give the focus to the first option."""
        shown = [c.widget for c in self._controls.values() if not c.widget.isHidden()]
        next(iter(shown), self._more).setFocus(Qt.FocusReason.TabFocusReason)

    def set_selected(self, on: bool) -> None:
        """Stand on the ground of the selection."""
        if on != self.selected:
            self.selected = on
            self.update()

    def set_current(self, on: bool) -> None:
        """Wear the ring of the keyboard's place."""
        if on != self.current:
            self.current = on
            self.update()

    def set_hovered(self, on: bool) -> None:
        """Stand on the ground of the row under the pointer."""
        if on != self.hovered:
            self.hovered = on
            self.update()

    # Where things stand

    def height_for(self, width: int) -> int:
        """The height at this width."""
        return ROW + (self._problem_height(width) if self._sentence else 0)

    def _problem_height(self, width: int) -> int:
        return max(36, round(self._text_rect(width).height()) + 16)

    def _text_rect(self, width: int) -> QRectF:
        """Where the sentence stands, wrapped; beside the mend, or above it where it is narrow."""
        side = 16 + self._mend.sizeHint().width() if self._mend_shown and self._mend else 0
        room = QRectF(74, ROW, max(width - 74 - 12 - side, 80), 400)
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        return QFontMetricsF(ui_font(BODY)).boundingRect(room, flags, self._sentence)

    @property
    def _mend_shown(self) -> bool:
        return self.problem is not None and self.problem.mend is not None

    def _place(self) -> None:
        """Put the controls where the columns say; what has no room goes behind “…”."""
        columns = Columns(self.width())
        left, end = float(columns.options), columns.options + columns.room
        applying = [info for info in self.inline if info.applies(self.layer)]
        others = [i for i in self._infos if i not in applying and i.applies(self.layer)]
        others = [info for info in others if info.name != "enabled"]
        self._shown = []
        font = ui_font(NOTE)
        full = False
        for place, info in enumerate(applying):
            control = self._controls[info.name]
            label = word(info)
            start = left + text_width(label, font) + 7
            width = control.width()
            kept = MORE + 4 if others or place < len(applying) - 1 else 0
            if full or (start + width + kept > end and (place or start + 40 > end)):
                full = True
                others.append(info)
                control.widget.hide()
                continue
            width = min(width, int(end - kept - start))
            height = min(HEIGHT, control.widget.sizeHint().height() or HEIGHT)
            control.widget.setGeometry(int(start), (ROW - height) // 2, width, height)
            control.widget.show()
            self._shown.append((info, left, label))
            left = start + width + GAP
        for info in self.inline:
            if info not in applying:
                self._controls[info.name].widget.hide()
        self._hidden = others
        self._more.setVisible(bool(others))
        spot = left - GAP + 4 if self._shown else left - 6
        self._more.setGeometry(int(spot), (ROW - MORE) // 2, MORE, MORE)
        self._more.setToolTip(self._more_tip())
        self._more.setAccessibleName(tr("More options of {layer}", layer=self.name))
        if self._mend is not None and self._mend_shown:
            size = self._mend.sizeHint()
            height = self._problem_height(self.width())
            top = ROW + (height - size.height()) // 2 - 4
            self._mend.setGeometry(self.width() - 12 - size.width(), top, size.width(), 28)

    def _more_tip(self) -> str:
        lines = [
            f"{tr(info.label)}: {value_text(info, getattr(self.layer, info.name))}"
            for info in self._hidden
        ]
        return "\n".join([tr("More options"), *lines])

    @property
    def hidden_options(self) -> list[OptionInfo]:
        """The options behind “…”."""
        return list(self._hidden)

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select; by the handle or the name it may become a drag."""
        self.pressed.emit(self, event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag; without a button say which hand it would take."""
        where = event.globalPosition().toPoint()
        if self._press is None:
            grips = event.position().x() < HANDLE and event.position().y() < ROW
            shape = Qt.CursorShape.OpenHandCursor if grips else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            return
        if not self._dragging and (where - self._press).manhattanLength() < 5:
            return
        self._dragging = True
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.dragged.emit(self, where)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drop, or have been clicked."""
        begun, self._press = self._press, None
        if begun is not None and not self._dragging:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.clicked.emit(self, shift)
        if self._dragging:
            self._dragging = False
            self.setCursor(Qt.CursorShape.ArrowCursor)
            self.dropped.emit(self, event.globalPosition().toPoint())

    def cancel_drag(self) -> None:
        """Let go: nothing moves."""
        self._press, self._dragging = None, False
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the layer."""
        self.menu_asked.emit(self, event.globalPos())

    def event(self, event: QEvent) -> bool:
        """Tool tips of the painted parts, and the pointer coming."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tip_at(event.pos()), self)
            return True
        if event.type() == QEvent.Type.Enter:
            self.entered.emit(self)
        return super().event(event)

    def _tip_at(self, where: QPoint) -> str:
        columns = Columns(self.width())
        if where.x() < HANDLE:
            return tr("Drag to move it; Alt+↑ and Alt+↓ do the same.")
        if where.x() < columns.options:
            return tr(LAYERS.of(self.layer).help)
        if where.x() > columns.output - 74:
            return self.facts.tip
        return next(
            (tr(info.help) for info, left, _ in reversed(self._shown) if where.x() >= left), ""
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep everything in its column."""
        self._place()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, handle, sign, names and figures."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect, columns = QRectF(self.rect()), Columns(self.width())
        bad = self.problem is not None
        error = bad and self.problem is not None and self.problem.severity == "error"
        tone = theme.error if error else theme.warning
        if bad:
            ground = theme.error_ground if error else theme.warning_ground
            fill_round(painter, rect.adjusted(0, 1, 0, -1), 8, ground)
            stroke_round(painter, rect.adjusted(0, 1, 0, -1), 8, tone)
        elif self.selected:
            fill_round(painter, rect.adjusted(0, 1, 0, -1), 6, theme.accent_soft)
        elif self.hovered:
            over = mix(theme.surface, theme.raised, 0.55)
            fill_round(painter, rect.adjusted(0, 1, 0, -1), 6, over)
        if self.current:
            stroke_round(painter, rect.adjusted(0, 1, 0, -1), 7, theme.accent, 2.0)
        off = not self.layer.enabled
        ink = theme.text3 if off else theme.text
        soft = theme.text3 if off else theme.text2
        middle = ROW / 2
        grip = mix(theme.text3, theme.text, 0.5 if self.hovered else 0.0)
        paint_icon(painter, "drag", QRectF(8, middle - 7, 14, 14), grip)
        sign = QRectF(28, middle - 8, 16, 16)
        paint_icon(painter, icon_of(self.layer.kind), sign, tone if bad else soft)
        font = ui_font(BODY, 600)
        font.setStrikeOut(off)
        name = QRectF(columns.name, 0, columns.options - columns.name - 6, ROW)
        draw_text(painter, name, self.name, ink, font, LEFT)
        for _, left, label in self._shown:
            spot = QRectF(left, 0, 200, ROW)
            draw_text(painter, spot, label, soft, ui_font(NOTE), LEFT, elide=False)
        self._paint_facts(painter, columns, tone if error else "", off)
        if self._sentence:
            room = self._text_rect(self.width())
            paint_problem(painter, room, self._sentence, tone, self._problem_height(self.width()))
        if not bad and not self.selected and not self.hovered:
            line = QRectF(28, rect.bottom() - 1, rect.width() - 28, 1)
            painter.fillRect(line, theme.color("hairline"))

    def _paint_facts(self, painter: QPainter, columns: Columns, tone: str, off: bool) -> None:
        theme, facts = current_theme(), self.facts
        quiet = off or not facts.known
        ink = tone or (theme.text3 if quiet else theme.text)
        room = QRectF(columns.output - 110, 0, 110, ROW)
        weight = 600 if not quiet or tone else 400
        draw_text(painter, room, facts.shape, ink, ui_font(BODY, weight), RIGHT)
        if not self.hovered:
            room = QRectF(columns.output, 0, columns.weights - columns.output, ROW)
            words = tr("off") if off else facts.weights
            tint = theme.text3 if quiet else theme.text2
            draw_text(painter, room, words, tint, ui_font(BODY), RIGHT)
