"""What all live views have in common."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What one live view shows at one step, in the data's own units; knows no colour and no pixel.

    Heirs add fields. Arrays are never written to after they were handed out.
    """
