"""How two experiments differ: a list to read, each entry of which can be taken over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

from aegan_studio.experiment import Experiment, InputError
from aegan_studio.experiment.changes import look_up
from aegan_studio.experiment.options import OptionInfo, Options
from aegan_studio.messages import Message, msg

Group = Literal["dataset", "method", "networks", "training"]

GROUPS: Mapping[Group, Message] = {
    "dataset": msg("Data"),
    "method": msg("Method"),
    "networks": msg("Networks"),
    "training": msg("Training"),
}
"""The groups of differences, in order."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which two experiments differ.

    Attributes
    ----------
    path : str
        Of an option, or of a whole table whose kinds differ or which one of them lacks.
    values : tuple
        Of the first and of the second: plain values, tables for whole ones; ``None`` where an
        experiment has no such thing.
    owners : tuple of bool
        Which of them have it.
    """

    path: str
    group: Group
    values: tuple[Any, Any]
    owners: tuple[bool, bool]

    @property
    def shared(self) -> bool:
        """Whether both have it, so that one can take the other's value."""
        return all(self.owners)

    @property
    def whole(self) -> bool:
        """Whether it is a table, not a single option."""
        return any(isinstance(value, Mapping) for value in self.values)


def differences(first: Experiment, second: Experiment) -> tuple[Difference, ...]:
    """In what two experiments differ, in the order of the recipe; titles are none.

    A network of another kind is one entry, as is one that only one of them has. Left out are
    options that have no effect in either, and what comes with another method or other data.
    """
    found = [entry for entry in _between(first, second) if not _implied(entry, first, second)]
    order = list(GROUPS)
    return tuple(sorted(found, key=lambda entry: order.index(entry.group)))


def _implied(entry: Difference, first: Experiment, second: Experiment) -> bool:
    """Whether only one of them has it because of another difference that is listed."""
    head = entry.path.partition(".")[0]
    table = "method" if head == "phases" else head
    if entry.shared or table not in ("dataset", "method"):
        return False
    return bool(first.get(f"{table}.kind") != second.get(f"{table}.kind"))


def _between(first: Experiment, second: Experiment) -> Iterator[Difference]:
    done: set[str] = set()
    for path, values in first.differences(second).items():
        if path == "title":
            continue
        table = _table(path, first, second)
        if table in done:
            continue
        if table:
            done.add(table)
            pair = tuple(_value(experiment, table) for experiment in (first, second))
            yield _entry(table, (pair[0], pair[1]), first, second)
        elif _matters(path, first, second):
            yield _entry(path, values, first, second)


def _entry(path: str, values: tuple[Any, Any], first: Experiment, second: Experiment) -> Difference:
    return Difference(path, _group(path), values, (_has(first, path), _has(second, path)))


def _group(path: str) -> Group:
    head = path.partition(".")[0]
    groups: dict[str, Group] = {"dataset": "dataset", "method": "method", "networks": "networks"}
    return groups.get(head, "dataset" if head == "seed" else "training")


def _table(path: str, first: Experiment, second: Experiment) -> str:
    """The whole table that stands for this path; empty where the option speaks for itself."""
    head, _, rest = path.partition(".")
    if head not in ("networks", "phases"):
        return ""
    table = f"{head}.{rest.partition('.')[0]}"
    mine, theirs = _value(first, table), _value(second, table)
    if mine is None or theirs is None:
        return table
    if head == "networks" and (mine["kind"] != theirs["kind"] or mine["kind"] == "layers"):
        return table
    return ""


def _value(experiment: Experiment, path: str) -> Any:
    try:
        return experiment.get(path)
    except InputError:
        return None


def _has(experiment: Experiment, path: str) -> bool:
    try:
        experiment.get(path)
    except InputError:
        return False
    return True


def _matters(path: str, first: Experiment, second: Experiment) -> bool:
    """Whether the option has an effect in one of them."""
    return any(_in_effect(experiment, path) for experiment in (first, second))


def _in_effect(experiment: Experiment, path: str) -> bool:
    try:
        info = experiment.option_info(path)
    except InputError:
        return False
    if info is None:
        return True
    group: Any = experiment
    for part in path.split(".")[:-1]:
        group = group[part] if isinstance(group, Mapping) else getattr(group, part)
    return not isinstance(group, Options) or info.applies(group)


def info_of(difference: Difference, *experiments: Experiment) -> OptionInfo | None:
    """What is known of the option that differs, from the first experiment that has it."""
    for experiment in experiments:
        try:
            return experiment.option_info(difference.path)
        except InputError:
            continue
    return None


def taken(experiment: Experiment, other: Experiment, path: str) -> Experiment:
    """The experiment with another's value in one place of :func:`differences`.

    The method comes with its networks and phases, the data with networks where shapes change.

    Raises
    ------
    InputError
        The experiment cannot have it.
    """
    if path == "method.kind":
        return _with(experiment, other, ("method", "networks", "phases"))
    if path == "dataset.kind":
        plain = look_up(other.to_plain(), "dataset")
        return experiment.with_options({f"dataset.{name}": value for name, value in plain.items()})
    value = other.get(path)
    if isinstance(value, Mapping):
        return _with(experiment, other, (path,))
    return experiment.with_options({path: value})


def _with(experiment: Experiment, other: Experiment, paths: tuple[str, ...]) -> Experiment:
    plain, theirs = experiment.to_plain(), other.to_plain()
    for path in paths:
        parent, _, name = path.rpartition(".")
        place = look_up(plain, parent) if parent else plain
        place[name] = deepcopy(look_up(theirs, path))
    return Experiment.parse(plain)
