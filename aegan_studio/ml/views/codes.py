"""The values of codes against what generation draws, and which of them say nothing."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from aegan_studio.experiment.parts import CodePart
from aegan_studio.experiment.views.inside import Codes
from aegan_studio.ml.looking import SEED, Looking, first
from aegan_studio.ml.views.things import heavy

BINS = 32

COUNT, HEAVY_COUNT = 1000, 64
"""Items that are encoded; the smaller number where networks convolve."""

ACTIVE = 0.01
"""A value whose mean code varies less over the items is unused (arXiv 1509.00519, §5.2)."""

STILL = 0.01
"""Where no prior gives values a scale: of the liveliest value's deviation."""

REACH = 3.5
"""Bins of a normal value reach so far at least."""


@torch.no_grad()
def codes(looking: Looking, argument: str) -> Codes | None:
    """The codes of training items, value by value."""
    del argument
    model, method = looking.model, looking.model.method
    if not model.has_encoder:
        return None
    count = HEAVY_COUNT if heavy(looking) else COUNT
    x = first(looking.data.train, count, mixed=True)
    posterior = _posterior(looking, x)
    if posterior is None:
        mean = drawn = method.encode(x)
        log_variance = None
    else:
        mean, log_variance = posterior
        rng = torch.Generator(looking.device).manual_seed(SEED)
        noise = torch.randn(mean.shape, generator=rng, device=mean.device)
        drawn = mean + (0.5 * log_variance).exp() * noise
    parts = looking.experiment.method.code_parts(looking.data.info)
    kinds = np.repeat([part.kind for part in parts], [part.size for part in parts])
    z = drawn.cpu().double().numpy()
    z = z[np.isfinite(z).all(1)]
    if not len(z):
        return None
    low, high = _ends(z, kinds)
    counts = _counted(z, low, high)
    priors, exact = _prior(looking, parts, z, low, high)
    average, deviation = z.mean(0), z.std(0)
    return Codes(
        low=low.astype(np.float32),
        high=high.astype(np.float32),
        counts=counts,
        prior=priors.astype(np.float32),
        exact=exact,
        mean=average.astype(np.float32),
        deviation=deviation.astype(np.float32),
        divergence=_divergence(kinds, average, deviation, mean, log_variance).astype(np.float32),
        unused=_unused(kinds, mean.cpu().double().numpy()),
        posterior=posterior is not None,
        items=len(z),
        entries=_entries(looking, drawn),
    )


def _posterior(looking: Looking, x: Tensor) -> tuple[Tensor, Tensor] | None:
    """Mean and log-variance (N, d) where the encoder gives twice as many values as a code has."""
    role = next(role for role in looking.experiment.roles() if role.name == "encoder")
    d = looking.model.method.code_dim
    if role.outputs != (2 * d,):
        return None
    mean, log_variance = looking.model.networks["encoder"](x).chunk(2, dim=1)
    return mean, log_variance


Array = np.ndarray


def _ends(z: Array, kinds: Array) -> tuple[Array, Array]:
    """The ends of the bins (d,): the same for all values of a kind, so that they compare."""
    low, high = np.empty(z.shape[1]), np.empty(z.shape[1])
    for kind in set(kinds):
        of_kind = kinds == kind
        some = z[:, of_kind]
        if kind == "normal":
            reach = math.ceil(2 * np.quantile(np.abs(some), 0.999)) / 2
            ends = (-min(max(REACH, reach), 8.0), min(max(REACH, reach), 8.0))
        elif kind == "uniform":
            ends = (-1.5, 1.5)
        elif kind == "class":
            ends = (-0.25, 1.25)
        else:
            ends = _roomy(float(np.quantile(some, 0.001)), float(np.quantile(some, 0.999)))
        low[of_kind], high[of_kind] = ends
    return low, high


def _roomy(low: float, high: float) -> tuple[float, float]:
    room = 0.05 * (high - low) or abs(low) * 0.5 or 0.5
    return low - room, high + room


def _counted(z: Array, low: Array, high: Array) -> np.ndarray:
    """How many codes fall into each bin (d, bins); those beyond count in the outermost."""
    places = np.floor((z - low) / (high - low) * BINS).clip(0, BINS - 1).astype(np.int64)
    places += BINS * np.arange(z.shape[1])
    return np.bincount(places.ravel(), minlength=BINS * z.shape[1]).reshape(-1, BINS)


def _prior(
    looking: Looking, parts: tuple[CodePart, ...], z: Array, low: Array, high: Array
) -> tuple[Array, bool]:
    """The share of what generation draws in each bin (d, bins), and whether it is exact."""
    method = looking.model.method
    shares = np.zeros((z.shape[1], BINS))
    exact = True
    start = 0
    for part in parts:
        for index in range(start, start + part.size):
            edges = np.linspace(low[index], high[index], BINS + 1)
            if part.kind == "normal":
                shares[index] = _normal_shares(edges, 0.0, 1.0)
            elif part.kind == "uniform":
                shares[index] = np.diff(np.clip((edges + 1) / 2, 0, 1))
            elif part.kind == "class":
                places = (np.array([0.0, 1.0]) - low[index]) / (high[index] - low[index]) * BINS
                shares[index, places.astype(int)] = 1 - 1 / part.size, 1 / part.size
            elif method.sampler == "gaussian":
                shares[index] = _normal_shares(edges, z[:, index].mean(), z[:, index].std())
            else:
                exact = False
        start += part.size
    if not exact and _entry_table(looking) is None:
        drawn = looking.more_codes(COUNT).cpu().double().numpy()
        drawn = drawn[np.isfinite(drawn).all(1)]
        if len(drawn):
            counted = _counted(drawn, low, high) / len(drawn)
            learned = np.repeat([p.kind == "learned" for p in parts], [p.size for p in parts])
            shares[learned] = counted[learned]
    return shares, exact


def _normal_shares(edges: Array, mean: float, deviation: float) -> Array:
    """What a normal variable has in each bin; the outermost take what lies beyond."""
    if deviation <= 0:
        return np.histogram([mean], edges)[0].astype(float)
    below = [0.5 * (1 + math.erf((edge - mean) / (deviation * math.sqrt(2)))) for edge in edges]
    below[0], below[-1] = 0.0, 1.0
    return np.diff(below)


def _divergence(
    kinds: Array, average: Array, deviation: Array, mean: Tensor, log_variance: Tensor | None
) -> Array:
    """KL of each value from a standard normal prior, in nats; NaN for other priors."""
    if log_variance is not None:
        each = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance)
        found = each.double().mean(0).cpu().numpy()
    else:
        with np.errstate(divide="ignore"):
            found = 0.5 * (average**2 + deviation**2 - 1) - np.log(deviation)
    return np.where(kinds == "normal", found, np.nan)


def _unused(kinds: Array, mean: Array) -> np.ndarray:
    """Values that hardly depend on the item."""
    variance = mean.var(0)
    liveliest = variance[kinds != "normal"].max(initial=0.0)
    found: np.ndarray = np.where(
        kinds == "normal", variance < ACTIVE, variance <= STILL**2 * liveliest
    )
    return found


def _entry_table(looking: Looking) -> Tensor | None:
    """The vectors (K, width) of a codebook."""
    network = looking.model.networks.get("codebook")
    return None if network is None else next(network.parameters())


def _entries(looking: Looking, z: Tensor) -> np.ndarray | None:
    """How often each vector of a codebook is the nearest to a place of the codes (N, d)."""
    table = _entry_table(looking)
    if table is None:
        return None
    nearest = torch.cdist(z.reshape(-1, table.shape[1]), table).argmin(1)
    return nearest.bincount(minlength=len(table)).cpu().numpy()
