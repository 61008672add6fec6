"""What is measured of a trained model: names, units, and which way is better. No computing here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from aegan_studio.messages import Message, msg


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """One metric.

    Attributes
    ----------
    name : str
        Stable key.
    label, help : Message
        Its name, and what it says.
    better : {"higher", "lower", "one"}
        Which way is better; "one" where 1 is what equal distributions give.
    style : {"plain", "share", "error", "count"}
        How it is written: a share of 1 as per cent, an error with five places.
    paper : str
        Where it comes from.
    needs : frozenset of str
        What a model or its data must have: "samples", "encoder", "reconstruction", "labels".
    """

    name: str
    label: Message
    help: Message
    better: Literal["higher", "lower", "one"]
    style: Literal["plain", "share", "error", "count"] = "plain"
    paper: str = ""
    needs: frozenset[str] = frozenset()


_SAMPLES = frozenset({"samples"})
_READ = frozenset({"samples", "labels"})
_PROBED = frozenset({"encoder", "labels"})

_ALL = (
    MetricInfo(
        "mse",
        msg("Held-out error"),
        msg(
            "Mean squared error of reconstructions of held-out items, in units of the data's range."
        ),
        "lower",
        "error",
        needs=frozenset({"encoder", "reconstruction"}),
    ),
    MetricInfo(
        "fid",
        msg("Fréchet distance"),
        msg(
            "How far generated items are from real ones in mean and covariance of features. "
            "Compare only equal counts and the same features."
        ),
        "lower",
        paper="arXiv 1706.08500",
        needs=_READ,
    ),
    MetricInfo(
        "kid",
        msg("Kernel distance"),
        msg("Squared maximum mean discrepancy of features; 0 on average for equal distributions."),
        "lower",
        "error",
        "arXiv 1801.01401",
        _READ,
    ),
    MetricInfo(
        "precision",
        msg("Precision"),
        msg("The share of generated items that lie among real ones."),
        "higher",
        "share",
        "arXiv 1904.06991",
        _SAMPLES,
    ),
    MetricInfo(
        "recall",
        msg("Recall"),
        msg("The share of real items that lie among generated ones."),
        "higher",
        "share",
        "arXiv 1904.06991",
        _SAMPLES,
    ),
    MetricInfo(
        "density",
        msg("Density"),
        msg("How many real surroundings a generated item lies in; 1 for equal distributions."),
        "one",
        "plain",
        "arXiv 2002.09797",
        _SAMPLES,
    ),
    MetricInfo(
        "coverage",
        msg("Coverage"),
        msg("The share of real items with a generated one nearby; low where modes are missing."),
        "higher",
        "share",
        "arXiv 2002.09797",
        _SAMPLES,
    ),
    MetricInfo(
        "classes",
        msg("Classes covered"),
        msg("Classes that get at least a tenth of their even share of the samples."),
        "higher",
        "count",
        needs=_READ,
    ),
    MetricInfo(
        "rarest",
        msg("Rarest class"),
        msg("The share of samples that belong to the rarest class."),
        "higher",
        "share",
        needs=_READ,
    ),
    MetricInfo(
        "obeyed",
        msg("Class as asked"),
        msg("The share of samples of the class that was asked for."),
        "higher",
        "share",
        needs=_READ,
    ),
    MetricInfo(
        "probe",
        msg("Linear probe"),
        msg("The share of held-out items whose class a linear classifier reads off their codes."),
        "higher",
        "share",
        needs=_PROBED,
    ),
    MetricInfo(
        "neighbour",
        msg("Nearest code"),
        msg("The share of held-out items whose nearest training code is of the same class."),
        "higher",
        "share",
        needs=_PROBED,
    ),
    MetricInfo(
        "copying",
        msg("Distance from training data"),
        msg("Mean distance of samples to the nearest training item, over that of held-out items."),
        "one",
        needs=_SAMPLES,
    ),
    MetricInfo(
        "modes",
        msg("Modes"),
        msg("Modes of the mixture that at least one sample falls on."),
        "higher",
        "count",
        "arXiv 1712.04086",
        _SAMPLES,
    ),
    MetricInfo(
        "high-quality",
        msg("On a mode"),
        msg("The share of samples within three standard deviations of a mode."),
        "higher",
        "share",
        "arXiv 1712.04086",
        _SAMPLES,
    ),
    MetricInfo(
        "reverse-kl",
        msg("Reverse KL"),
        msg("How unevenly samples spread over the modes, in nats; 0 is even."),
        "lower",
        "plain",
        "arXiv 1712.04086",
        _SAMPLES,
    ),
)

METRICS: Mapping[str, MetricInfo] = {metric.name: metric for metric in _ALL}
"""All metrics by name."""
