"""The only finder of files: resources that travel with the program, and the user's folders."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import platformdirs

APP = "AEGAN Studio"


@cache
def resources() -> Path:
    """The folder of bundled resources: of the frozen app, the wheel, or the checkout."""
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [package / "resources", package.parent / "resources"]
    if frozen:
        candidates.insert(0, Path(frozen) / "aegan_studio" / "resources")
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"The resources folder is missing beside {package}. Reinstall.")


def resource(*parts: str) -> Path:
    """The path of one bundled resource, e.g. ``resource("icons", "play.svg")``."""
    return resources().joinpath(*parts)


def data_dir() -> Path:
    """Where runs live by default; ``AEGAN_STUDIO_HOME`` overrides it."""
    override = os.environ.get("AEGAN_STUDIO_HOME")
    if override:
        return Path(override)
    return Path(platformdirs.user_documents_dir()) / APP


def runs_dir() -> Path:
    """The folder that holds the user's run folders."""
    return data_dir() / "runs"


def demos_dir() -> Path:
    """The folder that holds the working copies of opened demos."""
    return data_dir() / "demos"


def config_dir() -> Path:
    """The user's folder of settings and plug-ins; ``AEGAN_STUDIO_HOME`` overrides it."""
    override = os.environ.get("AEGAN_STUDIO_HOME")
    if override:
        return Path(override)
    return Path(platformdirs.user_config_dir("aegan-studio", appauthor=False))


def settings_file() -> Path:
    """Window state and preferences (INI); never needed for a run."""
    return config_dir() / "settings.ini"
