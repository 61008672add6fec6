"""The list of runs in a folder, fast and tolerant of whatever else lies there."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import nlargest
from pathlib import Path
from typing import Any

from aegan_studio.runs.layout import EXPERIMENT, FACTS, PREVIEW


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a list shows of a run.

    ``dataset`` and ``method`` are kinds; ``when`` is the time of the last save; ``status`` as
    in run.json; ``preview`` is the picture's path or ``None``.
    """

    path: Path
    title: str
    method: str
    dataset: str
    step: int
    total_steps: int
    status: str
    when: datetime
    preview: Path | None


def recent(folder: Path, limit: int = 1000) -> list[RunSummary]:
    """The runs directly inside ``folder``, last saved first; none where it cannot be read."""
    newest = nlargest(limit, _runs(folder))
    return [_summary(path, saved) for saved, path in newest]


def _runs(folder: Path) -> Iterator[tuple[float, Path]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        path = Path(entry.path)
        try:
            started = os.stat(path / EXPERIMENT).st_mtime
        except (OSError, ValueError):
            continue
        try:
            yield max(started, os.stat(path / FACTS).st_mtime), path
        except OSError:
            yield started, path


def _summary(path: Path, saved: float) -> RunSummary:
    facts = _facts(path)
    preview = path / PREVIEW
    return RunSummary(
        path=path,
        title=_text(facts, "title") or path.name,
        method=_text(facts, "method"),
        dataset=_text(facts, "dataset"),
        step=_count(facts, "step"),
        total_steps=_count(facts, "total_steps"),
        status=_text(facts, "status"),
        when=datetime.fromtimestamp(saved, UTC),
        preview=preview if preview.is_file() else None,
    )


def _facts(path: Path) -> dict[str, Any]:
    """run.json, or what the experiment says where that is damaged; not validated for speed."""
    try:
        facts = json.loads((path / FACTS).read_bytes())
        if isinstance(facts, dict):
            return facts
    except (OSError, ValueError, RecursionError):
        pass
    try:
        plain = tomllib.loads((path / EXPERIMENT).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {
        "title": plain.get("title"),
        "method": _kind(plain.get("method")),
        "dataset": _kind(plain.get("dataset")),
    }


def _kind(group: Any) -> Any:
    return group.get("kind") if isinstance(group, dict) else group


def _text(facts: dict[str, Any], name: str) -> str:
    value = facts.get(name)
    return value if isinstance(value, str) else ""


def _count(facts: dict[str, Any], name: str) -> int:
    value = facts.get(name)
    return value if type(value) is int and value >= 0 else 0
