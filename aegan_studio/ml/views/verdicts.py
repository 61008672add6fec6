"""What the critics think of real and of made things."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from scipy.stats import rankdata
from torch import Tensor

from aegan_studio.catalog.methods.adversarial import Adversarial
from aegan_studio.catalog.views.critics import critics_of
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import Role
from aegan_studio.experiment.views.inside import CriticVerdicts, Judged, Scale, Verdicts
from aegan_studio.ml.looking import SEED, Looking
from aegan_studio.ml.methods.factor_vae import permuted
from aegan_studio.ml.methods.packing import packed, whole
from aegan_studio.ml.views.things import Things

BINS = 40

Values = npt.NDArray[np.float64]


class Side(NamedTuple):
    """How a critic's outputs are read: their scale, and what parts real from made on it."""

    scale: Scale
    side: float


def verdicts(looking: Looking, argument: str) -> Verdicts | None:
    """Every critic's verdicts on things real and made."""
    del argument
    things = Things(looking)
    found = tuple(
        _counted(role.name, side_of(looking.experiment, role), list(_judge(looking, role, things)))
        for role in critics_of(looking.experiment)
    )
    return Verdicts(found) if found else None


def side_of(experiment: Experiment, role: Role) -> Side:
    """How the outputs of a critic are read.

    Logits of a logarithmic loss are probabilities by their sigmoid. A hinge parts at 0, least
    squares aim at 0 and 1. Distances (Wasserstein), energies and critics that only compare
    (relativistic) have no sides.
    """
    options = experiment.method
    if not isinstance(options, Adversarial):
        single = role.outputs == (1,)
        return Side("probability", 0.5) if single else Side("raw", math.nan)
    if options.relativistic or options.loss == "wasserstein":
        return Side("raw", math.nan)
    if options.loss == "hinge":
        return Side("raw", 0.0)
    if options.loss == "least-squares":
        return Side("raw", 0.5)
    return Side("probability", 0.5)


@torch.no_grad()
def _judge(looking: Looking, role: Role, things: Things) -> Iterator[tuple[str, bool, Values]]:
    """(thing, whether it is real, logits (n,)) of all that a critic is shown."""
    for thing, real, held in _shown(looking.experiment, role.name):
        if held and not len(looking.data.held_out):
            continue
        yield _name(thing, held), real, _numpy(_logits(looking, role, things, thing, held))
    if role.name == "latent_discriminator" and len(_judged(looking.experiment, role.name)) == 1:
        # a critic of how the values of codes hang together: the others are shuffled
        rng = torch.Generator(looking.device).manual_seed(SEED)
        shuffled = permuted(things["z-hat"], rng)
        logits = looking.model.networks[role.name](shuffled)
        yield "shuffled", False, _numpy(logits[:, 0])


def _judged(experiment: Experiment, role: str) -> tuple[str, ...]:
    """The things that a critic is shown, the real one first."""
    judged = experiment.method.flow().judged[role]
    if role == "discriminator" and not any(thing.split("+")[0] == "x" for thing in judged):
        return ("x", *judged)  # the article's program forgets to show it any
    return judged


def _shown(experiment: Experiment, role: str) -> Iterator[tuple[str, bool, bool]]:
    """(thing, real, held out) in the order to show them."""
    for index, thing in enumerate(_judged(experiment, role)):
        yield thing, index == 0, False
        if thing.split("+")[0] in ("x", "z-hat"):
            yield thing, index == 0, True


def _name(thing: str, held: bool) -> str:
    return thing.split("+")[0] + ("-held" if held else "")


def _logits(looking: Looking, role: Role, things: Things, thing: str, held: bool) -> Tensor:
    method, network = looking.model.method, looking.model.networks[role.name]
    parts = [things[_name(part, held)] for part in thing.split("+")]
    if len(parts) == 2:
        return network(parts[0], parts[1])[:, 0]
    if role.name != "discriminator":
        return network(parts[0])[:, 0]
    if method.has_critic:
        return method.critic(parts[0])[:, 0]
    pack = int(method.options.packing)
    items = parts[0][: whole(len(parts[0]), pack)]
    return network(packed(items, pack))[:, 0]


def _counted(role: str, side: Side, verdicts: list[tuple[str, bool, Values]]) -> CriticVerdicts:
    scaled = [
        (thing, real, _sigmoid(values) if side.scale == "probability" else values)
        for thing, real, values in verdicts
    ]
    finite = [values[np.isfinite(values)] for _, _, values in scaled]
    low, high = 0.0, 1.0
    if side.scale == "raw":
        low, high = _ends(np.concatenate(finite), side.side)
    judged = []
    for (thing, real, values), known in zip(scaled, finite, strict=True):
        counts, _ = np.histogram(known, bins=BINS, range=(low, high))
        right = math.nan
        if not math.isnan(side.side) and len(values):
            right = float(((values > side.side) if real else (values < side.side)).mean())
        mean = float(values.mean()) if len(values) else math.nan
        judged.append(Judged(thing, real, counts.astype(np.int64), mean, right))
    sides = [
        np.concatenate(
            [values for thing, real, values in verdicts if real is wanted and seen(thing)]
        )
        for wanted in (True, False)
    ]
    ahead = share_ahead(*sides)
    return CriticVerdicts(role, side.scale, low, high, side.side, ahead, tuple(judged))


def seen(thing: str) -> bool:
    """Whether a thing comes of training items, which critics know, not of held-out ones."""
    return not thing.endswith("-held")


def _ends(values: Values, side: float) -> tuple[float, float]:
    """A range for raw values with the side in it."""
    known = values if math.isnan(side) else np.append(values, side)
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    if high > low:
        return low, high
    room = abs(low) * 0.5 or 0.5
    return low - room, high + room


def share_ahead(real: Values, made: Values) -> float:
    """P(real > made) + ½ P(real = made) over all pairs: the area under the ROC curve."""
    if not (len(real) and len(made)) or not np.isfinite(np.concatenate((real, made))).all():
        return math.nan
    ranks = rankdata(np.concatenate((real, made)))[: len(real)].sum()
    return float((ranks - len(real) * (len(real) + 1) / 2) / (len(real) * len(made)))


def _sigmoid(values: Values) -> Values:
    found: Values = torch.from_numpy(values).sigmoid().numpy()
    return found


def _numpy(values: Tensor) -> Values:
    found: Values = values.detach().cpu().double().numpy()
    return found
