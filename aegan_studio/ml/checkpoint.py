"""Checkpoints: everything that going on needs, in one safetensors file, written atomically.

The header's metadata holds the experiment and the scalars as JSON, so a file is whole or absent,
and reading one never runs code.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from aegan_studio.experiment import Experiment, InputError
from aegan_studio.files import write_atomically
from aegan_studio.messages import StudioError, msg

FORMAT = 1
KEEP = 2
"""Files kept in a run: the newest, and one to fall back on."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A training frozen between two updates.

    ``tensors`` has slash-separated names: ``weights/<role>/<name>``, ``average/<role>/<name>``,
    ``optimiser/<phase>/<role>/<state>``, ``rng``, ``order/…``. ``facts`` holds plain numbers and
    strings: step, cursor, seconds, threads, device.
    """

    experiment: Experiment
    step: int
    facts: Mapping[str, Any]
    tensors: Mapping[str, Tensor]

    def group(self, prefix: str) -> dict[str, Tensor]:
        """The tensors below ``prefix/``, with that part of their names cut off."""
        start = prefix + "/"
        return {
            name.removeprefix(start): tensor
            for name, tensor in self.tensors.items()
            if name.startswith(start)
        }

    @property
    def weights(self) -> dict[str, dict[str, npt.NDArray[Any]]]:
        """Parameters and buffers by role and name, as training left them."""
        return _nested(self.group("weights"))

    @property
    def display_weights(self) -> dict[str, dict[str, npt.NDArray[Any]]]:
        """The same with the running average in place of the weights it averages."""
        result = self.weights
        for role, arrays in _nested(self.group("average")).items():
            result[role] = {**result[role], **arrays}
        return result


def _nested(tensors: Mapping[str, Tensor]) -> dict[str, dict[str, npt.NDArray[Any]]]:
    result: dict[str, dict[str, npt.NDArray[Any]]] = {}
    for path, tensor in tensors.items():
        role, _, name = path.partition("/")
        result.setdefault(role, {})[name] = tensor.numpy()
    return result


def _checksum(tensors: Mapping[str, Tensor]) -> int:
    total = 0
    for name in sorted(tensors):
        array: npt.NDArray[Any] = np.ascontiguousarray(tensors[name].numpy())
        total = zlib.crc32(array.tobytes(), zlib.crc32(name.encode(), total))
    return total


def write(path: Path, checkpoint: Checkpoint, *, sync: bool = True) -> None:
    """Write beside ``path`` and rename; raises :class:`StudioError` on a full disk and alike.

    ``sync`` as of :func:`~aegan_studio.files.write_atomically`.
    """
    tensors = {name: t.detach().cpu().contiguous() for name, t in checkpoint.tensors.items()}
    header = {
        "format": FORMAT,
        "step": checkpoint.step,
        "experiment": checkpoint.experiment.to_plain(),
        "facts": dict(checkpoint.facts),
        "checksum": _checksum(tensors),
    }
    data = save(tensors, metadata={"aegan-studio": json.dumps(header)})
    write_atomically(path, data, sync=sync)


def read(path: Path) -> Checkpoint:
    """Read and check a checkpoint.

    Raises
    ------
    StudioError
        For a file that is missing, damaged, or of a newer format.
    """
    damaged = StudioError(
        msg("The checkpoint {name} is damaged.", name=path.name),
        msg("Go on from an older checkpoint of the run, or train it again."),
    )
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        header = json.loads(metadata["aegan-studio"])
        if header["format"] > FORMAT:
            raise StudioError(
                msg("The checkpoint {name} was made by a newer version.", name=path.name),
                msg("Update AEGAN Studio to open it."),
            )
        if header["checksum"] != _checksum(tensors):
            raise damaged
        return Checkpoint(
            experiment=Experiment.parse(header["experiment"]),
            step=int(header["step"]),
            facts=header["facts"],
            tensors=tensors,
        )
    except OSError as error:
        raise StudioError(
            msg("{name} cannot be read: {why}.", name=str(path), why=error.strerror or str(error)),
            msg("Check the path and its permissions."),
        ) from None
    except (SafetensorError, KeyError, TypeError, ValueError, InputError):
        raise damaged from None


def newest(paths: Iterable[Path]) -> tuple[Checkpoint | None, list[StudioError]]:
    """The newest sound checkpoint among ``paths`` (newest first), and why others were passed."""
    errors: list[StudioError] = []
    for path in paths:
        try:
            return read(path), errors
        except StudioError as error:
            errors.append(error)
    return None, errors
