"""What a vital sign declares of itself."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from aegan_studio.experiment import Experiment
from aegan_studio.messages import Message

Style = Literal["plain", "share", "count"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a vital sign.

    Attributes
    ----------
    name : str
        The key it is recorded under, beside the measurements on held-out data. Where
        ``by_role``, one number a network, recorded under ``name.role``.
    label, help : Message
        Its title; and what it says, with the value to expect of a sound model.
    style : {"plain", "share", "count"}
        How it is written: a share of 1 as per cent.
    """

    name: str
    label: Message
    help: Message
    style: Style = "plain"
    by_role: bool = False


@dataclass(frozen=True, slots=True)
class VitalInfo:
    """One vital sign: a measurement of a model in training that losses do not tell.

    Attributes
    ----------
    name : str
        Stable key.
    figures : tuple of Figure
        What it measures. Where a figure has no meaning for a model, it is left out.
    target : str
        ``"package.module:function"`` of the code behind it: takes a
        :class:`~aegan_studio.ml.vitals.subject.Subject` and gives a mapping from names to numbers.
    fits : callable
        Whether an experiment's model and data have it.
    paper : str
        Where it comes from.
    light : bool
        Whether it is cheap enough for every measurement; others are taken now and then while
        training is fast.
    """

    name: str
    figures: tuple[Figure, ...]
    target: str
    fits: Callable[[Experiment], bool]
    paper: str = ""
    light: bool = False

    def load(self) -> Any:
        """Import and return the code behind the entry."""
        module, _, name = self.target.partition(":")
        return getattr(importlib.import_module(module), name)
