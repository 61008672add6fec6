"""Differences and measurements in words and numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from aegan_studio.catalog.differences import Difference, info_of
from aegan_studio.catalog.measures import Measure
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import DATASETS, METHODS, NETWORKS
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.recipe.editors import value_text
from aegan_studio.ui.panels.train.plots.marks import option_label
from aegan_studio.ui.widgets.numbers import format_number

ABSENT = "–"

_KINDS = {"dataset": DATASETS, "method": METHODS, "networks": NETWORKS}
_SIZES = ("widths", "width", "channels", "depth")


def label_of(difference: Difference, first: Experiment, second: Experiment) -> str:
    """What differs, by the names of the recipe."""
    owner = first if difference.owners[0] else second
    head, _, rest = difference.path.partition(".")
    name = rest.partition(".")[0]
    if head == "seed":
        return tr("Seed")
    if rest == "kind":
        return {"dataset": tr("Dataset"), "method": tr("Method")}[head]
    if head == "networks":
        role = next((role for role in owner.roles() if role.name == name), None)
        network = tr(role.label) if role is not None else name
        if rest == name:
            return network
        return tr("{phase}: {option}", phase=network, option=option_label(owner, difference.path))
    if head == "phases" and rest == name:
        phase = next((phase for phase in owner.phase_infos() if phase.name == name), None)
        return tr(phase.label) if phase is not None else name
    return option_label(owner, difference.path)


def help_of(difference: Difference, first: Experiment, second: Experiment) -> str:
    """What the option does; empty for whole tables."""
    info = info_of(difference, first, second)
    return tr(info.help) if info is not None else ""


def is_live(difference: Difference, first: Experiment, second: Experiment) -> bool:
    """Whether a change of it applies to runs under way."""
    info = info_of(difference, first, second)
    return info is not None and info.live and difference.shared


def texts_of(difference: Difference, first: Experiment, second: Experiment) -> tuple[str, str]:
    """Both values as a person reads them."""
    a, b = (
        _text(difference, value, owner) if owned else ABSENT
        for value, owned, owner in zip(
            difference.values, difference.owners, (first, second), strict=True
        )
    )
    return a, b


def _text(difference: Difference, value: Any, owner: Experiment) -> str:
    head, _, rest = difference.path.partition(".")
    if isinstance(value, Mapping):
        return network_text(value) if head == "networks" else _optimiser_text(value)
    if rest.rpartition(".")[2] == "kind":
        registry: Any = _KINDS[head]
        return tr(registry[value].label) if value in registry else str(value)
    info = info_of(difference, owner)
    return value_text(info, value) if info is not None else str(value)


def network_text(plain: Mapping[str, Any]) -> str:
    """A network in a few words: its preset and its size."""
    kind = plain["kind"]
    if kind == "layers":
        return tr("{count} layers", count=len(plain["layers"]))
    label = tr(NETWORKS[kind].label) if kind in NETWORKS else str(kind)
    size = next((plain[name] for name in _SIZES if name in plain), None)
    if isinstance(size, list):
        return f"{label} {'-'.join(str(width) for width in size)}".strip()
    return label if size is None else f"{label} {size}"


def _optimiser_text(plain: Mapping[str, Any]) -> str:
    return f"{plain['optimizer']}, {format_number(plain['lr'])}"


def measure_text(measure: Measure, value: float) -> str:
    """A measurement in few characters."""
    if not math.isfinite(value):
        return ABSENT
    if measure.style == "share":
        return f"{100 * value:.0f} %" if value >= 0.1 else f"{100 * value:.1f} %"
    if measure.style == "count":
        return format_number(round(value))
    return format_number(value, 3)
