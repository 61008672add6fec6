"""What can be said of an experiment's networks without building them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import psutil
from torch import nn

from aegan_studio.experiment import Experiment, Mend, Problem
from aegan_studio.experiment.parts import LAYERS, LayerOptions, NetworkOptions, Role, Shape
from aegan_studio.messages import Message, StudioError, msg
from aegan_studio.ml.networks import mends
from aegan_studio.ml.networks.build import (
    Placed,
    layers_of,
    place,
    takes_beside,
    wrong_output,
)
from aegan_studio.ml.networks.layers import Maxout, Site
from aegan_studio.ml.networks.misfit import shape_text
from aegan_studio.ml.networks.shapes import flops, parameters

BYTES_PER_WEIGHT = 16
"""A weight, its gradient and Adam's two moments, float32."""

BYTES_PER_VALUE = 8
"""A value that a layer makes, and its gradient."""


@dataclass(frozen=True, slots=True)
class LayerReport:
    """One layer: ``label`` is a translation key.

    Shapes are those of one item; ``out_shape`` is ``None`` for a layer that does not fit, both
    are below it. ``flops`` counts one item's forward pass, two for a multiply-add.
    """

    index: int
    kind: str
    label: str
    in_shape: Shape | None
    out_shape: Shape | None
    parameters: int
    flops: int


@dataclass(frozen=True, slots=True)
class NetworkReport:
    """A network by layers and in all; ``values`` counts what its layers make of one item."""

    role: Role
    layers: tuple[LayerReport, ...]
    parameters: int
    flops: int
    values: int


@dataclass(frozen=True, slots=True)
class Inspection:
    """All networks of an experiment by role, and what is wrong with them."""

    networks: Mapping[str, NetworkReport]
    problems: tuple[Problem, ...]

    @property
    def parameters(self) -> int:
        """Weights in all."""
        return sum(network.parameters for network in self.networks.values())

    @property
    def flops(self) -> int:
        """Operations of one item's pass through all networks, forward."""
        return sum(network.flops for network in self.networks.values())


def inspect(experiment: Experiment) -> Inspection:
    """Shapes, weights, operations and problems of every network.

    What :func:`aegan_studio.catalog.checks.problems` reports is not repeated here. Problems of a
    preset stand at ``networks.<role>``, those of a written list at
    ``networks.<role>.layers.<index>``.
    """
    reports: dict[str, NetworkReport] = {}
    problems: list[Problem] = []
    placements: list[Placed] = []
    for role in experiment.roles():
        network = experiment.networks[role.name]
        path = f"networks.{role.name}"
        layers: Sequence[LayerOptions] = ()
        if not network.unfit(role):
            try:
                layers = layers_of(network, role)
            except StudioError as error:
                problems.append(Problem(path, error.message, error.mend))
            else:
                site = Site(device="meta", beside=role.beside)
                placed = tuple(place(layers, role.inputs, site))
                problems.extend(_problems(network, layers, role, path, placed))
                placements.extend(placed)
                reports[role.name] = _report(role, layers, placed)
                continue
        reports[role.name] = NetworkReport(role, (), 0, 0, 0)
    problems.extend(_batch_of_one(experiment, placements))
    problems.extend(_memory(experiment, reports))
    return Inspection(reports, tuple(problems))


def _report(role: Role, layers: Sequence[LayerOptions], placed: Sequence[Placed]) -> NetworkReport:
    rows = []
    for index, options in enumerate(layers):
        one = placed[index] if index < len(placed) else None
        module = one.module if one else None
        made = one.out_shape if one else None
        in_shape = one.in_shape if one else None
        known = module is not None and in_shape is not None and made is not None
        rows.append(
            LayerReport(
                index=index,
                kind=options.kind,
                label=LAYERS.of(options).label,
                in_shape=in_shape,
                out_shape=made,
                parameters=parameters(module) if module else 0,
                flops=flops(module, in_shape, made) if known else 0,  # type: ignore[arg-type]
            )
        )
    return NetworkReport(
        role=role,
        layers=tuple(rows),
        parameters=sum(row.parameters for row in rows),
        flops=sum(row.flops for row in rows),
        values=sum(math.prod(row.out_shape) for row in rows if row.out_shape is not None),
    )


def _problems(
    network: NetworkOptions,
    layers: Sequence[LayerOptions],
    role: Role,
    path: str,
    placed: Sequence[Placed],
) -> Iterator[Problem]:
    """Layers that don't fit, linear layers over pictures, and a wrong result."""
    written = network.kind == "layers"

    def at(index: int) -> str:
        return f"{path}.layers.{index}" if written else path

    if role.beside > 0 and not takes_beside(layers):
        mend = mends.join(layers, role, path) if written else None
        yield Problem(
            path,
            msg("No layer takes up the {count:,} values beside the input.", count=role.beside),
            _advice(mend, msg("Add a layer that joins the condition.")),
            mend,
        )
    for one in placed:
        if one.misfit is not None:
            mend = mends.for_misfit(layers, role, path, placed) if written else None
            yield Problem(at(one.index), one.misfit.message, _advice(mend, one.misfit.mend), mend)
            return
        if isinstance(one.module, nn.Linear | Maxout) and len(one.in_shape) > 1:
            mend = mends.flatten_before(layers, role, path, one.index) if written else None
            yield Problem(
                at(one.index),
                msg(
                    "{label} joins the values of each row of {shape} alone, not all of them.",
                    label=msg(LAYERS.of(one.options).label),
                    shape=shape_text(one.in_shape),
                ),
                msg("Add a Flatten layer before it to join all."),
                mend,
                "warning",
            )
    made = placed[-1].out_shape if placed else role.inputs
    if made is not None and made != role.outputs:
        mend = mends.for_output(layers, role, path, placed) if written else None
        yield Problem(
            at(len(layers) - 1) if layers else path,
            wrong_output(role, made, empty=not layers),
            _advice(mend, msg("Change the last layers.")),
            mend,
        )


def _advice(mend: Mend | None, otherwise: Message | None) -> Message | None:
    """What a button offers, as a sentence; or what the layer itself says."""
    return msg("{change}.", change=mend.label) if mend else otherwise


def _batch_of_one(experiment: Experiment, placed: Sequence[Placed]) -> Iterator[Problem]:
    """Batch norm over a single value has no variance."""
    if experiment.training.batch_size > 1:
        return
    for one in placed:
        parts = one.module.modules() if one.module is not None else ()
        norm = any(isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d) for part in parts)
        if norm and math.prod(one.in_shape[1:]) == 1:
            yield Problem(
                "training.batch_size",
                msg("Batch norm needs at least {least} items in a batch.", least=2),
                msg("Make the batch larger or choose another norm."),
                Mend(msg("Use {value}", value=2), {"training.batch_size": 2}),
            )
            return


def _memory(experiment: Experiment, reports: Mapping[str, NetworkReport]) -> Iterator[Problem]:
    """A warning where training would not fit into this computer's memory."""
    batch = experiment.training.batch_size
    needs = {
        name: BYTES_PER_WEIGHT * report.parameters + BYTES_PER_VALUE * batch * report.values
        for name, report in reports.items()
    }
    needed, there = sum(needs.values()), psutil.virtual_memory().total
    if needed > there:
        yield Problem(
            f"networks.{max(needs, key=needs.__getitem__)}",
            msg(
                "Training would take about {needed:.0f} GB of memory; this computer has "
                "{there:.0f} GB.",
                needed=needed / 1e9,
                there=there / 1e9,
            ),
            msg("Make the layers narrower or the batch smaller."),
            None,
            "warning",
        )
