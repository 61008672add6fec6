"""Codes beside the plane of the data: what is drawn, what is encoded, and where each code lands."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from aegan_studio.catalog.views.plane import maps_codes
from aegan_studio.experiment.events import Event, Pictures, Views
from aegan_studio.experiment.views.plane import Manifold
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.legend import LegendItem
from aegan_studio.ui.panels.train.pictures import empty_sentence
from aegan_studio.ui.panels.train.plane.noise_square import Codes, NoiseSquare
from aegan_studio.ui.panels.train.plane.pick import NodePick
from aegan_studio.ui.theme import BODY, Theme, current_theme, on_theme, ui_font
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.formula import formula_box
from aegan_studio.ui.widgets.messages import Well
from aegan_studio.ui.widgets.numbers import MINUS
from aegan_studio.ui.widgets.painting import LEFT, draw_text, smooth
from aegan_studio.ui.widgets.panels import Panel

VIEW = "manifold"

UNSURE = 0.05
"""So far about the middle of its scale the critic cannot tell."""

LEAST_SQUARE = 72
"""Pixels along the side of the square, however small the panel."""

LINE, LEAST = 22.0, 17.0
"""Pixels from a line of what is said to the next, and in a low room."""

NUMBERS = 166
"""Pixels across that numbers need beside the square."""


class Landing(QWidget):
    """What becomes of the code that is looked at, in numbers and in a sentence.

    Painted, as its numbers change with every frame: labels would ask for new layouts.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[tuple[str, str], ...] = ()
        self._sentence = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        on_theme(self._retint)

    def _retint(self, _theme: Theme) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        """Five lines."""
        return QSize(NUMBERS, round(5 * LINE))

    def minimumSizeHint(self) -> QSize:
        """Narrow, it is cut off."""
        return QSize(NUMBERS - 40, round(4 * LEAST))

    def tell(self, lines: tuple[tuple[str, str], ...], sentence: str) -> None:
        """Show formulas, each with a colour token, and a sentence."""
        if (lines, sentence) != (self._lines, self._sentence):
            self._lines, self._sentence = lines, sentence
            self.setAccessibleDescription(" ".join([*(line for line, _ in lines), sentence]))
            self.update()

    @property
    def sentence(self) -> str:
        """What is said."""
        return self._sentence

    @property
    def lines(self) -> tuple[str, ...]:
        """The formulas shown."""
        return tuple(line for line, _ in self._lines)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A heading, formulas, and the sentence."""
        painter, theme = QPainter(self), current_theme()
        smooth(painter)
        font = ui_font(BODY)
        rows = [*(latex for latex, _ in self._lines), *([self._sentence] if self._sentence else [])]
        headed = bool(self._lines) and self.height() >= (len(rows) + 1) * LINE
        pitch = LINE if headed else min(max(self.height() / max(len(rows), 1), LEAST), LINE)
        top = 0.0
        if headed:
            room = QRectF(0, 0, self.width(), pitch - 2)
            draw_text(painter, room, tr("Where it lands"), theme.text2, font, LEFT)
            top += pitch
        for latex, token in self._lines:
            formula_box(latex, 14, theme.color(token)).paint(painter, 0.0, top + pitch / 2 + 4.5)
            top += pitch
        room = QRectF(0, top, self.width(), pitch)
        draw_text(painter, room, self._sentence, theme.text2, font, LEFT)


class NoisePanel(Panel):
    """The prior with the generator's grid, codes of samples and of data, and a code's landing."""

    def __init__(self, document: Document, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(tr("Noise"), margins=(14, 0, 14, 12), parent=parent)
        del document
        self._session = session
        self._pictures: Pictures | None = None
        self._net: Manifold | None = None
        self._fresh = False
        self._pick = NodePick.of(session)
        self.square = NoiseSquare()
        self.landing = Landing()
        self.well = Well("")
        self.legend = {
            "drawn": LegendItem("z", "generated", "square", tr("Codes that samples are made of.")),
            "encoded": LegendItem(
                "E(x)",
                "code",
                "disc",
                tr("Where the encoder puts real points; they should lie where codes are drawn."),
            ),
        }
        for kind, item in self.legend.items():
            item.toggled.connect(lambda on, kind=kind: self.square.set_shown(kind, on))
            self.add_action(item)
        self._room = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._room)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(14)
        self._row.addWidget(self.square)
        self._row.addWidget(self.landing, 1)
        self.add(self._room, 1)
        self.add(self.well, 1)
        self.square.node_hovered.connect(self._pick.choose)
        self._pick.changed.connect(self._land)
        session.event.connect(self._on_event)
        session.run_opened.connect(self._on_run)
        session.state_changed.connect(self._on_state)
        self._on_run(session)
        for kind_of in (Pictures, Views):
            latest = session.latest.get(kind_of)
            if latest is not None:
                self._on_event(latest)

    # What comes in

    def _on_event(self, event: Event) -> None:
        match event:
            case Pictures(modality="points"):
                self._pictures = event
            case Views(values=values):
                net = values.get(VIEW)
                if isinstance(net, Manifold):
                    self._net = net
                    self._fresh = True
                    self._draw()
            case _:
                pass

    def _on_run(self, _session: object) -> None:
        self._pictures = self._net = None
        encodes = "encoder" in self._session.experiment.networks
        self.set_title(tr("Codes") if encodes else tr("Noise"))
        self._on_state(self._session.state)
        self._ask()
        self._draw()

    def _on_state(self, state: str) -> None:
        if state == "empty":
            self._pictures = self._net = None
            self._draw()
        self._say_why()

    def _say_why(self) -> None:
        if maps_codes(self._session.experiment):
            invitation = tr("Press Train to see where the generator sends each code.")
            self.well.set_text(empty_sentence(self._session.state, invitation))
        else:
            self.well.set_text(tr("Codes of this model are picked from a book: there is no grid."))

    def _ask(self) -> None:
        on = self.isVisible() and maps_codes(self._session.experiment)
        self._session.want(VIEW, self, on)

    # Drawing

    def _draw(self) -> None:
        net, pictures = self._net, self._pictures
        self._room.setVisible(net is not None)
        self.well.setVisible(net is None)
        if net is None or not self.isVisible():
            return
        self._fresh = False
        drawn = None if pictures is None else pictures.sample_codes
        encoded = None if pictures is None else pictures.codes
        for kind, there in (("drawn", drawn), ("encoded", encoded)):
            self.legend[kind].setVisible(there is not None and encoded is not None)
        self.square.show_net(net, Codes(drawn, encoded))
        if net.others:
            words = tr("the first two of {count} values", count=net.others + 2)
        else:
            words = tr("hover a cell to see where G sends it")
        if words != self.subtitle:
            self.set_title(self.title, words)
        self._land(self._pick.node)

    def _land(self, node: int) -> None:
        """What becomes of a node."""
        net = self._net
        self.square.set_node(node)
        if net is None or not 0 <= node < net.count:
            self.landing.tell((), tr("Point at a cell of the grid."))
            return
        code, place = net.codes.reshape(-1, 2)[node], net.places.reshape(-1, 2)[node]
        z = _text(code[:1] if net.curve else code)
        if net.others:
            z = z[:-1] + r", \ldots)"
        lines = [(f"z = {z}", "text"), (f"G(z) = {_text(place)}", "generated")]
        sentence = ""
        if net.verdicts is not None and net.scale is not None:
            said = float(net.verdicts.reshape(-1)[node])
            lines.append((f"D(G(z)) = {_number(said)}", "text"))
            sentence = verdict_sentence(net.scale.share(said))
        self.landing.tell(tuple(lines), sentence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Numbers beside the square, or below it."""
        super().resizeEvent(event)
        margins, gap = self.body.contentsMargins(), self._row.spacing()
        wide = self.width() - margins.left() - margins.right()
        high = self.height() - self.head.height() - margins.top() - margins.bottom()
        beside = min(wide - NUMBERS - gap, high)
        above = min(wide, high - round(5 * LINE) - gap)
        ways = QBoxLayout.Direction
        self._row.setDirection(ways.TopToBottom if above > beside else ways.LeftToRight)
        self.square.setFixedSize(*[max(above, beside, LEAST_SQUARE)] * 2)

    def showEvent(self, event: QShowEvent) -> None:
        """In sight, it has a use for the grid."""
        super().showEvent(event)
        self._ask()
        self._draw()

    def hideEvent(self, event: QHideEvent) -> None:
        """Hidden, it has none."""
        super().hideEvent(event)
        self._session.want(VIEW, self, False)


def verdict_sentence(share: float) -> str:
    """What a verdict, 0 fake to 1 real, means for the generator."""
    if share < 0.5 - UNSURE:
        return tr("the critic is not fooled")
    if share > 0.5 + UNSURE:
        return tr("the critic takes it for real")
    return tr("the critic cannot tell")


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", MINUS)


def _text(values: npt.NDArray[np.float32]) -> str:
    numbers = ", ".join(_number(float(value)) for value in values)
    return f"({numbers})" if len(values) > 1 else numbers
