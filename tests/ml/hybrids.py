"""What the tests of autoencoders joined with a discriminator share."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from aegan_studio.catalog.models import chosen
from aegan_studio.experiment import Experiment
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.engine import Engine, Phase
from aegan_studio.ml.methods.base import Batch, Loss

KINDS = ("vae-gan", "bigan", "veegan", "ganomaly", "soft-introvae", "arae")
N, K = 16, 3
CPU = torch.device("cpu")


def experiment(kind: str, dataset: str = "ring", **edits: object) -> Experiment:
    base: dict[str, object] = {"dataset": {"kind": dataset}, "method": "autoencoder"}
    if dataset == "ring":
        base["dataset"] = {"kind": dataset, "count": 400}
    paths = {path.replace("__", "."): value for path, value in edits.items()}
    small = {"training.batch_size": N, "training.threads": 1, "method.latent_dim": K}
    return chosen(Experiment.parse(base), kind).with_options({**small, **paths})


class Bench:
    """An engine, one batch of data, and gradients of one phase; chance starts anew each time."""

    def __init__(self, kind: str, **edits: object) -> None:
        options = experiment(kind, **edits)
        self.engine = Engine(options, DataStore.load(options), CPU)
        self.method = self.engine.model.method
        self.nets = self.engine.model.networks
        self.x = self.engine.data.train[:N]

    def rng(self) -> torch.Generator:
        return torch.Generator().manual_seed(2)

    def phase(self, name: str) -> Phase:
        return next(phase for phase in self.engine.phases if phase.name == name)

    def loss(self, name: str, step: int = 0, steps: int = 1) -> Loss:
        self.engine._learn(self.phase(name))
        batch = Batch(lambda: (self.x, None), N, self.rng(), measure=True, step=step, steps=steps)
        return self.method.losses()[name](batch)

    def gradients(self, name: str) -> dict[str, Tensor]:
        """What the engine gives every network to move by."""
        for flat in self.engine.flat.values():
            flat.gradient.zero_()
        self.engine._backward(self.phase(name), self.loss(name))
        return {role: flat.gradient.clone() for role, flat in self.engine.flat.items()}

    def gradient(self, value: Tensor, role: str) -> Tensor:
        """By autograd, of a formula written down here."""
        return flat_gradient(value, self.nets[role])

    def learn_all(self) -> None:
        for flat in self.engine.flat.values():
            flat.learn(True)


def flat_gradient(value: Tensor, network: torch.nn.Module) -> Tensor:
    parts = torch.autograd.grad(value, list(network.parameters()), retain_graph=True)
    return torch.cat([part.reshape(-1) for part in parts])


def close(actual: Tensor, expected: Tensor) -> None:
    """In one order of values: flat buffers pad nothing, and keep the parameters' order."""
    torch.testing.assert_close(actual[: len(expected)], expected, rtol=1e-4, atol=1e-6)


def kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    return kl_divergence(Normal(mean, (log_variance / 2).exp()), Normal(0.0, 1.0)).sum(1)


def se(x: Tensor, y: Tensor) -> Tensor:
    return ((x - y) ** 2).flatten(1).sum(1)
