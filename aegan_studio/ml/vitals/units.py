"""Vital signs of hidden units: which of them answer (arXiv 2302.12902)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, cast

import torch
from torch import Tensor, nn

from aegan_studio.ml.networks.layers import Maxout, TakesBeside
from aegan_studio.ml.networks.network import Network
from aegan_studio.ml.vitals.subject import ITEMS, Subject

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
    Maxout,
)
"""Layers whose results are what a unit says."""

STILL = 1e-6
"""A unit that varies by less than this share of its layer's mean activation is dead."""

DORMANT = 0.025
"""τ of the paper."""

Fed = tuple[Tensor, Tensor | None]
"""What a network was given: its input, and what came in beside."""


class _Tap:
    """Stands in for a network and keeps what it was first given."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.fed: Fed | None = None

    def __call__(self, x: Tensor, beside: Tensor | None = None) -> Tensor:
        self._keep(x, beside)
        return self._network(x, beside)

    def features(self, x: Tensor, beside: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self._keep(x, beside)
        return self._network.features(x, beside)

    def _keep(self, x: Tensor, beside: Tensor | None) -> None:
        if self.fed is None:
            # a part of the rows, spread over the kinds of items that were given
            stride = max(1, len(x) // ITEMS)
            self.fed = x[::stride], None if beside is None else beside[::stride]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._network, name)


def idle(subject: Subject) -> dict[str, float]:
    """The shares of hidden units of each network that are dead, in its worst layer, and dormant."""
    networks = subject.looking.model.networks
    found: dict[str, float] = {}
    with torch.no_grad():
        for role, (x, beside) in _fed(subject).items():
            layers = activations(networks[role], x, beside)
            if layers:
                found |= {f"{name}.{role}": share for name, share in _shares(layers).items()}
    return found


def _fed(subject: Subject) -> dict[str, Fed]:
    """What each network gets when the model is used: found by using it."""
    model = subject.looking.model
    method, networks = model.method, model.networks
    taps = {role: _Tap(network) for role, network in networks.items()}
    made = subject.samples
    with _tapped(cast(dict[str, Any], networks), taps):
        method.generate(subject.codes)
        if model.has_encoder:
            method.encode(subject.train)
        if method.has_critic:
            method.critic(torch.cat((subject.train[: ITEMS // 2], made[: ITEMS // 2])))
    fed = {role: tap.fed for role, tap in taps.items() if tap.fed is not None}
    judged = fed.keys() | {"prior"}  # a sequence, whose first place always says the same
    for role in subject.looking.experiment.roles():
        if role.name in judged or role.beside or role.entries:
            continue
        if role.inputs == (method.code_dim,):
            codes = [subject.codes]
            if model.has_encoder:
                codes.append(subject.encoded[0])
            fed[role.name] = torch.cat(codes), None
        elif role.inputs == subject.looking.data.info.shape:
            fed[role.name] = torch.cat((subject.train, made)), None
    return fed


@contextmanager
def _tapped(networks: dict[str, Any], taps: dict[str, _Tap]) -> Iterator[None]:
    before = dict(networks)
    networks.update(taps)
    try:
        yield
    finally:
        networks.update(before)


def activations(network: Network, x: Tensor, beside: Tensor | None = None) -> list[Tensor]:
    """What the hidden units of each layer say, (N, units) each; of maps the value at each place.

    The last weighted layer makes what comes out: what bends that is no hidden layer.
    """
    kept: list[Tensor] = []
    with ExitStack() as stack:
        for part in network.modules():
            if isinstance(part, BENDS):
                handle = part.register_forward_hook(lambda *call: kept.append(call[-1]))
                stack.callback(handle.remove)
        hidden = 0
        for layer in network.layers:
            if any(True for _ in layer.parameters()):
                hidden = len(kept)
            x = layer(x, beside) if isinstance(layer, TakesBeside) else layer(x)
    return [_rows(values) for values in kept[:hidden]]


def _rows(values: Tensor) -> Tensor:
    """(N, units), or (N, units, \\*places) as one row for each item and place."""
    if values.dim() <= 2:
        return values
    return values.flatten(2).transpose(1, 2).flatten(0, 1)


def _shares(layers: list[Tensor]) -> dict[str, float]:
    dead: list[float] = []
    dormant = units = 0.0
    for values in layers:
        size = values.abs().mean(0)
        typical = size.mean()
        still = values.amax(0) - values.amin(0) <= STILL * typical
        dead.append(float(still.sum()))
        dormant += float((size <= DORMANT * typical).sum())
        units += values.shape[1]
    worst = max(count / values.shape[1] for count, values in zip(dead, layers, strict=True))
    return {"dead": sum(dead) / units, "dead-layer": worst, "dormant": dormant / units}
