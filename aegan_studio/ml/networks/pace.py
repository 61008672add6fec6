"""How fast this computer runs layers, measured once in a fraction of a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

SECONDS, RUNS = 0.06, 30
"""How long each measurement lasts, and how many runs it has at least; the fastest one counts."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What a pass forward and backward costs on one thread of this computer's processor.

    Attributes
    ----------
    rows, pictures : float
        Floating-point operations a second in linear layers and in convolutions, where the
        backward pass counts twice the forward one.
    values : float
        Values a second through a layer that only changes each of them, forward and backward.
    layer : float
        Seconds that a layer costs however small it is, forward and backward.
    """

    rows: float
    pictures: float
    values: float
    layer: float


def measure() -> Pace:
    """Time a linear map, a convolution, an activation and a chain of tiny layers.

    Each takes well under a millisecond, so that among the runs are some that no other program
    interrupts. The caller sets the number of threads; the global random state is left alone.
    """
    rng = torch.Generator().manual_seed(0)

    def drawn(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=rng)

    row, weight = drawn(64, 256).requires_grad_(), drawn(256, 256).requires_grad_()
    picture = drawn(16, 32, 8, 8).to(memory_format=torch.channels_last).requires_grad_()
    kernel = drawn(32, 32, 4, 4).requires_grad_()
    grown = drawn(64, 16, 8, 8).requires_grad_()
    tiny, small = drawn(64, 4).requires_grad_(), [drawn(4, 4).requires_grad_() for _ in range(8)]

    def chain() -> Tensor:
        x = tiny
        for one in small:
            x = nn.functional.linear(x, one)
        return x

    linear = _seconds(lambda: nn.functional.linear(row, weight), (row, weight))
    conv = _seconds(
        lambda: nn.functional.conv2d(picture, kernel, stride=2, padding=1), (picture, kernel)
    )
    bend = _seconds(lambda: nn.functional.leaky_relu(grown, 0.2), (grown,))
    least = _seconds(chain, (tiny, *small))
    pictures = 3 * 2 * 16 * 32 * 4 * 4 * kernel[0].numel() / conv
    return Pace(
        # a convolution is a linear map and more: where it seems faster, others were in the way
        rows=max(3 * 2 * row.numel() * 256 / linear, pictures),
        pictures=pictures,
        values=grown.numel() / bend,
        layer=least / len(small),
    )


def _seconds(forward: Callable[[], Tensor], inputs: tuple[Tensor, ...]) -> float:
    """The shortest time of a pass forward and backward."""
    best = float("inf")
    end = time.perf_counter() + SECONDS
    for index in range(10_000):
        begun = time.perf_counter()
        made = forward()
        torch.autograd.grad(made, inputs, torch.ones_like(made))
        spent = time.perf_counter() - begun
        if index:  # the first run also finds its memory
            best = min(best, spent)
        if index >= RUNS and time.perf_counter() > end:
            break
    return best
