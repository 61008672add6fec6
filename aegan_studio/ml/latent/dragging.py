"""Dragging points of a picture to other places by moving its code.

DragGAN (Pan et al., arXiv 2305.10973): a step of motion supervision asks the generator's features
around each handle to appear one pixel nearer to the target; point tracking then finds where the
handle's content has gone. A mask holds the features outside a region in place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from aegan_studio.ml.latent.codespace import CodeSpace
from aegan_studio.ml.latent.inversion import Adam, last
from aegan_studio.ml.networks.calls import Prepared, prepare

Floats = npt.NDArray[np.float32]

ARRIVED = 1.0
"""Pixels between a handle and its target at which it has arrived."""

STAY = 20.0
"""Weight of the features outside the mask, λ of the paper."""


@dataclass(frozen=True, slots=True, eq=False)
class Drag:
    """How far the handles have come.

    Attributes
    ----------
    step, steps : int
        Updates done, and how many there will be at most.
    code : ndarray, float32 (d,)
    handles : ndarray, float32 (k, 2)
        Where the content of each handle is now, x and y in pixels.
    distances : ndarray, float32 (k,)
        To the targets, in pixels.
    arrived : bool
        Whether all distances are within :data:`ARRIVED`; then this is the last report.
    """

    step: int
    steps: int
    code: Floats
    handles: Floats
    distances: Floats
    arrived: bool


def feature_layers(space: CodeSpace) -> dict[int, tuple[int, int, int]]:
    """Layers of the generator whose result is a map of features: index to (C, h, w).

    Up to what goes into the last weighted layer; empty for networks of vectors. Maps of a single
    pixel are left out.
    """
    network = space.network
    if network is None:
        return {}
    found: dict[int, tuple[int, int, int]] = {}
    weighted = [
        index for index, layer in enumerate(network.layers) if any(True for _ in layer.parameters())
    ]
    end = weighted[-1] if weighted else 0
    with torch.no_grad():
        x = space.entrance(torch.zeros(1, space.width, device=space.device))
        for index, layer in enumerate(network.layers[:end]):
            x = layer(x)
            if x.dim() == 4 and min(x.shape[2:]) > 1:
                found[index] = (x.shape[1], x.shape[2], x.shape[3])
    return found


def dragging(
    space: CodeSpace,
    code: npt.ArrayLike,
    handles: npt.ArrayLike,
    targets: npt.ArrayLike,
    *,
    mask: npt.ArrayLike | None = None,
    layer: int | None = None,
    steps: int = 200,
    rate: float = 0.05,
    radius: int | None = None,
    search: int | None = None,
    stay: float = STAY,
    every: int = 1,
) -> Iterator[Drag]:
    """Move a code until points of its picture are where they should be; close to stop.

    Values of class parts stay as they are, those of uniform parts within their bounds. Nothing
    here is random.

    Parameters
    ----------
    space : CodeSpace
        Of a model that makes pictures (C, H, W).
    code : array_like, (d,)
    handles, targets : array_like, (k, 2)
        x and y in pixels of the picture, the middle of the first pixel at (0, 0).
    mask : array_like or None, (H, W)
        What may change; everything may by default.
    layer : int or None
        Of :func:`feature_layers`, whose features are followed; by default the last one, and the
        picture itself where there is none.
    steps : int
        Updates by Adam at most.
    rate : float
        How far a value of the code moves in an update at most, about; codes have spread 1.
    radius, search : int or None
        Pixels around a handle that are moved along, and in which it is looked for afterwards;
        by default a 32nd and a 10th of the picture’s side, at least 1.
    stay : float
        Weight of what the mask holds in place.
    every : int
        Updates between reports; the first comes before any update.

    Raises
    ------
    ValueError
        Shapes that don't fit, points outside the picture, a layer without a map of features, a
        model that makes no pictures.
    """
    if steps < 1 or every < 1:
        raise ValueError("steps and every must be at least 1")
    values = np.array(code, dtype=np.float32)
    if values.shape != (space.width,):
        raise ValueError(f"the code must have shape ({space.width},), not {values.shape}")
    features = _Features(space, layer)
    free = space.free(torch.from_numpy(values)[None].to(space.device))
    moves = ~space.of_kinds("class")
    first = features.of(_code(space, free, values, moves), grad=False)
    height, width = first.shape[2:]
    now = _points(handles, width, height).to(space.device)
    goal = _points(targets, width, height).to(space.device)
    if now.shape != goal.shape:
        raise ValueError(f"{len(now)} handles and {len(goal)} targets do not pair up")
    side = max(height, width)
    around = _square(radius if radius is not None else max(1, round(side / 32)), space.device)
    near = _square(search if search is not None else max(1, round(side / 10)), space.device)
    fixed = _fixed(mask, height, width, space.device)
    looks = _sampled(first, now[:, None] + around)
    adam = Adam(free)
    for step in range(steps + 1):
        distances = (goal - now).norm(dim=1)
        arrived = bool((distances <= ARRIVED).all())
        if arrived or step == steps or step % every == 0:
            reached = space.valid(_code(space, free, values, moves))
            yield Drag(
                step,
                steps,
                reached[0].cpu().numpy(),
                now.cpu().numpy(),
                distances.cpu().numpy(),
                arrived,
            )
        if arrived or step == steps:
            return
        ahead = goal - now
        # a pixel at a time, and less where the target is nearer than that
        ahead = ahead / ahead.norm(dim=1, keepdim=True).clamp(min=1.0)
        gradient = _supervised(
            features, space, free, values, moves, now, ahead, around, first, fixed, stay
        )
        adam.step(gradient * moves, rate)
        free.copy_(space.kept_within(free))
        made = features.of(_code(space, free, values, moves), grad=False)
        now = _tracked(made, looks, now, around, near)


def drag(
    space: CodeSpace,
    code: npt.ArrayLike,
    handles: npt.ArrayLike,
    targets: npt.ArrayLike,
    **options: object,
) -> Drag:
    """The last report of :func:`dragging`, which takes the same options."""
    return last(dragging(space, code, handles, targets, **options))  # type: ignore[arg-type]


class _Features:
    """The features of a chosen layer, brought to the picture's size."""

    def __init__(self, space: CodeSpace, layer: int | None) -> None:
        with torch.no_grad():
            picture = space.generate(torch.zeros(1, space.width, device=space.device))
        if picture.dim() != 4:
            raise ValueError(f"only pictures can be dragged, not items {tuple(picture.shape[1:])}")
        self._space = space
        self._size = (int(picture.shape[2]), int(picture.shape[3]))
        self._head: Prepared | None = None
        layers = feature_layers(space)
        if layer is not None and layer not in layers:
            raise ValueError(f"layer {layer} gives no map of features; these do: {list(layers)}")
        if layers and space.network is not None:
            end = max(layers) if layer is None else layer
            self._head = prepare(
                space.network.layers[: end + 1], channels_last=space.network.convolutional
            )

    def of(self, z: Tensor, *, grad: bool) -> Tensor:
        """Codes (n, d) to features (n, C, H, W)."""
        with torch.set_grad_enabled(grad):
            if self._head is None:
                return self._space.generate(z)
            made = self._head.run(self._space.entrance(z), None)
            if made.shape[2:] == self._size:
                return made
            return F.interpolate(made, self._size, mode="bilinear", align_corners=False)


def _code(space: CodeSpace, free: Tensor, values: Floats, moves: Tensor) -> Tensor:
    """The code of free values, with what must not move exactly as it was given, (1, d)."""
    return torch.where(moves, space.codes(free), torch.from_numpy(values).to(space.device))


def _supervised(
    features: _Features,
    space: CodeSpace,
    free: Tensor,
    values: Floats,
    moves: Tensor,
    now: Tensor,
    ahead: Tensor,
    around: Tensor,
    first: Tensor,
    fixed: Tensor | None,
    stay: float,
) -> Tensor:
    """The derivative of motion supervision (eq. 1 of the paper) to the free values, (1, d)."""
    # not around the caller's loop: the mode would leak to whoever takes the reports
    with torch.enable_grad():
        leaf = free.detach().requires_grad_()
        made = features.of(_code(space, leaf, values, moves), grad=True)
        places = now[:, None] + around
        here = _sampled(made, places).detach()
        loss = (here - _sampled(made, places + ahead[:, None])).abs().mean(dim=(0, 2)).sum()
        if fixed is not None:
            loss = loss + stay * ((made - first) * fixed).abs().mean()
        (gradient,) = torch.autograd.grad(loss, leaf)
    return gradient


def _sampled(maps: Tensor, places: Tensor) -> Tensor:
    """Maps (1, C, H, W) at places (k, m, 2) between pixels, bilinearly: (C, k, m)."""
    size = torch.tensor([maps.shape[3] - 1, maps.shape[2] - 1], device=maps.device)
    grid = places / size.clamp(min=1) * 2 - 1
    found = F.grid_sample(maps, grid[None], padding_mode="border", align_corners=True)
    return found[0]


def _tracked(made: Tensor, looks: Tensor, now: Tensor, around: Tensor, near: Tensor) -> Tensor:
    """Where near each handle (k, 2) the features look most as they did at its start (C, k, m).

    The paper compares single feature vectors; the neighbourhood as well tells places apart where
    the features are the few channels of a picture.
    """
    height, width = made.shape[2:]
    candidates = now[:, None] + near
    found = _sampled(made, (candidates[:, :, None] + around).flatten(1, 2))
    views = found.view(*found.shape[:2], len(near), len(around))
    unlike = (views - looks[:, :, None]).abs().mean(dim=(0, 3))
    inside = (candidates >= 0) & (candidates <= torch.tensor([width - 1, height - 1]).to(now))
    unlike = unlike.masked_fill(~inside.all(dim=2), torch.inf)
    chosen = unlike.argmin(dim=1)
    return candidates[torch.arange(len(now), device=now.device), chosen]


def _points(given: npt.ArrayLike, width: int, height: int) -> Tensor:
    points = np.array(given, dtype=np.float32)
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ValueError(f"points must have shape (k ≥ 1, 2), not {points.shape}")
    if not ((points >= 0) & (points <= (width - 1, height - 1))).all():
        raise ValueError(f"points must lie in the picture of {width} × {height} pixels")
    return torch.from_numpy(points)


def _square(radius: int, device: torch.device) -> Tensor:
    """Offsets x, y of the pixels within a square, the middle first, (m, 2)."""
    if radius < 0:
        raise ValueError("a radius must be at least 0")
    side = torch.arange(-radius, radius + 1, dtype=torch.float32)
    offsets = torch.cartesian_prod(side, side)
    order = offsets.norm(dim=1).argsort(stable=True)
    return offsets[order].to(device)


def _fixed(
    mask: npt.ArrayLike | None, height: int, width: int, device: torch.device
) -> Tensor | None:
    """Where features must stay, float (H, W); ``None`` where everything may change."""
    if mask is None:
        return None
    free = np.array(mask, dtype=np.float32)
    if free.shape != (height, width):
        raise ValueError(f"the mask must have shape ({height}, {width}), not {free.shape}")
    return torch.from_numpy(1 - free).to(device)
