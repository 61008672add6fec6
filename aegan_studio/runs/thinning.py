"""Which instants of a run stay where not all can: dense early and lately, sparse between.

Every step has a place on a line that grows like a logarithm from both ends of the run: with the
last step T and c = T / :data:`NEAR`, step s stands at log((c + s) / (c + T − s)). While there is
too much, of all steps but the first and the last that one goes whose two neighbours would then
stand nearest to each other; of equals the earlier one. Nothing but step numbers and sizes matters.

On that line the run is 2·log(1 + :data:`NEAR`) long. So of n + 1 steps one goes that leaves a gap
of at most twice that, divided by n − 1; and as a gap's ends come nearer to each other on the line
while the run grows, the gap stays below that for ever: no gap is longer than a fixed multiple of
c and the steps to the nearer end of the run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

NEAR = 64
"""The share of a run, as a divisor, within which instants lie about equally close."""


def place(step: int, last: int) -> float:
    """Where a step of 0 … ``last`` stands on the line."""
    near = max(1.0, last / NEAR)
    return math.log((near + step) / (near + last - step))


def superfluous(steps: Sequence[int], sizes: Sequence[int], budget: int, most: int) -> list[int]:
    """The steps that must go so that the rest is at most ``most``, and takes ``budget`` bytes.

    The first and the last always stay; where even these two do not fit the first goes, and where
    the last alone does not, all.

    Parameters
    ----------
    steps, sizes : sequence of int
        In increasing order, and the bytes that each takes.
    """
    left = list(zip(steps, sizes, strict=True))
    total = sum(sizes)
    gone: list[int] = []
    while left and (total > budget or len(left) > most):
        index = _least_missed([step for step, _ in left])
        step, size = left.pop(index)
        total -= size
        gone.append(step)
    return gone


def _least_missed(steps: Sequence[int]) -> int:
    if len(steps) <= 2:
        return 0
    last = steps[-1]
    places = [place(step, last) for step in steps]
    gaps = [after - before for before, after in zip(places, places[2:], strict=False)]
    return 1 + min(range(len(gaps)), key=gaps.__getitem__)
