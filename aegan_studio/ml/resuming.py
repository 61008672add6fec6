"""Going on from a checkpoint: which one, and under which options."""

from __future__ import annotations

from aegan_studio.experiment import Experiment, InputError, Problem
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml import checkpoint
from aegan_studio.ml.checkpoint import Checkpoint
from aegan_studio.runs.folder import RunFolder


def newest(run: RunFolder) -> tuple[Checkpoint | None, list[StudioError]]:
    """The newest sound checkpoint of a run, ``None`` where it never made one; and why newer
    ones were passed over.

    Raises
    ------
    StudioError
        Where there are checkpoints and none is sound.
    """
    found, errors = checkpoint.newest(run.checkpoints())
    if found is None and errors:
        raise errors[0]
    return found, errors


def continued(saved: Experiment, wanted: Experiment) -> Experiment:
    """The checkpoint's experiment with the live options and the title of the wanted one.

    Raises
    ------
    InputError
        Where they differ in options that need a new run.
    """
    problems, edits = [], {}
    for path, (_, new) in saved.differences(wanted).items():
        info = saved.option_info(path) if new is not None else None
        if path == "title" or (info is not None and info.live):
            edits[path] = new
        else:
            problems.append(
                Problem(
                    path,
                    msg("this option differs from the run's and cannot change in it."),
                    msg("Start a new run with it."),
                )
            )
    if problems:
        raise InputError(problems)
    return saved.with_options(edits) if edits else saved
