"""Edits of an experiment's plain data by dotted path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from aegan_studio.experiment.options import Options
from aegan_studio.experiment.parts import DATASETS, LAYERS, METHODS, NETWORKS
from aegan_studio.experiment.problems import InputError, Problem, unknown_name
from aegan_studio.experiment.registry import Registry

Plain = dict[str, Any]


def merged(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> Plain:
    """``given`` over ``defaults``; where both hold tables without a ``kind``, option by option."""
    result: Plain = dict(defaults)
    for name, value in given.items():
        below = result.get(name)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            result[name] = {**below, **value}
        else:
            result[name] = value
    return result


def flat(plain: Mapping[str, Any]) -> Plain:
    """Every leaf by its dotted path; lists of numbers are leaves, lists of tables are not."""
    return dict(_leaves(plain, ""))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    children = _children(value)
    if children is None:
        yield path, value
        return
    for name, child in children:
        yield from _leaves(child, f"{path}.{name}" if path else name)


def _children(value: Any) -> list[tuple[str, Any]] | None:
    if isinstance(value, Mapping):
        return list(value.items())
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        return [(str(index), item) for index, item in enumerate(value)]
    return None


def look_up(plain: Any, path: str) -> Any:
    """The value at a dotted path; raises :class:`InputError` where there is none."""
    walked: list[str] = []
    for part in path.split("."):
        children = dict(_children(plain) or ())
        walked.append(part)
        if part not in children:
            raise InputError([unknown_name(".".join(walked), children)])
        plain = children[part]
    return plain


def in_order(edits: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The edits in batches: each change of a ``kind`` alone, outermost first, then the rest."""
    kinds = [path for path in edits if path.rpartition(".")[2] == "kind"]
    for path in sorted(kinds, key=lambda path: path.count(".")):
        yield {path: edits[path]}
    rest = {path: value for path, value in edits.items() if path not in kinds}
    if rest:
        yield rest


def edited(plain: Plain, edits: Mapping[str, Any]) -> Plain:
    """A changed copy of an experiment's plain data.

    Raises
    ------
    InputError
        For every path that does not exist.
    """
    result = deepcopy(plain)
    problems: list[Problem] = []
    for path, value in edits.items():
        parent_path, _, name = path.rpartition(".")
        try:
            parent = look_up(result, parent_path) if parent_path else result
            if name == "kind":
                _change_kind(result, parent, parent_path, value)
            else:
                look_up(result, path)
                _assign(parent, name, value)
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return result


def _assign(parent: Any, name: str, value: Any) -> None:
    if isinstance(parent, list):
        parent[int(name)] = value
    else:
        parent[name] = value


def _registry(path: str) -> Registry[Any]:
    if path == "dataset":
        return DATASETS
    if path == "method":
        return METHODS
    return NETWORKS if path.count(".") == 1 else LAYERS


def _change_kind(whole: Plain, group: Plain, path: str, kind: Any) -> None:
    registry = _registry(path)
    if not isinstance(kind, str) or kind not in registry:
        group["kind"] = kind  # parsing the whole reports it, with the known kinds
        return
    if group.get("kind") == kind:
        return
    options = registry[kind].options
    kept = {name: value for name, value in group.items() if _fits(options, name, value)}
    before = dict(group)
    group.clear()
    group.update(kept, kind=kind)
    if path == "method" or (path == "dataset" and not _alike(before, group)):
        whole["networks"] = {}  # they were made for other shapes: take the method's defaults
    if path == "method":
        whole["phases"] = {}


def _fits(options: type[Options], name: str, value: Any) -> bool:
    """Whether another kind has the option and takes the value: both may call theirs ``loss``."""
    if name not in options.model_fields:
        return False
    try:
        options.model_validate({name: value})
    except ValidationError:
        return False
    return True


def _alike(before: Plain, after: Plain) -> bool:
    """Whether the networks for one dataset do for another: both are points, say."""
    infos = [DATASETS.parse(dataset).info() for dataset in (before, after)]
    return len({(info.modality, info.shape, info.low, info.high) for info in infos}) == 1
