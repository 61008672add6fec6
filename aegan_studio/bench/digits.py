"""Train every recipe of digits and measure what was learned, beside the same model untrained.

``python -m aegan_studio.bench.digits [--only NAME …] [--quick] [--jobs N] --out DIR``

Writes a table, a JSON file and a picture for each recipe. Run it again with the same folder and
it goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from aegan_studio import paths
from aegan_studio.bench import quality
from aegan_studio.bench.digits_table import to_markdown
from aegan_studio.bench.judge import Judge
from aegan_studio.bench.quality import Trained
from aegan_studio.bench.shelf import Job, Result, Shelf, measure_all
from aegan_studio.catalog import recipe, recipes
from aegan_studio.catalog.models import model_of, models
from aegan_studio.experiment.parts import METHODS, NamedModel
from aegan_studio.files import write_atomically
from aegan_studio.messages import StudioError
from aegan_studio.runs import pictures

TABLE = paths.resource("recipes", "DIGITS.md")
"""The table of the bundled recipes, as this program wrote it."""

COLUMNS = 16
"""Pictures a row on a sheet."""

ROWS = 6

QUICK = 20
"""How many times fewer steps a first impression takes."""

EXCUSED: Mapping[str, str] = {
    "article-loop": "shows faults: there is nothing that it should learn",
}
"""Named models without a recipe of digits, and why."""


def names() -> list[str]:
    """The bundled recipes of digits that this program measures."""
    return [known.name for known in recipes() if known.name.startswith("digits-")]


def shown_by(name: str) -> NamedModel:
    """The model that a recipe shows: that of its own name, whatever its settings differ in."""
    experiment = recipe(name)
    for kind, model in models():
        if name == f"digits-{model.name}" and kind == experiment.method.kind:
            return model
    return model_of(experiment)


def missing() -> list[str]:
    """Named models that learn pictures, have no recipe of digits, and are not excused."""
    shown = {shown_by(name).name for name in names()}
    return sorted(
        model.name
        for kind, model in models()
        if "image" in METHODS[kind].options.modalities
        and model.name not in shown
        and model.name not in EXCUSED
    )


def jobs(chosen: Sequence[str], *, quick: bool, threads: int) -> Iterator[Job]:
    """A job for each recipe."""
    for name in chosen:
        experiment = recipe(name)
        edits: dict[str, Any] = {"training.threads": threads, "training.device": "cpu"}
        if quick:
            edits["training.steps"] = max(1, experiment.training.steps // QUICK)
        yield Job(name, experiment.with_options(edits))


def measure(job: Job, out: Path) -> Result:
    """Train, judge, and write the picture; in a process of its own, for the memory's sake."""
    trained = quality.train(job.experiment)  # before anything else takes memory
    judge = Judge.of(job.experiment.get("dataset.side"))
    write_atomically(out / f"{job.name}.png", sheet(trained))
    # other programs stretch the first, threads that wait the second; a quiet machine takes less
    seconds = min(trained.seconds, trained.processor_seconds)
    return {
        "model": shown_by(job.name).label,
        "steps": job.experiment.training.steps,
        "threads": trained.threads,
        "seconds": seconds,
        "steps_per_second": job.experiment.training.steps / max(seconds, 1e-9),
        "memory": trained.memory,
        "extractor": judge.extractor.hash,
        "floor": dict(judge.floor),
        "trained": judge.of_model(trained),
        "untrained": judge.of_model(quality.untrained(job.experiment)),
    }


def sheet(trained: Trained) -> bytes:
    """Samples, and below them originals in rows above their reconstructions where it encodes."""
    data = trained.data
    rows = [data.to_display(trained.samples(ROWS * COLUMNS))]
    if trained.model.has_encoder:
        originals = data.held_out[: ROWS // 2 * COLUMNS]
        pairs = (data.to_display(originals), data.to_display(trained.rebuilt(originals)))
        parts = [part.reshape(ROWS // 2, COLUMNS, *part.shape[1:]) for part in pairs]
        rows.append(np.zeros_like(rows[0][:COLUMNS]))
        rows.append(np.stack(parts, axis=1).reshape(ROWS * COLUMNS, *pairs[0].shape[1:]))
    shown = np.concatenate(rows)
    scale = max(1, 32 // shown.shape[1])
    return pictures.png(pictures.sheet(shown, columns=COLUMNS, scale=scale))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and write it.

    Returns
    -------
    int
        0, or 2 where a measurement failed.
    """
    parser = argparse.ArgumentParser(
        prog="aegan_studio.bench.digits", description=(__doc__ or "").partition("\n")[0]
    )
    known = names()
    parser.add_argument("--only", nargs="+", choices=known, default=known, metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="few steps: does it run at all?")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes at a time")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="of each training")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    chosen = parser.parse_args(arguments)
    todo = list(jobs(chosen.only, quick=chosen.quick, threads=chosen.threads))
    worker = partial(measure, out=chosen.out)
    results: dict[str, Result] = {}
    failed = False
    try:
        for job, result in measure_all(
            todo, worker, Shelf(chosen.out / "runs"), processes=chosen.jobs
        ):
            if "error" in result:
                failed = True
                sys.stderr.write(f"{job.name}: {result['error']}\n")
                continue
            results[job.name] = result
            sys.stderr.write(f"{job.name}: {result['seconds']:.0f} s\n")
        table = to_markdown([results[job.name] for job in todo if job.name in results])
        write_atomically(chosen.out / "DIGITS.md", table.encode())
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(table)
    return 2 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
