"""Batches visit everything, and an interrupted order goes on bit for bit."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aegan_studio.ml.data.order import BatchOrder


@given(count=st.integers(1, 60), batch=st.integers(1, 70), seed=st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_an_epoch_visits_no_row_twice_and_drops_the_partial_batch(count, batch, seed):
    order = BatchOrder(count, batch, seed)
    size = min(count, batch)
    assert order.steps_per_epoch == count // size
    rows = torch.cat([order.next() for _ in range(order.steps_per_epoch)])
    assert rows.dtype == torch.int64
    assert len(rows) == count // size * size == len(set(rows.tolist()))
    assert set(rows.tolist()) <= set(range(count))
    assert order.epoch == 1.0


@given(
    count=st.integers(1, 40),
    batch=st.integers(1, 40),
    before=st.integers(0, 90),
    after=st.integers(1, 90),
)
@settings(deadline=None)
def test_a_restored_order_goes_on_as_if_never_interrupted(count, batch, before, after):
    whole = BatchOrder(count, batch, seed=7)
    for _ in range(before):
        whole.next()
    state = {name: torch.tensor(value) for name, value in whole.state().items()}
    resumed = BatchOrder(count, batch, seed=7)
    resumed.restore(state)
    assert resumed.epoch == whole.epoch
    for _ in range(after):
        assert torch.equal(resumed.next(), whole.next())


def test_epochs_and_seeds_have_orders_of_their_own():
    order = BatchOrder(100, 100, seed=0)
    first, second = order.next(), order.next()
    assert not torch.equal(first, second)
    assert not torch.equal(first, BatchOrder(100, 100, seed=1).next())
    assert torch.equal(first, BatchOrder(100, 100, seed=0).next())


def test_the_order_leaves_global_randomness_alone():
    before = torch.get_rng_state()
    BatchOrder(100, 10, seed=0).next()
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("state", [{"epoch": -1, "position": 0}, {"epoch": 0, "position": 11}])
def test_a_state_that_cannot_be_is_refused(state):
    with pytest.raises(ValueError, match="there is no batch"):
        BatchOrder(100, 10, seed=0).restore(state)
