"""Data files inside scikit-learn, read without importing it: its import takes .7 s and more."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from aegan_studio.messages import StudioError, msg


def bundled(*parts: str) -> Path:
    """A file of scikit-learn's ``datasets`` folder, e.g. ``bundled("images", "china.jpg")``.

    Raises
    ------
    StudioError
        Where scikit-learn is not installed or lacks the file.
    """
    spec = importlib.util.find_spec("sklearn")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder, "datasets", *parts)
        if path.is_file():
            return path
    raise StudioError(
        msg("scikit-learn’s file {name} is missing.", name="/".join(parts)),
        msg("Set the program up again."),
    )
