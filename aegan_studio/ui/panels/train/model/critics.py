"""Critics in a drawing: one body at the right, or pills between what they judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aegan_studio.experiment.parts import Role, TermInfo
from aegan_studio.ui.panels.train.model.draft import Draft
from aegan_studio.ui.panels.train.model.scene import Pill, thing_of

Judged = Mapping[str, tuple[str, ...]]


def stands_apart(draft: Draft, judged: Judged) -> bool:
    """Whether a single critic has room for a body: no path goes through two networks."""
    if len(judged) != 1 or draft.has_returns:
        return False
    things = [part for thing in next(iter(judged.values())) for part in thing.split("+")]
    short = draft.last <= 2
    return short and any(thing_of(thing).kind == "picture" for thing in things)


def critic_of(
    roles: Mapping[str, Role], judged: Judged, term: TermInfo, updates: Iterable[str]
) -> str | None:
    """The critic that a term belongs to: named in its formula, moved by it, or of its colour."""
    if not judged:
        return None
    for name in judged:
        symbol = roles[name].symbol
        if "_" in symbol and symbol in term.latex:
            return name
    moved = list(updates)
    if moved and all(name in judged for name in moved):
        return moved[0]
    kinds = {"generated": "picture", "latent": "code"}
    for name, things in judged.items():
        parts = [part for thing in things for part in thing.split("+")]
        if any(thing_of(part).kind == kinds.get(term.color) for part in parts):
            return name
    return None


def draw_column(draft: Draft, judged: Judged, terms: Iterable[TermInfo]) -> None:
    """The critic as a body at the right, and the terms that come out of it."""
    ((critic, things),) = judged.items()
    column = draft.last
    for thing in things:
        parts = thing.split("+")
        if not any(part in draft.columns for part in parts):
            draft.place_thing(parts[0], column)
    draft.set_critic(critic)
    for thing in sorted(things, key=lambda thing: thing.startswith("x")):
        parts = [part for part in thing.split("+") if part in draft.columns]
        last = max(parts, key=lambda part: draft.columns[part])
        letters = ", ".join(thing_of(part).formula for part in thing.split("+"))
        draft.add_edge(last, critic, f"({letters})" if "+" in thing else "")
    for name, role in draft.roles.items():  # the half that rebuilds what the critic has coded
        if name not in draft.columns and role.inputs == draft.roles[critic].outputs:
            draft.set_critic(name)
            draft.join(critic, name)
    for row, term in enumerate(terms):
        draft.add_out(draft.pill_of(term), row)


def draw_pills(
    draft: Draft,
    judged: Judged,
    terms: Mapping[str, TermInfo],
    updated_by: Mapping[str, tuple[str, ...]],
    drawn: set[str],
) -> set[str]:
    """Each critic as a pill with its term, between the things it tells apart.

    Returns the terms shown.
    """
    shown: set[str] = set()
    for critic, things in judged.items():
        own = [
            term
            for term in terms.values()
            if term.name not in drawn | shown
            and not term.signal
            and critic_of(draft.roles, judged, term, updated_by[term.name]) == critic
        ]
        # what others minimise says more than the critic's own loss
        own.sort(key=lambda term: critic in updated_by[term.name])
        term = own[0] if own else None
        if term is not None:
            shown.add(term.name)
        _draw_pill(draft, critic, things, term)
    return shown


def _draw_pill(draft: Draft, critic: str, things: tuple[str, ...], term: TermInfo | None) -> None:
    named = dict.fromkeys(part for thing in things for part in thing.split("+"))
    names = list(dict.fromkeys(draft.alias.get(name, name) for name in named))
    placed = [name for name in names if name in draft.columns]
    data = any(thing_of(name).kind == "picture" for name in names)
    base = draft.pill_of(term) if term is not None else None
    pill = Pill(
        critic,
        term.name if term is not None else "",
        "generated" if data else "latent_critic",
        "mid", 0, 0.0,
        formula=base.formula if base is not None else "",
        role=critic,
        letter=draft.roles[critic].symbol,
    )  # fmt: skip
    count: dict[int, int] = {}
    for name in placed:
        count[draft.columns[name]] = count.get(draft.columns[name], 0) + 1
    column = max(count, key=lambda column: (count[column], column), default=draft.last)
    there = sorted((n for n in placed if draft.columns[n] == column), key=draft.lane.__getitem__)
    rest = [name for name in names if name not in there]
    if rest and thing_of(rest[0]).kind == "picture":
        draft.add_satellite(rest[0], critic)
    level = [name for name in there if not draft.centred(name)]
    lanes = [draft.lane[name] for name in level]
    for lane in dict.fromkeys((*lanes, *(lane - 1 for lane in lanes))):
        touching = [name for name in level if draft.lane[name] in (lane, lane + 1)]
        if draft.take_mid(column, lane):
            draft.add_between(pill, touching, column, lane)
            return
    draft.add_under(
        pill, column, 99, [name for name in there if draft.lane[name] == draft.lanes - 1]
    )
