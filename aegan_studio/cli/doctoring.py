"""The training doctor at the command line: examine a run, or train and examine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.markup import escape

from aegan_studio.catalog.findings import FINDINGS
from aegan_studio.catalog.vitals import figure
from aegan_studio.cli.output import console, print_json, say
from aegan_studio.experiment.findings import Finding
from aegan_studio.i18n import tr
from aegan_studio.runs.layout import is_run

HEALTHY, UNWELL = 0, 1

TONES = {"info": "cyan", "warning": "yellow", "error": "red"}


def doctor(target: str, steps: int | None, edits: Mapping[str, Any], *, as_json: bool) -> int:
    """Examine what ``target`` names and report; 1 where anything is worth a warning.

    Raises
    ------
    StudioError
        For what is neither a run nor an experiment, and experiments that cannot train.
    """
    from aegan_studio.api import examine, find_experiment

    path = Path(target)
    if is_run(path):
        found = examine(path)
    else:
        wanted = {**edits, **({} if steps is None else {"training.steps": steps})}
        experiment = find_experiment(target).with_options(wanted)
        say(tr("Training {steps:,} steps to examine them.", steps=experiment.training.steps))
        found = examine(experiment)
    if as_json:
        print_json([plain(finding) for finding in found])
    else:
        _report(found)
    return UNWELL if any(finding.severity != "info" for finding in found) else HEALTHY


def plain(finding: Finding) -> dict[str, Any]:
    """A finding for JSON."""
    info = FINDINGS[finding.name]
    return {
        "name": finding.name,
        "label": tr(info.label),
        "severity": finding.severity,
        "confidence": round(finding.confidence, 3),
        "since": finding.since,
        "step": finding.step,
        "about": finding.about,
        "numbers": dict(finding.numbers),
        "paper": info.paper,
        "remedies": [
            {"label": tr(r.label), "edits": dict(r.edits), "live": r.live} for r in finding.remedies
        ],
    }


def number_name(recorded: str) -> str:
    """What a recorded figure is called; its own name where the catalogue knows none."""
    known = figure(recorded.removeprefix("held-out."))
    if known is None:
        return recorded
    label = tr(known[0].label)
    return f"{label}, {known[1]}" if known[1] else label


def _report(found: tuple[Finding, ...]) -> None:
    out = console()
    if not found:
        out.print(tr("Healthy: the doctor finds nothing wrong."))
        return
    for finding in found:
        info, tone = FINDINGS[finding.name], TONES[finding.severity]
        head = tr(
            "{label}, from step {since:,}, {percent} % sure",
            label=tr(info.label),
            since=finding.since,
            percent=round(100 * finding.confidence),
        )
        out.print(f"[bold {tone}]{escape(head)}[/]")
        out.print(escape(f"  {tr(info.help)} ({info.paper})"), soft_wrap=True)
        numbers = ", ".join(f"{number_name(k)} {v:.4g}" for k, v in finding.numbers.items())
        if numbers:
            out.print(escape(f"  {numbers}"), soft_wrap=True)
        for remedy in finding.remedies:
            edits = " ".join(f"--set {path}={_toml(value)}" for path, value in remedy.edits.items())
            out.print(escape(f"  → {tr(remedy.label)}: {edits}"), soft_wrap=True)


def _toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
