"""What an experiment can be compared with, as a list, and what becomes of a choice."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from aegan_studio import paths
from aegan_studio.catalog.recipes import recipe
from aegan_studio.catalog.rivals import rival, rivals
from aegan_studio.experiment import Experiment, toml
from aegan_studio.i18n import tr
from aegan_studio.runs.folder import RunFolder
from aegan_studio.ui.panels.recipe.model_chooser import model_picks
from aegan_studio.ui.panels.recipe_picks import recipe_picks
from aegan_studio.ui.training.pair import name_of
from aegan_studio.ui.widgets.pick_list import Pick

Choice = tuple[str, str]
"""What kind of thing is chosen ("now", "model", "recipe", "file", "run"), and its name."""


def picks(experiment: Experiment) -> list[Pick]:
    """The recipe itself, its rivals, files and runs, other models, recipes of the same data."""
    here, files = tr("This recipe"), tr("Files and runs")
    suggested = rivals(experiment)
    named = tr("Rivals of {model}", model=name_of(experiment))
    found = [
        Pick(
            ("now", ""),
            tr("The recipe as it is now"),
            tr("Keep it as A, then change the recipe: what differs is what you changed."),
            group=here,
        )
    ]
    found += [
        Pick(
            ("model", model.name),
            tr(model.label),
            tr(model.help),
            model.paper,
            named,
            model.name,
        )
        for model in suggested
    ]
    found += [
        Pick(
            ("file", ""),
            tr("Experiment from a file…"),
            tr("An experiment saved as TOML."),
            group=files,
        ),
        Pick(
            ("run", ""),
            tr("Experiment of a run…"),
            tr("What a run on this computer was trained with."),
            group=files,
        ),
    ]
    known = {model.name for model in suggested}
    for pick in model_picks(experiment):
        if pick.value not in known:
            found.append(
                Pick(
                    ("model", str(pick.value)),
                    pick.label,
                    pick.help,
                    pick.note,
                    pick.group,
                    pick.words,
                    pick.reason,
                )
            )
    return [*found, *_recipes(experiment)]


def _recipes(experiment: Experiment) -> list[Pick]:
    kind = experiment.dataset.kind
    group = tr("Recipes of the same data")
    return [
        Pick(("recipe", str(p.value)), p.label, p.help, p.note, group, p.words)
        for p in recipe_picks()
        if recipe(str(p.value)).dataset.kind == kind
    ]


def chosen(choice: Choice, experiment: Experiment, parent: QWidget) -> Experiment | None:
    """The experiment of a choice; ``None`` where a person chose no file after all.

    Raises
    ------
    StudioError
        It cannot be had or read.
    """
    kind, name = choice
    match kind:
        case "now":
            return experiment
        case "model":
            return rival(experiment, name)
        case "recipe":
            return recipe(name)
        case "file":
            pattern = tr("Experiments ({pattern})", pattern="*.toml")
            text, _ = QFileDialog.getOpenFileName(parent, tr("Open experiment"), "", pattern)
            return toml.load(Path(text)) if text else None
        case _:
            start = str(paths.runs_dir())
            text = QFileDialog.getExistingDirectory(parent, tr("Experiment of a run"), start)
            return _of_run(Path(text)) if text else None


def _of_run(folder: Path) -> Experiment:
    with RunFolder.open(folder) as run:
        return run.current_experiment
