"""Vital signs of what a model makes: variety, closeness to the data, copies."""

from __future__ import annotations

from aegan_studio.catalog.vitals.entry import Figure, VitalInfo
from aegan_studio.experiment import Experiment
from aegan_studio.messages import msg


def _always(experiment: Experiment) -> bool:
    del experiment
    return True


def _pictures(experiment: Experiment) -> bool:
    return experiment.data_info().modality == "image"


def _held_out(experiment: Experiment) -> bool:
    dataset = experiment.dataset
    return dataset.held_out_count(experiment.data_info().count) >= 50


def _classes(experiment: Experiment) -> bool:
    return len(experiment.data_info().classes) > 1


SAMPLES = (
    VitalInfo(
        "variety",
        (
            Figure(
                "spread",
                msg("Spread of samples"),
                msg(
                    "The mean distance of two samples over that of two real items: 1 where both "
                    "vary alike, near 0 where all samples are the same."
                ),
            ),
            Figure(
                "apart",
                msg("Distance of neighbouring samples"),
                msg(
                    "The median distance of a sample to its nearest neighbour over that of real "
                    "items: 1 where both vary alike, near 0 where samples repeat."
                ),
            ),
            Figure(
                "centre-1",
                msg("Centre of samples, first axis"),
                msg(
                    "How far the mean of the samples is from that of the data along the axis on "
                    "which the data vary most, in standard deviations; 0 where they agree."
                ),
            ),
            Figure(
                "centre-2",
                msg("Centre of samples, second axis"),
                msg("The same along the axis on which the data vary second most."),
            ),
        ),
        "aegan_studio.ml.vitals.samples:variety",
        _always,
        "arXiv 1610.09585",
    ),
    VitalInfo(
        "twins",
        (
            Figure(
                "twins",
                msg("Repeated samples"),
                msg(
                    "The share of samples that have a near-copy among 255 others. By the birthday "
                    "paradox many of them mean that only a few items can be made."
                ),
                "share",
            ),
        ),
        "aegan_studio.ml.vitals.samples:twins",
        _pictures,
        "arXiv 1706.08224",
    ),
    VitalInfo(
        "likeness",
        (
            Figure(
                "coverage",
                msg("Coverage"),
                msg(
                    "The share of real items with a sample in their surroundings; about 97 % for "
                    "equal distributions, low where kinds of items are missing."
                ),
                "share",
            ),
            Figure(
                "precision",
                msg("Precision"),
                msg("The share of samples that lie in the surroundings of a real item."),
                "share",
            ),
            Figure(
                "distance",
                msg("Distance to the data"),
                msg(
                    "The energy distance of samples and held-out items, over the mean distance of "
                    "two real items: 0 for equal distributions, about 1 far from the data."
                ),
            ),
        ),
        "aegan_studio.ml.vitals.samples:likeness",
        _always,
        "arXiv 2002.09797",
    ),
    VitalInfo(
        "copies",
        (
            Figure(
                "nearer-train",
                msg("Nearer to training data"),
                msg(
                    "The share of samples that are nearer to a training item than to as many "
                    "held-out ones: about 50 %, near 100 % where training items are repeated."
                ),
                "share",
            ),
            Figure(
                "from-train",
                msg("Distance from training data"),
                msg(
                    "The median distance of samples to the nearest training item, over that of "
                    "held-out items: about 1, near 0 for copies."
                ),
            ),
        ),
        "aegan_studio.ml.vitals.samples:copies",
        _held_out,
        "arXiv 2002.09797",
    ),
    VitalInfo(
        "kinds",
        (
            Figure(
                "classes-made",
                msg("Classes made"),
                msg(
                    "Classes that get at least a tenth of their share in the data, each sample "
                    "counted by the five training items nearest to it."
                ),
                "count",
            ),
            Figure(
                "rarest-made",
                msg("Rarest class made"),
                msg("The share of the rarest class among the samples, over that in the data."),
                "share",
            ),
        ),
        "aegan_studio.ml.vitals.samples:kinds",
        _classes,
    ),
)
