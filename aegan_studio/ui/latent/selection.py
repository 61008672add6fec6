"""The selected items of the map, which tools take from: baskets, exports."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

Rows = npt.NDArray[np.intp]


class Selection(QObject):
    """Rows of the survey (:attr:`Charted.codes`) that are selected, ascending."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Rows = np.zeros(0, dtype=np.intp)

    @property
    def rows(self) -> Rows:
        """The selected rows (n,), ascending."""
        return self._rows

    def set(self, rows: npt.ArrayLike) -> None:
        """Select these rows alone."""
        chosen = np.unique(np.asarray(rows, dtype=np.intp))
        if not np.array_equal(chosen, self._rows):
            self._rows = chosen
            self.changed.emit()

    def clear(self) -> None:
        """Select nothing."""
        self.set(np.zeros(0, dtype=np.intp))

    def __len__(self) -> int:
        return len(self._rows)
