"""A look at a model: a copy of its weights, the same codes and items to show all through a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import CodePart
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.engine import Engine
from aegan_studio.ml.latent.sampling import FITTED, CodeSampler
from aegan_studio.ml.methods.base import one_hot
from aegan_studio.ml.model import Model, NamedArrays

PICTURES = 64
POINTS = 1000

SEED = 0x5A3


class Looking:
    """A second model that holds the weights to look at, so that training's own are left alone.

    Its chance comes from its own generators: looking never changes what training does. What is
    made of the weights is made once for all that want it, until other weights are looked at.

    Attributes
    ----------
    experiment : Experiment
        With the live options that the weights were looked at with.
    data : DataStore
    model : Model
        In its fixed form (no dropout, batch norm at rest), without gradients.
    originals : Tensor, (n, \\*item)
        Scaled training items to show, the same all through a run.
    held_out : Tensor, (m, \\*item)
        Scaled held-out items to show; may be empty.
    step : int
        The step that the weights are of.
    kept : dict
        What was made of the data alone and is good for every look, by whoever made it.
    """

    def __init__(self, experiment: Experiment, data: DataStore, device: torch.device) -> None:
        self.experiment = experiment
        self.data = data
        self.device = device
        # a seed of its own: the weights are overwritten before they are used
        self.model = Model.build(experiment, torch.Generator().manual_seed(0), device).eval()
        count = POINTS if data.info.modality == "points" else PICTURES
        rng = torch.Generator(device).manual_seed(SEED)
        self._sampler = CodeSampler(self.model.method)
        self._noise = _by_class(
            self._sampler.noise(count, rng), experiment.method.code_parts(data.info)
        )
        self.originals = first(data.train, count, mixed=True)
        self.held_out = first(data.held_out, count, mixed=False)
        self.step = 0
        self.kept: dict[str, Any] = {}
        self._made: dict[str, Tensor] = {}
        self._tensors = {role: net.state_dict() for role, net in self.model.networks.items()}

    @torch.no_grad()
    def follow(self, engine: Engine) -> None:
        """Look at the weights of a training, at averages in place of those they average."""
        self._adopt(engine.experiment)
        self.step = engine.step
        for role, network in self.model.networks.items():
            source = engine.model.networks[role].state_dict()
            if role in engine.averages:
                source |= engine.flat[role].named(network, engine.averages[role])
            mine = self._tensors[role]
            torch._foreach_copy_(list(mine.values()), [source[name] for name in mine])
        for name, tensor in self.model.method.state.items():
            tensor.copy_(engine.model.method.state[name])

    def take(self, experiment: Experiment, weights: NamedArrays, state: Mapping[str, Any]) -> None:
        """Look at weights that were kept, and at what the method remembered beside them.

        Raises
        ------
        StudioError
            Where names or shapes are not those of this experiment's networks.
        """
        self._adopt(experiment)
        self.model.load_arrays(weights)
        with torch.no_grad():
            for name, tensor in self.model.method.state.items():
                if name in state:
                    tensor.copy_(torch.as_tensor(state[name]).view(tensor.shape))

    def _adopt(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.model.method.options = experiment.method
        self._made.clear()

    @property
    def noise(self) -> Tensor:
        """The method's part (n, k) of the chance that :attr:`sample_codes` are made of."""
        return self._noise[:, : -self.model.method.code_dim - 1]

    # What is made of the weights

    @property
    def sample_codes(self) -> Tensor:
        """The codes (n, d) of the same noise all through a run."""
        if "sample_codes" not in self._made:
            if self._sampler.needs_codes:
                self._sampler.fit(self.model.encode(self.data.train[:FITTED]))
            with torch.no_grad():
                self._made["sample_codes"] = self._sampler.codes(self._noise)
        return self._made["sample_codes"]

    def more_codes(self, count: int) -> Tensor:
        """As many codes (count, d) from where :attr:`sample_codes` come from; not by class."""
        name = f"noise-{count}"
        if name not in self.kept:
            rng = torch.Generator(self.device).manual_seed(SEED + 1)
            self.kept[name] = self._sampler.noise(count, rng)
        if self._sampler.needs_codes:
            _ = self.sample_codes  # fits the sampler to the present weights
        with torch.no_grad():
            return self._sampler.codes(self.kept[name])

    @property
    def samples(self) -> Tensor:
        """What the model makes of :attr:`sample_codes`: scaled items (n, \\*item)."""
        if "samples" not in self._made:
            self._made["samples"] = self.model.generate(self.sample_codes)
        return self._made["samples"]

    @property
    def codes(self) -> Tensor:
        """The codes (n, d) of :attr:`originals`; only where the model has an encoder."""
        if "codes" not in self._made:
            self._made["codes"] = self.model.encode(self.originals)
        return self._made["codes"]

    @property
    def rebuilt(self) -> Tensor:
        """The reconstructions (n, \\*item) of :attr:`originals`; only where there is an encoder."""
        if "rebuilt" not in self._made:
            self._made["rebuilt"] = self.model.generate(self.codes)
        return self._made["rebuilt"]


def first(items: Tensor, count: int, *, mixed: bool) -> Tensor:
    """Some items to show: the first ones, or evenly spread over the whole."""
    if mixed and len(items) > count > 0:
        stride = len(items) // count
        return items[: stride * count : stride]
    return items[:count]


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
