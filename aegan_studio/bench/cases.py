"""What is trained for the comparison, and by whom.

Every case names an experiment and builds its rivals from the experiment itself, so that all
contestants train networks of the same layers on the same data with the same settings.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from aegan_studio.bench import bare, usual
from aegan_studio.bench.bare import Batches, Steps
from aegan_studio.experiment import Experiment
from aegan_studio.messages import Message, msg
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.model import Model
from aegan_studio.ml.networks.layers import Reshape

ENDLESS = 100_000_000
"""Steps: training never finishes within the benchmark."""


@dataclass(frozen=True, slots=True)
class Case:
    """One model of the comparison; ``title`` is for the table.

    ``plain`` is the experiment as plain data. Not a recipe: those change as better settings are
    found, and the hand-written loops would have to follow.
    """

    name: str
    title: Message
    plain: Mapping[str, Any]
    rivals: Callable[[Rivalry], dict[str, Callable[[], Steps]]]

    def experiment(self) -> Experiment:
        """On the CPU, endless."""
        training = {"device": "cpu", "steps": ENDLESS, **self.plain.get("training", {})}
        return Experiment.parse({**self.plain, "training": training})


class Rivalry:
    """What the hand-written loops of one experiment are made of.

    Parameters
    ----------
    experiment : Experiment
    data : DataStore
    networks : mapping of str to nn.Sequential, optional
        Ordinary modules by role, by default freshly initialised.
    """

    def __init__(
        self,
        experiment: Experiment,
        data: DataStore,
        networks: Mapping[str, nn.Sequential] | None = None,
    ) -> None:
        self.experiment = experiment
        self.data = data
        self.rng = torch.Generator().manual_seed(experiment.seed)
        self._networks = networks or plain_networks(experiment)
        self.batch_size = experiment.training.batch_size
        self.code_size = experiment.method.code_dim(experiment.data_info())
        self.convolutional = any(
            isinstance(layer, nn.Conv2d) for net in self._networks.values() for layer in net
        )

    def network(self, role: str) -> nn.Sequential:
        """A role's network in ordinary modules, as the usual script has it."""
        return copy.deepcopy(self._networks[role])

    def lean(self, role: str) -> nn.Sequential:
        """The same as a skilled person has it: vectors stay vectors, bends overwrite."""
        network = self.network(role)
        if not self.convolutional:
            return nn.Sequential(*(layer for layer in network if not isinstance(layer, Reshape)))
        for layer in network:
            if isinstance(layer, nn.ReLU | nn.LeakyReLU):
                layer.inplace = True
        return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]

    def batches(self) -> Batches:
        """Batches as a skilled person draws them."""
        data = self.data.train if self.convolutional else self.data.train.flatten(1)
        return bare.batches(data, self.batch_size, self.rng)

    def normal(self) -> Tensor:
        """Codes (B, d) from a normal distribution."""
        return torch.randn(self.batch_size, self.code_size, generator=self.rng)

    def uniform(self) -> Tensor:
        """Codes (B, d) from the uniform distribution on [−1, 1]."""
        return torch.rand(self.batch_size, self.code_size, generator=self.rng) * 2 - 1

    def loader(self) -> Any:
        """Batches as the usual script loads them."""
        shown = self.data.to_display(self.data.train)
        if self.data.info.modality == "points":
            return usual.loader(usual.Points(self.data.train.numpy()), self.batch_size)
        symmetric = self.experiment.dataset.scaling == "symmetric"
        return usual.loader(usual.Pictures(shown, symmetric=symmetric), self.batch_size)


def plain_networks(experiment: Experiment) -> dict[str, nn.Sequential]:
    """The experiment's networks as ordinary modules, initialised from its seed."""
    model = Model.build(experiment, torch.Generator().manual_seed(experiment.seed))
    return {role: network.as_sequential() for role, network in model.networks.items()}


def _autoencoders(parts: Rivalry) -> dict[str, Callable[[], Steps]]:
    return {
        "bare": lambda: bare.autoencoder(
            parts.lean("encoder"), parts.lean("decoder"), parts.batches()
        ),
        "usual": lambda: usual.autoencoder(
            parts.network("encoder"), parts.network("decoder"), parts.loader()
        ),
    }


def _vaes(parts: Rivalry) -> dict[str, Callable[[], Steps]]:
    return {
        "bare": lambda: bare.vae(
            parts.lean("encoder"), parts.lean("decoder"), parts.batches(), parts.rng
        ),
        "usual": lambda: usual.vae(
            parts.network("encoder"), parts.network("decoder"), parts.loader()
        ),
    }


def _gans(parts: Rivalry) -> dict[str, Callable[[], Steps]]:
    mixing = any(isinstance(layer, nn.BatchNorm2d) for layer in parts.network("discriminator"))
    return {
        "bare": lambda: bare.gan(
            parts.lean("generator"),
            parts.lean("discriminator"),
            parts.batches(),
            parts.normal,
            one_pass=not mixing,
        ),
        "usual": lambda: usual.gan(
            parts.network("generator"),
            parts.network("discriminator"),
            parts.loader(),
            parts.code_size,
        ),
    }


def _small_gans(parts: Rivalry) -> dict[str, Callable[[], Steps]]:
    def weights(role: str) -> list[Tensor]:
        return [weight.detach() for weight in parts.lean(role).parameters()]

    return {
        "bare": lambda: bare.small_gan(
            weights("generator"), weights("discriminator"), parts.batches(), parts.uniform
        ),
        "modules": lambda: bare.plain_small_gan(
            parts.network("generator"),
            parts.network("discriminator"),
            parts.batches(),
            parts.uniform,
        ),
        "usual": lambda: usual.small_gan(
            parts.network("generator"), parts.network("discriminator"), parts.loader()
        ),
    }


_ARTICLE = {"kind": "article-mlp"}
_MLP = {"kind": "mlp", "widths": [256, 256]}
_SMALL = {"kind": "mlp", "widths": [8, 8], "activation": "relu"}
_DCGAN = {"kind": "dcgan"}
_SGD = {"optimizer": "sgd", "lr": 0.1}

CASES = (
    Case(
        "article-autoencoder",
        msg("Autoencoder, digits 28 px, 784–128–128"),
        {
            "dataset": {"kind": "digits", "side": 28},
            "method": {"kind": "autoencoder", "latent_dim": 128},
            "networks": {"encoder": _ARTICLE, "decoder": _ARTICLE},
        },
        _autoencoders,
    ),
    Case(
        "digits-autoencoder",
        msg("Autoencoder, digits 8 px, 64–256–256–8"),
        {
            "dataset": {"kind": "digits"},
            "method": {"kind": "autoencoder", "latent_dim": 8},
            "networks": {"encoder": _MLP, "decoder": _MLP},
        },
        _autoencoders,
    ),
    Case(
        "article-vae",
        msg("VAE, digits 28 px, 784–128–16"),
        {
            "dataset": {"kind": "digits", "side": 28},
            "method": {"kind": "vae", "latent_dim": 16, "likelihood": "bernoulli"},
            "networks": {"encoder": _ARTICLE, "decoder": _ARTICLE},
        },
        _vaes,
    ),
    Case(
        "digits-vae",
        msg("VAE, digits 8 px, 64–256–256–8"),
        {
            "dataset": {"kind": "digits"},
            "method": {"kind": "vae", "latent_dim": 8, "likelihood": "bernoulli"},
            "networks": {"encoder": _MLP, "decoder": _MLP},
        },
        _vaes,
    ),
    Case(
        "article-gan",
        msg("GAN, digits 28 px, 128–128–784"),
        {
            "dataset": {"kind": "digits", "side": 28, "scaling": "symmetric"},
            "method": {"kind": "gan", "latent_dim": 128},
            "networks": {"generator": _ARTICLE, "discriminator": _ARTICLE},
        },
        _gans,
    ),
    Case(
        "digits-gan",
        msg("GAN, digits 8 px, 16–256–256–64"),
        {
            "dataset": {"kind": "digits", "scaling": "symmetric"},
            "method": {"kind": "gan", "latent_dim": 16},
            "networks": {
                "generator": _MLP,
                "discriminator": {**_MLP, "activation": "leaky-relu"},
            },
        },
        _gans,
    ),
    Case(
        "photo-gan",
        msg("DCGAN, photo patches 32 px, 32 channels"),
        {
            "dataset": {"kind": "photo-patches", "side": 32, "scaling": "symmetric"},
            "method": {"kind": "gan", "latent_dim": 64},
            "networks": {
                "generator": _DCGAN,
                "discriminator": {**_DCGAN, "activation": "leaky-relu"},
            },
        },
        _gans,
    ),
    Case(
        "small-gan",
        msg("GAN in the plane, 2-8-8-2 and 2-8-8-1"),
        {
            "dataset": {"kind": "blobs", "count": 12_000},
            "method": {"kind": "gan", "latent_dim": 2, "prior": "uniform"},
            "networks": {"generator": _SMALL, "discriminator": _SMALL},
            "phases": {"discriminator": {**_SGD, "updates": 2}, "generator": _SGD},
            "training": {"batch_size": 150},
        },
        _small_gans,
    ),
)
