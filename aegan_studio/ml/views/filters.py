"""What single units look for in the data, or paint into them: weights as pictures."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor, nn

from aegan_studio.catalog.views.inside import reads_data
from aegan_studio.experiment.views.inside import Filters
from aegan_studio.ml.looking import Looking
from aegan_studio.ml.networks.network import Network

MOST = 256
"""Units whose weights are shown; of more, those with the longest weights."""

Weighted = nn.Linear | nn.Conv2d | nn.ConvTranspose2d


@torch.no_grad()
def filters(looking: Looking, role: str) -> Filters | None:
    """The first layer's incoming weights where a network reads data, else the last's outgoing.

    ``None`` where that layer has no weights for single values of the data.
    """
    network = looking.model.networks.get(role)
    if network is None:
        return None
    reads = reads_data(looking.experiment, role)
    index, module = _end(network, last=not reads)
    if module is None:
        return None
    shape = looking.data.info.shape
    weight = _used(module)
    values = _incoming(module, weight, shape) if reads else _outgoing(module, weight, shape)
    if values is None:
        return None
    norms = torch.linalg.vector_norm(values.flatten(1), dim=1)
    units = norms.topk(min(MOST, len(norms))).indices.sort().values
    bias = module.bias if reads and module.bias is not None else torch.zeros(len(values))
    x = looking.originals.flatten(1)
    return Filters(
        role=role,
        layer=index,
        reads=reads,
        units=units.cpu().numpy(),
        total=len(norms),
        values=_array(_pictured(values[units])),
        offsets=_array(bias[units.to(bias.device)]),
        box=_array(torch.stack((x.amin(0), x.amax(0)))) if len(shape) == 1 else _NO_BOX,
        norms=_array(norms[units]),
    )


_NO_BOX = np.zeros((2, 0), np.float32)


def _end(network: Network, *, last: bool) -> tuple[int, Weighted | None]:
    """The first layer that maps its input, or the last one, and its place in the list."""
    children = list(network.named_children())
    for name, child in reversed(children) if last else children:
        found = [part for part in child.modules() if isinstance(part, Weighted)]
        if found:
            return int(name), found[-1 if last else 0]
    return 0, None


def _used(module: Weighted) -> Tensor:
    """The weight as it is used, spectrally normalised where it is."""
    normalised = getattr(module, "normalised", None)
    weight: Tensor = module.weight if normalised is None else normalised()
    return weight


def _incoming(module: Weighted, weight: Tensor, shape: tuple[int, ...]) -> Tensor | None:
    """(units, \\*item) or (units, C, k, k); what comes in beside the item stands behind it."""
    size = math.prod(shape)
    if isinstance(module, nn.Linear):
        if module.in_features < size:
            return None
        return weight[:, :size].reshape(-1, *shape)
    if isinstance(module, nn.ConvTranspose2d) or module.in_channels < shape[0]:
        return None
    return weight[:, : shape[0]]


def _outgoing(module: Weighted, weight: Tensor, shape: tuple[int, ...]) -> Tensor | None:
    """(units, \\*item) or (units, C, k, k)."""
    if isinstance(module, nn.Linear):
        if module.out_features != math.prod(shape):
            return None
        return weight.t().reshape(-1, *shape)
    if len(shape) != 3 or module.out_channels != shape[0]:
        return None
    return weight if isinstance(module, nn.ConvTranspose2d) else weight.transpose(0, 1)


def _pictured(values: Tensor) -> Tensor:
    """(n, C, H, W) as (n, H, W), or (n, H, W, 3) for three colours; points as they are."""
    if values.dim() < 4:
        return values
    if values.shape[1] == 3:
        return values.permute(0, 2, 3, 1)
    return values.mean(1)


def _array(values: Tensor | Iterable[float]) -> np.ndarray:
    tensor = torch.as_tensor(values)
    return tensor.detach().cpu().float().contiguous().numpy().copy()
