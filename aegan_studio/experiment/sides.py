"""The two sides of a comparison."""

from __future__ import annotations

from typing import Literal

Side = Literal["a", "b"]

SIDES: tuple[Side, Side] = ("a", "b")


def other(side: Side) -> Side:
    """The side that this one is compared with."""
    return "b" if side == "a" else "a"
