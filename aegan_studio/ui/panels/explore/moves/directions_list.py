"""The sliders along directions, in sections that fold."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.latent.moves_messages import Course
from aegan_studio.ui.panels.explore.moves.move_rows import RowsArea
from aegan_studio.ui.theme import NOTE, current_theme, on_theme, ui_font
from aegan_studio.ui.widgets.numbers import MINUS
from aegan_studio.ui.widgets.painting import LEFT, draw_text, smooth
from aegan_studio.ui.widgets.slider_row import SliderRow, per_cent

SPREADS = 3.0
"""Ends of a slider along a direction, in spreads of the codes."""
SHARES = (-1.0, 1.5)
"""Ends of a slider that carries codes, in shares of the way."""

SECTIONS = ("own", "principal", "classes")


class SectionHead(QAbstractButton):
    """The name of a section; a click folds it or opens it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("focusRadius", 4.0)
        on_theme(self._retint)

    def set_words(self, words: str) -> None:
        """Change what it says."""
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(words)

    def _retint(self, _theme: object) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(120, 18)

    def minimumSizeHint(self) -> QSize:
        """It may be cut short."""
        return QSize(40, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chevron and the words."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        name = "chevron-down" if self.isChecked() else "chevron-right"
        ink = theme.text2 if self.underMouse() else theme.text3
        paint_icon(painter, name, QRectF(-1, 3, 12, 12), ink)
        room = QRectF(14, 0, self.width() - 14, self.height())
        draw_text(painter, room, self.text(), ink, ui_font(NOTE, 500), LEFT)


class DirectionList(RowsArea):
    """A row for every direction, by its key: the section's name and what tells it apart there."""

    moved = Signal(str, float)
    settled = Signal()
    menu_asked = Signal(str)
    renamed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows_by_key: dict[str, SliderRow] = {}
        self.courses: dict[str, Course] = {}
        self.heads = {name: SectionHead(self.widget()) for name in SECTIONS}
        self._order: dict[str, tuple[str, ...]] = dict.fromkeys(SECTIONS, ())
        for head in self.heads.values():
            head.hide()
            head.toggled.connect(lambda _on: self._arrange())

    def place(self, key: str, name: str, course: Course, tip: str, amount: float = 0.0) -> None:
        """Put a course under a key; a row that is there takes it on and keeps its place."""
        known = self.courses.get(key)
        self.courses[key] = course
        if known is None or known.in_spreads != course.in_spreads:
            self._drop_row(key)
            self.rows_by_key[key] = self._row(key, name, course)
        row = self.rows_by_key[key]
        row.set_label(name)
        row.set_tip(tip)
        row.set_value(amount)

    def _row(self, key: str, name: str, course: Course) -> SliderRow:
        lo, hi = (-SPREADS, SPREADS) if course.in_spreads else SHARES
        row = SliderRow(
            name,
            lo=lo,
            hi=hi,
            step=0.1 if course.in_spreads else 0.05,
            text=in_spreads if course.in_spreads else per_cent,
            unit=1.0 if course.in_spreads else 0.01,
            has_menu=True,
            parent=self.widget(),
        )
        row.moved.connect(lambda value: self.moved.emit(key, value))
        row.value_changed.connect(lambda _value: self.settled.emit())
        row.menu_asked.connect(lambda: self.menu_asked.emit(key))
        row.renamed.connect(lambda text: self.renamed.emit(key, text))
        row.focused.connect(self.ensureWidgetVisible)
        return row

    def set_section(self, section: str, words: str, keys: Sequence[str]) -> None:
        """Name a section and show the rows of these keys in it; its other rows go."""
        self.heads[section].set_words(words)
        self._order[section] = tuple(keys)
        for key in list(self.courses):
            if key.startswith(section) and key not in keys:
                self.courses.pop(key)
                self._drop_row(key)
        self._arrange()

    def forget(self) -> None:
        """Without a model there are no directions."""
        for section in SECTIONS:
            self.set_section(section, "", ())

    def folded(self) -> list[str]:
        """The sections that are folded."""
        return [name for name, head in self.heads.items() if not head.isChecked()]

    def fold(self, sections: Sequence[str]) -> None:
        """Fold these and open the others."""
        for name, head in self.heads.items():
            head.setChecked(name not in sections)

    def _drop_row(self, key: str) -> None:
        row = self.rows_by_key.pop(key, None)
        if row is not None:
            self.set_rows([other for other in self.rows if other is not row])
            row.hide()
            row.deleteLater()

    def _arrange(self) -> None:
        rows: list[QWidget] = []
        for section, head in self.heads.items():
            mine = [self.rows_by_key[key] for key in self._order[section]]
            if mine or (head.text() and section == "classes"):
                rows.append(head)
                rows += mine if head.isChecked() else []
        self.set_rows(rows)


def in_spreads(value: float) -> str:
    """An amount in spreads: ``+1.2 σ``; 0 alone for none."""
    return f"{value:+.1f} σ".replace("-", MINUS) if value else "0"
