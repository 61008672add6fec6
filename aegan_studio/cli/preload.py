"""What must be in memory before Qt is."""

from __future__ import annotations

import contextlib
import ctypes
from importlib.util import find_spec
from pathlib import Path


def preload_torch_library() -> None:
    """Load torch's c10.dll without importing torch.

    On Windows torch imported after Qt can fail (WinError 1114): Qt brings an older C++ runtime,
    and whoever is loaded first wins. See explosion/spaCy#13894.
    """
    spec = find_spec("torch")
    if spec is None or not spec.origin:
        return
    library = Path(spec.origin).parent / "lib" / "c10.dll"
    if library.exists():
        with contextlib.suppress(OSError):  # importing torch itself will say what is wrong
            ctypes.CDLL(str(library))
