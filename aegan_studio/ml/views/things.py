"""What the networks of a look handle, by the names of :class:`~experiment.parts.Flow`."""

from __future__ import annotations

import torch
from torch import Tensor

from aegan_studio.ml.looking import SEED, Looking, first

COUNT, HEAVY_COUNT = 256, 32
"""Pictures that histograms are made of; the smaller number where networks convolve."""


def heavy(looking: Looking) -> bool:
    """Whether an item costs so much that few must do."""
    return any(network.convolutional for network in looking.model.networks.values())


class Things:
    """Things by name, made when first asked for; of pictures more than are shown.

    ``x`` real items, ``x-held`` held-out ones, ``z`` codes that training draws, ``x-hat`` what
    becomes of them, ``z-hat`` and ``z-hat-held`` codes of items, ``x-tilde`` reconstructions,
    ``z-tilde`` codes of samples.
    """

    def __init__(self, looking: Looking) -> None:
        self._looking = looking
        self._made: dict[str, Tensor] = {}
        points = looking.data.info.modality == "points"
        self.count = len(looking.originals) if points else COUNT
        if heavy(looking):
            self.count = min(self.count, HEAVY_COUNT)

    def __getitem__(self, name: str) -> Tensor:
        """The things called ``name``, of equal number where the data allow it."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def _make(self, name: str) -> Tensor:
        looking = self._looking
        model = looking.model
        match name:
            case "x":
                return first(looking.data.train, self.count, mixed=True)
            case "x-held":
                return first(looking.data.held_out, self.count, mixed=True)
            case "z":
                return self._codes()
            case "x-hat":
                return model.generate(self["z"])
            case "z-hat":
                return model.encode(self["x"])
            case "z-hat-held":
                return model.encode(self["x-held"])
            case "x-tilde":
                return model.generate(self["z-hat"])
            case "z-tilde":
                return model.encode(self["x-hat"])
        raise KeyError(name)

    @torch.no_grad()
    def _codes(self) -> Tensor:
        looking = self._looking
        method = looking.model.method
        if not method.has_prior:
            return looking.more_codes(self.count)
        name = f"prior-noise-{self.count}"
        if name not in looking.kept:
            rng = torch.Generator(looking.device).manual_seed(SEED + 2)
            looking.kept[name] = method.noise(self.count, rng)
        return method.codes(looking.kept[name])
