"""The list of a program's defects: each place as printed and as corrected, with its switch."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from aegan_studio.catalog.lessons import DEFECTS, SWITCHES, Defect, Line
from aegan_studio.i18n import tr
from aegan_studio.ui.theme import BODY, HEADING, NOTE, current_theme, mix, ui_font
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    LEFT,
    disc,
    draw_text,
    fill_round,
    smooth,
)
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.switches import Toggle

_ROW = 20


def code_font(size: int = NOTE) -> QFont:
    """The system's font for programs."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(size)
    return font


class CodePair(QWidget):
    """A line as printed over the line as corrected; the one in force is bright."""

    def __init__(self, line: Line, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = line
        self._corrected = not line.switch
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(
            tr(
                "Printed: {printed}. Corrected: {corrected}.",
                printed=line.printed,
                corrected=line.corrected,
            )
        )
        self.setToolTip(f"− {line.printed}\n+ {line.corrected}")

    @property
    def corrected(self) -> bool:
        """Whether the corrected line is in force."""
        return self._corrected

    def set_corrected(self, corrected: bool) -> None:
        """Say which of the two is in force."""
        self._corrected = corrected
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(240, 2 * _ROW + 1)

    def minimumSizeHint(self) -> QSize:
        """A few letters of both."""
        return QSize(120, 2 * _ROW + 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both lines."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        font = code_font()
        rows = (
            ("−", self._line.printed, theme.error, theme.error_ground, not self._corrected),
            ("+", self._line.corrected, theme.healthy, theme.healthy_ground, self._corrected),
        )
        for index, (sign, text, ink, ground, in_force) in enumerate(rows):
            row = QRectF(0, index * (_ROW + 1), self.width(), _ROW)
            tint = mix(theme.surface, ground, 1.0 if in_force else 0.35)
            fill_round(painter, row, 3, tint)
            spot = QRectF(row.left() + 2, row.top(), 14, row.height())
            draw_text(painter, spot, sign, ink if in_force else theme.text3, font, CENTRE)
            words = row.adjusted(18, 0, -4, 0)
            tone = theme.text if in_force else theme.text3
            draw_text(painter, words, text, tone, font, LEFT)


class _Number(QWidget):
    """The number of a defect on a disc."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._done = False
        self.setFixedSize(22, 22)

    def set_done(self, done: bool) -> None:
        """Wear the look of what was put right."""
        self._done = done
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint disc and number."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        ground = theme.healthy_ground if self._done else theme.raised
        disc(painter, rect.center(), 11, ground)
        ink = theme.healthy if self._done else theme.text2
        draw_text(painter, rect, str(self._number), ink, ui_font(NOTE, 600), CENTRE, elide=False)


class DefectItem(QWidget):
    """One defect: its name, its places with their switches, and what happens."""

    switched = Signal(str, bool)

    def __init__(self, number: int, defect: Defect, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.defect = defect
        self.switches: dict[str, Toggle] = {}
        self.pairs: dict[str, CodePair] = {}
        self._number = _Number(number)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._number)
        title = Label(tr(defect.title), size=HEADING, weight=600, elide=True)
        head.addWidget(title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        for line in defect.lines:
            column.addLayout(self._place(line))
        for text, tone, font in (
            (tr(defect.said), "text2", None),
            (f"RuntimeError: {defect.error}" if defect.error else "", "error", code_font(10)),
        ):
            if text:
                said = Label(text, tone=tone, size=BODY, wrap=True)
                if font is not None:
                    said.setFont(font)
                said.setContentsMargins(30, 0, 0, 0)
                column.addWidget(said)

    def _place(self, line: Line) -> QHBoxLayout:
        pair = CodePair(line)
        row = QHBoxLayout()
        row.setContentsMargins(30, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(pair, 1)
        if not line.switch:
            return row
        toggle = Toggle(
            name=tr("Put right: {title}", title=tr(self.defect.title)),
            tooltip=tr("Put this place right; the printed program starts anew with the same seed."),
        )
        toggle.toggled.connect(partial(self._on_toggled, line.switch))
        self.switches[line.switch], self.pairs[line.switch] = toggle, pair
        row.addWidget(toggle, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _on_toggled(self, name: str, on: bool) -> None:
        self.show_corrected(name, on)
        self.switched.emit(name, on)

    def show_corrected(self, name: str, on: bool) -> None:
        """Show whether a place is put right, without a signal."""
        toggle = self.switches[name]
        toggle.blockSignals(True)
        toggle.setChecked(on)
        toggle.blockSignals(False)
        toggle.update()
        self.pairs[name].set_corrected(on)
        self._number.set_done(all(toggle.isChecked() for toggle in self.switches.values()))


class DefectsPanel(Panel):
    """All defects in order, with ways to put everything right or wrong at once."""

    changed = Signal()
    """:attr:`corrected` changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("What goes wrong in a GAN loop"), margins=(14, 0, 4, 4), parent=parent)
        self._corrected: set[str] = set()
        intro = Label(
            tr(
                "Ten mistakes of a printed program. It runs, and its losses look calm. Put one "
                "place right at a time and watch what changes."
            ),
            tone="text2",
            wrap=True,
        )
        self.all_wrong = Button(tr("All as printed"), size="s")
        self.all_right = Button(tr("All corrected"), size="s")
        self.all_wrong.clicked.connect(lambda: self.set_corrected(()))
        self.all_right.clicked.connect(lambda: self.set_corrected(SWITCHES))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.all_wrong)
        buttons.addWidget(self.all_right)
        buttons.addStretch(1)
        inside = QWidget()
        inside.setObjectName("scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 4, 10, 12)
        column.setSpacing(14)
        self.items: list[DefectItem] = []
        for number, defect in enumerate(DEFECTS, start=1):
            item = DefectItem(number, defect)
            item.switched.connect(self._on_switched)
            self.items.append(item)
            column.addWidget(item)
        column.addStretch(1)
        self.sheet = QScrollArea()
        self.sheet.setFrameShape(QFrame.Shape.NoFrame)
        self.sheet.setWidgetResizable(True)
        self.sheet.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sheet.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sheet.setWidget(inside)
        self.add(intro)
        self.add(buttons)
        self.add(self.sheet, 1)
        self._refresh()

    @property
    def corrected(self) -> frozenset[str]:
        """The places that are put right."""
        return frozenset(self._corrected)

    def switch(self, name: str) -> Toggle:
        """The switch of a place."""
        return next(item.switches[name] for item in self.items if name in item.switches)

    def set_corrected(self, names: tuple[str, ...]) -> None:
        """Put these places right and all others wrong."""
        if set(names) == self._corrected:
            return
        self._corrected = set(names)
        for item in self.items:
            for name in item.switches:
                item.show_corrected(name, name in self._corrected)
        self._refresh()
        self.changed.emit()

    def _on_switched(self, name: str, on: bool) -> None:
        (self._corrected.add if on else self._corrected.discard)(name)
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        self.all_wrong.setEnabled(bool(self._corrected))
        self.all_right.setEnabled(len(self._corrected) < len(SWITCHES))
