"""Training loops as public scripts write them: what people would otherwise run.

A :class:`DataLoader` over a dataset that converts and normalises each item on its own,
optimisers as they come, a sigmoid and a binary cross-entropy, and losses read at every step.
Modelled on PyTorch's own VAE example and DCGAN tutorial, without torchvision.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from aegan_studio.bench.bare import Steps


class Pictures(Dataset[tuple[Tensor, int]]):
    """Pictures (N, H, W) uint8 that are made tensors and normalised one by one."""

    def __init__(self, pictures: npt.NDArray[np.uint8], *, symmetric: bool) -> None:
        self.pictures = pictures
        self.symmetric = symmetric

    def __len__(self) -> int:
        """The number of pictures."""
        return len(self.pictures)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        """What ``ToTensor()`` does with one picture, and ``Normalize(0.5, 0.5)`` where asked."""
        picture = Image.fromarray(self.pictures[index])
        tensor = torch.from_numpy(np.array(picture, np.uint8, copy=True))[..., None]
        tensor = tensor.permute(2, 0, 1).contiguous().to(torch.float32).div(255)
        if self.symmetric:
            mean, deviation = (torch.as_tensor([0.5]).view(-1, 1, 1) for _ in range(2))
            tensor = tensor.clone().sub_(mean).div_(deviation)
        return tensor, 0


class Points(Dataset[Tensor]):
    """Points (N, 2) that are made tensors one by one."""

    def __init__(self, points: npt.NDArray[np.float32]) -> None:
        self.points = points

    def __len__(self) -> int:
        """The number of points."""
        return len(self.points)

    def __getitem__(self, index: int) -> Tensor:
        """One point."""
        return torch.tensor(self.points[index])


def loader(dataset: Dataset[Any], size: int) -> DataLoader[Any]:
    """Shuffled batches with the loader's defaults."""
    return DataLoader(dataset, batch_size=size, shuffle=True, drop_last=True)


def autoencoder(E: nn.Module, G: nn.Module, data: DataLoader[Any], *, lr: float = 1e-3) -> Steps:
    """The usual autoencoder."""
    optimiser = torch.optim.Adam([*E.parameters(), *G.parameters()], lr=lr)
    criterion = nn.MSELoss()
    for _ in count():
        running = 0.0
        for x, _label in data:
            optimiser.zero_grad()
            loss = criterion(G(E(x)), x)
            loss.backward()
            optimiser.step()
            running += loss.item()
            yield


def vae(E: nn.Module, G: nn.Module, data: DataLoader[Any], *, lr: float = 1e-3) -> Steps:
    """The usual VAE, as in PyTorch's examples."""
    optimiser = torch.optim.Adam([*E.parameters(), *G.parameters()], lr=lr)
    for _ in count():
        running = 0.0
        for x, _label in data:
            optimiser.zero_grad()
            mean, log_variance = E(x).chunk(2, dim=1)
            std = torch.exp(0.5 * log_variance)
            z = mean + torch.randn_like(std) * std
            error = F.binary_cross_entropy(torch.sigmoid(G(z)), x, reduction="sum")
            divergence = -0.5 * torch.sum(1 + log_variance - mean.pow(2) - log_variance.exp())
            loss = (error + divergence) / len(x)
            loss.backward()  # type: ignore[no-untyped-call]
            running += loss.item()
            optimiser.step()
            yield


def gan(
    G: nn.Module, D: nn.Module, data: DataLoader[Any], code_size: int, *, lr: float = 2e-4
) -> Steps:
    """The usual GAN, as in PyTorch's DCGAN tutorial; ``D`` gives logits.

    It makes samples once a step for both updates, one pass of G less than the paper and we make.
    """
    D = nn.Sequential(*D, nn.Sigmoid()) if isinstance(D, nn.Sequential) else D
    optimiser_d = torch.optim.Adam(D.parameters(), lr=lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(G.parameters(), lr=lr, betas=(0.5, 0.999))
    criterion = nn.BCELoss()
    records: list[tuple[float, ...]] = []
    for _ in count():
        records.clear()
        for x, _label in data:
            D.zero_grad()
            label = torch.full((len(x),), 1.0)
            output = D(x).view(-1)
            error_real = criterion(output, label)
            error_real.backward()
            right = output.mean().item()
            fake = G(torch.randn(len(x), code_size))
            label.fill_(0.0)
            output = D(fake.detach()).view(-1)
            error_fake = criterion(output, label)
            error_fake.backward()
            wrong_before = output.mean().item()
            optimiser_d.step()

            G.zero_grad()
            label.fill_(1.0)
            output = D(fake).view(-1)
            error = criterion(output, label)
            error.backward()
            wrong_after = output.mean().item()
            optimiser_g.step()
            loss = (error_real + error_fake).item()
            records.append((loss, error.item(), right, wrong_before, wrong_after))
            yield


def small_gan(
    G: nn.Module, D: nn.Module, data: DataLoader[Any], *, d_updates: int = 2, lr: float = 0.1
) -> Steps:
    """The usual GAN on points: a loader, modules, SGD, sigmoid and cross-entropy."""
    D = nn.Sequential(*D, nn.Sigmoid()) if isinstance(D, nn.Sequential) else D
    optimiser_d = torch.optim.SGD(D.parameters(), lr=lr)
    optimiser_g = torch.optim.SGD(G.parameters(), lr=lr)
    criterion = nn.BCELoss()
    records: list[tuple[float, float]] = []
    endless = _endless(data)
    while True:
        loss_d = 0.0
        for _ in range(d_updates):
            x = next(endless)
            optimiser_d.zero_grad()
            fake = G(torch.rand(len(x), 2) * 2 - 1)
            loss = criterion(D(x), torch.ones(len(x), 1)) + criterion(
                D(fake.detach()), torch.zeros(len(x), 1)
            )
            loss.backward()
            optimiser_d.step()
            loss_d += loss.item()
        optimiser_g.zero_grad()
        fake = G(torch.rand(data.batch_size or 1, 2) * 2 - 1)
        loss = criterion(D(fake), torch.ones(len(fake), 1))
        loss.backward()
        optimiser_g.step()
        records.append((loss_d, loss.item()))
        yield


def _endless(data: DataLoader[Any]) -> Iterator[Tensor]:
    while True:
        yield from data
