"""The networks of an experiment together with its method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import METHODS
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.methods.base import Method
from aegan_studio.ml.networks.build import build
from aegan_studio.ml.networks.network import Network

NamedArrays = Mapping[str, Mapping[str, npt.NDArray[Any]]]
"""Role to parameter or buffer name to array."""


class Model:
    """Built networks by role, and the method that gives them meaning."""

    def __init__(self, networks: dict[str, Network], method: Method) -> None:
        self.networks = networks
        self.method = method

    @classmethod
    def build(
        cls,
        experiment: Experiment,
        rng: torch.Generator | None = None,
        device: torch.device | str = "cpu",
    ) -> Self:
        """Build every network, initialised from ``rng`` (the experiment's seed by default).

        Raises
        ------
        StudioError
            Where a network does not fit its role, naming the layer and the shapes.
        """
        rng = rng or torch.Generator().manual_seed(experiment.seed)
        networks = {
            role.name: build(experiment.networks[role.name], role, rng, device)
            for role in experiment.roles()
        }
        method = METHODS.of(experiment.method).load()(
            experiment.method, networks, experiment.data_info()
        )
        return cls(networks, method)

    def train(self, mode: bool = True) -> Self:
        """Switch dropout and batch norm to training (or not)."""
        for network in self.networks.values():
            network.train(mode)
        return self

    def eval(self) -> Self:
        """Switch dropout and batch norm to their fixed form, and gradients off."""
        for network in self.networks.values():
            network.requires_grad_(False)
        return self.train(False)

    def generate(self, z: Tensor) -> Tensor:
        """Codes (B, d) to scaled data (B, *item), without gradients."""
        with torch.no_grad():
            return self.method.generate(z)

    def encode(self, x: Tensor) -> Tensor:
        """Scaled data (B, *item) to codes (B, d), without gradients."""
        with torch.no_grad():
            return self.method.encode(x)

    @property
    def has_encoder(self) -> bool:
        """Whether the method can encode."""
        return self.method.has_encoder

    def arrays(self) -> dict[str, dict[str, npt.NDArray[Any]]]:
        """A copy of all parameters and buffers, as :meth:`load_arrays` takes them."""
        return {
            role: {
                name: tensor.detach().cpu().contiguous().numpy().copy()
                for name, tensor in network.state_dict().items()
            }
            for role, network in self.networks.items()
        }

    def load_arrays(self, arrays: NamedArrays) -> None:
        """Copy parameters and buffers in.

        Raises
        ------
        StudioError
            Where names or shapes do not match this experiment's networks.
        """
        for role, network in self.networks.items():
            state = network.state_dict()
            given = arrays.get(role, {})
            if set(given) != set(state):
                raise StudioError(
                    msg("The weights do not belong to this {role}.", role=role),
                    msg("Open the run they came from."),
                )
            with torch.no_grad():
                for name, tensor in state.items():
                    array = given[name]
                    if tuple(array.shape) != tuple(tensor.shape):
                        raise StudioError(
                            msg(
                                "{role}, {name}: the weights are {given}, the network needs "
                                "{wanted}.",
                                role=role,
                                name=name,
                                given="×".join(map(str, array.shape)),
                                wanted="×".join(map(str, tensor.shape)),
                            ),
                            msg("Open the run they came from."),
                        )
                    # a scalar such as batch norm's counter comes back from NumPy with one axis
                    tensor.copy_(torch.from_numpy(np.ascontiguousarray(array)).view(tensor.shape))
