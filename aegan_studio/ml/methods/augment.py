"""Differentiable augmentation of what the discriminator sees (DiffAugment, arXiv 2006.10738).

The same random changes meet real and generated pictures, in the discriminator's updates and in
the generator's, and gradients pass through them; so that with little data the discriminator cannot
learn the pictures by heart, and the generator does not learn to make changed ones.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from aegan_studio.catalog.methods.augment import Augmented
from aegan_studio.experiment.parts import DataInfo

Change = Callable[[Tensor], Tensor]
"""Pictures (B, C, H, W) to pictures of the same shape."""

BRIGHTER = 0.5
"""Largest shift of brightness, in units of half the range of the data."""
SATURATED = 1.0
"""Colours are scaled by 1 ± this."""
CONTRASTED = 0.5
"""Differences from a picture's mean are scaled by 1 ± this."""
MOVED = 0.125
"""Largest shift, as a share of the side."""
CUT = 0.5
"""Side of the square that is cut out, as a share of the picture's."""


def augmented(options: Augmented, x: Tensor, data: DataInfo, rng: torch.Generator) -> Tensor:
    """Pictures (B, C, H, W) with the changes that the options switch on; other items as they are.

    Every picture gets its own draw. ``data`` gives the range, the middle of which fills gaps.
    """
    strength = options.augment_strength
    if not options.augment or strength == 0 or x.dim() != 4:
        return x
    bounded = data.low is not None and data.high is not None
    low, high = (data.low or 0.0, data.high or 0.0) if bounded else (-1.0, 1.0)
    middle, half = (low + high) / 2, (high - low) / 2
    if options.augment_color:
        x = brightness(x, strength * BRIGHTER * half, rng)
        x = saturation(x, strength * SATURATED, rng)
        x = contrast(x, strength * CONTRASTED, rng)
    if options.augment_translation:
        x = translation(x, strength * MOVED, rng, fill=middle)
    if options.augment_cutout:
        x = cutout(x, strength * CUT, rng, fill=middle)
    return x


def brightness(x: Tensor, most: float, rng: torch.Generator) -> Tensor:
    """x + U(−most, most)."""
    return x + _uniform(x, rng) * most


def saturation(x: Tensor, most: float, rng: torch.Generator) -> Tensor:
    """Differences from grey scaled by 1 + U(−most, most); grey pictures stay."""
    if x.shape[1] == 1:
        return x
    grey = x.mean(1, keepdim=True)
    return torch.lerp(grey.expand_as(x), x, 1 + _uniform(x, rng) * most)


def contrast(x: Tensor, most: float, rng: torch.Generator) -> Tensor:
    """Differences from a picture's mean scaled by 1 + U(−most, most)."""
    mean = x.mean((1, 2, 3), keepdim=True)
    return torch.lerp(mean.expand_as(x), x, 1 + _uniform(x, rng) * most)


def translation(x: Tensor, most: float, rng: torch.Generator, *, fill: float = 0.0) -> Tensor:
    """Moved by up to ``most`` of the side, rounded to pixels, along both axes."""
    _, _, height, width = x.shape
    down, right = round(height * most), round(width * most)
    if down == 0 and right == 0:
        return x
    rows = _moved(x, height, down, rng)[:, None, :, None]
    columns = _moved(x, width, right, rng)[:, None, None, :]
    room = F.pad(x - fill, (right, right, down, down))
    index = rows.expand(-1, x.shape[1], -1, width + 2 * right)
    room = room.gather(2, index)
    return room.gather(3, columns.expand(-1, x.shape[1], height, -1)) + fill


def cutout(x: Tensor, side: float, rng: torch.Generator, *, fill: float = 0.0) -> Tensor:
    """A rectangle of ``side`` of the picture filled, with its centre anywhere."""
    _, _, height, width = x.shape
    high, wide = round(height * side), round(width * side)
    if high == 0 or wide == 0:
        return x
    rows = _struck(x, height, high, rng)[:, None, :, None]
    columns = _struck(x, width, wide, rng)[:, None, None, :]
    return x.masked_fill(rows & columns, fill)


def _uniform(x: Tensor, rng: torch.Generator) -> Tensor:
    """One number a picture from [−1, 1), (B, 1, 1, 1)."""
    draw = torch.rand(len(x), 1, 1, 1, generator=rng, device=x.device, dtype=x.dtype)
    return draw * 2 - 1


def _moved(x: Tensor, side: int, most: int, rng: torch.Generator) -> Tensor:
    """Places in a side padded by ``most`` at both ends, (B, side)."""
    start = torch.randint(2 * most + 1, (len(x), 1), generator=rng, device=x.device)
    return start + torch.arange(side, device=x.device)


def _struck(x: Tensor, side: int, length: int, rng: torch.Generator) -> Tensor:
    """Which places of a side a stretch of ``length`` covers, (B, side)."""
    # the centre may lie on either edge, as in the authors' program
    start = torch.randint(side + 1 - length % 2, (len(x), 1), generator=rng, device=x.device)
    place = torch.arange(side, device=x.device) - (start - length // 2)
    return (place >= 0) & (place < length)
