"""What a method is to the trainer: losses by phase, and ways to use the trained networks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor

from aegan_studio.experiment.parts import CodePart, DataInfo
from aegan_studio.ml.networks.network import Network

Sampler = Literal["prior", "gaussian", "mixture"]


class Term(NamedTuple):
    """One summand of a loss: ``weight * value``. ``value`` is a scalar tensor.

    ``moves`` names the roles whose weights it moves; ``None``: all that its phase updates.
    """

    value: Tensor
    weight: float = 1.0
    moves: tuple[str, ...] | None = None

    def weighted(self) -> Tensor:
        """Weight · value."""
        return self.value if self.weight == 1.0 else self.value * self.weight


class Loss(NamedTuple):
    """What a phase minimises, the sum of its ``terms``, and what it measures beside.

    ``idle`` are roles of the phase that no term moves: their weights are left as they are, by the
    optimiser's momentum and weight decay too.
    """

    terms: Mapping[str, Term]
    signals: Mapping[str, Tensor]
    idle: tuple[str, ...] = ()

    def total(self) -> Tensor:
        """Σ weight · value, a scalar."""
        return _sum(term.weighted() for term in self.terms.values())

    def by_moved(self) -> dict[tuple[str, ...] | None, Tensor]:
        """The sums of the terms that move the same roles."""
        groups: dict[tuple[str, ...] | None, list[Tensor]] = {}
        for term in self.terms.values():
            groups.setdefault(term.moves, []).append(term.weighted())
        return {moves: _sum(iter(terms)) for moves, terms in groups.items()}


def _sum(terms: Iterator[Tensor]) -> Tensor:
    total = next(terms)
    for term in terms:
        total = total + term
    return total


class Shown(NamedTuple):
    """An exhibit: scaled ``items`` (n, \\*item) and a number for each, ``values`` (n,).

    The numbers are shares in 0–1, or anything.
    """

    items: Tensor
    values: Tensor
    format: Literal["share", "number"]


MOST_SHOWN = 256
"""Items of an exhibit at most."""

Draw = Callable[[], tuple[Tensor, Tensor | Callable[[], Tensor] | None]]
"""Draws a batch of data and its classes, or what gathers them: most methods ask for none."""


class Batch:
    """What one update may draw on.

    Attributes
    ----------
    x : Tensor, float32 (B, \\*item)
        A fresh batch of scaled data, drawn when first asked for.
    labels : Tensor, int64 (B,)
        The classes of ``x``; only where the data have any.
    size : int
        B.
    rng : torch.Generator
        The training's only source of chance.
    measure : bool
        Whether signals are wanted.
    step, steps : int
        The step under way, counted from 0, and how many there will be.
    notes : dict or None
        What :meth:`note` keeps for a person who watches the update; ``None`` where nobody does.
    """

    __slots__ = ("_draw", "_drawn", "measure", "notes", "rng", "size", "step", "steps")

    def __init__(
        self,
        draw: Draw,
        size: int,
        rng: torch.Generator,
        measure: bool,
        step: int = 0,
        steps: int = 1,
    ) -> None:
        self._draw = draw
        self._drawn: tuple[Tensor, Tensor | Callable[[], Tensor] | None] | None = None
        self.size = size
        self.rng = rng
        self.measure = measure
        self.step = step
        self.steps = steps
        self.notes: dict[str, Tensor] | None = None

    def note(self, name: str, values: Tensor) -> None:
        """Keep the mean of ``values`` for whoever watches, as ``discriminator(x-hat)`` or alike."""
        if self.notes is not None:
            self.notes[name] = values.detach().mean()

    @property
    def x(self) -> Tensor:
        """The data of this update."""
        if self._drawn is None:
            self._drawn = self._draw()
        return self._drawn[0]

    @property
    def labels(self) -> Tensor:
        """The classes of :attr:`x`."""
        if self._drawn is None:
            self._drawn = self._draw()
        labels = self._drawn[1]
        if labels is None:
            raise ValueError("the data have no classes")
        if not isinstance(labels, Tensor):
            labels = labels()
            self._drawn = (self._drawn[0], labels)
        return labels

    def another(self) -> Tensor:
        """One more batch of data, independent of :attr:`x`."""
        return self._draw()[0]


PhaseLoss = Callable[[Batch], Loss]


class Method(ABC):
    """A training algorithm over its networks; knows no optimiser and no user interface.

    ``options`` may be replaced while training: live options are read at every update.

    Parameters
    ----------
    options : MethodOptions
    networks : mapping of str to Network
        By role.
    data : DataInfo
        What the data look like.

    Attributes
    ----------
    items : int
        How many items there are to train on; the engine leaves out held-out ones.
    state : dict of str to Tensor
        What the method remembers between updates beside its networks, such as BEGAN's k. Change
        the tensors in place: checkpoints save and restore them.
    """

    averaged: tuple[str, ...] = ()
    """Roles whose running average is shown and saved when averaging is on."""

    has_prior: bool = True
    """Whether training shapes the codes like :meth:`prior`, so that its draws decode well."""

    def __init__(self, options: Any, networks: Mapping[str, Network], data: DataInfo) -> None:
        self.options = options
        self.networks = networks
        self.data = data
        self._parts = options.code_parts(data)  # read at every update
        self.items = data.count
        self.state: dict[str, Tensor] = {}

    @property
    def code_dim(self) -> int:
        """The number of values in a code."""
        size: int = self.options.code_dim(self.data)
        return size

    # Training

    @abstractmethod
    def losses(self) -> Mapping[str, PhaseLoss]:
        """The loss of every phase, by the phase's name; one without terms skips its update."""

    def after(self, phase: str, batch: Batch) -> None:  # noqa: B027  # most need nothing here
        """What follows an update of a phase's weights: clipping, averages.

        Gradients are recorded: what changes weights must say that it wants none.
        """

    # Using what was learned

    @abstractmethod
    def generate(self, z: Tensor) -> Tensor:
        """Codes (B, d) to data in scaled units (B, *item)."""

    def encode(self, x: Tensor) -> Tensor:
        """Scaled data (B, *item) to codes (B, d); only where :attr:`has_encoder`."""
        del x
        raise TypeError(f"{type(self).__name__} has no encoder")

    @property
    def has_encoder(self) -> bool:
        """Whether :meth:`encode` works."""
        return "encoder" in self.networks

    def critic(self, x: Tensor) -> Tensor:
        """Scaled data (B, *item) to logits (B, 1); only where :attr:`has_critic`."""
        return self._network("discriminator")(x)

    @property
    def has_critic(self) -> bool:
        """Whether :meth:`critic` works."""
        return "discriminator" in self.networks

    def anomaly(self, x: Tensor) -> Tensor:
        """Scaled data (B, *item) to scores (B,), high for items unlike the training data.

        Only where :attr:`has_anomaly`.
        """
        del x
        raise TypeError(f"{type(self).__name__} scores no anomalies")

    @property
    def has_anomaly(self) -> bool:
        """Whether :meth:`anomaly` works."""
        return type(self).anomaly is not Method.anomaly

    def exhibits(self, train: Tensor, held_out: Tensor) -> Mapping[str, Shown]:
        """What the options' ``exhibits`` announce, by name.

        Parameters
        ----------
        train, held_out : Tensor, (N, \\*item)
            Some scaled items of each kind; ``held_out`` may be empty.
        """
        del train, held_out
        return {}

    # Chance

    @property
    def sampler(self) -> Sampler:
        """Where codes to generate from come from: the prior, or a fit to encoded data."""
        chosen: Sampler = getattr(
            self.options, "sampler", "prior" if self.has_prior else "gaussian"
        )
        return chosen

    def noise(self, n: int, rng: torch.Generator) -> Tensor:
        """``n`` rows of chance (n, k), drawn without regard to the weights."""
        parts = [_drawn(part, n, rng) for part in self._parts]
        return parts[0] if len(parts) == 1 else torch.cat(parts, dim=1)

    def codes(self, noise: Tensor) -> Tensor:
        """What chance (n, k) becomes as codes (n, d) under the present weights."""
        return noise

    def prior(self, n: int, rng: torch.Generator) -> Tensor:
        """``n`` codes (n, d) from the distribution that generation draws on."""
        return self.codes(self.noise(n, rng))

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """Scalars measured on held-out data ``x``, by name; none where nothing is meaningful."""
        del x, rng
        return {}

    def _network(self, role: str) -> Network:
        return self.networks[role]


def ranked(items: Tensor, scores: Tensor) -> Shown:
    """Items with their scores (n,), the highest first."""
    order = scores.argsort(descending=True, stable=True)
    return Shown(items[order], scores[order], "number")


def _drawn(part: CodePart, n: int, rng: torch.Generator) -> Tensor:
    """``n`` draws of a part of a code, (n, part.size)."""
    device = rng.device
    if part.kind == "uniform":
        return torch.rand(n, part.size, generator=rng, device=device) * 2 - 1
    if part.kind == "class":
        drawn = torch.randint(part.size, (n,), generator=rng, device=device)
        return one_hot(drawn, part.size)
    return torch.randn(n, part.size, generator=rng, device=device)


def one_hot(labels: Tensor, classes: int) -> Tensor:
    """Class numbers (n,) as float rows (n, classes)."""
    rows = torch.zeros(len(labels), classes, device=labels.device)
    return rows.scatter_(1, labels[:, None], 1.0)
