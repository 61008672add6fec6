"""Where a preset's layers take up what comes in beside a network's input."""

from __future__ import annotations

from collections.abc import Sequence

from aegan_studio.catalog.layers import CONDITIONAL, Join, Linear, Projection
from aegan_studio.experiment.parts import LayerOptions, Role


def conditioned(layers: Sequence[LayerOptions], role: Role) -> tuple[LayerOptions, ...]:
    """The layers of a preset, with one for the values beside the input where none is there.

    A role that projects gets a projection in the place of its last linear layer (arXiv
    1802.05637). Otherwise a join stands in front; behind a flatten, so that rows are joined as
    rows (arXiv 1411.1784).
    """
    layers = tuple(layers)
    if role.beside == 0 or any(layer.enabled and layer.kind in CONDITIONAL for layer in layers):
        return layers
    if role.projects and layers and isinstance(layers[-1], Linear):
        return (*layers[:-1], _projection(layers[-1]))
    front = 1 if layers and layers[0].kind == "flatten" else 0
    return (*layers[:front], Join(), *layers[front:])


def _projection(last: Linear) -> Projection:
    """A projection with whatever it has in common with the linear layer it replaces."""
    shared = set(Linear.model_fields) & set(Projection.model_fields) - {"kind"}
    return Projection.model_validate({name: getattr(last, name) for name in shared})
