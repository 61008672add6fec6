"""Vital signs of points in the plane: how alike two clouds are, cell by cell and mode by mode."""

from __future__ import annotations

from aegan_studio.catalog.datasets.points import PointsOptions
from aegan_studio.catalog.vitals.entry import Figure, VitalInfo
from aegan_studio.experiment import Experiment
from aegan_studio.messages import msg


def _points(experiment: Experiment) -> bool:
    return experiment.data_info().modality == "points"


def _mixture(experiment: Experiment) -> bool:
    """Whether the data are round Gaussians with known centres."""
    data = experiment.dataset
    return isinstance(data, PointsOptions) and data.centres() is not None


PLANE = (
    VitalInfo(
        "grid",
        (
            Figure(
                "js",
                msg("JS divergence"),
                msg(
                    "The Jensen–Shannon divergence of generated and real points on a grid of 30 × "
                    "30 cells, in bits: 0 where they are equal, 1 where they share no cell. Finite "
                    "samples never reach 0; the floor says what is as good as real."
                ),
            ),
            Figure(
                "js-floor",
                msg("Floor of JS"),
                msg(
                    "The Jensen–Shannon divergence of as many real points that training has not "
                    "seen, in bits. Generated points that come down to it cannot be told from them."
                ),
            ),
            Figure(
                "kl-forward",
                msg("KL(real ‖ generated)"),
                msg(
                    "The Kullback–Leibler divergence on the grid, in bits: large where real points "
                    "lie and no generated ones, as after mode collapse."
                ),
            ),
            Figure(
                "kl-reverse",
                msg("KL(generated ‖ real)"),
                msg(
                    "The divergence the other way round, in bits: large where generated points lie "
                    "and no real ones, as between the modes."
                ),
            ),
            Figure(
                "covered",
                msg("Data covered"),
                msg(
                    "The share of real points that lie in a cell with a generated one; low where "
                    "parts of the data are missing."
                ),
                "share",
            ),
            Figure(
                "covered-best",
                msg("Most data covered"),
                msg(
                    "The share that as many real points cover which training has not seen: more "
                    "than that is not to be had."
                ),
                "share",
            ),
        ),
        "aegan_studio.ml.vitals.plane:grid",
        _points,
        "arXiv 1809.01587",
    ),
    VitalInfo(
        "modes",
        (
            Figure(
                "modes",
                msg("Modes captured"),
                msg(
                    "Modes of the mixture that at least one of 2,000 samples falls on, within "
                    "three standard deviations."
                ),
                "count",
            ),
            Figure(
                "high-quality",
                msg("On a mode"),
                msg(
                    "The share of samples within three standard deviations of a mode; 98.9 % of an "
                    "exact sampler’s."
                ),
                "share",
            ),
            Figure(
                "uneven",
                msg("Unevenness of modes"),
                msg(
                    "KL of the modes nearest to each sample from an even spread, in nats: 0 is "
                    "even, the logarithm of their number where one has all."
                ),
            ),
        ),
        "aegan_studio.ml.vitals.plane:modes",
        _mixture,
        "arXiv 1712.04086",
    ),
)
