"""What exists, for people as tables and for programs as JSON. Loads no torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from aegan_studio.catalog import models
from aegan_studio.catalog.demos import Demo
from aegan_studio.catalog.demos import demos as all_demos
from aegan_studio.catalog.models import FAMILIES, options_of
from aegan_studio.catalog.recipes import Recipe
from aegan_studio.catalog.recipes import recipes as all_recipes
from aegan_studio.cli.output import print_json, table
from aegan_studio.experiment.options import OptionInfo, Options, describe
from aegan_studio.experiment.parts import (
    DATASETS,
    METHODS,
    DatasetOptions,
    NamedModel,
)
from aegan_studio.experiment.registry import Entry
from aegan_studio.i18n import tr
from aegan_studio.messages import Message, StudioError, msg


def recipes(as_json: bool) -> None:
    """All recipes."""
    if as_json:
        print_json([_recipe(recipe) for recipe in all_recipes()])
        return
    table(
        (tr("Recipe"), tr("Title"), tr("About")),
        ((recipe.name, tr(recipe.title), tr(recipe.help)) for recipe in all_recipes()),
    )


def demos(as_json: bool) -> None:
    """All bundled demos."""
    if as_json:
        print_json([_demo(demo) for demo in all_demos()])
        return
    table(
        (tr("Demo"), tr("Title"), tr("Minutes"), tr("About")),
        (
            (demo.name, tr(demo.title), str(demo.minutes or "–"), tr(demo.help))
            for demo in all_demos()
        ),
    )


def methods(name: str | None, as_json: bool) -> None:
    """All named models, or one with the options of its method."""
    known = models.models() if name is None else (models.model(name),)
    if as_json:
        print_json([_model(kind, named) for kind, named in known])
    elif name is None:
        for family, heading in FAMILIES.items():
            table(
                (tr(heading), tr("Label"), tr("Paper"), tr("About")),
                (
                    (model.name, tr(model.label), model.paper, tr(model.help))
                    for kind, model in known
                    if METHODS[kind].options.family == family
                ),
            )
            print()
    else:
        _detail_model(*known[0])


def datasets(name: str | None, as_json: bool) -> None:
    """All datasets, or one with its options."""
    chosen = _chosen(tuple(DATASETS), name, msg("dataset"))
    if as_json:
        print_json([_dataset(entry) for entry in chosen])
    elif name is None:
        _table(tr("Dataset"), chosen)
    else:
        _detail(chosen[0], "dataset")


EntryT = TypeVar("EntryT", bound=Entry[Any])


def _chosen(entries: tuple[EntryT, ...], name: str | None, family: Message) -> tuple[EntryT, ...]:
    if name is None:
        return entries
    found = tuple(entry for entry in entries if entry.kind == name)
    if not found:
        known = [entry.kind for entry in entries]
        near = get_close_matches(name, known, n=1)
        raise StudioError(
            msg("“{kind}” is not a known {family}.", kind=name, family=family),
            msg("Did you mean “{near}”?", near=near[0])
            if near
            else msg("It must be one of: {known}.", known=", ".join(known)),
        )
    return found


def _table(heading: str, entries: Iterable[Entry[Any]]) -> None:
    table(
        (heading, tr("Label"), tr("About")),
        ((entry.kind, tr(entry.label), tr(entry.help)) for entry in entries),
    )


def _detail(entry: Entry[Any], group: str) -> None:
    table((entry.kind, tr(entry.label)), [("", tr(entry.help))])
    print()
    _option_table(entry.options, group, {})


def _detail_model(kind: str, named: NamedModel) -> None:
    said = [("", tr(named.help)), ("", named.paper)]
    table((named.name, tr(named.label)), [line for line in said if line[1]])
    print()
    entry = METHODS[kind]
    _option_table(entry.options, "method", named.edits)
    others = {path: v for path, v in named.edits.items() if not path.startswith("method.")}
    if others:
        print()
        table(
            (tr("Also sets"), tr("Value")),
            ((path, _value(value)) for path, value in others.items()),
        )


def _option_table(options: type[Options], group: str, edits: Mapping[str, object]) -> None:
    table(
        (tr("Option"), tr("Default"), tr("Values"), tr("Changes"), tr("About")),
        (
            (
                f"{group}.{info.name}",
                _value(edits.get(f"{group}.{info.name}", info.default)),
                _values(info),
                tr("live") if info.live else tr("new run"),
                tr(info.help),
            )
            for info in describe(options)
        ),
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple) and value and isinstance(value[0], str):
        return tr("{count} lines", count=len(value))  # a drawing
    return f"{value:g}" if isinstance(value, float) else str(value)


def _values(info: OptionInfo) -> str:
    if info.choices:
        return ", ".join(str(choice) for choice in info.choices)
    if info.minimum is None and info.maximum is None:
        return info.unit
    low, high = ("" if bound is None else f"{bound:g}" for bound in (info.minimum, info.maximum))
    return f"{low}…{high} {tr(info.unit)}".strip()


def _recipe(recipe: Recipe) -> dict[str, Any]:
    experiment = recipe.experiment()
    return {
        "name": recipe.name,
        "title": tr(recipe.title),
        "help": tr(recipe.help),
        "dataset": experiment.dataset.kind,
        "method": experiment.method.kind,
        "steps": experiment.training.steps,
    }


def _demo(demo: Demo) -> dict[str, Any]:
    experiment, found = demo.recipe(), demo.figures()
    return {
        "name": demo.name,
        "title": tr(demo.title),
        "help": tr(demo.help),
        "minutes": demo.minutes,
        "dataset": experiment.dataset.kind,
        "method": experiment.method.kind,
        "step": demo.trained,
        "try": [tr(step.text) for step in demo.steps],
        "command": found.command,
        "figures": [figure.model_dump() for figure in found.figures],
    }


def _model(kind: str, named: NamedModel) -> dict[str, Any]:
    options = options_of(named.name)
    return {
        "name": named.name,
        "kind": kind,
        "label": tr(named.label),
        "family": options.family,
        "paper": named.paper,
        "help": tr(named.help),
        "edits": named.edits,
        "modalities": options.modalities,
        "needs_labels": options.needs_labels,
        "options": _options(type(options), "method"),
        "phases": [
            {
                "name": phase.name,
                "label": tr(phase.label),
                "updates": phase.updates,
                "latex": phase.latex,
                "terms": [
                    {
                        "name": term.name,
                        "label": tr(term.label),
                        "help": tr(term.help),
                        "latex": term.latex,
                        "minimised": not term.signal,
                    }
                    for term in phase.terms
                ],
            }
            for phase in options.phases()
        ],
    }


def _dataset(entry: Entry[DatasetOptions]) -> dict[str, Any]:
    info = entry.options(kind=entry.kind).info()
    return {
        **_entry(entry, "dataset"),
        "modality": info.modality,
        "shape": info.shape,
        "count": info.count,
        "classes": info.classes,
    }


def _entry(entry: Entry[Any], group: str) -> dict[str, Any]:
    return {
        "name": entry.kind,
        "label": tr(entry.label),
        "help": tr(entry.help),
        "options": _options(entry.options, group),
    }


def _options(options: type[Options], group: str) -> list[dict[str, Any]]:
    return [
        {
            "path": f"{group}.{info.name}",
            "type": info.type,
            "default": info.default,
            "label": tr(info.label),
            "help": tr(info.help),
            "unit": info.unit,
            "minimum": info.minimum,
            "maximum": info.maximum,
            "exclusive_minimum": info.exclusive_minimum,
            "choices": [
                {"value": value, "label": tr(label)} for value, label in info.choices.items()
            ],
            "live": info.live,
            "advanced": info.advanced,
        }
        for info in describe(options)
    ]
