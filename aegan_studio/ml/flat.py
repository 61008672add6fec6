"""All weights of a network in one buffer.

With parameters and gradients as views of two flat tensors, clearing, clipping, norms, averages,
snapshots and optimiser updates are one operation each, however many layers there are. For small
networks, whose steps are all overhead, that is what makes them fast.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

ALIGNMENT = 16
"""Values; every parameter starts on a 64-byte boundary so that kernels stay vectorised."""


class FlatParameters:
    """The parameters of one network, moved into a flat buffer.

    Attributes
    ----------
    values, gradient : Tensor
        All weights and their gradients, both of shape (n,). Changing ``values`` in place changes
        the network; backward passes add to ``gradient``.
    """

    def __init__(self, network: nn.Module) -> None:
        parameters = list(network.parameters())
        device = parameters[0].device if parameters else torch.device("cpu")
        offsets, end = [], 0
        for parameter in parameters:
            offsets.append(end)
            end += -(-parameter.numel() // ALIGNMENT) * ALIGNMENT
        values = torch.zeros(end, device=device)
        gradient = torch.zeros(end, device=device)
        for parameter, offset in zip(parameters, offsets, strict=True):
            view = _like(values, offset, parameter)
            with torch.no_grad():
                view.copy_(parameter)
            parameter.data = view
            parameter.grad = _like(gradient, offset, parameter)
        self.parameters = tuple(parameters)
        self._offsets = tuple(offsets)
        self.values = values
        self.gradient = gradient

    def named(self, network: nn.Module, flat: Tensor) -> dict[str, Tensor]:
        """Views of another flat buffer by the names of the network's parameters."""
        names = [name for name, _ in network.named_parameters()]
        return {
            name: _like(flat, offset, parameter)
            for name, offset, parameter in zip(names, self._offsets, self.parameters, strict=True)
        }

    def learn(self, on: bool) -> None:
        """Whether backward passes compute gradients for these weights."""
        for parameter in self.parameters:
            parameter.requires_grad_(on)


def _like(buffer: Tensor, offset: int, parameter: Tensor) -> Tensor:
    """A view of the buffer in the parameter's shape; convolution kernels channels-last."""
    piece = buffer[offset : offset + parameter.numel()]
    if parameter.dim() == 4:
        out, channels, height, width = parameter.shape
        return piece.view(out, height, width, channels).permute(0, 3, 1, 2)
    return piece.view(parameter.shape)
