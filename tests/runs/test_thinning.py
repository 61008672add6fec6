"""Which instants stay: within the bound, both ends always, gaps that grow geometrically at most."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aegan_studio.runs.thinning import NEAR, place, superfluous

ARRIVALS = st.lists(
    st.tuples(st.integers(1, 5000), st.integers(1, 40)), min_size=2, max_size=120
).map(lambda pairs: [(sum(gap for gap, _ in pairs[: i + 1]), s) for i, (_, s) in enumerate(pairs)])


def grow(arrivals, budget, most):
    """What is left after each arrival, thinned as a training thins: new ones one by one."""
    kept = {}
    for step, size in arrivals:
        kept[step] = size
        steps = sorted(kept)
        for gone in superfluous(steps, [kept[s] for s in steps], budget, most):
            del kept[gone]
        yield step, dict(kept)


@settings(max_examples=50)
@given(ARRIVALS, st.integers(80, 400), st.integers(2, 30))
def test_the_bound_holds_and_first_and_last_stay(arrivals, budget, most):
    for step, kept in grow(arrivals, budget, most):
        assert sum(kept.values()) <= budget
        assert len(kept) <= most
        assert arrivals[0][0] in kept, "two of at most 40 always fit into 80"
        assert step in kept


@settings(max_examples=40)
@given(st.lists(st.integers(1, 300), min_size=10, max_size=120), st.integers(10, 40))
def test_gaps_grow_at_most_geometrically(gaps, most):
    steps = [sum(gaps[: i + 1]) for i in range(len(gaps))]
    longest = 4 * math.log(1 + NEAR) / (most - 1)
    arrived = set(itertools.pairwise(steps))
    for last, kept in grow([(step, 1) for step in steps], 10**9, most):
        left = sorted(kept)
        near = max(1.0, last / NEAR)
        for before, after in itertools.pairwise(left):
            if (before, after) in arrived:
                continue  # nobody can keep what never came
            assert place(after, last) - place(before, last) <= longest + 1e-9
            to_the_end = near + min(before, last - after)
            assert after - before <= (math.exp(longest) - 1) * to_the_end * (1 + 1e-9)


def test_early_and_late_steps_lie_closer_than_those_between():
    (*_, (_, kept)) = grow([(step, 1) for step in range(0, 20_001, 10)], 10**9, 60)
    left = sorted(kept)
    gaps = [after - before for before, after in itertools.pairwise(left)]
    middle = max(gaps)
    assert gaps[0] * 8 <= middle
    assert gaps[-1] * 8 <= middle


@pytest.mark.parametrize(
    ("sizes", "budget", "left"),
    [([60, 60], 100, [2]), ([60, 200], 100, []), ([], 100, []), ([5], 0, []), ([5], 5, [1])],
)
def test_what_does_not_fit_goes_before_the_bound_breaks(sizes, budget, left):
    steps = list(range(1, len(sizes) + 1))
    gone = superfluous(steps, sizes, budget, 100)
    assert [step for step in steps if step not in gone] == left
