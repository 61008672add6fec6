"""What the training doctor reports: frozen values, known without loading what finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from aegan_studio.messages import Message

Severity = Literal["info", "warning", "error"]

SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")
"""From the mildest to the worst."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Something that may help, as an edit of the experiment.

    Attributes
    ----------
    label : Message
        What a button says: an order, such as "Lower its rate".
    help : Message
        What it changes, with the values, and why that may help.
    edits : mapping
        Dotted paths of the experiment to their new values.
    live : bool
        Whether it takes effect at once; others need a new run.
    """

    label: Message
    help: Message
    edits: Mapping[str, Any]
    live: bool


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A small series to plot as evidence.

    ``name`` is what it is recorded under: a column, or a measurement as ``held-out.`` + its name.
    ``limit`` is the value at which it begins to count as a sign, where there is one.
    """

    name: str
    steps: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    limit: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """One thing that is wrong with a training.

    Attributes
    ----------
    name : str
        As :mod:`aegan_studio.catalog.findings` has it.
    severity : {"info", "warning", "error"}
    confidence : float
        In 0–1.
    step, since : int
        The step of the latest evidence, and of the first that holds on to it.
    about : str
        The role or the phase that it is about; empty for the whole.
    numbers : mapping
        The figures it rests on, by the names they are recorded under.
    curves : tuple of Curve
    remedies : tuple of Remedy
        The one to try first is first.
    """

    name: str
    severity: Severity
    confidence: float
    step: int
    since: int
    about: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    curves: tuple[Curve, ...] = ()
    remedies: tuple[Remedy, ...] = ()
