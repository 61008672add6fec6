"""Which networks of an experiment judge, and what can be seen of their verdicts."""

from __future__ import annotations

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import Role

CRITICS = ("discriminator", "latent_discriminator")


def critics_of(experiment: Experiment) -> tuple[Role, ...]:
    """The roles whose verdicts can be seen.

    Packs of items with classes are left out: what such a critic is told of them is not fixed.
    """
    options = experiment.method
    told = getattr(options, "labels", "none") in ("conditional", "projection")
    if told and getattr(options, "packing", 1) > 1:
        return ()
    judged = options.flow().judged
    return tuple(
        role for role in experiment.roles() if role.name in CRITICS and role.name in judged
    )
