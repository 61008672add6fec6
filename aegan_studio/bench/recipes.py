"""Train every recipe with its own defaults and measure what it promises.

``python -m aegan_studio.bench.recipes [--only NAME …] [--out DIR] [--json]``
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch

from aegan_studio import paths
from aegan_studio.bench import digits, promises, quality
from aegan_studio.bench.promises import CASES, Case, Finding
from aegan_studio.bench.quality import Trained
from aegan_studio.catalog import recipe, recipes
from aegan_studio.files import write_atomically
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs import pictures

COMMAND = "python -m aegan_studio.bench.recipes --out DIR"

RESULTS = paths.resource("recipes", "RESULTS.md")
"""The table of the bundled recipes, as this program wrote it."""

COLUMNS = 16
"""Pictures a row on a sheet."""

GREY, ORANGE = (150, 150, 150), (230, 159, 0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one training gave."""

    recipe: str
    changes: Mapping[str, Any]
    steps: int
    threads: int
    seconds: float
    findings: tuple[Finding, ...]

    def to_plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "recipe": self.recipe,
            "changes": dict(self.changes),
            "steps": self.steps,
            "threads": self.threads,
            "seconds": round(self.seconds, 1),
            "findings": [finding.to_plain() for finding in self.findings],
        }


def measured(case: Case, changes: Mapping[str, Any]) -> tuple[Outcome, Trained]:
    """Train a recipe, with some options changed, and measure."""
    trained = quality.train(recipe(case.recipe).with_options(changes))
    # other programs stretch the first, threads that wait the second; a quiet machine takes less
    seconds = min(trained.seconds, trained.processor_seconds)
    time = Finding(msg("Training time"), seconds, "seconds", case.limit, "≤")
    outcome = Outcome(
        recipe=case.recipe,
        changes=changes,
        steps=trained.experiment.training.steps,
        threads=trained.threads,
        seconds=seconds,
        findings=(*case.measure(trained), time),
    )
    return outcome, trained


def sheet(trained: Trained) -> bytes:
    """What was learned as a PNG: samples, or originals in rows above their reconstructions."""
    data, method = trained.data, trained.model.method
    if data.info.modality == "points":
        real = data.to_display(data.train[: quality.SAMPLES])
        return pictures.png(pictures.scatter([(real, GREY), (trained.points(), ORANGE)], 480))
    if method.has_prior:
        shown = data.to_display(trained.samples(8 * COLUMNS))
    else:
        originals = data.held_out[: 4 * COLUMNS]
        pairs = (data.to_display(originals), data.to_display(trained.rebuilt(originals)))
        rows = [part.reshape(4, COLUMNS, *part.shape[1:]) for part in pairs]
        shown = np.stack(rows, axis=1).reshape(8 * COLUMNS, *pairs[0].shape[1:])
    scale = max(1, 64 // shown.shape[1])
    return pictures.png(pictures.sheet(shown, columns=COLUMNS, scale=scale))


def to_markdown(outcomes: Sequence[Outcome]) -> str:
    """Everything measured as one table, in the current language."""
    lines = [
        "# " + tr("What the recipes reach"),
        "",
        tr(
            "Every recipe, trained with its own settings and judged by programs that know nothing "
            "of it. Pictures count as recognised where two classifiers of different kinds, both "
            "trained on the real digits alone, read the same digit. Times are on the clock, or the "
            "processor's where other programs kept it busy."
        ),
        "",
        f"`{COMMAND}` · {_machine()}",
        "",
        "| {} | {} | {} | {} | {} | {} |".format(
            tr("Recipe"),
            tr("Measured"),
            tr("Value"),
            tr("Target"),
            tr("Met"),
            tr("To compare"),
        ),
        "|---|---|---:|---:|:-:|---|",
    ]
    for outcome in outcomes:
        lines.extend(_rows(outcome))
    return "\n".join(lines) + "\n"


def _rows(outcome: Outcome) -> Iterator[str]:
    changes = ", ".join(f"`{path}={value}`" for path, value in outcome.changes.items())
    name = f"**{outcome.recipe}** {changes}".strip()
    for finding in outcome.findings:
        target = "" if finding.target is None else f"{finding.sense} {_shown(finding, 'target')}"
        met = {True: "✓", False: "✗", None: ""}[finding.met]
        beside = "" if finding.beside is None else tr(finding.beside)
        if finding.style == "seconds":
            beside = tr("{steps:,} steps", steps=outcome.steps)
        value = _shown(finding, "value")
        yield f"| {name} | {tr(finding.what)} | {value} | {target} | {met} | {beside} |"
        name = ""


def _shown(finding: Finding, part: Literal["value", "target"]) -> str:
    number = float(getattr(finding, part))
    match finding.style:
        case "share":
            return promises.share(number)
        case "error":
            return promises.error(number)
        case "seconds":
            return f"{number:.0f} s"
        case "plain":
            return f"{number:.4g}"


def _machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return tr(
        "{cores} processor cores, Python {python}, PyTorch {torch}",
        cores=cores,
        python=platform.python_version(),
        torch=torch.__version__.partition("+")[0],
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and write ``recipes.md``, ``recipes.json`` and pictures.

    Returns
    -------
    int
        0, whether or not the targets are met; 2 where that cannot be measured.
    """
    known = [case.recipe for case in CASES]
    parser = argparse.ArgumentParser(prog="aegan_studio.bench.recipes", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=known, default=known, metavar="NAME")
    parser.add_argument("--out", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    try:
        outcomes = list(_all([case for case in CASES if case.recipe in chosen.only], chosen.out))
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    table = to_markdown(outcomes)
    text = json.dumps([outcome.to_plain() for outcome in outcomes], indent=2, ensure_ascii=False)
    if chosen.out is not None:
        write_atomically(chosen.out / "recipes.md", table.encode())
        write_atomically(chosen.out / "recipes.json", text.encode())
    sys.stdout.write(text + "\n" if chosen.json else table)
    return 0


def _all(cases: Sequence[Case], out: Path | None) -> Iterator[Outcome]:
    for case in cases:
        for changes in case.variants:
            sys.stderr.write(f"{case.recipe} {dict(changes) or ''}\n")
            outcome, trained = measured(case, changes)
            if out is not None:
                suffix = "".join(f"-{value}" for value in changes.values())
                write_atomically(out / f"{case.recipe}{suffix}.png", sheet(trained))
            yield outcome


UNMEASURED: Mapping[str, str] = {
    "article-gan-broken": "shows faults: there is nothing that it should reach",
}
"""Recipes that promise nothing, and why."""


def missing() -> list[str]:
    """Bundled recipes that neither this program nor that of the digits measures."""
    measured = {case.recipe for case in CASES} | set(digits.names()) | set(UNMEASURED)
    return sorted({known.name for known in recipes()} - measured)


if __name__ == "__main__":
    raise SystemExit(main())
