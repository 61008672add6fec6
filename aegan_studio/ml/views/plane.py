"""The plane of two-dimensional data: what critic and generator make of all of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

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


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The nodes of a rectangle: columns ``xs``, rows ``ys``, and all of them, scaled (n, 2)."""

    bounds: Bounds
    xs: Floats
    ys: Floats
    nodes: Tensor


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
    axes = (grid.xs, grid.ys)
    points = looking.data.to_display(looking.samples)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return Density(grid.bounds, np.zeros((len(grid.ys), len(grid.xs)), np.float32), (1.0, 1.0))
    spread = points.std(axis=0)
    wide = NARROWER * len(points) ** (-1 / 6) * np.maximum(spread, 1e-3 * spread.max() + 1e-9)
    along = [
        _kernels(torch.from_numpy(points[:, axis].copy()), axes[axis], float(wide[axis]))
        for axis in (0, 1)
    ]
    # a kernel in the plane is the product of one along each axis
    values = along[1].T @ along[0] / len(points)
    return Density(grid.bounds, _numpy(values), (float(wide[0]), float(wide[1])))


def _kernels(at: Tensor, nodes: Floats, wide: float) -> Tensor:
    """Normal kernels about places (n,) at nodes (m,), (n, m)."""
    off = (torch.from_numpy(nodes)[None] - at[:, None]) / wide
    return torch.exp(-0.5 * off * off) / (wide * math.sqrt(2 * math.pi))


@torch.no_grad()
def manifold(looking: Looking, argument: str) -> Manifold | None:
    """Where G sends a grid of codes: of their first two values, all others held.

    The others are 0; of a class the first is asked for, and learned codes keep their medians.
    """
    del argument
    method, data = looking.model.method, looking.data
    parts = method.options.code_parts(data.info)
    rest, kinds = _resting(looking, parts), _kinds(parts)
    if not rest.isfinite().all():
        return None
    width = len(rest)
    across = _line(looking, kinds[0], 0, BENDS if width == 1 else LINES)
    up = np.zeros(1, np.float32) if width == 1 else _line(looking, kinds[1], 1, LINES)
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    codes = rest.repeat(grid.shape[0] * grid.shape[1], 1)
    used = min(width, 2)
    codes[:, :used] = torch.from_numpy(grid.reshape(-1, 2)[:, :used].copy()).to(codes.device)
    made = method.generate(codes)
    verdicts = scale = None
    if _has_opinion(looking):
        said = plane_critic.judged(method, made).view(grid.shape[:2])
        verdicts, scale = _numpy(said), plane_critic.scale_of(looking)
    return Manifold(
        codes=grid,
        places=data.to_display(made).reshape(grid.shape),
        verdicts=verdicts,
        scale=scale,
        prior=kinds[0],
        others=width - used,
    )


def _has_opinion(looking: Looking) -> bool:
    from aegan_studio.catalog.views.plane import judges_points

    return judges_points(looking.experiment)


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
