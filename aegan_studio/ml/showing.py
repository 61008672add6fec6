"""What a training shows: pictures from fixed codes, reconstructions, and held-out measurements."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Exhibit, Exhibits, Pictures
from aegan_studio.experiment.parts import CodePart, Flow
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.engine import Engine
from aegan_studio.ml.latent.sampling import FITTED, CodeSampler
from aegan_studio.ml.methods.base import one_hot
from aegan_studio.ml.model import Model

PICTURES = 64
POINTS = 1000
CYCLED = 64
"""Samples that are encoded again, for the drawn model."""
HELD_OUT = 1024
"""Held-out items measured at most, so that measuring stays cheap beside training."""

EXHIBITED = 1 << 20
"""Values of the items that exhibits are made of at most, so that making them stays cheap."""

SEED = 0x5A3


class Showcase:
    """A second model that holds the weights to show, so that training's own are left alone.

    Its chance comes from its own generators: showing never changes what training does.
    """

    def __init__(self, experiment: Experiment, data: DataStore, engine: Engine) -> None:
        self._data = data
        self._engine = engine
        device = engine.device
        # a seed of its own: the weights are overwritten before they are used
        self._model = Model.build(experiment, torch.Generator().manual_seed(0), device).eval()
        self._count = POINTS if data.info.modality == "points" else PICTURES
        rng = torch.Generator(device).manual_seed(SEED)
        self._sampler = CodeSampler(self._model.method)
        self._noise = _by_class(
            self._sampler.noise(self._count, rng), experiment.method.code_parts(data.info)
        )
        self._cycles = _cycles(experiment.method.flow())
        self._originals = _first(data.train, self._count, mixed=True)
        self._held_out = _first(data.held_out, self._count, mixed=False)

    @torch.no_grad()
    def _follow(self) -> None:
        """Take over the weights, averages in place of those they average."""
        self._model.method.options = self._engine.experiment.method
        for role, network in self._model.networks.items():
            source = self._engine.model.networks[role].state_dict()
            source |= (
                self._engine.flat[role].named(network, self._engine.averages[role])
                if role in self._engine.averages
                else {}
            )
            for name, tensor in network.state_dict().items():
                tensor.copy_(source[name])
        for name, tensor in self._model.method.state.items():
            tensor.copy_(self._engine.model.method.state[name])

    def pictures(self, step: int) -> Pictures:
        """What the model makes at this step."""
        self._follow()
        model, show = self._model, self._data.to_screen
        rebuilt = held_out = held_out_rebuilt = codes = None
        if model.has_encoder:
            z = model.encode(self._originals)
            codes = _numpy(z)
            rebuilt = show(model.generate(z))
            if len(self._held_out):
                held_out = show(self._held_out)
                held_out_rebuilt = show(model.generate(model.encode(self._held_out)))
        sample_codes = self._sample_codes()
        samples = model.generate(sample_codes)
        return Pictures(
            step=step,
            modality=self._data.info.modality,
            samples=show(samples),
            originals=show(self._originals),
            reconstructions=rebuilt,
            held_out=held_out,
            held_out_reconstructions=held_out_rebuilt,
            codes=codes,
            sample_codes=_numpy(sample_codes),
            cycled_codes=_numpy(model.encode(samples[:CYCLED])) if self._cycles else None,
        )

    @torch.no_grad()
    def exhibits(self, step: int) -> Exhibits:
        """What the method shows beside samples and reconstructions at this step."""
        self._follow()
        data = self._data
        count = min(HELD_OUT, max(PICTURES, EXHIBITED // math.prod(data.info.shape)))
        made = self._model.method.exhibits(
            _first(data.train, count, mixed=True), _first(data.held_out, count, mixed=True)
        )
        return Exhibits(
            step,
            {
                name: Exhibit(data.to_screen(items), _numpy(values), kind)
                for name, (items, values, kind) in made.items()
            },
        )

    def _sample_codes(self) -> Tensor:
        """The codes of the same noise all through a run."""
        if self._sampler.needs_codes:
            self._sampler.fit(self._model.encode(self._data.train[:FITTED]))
        with torch.no_grad():
            return self._sampler.codes(self._noise)

    @torch.no_grad()
    def evaluate(self) -> dict[str, float]:
        """Measurements on held-out data; empty where the method or the data offer none."""
        x = self._data.held_out[:HELD_OUT]
        if not len(x):
            return {}
        self._follow()
        rng = torch.Generator(self._engine.device).manual_seed(SEED)
        values = self._model.method.evaluate(x, rng)
        if not values:
            return {}
        found: list[float] = torch.stack(list(values.values())).tolist()
        return dict(zip(values, found, strict=True))


def _by_class(noise: Tensor, parts: Sequence[CodePart]) -> Tensor:
    """Noise (n, k) whose rows ask for the classes in their order, as many rows for each."""
    start = 0
    for part in parts:
        if part.kind == "class":
            labels = torch.arange(len(noise), device=noise.device) * part.size // len(noise)
            noise[:, start : start + part.size] = one_hot(labels, part.size)
            break
        start += part.size
    return noise


def _cycles(flow: Flow) -> bool:
    """Whether the method encodes its samples again."""
    return any(
        part == ("x-hat", "encoder", "z-tilde")
        for path in flow.paths
        for part in zip(path, path[1:], path[2:], strict=False)
    )


def _first(items: Tensor, count: int, *, mixed: bool) -> Tensor:
    """Some items to show: the first ones, or evenly spread over the whole."""
    if mixed and len(items) > count:
        stride = len(items) // count
        return items[: stride * count : stride]
    return items[:count]


def _numpy(tensor: Tensor) -> npt.NDArray[np.float32]:
    array: npt.NDArray[np.float32] = tensor.detach().cpu().numpy().astype(np.float32)
    return array
