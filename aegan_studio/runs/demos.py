"""Bundled demos as runs of one's own: unpacked into a fresh folder, never worked on in place.

A copy that nothing was trained in is cleared away by a later opening. One that was trained in
moves to the user's runs then, so that no training is lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aegan_studio import paths
from aegan_studio.catalog import demos
from aegan_studio.catalog.demos import FILES, RUN, Demo, damaged
from aegan_studio.files import writing
from aegan_studio.messages import StudioError
from aegan_studio.runs.layout import EXPERIMENT, FACTS, LOCK, PREVIEW, new_run_path
from aegan_studio.runs.lock import FolderLock

MARK = "demo.json"
"""The file in a copy that says which demo it is of."""

KNOWN = re.compile(
    rf"({re.escape(EXPERIMENT)}|{re.escape(FACTS)}|{re.escape(PREVIEW)}|events\.jsonl"
    r"|metrics/columns\.json|metrics/steps\.bin|metrics/held-out\.jsonl"
    r"|checkpoints/\d{9}\.safetensors)"
)
"""The only files that are unpacked."""

MAX_BYTES = 8_000_000
"""Of one file in a bundle."""

YOUNG = 30.0
"""Seconds for which a copy is left alone: another window may be about to open it."""


def unpack(demo: Demo, home: Path | None = None) -> Path:
    """A fresh copy of a demo's run, checked file by file; the folder appears as a whole.

    Parameters
    ----------
    demo : Demo
    home : Path or None
        The folder of all copies; by default the user's.

    Raises
    ------
    StudioError
        The bundle is damaged, or the copy cannot be written; nothing is left behind then.
    """
    home = paths.demos_dir() if home is None else home
    contents = {name: _checked(demo, name, facts) for name, facts in _listed(demo).items()}
    target = new_run_path(home, demo.name)  # before tidying: no copy gets the path of an old one
    tidy(home)
    fresh = home / f".{demo.name}.{secrets.token_hex(6)}"
    try:
        with writing(target):
            for name, data in contents.items():
                path = fresh / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            mark = {"demo": demo.name, "step": demo.trained}
            (fresh / MARK).write_text(json.dumps(mark), "utf-8")
            fresh.rename(target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return target


def check(demo: Demo) -> int:
    """Check every file of a bundle; returns the bytes of its folder.

    Raises
    ------
    StudioError
        Something is not as delivered.
    """
    for name, facts in _listed(demo).items():
        _checked(demo, name, facts)
    demo.recipe()
    demo.figures()
    return sum(path.stat().st_size for path in demo.folder.rglob("*") if path.is_file())


def origin(folder: Path | None) -> str:
    """The name of the demo that a folder is a copy of; empty where it is none."""
    name = _mark(folder).get("demo") if folder is not None else None
    return name if isinstance(name, str) else ""


def tidy(home: Path, *, runs: Path | None = None, now: float | None = None) -> None:
    """Clear away copies that nobody uses; those with a training of one's own become runs."""
    runs = paths.runs_dir() if runs is None else runs
    now = time.time() if now is None else now
    for path in _copies(home):
        with contextlib.suppress(OSError, StudioError):
            if now - path.stat().st_mtime < YOUNG or not (path / MARK).exists():
                continue
            lock = FolderLock(path / LOCK)
            if not lock.acquire():
                continue
            try:
                trained = _step(path) > _mark(path).get("step", -1)
            finally:
                lock.release()
            _retire(path, runs if trained else None)


def _retire(path: Path, runs: Path | None) -> None:
    """Make a copy an ordinary run, or delete it."""
    if runs is None:
        gone = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        os.rename(path, gone)  # at once, lest somebody open half of it
        shutil.rmtree(gone, ignore_errors=True)
        return
    runs.mkdir(parents=True, exist_ok=True)
    name = str(_mark(path).get("demo", "demo"))
    target = new_run_path(runs, name)
    shutil.move(path, target)
    (target / MARK).unlink(missing_ok=True)


def _copies(home: Path) -> list[Path]:
    try:
        return [path for path in home.iterdir() if path.is_dir() and path.name[0] != "."]
    except OSError:
        return []


def _mark(folder: Path) -> dict[str, Any]:
    return _plain(folder / MARK)


def _step(folder: Path) -> int:
    step = _plain(folder / FACTS).get("step")
    return step if type(step) is int else 0


def _plain(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _listed(demo: Demo) -> Mapping[str, Any]:
    """What a bundle says of the files of its run: name to size and checksum."""
    found = _plain(demo.folder / FILES).get("files")
    if not isinstance(found, dict) or EXPERIMENT not in found:
        raise damaged(demo.name, FILES)
    if not all(KNOWN.fullmatch(name) for name in found):
        raise damaged(demo.name, FILES)
    return found


def _checked(demo: Demo, name: str, facts: Any) -> bytes:
    """A file's contents, if they are what was delivered."""
    path = demo.folder / RUN / name
    try:
        size, digest = facts["bytes"], facts["sha256"]
        if not 0 <= size <= MAX_BYTES or path.stat().st_size != size:
            raise damaged(demo.name, f"{RUN}/{name}")
        data = path.read_bytes()
    except (OSError, KeyError, TypeError):
        raise damaged(demo.name, f"{RUN}/{name}") from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise damaged(demo.name, f"{RUN}/{name}")
    return data


def listing(run: Path) -> dict[str, Any]:
    """What :data:`~aegan_studio.catalog.demos.FILES` says of a run's folder."""
    files = {}
    for path in sorted(run.rglob("*")):
        name = path.relative_to(run).as_posix()
        if path.is_file() and KNOWN.fullmatch(name):
            data = path.read_bytes()
            files[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    return {"format": demos.FORMAT, "files": files}
