"""A network whose layers tell what they give, for as long as one looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from torch import Tensor, nn

from aegan_studio.ml.networks.calls import NORMS, Call, Prepared, prepare
from aegan_studio.ml.networks.layers import Residual
from aegan_studio.ml.networks.network import Network

Tell = Callable[[int, Tensor], None]
"""Takes a layer's index in the list and what it gives, without gradient."""

BENDS = (
    nn.ReLU,
    nn.LeakyReLU,
    nn.ELU,
    nn.GELU,
    nn.SiLU,
    nn.Mish,
    nn.Softplus,
    nn.Tanh,
    nn.Sigmoid,
)
"""Layers whose units can fall silent."""


@contextmanager
def watched(network: Network, tell: Tell, bent: Tell | None = None) -> Iterator[None]:
    """Let a network's layers tell what they give, at every pass until the end of the block.

    The arithmetic is that of the network, but nothing is overwritten in place.

    Parameters
    ----------
    network : Network
        In the mode it shall keep: changing it ends the watch.
    tell : callable
        Told after every layer.
    bent : callable, optional
        Told what each bend gives, by the index of its layer: those inside residual blocks too.
    """
    network.run_by(_telling(network, tell, bent))
    try:
        yield
    finally:
        network.refresh()


def _telling(network: Network, tell: Tell, bent: Tell | None) -> Prepared:
    calls: list[Call] = []
    taking: list[bool] = []
    last = 0
    for name, module in network.named_children():
        index = int(name)
        if bent is not None and isinstance(module, Residual):
            parts = Prepared((_residual(module, index, bent),), (False,), False, 0)
        else:
            parts = prepare((module,), channels_last=network.convolutional)
        if not parts.calls:
            continue  # dropout at rest
        told = [tell]
        if bent is not None and isinstance(module, BENDS):
            told.append(bent)
        if any(True for _ in module.parameters()) and not isinstance(module, NORMS):
            last = len(calls)
        calls.extend(parts.calls)
        taking.extend(parts.taking)
        # what arranges memory after a layer changes no value
        calls[-1] = _heard(calls[-1], index, told)
    return Prepared(tuple(calls), tuple(taking), any(taking), last)


def _heard(call: Call, index: int, told: list[Tell]) -> Call:
    def heard(*arguments: Tensor) -> Tensor:
        made = call(*arguments)
        for tell in told:
            tell(index, made.detach())
        return made

    return heard


def _residual(module: Residual, index: int, bent: Tell) -> Call:
    """A block as one call, whose bends are heard."""
    body: list[Call] = []
    for part in module.body:
        (call,) = prepare((part,), channels_last=False).calls
        body.append(_heard(call, index, [bent]) if isinstance(part, BENDS) else call)
    skip = [call for part in module.skip for call in prepare((part,), channels_last=False).calls]

    def run(x: Tensor) -> Tensor:
        made, beside = x, x
        for call in body:
            made = call(made)
        for call in skip:
            beside = call(beside)
        return made + beside

    return run
