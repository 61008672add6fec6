"""The plane of two-dimensional data: what critic and generator make of all of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from aegan_studio.catalog.views.plane import judges_points
from aegan_studio.experiment.parts import CodePart
from aegan_studio.experiment.views.plane import Bounds, Density, Floats, Manifold, Surface
from aegan_studio.ml.looking import Looking
from aegan_studio.ml.views import plane_critic

NODES = 2400
"""Nodes of a surface, about, shared out by the sides of its rectangle."""

LINES = 21
"""Lines of the manifold's net in each direction."""

BENDS = 161
"""Nodes of a curve."""

TAIL = 0.01
"""The probability beyond either end of the net, where codes are not bounded."""

AROUND = 0.25
"""The share of the data's extent that is looked at beyond it, where nobody says how much."""

NARROWER = 0.5
"""Kernels are so many times as wide as Scott's rule says, which is made for one bump."""


FARTHEST = 30.0
"""Where the exponent is −30, a kernel is as good as 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The nodes of a rectangle: columns ``xs``, rows ``ys``, and all of them, scaled (n, 2)."""

    bounds: Bounds
    xs: Floats
    ys: Floats
    nodes: Tensor

    @property
    def scaled_xs(self) -> Tensor:
        """The columns, scaled (m,)."""
        return self.nodes[: len(self.xs), 0]

    @property
    def scaled_ys(self) -> Tensor:
        """The rows, scaled (m,)."""
        return self.nodes[:: len(self.xs), 1]


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """A grid (rows, columns, 2) of the first two values of codes, and the codes whole (n, d)."""

    grid: Floats
    codes: Tensor
    prior: str


@torch.no_grad()
def surface(looking: Looking, argument: str) -> Surface:
    """D(x) on a grid over ``argument``: ``"x0,x1,y0,y1"`` in the data's units."""
    grid = _grid(looking, argument)
    said = plane_critic.judged(looking.model.method, grid.nodes)
    values = said.view(len(grid.ys), len(grid.xs))
    return Surface(grid.bounds, _numpy(values), plane_critic.scale_of(looking))


@torch.no_grad()
def density(looking: Looking, argument: str) -> Density:
    """Normal kernels on the samples, summed on a grid over ``argument`` as a surface's.

    The kernels' width along an axis is σ n^(−1/6), Scott's rule in the plane (Multivariate
    Density Estimation, 1992, §6.3), times :data:`NARROWER`.
    """
    grid = _grid(looking, argument)
    points = looking.samples
    if not bool(torch.isfinite(points.sum())):
        points = points[torch.isfinite(points).all(dim=1)]
    if not len(points):
        return Density(grid.bounds, np.zeros((len(grid.ys), len(grid.xs)), np.float32), (1.0, 1.0))
    spread = points.std(dim=0, correction=0)
    spread = spread.clamp(min=1e-3 * float(spread.max()) + 1e-9)
    wide = (NARROWER * len(points) ** (-1 / 6) * spread).tolist()
    x = _kernels(points[:, 0], grid.scaled_xs, wide[0])
    y = _kernels(points[:, 1], grid.scaled_ys, wide[1])
    # a kernel in the plane is the product of one along each axis
    unit = looking.data.scaler.spread
    values = (y.T @ x).div_(len(points) * 2 * math.pi * wide[0] * wide[1] * unit * unit)
    return Density(grid.bounds, _numpy(values), (wide[0] * unit, wide[1] * unit))


def _kernels(at: Tensor, nodes: Tensor, wide: float) -> Tensor:
    """exp(−½ ((x − u) / h)²) of places x (n,) at nodes u (m,), (n, m)."""
    unit = wide * math.sqrt(2.0)
    off = torch.sub((nodes / unit)[None], (at / unit)[:, None])
    # cut off where it is nothing: numbers too small for their format take many times as long
    return off.square_().clamp_(max=FARTHEST).neg_().exp_()


@torch.no_grad()
def manifold(looking: Looking, argument: str) -> Manifold | None:
    """Where G sends a grid of codes: of their first two values, all others held.

    The others are 0; of a class the first is asked for, and learned codes keep their medians.
    """
    del argument
    method, data = looking.model.method, looking.data
    net = _net(looking)
    if net is None:
        return None
    made = method.generate(net.codes)
    verdicts = scale = None
    if judges_points(looking.experiment):
        said = plane_critic.judged(method, made).view(net.grid.shape[:2])
        verdicts, scale = _numpy(said), plane_critic.scale_of(looking)
    return Manifold(
        codes=net.grid,
        places=data.to_display(made).reshape(net.grid.shape),
        verdicts=verdicts,
        scale=scale,
        prior=net.prior,
        others=max(net.codes.shape[1] - 2, 0),
    )


def _net(looking: Looking) -> Net | None:
    """The codes of a grid; those that follow no weights are made once. None: there are none."""
    known: Net | None = looking.kept.get("plane-net")
    if known is not None:
        return known
    parts = looking.experiment.method.code_parts(looking.data.info)
    rest, kinds = _resting(looking, parts), _kinds(parts)
    if not bool(rest.isfinite().all()):
        return None
    width = len(rest)
    across = _line(looking, kinds[0], 0, BENDS if width == 1 else LINES)
    up = np.zeros(1, np.float32) if width == 1 else _line(looking, kinds[1], 1, LINES)
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    codes = rest.repeat(grid.shape[0] * grid.shape[1], 1)
    used = min(width, 2)
    codes[:, :used] = torch.from_numpy(grid.reshape(-1, 2)[:, :used].copy()).to(codes.device)
    net = Net(grid, codes, kinds[0])
    if "learned" not in kinds:
        looking.kept["plane-net"] = net
    return net


def _kinds(parts: tuple[CodePart, ...]) -> list[str]:
    """How each value of a code is drawn."""
    return [part.kind for part in parts for _ in range(part.size)]


def _resting(looking: Looking, parts: tuple[CodePart, ...]) -> Tensor:
    """The code (d,) in the middle of all."""
    rows = []
    start = 0
    for part in parts:
        if part.kind == "learned":
            known = looking.codes if looking.model.has_encoder else looking.sample_codes
            rows.append(known[:, start : start + part.size].median(dim=0).values)
        else:
            row = torch.zeros(part.size, device=looking.device)
            if part.kind == "class":
                row[0] = 1.0
            rows.append(row)
        start += part.size
    return torch.cat(rows)


def _line(looking: Looking, kind: str, value: int, count: int) -> Floats:
    """The places (count,) of the net's lines along one value of the codes."""
    if kind == "normal":  # lines at equal steps of probability: every cell is drawn as often
        shares = torch.linspace(TAIL, 1 - TAIL, count, dtype=torch.float64)
        return _numpy(torch.special.ndtri(shares))
    if kind == "learned":
        known = looking.codes if looking.model.has_encoder else looking.sample_codes
        ends = known[:, value].quantile(torch.tensor([TAIL, 1 - TAIL], device=known.device))
        low, high = (float(end) for end in ends)
        return np.linspace(low, high if high > low else low + 1e-6, count, dtype=np.float32)
    low = 0.0 if kind == "class" else -1.0
    return np.linspace(low, 1.0, count, dtype=np.float32)


def _grid(looking: Looking, argument: str) -> Grid:
    """The grid over a rectangle; the last one is kept, as it is asked for over and over."""
    known: tuple[str, Grid] | None = looking.kept.get("plane-grid")
    if known is None or known[0] != argument:
        bounds = _bounds(looking, argument)
        xs, ys = _axes(bounds)
        nodes = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
        known = argument, Grid(bounds, xs, ys, looking.data.from_display(nodes))
        looking.kept["plane-grid"] = known
    return known[1]


def _bounds(looking: Looking, argument: str) -> Bounds:
    try:
        x0, x1, y0, y1 = (float(text) for text in argument.split(","))
    except ValueError:
        seen = looking.data.to_display(looking.originals)
        low, high = seen.min(axis=0), seen.max(axis=0)
        room = AROUND * float((high - low).max() or 1.0)
        (x0, y0), (x1, y1) = low - room, high + room
    return float(x0), float(x1), float(y0), float(y1)


def _axes(bounds: Bounds) -> tuple[Floats, Floats]:
    """The places of a grid's columns and rows: cells about square."""
    x0, x1, y0, y1 = bounds
    aspect = min(max((x1 - x0) / max(y1 - y0, 1e-12), 1 / 8), 8.0)
    columns = max(round(math.sqrt(NODES * aspect)), 2)
    rows = max(round(NODES / columns), 2)
    return (
        np.linspace(x0, x1, columns, dtype=np.float32),
        np.linspace(y0, y1, rows, dtype=np.float32),
    )


def _numpy(tensor: Tensor) -> Floats:
    array: Floats = tensor.detach().cpu().numpy().astype(np.float32)
    return array
