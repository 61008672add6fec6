"""What the inspection says, in the words and figures of the table, the drawing and the foot."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aegan_studio.catalog import layer_text
from aegan_studio.experiment import Experiment, Problem
from aegan_studio.experiment.parts import LayerOptions, Role, Shape
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.layers.drawing import Stage, size_text
from aegan_studio.ui.panels.layers.estimate import training_bytes
from aegan_studio.ui.panels.layers.kinds import label_of
from aegan_studio.ui.panels.layers.row_parts import Facts
from aegan_studio.ui.panels.layers.side import Share
from aegan_studio.ui.panels.status import memory_text
from aegan_studio.ui.widgets.numbers import compact, format_number


@dataclass(frozen=True, slots=True)
class End:
    """What comes in or goes out: its name, its range, the colour of its role."""

    label: str
    note: str
    shape: Shape
    tone: str


def ends(experiment: Experiment, role: Role) -> tuple[End, End]:
    """Both ends of a network."""
    data = experiment.data_info()
    item = {"image": tr("Picture"), "points": tr("Point")}.get(data.modality, tr("Item"))
    low, high = experiment.dataset.scaled_range()
    scaled = tr("any value") if low is None or high is None else _between(low, high)
    first = End(tr("Code"), tr("any value"), role.inputs, "code")
    if role.inputs == data.shape:
        first = End(item, scaled, role.inputs, "real")
    if role.beside:
        beside = tr("and {count} values beside", count=format_number(role.beside))
        first = End(first.label, beside, first.shape, first.tone)
    bounds = {"unit": _between(0, 1), "symmetric": _between(-1, 1)}
    made = bounds.get(role.output_range, tr("any value"))
    if role.outputs == data.shape:
        return first, End(item, made, role.outputs, "generated")
    if role.outputs == (1,) and ("discriminator" in role.name or "critic" in role.name):
        return first, End(tr("Verdict"), tr("a logit"), role.outputs, "text2")
    double = math.prod(role.outputs) == 2 * experiment.method.code_dim(data)
    note = tr("its mean and log variance") if double else made
    return first, End(tr("Code"), note, role.outputs, "code")


def _between(low: float, high: float) -> str:
    return tr("in {low} … {high}", low=format_number(round(low)), high=format_number(round(high)))


def misfit_of(report: Any) -> int:
    """The first layer that does not fit; the number of layers where all do."""
    for layer in report.layers:
        if layer.out_shape is None:
            return int(layer.index)
    return len(report.layers)


def row_facts(
    layers: Sequence[LayerOptions], report: Any, assumed: Sequence[Shape | None], batch: int
) -> list[Facts]:
    """Shapes and weights of each row; below a misfit what they would be once it is mended."""
    bad = misfit_of(report)
    found = []
    for index, layer in enumerate(report.layers):
        if index == bad:
            found.append(Facts(tr("no shape"), "", True, ""))
        elif index > bad:
            shape = assumed[index] if index < len(assumed) else None
            words = size_text(shape) if shape else "–"
            found.append(Facts(words, "", False, tr("Known once the problem above is mended.")))
        else:
            weights = compact(layer.parameters) if layer.parameters else ""
            found.append(Facts(size_text(layer.out_shape), weights, True, _tip(layer, batch)))
    del layers
    return found


def _tip(layer: Any, batch: int) -> str:
    values = math.prod(layer.out_shape)
    lines = [
        f"{size_text(layer.in_shape)} → {size_text(layer.out_shape)}",
        tr("{count} weights", count=format_number(layer.parameters)),
        tr("{flops} an item, forward", flops=flop_text(layer.flops)),
        tr("{size} of values for a batch", size=memory_text(4 * batch * values)),
    ]
    return "\n".join(lines)


def flop_text(flops: int) -> str:
    """Operations with their unit: ``35 MFLOP``."""
    text = compact(flops)
    return f"{text}FLOP" if text[-1:].isalpha() else f"{text} FLOP"


def stages(
    report: Any,
    both: tuple[End, End],
    assumed: Sequence[Shape | None],
    wrong: bool,
) -> list[Stage]:
    """The shapes to draw: one for the input and one for each layer that changes it."""
    first, last = both
    found = [Stage(-1, first.shape, first.label, first.tone)]
    bad = misfit_of(report)
    shape: Shape | None = first.shape
    for index, layer in enumerate(report.layers):
        label = label_of(layer.kind)
        if index < bad:
            if layer.out_shape != shape:
                found.append(Stage(index, layer.out_shape, label))
            shape = layer.out_shape
            continue
        made = assumed[index] if index < len(assumed) else None
        if index == bad:
            note = tr("does not fit")
            if layer.kind == "reshape" and made is not None:
                note = _mismatch(layer.in_shape, made)
            found.append(Stage(index, made or layer.in_shape, label, "", "bad", note))
        elif made is not None and made != shape:
            found.append(Stage(index, made, label, "", "assumed"))
        shape = made or shape
    end = found[-1]
    if wrong and end.state == "fine":
        note = f"{size_text(end.shape)} ≠ {size_text(last.shape)}"
        found.append(Stage(end.index, last.shape, last.label, "", "bad", note))
    elif len(found) > 1 and end.state == "fine" and end.shape == last.shape:
        found[-1] = Stage(end.index, end.shape, end.label, last.tone)
    return found


def _mismatch(given: Shape, wanted: Shape) -> str:
    have, need = math.prod(given), math.prod(wanted)
    return f"{have:,} ≠ {need:,}" if have != need else tr("does not fit")


def aligned(shapes: Sequence[Shape | None], count: int, changed: int) -> list[Shape | None]:
    """Shapes of a mended list by the rows of the list before, into which a mend put layers.

    Parameters
    ----------
    shapes : sequence of shapes
        Of the mended list.
    count : int
        Layers before the mend.
    changed : int
        The row of the problem: those from it on keep their distance to the end.
    """
    more = len(shapes) - count
    return [
        shapes[index + (more if index >= changed else 0)]
        if 0 <= index + (more if index >= changed else 0) < len(shapes)
        else None
        for index in range(count)
    ]


def shares(report: Any) -> list[Share]:
    """The weights by layer; a kind that comes several times is numbered by its row."""
    kinds = [layer.kind for layer in report.layers if layer.parameters]
    found = []
    for layer in report.layers:
        name = label_of(layer.kind)
        if kinds.count(layer.kind) > 1:
            name = f"{name} {layer.index + 1}"
        found.append(Share(name, layer.parameters))
    return found


def total_text(report: Any, steps: float) -> str:
    """The sum at the foot: ``0.79 M weights, 35 MFLOP a picture, about 38 steps/s``."""
    parts = [
        tr("{count} weights", count=compact(report.parameters)),
        tr("{flops} an item", flops=flop_text(report.flops)),
    ]
    if math.isfinite(steps) and steps > 0:
        shown = f"{steps:,.0f}" if steps >= 10 else f"{steps:.1f}" if steps >= 1 else f"{steps:.2f}"
        parts.append(tr("about {count} steps/s", count=shown))
    return ", ".join(parts)


def memory_words(report: Any, batch: int) -> str:
    """The memory for training: weights, and the values of a batch."""
    size = memory_text(training_bytes(report, batch))
    return tr("{count} layers, {size} while training", count=len(report.layers), size=size)


def problems_by_row(
    problems: Sequence[Problem], path: str, count: int
) -> tuple[dict[int, Problem], Problem | None]:
    """The worst problem of each row, and that of the network as a whole."""
    rows: dict[int, Problem] = {}
    whole: Problem | None = None
    for problem in sorted(problems, key=lambda one: one.severity != "error"):
        if problem.path == path or problem.path == f"{path}.kind":
            whole = whole or problem
        elif problem.path.startswith(f"{path}.layers."):
            index = problem.path[len(path) + 8 :].partition(".")[0]
            if index.isdecimal() and int(index) < count:
                rows.setdefault(int(index), problem)
            else:
                whole = whole or problem
        elif problem.path.startswith(f"{path}."):
            whole = whole or problem
    return rows, whole


def summary(title: str, both: tuple[End, End], report: Any, facts: Mapping[str, str]) -> str:
    """The network as a table of text: layers, shapes, weights, operations."""
    rows = [["", both[0].label, size_text(both[0].shape), "", ""]]
    for layer in report.layers:
        shape = size_text(layer.out_shape) if layer.out_shape else "–"
        rows.append(
            [
                str(layer.index + 1),
                label_of(layer.kind),
                shape,
                format_number(layer.parameters) if layer.parameters else "",
                flop_text(layer.flops) if layer.flops else "",
            ]
        )
    head = ["#", tr("Layer"), tr("Output"), tr("Weights"), tr("Operations")]
    table = layer_text.table(head, rows, right=(0, 2, 3, 4))
    more = "".join(f"{name}: {value}\n" for name, value in facts.items())
    return f"{title}\n\n{table}\n{more}"
