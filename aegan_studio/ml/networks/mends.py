"""Changes of a list of layers that make it fit, tried out before they are offered."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from aegan_studio.experiment import Mend
from aegan_studio.experiment.options import describe
from aegan_studio.experiment.parts import LAYERS, LayerOptions, Role, Shape
from aegan_studio.messages import Message, msg
from aegan_studio.ml.networks.build import SHAPING, Placed, place
from aegan_studio.ml.networks.layers import Site
from aegan_studio.ml.networks.misfit import shape_text

Layers = Sequence[LayerOptions]

SIDES = (8, 4, 7, 6, 5, 3, 2, 1)
"""Sides tried, in this order, when values are to become a picture."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change that may help: of single options (index, name), or a whole new list."""

    label: Message
    options: Mapping[tuple[int, str], Any] | None = None
    layers: Layers | None = None

    def applied(self, layers: Layers) -> Layers:
        """The changed list; raises :class:`ValidationError` for values out of bounds."""
        if self.layers is not None:
            return self.layers
        plain = [layer.model_dump() for layer in layers]
        for (index, name), value in (self.options or {}).items():
            plain[index][name] = value
        return [LAYERS.parse(layer) for layer in plain]

    def changes(self, path: str) -> dict[str, Any]:
        """The change by dotted paths, for the network at ``path``."""
        if self.layers is not None:
            return {f"{path}.layers": [layer.model_dump(mode="json") for layer in self.layers]}
        return {
            f"{path}.layers.{index}.{name}": list(value) if isinstance(value, tuple) else value
            for (index, name), value in (self.options or {}).items()
        }


def unfinished(layers: Layers, role: Role) -> int:
    """How much of a list does not work: layers from the first misfit on, and the result."""
    shape = role.inputs
    for placed in place(layers, role.inputs, Site(device="meta", beside=role.beside)):
        if placed.out_shape is None:
            return len(layers) - placed.index + 1
        shape = placed.out_shape
    return int(shape != role.outputs)


def for_misfit(layers: Layers, role: Role, path: str, placed: Sequence[Placed]) -> Mend | None:
    """The mend for the last of ``placed``, which is the misfit."""
    return _first(_under(layers, placed), layers, role, path, unfinished(layers, role) - 1)


def for_output(layers: Layers, role: Role, path: str, placed: Sequence[Placed]) -> Mend | None:
    """The mend for a list that fits but does not give what its role must."""
    return _first(_ending(layers, role, placed), layers, role, path, 0)


def flatten_before(layers: Layers, role: Role, path: str, index: int) -> Mend | None:
    """The mend for a linear layer that gets more than a row."""
    flat = iter([_flattened(layers, index)])
    return _first(flat, layers, role, path, unfinished(layers, role))


def join(layers: Layers, role: Role, path: str) -> Mend | None:
    """The mend for a list that leaves out what comes in beside its input."""
    label = msg("Insert {label}", label=msg(LAYERS["join"].label))
    first = next((place for place, layer in enumerate(layers) if layer.enabled), 0)
    # a row is joined as a row, so behind a flatten that comes first
    places = (first + 1, first) if layers and layers[first].kind == "flatten" else (first,)
    joined = (
        Candidate(label, layers=[*layers[:place], _layer("join"), *layers[place:]])
        for place in places
    )
    return _first(joined, layers, role, path, unfinished(layers, role))


def _flattened(layers: Layers, index: int) -> Candidate:
    return Candidate(
        msg("Add Flatten"), layers=[*layers[:index], _layer("flatten"), *layers[index:]]
    )


def _first(
    candidates: Iterator[Candidate], layers: Layers, role: Role, path: str, goal: int
) -> Mend | None:
    """The first candidate that leaves at most ``goal`` unfinished."""
    for candidate in candidates:
        try:
            changed = candidate.applied(layers)
        except ValidationError:
            continue
        if unfinished(changed, role) <= goal:
            return Mend(candidate.label, candidate.changes(path))
    return None


def _layer(kind: str, **options: Any) -> LayerOptions:
    layer: LayerOptions = LAYERS.parse({"kind": kind, **options})
    return layer


def _maker(placed: Sequence[Placed]) -> Placed | None:
    """The last layer that made a shape, rather than passed it on."""
    return next((one for one in reversed(placed) if one.options.kind in SHAPING), None)


def _wider(linear: Placed, width: int) -> Candidate:
    label = msg(
        "Make {label} {width:,} wide", label=msg(LAYERS.of(linear.options).label), width=width
    )
    return Candidate(label, {(linear.index, "width"): width})


def _under(layers: Layers, placed: Sequence[Placed]) -> Iterator[Candidate]:
    misfit = placed[-1]
    if misfit.misfit is None:
        return
    index, given = misfit.index, math.prod(misfit.in_shape)
    remedy = misfit.misfit.remedy
    above = _maker(placed[:-1])
    if remedy.values:
        if above is not None and above.options.kind == "linear" and len(misfit.in_shape) == 1:
            yield _wider(above, remedy.values)
        wanted: Shape = misfit.options.shape  # type: ignore[attr-defined]
        area = math.prod(wanted[1:])
        fitting = (given // area, *wanted[1:]) if given % area == 0 else (given,)
        label = msg("Set the shape to {shape}", shape=shape_text(fitting))
        yield Candidate(label, {(index, "shape"): fitting})
    if remedy.picture:
        for side in (side for side in SIDES if given % side**2 == 0):
            picture = (given // side**2, side, side)
            yield Candidate(
                msg("Add Reshape to {shape}", shape=shape_text(picture)),
                layers=[*layers[:index], _layer("reshape", shape=picture), *layers[index:]],
            )
    if remedy.sequence and len(misfit.in_shape) != 2:
        row = len(misfit.in_shape) == 1
        shape = (1, given) if row else (misfit.in_shape[0], given // misfit.in_shape[0])
        yield Candidate(
            msg("Add Reshape to {shape}", shape=shape_text(shape)),
            layers=[*layers[:index], _layer("reshape", shape=shape), *layers[index:]],
        )
    if remedy.channels and above is not None and hasattr(above.options, "channels"):
        label = msg(
            "Give {label} {channels:,} channels",
            label=msg(LAYERS.of(above.options).label),
            channels=remedy.channels,
        )
        yield Candidate(label, {(above.index, "channels"): remedy.channels})
    if remedy.row:
        yield _flattened(layers, index)
    if remedy.remove:
        label = msg("Remove {label}", label=msg(LAYERS.of(misfit.options).label))
        yield Candidate(label, layers=[*layers[:index], *layers[index + 1 :]])
    if remedy.options:
        infos = {info.name: info for info in describe(type(misfit.options))}
        (name, value), *_ = remedy.options.items()
        shown = infos[name].choices.get(value)
        yield Candidate(
            msg(
                "Set {option} to {value}",
                option=msg(infos[name].label),
                value=msg(shown) if shown else value,
            ),
            {(index, option): value for option, value in remedy.options.items()},
        )


def _ending(layers: Layers, role: Role, placed: Sequence[Placed]) -> Iterator[Candidate]:
    wanted = role.outputs
    values = math.prod(wanted)
    label = msg("Set the output to {shape}", shape=shape_text(wanted))
    last = _maker(placed)
    if last is not None:
        if last.options.kind == "linear":
            yield _wider(last, values)
        if last.options.kind == "reshape":
            yield Candidate(label, {(last.index, "shape"): wanted})
        if hasattr(last.options, "channels"):
            yield Candidate(label, {(last.index, "channels"): wanted[0]})
    shaped = [_layer("reshape", shape=wanted)] if len(wanted) > 1 else []
    yield Candidate(label, layers=[*layers, *(shaped or [_layer("flatten")])])
    # Keep what works, give its last linear layer the right width, then shape the result.
    end = len(layers)
    while end and layers[end - 1].kind in ("activation", "flatten", "reshape"):
        end -= 1
    bends = [layer for layer in layers[end:] if layer.kind == "activation"]
    row = _layer("linear", width=min(values, 65_536))
    if end and layers[end - 1].kind == "linear":
        row = LAYERS.parse({**layers[end - 1].model_dump(), "width": row.width})  # type: ignore[attr-defined]
        yield Candidate(label, layers=[*layers[: end - 1], row, *bends, *shaped])
    there = (
        placed[end].in_shape if end < len(placed) else placed[-1].out_shape if end else role.inputs
    )
    flat = [_layer("flatten")] if there is None or len(there) > 1 else []
    yield Candidate(label, layers=[*layers[:end], *flat, row, *bends, *shaped])
