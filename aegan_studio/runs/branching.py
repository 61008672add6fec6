"""Branches: runs that begin with the records of another run up to one of its instants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from aegan_studio.experiment import Experiment, InputError
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs import instants
from aegan_studio.runs.folder import RunFolder
from aegan_studio.runs.records import Values

Way = Literal["exact", "weights"]
"""How a branch goes on: bit for bit, or from weights with fresh optimisers."""

ASIDE = frozenset({"title", "training.timeline"})
"""Options that have no part in what is learned."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a run was branched from.

    ``created`` tells the run apart from others that lie in the same folder later.
    """

    folder: str
    title: str
    created: str
    step: int
    exact: bool


def origin_of(facts: Mapping[str, Any]) -> Origin | None:
    """Where the run with these facts was branched from; ``None`` where it began by itself."""
    try:
        given = facts["origin"]
        return Origin(
            folder=str(given["folder"]),
            title=str(given["title"]),
            created=str(given["created"]),
            step=int(given["step"]),
            exact=bool(given["exact"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def way(then: Experiment, wanted: Experiment, *, whole: bool) -> Way:
    """How a branch with the wanted options goes on from an instant.

    Parameters
    ----------
    then, wanted : Experiment
        As they were at the instant, and as they shall be.
    whole : bool
        Whether a whole checkpoint stands at the instant.

    Raises
    ------
    StudioError
        The instant's weights do not fit the wanted networks.
    """
    before = {role.name: role for role in then.roles()}
    for role in wanted.roles():
        same = before.get(role.name) == role
        if not same or then.networks[role.name] != wanted.networks[role.name]:
            raise StudioError(
                msg("The run’s weights do not fit the changed network “{role}”.", role=role.name),
                msg("Undo the changes of data, method and networks, or start a new run with them."),
            )
    return "exact" if whole and not fixed_differences(then, wanted) else "weights"


def fixed_differences(then: Experiment, wanted: Experiment) -> tuple[str, ...]:
    """The paths at which a training would have to begin anew with its optimisers."""
    return tuple(
        path
        for path, (_, new) in then.differences(wanted).items()
        if path not in ASIDE and not (new is not None and _is_live(then, path))
    )


def _is_live(experiment: Experiment, path: str) -> bool:
    try:
        info = experiment.option_info(path)
    except InputError:  # the other has it alone
        return False
    return info is not None and info.live


def begin(
    origin: RunFolder,
    step: int,
    target: Path,
    experiment: Experiment,
    columns: tuple[str, ...],
    *,
    exact: bool,
) -> RunFolder:
    """A new run at ``target`` with all that is known of another up to ``step``.

    Parameters
    ----------
    experiment : Experiment
        What the new run trains from there on; recorded as changes at ``step``.
    columns : tuple of str
        What the new run records; others of the old run are left out.

    Raises
    ------
    StudioError
        As :meth:`RunFolder.create`; and where the disk is full.
    """
    lines = [line for line in origin.events() if line["step"] <= step]
    base, lines = _explained(origin.experiment, lines, step, experiment)
    run = RunFolder.create(target, base)
    with run:
        run.describe(
            title=experiment.title,
            origin=asdict(
                Origin(
                    folder=str(origin.path),
                    title=str(origin.facts.get("title") or origin.path.name),
                    created=str(origin.facts.get("created", "")),
                    step=step,
                    exact=exact,
                )
            ),
            step=step,
            status="paused",
            total_steps=experiment.training.steps,
        )
        run.set_columns(columns)
        run.append_steps(*_steps_of(origin, step, columns))
        for measured, values in origin.held_out():
            if measured <= step:
                run.append_held_out(measured, values)
        for line in lines:
            details = {name: line[name] for name in line.keys() - {"event", "step"}}
            run.append_event(line["event"], line["step"], **details)
        run.flush()
        instants.share(origin.path, target, step)
    return run


def _steps_of(
    origin: RunFolder, step: int, columns: tuple[str, ...]
) -> tuple[np.ndarray[Any, np.dtype[np.int64]], Values]:
    """The numbers up to a step under other columns; NaN where there are none."""
    steps, values = origin.steps()
    count = int(np.searchsorted(steps, step, side="right"))
    taken = np.full((count, len(columns)), np.nan, np.float32)
    for index, name in enumerate(columns):
        if name in origin.columns:
            taken[:, index] = values[:count, origin.columns.index(name)]
    return steps[:count], taken


def _explained(
    started: Experiment, lines: list[dict[str, Any]], step: int, wanted: Experiment
) -> tuple[Experiment, list[dict[str, Any]]]:
    """What the new run says it was started with, and events that lead from there to ``wanted``."""
    without = [line for line in lines if line["step"] < step or line["event"] != "changed"]
    for known in (lines, without):
        if _after(started, known) == wanted:
            return started, known
    now = _after(started, lines)
    if now is not None:
        changes = [
            {"event": "changed", "step": step, "path": path, "old": old, "new": new}
            for path, (old, new) in now.differences(wanted).items()
        ]
        if _after(started, [*lines, *changes]) == wanted:
            return started, [*lines, *changes]
    # options that cannot be told as changes, such as another kind of optimiser's own
    return wanted, [line for line in lines if line["event"] != "changed"]


def _after(started: Experiment, lines: list[dict[str, Any]]) -> Experiment | None:
    """The experiment after the changes among the events; ``None`` where they make no sense."""
    try:
        edits = {line["path"]: line["new"] for line in lines if line["event"] == "changed"}
        return started.with_options(edits) if edits else started
    except (InputError, KeyError, TypeError, AttributeError):
        return None
