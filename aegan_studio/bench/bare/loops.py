"""What all hand-written loops are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import torch
from torch import Tensor, nn
from torch.optim import Adam

Steps = Iterator[None]
Batches = Iterator[Tensor]
Loss = Callable[[Tensor, Tensor], Tensor]
Noise = Callable[[], Tensor]


def batches(data: Tensor, size: int, rng: torch.Generator) -> Batches:
    """Endless batches of ``data`` (N, …), in a new order each epoch, a partial last one dropped."""
    while True:
        for rows in torch.split(torch.randperm(len(data), generator=rng), size):
            if len(rows) == size:
                yield data.index_select(0, rows)


def adam(*networks: nn.Module, lr: float = 2e-4, betas: tuple[float, float] = (0.5, 0.999)) -> Adam:
    """One fused Adam over networks, as for GANs."""
    weights = [weight for network in networks for weight in network.parameters()]
    return Adam(weights, lr=lr, betas=betas, fused=True)


def descend(optimiser: Adam, loss: Tensor) -> None:
    """One update."""
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimiser.step()


def learn(networks: Iterable[nn.Module], on: bool) -> None:
    """Whether backward passes compute gradients for the weights of networks."""
    for network in networks:
        network.requires_grad_(on)
