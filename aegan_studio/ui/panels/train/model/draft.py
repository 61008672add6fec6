"""A drawing in the making: rows over and under the lanes, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from aegan_studio.experiment.parts import Role, TermInfo
from aegan_studio.messages import msg
from aegan_studio.ui.panels.train.model.grid import Grid
from aegan_studio.ui.panels.train.model.scene import (
    PRIORS,
    Caption,
    Edge,
    NetworkShape,
    Node,
    Pill,
    Side,
    Structure,
    short_formula,
    thing_of,
    token_of,
)

Span = tuple[float, float]
_MOST_OVER = 2


def plain_pill(term: TermInfo) -> Pill:
    """A term's pill, yet without a place."""
    named = term.name.startswith(("rec", "adv"))
    word = msg("correct") if term.name.startswith("right") else msg(term.label)
    return Pill(
        term.name, term.name, token_of(term), "mid", 0, 0.0,
        formula="" if named or term.share else short_formula(term.latex),
        word=word if term.share else None, share=term.share,
    )  # fmt: skip


@dataclass(slots=True)
class _Line:
    """A dashed line in a row over or under the lanes, and the pills on it."""

    side: Side
    row: int
    span: Span
    pills: list[Pill] = field(default_factory=list)


class Draft(Grid):
    """Rows and pills while they are given out, on the grid of a flow."""

    def __init__(self, roles: Iterable[Role], paths: Sequence[Sequence[str]]) -> None:
        super().__init__(roles, paths)
        self.critic = ""
        """The one critic that stands at the right as a body of its own."""
        self._lines_back: dict[tuple[str, str], _Line] = {}
        self._mids: set[tuple[int, int]] = set()
        self._rows: dict[Side, list[list[Span]]] = {"over": [], "under": []}
        self._lines: dict[tuple[str, str], _Line] = {}
        self._pills: list[Pill] = []
        self._edges: list[Edge] = []
        self._satellites: list[Node] = []
        self._lay_returns()

    def pill_of(self, term: TermInfo) -> Pill:
        """A term's pill, yet without a place; its name differs from that of any node."""
        pill = plain_pill(term)
        taken = pill.name in self.columns or pill.name in self.roles
        return replace(pill, name=f"{term.name} (term)") if taken else pill

    # Rows over and under

    def take_row(self, side: Side, span: Span) -> int:
        """The nearest row over or under the lanes in which ``span`` of columns is free."""
        rows = self._rows[side]
        row = self._free_row(side, span)
        if row == len(rows):
            rows.append([])
        rows[row].append(span)
        return row

    def _free_row(self, side: Side, span: Span) -> int:
        for index, spans in enumerate(self._rows[side]):
            if all(span[1] <= low or span[0] >= high for low, high in spans):
                return index
        return len(self._rows[side])

    def _lay_returns(self) -> None:
        for source, target in self.returns:
            span = (self.columns[target] - 0.5, float(self.columns[source]))
            lane = max(self.spans.get(source, {self.lane.get(source, 0)}))
            side: Side = "over" if lane == 0 and self.lanes > 1 else "under"
            self._lines_back[source, target] = _Line(side, self.take_row(side, span), span)

    def add_on_return(self, pills: Iterable[Pill], column: int) -> None:
        """Put pills on the line that goes back, at a column."""
        line = next(iter(self._lines_back.values()), None)
        for pill in pills:
            if line is None or line.pills:
                self.add_under(pill, column, 3)
            else:
                line.pills.append(replace(pill, column=column))

    def add_line(self, one: str, other: str, pills: Iterable[Pill]) -> None:
        """Join two nodes over or under the lanes, with pills on the line."""
        span = tuple(sorted((float(self.columns[one]), float(self.columns[other]))))
        lanes = {self.lane.get(one, 0), self.lane.get(other, 0)}
        side: Side = "over"
        full = self.lanes == 1 and len(self._rows["over"]) >= _MOST_OVER
        if full or (self.lanes > 1 and 0 not in lanes):
            side = "under"
        row = self.take_row(side, (span[0], span[1]))
        line = _Line(side, row, (span[0], span[1]), list(pills))
        self._lines[one, other] = line

    def join_line(self, one: str, other: str, pill: Pill) -> bool:
        """Put another pill on a line that stands; says whether it stands."""
        line = self._lines.get((one, other))
        if line is None or len(line.pills) > 1:
            return False
        line.pills.append(pill)
        return True

    # Pills between lanes and under them

    def take_mid(self, column: int, lane: int) -> bool:
        """Take the place between a lane and the next; ``False`` where it is taken."""
        if (column, lane) in self._mids or not 0 <= lane < self.lanes - 1:
            return False
        if any(name in self.roles and lane in lanes for name, lanes in self.spans.items()
               if self.columns[name] == column):  # fmt: skip
            return False
        self._mids.add((column, lane))
        return True

    def add_between(self, pill: Pill, nodes: Iterable[str], column: int, lane: int) -> None:
        """A pill in a place taken between two lanes, with upright arrows from nodes to it."""
        self._pills.append(replace(pill, side="mid", row=lane, column=column))
        for node in nodes:
            self._edges.append(Edge(node, pill.name, self._ink(node, pill), "judge"))

    def add_under(self, pill: Pill, column: float, most: int, nodes: Iterable[str] = ()) -> bool:
        """A pill under the lanes at a column; ``False`` where that takes more rows than allowed."""
        span = (column - 0.9, column + 0.9)
        if self._free_row("under", span) >= most:
            return False
        row = self.take_row("under", span)
        self._pills.append(replace(pill, side="under", row=row, column=column))
        for node in nodes or (self._lowest(column) if row == 0 else ()):
            self._edges.append(Edge(node, pill.name, self._ink(node, pill), "judge"))
        return True

    def _lowest(self, column: float) -> tuple[str, ...]:
        if column != int(column):
            return ()
        found = self.taken.get((int(column), self.lanes - 1))
        return (found,) if found is not None and found in self.lane else ()

    def _ink(self, node: str, pill: Pill) -> str:
        return pill.color if pill.role or pill.color != "text2" else "text3"

    def add_lone(self, role: str) -> None:
        """A network that the flow does not mention: its letter, under the lanes."""
        pill = Pill(role, "", "text2", "under", 0, 0.0, role=role, letter=self.roles[role].symbol)
        self.add_under(pill, self.last / 2, 99)

    def add_satellite(self, thing: str, pill: str) -> None:
        """A thing once more, small, at the right of a pill."""
        known = thing_of(thing)
        self._satellites.append(
            Node(
                f"{thing}@{pill}", known.kind, 0, (0, 0), known.formula, known.color,
                known.label, content=known.content, caption="right", beside=pill,
            )
        )  # fmt: skip
        self._edges.append(Edge(f"{thing}@{pill}", pill, known.color, "judge"))

    def add_out(self, pill: Pill, row: int) -> None:
        """A pill at the right end, fed by the critic that stands there."""
        self._pills.append(replace(pill, side="out", row=row, column=self.last + 1))
        self._edges.append(Edge(self.critic, pill.name, "text3", side="out"))

    def set_critic(self, name: str) -> None:
        """Let a critic stand at the right over all lanes."""
        column = self.last + 1
        self.columns[name] = column
        self.taken[column, 0] = name
        self.spans[name] = set(range(self.lanes))
        self.critic = name

    def join(self, one: str, other: str) -> None:
        """A plain arrow from network to network."""
        self._edges.append(Edge(one, other, "text3"))

    def add_edge(self, source: str, target: str, formula: str) -> None:
        """An arrow beside those of the paths."""
        color = thing_of(source).color
        self._edges.append(Edge(source, target, color, "flow", formula))

    # The end

    def finish(
        self, hidden: tuple[str, ...], weights: dict[str, str], kinds: Sequence[str]
    ) -> Structure:
        """The drawing; ``kinds`` say how codes are drawn."""
        unders = len(self._rows["under"])
        if hidden and not self.critic and not self._rows["over"]:
            unders = max(unders, 1)
        pills = list(self._pills)
        for line in (*self._lines.values(), *self._lines_back.values()):
            middle = (line.span[0] + line.span[1]) / 2
            pills += [
                replace(pill, side=line.side, row=line.row, column=pill.column or middle)
                for pill in line.pills
            ]
        return Structure(
            columns=self.last + 1 + any(pill.side == "out" for pill in pills),
            lanes=self.lanes,
            overs=len(self._rows["over"]),
            unders=unders,
            nodes=(*self._nodes(kinds), *self._satellites),
            edges=(*self._all_edges(), *self._edges),
            pills=tuple(pills),
            hidden=hidden,
            weights=weights,
            alias=dict(self.alias),
        )

    def _nodes(self, kinds: Sequence[str]) -> Iterable[Node]:
        whole = (0, self.lanes - 1)
        made = {other for _, other in self.flow}
        for name, column in self.columns.items():
            if name in self.roles:
                lanes = self.spans[name]
                alone = self.alone(name) and not self.passed(name)
                span = whole if alone else (min(lanes), max(lanes))
                yield self._network(self.roles[name], column, span)
                continue
            if name in self.alias:
                continue
            thing = thing_of(name)
            lane = self.lane[name]
            centred = self.centred(name)
            formula = thing.formula
            caption: Caption = "none"
            if thing.kind == "picture":
                judged = any(edge.source == name and edge.kind == "judge" for edge in self._edges)
                caption = "aside" if judged and self.lanes == 1 else "below"
                caption = "right" if column == self.last else caption
            elif column == 0 and name not in made:
                caption = "below"
                if name == "z" and len(set(kinds)) == 1:
                    formula = PRIORS.get(kinds[0], formula)
            yield Node(
                name, thing.kind, column, whole if centred else (lane, lane), formula,
                thing.color, thing.label, thing.word, content=thing.content, caption=caption,
            )  # fmt: skip

    def _network(self, role: Role, column: int, lanes: tuple[int, int]) -> Node:
        before = [thing_of(one) for one, other in self._all_flow() if other == role.name]
        after = [thing_of(other) for one, other in self._all_flow() if one == role.name]
        takes = any(thing.kind == "picture" for thing in before)
        gives = any(thing.kind == "picture" for thing in after)
        shape: NetworkShape = "block"
        tint: tuple[str, ...] = ("code",)
        if column > max(self.columns[name] for pair in self.flow for name in pair):
            seen = [
                (self.lane[edge.source], edge.color)
                for edge in self._edges
                if edge.target == role.name and edge.source in self.lane
            ]
            tint = tuple(dict.fromkeys(color for _, color in sorted(seen))) or ("text3",)
            shape = "narrow" if seen else "widen"
            if role.inputs == role.outputs:
                shape = "waist"
        elif takes and not gives:
            shape, tint = "narrow", ("real",)
        elif gives and not takes:
            shape, tint = "widen", ("generated",)
        return Node(
            role.name, "network", column, lanes, role.symbol, "text", msg(role.label),
            role=role.name, shape=shape, tint=tint,
        )  # fmt: skip

    def _all_flow(self) -> list[tuple[str, str]]:
        return [*self.flow, *self.returns]

    def _all_edges(self) -> Iterable[Edge]:
        for one, other in self.flow:
            thing = other if one in self.roles else one
            known = thing_of(thing)
            letter = ""
            if known.kind == "code":
                source_known = self.alias.get(thing, thing) == thing and thing == one
                captioned = source_known and self.columns[one] == 0
                produced = thing in {target for _, target in self.flow}
                if not captioned and (thing == other or not produced):
                    letter = known.formula
            yield Edge(
                self.alias.get(one, one), self.alias.get(other, other), known.color,
                formula=letter,
            )  # fmt: skip
        for (one, other), line in self._lines_back.items():
            ink = thing_of(one).color
            yield Edge(self.alias.get(one, one), other, ink, "return", side=line.side, row=line.row)
        for (one, other), line in self._lines.items():
            ink = line.pills[0].color if line.pills else "text3"
            yield Edge(one, other, ink, "compare", side=line.side, row=line.row)
