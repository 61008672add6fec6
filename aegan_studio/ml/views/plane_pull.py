"""Where the generator's loss pulls each point that G makes, from the method's own loss."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor

from aegan_studio.experiment.views.plane import Pull
from aegan_studio.ml.looking import SEED, Looking
from aegan_studio.ml.methods.base import Batch, Method
from aegan_studio.ml.networks.network import Network

ARROWS = 128
"""Points that G makes to be pulled at."""

MAKERS = ("generator", "decoder")
"""Roles whose results are the points."""


class _Caught:
    """A network whose results become the leaves of a graph, and are kept."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.results: list[Tensor] = []

    def __call__(self, x: Tensor, beside: Tensor | None = None) -> Tensor:
        made = self._network(x, beside)
        if not torch.is_grad_enabled():
            return made  # the loss does not reach these
        leaf = made.detach().requires_grad_()
        self.results.append(leaf)
        return leaf

    def __getattr__(self, name: str) -> Any:
        return getattr(self._network, name)


def pull(looking: Looking, argument: str) -> Pull | None:
    """−∂L_G/∂x̂ at points that G makes of the codes that are shown.

    L_G is the very loss of the method's phase, all terms that move G: what is caught is what G
    gave to it. A loss is a mean over its batch; here each point counts by itself, so that the
    arrows do not get shorter when there are more of them.
    """
    del argument
    method, experiment = looking.model.method, looking.experiment
    maker = next((role for role in MAKERS if role in method.networks), None)
    phase = next((info.name for info in experiment.phase_infos() if maker in info.updates), None)
    if maker is None or phase is None:
        return None
    rng = torch.Generator(looking.device).manual_seed(SEED)
    size = min(ARROWS, len(looking.originals))
    with _steady(looking, method), _catching(method, maker) as caught:
        loss = method.losses()[phase](
            Batch(
                lambda: (looking.originals[:ARROWS], _classes(looking)),
                size,
                rng,
                measure=False,
                step=looking.step,
                steps=experiment.training.steps,
            )
        )
        terms = [
            term.weighted()
            for term in loss.terms.values()
            if (term.moves is None or maker in term.moves) and term.value.requires_grad
        ]
    if not caught.results or not terms:
        return None
    total = torch.stack([term.reshape(()) for term in terms]).sum()
    slopes: tuple[Tensor | None, ...] = torch.autograd.grad(
        total, caught.results, allow_unused=True
    )
    found = [
        (points.detach(), -slope * size)
        for points, slope in zip(caught.results, slopes, strict=True)
        if slope is not None
    ]
    if not found:
        return None
    at = looking.data.to_display(torch.cat([points for points, _ in found]))
    toward = torch.cat([slope for _, slope in found]).cpu().numpy()
    # a unit of the data is 1 / spread units of the networks
    toward = (toward / looking.data.scaler.spread).astype(np.float32)
    sound = np.isfinite(at).all(axis=1) & np.isfinite(toward).all(axis=1)
    return Pull(at[sound], toward[sound])


@contextmanager
def _catching(method: Method, role: str) -> Iterator[_Caught]:
    networks = method.networks
    caught = _Caught(networks[role])
    method.networks = {**networks, role: caught}  # type: ignore[dict-item]  # called like it
    try:
        yield caught
    finally:
        method.networks = networks


@contextmanager
def _steady(looking: Looking, method: Method) -> Iterator[None]:
    """Noise is that of the samples shown, so that arrows begin at points that are seen."""
    shown = looking.noise

    def noise(n: int, rng: torch.Generator) -> Tensor:
        return shown[:n] if n <= len(shown) else type(method).noise(method, n, rng)

    method.noise = noise  # type: ignore[method-assign]
    try:
        yield
    finally:
        del method.noise


def _classes(looking: Looking) -> Tensor | None:
    """The classes that the noise asks for; where it asks for none, those of the data."""
    start = 0
    for part in looking.experiment.method.code_parts(looking.data.info):
        if part.kind == "class" and looking.data.info.classes:
            return looking.noise[:ARROWS, start : start + part.size].argmax(dim=1)
        start += part.size
    labels = looking.data.train_labels
    return None if labels is None else labels[:ARROWS]
