"""Views of a model's inside: verdicts, layers, filters, feature maps, codes, classes."""

from __future__ import annotations

from itertools import pairwise

from aegan_studio.catalog.views.critics import critics_of
from aegan_studio.catalog.views.entry import ViewInfo
from aegan_studio.experiment import Experiment
from aegan_studio.messages import msg

HERE = "aegan_studio.ml.views"

EVERY = 0.2
"""Seconds from one to the next: five a second are as many as can be read."""


def judges(experiment: Experiment) -> bool:
    """Whether there is a critic whose verdicts can be seen."""
    return bool(critics_of(experiment))


def encodes(experiment: Experiment) -> bool:
    """Whether items become codes."""
    return "encoder" in experiment.networks


def has_classes(experiment: Experiment) -> bool:
    """Whether the data tell apart more than one class."""
    return len(experiment.data_info().classes) > 1


def reads_data(experiment: Experiment, role: str) -> bool:
    """Whether a network takes data, real or made, for its input."""
    flow = experiment.method.flow()
    before = [thing for path in flow.paths for thing, network in pairwise(path) if network == role]
    return any(thing.startswith("x") for thing in (*before, *flow.judged.get(role, ())))


def filtering(experiment: Experiment) -> tuple[str, ...]:
    """The roles of networks that take data or make them: their weights stand for its values."""
    shape = experiment.data_info().shape
    return tuple(
        role.name
        for role in experiment.roles()
        if reads_data(experiment, role.name) or role.outputs == shape
    )


def _always(_experiment: Experiment) -> bool:
    return True


VERDICTS = ViewInfo(
    "verdicts",
    msg("Verdicts"),
    msg(
        "How the critics judge real, held-out and generated items. Where the piles lie apart the "
        "critic wins; where they lie on each other it cannot tell."
    ),
    f"{HERE}.verdicts:verdicts",
    judges,
    EVERY,
)
LAYERS = ViewInfo(
    "layers",
    msg("Layers"),
    msg(
        "Weights, activations and gradients of every layer, on a batch that stays the same. "
        "Units that no item excites are marked."
    ),
    f"{HERE}.layers:layers",
    _always,
    EVERY,
)
FILTERS = ViewInfo(
    "filters",
    msg("Filters"),
    msg(
        "What each unit of the first layer looks for, or what each unit before the last layer "
        "paints: its weights as a picture, positive ones in one colour and negative ones in "
        "another."
    ),
    f"{HERE}.filters:filters",
    lambda experiment: bool(filtering(experiment)),
    EVERY,
)
FEATURES = ViewInfo(
    "features",
    msg("Feature maps"),
    msg("What the units of a layer make of one item, which you choose."),
    f"{HERE}.features:features",
    _always,
    EVERY,
)
CODES = ViewInfo(
    "codes",
    msg("Codes"),
    msg(
        "The values of the encoder’s codes against what generation draws. Where the two agree, "
        "samples come from codes that the decoder knows."
    ),
    f"{HERE}.codes:codes",
    encodes,
    EVERY,
)
CLASSES = ViewInfo(
    "classes",
    msg("Classes"),
    msg(
        "How many generated items belong to each class, as their nearest real neighbours say. A "
        "generator that leaves out classes has collapsed."
    ),
    f"{HERE}.classes:classes",
    has_classes,
    EVERY,
)

INSIDE = (VERDICTS, LAYERS, FILTERS, FEATURES, CODES, CLASSES)
