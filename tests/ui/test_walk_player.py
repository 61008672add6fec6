"""The player keeps to the clock: pictures are dropped, none is ever late."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aegan_studio.ui.panels.explore.walk.player import RATE, Player

FRAME = 1.0 / RATE
TICK = 0.016


class Clock:
    def __init__(self):
        self.time = 100.0

    def __call__(self):
        return self.time


def play(seconds, latencies, mode="once", passes=4.0):
    """Run a player against a decoder that takes ``latencies`` in turn.

    Returns, for every picture, when it was shown, for which time it was, and what it took.
    """
    clock = Clock()
    player = Player(clock)
    player.start(0.0, seconds, mode)
    begun, end = clock.time, clock.time + min(passes * seconds, 3.0)
    under_way, shown, turn = None, [], 0

    def step():
        nonlocal under_way, turn
        share = player.ask()
        if share is not None:
            taking = latencies[turn % len(latencies)]
            turn += 1
            under_way = clock.time + taking, clock.time + player.ahead, taking, share

    while clock.time < end:
        due = begun + (int((clock.time - begun) / TICK + 1e-6) + 1) * TICK
        if under_way is not None and under_way[0] <= due:
            arrival, moment, taking, share = under_way
            clock.time = arrival
            player.arrived()
            under_way = None
            shown.append((arrival, moment, taking, share))
        else:
            clock.time = due
        step()
    return player, np.array(shown), begun


lags = st.lists(st.floats(0.0005, 0.25), min_size=1, max_size=12)


@given(lags, st.floats(0.3, 6.0))
def test_what_is_shown_is_never_older_than_its_own_decoding_took(latencies, seconds):
    _, shown, _ = play(seconds, latencies)
    late = shown[:, 0] - shown[:, 1]
    frame = np.maximum(FRAME, shown[:, 2])
    assert (late <= frame + 1e-9).all()


@given(st.floats(0.0005, 0.25), st.floats(0.3, 6.0))
def test_behind_a_steady_decoder_the_picture_is_on_time(latency, seconds):
    _, shown, _ = play(seconds, [latency])
    late = shown[1:, 0] - shown[1:, 1]
    assert (late <= FRAME).all()


@given(lags, st.floats(0.3, 6.0), st.sampled_from(["once", "back", "loop"]))
def test_nothing_queues_up_and_places_are_those_of_the_clock(latencies, seconds, mode):
    player, shown, begun = play(seconds, latencies, mode)
    for _, moment, _, share in shown:
        phase = (moment - begun) / seconds
        expected = {
            "once": min(phase, 1.0),
            "loop": phase % 1.0,
            "back": 1.0 - abs(phase % 2.0 - 1.0),
        }[mode]
        assert share == pytest.approx(expected, abs=1e-6) or abs(share - expected) > 1 - 1e-6
    assert (np.diff(shown[:, 0]) >= 0).all()
    assert len(shown) <= (shown[-1, 0] - begun) / (0.9 * FRAME) + 2
    assert player.ahead == pytest.approx(shown[-4:, 2].max(), abs=1e-9)


def test_a_fast_decoder_gives_sixty_pictures_a_second_and_a_slow_one_what_it_can():
    fast, _, _ = play(3.0, [0.002])
    assert fast.rate == pytest.approx(60, abs=4)
    assert fast.dropped(RATE) <= 3
    slow, shown, _ = play(3.0, [0.05])
    assert slow.rate == pytest.approx(20, abs=2)
    assert slow.dropped(RATE) == pytest.approx(40, abs=2)
    assert np.diff(shown[:, 0]).max() < 0.06  # it is asked again at once


def test_a_picture_that_never_comes_is_not_waited_for_for_ever():
    clock = Clock()
    player = Player(clock)
    player.start(0.0, 10.0, "once")
    assert player.ask() is not None
    clock.time += 0.5
    assert player.ask() is None
    clock.time += 0.6
    assert player.ask() == pytest.approx(0.11)


def test_once_ends_and_begins_anew_from_its_end():
    clock = Clock()
    player = Player(clock)
    player.start(0.75, 4.0, "once")
    assert not player.over
    clock.time += 1.01
    assert player.over
    assert player.place() == 1.0
    player.start(1.0, 4.0, "once")
    assert player.place() == 0.0


def test_another_pace_goes_on_from_where_it_is():
    clock = Clock()
    player = Player(clock)
    player.start(0.0, 4.0, "back")
    clock.time += 5.0  # on the way back, at 0.75
    player.set_pace(1.0, "back")
    assert player.place() == pytest.approx(0.75)
    clock.time += 0.25
    assert player.place() == pytest.approx(0.5)
    player.set_pace(1.0, "loop")
    assert player.place() == pytest.approx(0.5)
    clock.time += 0.75
    assert player.place() == pytest.approx(0.25)
