"""The command that trains two experiments side by side, in lockstep."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from aegan_studio import paths
from aegan_studio.catalog import models
from aegan_studio.catalog.differences import differences
from aegan_studio.catalog.measures import Measure, measures
from aegan_studio.catalog.rivals import matched, rival
from aegan_studio.cli.output import print_json_line, say, table
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Diverged, Evaluated, Event, SaveFailed
from aegan_studio.experiment.sides import SIDES, Side
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.runs.folder import RunFolder
from aegan_studio.runs.layout import new_run_path

DONE, DIVERGED, INTERRUPTED = 0, 1, 130

Values = dict[Side, dict[str, float]]


def twin(
    first: str, second: str, edits: Mapping[str, Any], *, own_data: bool, as_json: bool
) -> int:
    """Train both until one ends; returns the exit code.

    Parameters
    ----------
    first : str
        A file or a recipe.
    second : str
        The same, or the name of a model: then it is its rival.
    edits : mapping
        For both.
    own_data : bool
        Leave ``second`` its own seed and data.

    Raises
    ------
    StudioError
        What cannot be read, had or trained.
    """
    from aegan_studio.api import check, find_experiment, stop_requests
    from aegan_studio.ml.trainer import Trainer
    from aegan_studio.ml.twins import Twins

    one = find_experiment(first).with_options(edits)
    known = {model.name for _, model in models.models()}
    two = rival(one, second) if second in known else find_experiment(second)
    two = two.with_options(edits)
    if not own_data:
        two = matched(two, one)
    pair: dict[Side, Experiment] = {"a": one, "b": two}
    _show_differences(one, two, as_json=as_json)
    last: Values = {"a": {}, "b": {}}
    code = DONE
    with ExitStack() as stack:
        stop = stack.enter_context(stop_requests())
        trainers = []
        for side, experiment in pair.items():
            check(experiment)
            name = f"{models.nearest(experiment)[0].name} {side}"
            run = RunFolder.create(new_run_path(paths.runs_dir(), name), experiment)
            trainers.append(Trainer(experiment, run=stack.enter_context(run)))
            _tell_folder(side, run.path, as_json=as_json)
        twins = Twins(*trainers)
        twins.wants = {side: frozenset() for side in SIDES}
        for _ in twins.prepare():
            if stop.is_set():
                return INTERRUPTED
        for told in twins.run():
            for side, event in told:
                if isinstance(event, Diverged):
                    code = DIVERGED
                _take(side, event, last, as_json=as_json)
            if stop.is_set():
                code = INTERRUPTED
                break
        for side, event in twins.save():
            _take(side, event, last, as_json=as_json)
    if not as_json:
        _show_scores(one, two, last)
    return code


def _show_differences(one: Experiment, two: Experiment, *, as_json: bool) -> None:
    found = differences(one, two)
    if as_json:
        for entry in found:
            a, b = entry.values
            print_json_line({"event": "difference", "path": entry.path, "a": a, "b": b})
        return
    rows = [
        (entry.path, *(_text(value) for value in entry.values))
        for entry in found
        if not entry.path.startswith("networks.") or entry.shared
    ]
    table((tr("Differences"), "A", "B"), rows)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("kind", "…"))
    return "–" if value is None else str(value)


def _tell_folder(side: Side, path: Path, *, as_json: bool) -> None:
    if as_json:
        print_json_line({"event": "run", "side": side, "path": path})
    else:
        say(f"{side.upper()}: {path}")


def _take(side: Side, event: Event, last: Values, *, as_json: bool) -> None:
    match event:
        case Evaluated(step, values):
            last[side].update(values)
            if as_json:
                print_json_line({"event": "measured", "side": side, "step": step, **values})
        case Diverged(step=step, restored_step=kept):
            if as_json:
                print_json_line({"event": "diverged", "side": side, "step": step})
            else:
                words = tr("Diverged at step {step}; shown is step {kept}.", step=step, kept=kept)
                say(f"{side.upper()}: {words}")
        case SaveFailed(message=message, mend=mend):
            raise StudioError(message, mend)
        case _:
            pass


def _show_scores(one: Experiment, two: Experiment, last: Values) -> None:
    """The last measurements of both; the better one has a star."""
    recorded = (frozenset(last["a"]), frozenset(last["b"]))
    known = measures(one, two, recorded)
    found = [measure for measure in known if measure.held_out and measure.aim is not None]
    table((tr("Measured"), "A", "B"), [_row(measure, last) for measure in found])


def _row(measure: Measure, last: Values) -> tuple[str, str, str]:
    a, b = last["a"][measure.name], last["b"][measure.name]
    better = measure.better(a, b)
    texts = [f"{value:.4g}{' *' if better == n else ''}" for n, value in enumerate((a, b))]
    return tr(measure.label), texts[0], texts[1]
