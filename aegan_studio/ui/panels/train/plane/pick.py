"""Which code of the generator's grid is looked at: in the noise or in the plane, shown in both."""

from __future__ import annotations

from typing import Self

from PySide6.QtCore import QObject, Signal

from aegan_studio.ui.training.watched import Watched


class NodePick(QObject):
    """A node of the generator's grid, counted by rows; −1 while none is looked at."""

    changed = Signal(int)

    def __init__(self, session: Watched) -> None:
        super().__init__(session)
        self._node = -1

    @classmethod
    def of(cls, session: Watched) -> Self:
        """The one that all panels of a session share."""
        known = session.findChild(cls)
        return known if known is not None else cls(session)

    @property
    def node(self) -> int:
        """The node that is looked at."""
        return self._node

    def choose(self, node: int) -> None:
        """Look at a node; −1: at none."""
        if node != self._node:
            self._node = node
            self.changed.emit(node)
