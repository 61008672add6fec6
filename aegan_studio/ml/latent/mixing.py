"""Mixing codes: some of what one stands for, the rest from another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from aegan_studio.catalog.codes import value_name
from aegan_studio.experiment import Experiment
from aegan_studio.messages import Message, msg
from aegan_studio.ml.latent.geometry import Floats
from aegan_studio.ml.networks.layers import TakesBeside
from aegan_studio.ml.networks.network import Network

MOST_STRANDS = 16
"""Strands that a code is divided into at most: more can neither be read nor chosen."""


@dataclass(frozen=True, slots=True)
class Strand:
    """Values of a code that are taken from one source together.

    ``start`` and ``stop`` bound them, counted from 0, ``stop`` not included.
    """

    label: Message | str
    start: int
    stop: int


def parts_of(experiment: Experiment) -> tuple[Strand, ...]:
    """The parts of a model's codes that mean different things, in order; often a single one.

    A conditional GAN has noise and class: with the class of another code, the same handwriting
    writes another digit. The codes of a VQ-VAE are one vector for each of its places.
    """
    parts = experiment.method.code_parts(experiment.data_info())
    if len(parts) == 1:
        places = getattr(experiment.method, "positions", 0)
        if places > 1 and parts[0].size % places == 0:
            return _stretches(places, parts[0].size // places, "place")
        return (Strand(msg(parts[0].label), 0, parts[0].size),)
    found, start = [], 0
    for part in parts:
        found.append(Strand(msg(part.label), start, start + part.size))
        start += part.size
    return tuple(found)


def values_of(dimensions: int) -> tuple[Strand, ...]:
    """The values of a code, or stretches of them where there are many, in order.

    For models whose codes are of one part but whose values came to mean different things, as
    those of a β-VAE may.
    """
    return _stretches(dimensions, 1, "value")


def _stretches(count: int, width: int, what: str) -> tuple[Strand, ...]:
    """``count`` things of ``width`` values each, in at most :data:`MOST_STRANDS` strands."""
    bounds = np.linspace(0, count, min(count, MOST_STRANDS) + 1).round().astype(int)
    found = []
    for first, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        found.append(Strand(_name(first, end - 1, what), first * width, end * width))
    return tuple(found)


def _name(first: int, last: int, what: str) -> Message | str:
    if what == "value":
        one, other = value_name(first), value_name(last)
        return one if first == last else f"{one} … {other}"
    if first == last:
        return msg("place {number}", number=first + 1)
    return msg("places {first}–{last}", first=first + 1, last=last + 1)


def taken(
    strands: Sequence[Strand], chosen: Sequence[int], dimensions: int
) -> npt.NDArray[np.bool_]:
    """Which values of a code (d,) the chosen strands hold, counted from 0."""
    mask = np.zeros(dimensions, dtype=np.bool_)
    for index in chosen:
        mask[strands[index].start : strands[index].stop] = True
    return mask


def mixtures(
    rows: npt.ArrayLike, columns: npt.ArrayLike, from_columns: npt.NDArray[np.bool_]
) -> Floats:
    """Every row's code with some of its values from every column's.

    Parameters
    ----------
    rows, columns : array_like, shapes (r, d) and (c, d)
    from_columns : ndarray, shape (d,), bool
        Which values the column gives, as :func:`taken` says.

    Returns
    -------
    ndarray, shape (r, c, d)
    """
    base = np.asarray(rows, dtype=np.float64)[:, None, :]
    other = np.asarray(columns, dtype=np.float64)[None, :, :]
    return np.where(from_columns, other, base)


def entries(network: Network) -> tuple[int, ...]:
    """The layers of a generator at which a code enters, from 0: the first, and those beside.

    Networks of the bundled methods have one; in a network of one's own, “Join condition” layers
    can take the code up again further on.
    """
    return (
        0,
        *(i for i, layer in enumerate(network.layers) if isinstance(layer, TakesBeside) and i),
    )


def crossover(network: Network, first: Tensor, second: Tensor, cut: int) -> Tensor:
    """StyleGAN's style mixing (arXiv 1812.04948, section 3.1): two codes for one picture.

    Layers before ``cut`` take the first code, those from there on the second.

    Parameters
    ----------
    network : Network
        A generator in evaluation mode, whose input is a code and which takes it beside as well.
    first, second : Tensor, (B, d)
    cut : int
        A layer, from 0; with 0 all is the second code's, beyond the last one all the first's.

    Returns
    -------
    Tensor, (B, \\*item)
    """
    x = second if cut <= 0 else first
    with torch.no_grad():
        for index, layer in enumerate(network.layers):
            code = first if index < cut else second
            x = layer(x, code) if isinstance(layer, TakesBeside) else layer(x)
    return x
