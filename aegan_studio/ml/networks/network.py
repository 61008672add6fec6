"""A network: its layers in order, run without the overhead of calling modules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Self

import torch
from torch import Tensor, nn

from aegan_studio.ml.networks.calls import Call, calls, picture_last
from aegan_studio.ml.networks.layers import Dropout


class Network(nn.Module):
    """Layers one after another, (N, \\*inputs) to (N, \\*outputs).

    Parameters are named as in :class:`torch.nn.Sequential`, by the layer's index: ``0.weight``.
    The forward pass runs functions prepared from the layers, not the layers themselves, so hooks
    on single layers have no effect. Parameters may get other memory
    (``parameter.data = …``); where a parameter or buffer *object* is replaced by hand, call
    :meth:`refresh`. ``mixes_batch`` says whether an item's result depends on the others of its
    batch (batch norm). Copying, moving, loading and changing the mode do that themselves.

    Parameters
    ----------
    layers : iterable of nn.Module
        They keep their own index in the list.
    """

    def __init__(self, layers: Iterable[nn.Module]) -> None:
        super().__init__()
        for index, layer in enumerate(layers):
            self.add_module(str(index), layer)
        self.refresh()

    @property
    def layers(self) -> tuple[nn.Module, ...]:
        """The layers as modules, in order."""
        return tuple(self.children())

    @property
    def convolutional(self) -> bool:
        """Whether any layer convolves; pictures then run with channels last in memory."""
        return any(isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) for layer in self.layers)

    def refresh(self) -> None:
        """Prepare the forward pass anew from the layers' present parameters and mode."""
        last = self.convolutional
        prepared = calls(self.layers, channels_last=last)
        self._calls: tuple[Call, ...] = (picture_last, *prepared) if last else prepared
        # read at every update, so not a property that walks the layers
        self.mixes_batch = any(
            isinstance(layer, nn.modules.batchnorm._BatchNorm) for layer in self.layers
        )

    def __call__(self, x: Tensor) -> Tensor:
        """Run the layers; in a convolutional network the result may be channels-last.

        Past torch's machinery for hooks, which small networks feel.
        """
        for call in self._calls:
            x = call(x)
        return x

    def forward(self, x: Tensor) -> Tensor:
        """The same, by the name that torch's tools use."""
        return self(x)

    def set_generator(self, generator: torch.Generator) -> None:
        """Draw dropout from ``generator``, which must live on the network's device."""
        for layer in self.layers:
            if isinstance(layer, Dropout):
                layer.generator = generator

    def as_sequential(self) -> nn.Sequential:
        """The same layers, shared, as torch's own container: for export and for other tools."""
        return nn.Sequential(*self.layers)

    def train(self, mode: bool = True) -> Self:
        """Switch dropout and batch norm to training, or not."""
        super().train(mode)
        self.refresh()
        return self

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Self:
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        # .to() and alike replace buffers, and some parameters
        self.refresh()
        return self

    def load_state_dict(self, *args: Any, **kwargs: Any) -> Any:
        """As :meth:`torch.nn.Module.load_state_dict`."""
        result = super().load_state_dict(*args, **kwargs)
        self.refresh()
        return result

    def __getstate__(self) -> dict[str, Any]:
        """Without the prepared functions: a copy must not run on the original's weights."""
        return {name: value for name, value in self.__dict__.items() if name != "_calls"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore and prepare."""
        super().__setstate__(state)  # type: ignore[no-untyped-call]
        self.refresh()
