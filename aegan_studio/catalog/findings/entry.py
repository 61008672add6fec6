"""What a finding of the doctor declares of itself."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aegan_studio.experiment import Experiment
from aegan_studio.messages import Message


@dataclass(frozen=True, slots=True)
class FindingInfo:
    """One kind of finding.

    Attributes
    ----------
    name : str
        Stable key.
    label : Message
        Its name in the field.
    headline : Message
        A short sentence for the foot of the window.
    help : Message
        What goes on and why it matters, in plain words.
    paper : str
        Where that is described.
    target : str
        ``"package.module:Class"`` of the detector, a
        :class:`aegan_studio.ml.doctor.detector.Detector`.
    fits : callable
        Whether an experiment can have it.
    """

    name: str
    label: Message
    headline: Message
    help: Message
    paper: str
    target: str
    fits: Callable[[Experiment], bool]

    def load(self) -> Any:
        """Import and return the detector's class."""
        module, _, name = self.target.partition(":")
        return getattr(importlib.import_module(module), name)
