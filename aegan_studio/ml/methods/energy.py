"""What critics that give an energy have in common: items ranked by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from aegan_studio.ml.methods.base import MOST_SHOWN, Method, Shown, ranked

SEED = 0xE6
"""Of the codes whose samples are shown: the same all through a run."""


def by_energy(method: Method, x: Tensor, energy: Callable[[Tensor], Tensor]) -> Mapping[str, Shown]:
    """Items ``x`` (N, \\*item), and as many samples, from the highest to the lowest energy.

    ``energy`` takes (n, \\*item) to (n,). The chance of the samples is their own.
    """
    x = x[: MOST_SHOWN // 2]
    rng = torch.Generator(x.device).manual_seed(SEED)
    x_hat = method.generate(method.prior(len(x), rng))
    return {"energy-x": ranked(x, energy(x)), "energy-x-hat": ranked(x_hat, energy(x_hat))}
