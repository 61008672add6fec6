"""What all tests share: Qt draws off-screen, no person's files are touched, no thread is left."""

import os
import sys
import threading
import time

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Tests run beside each other, a process for each core: more threads than that wait for one
# another. Set before torch is loaded; what a test starts takes it over.
os.environ["OMP_NUM_THREADS"] = "1"

# how long a test takes says something of the machine, nothing of the code
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

ENDING = 10.0
"""Seconds that a thread told to end may take."""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Runs and settings live in a folder of the test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("AEGAN_STUDIO_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def english():
    """Every test starts and ends in English."""
    from aegan_studio.i18n import tr

    tr.use("en")
    yield
    tr.use("en")


@pytest.fixture(autouse=True)
def own_threads():
    """A number of torch's threads that a test asked for ends with it."""
    yield
    torch = sys.modules.get("torch")
    if torch is not None and torch.get_num_threads() != 1:
        torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def no_leaked_threads():
    """A test that leaves a thread of Python's running fails."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + ENDING
    left = _new(before)
    while left and time.monotonic() < deadline:
        left[0].join(0.05)
        left = _new(before)
    assert not left, f"left running: {left}"


def _new(before):
    # Qt's threads appear as dummies, which cannot be joined; they are watched by `studio` fixtures
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before
        and thread.is_alive()
        and not isinstance(thread, threading._DummyThread)
        and not thread.daemon
    ]
