"""The command that trains: a progress bar for people, JSON lines for programs."""

from __future__ import annotations

import contextlib
import math
import shlex
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bar

from aegan_studio import paths
from aegan_studio.cli.output import complain, console, print_json_line, say, sentences
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import (
    Changed,
    Diverged,
    Evaluated,
    Event,
    Exhibits,
    Failed,
    Findings,
    Finished,
    Kept,
    Notice,
    PhaseDone,
    PhaseReady,
    Pictures,
    Preparing,
    Progress,
    Reached,
    Saved,
    SaveFailed,
    Started,
    TermGradients,
    Views,
    Weights,
)
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs.layout import is_run, new_run_path

REPORT_EVERY = 0.2
"""Seconds between two lines or redraws of progress."""

SHOWN = 4
"""Values beside the bar at most, so that a line fits a terminal."""

DONE, FAILED, UNMET, INTERRUPTED = 0, 1, 2, 130


def parse_edits(assignments: Sequence[str]) -> dict[str, Any]:
    """``path=value`` texts as edits; values are TOML, and plain words text.

    Raises
    ------
    StudioError
        Where there is no ``=``.
    """
    edits: dict[str, Any] = {}
    for assignment in assignments:
        path, equals, text = assignment.partition("=")
        if not equals or not path.strip():
            raise StudioError(
                msg("“{text}” sets nothing.", text=assignment),
                msg("Write --set path=value, e.g. --set method.latent_dim=8."),
            )
        edits[path.strip()] = _value(text.strip())
    return edits


def _value(text: str) -> Any:
    try:
        parsed = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return parsed["value"] if set(parsed) == {"value"} else text


def train(
    source: str | None,
    out: Path | None,
    edits: Mapping[str, Any],
    *,
    method: str | None = None,
    resume: bool,
    origin: Path | None = None,
    at: int | None = None,
    as_json: bool,
    autosave: float,
) -> int:
    """Train and report; returns the exit code."""
    from aegan_studio.api import with_method

    if origin is not None or at is not None:
        return _train_branch(source, out, edits, method, resume, origin, at, as_json, autosave)
    experiment: Experiment | None = None
    if method is not None and resume:
        raise StudioError(
            msg("A run keeps its method."), msg("Leave --method out, or start a new run.")
        )
    if source is not None or method is not None:
        experiment = with_method(source, method).with_options(edits)
        edits = {}
    if resume and out is None:
        raise StudioError(
            msg("There is no run to resume."), msg("Say which one: --resume --out FOLDER.")
        )
    if experiment is None and not resume:
        raise StudioError(
            msg("There is nothing to train."),
            msg("Name an experiment's TOML file or a recipe; “aegan-studio recipes” lists them."),
        )
    if out is None:
        assert experiment is not None
        name = experiment.title or f"{experiment.dataset.kind} {experiment.method.kind}"
        out = new_run_path(paths.runs_dir(), name)
    elif is_run(out) and not resume:
        raise StudioError(
            msg("{path} already holds a run.", path=str(out)),
            msg("Add --resume to continue it, or choose another folder."),
        )
    return _train_into(experiment, out, edits, resume, as_json, autosave)


def _train_into(
    experiment: Experiment | None,
    out: Path,
    edits: Mapping[str, Any],
    resume: bool,
    as_json: bool,
    autosave: float,
) -> int:
    from aegan_studio.api import open_session, stop_requests

    report: Report = JsonReport() if as_json else BarReport()
    with (
        stop_requests() as stop,
        open_session(experiment, out, edits, resume, autosave) as session,
    ):
        code = _follow(session.events(stop.is_set), report)
    if not as_json:
        _farewell(code, out, session.trainer.step)
    return code


def _train_branch(
    source: str | None,
    out: Path | None,
    edits: Mapping[str, Any],
    method: str | None,
    resume: bool,
    origin: Path | None,
    at: int | None,
    as_json: bool,
    autosave: float,
) -> int:
    """A new run from an instant of another."""
    from aegan_studio.api import check, find_experiment
    from aegan_studio.ml.branching import branch, experiment_at
    from aegan_studio.runs import instants

    if origin is None:
        raise StudioError(
            msg("--at names no run."), msg("Say which one to branch from: --from RUN --at STEP.")
        )
    if resume or method is not None:
        raise StudioError(
            msg("A branch is a new run with the method of its origin."),
            msg("Leave --resume and --method out, or leave --from out."),
        )
    if at is None:
        at = max((instant.step for instant in instants.listed(origin)), default=0)
    then = experiment_at(origin, at)
    wanted = (then if source is None else find_experiment(source)).with_options(edits)
    check(wanted)
    if out is None:
        name = wanted.title or f"{wanted.dataset.kind} {wanted.method.kind}"
        out = new_run_path(paths.runs_dir(), name)
    made = branch(origin, at, out, wanted)
    if as_json:
        print_json_line({"event": "branched", "from": origin, "step": at, "way": made.way})
    elif made.way == "exact":
        say(
            tr("Branched from {run} at step {step:,}: it goes on bit for bit.", run=origin, step=at)
        )
    else:
        say(
            tr(
                "Branched from {run} at step {step:,}: from its weights, with fresh optimisers.",
                run=origin,
                step=at,
            )
        )
    return _train_into(wanted, made.folder, {}, True, as_json, autosave)


def _follow(events: Iterator[Event], report: Report) -> int:
    unsaved = False
    code = FAILED
    with report:
        for event in events:
            report.show(event)
            match event:
                case Saved():
                    unsaved = False
                case SaveFailed():
                    unsaved = True
                case Finished(reason="done"):
                    code = UNMET if unsaved else DONE
                case Finished(reason="stopped"):
                    code = INTERRUPTED
                case _:
                    pass
    return code


def _farewell(code: int, out: Path, step: int) -> None:
    if code == DONE:
        say(tr("Finished at step {step:,}. The run is in {path}.", step=step, path=out))
    elif code == INTERRUPTED:
        command = f"aegan-studio train --resume --out {shlex.quote(str(out))}"
        say(
            tr(
                "Stopped and saved at step {step:,}. Go on with: {command}",
                step=step,
                command=command,
            )
        )


class Report(Protocol):
    """Shows events as they come."""

    def __enter__(self) -> Any:
        """Begin."""

    def __exit__(self, *details: Any) -> None:
        """End, with the last values shown."""

    def show(self, event: Event) -> None:
        """Show one event."""


class Latest:
    """The last measured value of every column."""

    def __init__(self) -> None:
        self._columns: tuple[str, ...] = ()
        self.values: dict[str, float] = {}

    def begin(self, columns: tuple[str, ...]) -> None:
        """Name the columns."""
        self._columns = columns

    def take(self, event: Progress) -> None:
        """Remember the last value of each column that is a number."""
        for index, name in enumerate(self._columns):
            column = event.values[:, index]
            measured = column[column == column]
            if len(measured):
                self.values[name] = float(measured[-1])


class JsonReport:
    """One JSON object per line on stdout; progress at most five times a second."""

    def __init__(self) -> None:
        self._latest = Latest()
        self._waiting: Progress | None = None
        self._printed = -math.inf

    def __enter__(self) -> JsonReport:
        """Nothing to begin."""
        return self

    def __exit__(self, *details: Any) -> None:
        """Print the progress that still waits."""
        self._flush()

    def show(self, event: Event) -> None:
        """Print one event; pictures and weights are no numbers and are left out."""
        if isinstance(event, Progress):
            self._latest.take(event)
            self._waiting = event
            if time.monotonic() - self._printed >= REPORT_EVERY:
                self._flush()
            return
        if isinstance(event, Started):
            self._latest.begin(event.columns)
        line = _line(event)
        if line is not None:
            if isinstance(event, Saved | SaveFailed | Finished | Diverged | Failed):
                self._flush()
            if isinstance(event, SaveFailed | Failed | Notice):
                complain(StudioError(event.message, event.mend))
            print_json_line(line)

    def _flush(self) -> None:
        event, self._waiting = self._waiting, None
        if event is None:
            return
        self._printed = time.monotonic()
        print_json_line(
            {
                "event": "progress",
                "step": event.step,
                "epoch": event.epoch,
                "seconds": event.seconds,
                "steps_per_second": event.steps_per_second,
                "memory": event.memory,
                "values": self._latest.values,
            }
        )


def _line(event: Event) -> dict[str, Any] | None:
    match event:
        case Preparing(stage):
            return {"event": "preparing", "stage": stage}
        case Started():
            return {
                "event": "started",
                "step": event.step,
                "total_steps": event.total_steps,
                "steps_per_epoch": event.steps_per_epoch,
                "columns": event.columns,
                "parameters": event.parameters,
                "device": event.device,
                "threads": event.threads,
                "folder": event.folder,
            }
        case Notice(message, mend):
            return {"event": "notice", "message": message, "mend": mend}
        case Evaluated(step, values):
            return {"event": "evaluated", "step": step, "values": values}
        case Changed(step, path, old, new):
            return {"event": "changed", "step": step, "path": path, "old": old, "new": new}
        case PhaseDone(step, phase, _, terms):
            return {"event": "phase_done", "step": step, "phase": phase, "terms": terms}
        case Reached(step, until, seen, value):
            what = {"until": type(until).__name__, "seen": seen, "value": value}
            return {"event": "reached", "step": step, **what}
        case Saved(step, path):
            return {"event": "saved", "step": step, "path": path}
        case SaveFailed(step, message, mend):
            return {"event": "save_failed", "step": step, "message": message, "mend": mend}
        case Diverged(step, phase, term, restored):
            return {
                "event": "diverged",
                "step": step,
                "phase": phase,
                "term": term,
                "restored_step": restored,
            }
        case Findings(step, findings):
            told = [
                {
                    "name": finding.name,
                    "severity": finding.severity,
                    "confidence": finding.confidence,
                    "since": finding.since,
                    "about": finding.about,
                    "numbers": finding.numbers,
                }
                for finding in findings
            ]
            return {"event": "findings", "step": step, "findings": told}
        case Finished(step, reason):
            return {"event": "finished", "step": step, "reason": reason}
        case Failed(message, mend, _):
            return {"event": "failed", "message": message, "mend": mend}
        case (
            Progress()
            | PhaseReady()
            | Pictures()
            | Views()
            | Weights()
            | TermGradients()
            | Exhibits()
            | Kept()
        ):
            return None


class BarReport:
    """A bar with steps, speed, time left and the latest values, on stderr."""

    def __init__(self) -> None:
        self._bar = Bar(
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            TextColumn("[dim]{task.fields[values]}"),
            console=console(stderr=True),
            auto_refresh=False,
        )
        self._task: TaskID | None = None
        self._latest = Latest()
        self._drawn = -math.inf
        self._total = 0

    def __enter__(self) -> BarReport:
        """Start drawing."""
        self._bar.start()
        return self

    def __exit__(self, *details: Any) -> None:
        """Draw the last state and leave it standing."""
        self._bar.stop()

    def show(self, event: Event) -> None:
        """Draw one event."""
        match event:
            case Started():
                self._start(event)
            case Progress():
                self._progress(event)
            case SaveFailed(_, message, mend) | Failed(message, mend, _) | Notice(message, mend):
                self._say("\n".join(sentences(StudioError(message, mend))))
            case Diverged():
                self._say(
                    tr(
                        "Step {step:,}: “{term}” of phase “{phase}” is no longer a finite number. "
                        "The run holds the weights of step {restored:,}. Lower the learning rate "
                        "or clip the gradient.",
                        step=event.step,
                        term=event.term,
                        phase=event.phase,
                        restored=event.restored_step,
                    )
                )
            case Changed(step, path, old, new):
                self._say(
                    tr(
                        "From step {step:,} on, {path} is {new} instead of {old}.",
                        step=step,
                        path=path,
                        new=new,
                        old=old,
                    )
                )
            case _:
                pass

    def _say(self, text: str) -> None:
        self._bar.console.print(escape(text), soft_wrap=True)

    def _start(self, event: Started) -> None:
        self._latest.begin(event.columns)
        self._total = event.total_steps
        weights = sum(event.parameters.values())
        self._say(
            tr(
                "{weights:,} weights on {device} (threads: {threads}), into {folder}",
                weights=weights,
                device=event.device,
                threads=event.threads,
                folder=event.folder,
            )
        )
        self._task = self._bar.add_task(
            "", total=event.total_steps, completed=event.step, pace="", values=""
        )

    def _progress(self, event: Progress) -> None:
        self._latest.take(event)
        last = event.step >= self._total
        if self._task is None or not (last or time.monotonic() - self._drawn >= REPORT_EVERY):
            return
        self._drawn = time.monotonic()
        left = max(0, self._total - event.step) / max(event.steps_per_second, 1e-9)
        named = [item for item in self._latest.values.items() if "." not in item[0]]
        with contextlib.suppress(ValueError):  # a terminal narrower than a column
            self._bar.update(
                self._task,
                completed=event.step,
                pace=tr(
                    "{pace:,.0f} steps/s, {left} left",
                    pace=event.steps_per_second,
                    left=_clock(left),
                ),
                values=escape("  ".join(f"{name} {value:.4g}" for name, value in named[:SHOWN])),
                refresh=True,
            )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(min(seconds, 359_999)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
