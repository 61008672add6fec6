"""The list of layers that a network stands for, and a list in a network's place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from aegan_studio.catalog.conditioned import conditioned
from aegan_studio.experiment.parts import NETWORKS, LayerOptions, NetworkOptions, Role


def layers_of(network: NetworkOptions, role: Role) -> tuple[LayerOptions, ...]:
    """The layers that a network of this role has, as its builder takes them.

    Where values come in beside the role's input and a preset has no layer for them, one is put
    in. A preset that cannot serve the role, or asks for a layer beyond its bounds, has none.
    """
    if network.unfit(role) is not None:
        return ()
    try:
        return written(network, role)
    except ValidationError:
        return ()


def written(network: NetworkOptions, role: Role) -> tuple[LayerOptions, ...]:
    """The list itself; raises :class:`ValidationError` for a layer beyond its bounds."""
    layers = network.layers_for(role)
    return layers if network.kind == "layers" else conditioned(layers, role)


def begun_from(network: NetworkOptions) -> str:
    """The preset that a network is, or that its list was begun from; empty where unknown."""
    if network.kind != "layers":
        return network.kind
    origin = str(getattr(network, "origin", ""))
    return origin if origin in NETWORKS and origin != "layers" else ""


def changes(
    network: NetworkOptions, role: Role, layers: Sequence[LayerOptions]
) -> dict[str, object]:
    """The edits by dotted path that give ``role`` these layers; a preset becomes a list."""
    path = f"networks.{role.name}"
    edits: dict[str, object] = {
        f"{path}.layers": [layer.model_dump(mode="json") for layer in layers]
    }
    if network.kind != "layers":
        edits = {f"{path}.kind": "layers", **edits, f"{path}.origin": network.kind}
    return edits


def with_option(layer: LayerOptions, name: str, value: Any) -> LayerOptions:
    """The layer with one option changed; raises :class:`pydantic.ValidationError` beyond bounds."""
    return type(layer).model_validate({**layer.model_dump(), name: value})
