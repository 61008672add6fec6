"""Arrow keys among items that are painted in a row, a column or rows of a grid."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent


def item_after(
    event: QKeyEvent, current: int, count: int, *, across: int = 0, down: int = 0
) -> int | None:
    """The item that a key leads to; ``None`` where the key or the items are none for it.

    Parameters
    ----------
    current, count : int
        The item the keyboard is at, and how many there are.
    across, down : int
        Items that Left and Right, Up and Down go over; 0 where these keys mean nothing.
    """
    if not count:
        return None
    by = {
        Qt.Key.Key_Left: -across,
        Qt.Key.Key_Right: across,
        Qt.Key.Key_Up: -down,
        Qt.Key.Key_Down: down,
    }
    key = Qt.Key(event.key())
    if by.get(key):
        target = current + by[key]
        return target if 0 <= target < count else current
    return {Qt.Key.Key_Home: 0, Qt.Key.Key_End: count - 1}.get(key)
