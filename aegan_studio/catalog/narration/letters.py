"""The letters of things and networks, as formulas and as plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aegan_studio.experiment.parts import Role

THINGS: Mapping[str, str] = {
    "x": "x",
    "x-hat": r"\hat{x}",
    "x-tilde": r"\tilde{x}",
    "z": "z",
    "z-hat": r"\hat{z}",
    "z-tilde": r"\tilde{z}",
    "z-bar": r"\bar{z}",
    "noise": r"\epsilon",
    "codebook": "e",
    "index": "k",
}
"""LaTeX of the things of a flow."""


def letter(thing: str) -> str:
    """LaTeX of a thing, or of a pair such as ``x+z-hat``."""
    return ", ".join(THINGS.get(part, r"\mathrm{" + part + "}") for part in thing.split("+"))


def symbol(role: Role) -> str:
    """LaTeX of a network; of one with two letters the first."""
    return role.symbol.split(",")[0]


def plain(role: Role) -> str:
    """A network's letter in plain text: ``Dx``, ``E2``."""
    return re.sub(r"[\\{}_]", "", symbol(role))


def mentions(latex: str, role: Role) -> bool:
    """Whether a formula speaks of a network by its letter."""
    name = symbol(role)
    text = latex.replace("D_{KL}", "")
    if "_" in name:
        return name in text
    return re.search(rf"(?<![A-Za-z\\{{]){name}(?:_l)?\s*\(", text) is not None
