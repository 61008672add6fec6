"""A model to explore: its own copy of the networks, holding a snapshot of their weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import torch

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.device import one_thread_here
from aegan_studio.ml.latent.codespace import CodeSpace
from aegan_studio.ml.latent.sampling import CodeSampler
from aegan_studio.ml.methods.base import Method
from aegan_studio.ml.model import Model

Codes = npt.NDArray[np.float32]
Array = npt.NDArray[Any]

_AT_ONCE = 512
"""Items a network takes in one pass, so that large data need no large buffers."""
PIECE_SECONDS = 0.006
"""How long a piece of a longer work should take: others wait for no more than that."""

DRAWS = 1000
"""Codes that stand for the prior."""
MOST = 100_000
"""Items that :meth:`LatentModel.completing` encodes at most."""


PART_BOUNDS = {"normal": (-3.0, 3.0), "uniform": (-1.0, 1.0), "class": (0.0, 1.0)}
"""The range of a code's values worth exploring, by how its part is drawn."""


class _Pace:
    """How many items to take at once so that a piece of work takes :data:`PIECE_SECONDS`."""

    def __init__(self) -> None:
        self._size = 8

    def run(self, work: Callable[[slice], Array], count: int) -> Iterator[Array]:
        """What ``work`` makes of consecutive slices of ``count`` items."""
        start = 0
        while start < count:
            stop = min(start + self._size, count)
            began = time.perf_counter()
            made = work(slice(start, stop))
            share = PIECE_SECONDS / max(time.perf_counter() - began, 1e-6)
            fitting = (stop - start) * min(max(share, 0.25), 4.0)
            self._size = int(min(max(fitting, 1), _AT_ONCE))
            start = stop
            yield made


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """Where codes lie under one snapshot.

    Attributes
    ----------
    source : {"encoded", "prior"}
        Encoded data, or draws from the prior where the method has no encoder.
    codes : ndarray, shape (n, d), float32
    labels : ndarray, shape (n,), int64, or None
    prior : {"", "normal", "uniform"}
        The distribution that training shapes codes like, "" for none.
    held_out : ndarray, shape (n,), bool
        Which items the training never sees.
    center, spread : ndarray, shape (d,)
        Mean and standard deviation of each value.
    low, high : ndarray, shape (d,)
        The range worth exploring: three standard deviations of the prior or of the codes,
        whichever the method's codes follow, or the bounds of a bounded prior.
    """

    source: Literal["encoded", "prior"]
    prior: Literal["", "normal", "uniform"]
    codes: Codes
    labels: npt.NDArray[np.int64] | None
    held_out: npt.NDArray[np.bool_]
    center: npt.NDArray[np.float64]
    spread: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]


class LatentModel:
    """Decodes and encodes with a snapshot of an experiment's weights.

    The networks are this object's own, so a training that goes on elsewhere neither disturbs nor
    notices it; the thread that makes it shall be the one that uses it. Codes go in and out as
    NumPy arrays; decoded items come in display units: images uint8 (n, H, W) or (n, H, W, 3),
    points float32 (n, 2).

    Parameters
    ----------
    experiment : Experiment
        What the weights belong to.
    limit : int
        The most items that are encoded for a survey; a larger dataset is thinned evenly.
    most : int
        The most items of a complete survey.
    """

    def __init__(self, experiment: Experiment, *, limit: int = 2000, most: int = MOST) -> None:
        one_thread_here()
        self.experiment = experiment
        self.step = -1
        self._model = Model.build(experiment).eval()
        self._store = DataStore.load(experiment)
        self._train = _every(len(self._store.train), limit)
        self._held_out = _every(len(self._store.held_out), limit // 4)
        held_out = self._held_out + len(self._store.train)
        surveyed = torch.cat((self._train, held_out))
        everything = len(self._store.train) + len(self._store.held_out)
        self._numbers = torch.cat((surveyed, _others(surveyed, everything, most))).numpy()
        self._whole: Survey | None = None
        self._loads = 0
        self._decode_pace, self._encode_pace, self._rebuild_pace = _Pace(), _Pace(), _Pace()
        self._survey: Survey | None = None
        self._shown: Array | None = None
        self._flat: npt.NDArray[np.float32] | None = None
        self._space: CodeSpace | None = None
        self._sampler: CodeSampler | None = None

    @property
    def dimensions(self) -> int:
        """The number of values in a code."""
        return self._model.method.code_dim

    @property
    def has_encoder(self) -> bool:
        """Whether data can be encoded."""
        return self._model.has_encoder

    def load(self, weights: Weights) -> None:
        """Take on a snapshot; raises :class:`StudioError` where it is another model's."""
        self._model.load_arrays(weights.roles)
        self.step = weights.step
        self._survey = self._whole = self._space = self._sampler = None
        self._loads += 1

    def decode(self, codes: npt.ArrayLike) -> Array:
        """What codes (n, d) stand for, in display units."""
        z = torch.from_numpy(np.ascontiguousarray(codes, dtype=np.float32))
        parts = [self._model.generate(part) for part in torch.split(z, _AT_ONCE)]
        return self._store.to_screen(parts[0] if len(parts) == 1 else torch.cat(parts))

    @property
    def method(self) -> Method:
        """The method with its networks, in evaluation mode; items are in scaled units there."""
        return self._model.method

    @property
    def store(self) -> DataStore:
        """The data, and the way between scaled and display units."""
        return self._store

    def space(self) -> CodeSpace:
        """The codes as optimisation sees them; kept until the next snapshot."""
        if self._space is None:
            self._space = CodeSpace.of(self._model.method, self._store.train)
        return self._space

    def scaled(self, shown: Array) -> Codes:
        """Items in display units (n, …) as the networks take them, float32 (n, \\*item)."""
        if shown.ndim == 4 and self._store.info.shape[0] == 1:
            shown = shown[..., 0]  # a grey photograph, shown with three equal channels
        return np.asarray(self._store.from_display(shown).numpy(), dtype=np.float32)

    def screen(self, scaled: npt.ArrayLike) -> Array:
        """Scaled items (n, \\*item) in display units; the inverse of :meth:`scaled`."""
        return self._store.to_screen(np.asarray(scaled, dtype=np.float32))

    def encode_shown(self, shown: Array) -> Codes:
        """Codes (n, d) of items in display units; the method must have an encoder."""
        x = torch.from_numpy(self.scaled(shown))
        parts = [self._model.encode(part) for part in torch.split(x, _AT_ONCE)]
        return np.asarray(torch.cat(parts), dtype=np.float32)

    def decoding(self, codes: npt.ArrayLike) -> Iterator[Array]:
        """:meth:`decode` in short pieces of work, which together are the whole."""
        z = np.asarray(codes)
        yield from self._decode_pace.run(lambda part: self.decode(z[part]), len(z))

    def draw(self, seed: int, count: int = 1) -> Codes:
        """Random codes (count, d), the same for the same seed.

        From the method's prior; where it trains towards none, from the Gaussian that has the
        mean and covariance of the encoded data, for other codes would decode to nothing learnt.
        """
        rng = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            if self._sampler is None:  # a mixture takes a third of a second to fit
                self._sampler = CodeSampler(self._model.method)
                if self._sampler.needs_codes:
                    encoded = np.asarray(self.survey().codes, dtype=np.float32)
                    self._sampler.fit(torch.from_numpy(encoded))
            codes = self._sampler.codes(self._sampler.noise(count, rng))
        return np.asarray(codes.numpy(), dtype=np.float32)

    def survey(self) -> Survey:
        """Where the data's codes lie, or draws from the prior; kept until the next snapshot."""
        for _ in self.surveying():
            pass
        assert self._survey is not None
        return self._survey

    def surveying(self) -> Iterator[None]:
        """Make the survey in short pieces of work; exhaust this before :meth:`survey`.

        Loading a snapshot between the pieces ends it: then :attr:`has_survey` is false.
        """
        if self._survey is not None:
            return
        loads = self._loads
        if not self.has_encoder:
            codes = self.draw(self.experiment.seed, DRAWS)
            self._survey = self._summed_up(
                "prior", codes, None, np.zeros(len(codes), dtype=np.bool_)
            )
            return
        store = self._store
        pieces: list[Array] = []
        for rows, items in ((self._train, store.train), (self._held_out, store.held_out)):
            for codes in self._encode_pace.run(self._encoder(items, rows), len(rows)):
                pieces.append(codes)
                yield
                if self._loads != loads:
                    return
        labels = None
        if store.train_labels is not None and store.held_out_labels is not None:
            both = store.train_labels[self._train], store.held_out_labels[self._held_out]
            labels = torch.cat(both).numpy()
        held_out = np.zeros(len(self._train) + len(self._held_out), dtype=np.bool_)
        held_out[len(self._train) :] = True
        self._survey = self._summed_up("encoded", np.concatenate(pieces), labels, held_out)

    @property
    def has_survey(self) -> bool:
        """Whether :meth:`survey` is there without further work."""
        return self._survey is not None

    @property
    def whole(self) -> Survey:
        """The survey with all that :meth:`completing` encoded, else :meth:`survey`."""
        return self._whole or self.survey()

    @property
    def surveyable(self) -> int:
        """How many items a complete survey holds."""
        return len(self._numbers) if self.has_encoder else DRAWS

    def numbers(self, rows: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Which items rows of the complete survey are: training items from 0, then held-out."""
        found: npt.NDArray[np.int64] = self._numbers[np.asarray(rows, dtype=np.intp)]
        return found

    def completing(self) -> Iterator[Survey | None]:
        """Encode the items that :meth:`survey` leaves out, in short pieces of work.

        Yields the growing survey each time it has doubled, and at the end. It begins with the
        rows of :meth:`survey`, and goes on where an earlier call was ended. Loading a snapshot
        between the pieces ends it.
        """
        base, loads = self.whole, self._loads
        kept = len(base.codes)
        if base.source == "prior" or kept >= len(self._numbers):
            return
        pieces, shown = [base.codes], kept
        count, start = kept, kept
        rows = torch.from_numpy(self._numbers[kept:])
        for codes in self._encode_pace.run(
            lambda part: self._encode_numbers(rows[part]), len(rows)
        ):
            pieces.append(codes)
            count += len(codes)
            if count >= 2 * shown or count == len(self._numbers):
                shown = count
                self._whole = self._grown(base, np.concatenate(pieces), start)
                yield self._whole
            else:
                yield None
            if self._loads != loads:
                return

    def _encode_numbers(self, numbers: torch.Tensor) -> Codes:
        return np.asarray(self._model.encode(self._scaled_items(numbers)), dtype=np.float32)

    def _scaled_items(self, numbers: torch.Tensor) -> torch.Tensor:
        store, first = self._store, len(self._store.train)
        items = torch.empty((len(numbers), *store.train.shape[1:]), dtype=store.train.dtype)
        trained = numbers < first
        items[trained] = store.train[numbers[trained]]
        items[~trained] = store.held_out[numbers[~trained] - first]
        return items

    def _grown(self, base: Survey, codes: Codes, start: int) -> Survey:
        numbers = self._numbers[start : len(codes)]
        held_out = np.concatenate((base.held_out, numbers >= len(self._store.train)))
        labels, store = base.labels, self._store
        if store.train_labels is not None and store.held_out_labels is not None:
            every = torch.cat((store.train_labels, store.held_out_labels)).numpy()
            labels = every[self._numbers[: len(codes)]]
        return replace(base, codes=codes, labels=labels, held_out=held_out)

    def items(self, rows: npt.ArrayLike) -> Array:
        """The items of rows of the complete survey in display units; draws are decoded."""
        chosen = np.asarray(rows, dtype=np.intp)
        if not self.has_encoder:
            return self.decode(self.survey().codes[chosen])
        return self._store.to_screen(self._scaled_items(torch.from_numpy(self._numbers[chosen])))

    def rebuilding(self, rows: npt.ArrayLike) -> Iterator[npt.NDArray[np.float64]]:
        """How far rows of the complete survey are from their reconstructions, in pieces.

        The mean over an item's values of the squared difference; of pictures, values are in 0–1.
        The method must have an encoder and :attr:`whole` must hold the rows.
        """
        chosen = np.asarray(rows, dtype=np.intp)
        codes = self.whole.codes

        def gaps(part: slice) -> npt.NDArray[np.float64]:
            made = self._flattened(self.decode(codes[chosen[part]]))
            offsets = made - self._flattened(self.items(chosen[part]))
            found: npt.NDArray[np.float64] = np.square(offsets).mean(axis=1, dtype=np.float64)
            return found

        yield from self._rebuild_pace.run(gaps, len(chosen))

    def _encoder(self, items: torch.Tensor, rows: torch.Tensor) -> Callable[[slice], Codes]:
        def encode(part: slice) -> Codes:
            return np.asarray(self._model.encode(items[rows[part]]), dtype=np.float32)

        return encode

    def data(self) -> Array:
        """The surveyed training items in display units, in the order of the survey's codes."""
        if self._shown is None:
            self._shown = self._store.to_screen(self._store.train[self._train])
        return self._shown

    def nearest(self, item: Array, count: int = 6) -> tuple[npt.NDArray[np.intp], Array]:
        """The training items nearest to a decoded one, as rows of :meth:`data`, and distances.

        Distances are Euclidean, for images over values in 0–1.
        """
        if self._flat is None:
            self._flat = self._flattened(self.data())
        offsets = self._flat - self._flattened(item[None])
        squares = np.einsum("nd,nd->n", offsets, offsets)
        kept = np.argsort(squares, kind="stable")[:count]
        return kept, np.sqrt(squares[kept])

    def _flattened(self, items: Array) -> npt.NDArray[np.float32]:
        if items.ndim == 4 and self._store.info.shape[0] == 1:
            items = items[..., 0]  # a grey photograph: three equal channels would count thrice
        flat = items.reshape(len(items), -1).astype(np.float32)
        return flat / np.float32(255) if items.dtype == np.uint8 else flat

    def _summed_up(
        self,
        source: Literal["encoded", "prior"],
        codes: Codes,
        labels: npt.NDArray[np.int64] | None,
        held_out: npt.NDArray[np.bool_],
    ) -> Survey:
        center = codes.mean(axis=0, dtype=np.float64)
        spread = codes.std(axis=0, dtype=np.float64)
        low, high = self._worth_exploring(center, spread)
        return Survey(source, self._prior(), codes, labels, held_out, center, spread, low, high)

    def _worth_exploring(
        self, center: npt.NDArray[np.float64], spread: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """The bounds of each value: by the prior of its part, or three standard deviations."""
        wide = 3.0 * np.maximum(spread, 1e-3)
        low, high = center - wide, center + wide
        start = 0
        for part in self.experiment.method.code_parts(self.experiment.data_info()):
            where = slice(start, start + part.size)
            start += part.size
            if part.kind in PART_BOUNDS and self._model.method.has_prior:
                low[where], high[where] = PART_BOUNDS[part.kind]
        return low, high

    def _prior(self) -> Literal["", "normal", "uniform"]:
        if not self._model.method.has_prior:
            return ""
        kinds = {
            part.kind for part in self.experiment.method.code_parts(self.experiment.data_info())
        }
        if "learned" in kinds:
            return ""
        return "uniform" if kinds == {"uniform"} else "normal"


def _every(count: int, limit: int) -> torch.Tensor:
    """At most ``limit`` row numbers out of ``count``, spread evenly."""
    if count <= limit:
        return torch.arange(count)
    return torch.linspace(0, count - 1, limit).long()


def _others(known: torch.Tensor, count: int, most: int) -> torch.Tensor:
    """Numbers below ``count`` beside the known ones, at most ``most`` in all, well mixed."""
    left = torch.ones(count, dtype=torch.bool)
    left[known] = False
    others = torch.nonzero(left)[:, 0]
    mixed = torch.randperm(len(others), generator=torch.Generator().manual_seed(0))
    return others[mixed[: max(most - len(known), 0)]]
