"""From a method's declared flow to a drawing: which column, lane and row everything takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import TermInfo
from aegan_studio.ui.panels.train.model.critics import (
    Judged,
    critic_of,
    draw_column,
    draw_pills,
    stands_apart,
)
from aegan_studio.ui.panels.train.model.draft import Draft
from aegan_studio.ui.panels.train.model.scene import Pill, Structure, terms_of

_MOST_UNDER = 2
"""Rows of pills under the lanes; terms beyond them go under “+n”."""


def structure_of(experiment: Experiment) -> Structure:
    """The drawing of an experiment's model."""
    draft = Draft(experiment.roles(), _paths(experiment))
    flow = experiment.method.flow()
    judged = {
        name: things
        for name, things in flow.judged.items()
        if name in draft.roles and name not in draft.columns
    }
    terms = {name: term for name, (term, _) in terms_of(experiment).items()}
    updated_by = {name: phase.updates for name, (_, phase) in terms_of(experiment).items()}
    drawn = _compare(draft, terms, flow.compared)
    if stands_apart(draft, judged):
        draw_column(draft, judged, [term for term in terms.values() if term.name not in drawn])
        drawn |= set(terms)
    else:
        drawn |= draw_pills(draft, judged, terms, updated_by, drawn)
    for name in draft.roles:
        if name not in draft.columns and name not in judged:
            draft.add_lone(name)
    free = [term for term in terms.values() if term.name not in drawn]
    drawn |= _loose(draft, [term for term in free if not term.signal], judged, updated_by)
    hidden = tuple(term.name for term in free if term.name not in drawn)
    return draft.finish(
        hidden,
        dict(experiment.method.weighs()),
        [part.kind for part in experiment.method.code_parts(experiment.data_info())],
    )


def _paths(experiment: Experiment) -> tuple[tuple[str, ...], ...]:
    """The flow's paths; where codes have a prior, drawing from it is shown too."""
    paths = experiment.method.flow().paths
    roles = {role.name for role in experiment.roles()}
    kinds = {part.kind for part in experiment.method.code_parts(experiment.data_info())}
    things = {name for path in paths for name in path}
    if "x-hat" in things or "z" in things:
        return paths
    made = {path[-1] for path in paths if path[0] == "noise"}
    for path in paths:
        for code, network, end in zip(path, path[1:], path[2:], strict=False):
            if end != "x-tilde" or network not in roles:
                continue
            if code in made:
                return (*paths, (code, network, "x-hat"))
            if code == "z-hat" and "learned" not in kinds:
                return (*paths, ("z", network, "x-hat"))
    return paths


def _compare(
    draft: Draft, terms: Mapping[str, TermInfo], compared: Mapping[str, tuple[str, str]]
) -> set[str]:
    """The pills of terms that measure a distance, on or between what they lie between."""
    drawn: set[str] = set()
    lines: dict[tuple[str, str], list[Pill]] = {}
    for name, (one, other) in compared.items():
        ends = draft.alias.get(one, one), draft.alias.get(other, other)
        if name in terms and all(end in draft.columns for end in ends):
            lines.setdefault(ends, []).append(draft.pill_of(terms[name]))
            drawn.add(name)
    for (one, other), pills in lines.items():
        if one == other:
            draft.add_on_return(pills, draft.columns[one])
        elif draft.adjacent(one, other):
            lane = min(draft.lane[one], draft.lane[other])
            column = draft.columns[one]
            if draft.take_mid(column, lane):
                draft.add_between(pills.pop(0), (one, other), column, lane)
            for pill in pills:
                draft.add_under(pill, column, 99)
        else:
            draft.add_line(one, other, pills)
    return drawn


def _loose(
    draft: Draft,
    terms: Iterable[TermInfo],
    judged: Judged,
    updated_by: Mapping[str, tuple[str, ...]],
) -> set[str]:
    """The pills of what remains: near the thing whose colour they wear, while there is room.

    What else belongs to a critic stays hidden: its pill tells it when asked.
    """
    drawn: set[str] = set()
    for term in terms:
        if critic_of(draft.roles, judged, term, updated_by[term.name]) is None and _near(
            draft, term
        ):
            drawn.add(term.name)
    return drawn


def _near(draft: Draft, term: TermInfo) -> bool:
    pill = draft.pill_of(term)
    made = draft.column_of("x-tilde", "x-hat")
    code = draft.column_of("z-hat", "z", "index", "noise")
    if term.color == "reconstruction" and draft.join_line("x", "x-tilde", pill):
        return True
    if term.color in ("code", "latent") and code is not None:
        if {"z-hat", "z"} <= draft.lane.keys() and draft.adjacent("z-hat", "z"):
            lane = min(draft.lane["z-hat"], draft.lane["z"])
            if draft.take_mid(code, lane):
                draft.add_between(pill, ("z-hat", "z"), code, lane)
                return True
        return draft.add_under(pill, code, _MOST_UNDER)
    if term.color == "text" or made is None:
        return draft.add_under(pill, draft.last / 2, _MOST_UNDER, ())
    return draft.add_under(pill, made, _MOST_UNDER)
