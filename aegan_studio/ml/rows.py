"""What the steps since the last report measured, kept as tensors until somebody asks."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from aegan_studio.ml.engine import ABSENT, Phase

PACES = 40
"""Reports over which the speed is averaged."""


class Rows:
    """The measured values of every step, read from the device once per report.

    Parameters
    ----------
    columns : sequence of str
        What each row holds.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = tuple(columns)
        self._values: list[Tensor] = []
        self._steps: list[int] = []
        self._paces: deque[tuple[float, int]] = deque(maxlen=PACES)

    def add(self, step: int, row: list[Tensor]) -> None:
        """Keep the values of a step, one scalar tensor per column."""
        self._values.extend(row)
        self._steps.append(step)

    def clear(self) -> None:
        """Forget all steps and the speed."""
        self._values.clear()
        self._steps.clear()
        self._paces.clear()

    def take(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """Steps (n,) and values (n, k) since the last call; waits for the device."""
        steps = np.array(self._steps, dtype=np.int64)
        values = torch.stack(self._values).view(len(steps), -1).float().cpu().numpy()
        self._values.clear()
        self._steps.clear()
        return steps, values

    def pace(self, seconds: float, steps: int) -> float:
        """Steps a second over the last reports, this one included."""
        self._paces.append((seconds, steps))
        spent = sum(seconds for seconds, _ in self._paces)
        return sum(steps for _, steps in self._paces) / max(spent, 1e-9)


def first_bad(
    phases: Sequence[Phase], values: npt.NDArray[np.float32]
) -> tuple[int, str, str] | None:
    """Row, phase and term of the first loss that is not finite; ``None`` where all are.

    Terms that an update left out count as finite: a penalty now and then, a phase at rest.
    """
    found: tuple[int, str, str] | None = None
    for phase in phases:
        if phase.options.updates == 0:
            continue
        for term in phase.info.terms:
            if term.signal:
                continue
            column = np.ascontiguousarray(values[:, phase.column[term.name]])
            rows = np.flatnonzero(~np.isfinite(column) & (column.view(np.uint32) != ABSENT))
            if len(rows) and (found is None or rows[0] < found[0]):
                found = (int(rows[0]), phase.name, term.name)
    return found
