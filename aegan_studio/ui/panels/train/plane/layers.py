"""The layers of the plane, as data: what each is, for which models, and whether it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aegan_studio.catalog.views import VIEWS
from aegan_studio.catalog.views.plane import judges_points
from aegan_studio.experiment import Experiment
from aegan_studio.messages import Message, msg
from aegan_studio.ui.panels.train.legend import Shape

Asks = Callable[[Experiment], bool]


def _always(_experiment: Experiment) -> bool:
    return True


def _never(_experiment: Experiment) -> bool:
    return False


def _encodes(experiment: Experiment) -> bool:
    return "encoder" in experiment.networks


def _only_rebuilds(experiment: Experiment) -> bool:
    """Autoencoders without a critic of data: rebuilding is what is to be seen."""
    return _encodes(experiment) and not judges_points(experiment)


def _has(view: str) -> Asks:
    return VIEWS[view].fits


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer, and its switch below the plane.

    Attributes
    ----------
    name : str
        Stable key.
    view : str
        The live view it needs; empty where the pictures hold all.
    fits : callable
        For which experiments there is such a layer.
    first : callable
        For which of them it is shown until a person says otherwise.
    """

    name: str
    label: Message
    help: Message
    token: str
    shape: Shape
    fits: Asks = _always
    first: Asks = _always
    view: str = ""


LAYERS = (
    Layer("originals", msg("Real"), msg("Points of the data."), "real", "disc"),
    Layer(
        "samples",
        msg("Generated"),
        msg("What the generator makes of the same codes all through the run."),
        "generated",
        "square",
    ),
    Layer(
        "reconstructions",
        msg("Rebuilt"),
        msg("What becomes of real points on their way through encoder and decoder."),
        "reconstruction",
        "disc",
        _encodes,
        _only_rebuilds,
    ),
    Layer(
        "links",
        msg("From x to x̃"),
        msg("From each real point to what is rebuilt of it; short where the code keeps enough."),
        "reconstruction",
        "link",
        _encodes,
        _only_rebuilds,
    ),
    Layer(
        "surface",
        msg("Critic"),
        VIEWS["surface"].help,
        "verdict_real",
        "field",
        _has("surface"),
        view="surface",
    ),
    Layer(
        "boundary",
        msg("Boundary"),
        msg("Where the critic cannot tell real from fake."),
        "text",
        "line",
        _has("surface"),
        view="surface",
    ),
    Layer(
        "manifold",
        msg("Manifold of G"),
        VIEWS["manifold"].help,
        "generated",
        "net",
        _has("manifold"),
        judges_points,
        view="manifold",
    ),
    Layer(
        "pull",
        msg("Gradient"),
        VIEWS["pull"].help,
        "text",
        "arrow",
        _has("pull"),
        view="pull",
    ),
    Layer(
        "density",
        msg("Density"),
        VIEWS["density"].help,
        "generated",
        "heat",
        _has("density"),
        _never,
        view="density",
    ),
    Layer(
        "trails",
        msg("Trails"),
        msg("Where a few generated points were at the last moments that were shown."),
        "generated",
        "trail",
        first=_never,
    ),
)
"""From the ground up, as far as one lies upon another."""


class LayerChoices:
    """Which layers are shown: as is usual for the model, unless a person chose otherwise."""

    def __init__(self) -> None:
        self._chosen: dict[str, bool] = {}

    def shows(self, layer: Layer, experiment: Experiment) -> bool:
        """Whether a layer is to be seen."""
        if not layer.fits(experiment):
            return False
        return self._chosen.get(layer.name, layer.first(experiment))

    def shown(self, experiment: Experiment) -> frozenset[str]:
        """The names of all layers that are to be seen."""
        return frozenset(layer.name for layer in LAYERS if self.shows(layer, experiment))

    def choose(self, layer: Layer, on: bool) -> None:
        """Show a layer from now on, or do not."""
        self._chosen[layer.name] = on

    def state(self) -> dict[str, bool]:
        """What was chosen, for :meth:`restore`."""
        return dict(self._chosen)

    def restore(self, state: object) -> None:
        """Take on what was chosen; what makes no sense counts as absent."""
        names = {layer.name for layer in LAYERS}
        if isinstance(state, dict):
            self._chosen = {
                name: on for name, on in state.items() if name in names and isinstance(on, bool)
            }
