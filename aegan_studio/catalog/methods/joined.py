"""Pieces that declarations of autoencoders joined with a discriminator share."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from aegan_studio.catalog.methods.adversarial import Adversarial, AdversarialLoss
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


_LATEX_E: Mapping[AdversarialLoss, str] = {
    "non-saturating": r"-\mathbb{E}[\log (1 - D(x))]",
    "minimax": r"\mathbb{E}[\log D(x)]",
    "least-squares": r"\frac{1}{2}\mathbb{E}[D(x)^2]",
    "hinge": r"\mathbb{E}[D(x)]",
    "wasserstein": r"\mathbb{E}[D(x)]",
}


def latex_e(options: Adversarial) -> str:
    """What an encoder minimises whose items play real: the generator's loss, answers swapped."""
    if options.relativistic and options.loss != "wasserstein":
        # judged in pairs: one loss for both
        return options.latex_g().replace("L_G", "L_E")
    return f"L_E = {_LATEX_E[options.loss]}"


def of_pairs(latex: str, code: str) -> str:
    """A formula of D(x) and D(G(z)) where D judges data with a code: ``E(x)``, and z."""
    return latex.replace("D(x)", f"D(x, {code})").replace("D(G(z))", "D(G(z), z)")
