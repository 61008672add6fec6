"""What a live view declares of itself."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aegan_studio.experiment import Experiment
from aegan_studio.messages import Message


@dataclass(frozen=True, slots=True)
class ViewInfo:
    """One live view.

    Attributes
    ----------
    name : str
        Stable key. It is asked for by this name, or by ``name:argument`` where it has choices.
    label, help : Message
        Its title, and what is seen.
    target : str
        ``"package.module:function"`` of the code behind it: takes a
        :class:`~aegan_studio.ml.looking.Looking` and the argument ("" where there is none) and
        gives a :class:`~aegan_studio.experiment.views.View`, or ``None`` where there is nothing.
    fits : callable
        Whether an experiment's model and data have it.
    every : float
        While training it is made anew so many seconds after the last time at the earliest: what
        the eye cannot follow shall not slow down what it can.
    """

    name: str
    label: Message
    help: Message
    target: str
    fits: Callable[[Experiment], bool]
    every: float = 0.0

    def load(self) -> Any:
        """Import and return the code behind the entry."""
        module, _, name = self.target.partition(":")
        return getattr(importlib.import_module(module), name)
