"""Packs: items that the discriminator judges together (PacGAN, arXiv 1712.04086)."""

from __future__ import annotations

from torch import Tensor


def packed(x: Tensor, m: int) -> Tensor:
    """Items (m n, C, …) one behind the other in packs (n, m C, …); rows (m n, d) in (n, m d)."""
    if m == 1:
        return x
    return x.reshape(len(x) // m, m * x.shape[1], *x.shape[2:])


def whole(size: int, m: int) -> int:
    """The items out of ``size`` that make whole packs."""
    return size - size % m
