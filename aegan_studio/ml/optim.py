"""Optimisers over flat weights, and learning-rate schedules, from a phase's options.

The arithmetic is that of :mod:`torch.optim`, by the same fused kernels. The classes there spend
60 to 90 µs of Python on every update, which for a small network is as long as the update itself;
with one flat tensor a network nothing of what they look after is needed.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence

import torch
from torch import Tensor

from aegan_studio.experiment.training import PhaseOptions
from aegan_studio.ml.flat import FlatParameters

EPSILON = 1e-8
"""Added to the root of squared gradients, as in torch.optim."""


class Updater(ABC):
    """Moves the weights of some networks along their gradients.

    Attributes
    ----------
    lr : float
        The learning rate of the next update; everything else is read from ``options``.
    memory : dict
        What is remembered between updates: name to one tensor per network.
    """

    def __init__(self, options: PhaseOptions, flat: Sequence[FlatParameters]) -> None:
        self.options = options
        self.lr = options.lr
        self.values = [part.values for part in flat]
        self.gradients = [part.gradient for part in flat]
        self.memory: dict[str, list[Tensor]] = {}

    @abstractmethod
    def update(self, only: Sequence[int] | None = None) -> None:
        """One update of the weights, in place; of the networks with these places, or of all."""

    def _remember(self, name: str) -> list[Tensor]:
        """Zeros beside the weights; made at the first update, kept after."""
        if name not in self.memory:
            self.memory[name] = [torch.zeros_like(values) for values in self.values]
        return self.memory[name]

    def _decayed(self, only: Sequence[int] | None) -> list[Tensor]:
        """The gradients, with L2 weight decay added where there is any."""
        decay = self.options.weight_decay
        gradients = _chosen(self.gradients, only)
        if decay == 0:
            return gradients
        pairs = zip(gradients, _chosen(self.values, only), strict=True)
        return [gradient.add(values, alpha=decay) for gradient, values in pairs]


def _chosen(tensors: list[Tensor], only: Sequence[int] | None) -> list[Tensor]:
    return tensors if only is None else [tensors[index] for index in only]


class Adam(Updater):
    """Adam (arXiv 1412.6980), or AdamW with decoupled decay (arXiv 1711.05101)."""

    def update(self, only: Sequence[int] | None = None) -> None:
        """One fused kernel call."""
        means, squares = self._remember("exp_avg"), self._remember("exp_avg_sq")
        if "step" not in self.memory:
            device = self.values[0].device
            self.memory["step"] = [torch.zeros((), device=device) for _ in self.values]
        steps = _chosen(self.memory["step"], only)
        torch._foreach_add_(steps, 1)
        kernel = torch._fused_adamw_ if self.options.optimizer == "adamw" else torch._fused_adam_
        kernel(
            _chosen(self.values, only),
            _chosen(self.gradients, only),
            _chosen(means, only),
            _chosen(squares, only),
            [],
            steps,
            lr=self.lr,
            beta1=self.options.beta1,
            beta2=self.options.beta2,
            weight_decay=self.options.weight_decay,
            eps=EPSILON,
            amsgrad=False,
            maximize=False,
        )


class RMSprop(Updater):
    """RMSprop (Hinton's lecture 6e), uncentred and without momentum; α is the options' β₂."""

    def update(self, only: Sequence[int] | None = None) -> None:
        """v ← αv + (1 − α)g²; w ← w − lr g / (√v + ε)."""
        alpha = self.options.beta2
        squares = _chosen(self._remember("square_avg"), only)
        parts = zip(_chosen(self.values, only), self._decayed(only), squares, strict=True)
        for values, gradient, square in parts:
            square.mul_(alpha).addcmul_(gradient, gradient, value=1 - alpha)
            values.addcdiv_(gradient, square.sqrt().add_(EPSILON), value=-self.lr)


class SGD(Updater):
    """Stochastic gradient descent, with momentum where asked for."""

    def update(self, only: Sequence[int] | None = None) -> None:
        """m ← μm + g; w ← w − lr m."""
        directions = self._decayed(only)
        if self.options.momentum > 0:
            buffers = _chosen(self._remember("momentum_buffer"), only)
            for buffer, gradient in zip(buffers, directions, strict=True):
                buffer.mul_(self.options.momentum).add_(gradient)
            directions = buffers
        for values, direction in zip(_chosen(self.values, only), directions, strict=True):
            values.add_(direction, alpha=-self.lr)


UPDATERS: Mapping[str, type[Updater]] = {
    "adam": Adam,
    "adamw": Adam,
    "rmsprop": RMSprop,
    "sgd": SGD,
}


def updater(options: PhaseOptions, flat: Sequence[FlatParameters]) -> Updater:
    """The updater a phase's options ask for."""
    return UPDATERS[options.optimizer](options, flat)


def rate(options: PhaseOptions, step: int, total: int) -> float:
    """The learning rate at a step (counted from 0) of ``total``."""
    value = options.lr
    if options.schedule == "cosine":
        done = min(1.0, step / max(1, total))
        share = 0.5 * (1 + math.cos(math.pi * done))
        value *= options.final_fraction + (1 - options.final_fraction) * share
    elif options.schedule == "step":
        value *= options.decay_factor ** (step // options.decay_every)
    if step < options.warmup:
        value *= (step + 1) / options.warmup
    return value


def varies(options: PhaseOptions) -> bool:
    """Whether the rate changes from step to step."""
    return options.schedule != "constant" or options.warmup > 0


def clip(gradients: Sequence[Tensor], limit: float, *, on_cpu: bool) -> None:
    """Scale gradients in place to a common norm of at most ``limit``.

    On the processor the norm is read, which costs nothing there, and most updates need no
    scaling at all; elsewhere reading would wait for the device, so scaling is always done there.
    """
    if on_cpu:
        square = 0.0
        for gradient in gradients:
            square += gradient.dot(gradient).item()
        if square > limit * limit:
            scale = limit / (math.sqrt(square) + 1e-6)
            for gradient in gradients:
                gradient.mul_(scale)
        return
    factor = (limit / (total_norm(gradients) + 1e-6)).clamp(max=1.0)
    for gradient in gradients:
        gradient.mul_(factor)


def total_norm(gradients: Iterable[Tensor]) -> Tensor:
    """The Euclidean norm of all gradients together, a scalar tensor."""
    norms = torch.stack([torch.linalg.vector_norm(tensor) for tensor in gradients])
    norm: Tensor = torch.linalg.vector_norm(norms)
    return norm
