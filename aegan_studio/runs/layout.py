"""Where things lie in a run folder, and its small files; all but the experiment may be damaged."""

from __future__ import annotations

import json
import platform
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aegan_studio import __version__
from aegan_studio.experiment import Experiment

FORMAT = 1
EXPERIMENT = "experiment.toml"
FACTS = "run.json"
PREVIEW = "preview.png"
LOCK = ".lock"
SUFFIX = ".safetensors"
SET_ASIDE = ".set-aside"

LEFTOVERS = (LOCK, f".{EXPERIMENT}.", f".{FACTS}.")


def is_run(path: Path) -> bool:
    """Whether a folder holds a run."""
    return (path / EXPERIMENT).is_file()


def is_free(path: Path) -> bool:
    """Whether a new run may be made at ``path``: nothing there, or an empty folder.

    Leftovers of a run that was killed while it was being made don't count.
    """
    try:
        return all(entry.name.startswith(LEFTOVERS) for entry in path.iterdir())
    except FileNotFoundError:
        return True
    except OSError:
        return False


CHECKPOINT = re.compile(r"\d{9,18}" + re.escape(SUFFIX))


def checkpoint_step(path: Path) -> int:
    """The step of a checkpoint's file, from its name."""
    return int(path.name.removesuffix(SUFFIX))


def number(value: Any) -> float:
    """A stored number; what was not finite or is not a number reads as NaN."""
    return float(value) if isinstance(value, (int, float)) else float("nan")


def read_columns(path: Path) -> tuple[str, ...]:
    """The names of the steps' columns; none where the file is missing or damaged."""
    try:
        names = json.loads(path.read_bytes())["columns"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ()
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return ()
    return tuple(names)


def new_facts(experiment: Experiment) -> dict[str, Any]:
    """What run.json says of a run that has not begun."""
    return {
        "format": FORMAT,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "program": __version__,
        "python": platform.python_version(),
        "title": experiment.title,
        "dataset": experiment.dataset.kind,
        "method": experiment.method.kind,
        "status": "new",
        "step": 0,
        "total_steps": experiment.training.steps,
    }


def read_facts(path: Path, experiment: Experiment) -> dict[str, Any]:
    """The facts of run.json over those that can be told without it."""
    try:
        given = json.loads((path / FACTS).read_bytes())
    except (OSError, ValueError, RecursionError):
        given = None
    if isinstance(given, dict):
        expected = new_facts(experiment)
        sound = {
            name: value
            for name, value in given.items()
            if name not in expected or type(value) is type(expected[name])
        }
        return expected | sound
    steps = [
        checkpoint_step(file)
        for file in (path / "checkpoints").glob(f"*{SUFFIX}")
        if CHECKPOINT.fullmatch(file.name)
    ]
    made = datetime.fromtimestamp((path / EXPERIMENT).stat().st_mtime, UTC)
    return {
        **new_facts(experiment),
        "created": made.isoformat(timespec="seconds"),
        "status": "paused" if steps else "new",
        "step": max(steps, default=0),
    }


def new_run_path(folder: Path, name: str, now: datetime | None = None) -> Path:
    """A path in ``folder`` that is free for a new run: its name, and the local date and time."""
    kept = "".join(sign if sign.isalnum() else "-" for sign in name.lower())
    words = [word for word in kept.split("-") if word]
    stem = "-".join(words)[:60].strip("-") or "run"
    stamped = f"{stem}-{(now or datetime.now()):%Y%m%d-%H%M%S}"
    path, count = folder / stamped, 1
    while path.exists():
        count += 1
        path = folder / f"{stamped}-{count}"
    return path
