"""Where everything of a drawn model stands, in logical pixels, for one size of the view."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF

from aegan_studio.ui.panels.train.model.levels import LEVELS, MORE, Placement, picture_side
from aegan_studio.ui.panels.train.model.lines import Lines, clear_of
from aegan_studio.ui.panels.train.model.scene import Node, Pill, Structure
from aegan_studio.ui.widgets.painting import snap

Measure = Callable[[Pill, int], float]
Words = Callable[[Node], float]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Heights: the top and height of each lane, and the middle of each row of pills."""

    lanes: tuple[tuple[float, float], ...]
    overs: tuple[float, ...]
    unders: tuple[float, ...]
    mids: tuple[float, ...]
    captions: bool

    @property
    def lane(self) -> float:
        """The height of a lane."""
        return self.lanes[0][1]

    def middle(self, node: Node) -> float:
        """The height that a node stands at."""
        first, last = self.lanes[node.lanes[0]], self.lanes[node.lanes[1]]
        return (first[0] + last[0] + last[1]) / 2


def place(
    structure: Structure,
    width: float,
    height: float,
    *,
    ratio: float = 1.0,
    side: int = 0,
    measure: Measure = lambda pill, level: 84.0 if level < 2 else 64.0,
    words: Words = lambda node: 60.0 if node.word is not None else 0.0,
) -> Placement:
    """Lay a structure out in ``width`` × ``height`` pixels.

    Parameters
    ----------
    ratio : float
        Device pixels per logical pixel.
    side : int
        Image pixels along a side of the pictures; 0 leaves their boxes as they are.
    measure : callable
        Width of a pill in pixels at a level.
    words : callable
        Width of the word beside a node's letter.
    """
    for index in range(len(LEVELS)):
        plan = _Plan(structure, width, height, index, ratio, side, measure, words)
        if plan.fits:
            return plan.placement()
    if plan.crowded:
        few = _fewer(structure)
        plan = _Plan(few, width, height, len(LEVELS) - 1, ratio, side, measure, words)
    return plan.placement()


def _fewer(structure: Structure) -> Structure:
    """With one row each over and under the lanes; what was further out goes under “+n”."""
    out = [pill for pill in structure.pills if pill.side in ("over", "under") and pill.row > 0]
    beside = {pill.name for pill in out}
    return replace(
        structure,
        overs=min(structure.overs, 1),
        unders=min(max(structure.unders, 1), 1),
        nodes=tuple(node for node in structure.nodes if node.beside not in beside or not beside),
        pills=tuple(pill for pill in structure.pills if pill not in out),
        edges=tuple(
            replace(edge, row=0) if edge.kind == "return" else edge
            for edge in structure.edges
            if edge.row == 0 or edge.kind == "return"
        ),
        hidden=(*structure.hidden, *(pill.term for pill in out if pill.term)),
    )


class _Plan:
    """A structure at one level of tightness."""

    def __init__(
        self,
        structure: Structure,
        width: float,
        height: float,
        index: int,
        ratio: float,
        side: int,
        measure: Measure,
        words: Words,
    ) -> None:
        self._structure = structure
        self._width, self._height = width, height
        self._index, self._level = index, LEVELS[index]
        self._ratio, self._side = ratio, side
        self._words = words
        self._pill_width = {pill.name: measure(pill, index) for pill in structure.pills}
        self._beside = {node.beside: node for node in structure.nodes if node.beside}
        self._rows = self._lay_rows()
        self._sizes = {node.name: self._size(node) for node in structure.nodes}
        self._xs, slack = self._lay_columns()
        self.crowded = self._rows.lane < 12
        tight = self._rows.lane < (30 if structure.lanes > 1 else 44)
        self.fits = slack >= 0 and not self.crowded and (not tight or index >= 3)

    # Heights

    def _lay_rows(self) -> _Rows:
        s, level, height = self._structure, self._level, self._height
        pitch = level.pill + 4
        mids: list[float] = []
        for lane in range(s.lanes - 1):
            has_pill = any(pill.side == "mid" and pill.row == lane for pill in s.pills)
            below = any(self._caption_below(node, lane) for node in s.nodes)
            mids.append(level.pill + 2 * level.air if has_pill else 26.0 if below else 12.0)
        last = s.lanes - 1
        caption: float = (
            20.0
            if s.lanes > 1 and any(self._caption_below(node, last) for node in s.nodes)
            else 0.0
        )
        fixed = (s.overs + s.unders) * pitch + sum(mids) + caption + 4
        captions = (height - fixed) / s.lanes >= 30
        if caption and not captions:
            fixed -= caption
            caption = 0.0
        most = 76.0 if s.lanes > 1 else 150.0
        tall = min(max((height - fixed) / s.lanes, 8.0), most)
        spare = max(height - fixed - tall * s.lanes, 0.0)
        if mids:
            more = min(spare / len(mids), 0.8 * max(mids))
            mids = [mid + more for mid in mids]
            spare -= more * len(mids)
        y = 2 + spare / 2
        overs = tuple(y + (s.overs - 1 - row + 0.5) * pitch - 2 for row in range(s.overs))
        y += s.overs * pitch
        lanes, middles = [], []
        for index in range(s.lanes):
            lanes.append((y, tall))
            y += tall
            if index < last:
                middles.append(y + mids[index] / 2)
                y += mids[index]
        y += caption
        unders = tuple(y + (row + 0.5) * pitch + 2 for row in range(s.unders))
        return _Rows(tuple(lanes), overs, unders, tuple(middles), captions)

    @staticmethod
    def _caption_below(node: Node, lane: int) -> bool:
        return node.caption == "below" and node.lanes == (lane, lane) and not node.beside

    def _size(self, node: Node) -> tuple[float, float]:
        lane, single = self._rows.lane, self._structure.lanes == 1
        spans = node.lanes[1] > node.lanes[0]
        if node.beside:
            room = min(self._level.pill, 24.0)
            across = picture_side(room, self._side, self._ratio) if node.kind == "picture" else room
            return across, min(across, room)
        if node.kind == "network":
            low, high = self._rows.lanes[node.lanes[0]], self._rows.lanes[node.lanes[1]]
            whole = high[0] + high[1] - low[0]
            return self._level.network, min(whole + (2 if spans else 0), 160.0 if single else 999)
        if node.kind == "picture":
            room = min(lane * (0.64 if single else 1.0), 96.0)
            if spans:
                room = min(lane * 1.25, 96.0)
            across = picture_side(room, self._side, self._ratio)
            return across, across
        high_ = lane * (0.42 if single else 0.8)
        return self._level.code * (1.15 if single else 1), min(max(high_, 8.0), 60.0)

    # Widths

    def _lay_columns(self) -> tuple[list[float], float]:
        s, level = self._structure, self._level
        half = [0.0] * s.columns
        pill_half = [0.0] * s.columns
        for node in s.nodes:
            if not node.beside:
                half[node.column] = max(half[node.column], self._sizes[node.name][0] / 2)
        right_of = [0.0] * s.columns
        for pill in s.pills:
            column, wide = round(pill.column), self._pill_width[pill.name] / 2
            if pill.side == "out":
                half[column] = max(half[column], wide)
            elif pill.side == "mid":
                pill_half[column] = max(pill_half[column], wide)
                right_of[column] = max(right_of[column], wide + self._satellite(pill))
        gaps = []
        for column in range(s.columns - 1):
            lettered = any(
                edge.formula
                and {edge.source, edge.target} & self._at(column)
                and {edge.source, edge.target} & self._at(column + 1)
                for edge in s.edges
            )
            arrow = level.lettered if lettered else level.arrow
            if any(e.kind == "return" and e.target in self._at(column + 1) for e in s.edges):
                arrow = max(arrow, 26.0)
            need = half[column] + arrow + half[column + 1]
            if pill_half[column + 1]:
                need = max(need, half[column] + 6 + pill_half[column + 1])
            if right_of[column]:
                need = max(need, right_of[column] + 6 + half[column + 1])
            gaps.append(need)
        first, last = self._margins(half, right_of)
        slack = self._width - first - last - sum(gaps)
        if slack < 0:
            shrink = max((self._width - first - last) / max(sum(gaps), 1), 0.1)
            gaps = [gap * shrink for gap in gaps]
            return self._columns(first, gaps), slack
        grow = min(slack * 0.94, 0.75 * sum(gaps))
        share = grow / len(gaps) if gaps else 0.0
        gaps = [gap + share for gap in gaps]
        return self._columns(first + (slack - grow) / 2, gaps), slack

    def _columns(self, first: float, gaps: Iterable[float]) -> list[float]:
        xs = [first]
        for gap in gaps:
            xs.append(xs[-1] + gap)
        return xs

    def _at(self, column: int) -> set[str]:
        s = self._structure
        out = {pill.name for pill in s.pills if pill.side == "out" and pill.column == column}
        return out | {n.name for n in s.nodes if n.column == column and not n.beside}

    def _satellite(self, pill: Pill) -> float:
        """The pixels that what stands small beside a pill takes."""
        node = self._beside.get(pill.name)
        return 0.0 if node is None else 20.0 + self._sizes[node.name][0] + 16.0

    def _margins(self, half: list[float], right_of: list[float]) -> tuple[float, float]:
        s = self._structure
        first, last = half[0], max(half[-1], right_of[-1])
        for node in s.nodes:
            if node.beside:
                continue
            letter = 16.0 + (self._words(node) if self._level.words else 0.0)
            if node.caption == "right" and node.column == s.columns - 1:
                last = max(last, self._sizes[node.name][0] / 2 + 8 + letter)
            elif node.caption == "below" and node.column == 0:
                wide = 76.0 if len(node.formula) > 8 else letter
                first = max(first, wide / 2)
        for pill in s.pills:
            wide = self._pill_width[pill.name] / 2
            if pill.side in ("over", "under"):
                if pill.column < 0.5:
                    first = max(first, wide)
                elif pill.column > s.columns - 1.5:
                    last = max(last, wide + self._satellite(pill))
        return first + 4, last + 4

    # All of it

    def placement(self) -> Placement:
        """Rectangles and lines."""
        s, level = self._structure, self._level
        rects: dict[str, QRectF] = {}
        for node in s.nodes:
            if not node.beside:
                wide, high = self._sizes[node.name]
                rects[node.name] = self._rect(
                    self._xs[node.column], self._rows.middle(node), wide, high
                )
        hidden = self._lay_pills(rects)
        for name, node in self._beside.items():
            wide, high = self._sizes[node.name]
            pill = rects[name]
            x = pill.right() + 20 + wide / 2
            rects[node.name] = self._rect(x, pill.center().y(), wide, high)
        lines = Lines(rects, self._rows.overs, self._rows.unders, self._ratio)
        pills = [rects[pill.name] for pill in s.pills if pill.name in rects]
        edges = tuple(
            clear_of(pills, lines.of(edge))
            for edge in s.edges
            if edge.source in rects and edge.target in rects
        )
        return Placement(
            self._index, level.network / 66, self._width, self._height, rects, edges, hidden
        )

    def _rect(self, x: float, y: float, width: float, height: float) -> QRectF:
        """A rectangle around (x, y), on device pixels."""
        ratio = self._ratio
        return QRectF(
            snap(x - width / 2, ratio), snap(y - height / 2, ratio),
            snap(width, ratio), snap(height, ratio),
        )  # fmt: skip

    def _lay_pills(self, rects: dict[str, QRectF]) -> tuple[str, ...]:
        s, tall = self._structure, self._level.pill
        hidden = list(s.hidden)
        out = [pill for pill in s.pills if pill.side == "out"]
        room = max(int((self._height - 4) // (tall + 4)), 1)
        if len(out) > room:
            hidden = [pill.term for pill in out[room - 1 :]] + hidden
            out = out[: room - 1]
        stacked = len(out) + (1 if hidden and s.columns and self._has_out else 0)
        pitch = min((self._height - 4 - tall) / max(stacked - 1, 1), tall + 14)
        for index, pill in enumerate(out):
            y = self._height / 2 + (index - (stacked - 1) / 2) * pitch
            rects[pill.name] = self._rect(self._xs[-1], y, self._out_width(), tall)
        rows: dict[tuple[str, int], list[tuple[float, float, str]]] = {}
        for pill in s.pills:
            if pill.side == "out":
                continue
            ys = {"over": self._rows.overs, "under": self._rows.unders, "mid": self._rows.mids}
            wide = self._pill_width[pill.name]
            x, y = self._x(pill.column), ys[pill.side][pill.row]
            rects[pill.name] = self._rect(x, y, wide, tall)
            rows.setdefault((pill.side, pill.row), []).append((x, wide, pill.name))
        if hidden:
            wide = 20.0 + 8 * len(str(len(hidden)))
            if self._has_out:
                y = self._height / 2 + (stacked - 1) / 2 * pitch
                rects[MORE] = self._rect(self._xs[-1], y, self._out_width(), tall)
            else:
                y = self._rows.unders[-1] if s.unders else self._rows.overs[-1]
                rects[MORE] = self._rect(self._width - wide / 2 - 1, y, wide, tall)
        for (side, row), found in rows.items():
            limit = self._width - 1
            beside = ("under", s.unders - 1) if s.unders else ("over", s.overs - 1)
            if MORE in rects and (side, row) == beside:
                limit = rects[MORE].left() - 4
            self._push_apart(rects, sorted(found, key=lambda pill: pill[0]), limit)
        return tuple(hidden)

    @property
    def _has_out(self) -> bool:
        return any(pill.side == "out" for pill in self._structure.pills)

    def _out_width(self) -> float:
        s = self._structure
        return max(self._pill_width[pill.name] for pill in s.pills if pill.side == "out")

    def _x(self, column: float) -> float:
        low = min(int(column), len(self._xs) - 1)
        high = min(low + 1, len(self._xs) - 1)
        return self._xs[low] + (column - low) * (self._xs[high] - self._xs[low])

    def _push_apart(
        self, rects: dict[str, QRectF], found: list[tuple[float, float, str]], limit: float
    ) -> None:
        """Keep the pills of a row from touching; those of one place stand around it."""
        together: dict[float, list[tuple[float, str]]] = {}
        for x, wide, name in found:
            together.setdefault(x, []).append((wide, name))
        left = 1.0
        for x, pills in together.items():
            start = x - (sum(wide for wide, _ in pills) + 6 * (len(pills) - 1)) / 2
            for wide, name in pills:
                rects[name].moveLeft(snap(max(start, left), self._ratio))
                left = start = rects[name].left() + wide + 6
        for _, wide, name in reversed(found):
            rects[name].moveLeft(snap(min(rects[name].left(), limit - wide), self._ratio))
            limit = rects[name].left() - 6
