"""From the ways that a sentence tells of to the arrows of a drawn model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aegan_studio.catalog.narration.stages import Hop
from aegan_studio.experiment.parts import Flow
from aegan_studio.ui.panels.train.model.scene import Edge, Structure

TERM = "term:"


@dataclass(frozen=True, slots=True)
class Way:
    """An arrow of the drawing that is taken; ``against`` its direction where it is read back."""

    edge: Edge
    against: bool = False


def ways(structure: Structure, flow: Flow, hops: Iterable[Hop]) -> tuple[tuple[Way, ...], ...]:
    """The arrows that the hops take, in turns: those of one turn are taken at once.

    Hops that nothing is drawn for are left out.
    """
    turns: list[tuple[Way, ...]] = []
    known: set[str] = set()
    before: Hop | None = None
    for hop in hops:
        found = tuple(way for way in _of(structure, flow, hop) if _key(way) not in known)
        if not found:
            continue
        known |= {_key(way) for way in found}
        # what ends at the same place, or begins there, happens at once
        if turns and before is not None and _together(before, hop):
            turns[-1] = (*turns[-1], *found)
        else:
            turns.append(found)
        before = hop
    return tuple(turns)


def _together(one: Hop, other: Hop) -> bool:
    same = one[1] == other[1] or (one[1].startswith(TERM) and other[1].startswith(TERM))
    return same and one[0] != other[0]


def _key(way: Way) -> str:
    edge = way.edge
    ends = "against" if way.against and edge.kind == "compare" else ""
    return f"{edge.source} {edge.target} {edge.kind} {edge.side} {edge.row} {ends}"


def _of(structure: Structure, flow: Flow, hop: Hop) -> list[Way]:
    start, end = hop
    if end == "terms":
        return [Way(edge) for edge in structure.edges if edge.source == start]
    if end.startswith(TERM):
        return _to_term(structure, flow, start, end.removeprefix(TERM))
    starts, ends = _names(structure, start), _names(structure, end)
    found = [
        Way(edge)
        for edge in structure.edges
        if edge.source in starts and edge.target in ends and edge.kind != "compare"
    ]
    return found or [
        Way(edge, against=True)
        for edge in structure.edges
        if edge.source in ends and edge.target in starts and edge.kind == "judge"
    ]


def _to_term(structure: Structure, flow: Flow, start: str, term: str) -> list[Way]:
    """The arrow to a term's value, or the dashed line that it lies on."""
    starts = _names(structure, start)
    pills = {pill.name for pill in structure.pills if pill.term == term}
    found = [
        Way(edge) for edge in structure.edges if edge.source in starts and edge.target in pills
    ]
    if found:
        return found
    # it lies on the line that goes back to a network
    rows = {(pill.side, pill.row) for pill in structure.pills if pill.term == term}
    found = [
        Way(edge)
        for edge in structure.edges
        if edge.kind == "return" and (edge.side, edge.row) in rows
    ]
    pair = flow.compared.get(term)
    if found or pair is None:
        return found
    one, other = (_names(structure, thing) for thing in pair)
    return [
        Way(edge, against=edge.target in starts)
        for edge in structure.edges
        if edge.kind == "compare"
        and (
            (edge.source in one and edge.target in other)
            or (edge.source in other and edge.target in one)
        )
    ]


def _names(structure: Structure, name: str) -> set[str]:
    """The nodes that stand for a thing: itself, it again beside a critic, what it is drawn as."""
    names = {name} | {node.name for node in structure.nodes if node.name.split("@")[0] == name}
    return names | {structure.alias.get(name, name)}
