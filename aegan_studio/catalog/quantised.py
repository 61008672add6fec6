"""Checks of the networks that only methods with a codebook have."""

from __future__ import annotations

from collections.abc import Iterator

from aegan_studio.catalog import written
from aegan_studio.catalog.layers import Codebook, Convolution1d, Embedding
from aegan_studio.experiment import Experiment, Mend, Problem
from aegan_studio.experiment.parts import LayerOptions, Role
from aegan_studio.messages import msg

PLACEWISE = ("activation", "dropout")
"""Kinds of layers that treat each place of a sequence alike and alone."""


def problems(experiment: Experiment) -> Iterator[Problem]:
    """A codebook that is not one, and a prior that sees what it must foretell."""
    roles = experiment.roles()
    if not any(role.entries for role in roles):
        return
    for role in roles:
        layers = written.layers_of(experiment.networks[role.name], role)
        layers = tuple(layer for layer in layers if layer.enabled)
        if role.entries:
            yield from _codebook(role, layers)
        elif role.name == "prior":
            yield from _prior(role, layers)


def _codebook(role: Role, layers: tuple[LayerOptions, ...]) -> Iterator[Problem]:
    if len(layers) == 1 and isinstance(layers[0], Codebook) and layers[0].size == role.entries:
        return
    yield Problem(
        f"networks.{role.name}",
        msg(
            "This must be one codebook of {entries:,} entries and nothing else.",
            entries=role.entries,
        ),
        msg("Choose the preset “Codebook”."),
        Mend(msg("Use a codebook"), {f"networks.{role.name}.kind": "codebook"}),
    )


def _prior(role: Role, layers: tuple[LayerOptions, ...]) -> Iterator[Problem]:
    if layers and all(_causal(layer) for layer in layers):
        return
    yield Problem(
        f"networks.{role.name}",
        msg(
            "The prior must foretell each place from those before it, but this network sees others."
        ),
        msg("Use an embedding, causal convolutions and activations only."),
        Mend(msg("Use causal convolutions"), {f"networks.{role.name}.kind": "causal"}),
    )


def _causal(layer: LayerOptions) -> bool:
    """Whether a layer lets no place see those behind it."""
    if isinstance(layer, Convolution1d):
        return layer.causal
    return isinstance(layer, Embedding) or layer.kind in PLACEWISE
