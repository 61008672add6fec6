"""What a method is to the trainer: losses by phase, and ways to use the trained networks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor

from aegan_studio.ml.networks.network import Network


class Term(NamedTuple):
    """One summand of a loss: ``weight * value``. ``value`` is a scalar tensor."""

    value: Tensor
    weight: float = 1.0


class Loss(NamedTuple):
    """What a phase minimises, the sum of its ``terms``, and what it measures beside."""

    terms: Mapping[str, Term]
    signals: Mapping[str, Tensor]

    def total(self) -> Tensor:
        """Σ weight · value, a scalar."""
        parts = [
            term.value if term.weight == 1.0 else term.value * term.weight
            for term in self.terms.values()
        ]
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        return total


class Batch:
    """What one update may draw on.

    ``x`` is a fresh batch of scaled data, (B, *item), drawn when first asked for; ``size`` is B;
    ``rng`` is the training's only source of chance; ``measure`` says whether signals are wanted.
    """

    __slots__ = ("_draw", "_x", "measure", "rng", "size")

    def __init__(
        self, draw: Callable[[], Tensor], size: int, rng: torch.Generator, measure: bool
    ) -> None:
        self._draw = draw
        self._x: Tensor | None = None
        self.size = size
        self.rng = rng
        self.measure = measure

    @property
    def x(self) -> Tensor:
        """The data of this update."""
        if self._x is None:
            self._x = self._draw()
        return self._x


PhaseLoss = Callable[[Batch], Loss]


class Method(ABC):
    """A training algorithm over its networks; knows no optimiser and no user interface.

    ``options`` may be replaced while training: live options are read at every update.
    """

    averaged: tuple[str, ...] = ()
    """Roles whose running average is shown and saved when averaging is on."""

    has_prior: bool = True
    """Whether training shapes the codes like :meth:`prior`, so that its draws decode well."""

    def __init__(self, options: Any, networks: Mapping[str, Network]) -> None:
        self.options = options
        self.networks = networks

    @abstractmethod
    def losses(self) -> Mapping[str, PhaseLoss]:
        """The loss of every phase, by the phase's name."""

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

    def prior(self, n: int, rng: torch.Generator) -> Tensor:
        """``n`` codes (n, d) from the distribution that generation draws on: standard normal."""
        return torch.randn(n, self.options.code_dim(), generator=rng, device=rng.device)

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """Scalars measured on held-out data ``x``, by name; none where nothing is meaningful."""
        del x, rng
        return {}

    def _network(self, role: str) -> Network:
        return self.networks[role]
