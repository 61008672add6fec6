"""The benchmark behind ``aegan-studio bench``: speeds paired in turns, and how the window keeps up.

Nothing here is loaded by training or the window. Timings belong here, never into a test.
"""

from __future__ import annotations

from aegan_studio.bench.command import main

__all__ = ["main"]
