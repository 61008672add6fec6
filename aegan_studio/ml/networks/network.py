"""A network: its layers in order, run without the overhead of calling modules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

import torch
from torch import Tensor, nn

from aegan_studio.ml.networks.calls import Call, Prepared, prepare
from aegan_studio.ml.networks.layers import Dropout, MinibatchStddev


class Network(nn.Module):
    """Layers one after another, (N, \\*inputs) to (N, \\*outputs).

    Parameters are named as in :class:`torch.nn.Sequential`, by the layer's index: ``0.weight``.
    The forward pass runs functions prepared from the layers, not the layers themselves, so hooks
    on single layers have no effect. Parameters may get other memory
    (``parameter.data = …``); where a parameter or buffer *object* is replaced by hand, call
    :meth:`refresh`. ``mixes_batch`` says whether an item's result depends on the others of its
    batch (batch norm, minibatch deviation). Copying, moving, loading and changing the mode do
    that themselves.

    Parameters
    ----------
    layers : iterable of nn.Module, or mapping of int to nn.Module
        They keep their own index in the list; a mapping gives indices with gaps.
    """

    def __init__(self, layers: Iterable[nn.Module] | Mapping[int, nn.Module]) -> None:
        super().__init__()
        numbered = layers if isinstance(layers, Mapping) else dict(enumerate(layers))
        for index, layer in numbered.items():
            self.add_module(str(index), layer)
        self.refresh()

    @property
    def layers(self) -> tuple[nn.Module, ...]:
        """The layers as modules, in order."""
        return tuple(self.children())

    @property
    def convolutional(self) -> bool:
        """Whether any layer convolves; pictures then run with channels last in memory."""
        return any(isinstance(part, nn.Conv2d | nn.ConvTranspose2d) for part in self.modules())

    def refresh(self) -> None:
        """Prepare the forward pass anew from the layers' present parameters and mode."""
        self.run_by(prepare(self.layers, channels_last=self.convolutional))
        # read at every update, so not a property that walks the layers
        self.mixes_batch = any(mixes_batch(part) for part in self.modules())

    def run_by(self, prepared: Prepared) -> None:
        """Run these functions in place of the layers, until the next :meth:`refresh`."""
        self._calls: tuple[Call, ...] = prepared.calls
        self._prepared = prepared

    def __call__(self, x: Tensor, beside: Tensor | None = None) -> Tensor:
        """Run the layers; in a convolutional network the result may be channels-last.

        Past torch's machinery for hooks, which small networks feel.

        Parameters
        ----------
        x : Tensor
            (N, \\*inputs).
        beside : Tensor or None
            (N, k), float: what comes in beside the input, a one-hot class or a code. Networks
            without a layer for it leave it aside; those with one raise :class:`TypeError`
            where it is missing.
        """
        if beside is not None and self._prepared.conditional:
            return self._prepared.run(x, beside)
        for call in self._calls:
            x = call(x)
        return x

    def forward(self, x: Tensor, beside: Tensor | None = None) -> Tensor:
        """The same, by the name that torch's tools use."""
        return self(x, beside)

    def features(self, x: Tensor, beside: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """One pass for two results: what the last weighted layer sees, and what comes out.

        Returns
        -------
        features : Tensor
            (N, f): the activations that go into the last weighted layer, flattened; the input
            itself where no layer has weights.
        output : Tensor
            (N, \\*outputs), as from a call.
        """
        prepared = self._prepared
        inner = prepared.run(x, beside, end=prepared.last)
        return inner.flatten(1), prepared.run(inner, beside, start=prepared.last)

    def set_generator(self, generator: torch.Generator) -> None:
        """Draw dropout from ``generator``, which must live on the network's device."""
        for part in self.modules():
            if isinstance(part, Dropout):
                part.generator = generator

    def as_sequential(self) -> nn.Sequential:
        """The same layers, shared, as torch's own container: for export and for other tools.

        A network that takes values beside its input cannot run that way.
        """
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
        made = ("_calls", "_prepared")
        return {name: value for name, value in self.__dict__.items() if name not in made}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore and prepare."""
        super().__setstate__(state)  # type: ignore[no-untyped-call]
        self.refresh()


def mixes_batch(module: nn.Module) -> bool:
    """Whether a layer makes an item's result depend on the others of its batch."""
    return isinstance(module, nn.modules.batchnorm._BatchNorm | MinibatchStddev)
