"""Pieces that declarations of autoencoders joined with a discriminator share."""

from __future__ import annotations

from copy import copy
from typing import Any

from aegan_studio.catalog.methods.adversarial import Adversarial
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import TermInfo

LOSS_E = TermInfo(
    "loss-e",
    "Encoder loss",
    "L_E",
    "How rarely the encoder’s codes pass for drawn ones. It is no measure of quality.",
    "code",
)


def adversarial_default(name: str, default: object) -> Any:
    """An option of every method with a discriminator, with another default."""
    field = copy(Adversarial.model_fields[name])
    field.default = default
    return field


def weight(default: float, *, label: str, help: str, le: float = 1e4) -> float:
    """The option for the weight of a term; live."""
    value: float = option(
        default, label=label, help=help, ge=0, le=le, soft=(1e-3, 100), log=True, live=True
    )
    return value
