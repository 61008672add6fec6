"""What networks and their layers are called where there is little room."""

from __future__ import annotations

from collections.abc import Sequence

from aegan_studio.catalog.written import layers_of
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import LAYERS as LAYER_KINDS
from aegan_studio.experiment.parts import LayerOptions, Shape
from aegan_studio.i18n import tr

PASSING = ("activation", "norm", "dropout", "flatten", "reshape", "upsample", "pixel-shuffle")
"""Layers that give a group no name: those with weights do."""


def symbol_of(symbol: str) -> str:
    """A role's letter without mathematics: ``D_x`` as ``Dx``."""
    return symbol.replace("_", "").replace("{", "").replace("}", "")


def role_options(
    experiment: Experiment, only: Sequence[str] | None = None
) -> list[tuple[object, str, str]]:
    """The networks of an experiment for a switch: name, letter, tool tip."""
    return [
        (role.name, symbol_of(role.symbol), tr(role.label))
        for role in experiment.roles()
        if only is None or role.name in only
    ]


class LayerNames:
    """What the layers of one network are called."""

    def __init__(self, experiment: Experiment, name: str) -> None:
        role = next((role for role in experiment.roles() if role.name == name), None)
        network = experiment.networks.get(name)
        self._layers = () if role is None or network is None else layers_of(network, role)

    def label(self, layers: Sequence[int]) -> str:
        """A layer with weights and those that follow it are called by the first of them."""
        options = self._known(layers)
        if not options:
            return tr("Layer {number}", number=layers[-1] + 1 if layers else 0)
        named = next((one for one in options if one.kind not in PASSING), options[0])
        return tr(LAYER_KINDS.of(named).label)

    def words(self, layers: Sequence[int]) -> str:
        """All of them by name, for a tool tip."""
        return " → ".join(tr(LAYER_KINDS.of(one).label) for one in self._known(layers))

    def _known(self, layers: Sequence[int]) -> list[LayerOptions]:
        return [self._layers[index] for index in layers if index < len(self._layers)]


def shape_words(shape: Shape) -> str:
    """A shape in few characters: ``64×16×16``."""
    return "×".join(map(str, shape))
