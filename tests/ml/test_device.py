"""How many of the processor's cores a training takes."""

import time

import pytest
import torch

from aegan_studio.ml import device


@pytest.fixture
def cores(monkeypatch):
    """The machine has eight cores, and nobody asked for fewer."""
    monkeypatch.setattr(device.os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)


@pytest.mark.parametrize(
    ("said", "taken"),
    [("1", 1), ("3", 3), ("2,1", 2), (" 4 ", 4), ("64", 8), ("", 8), ("0", 8), ("many", 8)],
)
def test_fewer_cores_are_taken_where_the_system_asks_for_it(cores, monkeypatch, said, taken):
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    assert device.all_threads() == taken


def test_all_cores_are_taken_where_nobody_asks_for_fewer(cores):
    assert device.all_threads() == 8


@pytest.mark.parametrize(("slow", "faster"), [(1, 2), (2, 1)])
def test_the_faster_number_of_threads_is_found_and_stays(monkeypatch, slow, faster):
    monkeypatch.setattr(device, "all_threads", lambda: 2)
    tried = set()

    def step():
        tried.add(torch.get_num_threads())
        time.sleep(0.004 if torch.get_num_threads() == slow else 0.0005)

    assert device.faster_threads(step, seconds=0.01) == faster
    assert torch.get_num_threads() == faster
    assert tried == {1, 2}


def test_where_there_is_one_core_nothing_is_measured(monkeypatch):
    monkeypatch.setattr(device, "all_threads", lambda: 1)
    torch.set_num_threads(2)
    assert device.faster_threads(lambda: pytest.fail("measured")) == 1
    assert torch.get_num_threads() == 1
