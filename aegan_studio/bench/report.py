"""What the benchmark found, as values, JSON and Markdown."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from aegan_studio.files import write_atomically
from aegan_studio.i18n import tr
from aegan_studio.messages import Message


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number and what it should be.

    Attributes
    ----------
    name : str
        Stable key, e.g. ``"digits-gan/bare"``.
    what : Message
        The row's title.
    value : float
        The median, in ``unit``.
    low, high : float or None
        Tenth and ninetieth percentile of the same.
    target : float or None
        The bound to meet, ``None`` where the number is only told.
    sense : str
        Whether the value must be at least or at most the target.
    details : mapping
        Numbers behind it, for the JSON and the last column.
    """

    name: str
    what: Message
    value: float
    unit: str = "×"
    low: float | None = None
    high: float | None = None
    target: float | None = None
    sense: Literal["≥", "≤"] = "≥"
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """Whether the target is met; ``None`` without one."""
        if self.target is None:
            return None
        return self.value >= self.target if self.sense == "≥" else self.value <= self.target

    def to_plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "name": self.name,
            "what": str(self.what),
            "value": _short(self.value),
            "unit": self.unit,
            "p10": _short(self.low),
            "p90": _short(self.high),
            "target": self.target,
            "sense": self.sense,
            "met": self.met,
            "details": {key: _short(value) for key, value in self.details.items()},
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of one run of the benchmark."""

    figures: tuple[Figure, ...]
    machine: Mapping[str, Any]
    when: str

    @classmethod
    def of(cls, figures: tuple[Figure, ...]) -> Report:
        """With the machine and the time filled in."""
        return cls(figures, machine(), datetime.now(UTC).isoformat(timespec="seconds"))

    def to_plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "format": 1,
            "when": self.when,
            "machine": dict(self.machine),
            "figures": [figure.to_plain() for figure in self.figures],
        }

    def to_json(self) -> str:
        """Indented JSON."""
        return json.dumps(self.to_plain(), indent=2, ensure_ascii=False)

    def to_markdown(self) -> str:
        """A table in the current language."""
        facts = ", ".join(str(value) for value in self.machine.values())
        lines = [
            "# " + tr("Measured speed"),
            "",
            f"{self.when} · {facts}",
            "",
            tr(
                "Ratios are medians over rounds in which the contestants took turns; the 10th and "
                "90th percentile stand in brackets."
            ),
            "",
            "| {} | {} | {} | {} | {} |".format(
                tr("What"), tr("Measured"), tr("Target"), tr("Met"), tr("Behind it")
            ),
            "|---|---:|---:|:-:|---|",
        ]
        return "\n".join([*lines, *(_row(figure) for figure in self.figures)]) + "\n"

    def write(self, folder: Path) -> None:
        """``bench.json`` and ``bench.md`` into a folder.

        Raises
        ------
        StudioError
            Where the folder cannot be written.
        """
        write_atomically(folder / "bench.json", self.to_json().encode())
        write_atomically(folder / "bench.md", self.to_markdown().encode())


def _row(figure: Figure) -> str:
    target = "" if figure.target is None else f"{figure.sense} {figure.target:g} {figure.unit}"
    met = {True: "✓", False: "✗", None: ""}[figure.met]
    spread = ""
    if figure.low is not None and figure.high is not None:
        spread = f" ({_number(figure.low)}–{_number(figure.high)})"
    details = " · ".join(f"{key} {_number(value)}" for key, value in figure.details.items())
    value = f"{_number(figure.value)} {figure.unit}{spread}"
    return f"| {tr(figure.what)} | {value} | {target} | {met} | {details} |"


def _number(value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def _short(value: Any) -> Any:
    return float(f"{value:.6g}") if isinstance(value, float) else value


def machine() -> dict[str, Any]:
    """The processor, system and versions that the figures belong to."""
    import PySide6
    import torch

    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"Python {platform.python_version()}",
        "torch": f"torch {torch.__version__}",
        "qt": f"PySide6 {PySide6.__version__}",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
