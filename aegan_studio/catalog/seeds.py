"""The grid of seeds: which random code lies where, in the window and in functions alike."""

from __future__ import annotations

ROW = 100
"""By how much seeds of neighbouring rows of the grid differ, as in StyleGAN's visualiser."""

SEEDS = 2**31
"""How many seeds there are; beyond the last they begin again."""


def seed_at(column: int, row: int) -> int:
    """The seed at a point of the grid: ``column + 100 row``, modulo :data:`SEEDS`."""
    return (column + ROW * row) % SEEDS
