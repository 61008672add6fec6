"""The layout of mathematics: boxes beside, above and within boxes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
)

from aegan_studio.ui.theme import Theme, formula_font
from aegan_studio.ui.widgets.formula_parser import (
    Accent,
    Atom,
    Big,
    Fenced,
    Fraction,
    Node,
    Root,
    Row,
    Scripts,
    Space,
    parse,
)

Draw = Callable[[QPainter, float, float], None]
_SCRIPT_SCALE, _SMALLEST = 0.70, 8


@dataclass(slots=True)
class Box:
    """What takes ``width`` × (``ascent`` + ``descent``) px about a base line."""

    width: float
    ascent: float
    descent: float
    draws: list[tuple[float, float, Draw]] = field(default_factory=list)
    lean: float = 0.0

    def put(self, other: Box, x: float, y: float) -> None:
        """Draw another box with its base line's start at (x, y)."""
        self.draws.extend((x + dx, y + dy, draw) for dx, dy, draw in other.draws)
        self.ascent = max(self.ascent, other.ascent - y)
        self.descent = max(self.descent, other.descent + y)

    def paint(self, painter: QPainter, x: float, y: float) -> None:
        """Paint with the base line's start at (x, y)."""
        for dx, dy, draw in self.draws:
            draw(painter, x + dx, y + dy)


def role_color(node: Node, theme: Theme) -> str | None:
    """The colour of a symbol that names a role: x, x̂, x̃, any z, Dx, Dz."""
    match node:
        case Atom("x", "italic"):
            return theme.real
        case Accent("hat", Atom("x")):
            return theme.generated
        case Accent("tilde", Atom("x")):
            return theme.reconstruction
        case Atom("z", "italic") | Accent(_, Atom("z")):
            return theme.code
        case Scripts(Atom("D"), Atom("x"), None):
            return theme.generated
        case Scripts(Atom("D"), Atom("z"), None):
            return theme.latent_critic
    return None


class _Layout:
    def __init__(self, color: QColor | str, theme: Theme | None) -> None:
        self._color = QColor(color)
        self._theme = theme
        self._tight = False

    def box(self, node: Node, size: float) -> Box:
        before = self._color
        role = role_color(node, self._theme) if self._theme is not None else None
        if role is not None:
            self._color = QColor(role)
        try:
            match node:
                case Atom():
                    return self._atom(node, size)
                case Space(em):
                    return Box(em * size, 0, 0)
                case Row(items):
                    return self._row(items, size)
                case Scripts(base, sub, sup):
                    theme, self._theme = self._theme, None if role else self._theme
                    result = self._scripts(base, sub, sup, size)
                    self._theme = theme
                    return result
                case Accent(kind, body):
                    theme, self._theme = self._theme, None if role else self._theme
                    result = self._accent(kind, body, size)
                    self._theme = theme
                    return result
                case Fraction(over, under, small):
                    return self._fraction(over, under, size * (0.72 if small else 0.9))
                case Root(body):
                    return self._root(body, size)
                case Big(text):
                    return self._big(text, size)
                case Fenced(left, body, right):
                    return self._fenced(left, body, right, size)
        finally:
            self._color = before

    def _text(self, text: str, font: QFont) -> Box:
        metrics = QFontMetricsF(font)
        ink = metrics.tightBoundingRect(text)
        color = QColor(self._color)

        def draw(painter: QPainter, x: float, y: float) -> None:
            painter.setFont(font)
            painter.setPen(color)
            painter.drawText(QPointF(x, y), text)

        width = metrics.horizontalAdvance(text)
        box = Box(width, max(-ink.top(), 0), max(ink.bottom(), 0), [(0, 0, draw)])
        box.lean = max(ink.right() - width, 0)
        return box

    def _atom(self, atom: Atom, size: float) -> Box:
        font = formula_font(max(round(size), _SMALLEST), italic=atom.kind == "italic")
        if atom.kind == "bold":
            font.setBold(True)
        return self._text(atom.text, font)

    def _row(self, items: tuple[Node, ...], size: float) -> Box:
        row = Box(0, 0, 0)
        x = 0.0
        for index, node in enumerate(items):
            before, after = (0.0, 0.0) if self._tight else self._gaps(items, index)
            box = self.box(node, size)
            x += before * size
            row.put(box, x, 0)
            x += box.width + after * size
            follows = items[index + 1] if index + 1 < len(items) else None
            if box.lean and isinstance(follows, Atom) and follows.kind != "italic":
                x += box.lean
        row.width = x
        return row

    @staticmethod
    def _gaps(items: tuple[Node, ...], index: int) -> tuple[float, float]:
        node = items[index]
        if not isinstance(node, Atom):
            return 0.0, 0.17 if isinstance(node, Big) else 0.0
        before = items[index - 1] if index else None
        unary = before is None or (
            isinstance(before, Atom) and before.kind in ("open", "relation", "binary", "punct")
        )
        last = index == len(items) - 1
        match node.kind:
            case "relation":
                return (0.0 if index == 0 else 0.28), (0.0 if last else 0.28)
            case "binary":
                return (0.0, 0.0) if unary else (0.22, 0.0 if last else 0.22)
            case "punct":
                return 0.0, 0.0 if last else 0.18
            case "function":
                follows = items[index + 1] if not last else None
                opens = isinstance(follows, Atom) and follows.kind == "open"
                return (0.0 if unary else 0.1), (0.0 if opens or last else 0.17)
        return 0.0, 0.0

    def _scripts(self, base: Node, sub: Node | None, sup: Node | None, size: float) -> Box:
        body = self.box(base, size)
        outer, self._tight = self._tight, True
        try:
            if isinstance(base, Big):
                return self._limits(body, sub, sup, size)
            return self._beside(body, sub, sup, size)
        finally:
            self._tight = outer

    def _beside(self, body: Box, sub: Node | None, sup: Node | None, size: float) -> Box:
        small = max(size * _SCRIPT_SCALE, _SMALLEST)
        result = Box(body.width, body.ascent, body.descent, list(body.draws))
        widest = 0.0
        if sup is not None:
            high = self.box(sup, small)
            rise = max(body.ascent - 0.55 * high.ascent, 0.36 * size)
            result.put(high, body.width + body.lean + 0.02 * size, -rise)
            widest = max(widest, high.width + body.lean)
        if sub is not None:
            low = self.box(sub, small)
            drop = max(0.18 * size, body.descent + 0.02 * size)
            result.put(low, body.width + 0.01 * size, min(drop, 0.4 * size))
            widest = max(widest, low.width)
        result.width = body.width + widest + 0.06 * size
        return result

    def _limits(self, body: Box, sub: Node | None, sup: Node | None, size: float) -> Box:
        small = max(size * _SCRIPT_SCALE, _SMALLEST)
        low = self.box(sub, small) if sub is not None else Box(0, 0, 0)
        high = self.box(sup, small) if sup is not None else Box(0, 0, 0)
        width = max(body.width, low.width, high.width)
        result = Box(width, 0, 0)
        result.put(body, (width - body.width) / 2, 0)
        if sup is not None:
            gap = body.ascent + 0.12 * size + high.descent
            result.put(high, (width - high.width) / 2, -gap)
        if sub is not None:
            result.put(low, (width - low.width) / 2, body.descent + 0.12 * size + low.ascent)
        result.width += 0.17 * size
        return result

    def _accent(self, kind: str, body: Node, size: float) -> Box:
        inner = self.box(body, size)
        result = Box(inner.width, inner.ascent, inner.descent, list(inner.draws))
        result.lean = inner.lean
        width = max(0.36 * size, min(inner.width * 0.8, 1.2 * size))
        slant = 0.06 * size if isinstance(body, Atom) and body.kind == "italic" else 0.0
        left = (inner.width - width) / 2 + slant
        bottom = -inner.ascent - 0.10 * size
        height = 0.16 * size
        color, pen_width = QColor(self._color), max(1.0, size * 0.065)

        def draw(painter: QPainter, x: float, y: float) -> None:
            pen = QPen(color, pen_width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(_accent_path(kind, x + left, y + bottom, width, height))

        result.draws.append((0, 0, draw))
        result.ascent += 0.10 * size + height + pen_width
        return result

    def _fraction(self, over: Node, under: Node, size: float) -> Box:
        top, bottom = self.box(over, size), self.box(under, size)
        width = max(top.width, bottom.width) + 0.3 * size
        axis, gap = 0.28 * size, 0.16 * size
        result = Box(width, 0, 0)
        result.put(top, (width - top.width) / 2, -axis - gap - top.descent)
        result.put(bottom, (width - bottom.width) / 2, -axis + gap + bottom.ascent)
        color = QColor(self._color)

        def draw(painter: QPainter, x: float, y: float) -> None:
            thick = max(1.0, size * 0.055)
            painter.fillRect(QRectF(x + 0.05 * size, y - axis, width - 0.1 * size, thick), color)

        result.draws.append((0, 0, draw))
        return result

    def _root(self, body: Node, size: float) -> Box:
        inner = self.box(body, size)
        lead = 0.6 * size
        result = Box(lead + inner.width + 0.1 * size, 0, 0)
        result.put(inner, lead, 0)
        top, low = inner.ascent + 0.16 * size, inner.descent
        color = QColor(self._color)

        def draw(painter: QPainter, x: float, y: float) -> None:
            path = QPainterPath(QPointF(x + 0.05 * size, y - 0.25 * size))
            path.lineTo(x + 0.2 * size, y - 0.32 * size)
            path.lineTo(x + 0.36 * size, y + low)
            path.lineTo(x + 0.54 * size, y - top)
            path.lineTo(x + result.width, y - top)
            painter.setPen(QPen(color, max(1.0, size * 0.06)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)

        result.draws.append((0, 0, draw))
        result.ascent = top + 1
        return result

    def _big(self, text: str, size: float) -> Box:
        box = self._text(text, formula_font(round(size * 1.4)))
        shifted = Box(box.width, 0, 0)
        shifted.put(box, 0, (box.ascent - box.descent) / 2 - 0.28 * size)
        return shifted

    def _fenced(self, left: str, body: Node, right: str, size: float) -> Box:
        inner = self.box(body, size)
        axis = 0.28 * size
        reach = max(inner.ascent - axis, inner.descent + axis, 0.45 * size)
        grown = min(max(size, reach * 2.1), size * 2.6)
        result = Box(0, 0, 0)
        x = 0.0
        for part in (left, None, right):
            if part is None:
                result.put(inner, x, 0)
                x += inner.width
            elif part:
                fence = self._text(part, formula_font(round(grown)))
                drop = (fence.ascent - fence.descent) / 2 - axis
                result.put(fence, x, drop)
                x += fence.width
        result.width = x
        return result


def _accent_path(kind: str, x: float, y: float, width: float, height: float) -> QPainterPath:
    """The stroke of an accent whose lower left corner is (x, y)."""
    path = QPainterPath()
    match kind:
        case "hat":
            path.moveTo(x, y)
            path.lineTo(x + width / 2, y - height)
            path.lineTo(x + width, y)
        case "tilde":
            mid, swing = y - height * 0.5, height * 0.95
            path.moveTo(x, mid + swing * 0.3)
            path.cubicTo(
                x + width * 0.3, mid - swing, x + width * 0.6, mid + swing,
                x + width, mid - swing * 0.3,
            )  # fmt: skip
        case "dot":
            path.addEllipse(QPointF(x + width / 2, y - height / 2), height / 4, height / 4)
        case _:
            path.moveTo(x, y - height * 0.4)
            path.lineTo(x + width, y - height * 0.4)
            if kind == "vec":
                path.moveTo(x + width - height * 0.7, y - height)
                path.lineTo(x + width, y - height * 0.4)
                path.lineTo(x + width - height * 0.7, y + height * 0.2)
    return path


def formula_box(latex: str, size: float, color: QColor | str, theme: Theme | None = None) -> Box:
    """Lay a formula out; with a theme, symbols of roles take on their colours."""
    return _Layout(color, theme).box(parse(latex), size)


def paint_formula(
    painter: QPainter,
    rect: QRectF,
    latex: str,
    size: float,
    color: QColor | str,
    *,
    theme: Theme | None = None,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
) -> None:
    """Paint a formula within ``rect``, centred vertically by its letters."""
    box = formula_box(latex, size, color, theme)
    x = rect.center().x() - box.width / 2
    if align & Qt.AlignmentFlag.AlignLeft:
        x = rect.left()
    elif align & Qt.AlignmentFlag.AlignRight:
        x = rect.right() - box.width
    tall = box.ascent + box.descent > 2.0 * size
    middle = (box.ascent - box.descent) / 2 if tall else 0.30 * size
    box.paint(painter, x, rect.center().y() + middle)
