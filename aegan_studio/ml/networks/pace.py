"""How fast this computer runs layers, measured once in a fraction of a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

SECONDS = 0.05
"""How long each measurement lasts at most; the fastest of its runs counts."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What a pass forward and backward costs on this computer's processor.

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

    Work as in DCGAN at 32 pixels and batch 64; the global random state is left alone.
    """
    rng = torch.Generator().manual_seed(0)

    def drawn(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=rng).requires_grad_()

    row, weight = drawn(64, 512), drawn(512, 512)
    picture = drawn(64, 32, 16, 16).detach().to(memory_format=torch.channels_last)
    picture.requires_grad_()
    kernel = drawn(64, 32, 4, 4)
    grown = drawn(64, 16, 16, 16)
    tiny, small = drawn(64, 4), [drawn(4, 4) for _ in range(8)]

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
    return Pace(
        rows=3 * 2 * 64 * 512 * 512 / linear,
        pictures=3 * 2 * 64 * 32 * 16 * 64 * 8 * 8 / conv,
        values=grown.numel() / bend,
        layer=least / len(small),
    )


def _seconds(forward: Callable[[], Tensor], inputs: tuple[Tensor, ...]) -> float:
    """The shortest time of a pass forward and backward."""
    best = float("inf")
    end = time.perf_counter() + SECONDS
    for index in range(1000):
        begun = time.perf_counter()
        made = forward()
        torch.autograd.grad(made, inputs, torch.ones_like(made))
        spent = time.perf_counter() - begun
        if index:  # the first run also finds its memory
            best = min(best, spent)
        if index > 7 and time.perf_counter() > end:
            break
    return best
