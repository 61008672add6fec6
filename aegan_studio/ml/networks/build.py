"""From a list of layer options to a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import torch
from pydantic import ValidationError
from torch import nn

from aegan_studio.catalog.layers import CONDITIONAL
from aegan_studio.catalog.written import written
from aegan_studio.experiment.parts import LAYERS, LayerOptions, NetworkOptions, Role, Shape
from aegan_studio.messages import Message, StudioError, msg
from aegan_studio.ml.networks.layers import Device, Dropout, Site
from aegan_studio.ml.networks.misfit import MisfitError, shape_text
from aegan_studio.ml.networks.network import Network
from aegan_studio.ml.networks.shapes import out_shape

SHAPING = (
    "linear",
    "maxout",
    "convolution",
    "transposed",
    "convolution-1d",
    "upsample",
    "pixel-shuffle",
    "mean",
    "flatten",
    "reshape",
    "residual",
    "join",
    "projection",
    "minibatch-stddev",
    "embedding",
    "module",
)
"""Layers that make a shape; the others pass it on, so messages name what is above them."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A layer under the ones above it: either a module and what it makes, or a misfit.

    A layer that is switched off has no module and passes its shape on.
    """

    index: int
    options: LayerOptions
    in_shape: Shape
    module: nn.Module | None = None
    out_shape: Shape | None = None
    misfit: MisfitError | None = None


def layers_of(network: NetworkOptions, role: Role) -> tuple[LayerOptions, ...]:
    """The layers of a network for a role.

    Where values come in beside the role's input and a preset has no layer for them, one is put
    in.

    Raises
    ------
    StudioError
        Where a preset cannot serve the role, or asks for a layer beyond its bounds.
    """
    why = network.unfit(role)
    if why is not None:
        raise StudioError(why, msg("Choose another network."))
    try:
        return written(network, role)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise StudioError(
            msg(
                "This network asks for a {layer} layer whose {option} is {value}.",
                layer=error.title,
                option=".".join(str(part) for part in detail["loc"]),
                value=str(detail["input"]),
            ),
            msg("Choose other sizes."),
        ) from None


def takes_beside(layers: Sequence[LayerOptions]) -> bool:
    """Whether any layer takes up what comes in beside the input."""
    return any(layer.enabled and layer.kind in CONDITIONAL for layer in layers)


def place(layers: Iterable[LayerOptions], in_shape: Shape, site: Site) -> Iterator[Placed]:
    """Build layers one under the other, from ``in_shape`` on, until one does not fit."""
    shape, source = in_shape, msg("the input")
    for index, options in enumerate(layers):
        if not options.enabled:
            yield Placed(index, options, shape, None, shape)
            continue
        entry = LAYERS.of(options)
        try:
            module = entry.load()(options, shape, site)
        except MisfitError as misfit:
            yield Placed(index, options, shape, misfit=misfit.under(source))
            return
        made = out_shape(module, shape)
        yield Placed(index, options, shape, module, made)
        if options.kind in SHAPING:
            source = msg("{label} above", label=msg(entry.label))
        shape = made


def wrong_output(role: Role, made: Shape, *, empty: bool) -> Message:
    """The sentence for a network whose result is not what its role must give."""
    shapes = {"made": shape_text(made), "wanted": shape_text(role.outputs)}
    if empty:
        return msg("Without layers it gives {made}, but it must give {wanted}.", **shapes)
    return msg("The last layer gives {made}, but it must give {wanted}.", **shapes)


def build(
    network: NetworkOptions,
    role: Role,
    rng: torch.Generator,
    device: Device = "cpu",
) -> Network:
    """Build and initialise a network.

    Parameters
    ----------
    network : NetworkOptions
        A preset or a list of layers.
    role : Role
        Gives the shapes at both ends.
    rng : torch.Generator
        A CPU generator: the same seed gives the same weights on every device.
    device : torch.device or str
        Where the network shall live.

    Raises
    ------
    StudioError
        Where a layer does not fit under the one above, or the last does not give what the role
        must, naming the layer and both shapes.
    """
    modules: dict[int, nn.Module] = {}
    made = role.inputs
    site = Site(rng, "cpu", role.beside, network.initialisation)
    for placed in place(layers_of(network, role), role.inputs, site):
        if placed.misfit is not None:
            raise StudioError(
                msg(
                    "{role}, layer {number} ({label}): {problem}",
                    role=msg(role.label),
                    number=placed.index + 1,
                    label=msg(LAYERS.of(placed.options).label),
                    problem=placed.misfit.message,
                ),
                placed.misfit.mend,
            )
        assert placed.out_shape is not None
        if placed.module is not None:
            modules[placed.index] = placed.module
        made = placed.out_shape
    if made != role.outputs:
        raise StudioError(
            msg(
                "{role}: {problem}",
                role=msg(role.label),
                problem=wrong_output(role, made, empty=not modules),
            ),
            msg("Change the last layers."),
        )
    result = Network(modules)
    result.to(device)
    if result.convolutional:
        result.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if any(isinstance(module, Dropout) for module in result.modules()):
        seed = int(torch.randint(2**62, (), generator=rng))
        result.set_generator(torch.Generator(device).manual_seed(seed))
    return result
