"""Seeds that were drawn and decoded, for one snapshot of the weights."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QObject, Signal

from aegan_studio.catalog.seeds import seed_at
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Array, Floats
from aegan_studio.ui.latent.moves_messages import Sow, Sown

KEPT = 2000
"""Seeds whose codes are remembered."""


class SeedStore(QObject):
    """Draws and decodes what is asked for, and remembers it until other weights come."""

    grown = Signal()
    """More seeds are known."""

    def __init__(self, explorer: Explorer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._explorer = explorer
        self._known: OrderedDict[int, tuple[Floats, Array]] = OrderedDict()
        explorer.loaded.connect(self._on_loaded)
        explorer.listen(Sow, self._on_sown, every=True)

    def __len__(self) -> int:
        return len(self._known)

    def want(self, points: Iterable[tuple[int, int]]) -> None:
        """Draw and decode the seeds at these points, the first ones first."""
        if self._explorer.model is None:
            return
        seeds = dict.fromkeys(seed_at(*point) for point in points)
        wanted = tuple(seed for seed in seeds if seed not in self._known)
        if wanted:
            self._explorer.ask(Sow(wanted))

    def item(self, point: tuple[int, int]) -> Array | None:
        """What the seed at a point decodes to, ``None`` where it is not known."""
        known = self._known.get(seed_at(*point))
        return None if known is None else known[1]

    def corners(self, x: float, y: float) -> tuple[Floats, float, float] | None:
        """The codes (4, d) about a place and where in their cell it lies, 0–1.

        ``None`` where some are not known. The order is that of ``ml.latent.seeds.corners_of``.
        """
        left, low = int(np.floor(x)), int(np.floor(y))
        points = ((left, low), (left + 1, low), (left, low + 1), (left + 1, low + 1))
        codes = [known[0] for point in points if (known := self._known.get(seed_at(*point)))]
        return (np.stack(codes), x - left, y - low) if len(codes) == len(points) else None

    def _on_loaded(self, _model: object) -> None:
        self._known.clear()

    def _on_sown(self, sown: Sown) -> None:
        model = self._explorer.model
        if model is None or sown.step != model.step:
            return
        for seed, code, item in zip(sown.seeds, sown.codes, sown.items, strict=True):
            self._known[seed] = (code, item)
            self._known.move_to_end(seed)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self.grown.emit()
