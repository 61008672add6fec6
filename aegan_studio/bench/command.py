"""The command ``aegan-studio bench``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from aegan_studio.i18n import tr
from aegan_studio.messages import Message, StudioError, msg

if TYPE_CHECKING:
    from aegan_studio.bench.pacing import Budget
    from aegan_studio.bench.report import Figure


@dataclass(frozen=True, slots=True)
class Job:
    """A part of the benchmark that can be asked for by name."""

    name: str
    title: Message
    measure: Callable[[Budget], Iterator[Figure]]


def jobs() -> tuple[Job, ...]:
    """All parts, in the order in which they run."""
    from aegan_studio.bench import (
        demo_opening,
        laboratory,
        latent,
        mapping,
        roster,
        speed,
        windowed,
    )
    from aegan_studio.bench.cases import CASES

    return (
        *(Job(case.name, case.title, partial(speed.ratios, case)) for case in CASES),
        Job(
            "comforts",
            msg("What averaging, clipping, norms and snapshots cost"),
            speed.all_comforts,
        ),
        Job("methods", msg("Every named model on digits 8 px"), roster.methods),
        Job("start", msg("The window's start"), windowed.start),
        Job("window", msg("Training with the window open"), windowed.with_window),
        Job("laboratory", msg("The laboratory with every layer"), laboratory.laboratory),
        Job("demo", msg("Opening the demos"), demo_opening.opening),
        Job("slider", msg("From slider to picture"), latent.sliding),
        Job("following", msg("A training that is explored"), latent.following),
        Job("map-frames", msg("The latent map of many points"), mapping.moving),
        Job("map-ground", msg("What lies behind the latent map"), mapping.decoding),
        Job("plot", msg("Plots of many points"), windowed.plotting),
    )


def main(
    *,
    out: Path | None = None,
    json: bool = False,
    quick: bool = False,
    only: Sequence[str] = (),
    budget: Budget | None = None,
) -> int:
    """Measure, print the table, and write ``bench.json`` and ``bench.md``.

    Parameters
    ----------
    out : Path or None
        The folder to write into; ``None`` only prints.
    json : bool
        Print JSON instead of the table.
    quick : bool
        Shorter windows and fewer rounds: a first impression.
    only : sequence of str
        Names of parts, or what they begin with; empty measures everything.
    budget : Budget or None
        Exactly so much, whatever ``quick`` says.

    Returns
    -------
    int
        The exit status: 0, whether or not the targets are met.

    Raises
    ------
    StudioError
        For an unknown part, and where the folder cannot be written.
    """
    from aegan_studio.bench.pacing import FULL, QUICK
    from aegan_studio.bench.report import Report

    chosen = _chosen(jobs(), only)
    report = Report.of(())
    if out is not None:
        report.write(out)  # an unwritable folder shows before minutes of measuring
    budget = budget or (QUICK if quick else FULL)
    figures: list[Figure] = []
    for number, job in enumerate(chosen, 1):
        progress = tr(
            "Measuring {number} of {count}: {what}",
            number=number,
            count=len(chosen),
            what=job.title,
        )
        sys.stderr.write(progress + "\n")
        sys.stderr.flush()
        figures.extend(job.measure(budget))
        report = Report.of(tuple(figures))
        if out is not None:
            report.write(out)
    sys.stdout.write(report.to_json() + "\n" if json else report.to_markdown())
    return 0


def _chosen(known: Sequence[Job], only: Sequence[str]) -> Sequence[Job]:
    """The jobs whose names begin with one of ``only``."""
    for name in only:
        if not any(job.name.startswith(name) for job in known):
            names = [job.name for job in known]
            near = get_close_matches(name, names, n=1)
            raise StudioError(
                msg("The benchmark has no part called “{name}”.", name=name),
                msg("Did you mean “{near}”?", near=near[0])
                if near
                else msg("It must be one of: {known}.", known=", ".join(names)),
            )
    return [job for job in known if not only or job.name.startswith(tuple(only))]
