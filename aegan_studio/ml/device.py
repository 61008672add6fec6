"""Where training runs, and what makes the processor fast at it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache

import torch

from aegan_studio.messages import StudioError, msg


def resolve(name: str) -> torch.device:
    """The device of an experiment's ``training.device``; "auto" takes a graphics card if any.

    Raises
    ------
    StudioError
        Where the machine lacks the device.
    """
    available = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        name = next(kind for kind in ("cuda", "mps", "cpu") if available[kind])
    if not available[name]:
        raise StudioError(
            msg("This machine has no {device} device.", device=name.upper()),
            msg("Set training.device to “auto” or “cpu”."),
        )
    return torch.device(name)


@cache
def tune_allocator() -> None:
    """Let glibc keep large blocks instead of returning them after every step.

    Without it each convolution's buffers are mapped, zeroed by the kernel and unmapped again at
    every step: a DCGAN trains 1.27 times as fast with it, small networks the same.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        libc = ctypes.CDLL("libc.so.6")
    except OSError:  # not glibc
        return
    trim_threshold, mmap_threshold = -1, -3
    libc.mallopt(mmap_threshold, 1 << 30)
    libc.mallopt(trim_threshold, (1 << 31) - 1)


def all_threads() -> int:
    """Processor cores this process may use; ``OMP_NUM_THREADS`` may say fewer."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    # a list of numbers says how many at each depth
    said = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    return min(cores, int(said)) if said.isdecimal() and int(said) > 0 else cores


def faster_threads(step: Callable[[], object], seconds: float = 0.12) -> int:
    """1 or all threads, whichever runs ``step`` faster, measured in turns.

    ``step`` is called for about ``4 * seconds`` in all. Leaves the faster setting in force.
    """
    many = all_threads()
    if many == 1:
        torch.set_num_threads(1)
        return 1
    best = {1: float("inf"), many: float("inf")}
    for threads in (1, many, 1, many):
        torch.set_num_threads(threads)
        step()  # the first after a switch pays for waking the threads
        count, start = 0, time.perf_counter()
        while (elapsed := time.perf_counter() - start) < seconds or count == 0:
            step()
            count += 1
        best[threads] = min(best[threads], elapsed / count)
    # threads must earn their keep: on a busy machine they slow each other down
    chosen = many if best[many] < 0.95 * best[1] else 1
    torch.set_num_threads(chosen)
    return chosen


@contextlib.contextmanager
def no_subnormals() -> Iterator[None]:
    """Let the calling thread take numbers below 1.2e-38 for 0 while it trains.

    Processors work on them a hundred times as slowly, and weight decay makes thousands: the
    weights of a ReLU that never fires again halve and halve. The article's GAN with a decay of
    .03 makes a step in 2.6 ms with this, and after 4,000 steps in 31 ms without. Not left on:
    NumPy and others expect subnormal numbers to exist.
    """
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


def one_thread_here() -> None:
    """Let the calling thread, and no other, run each operation on a single processor thread.

    For small operations beside a training: two threads would wait for each other on cores that
    the training keeps busy (26 ms instead of .3 ms to decode one digit, measured).
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    # The number is kept twice: for this thread, and as what threads that start later take on.
    # Setting it again in a thread that ends at once undoes the second alone.
    undo = threading.Thread(target=torch.set_num_threads, args=(before,))
    undo.start()
    undo.join()
