"""What vital signs are measured on: the same items and codes all through a run."""

from __future__ import annotations

from functools import cached_property

import torch
from torch import Tensor

from aegan_studio.ml.latent.sampling import FITTED, CodeSampler
from aegan_studio.ml.looking import Looking, first
from aegan_studio.ml.metrics.arrays import Floats
from aegan_studio.ml.metrics.grid import Grid
from aegan_studio.ml.model import Model

ITEMS = 256
"""Samples, and real items of each kind, that are measured."""

MANY = 2000
"""Samples of points, which are counted in cells and on modes."""

FEW = 50
"""Held-out points below which training points tell what others would measure."""

COPIED = 512
"""Training and held-out items among which the nearest are looked for."""

AXES = 16
"""Principal components that pictures are compared in."""

FITTED_AXES = 512
"""Training items that these are fitted to."""

SEED = 0x71C


class Subject:
    """A look at a model, made ready to be measured.

    What depends on the weights is made once a measurement, when first asked for; what does not,
    once a run. Features are principal components for pictures and the scaled points themselves
    for points; their distances are comparable within a run.

    Attributes
    ----------
    looking : Looking
    """

    def __init__(self, looking: Looking) -> None:
        self.looking = looking
        self._sampler = CodeSampler(looking.model.method)
        rng = torch.Generator(looking.device).manual_seed(SEED)
        self._noise = self._sampler.noise(ITEMS, rng)
        data = looking.data
        self.train = first(data.train, ITEMS, mixed=True)
        held_out = first(data.held_out, ITEMS, mixed=True)
        self.held_out = held_out if len(held_out) >= 2 else self.train

    def refresh(self) -> None:
        """Forget what was made of earlier weights."""
        for name in (
            "codes",
            "samples",
            "many",
            "sample_features",
            "encoded",
            "sample_distances",
            "across",
        ):
            self.__dict__.pop(name, None)

    # Of the weights

    @cached_property
    def codes(self) -> Tensor:
        """Codes (:data:`ITEMS`, d) of the same noise all through a run."""
        if self._sampler.needs_codes:
            data = self.looking.data.train
            self._sampler.fit(self.looking.model.encode(data[: FITTED // 2]))
        with torch.no_grad():
            return self._sampler.codes(self._noise)

    @cached_property
    def samples(self) -> Tensor:
        """What the model makes of :attr:`codes`, scaled (:data:`ITEMS`, \\*item)."""
        return self.looking.model.generate(self.codes)

    @cached_property
    def many(self) -> Tensor:
        """Samples (:data:`MANY`, \\*item) of further noise, the same all through a run."""
        if self._sampler.needs_codes:
            _ = self.codes  # fits the sampler to the codes of the data
        with torch.no_grad():
            codes = self._sampler.codes(self._much_noise)
        return self.looking.model.generate(codes)

    @cached_property
    def _much_noise(self) -> Tensor:
        rng = torch.Generator(self.looking.device).manual_seed(SEED + 1)
        return self._sampler.noise(MANY, rng)

    @cached_property
    def encoded(self) -> Tensor:
        """Codes of :attr:`pairs`, (2, n, d); where there is an encoder."""
        codes = self.looking.model.encode(self.pairs.flatten(0, 1))
        return codes.view(2, -1, codes.shape[1])

    @cached_property
    def sample_features(self) -> Tensor:
        """Features (:data:`ITEMS`, k) of :attr:`samples`."""
        return self.features(self.samples)

    @cached_property
    def sample_distances(self) -> Tensor:
        """Distances (n, n) of samples to each other."""
        return distances(self.sample_features, self.sample_features)

    @cached_property
    def across(self) -> Tensor:
        """Distances (n, m) of samples to :attr:`real_features`."""
        return distances(self.sample_features, self.real_features)

    # Of the data

    @cached_property
    def pairs(self) -> Tensor:
        """As many held-out items as training items, (2, n, \\*item)."""
        n = min(len(self.held_out), len(self.train))
        return torch.stack((self.held_out[:n], self.train[:n]))

    @cached_property
    def cells(self) -> tuple[Grid, Floats, Floats]:
        """For points: a grid over those of training, their counts, and those of as many others.

        The others are held-out ones, and where there are few of these, every second of training.
        """
        data = self.looking.data
        train, others = data.train.cpu().numpy(), data.held_out.cpu().numpy()
        if len(others) < FEW:
            train, others = train[::2], train[1::2]
        grid = Grid.over(train)
        return grid, grid.counts(train), grid.counts(others[:MANY])

    @cached_property
    def begun(self) -> dict[str, list[Tensor]]:
        """The weights of each role before the first step, as the seed gives them."""
        looking = self.looking
        networks = Model.build(looking.experiment, device=looking.device).networks
        return {
            role: [weight.detach() for weight in network.parameters()]
            for role, network in networks.items()
        }

    @cached_property
    def real_features(self) -> Tensor:
        """Features (m, k) of :attr:`held_out`."""
        return self.features(self.held_out)

    @cached_property
    def real_distances(self) -> Tensor:
        """Distances (m, m) of real items to each other."""
        return distances(self.real_features, self.real_features)

    @cached_property
    def typical(self) -> float:
        """The mean distance of two different real items."""
        n = len(self.real_distances)
        return max(float(self.real_distances.sum()) / (n * (n - 1)), 1e-12)

    @cached_property
    def known(self) -> Tensor:
        """Features (l, k) of training items, as many as of :attr:`unknown`."""
        return self.features(first(self.looking.data.train, self._copied, mixed=True))

    @cached_property
    def unknown(self) -> Tensor:
        """Features (l, k) of held-out items."""
        return self.features(first(self.looking.data.held_out, self._copied, mixed=True))

    @property
    def _copied(self) -> int:
        data = self.looking.data
        return min(COPIED, len(data.train), len(data.held_out))

    @cached_property
    def _axes(self) -> tuple[Tensor, Tensor]:
        """Mean (D,) and principal axes (D, k) of training items, the greatest variance first."""
        items = first(self.looking.data.train, FITTED_AXES, mixed=True).flatten(1)
        mean = items.mean(0)
        # signs of eigenvectors are arbitrary: fixed, so that a record can be made again
        _, _, axes = torch.linalg.svd(items - mean, full_matrices=False)
        axes = axes[:AXES]
        signs = torch.sign(axes.gather(1, axes.abs().argmax(1, keepdim=True)))
        return mean, (axes * signs).T.contiguous()

    @cached_property
    def principal(self) -> tuple[Tensor, Tensor]:
        """Mean (k,) and standard deviation (k,) of the data along the principal axes."""
        along = self.along(first(self.looking.data.train, FITTED_AXES, mixed=True))
        return along.mean(0), along.std(0).clamp(min=1e-12)

    def along(self, items: Tensor) -> Tensor:
        """Items (n, \\*item) along the principal axes, (n, k)."""
        mean, axes = self._axes
        return (items.flatten(1) - mean) @ axes

    def features(self, items: Tensor) -> Tensor:
        """What items (n, \\*item) are compared by, (n, k)."""
        if self.looking.data.info.modality == "points":
            return items.flatten(1)
        return self.along(items)


def distances(a: Tensor, b: Tensor) -> Tensor:
    """Euclidean distances (n, m) of rows (n, k) and (m, k), exact for near ones too."""
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")
