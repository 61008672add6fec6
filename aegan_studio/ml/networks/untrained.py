"""What a network makes before any training: whether signals die out or explode on their way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from aegan_studio.catalog.layers import Embedding
from aegan_studio.experiment import Experiment
from aegan_studio.ml.networks.build import build, layers_of

MOST_VALUES = 40_000_000
"""Values made in all by the layers for the items shown; beyond, fewer items are shown."""


@dataclass(frozen=True, slots=True)
class Untrained:
    """What a freshly initialised network makes of random inputs.

    Pictures are uint8, (n, H, W) or (n, H, W, 3), mapped from the role's range, or from their
    own where that is open; otherwise ``values`` holds (n, d) float32. ``mean`` and ``spread`` are
    those of all values made, before any mapping.
    """

    pictures: npt.NDArray[np.uint8] | None
    values: npt.NDArray[np.float32] | None
    mean: float
    spread: float


@torch.no_grad()
def untrained(experiment: Experiment, role_name: str, count: int, values: int) -> Untrained:
    """Run a network as it is initialised with the experiment's seed, in training mode.

    Inputs are standard normal: codes as the prior draws them, pictures as noise, so that nothing
    has to be loaded; tokens are drawn evenly. Batch norm works with the statistics of these
    items, as in a first step.

    Parameters
    ----------
    count : int
        Items to make for pictures; for codes and verdicts as many are made as say how they spread.
    values : int
        Values that the network's layers make of one item, which bounds how many are tried.

    Raises
    ------
    StudioError
        Where the network does not fit.
    """
    role = next(role for role in experiment.roles() if role.name == role_name)
    rng = torch.Generator().manual_seed(experiment.seed)
    options = experiment.networks[role_name]
    network = build(options, role, rng).train()
    pictured = len(role.outputs) == 3 and role.outputs[0] in (1, 3)
    wanted = max(count, 8) if pictured else 512 if len(role.inputs) == 1 else 64
    items = max(2, min(wanted, MOST_VALUES // max(values, 1)))
    x = torch.randn(items, *role.inputs, generator=rng)
    first = next((layer for layer in layers_of(options, role) if layer.enabled), None)
    if isinstance(first, Embedding):
        x = torch.randint(first.tokens, x.shape, generator=rng).float()
    beside = None
    if role.beside:
        chosen = torch.randint(role.beside, (items,), generator=rng)
        beside = torch.nn.functional.one_hot(chosen, role.beside).float()
    made = network(x, beside).float().contiguous().numpy()
    mean, spread = float(made.mean()), float(made.std())
    if not pictured:
        return Untrained(None, made.reshape(items, -1), mean, spread)
    low, high = {"unit": (0.0, 1.0), "symmetric": (-1.0, 1.0)}.get(
        role.output_range, (float(made.min()), float(made.max()))
    )
    scaled = np.nan_to_num((made[:count] - low) * (255.0 / max(high - low, 1e-12)))
    shown = np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    pictures = shown[:, 0] if shown.shape[1] == 1 else np.moveaxis(shown, 1, -1)
    return Untrained(np.ascontiguousarray(pictures), None, mean, spread)
