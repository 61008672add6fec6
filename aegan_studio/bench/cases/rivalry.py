"""Contestants made of one experiment: the same networks, data and settings for all."""

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
from aegan_studio.messages import Message
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.model import Model
from aegan_studio.ml.networks.layers import Join, Reshape

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
        """The same as a skilled person has it: vectors stay vectors, bends overwrite.

        Values beside the input are behind it in the rows.
        """
        network = self.network(role)
        if not self.convolutional:
            kept = (layer for layer in network if not isinstance(layer, Reshape | Join))
            return nn.Sequential(*kept)
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
