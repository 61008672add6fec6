"""Plant faults, train the recipes, and see what the doctor says of each.

``python -m aegan_studio.bench.doctor [--only NAME …] [--seeds N] [--jobs N] [--recorded] --out D``

Trainings are recorded once, a file each, so that the program goes on where it was stopped; the
doctor examines the records, which takes no time. With ``--recorded`` nothing is trained: the table
is of what there is.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from aegan_studio import paths
from aegan_studio.bench.doctor import faults
from aegan_studio.bench.doctor.table import RECALL, Examination, recalls, to_markdown
from aegan_studio.bench.doctor.traces import Trace, read, record_all
from aegan_studio.bench.shelf import Job
from aegan_studio.catalog import recipes
from aegan_studio.experiment.events import Findings
from aegan_studio.files import write_atomically
from aegan_studio.ml.doctor import Doctor

COMMAND = "python -m aegan_studio.bench.doctor --out DIR"

TABLE = paths.resource("recipes", "DOCTOR.md")
"""The table of the bundled recipes, as this program wrote it."""

BROKEN = ("article-gan-broken",)
"""Recipes that are meant to be ill."""


def healthy(seed: int) -> Iterator[Job]:
    """All recipes, their own seeds moved on by so much."""
    for known in recipes():
        experiment = known.experiment()
        edits = {
            "seed": experiment.seed + seed,
            "training.threads": 1,
            "training.device": "cpu",
        }
        yield Job(f"{known.name}-{seed}", experiment.with_options(edits))


def examine(trace: Trace, group: str, wanted: str, seed: int) -> Examination:
    """Let the doctor watch a recorded training; only warnings and worse count."""
    doctor = Doctor(trace.experiment)
    said: dict[str, float] = {}
    at: int | None = None
    for event in trace.events():
        told = doctor.watch(event)
        for finding in told.findings if isinstance(told, Findings) else ():
            if finding.severity == "info":
                continue
            said[finding.name] = max(said.get(finding.name, 0.0), finding.confidence)
            if finding.name == wanted and at is None:
                at = finding.step
    return Examination(group, wanted, seed, trace.experiment.training.steps, said, at)


def main(arguments: Sequence[str] | None = None) -> int:
    """Record what is missing, examine, print the table and write it.

    Returns
    -------
    int
        0 where every recall is reached and no recipe brings a warning, 1 otherwise.
    """
    parser = argparse.ArgumentParser(
        prog="aegan_studio.bench.doctor", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--only", nargs="+", metavar="NAME", help="parts of names of trainings")
    parser.add_argument("--seeds", type=int, default=faults.SEEDS, metavar="N")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes at a time")
    parser.add_argument("--recorded", action="store_true", help="train nothing")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    chosen = parser.parse_args(arguments)
    done = list(_all(chosen.out, chosen.seeds, chosen.jobs, chosen.only, not chosen.recorded))
    table = to_markdown(done, BROKEN, COMMAND)
    plain = json.dumps([each.to_plain() for each in done], indent=1)
    write_atomically(chosen.out / "DOCTOR.md", table.encode())
    write_atomically(chosen.out / "doctor.json", plain.encode())
    sys.stdout.write(table)
    missed = [name for name, recall in recalls(done).items() if recall < RECALL]
    alarms = [e for e in done if not e.wanted and e.group not in BROKEN and not e.right]
    return 1 if missed or alarms else 0


def _all(
    out: Path, seeds: int, processes: int, only: Sequence[str] | None, train: bool
) -> Iterator[Examination]:
    planted = [
        (job, fault.finding, seed) for seed in range(seeds) for fault, job in faults.jobs(seed)
    ]
    plain = [(job, "", seed) for seed in range(seeds) for job in healthy(seed)]
    for folder, todo in ((out / "faults", planted), (out / "healthy", plain)):
        wanted = [each for each in todo if not only or any(part in each[0].name for part in only)]
        if train:
            record_all([job for job, _, _ in wanted], folder, processes)
        for job, finding, seed in sorted(wanted, key=lambda each: each[0].name):
            trace = read(job, folder / f"{job.name}.npz")
            if trace is not None:
                yield examine(trace, job.name.rpartition("-")[0], finding, seed)
