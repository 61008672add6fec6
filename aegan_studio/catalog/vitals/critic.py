"""Vital signs of a discriminator: how well it tells real from generated, and what it remembers."""

from __future__ import annotations

from aegan_studio.catalog.vitals.entry import Figure, VitalInfo
from aegan_studio.experiment import Experiment
from aegan_studio.messages import msg


def _critic(experiment: Experiment) -> bool:
    return any(role.name == "discriminator" for role in experiment.roles())


CRITICS = (
    VitalInfo(
        "judgement",
        (
            Figure(
                "told-apart",
                msg("Told apart"),
                msg(
                    "How often D ranks a held-out item above a sample: 50 % where it cannot tell "
                    "them apart, 100 % where it always can. It means the same for every loss."
                ),
                "share",
            ),
            Figure(
                "remembered",
                msg("Training data known"),
                msg(
                    "How often D ranks a training item above a held-out one: 50 % where it treats "
                    "them alike, more where it has learned the training data by heart."
                ),
                "share",
            ),
            Figure(
                "belief-train",
                msg("D(x), training"),
                msg("The mean probability that D gives training items to be real."),
                "share",
            ),
            Figure(
                "belief-held-out",
                msg("D(x), held out"),
                msg("The mean probability that D gives held-out items to be real."),
                "share",
            ),
            Figure(
                "belief-made",
                msg("D(G(z))"),
                msg("The mean probability that D gives samples to be real."),
                "share",
            ),
            Figure(
                "opinion",
                msg("Spread of opinions"),
                msg(
                    "The standard deviation of what D says, over real items and samples; 0 where "
                    "it says the same of everything."
                ),
            ),
        ),
        "aegan_studio.ml.vitals.critic:judgement",
        _critic,
        "arXiv 2006.06676",
    ),
    VitalInfo(
        "slope",
        (
            Figure(
                "slope",
                msg("Slope of D"),
                msg(
                    "How much the logit of D changes over the mean distance of two real items, at "
                    "samples: what the generator learns from. Near 0 it learns nothing."
                ),
            ),
        ),
        "aegan_studio.ml.vitals.critic:slope",
        _critic,
        "arXiv 1701.04862",
    ),
)
