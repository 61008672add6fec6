"""An experiment's data: split, scaled, and once on the device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import DATASETS, DataInfo, DatasetOptions
from aegan_studio.ml.data.raw import RawData
from aegan_studio.ml.data.scaling import Scaler

Rows = npt.NDArray[np.int64]

SPLIT = 1
"""Names the random stream of the split, apart from those of the data and the batches."""


@dataclass(frozen=True, slots=True)
class DataStore:
    """Training and held-out items as one tensor each.

    Attributes
    ----------
    train, held_out : Tensor, float32 (N, \\*info.shape)
        Scaled items; ``held_out`` may have no rows.
    train_labels, held_out_labels : Tensor or None, int64 (N,)
        Indices into ``info.classes``.
    train_rows, held_out_rows : ndarray, int64
        Which rows of the dataset they are; together every row once.
    scaler : Scaler
        Fitted to the training rows.
    info : DataInfo
        What the dataset declares.
    """

    train: Tensor
    held_out: Tensor
    train_labels: Tensor | None
    held_out_labels: Tensor | None
    train_rows: Rows
    held_out_rows: Rows
    scaler: Scaler
    info: DataInfo

    @classmethod
    def load(cls, experiment: Experiment, device: torch.device | str = "cpu") -> DataStore:
        """Load, split and scale the experiment's dataset, and move it to the device."""
        options = experiment.dataset
        raw: RawData = DATASETS.of(options).load()(options, experiment.seed)
        info = options.info()
        if raw.items.shape != (info.count, *info.shape):
            raise ValueError(f"{options.kind}: {raw.items.shape} items, declared {info}")
        train_rows, held_out_rows = split(options, info.count, experiment.seed)
        train = raw.items[train_rows]
        scaler = Scaler.fit(train, options.scaling, raw.low, raw.high)

        def items(part: npt.NDArray[np.float32]) -> Tensor:
            return torch.from_numpy(scaler.scale(part)).to(device)

        def labels(rows: Rows) -> Tensor | None:
            return None if raw.labels is None else torch.from_numpy(raw.labels[rows]).to(device)

        return cls(
            train=items(train),
            held_out=items(raw.items[held_out_rows]),
            train_labels=labels(train_rows),
            held_out_labels=labels(held_out_rows),
            train_rows=train_rows,
            held_out_rows=held_out_rows,
            scaler=scaler,
            info=info,
        )

    @property
    def device(self) -> torch.device:
        """Where the tensors live."""
        return self.train.device

    def to_display(self, items: Tensor | npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Scaled items, data or made by a network, as they are shown.

        Parameters
        ----------
        items : Tensor or ndarray, (n, \\*info.shape)
            On any device.

        Returns
        -------
        ndarray
            Pictures: uint8 (n, H, W) or (n, H, W, 3), clipped, not-a-number as black.
            Points: float32 (n, 2) in their own units.
        """
        scaled = items.detach().cpu().numpy() if isinstance(items, Tensor) else items
        raw = self.scaler.unscale(scaled)
        if self.info.modality != "image":
            return raw.astype(np.float32)
        low, high = self.scaler.low, self.scaler.high
        levels = np.nan_to_num((raw - low) * (255 / (high - low)))
        pictures = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
        return pictures[:, 0] if pictures.shape[1] == 1 else pictures.transpose(0, 2, 3, 1)

    def to_screen(self, items: Tensor | npt.NDArray[Any]) -> npt.NDArray[Any]:
        """As :meth:`to_display`, but grey photographs have three channels, (n, H, W, 3).

        A window may turn pictures of one channel into ink on paper, which suits drawings only.
        """
        return coloured(self.to_display(items), self.info)

    def from_display(self, shown: npt.NDArray[Any]) -> Tensor:
        """The inverse of :meth:`to_display`: float32 (n, \\*info.shape) on the store's device.

        ``to_display(from_display(x))`` is ``x``, bit for bit for pictures.
        """
        raw: npt.NDArray[Any] = shown
        if self.info.modality == "image":
            levels = shown[:, None] if shown.ndim == 3 else shown.transpose(0, 3, 1, 2)
            low, high = self.scaler.low, self.scaler.high
            raw = levels * ((high - low) / 255) + low
        return torch.from_numpy(np.ascontiguousarray(self.scaler.scale(raw))).to(self.device)


def coloured(shown: npt.NDArray[Any], info: DataInfo) -> npt.NDArray[Any]:
    """Pictures uint8 (n, H, W) of photographs as (n, H, W, 3); everything else as it is."""
    if info.modality == "image" and shown.ndim == 3 and not info.strokes:
        return np.repeat(shown[..., None], 3, axis=-1)
    return shown


def split(options: DatasetOptions, count: int, seed: int) -> tuple[Rows, Rows]:
    """The rows to train on and those held out, each in the dataset's order."""
    held_out = options.held_out_count(count)
    if options.split == "ordered":
        rows = np.arange(count)
    else:
        rows = np.random.default_rng([seed, SPLIT]).permutation(count)
    return np.sort(rows[: count - held_out]), np.sort(rows[count - held_out :])
