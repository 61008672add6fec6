"""A critic's word on single points of the plane, and how it is to be read."""

from __future__ import annotations

import torch
from torch import Tensor

from aegan_studio.catalog.methods.adversarial import Adversarial
from aegan_studio.experiment.views.plane import Verdicts
from aegan_studio.ml.looking import Looking
from aegan_studio.ml.methods.base import Method
from aegan_studio.ml.methods.packing import packed

WEIGHED = 256
"""Real and generated points that the middle of a scale without one of its own is taken from."""

SPREAD = 0.98
"""The share of what is said of them that lies within such a scale's ends, with :data:`ROOM`."""

ROOM = 1.5

LOGARITHMIC = ("non-saturating", "minimax")


def opinion(method: Method, x: Tensor) -> Tensor:
    """What the critic gives for scaled points (n, 2), (n,): logits, scores, or energies negated.

    A critic of packs is shown a pack of m equal points; one of pairs (x, E(x)).
    """
    packing = getattr(method.options, "packing", 1)
    if packing == 1:
        return method.critic(x)[:, 0]
    pack = packed(x.repeat_interleave(packing, dim=0), packing)
    return method.networks["discriminator"](pack)[:, 0]


def probabilistic(method: Method) -> bool:
    """Whether σ of the critic's logit is the probability that a point is real."""
    options = method.options
    if isinstance(options, Adversarial):
        return options.loss in LOGARITHMIC and not options.relativistic
    return bool(options.kind == "article-loop")  # its loss is the logarithmic one


def judged(method: Method, x: Tensor) -> Tensor:
    """D(x) of scaled points (n, 2), (n,): a probability where the loss makes it one."""
    a = opinion(method, x)
    return torch.sigmoid(a) if probabilistic(method) else a


@torch.no_grad()
def scale_of(looking: Looking) -> Verdicts:
    """How the critic's values are read.

    Losses with targets of their own bring the ends and the middle. The others, Wasserstein's and
    relativistic critics and energies, are known but for a constant: their middle lies half way
    between what is said of real points and of generated ones, and both kinds fill the scale.
    """
    method = looking.model.method
    if probabilistic(method):
        return Verdicts(0.0, 0.5, 1.0, probability=True)
    options = method.options
    if isinstance(options, Adversarial) and not options.relativistic:
        if options.loss == "least-squares":
            return Verdicts(0.0, 0.5, 1.0, probability=False)
        if options.loss == "hinge":
            return Verdicts(-1.0, 0.0, 1.0, probability=False)
    real = opinion(method, looking.originals[:WEIGHED])
    fake = opinion(method, looking.samples[:WEIGHED])
    level = (real.mean() + fake.mean()) / 2
    reach = (torch.cat((real, fake)) - level).abs().quantile(SPREAD)
    middle, half = float(level), ROOM * max(float(reach), 1e-6)
    return Verdicts(middle - half, middle, middle + half, probability=False, fixed=False)
