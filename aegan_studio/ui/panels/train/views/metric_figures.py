"""Every figure that is recorded of a run, and the axes it can be drawn on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from aegan_studio.catalog import vitals
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Started
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.train.model.scene import token_of
from aegan_studio.ui.panels.train.views.naming import symbol_of
from aegan_studio.ui.training.history import History
from aegan_studio.ui.training.session import Session

Axis = Literal["step", "epoch", "time"]
Floats = npt.NDArray[np.float64]

COLUMN, HELD_OUT, PACE = "column.", "held-out.", "pace."
GRADIENT = "gradient."
"""Prefix of the columns that hold the gradient norm of a phase."""

MEGABYTE = 2.0**20

LONG = 600.0
"""Seconds from which on times are told in minutes."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One figure.

    Attributes
    ----------
    name : str
        Stable key.
    label : str
        What it is called in a list.
    short : str
        What stands at the end of its line.
    group : str
        The heading it is listed under.
    help : str
    every_step : bool
        Whether there is a value at every step; others are points now and then.
    color : str
        The colour token it wears elsewhere; empty: none.
    """

    name: str
    label: str
    short: str
    group: str
    help: str = ""
    every_step: bool = False
    color: str = ""


def recorded(experiment: Experiment, history: History) -> list[Recorded]:
    """All figures of a run, those of every step first."""
    return [*_columns(experiment), *_measured(experiment, history), *_pace()]


def _columns(experiment: Experiment) -> Iterator[Recorded]:
    phases = experiment.phase_infos()
    for share in (False, True):
        group = tr("Shares") if share else tr("Losses")
        for phase in phases:
            for term in phase.terms:
                if term.share is share:
                    label = f"{tr(term.label)} ({term.name})"
                    color = "" if term.color == "text" else token_of(term)
                    yield Recorded(
                        COLUMN + term.name, label, term.name, group, tr(term.help), True, color
                    )
    for phase in phases:
        label = tr(phase.label)
        yield Recorded(
            f"{COLUMN}{GRADIENT}{phase.name}",
            label,
            f"|g| {label}",
            tr("Gradient norms"),
            tr("The length of the gradient at each update of this phase."),
            True,
        )


def _measured(experiment: Experiment, history: History) -> Iterator[Recorded]:
    """What is measured now and then: on held-out data, and the vital signs."""
    terms = {term.name: term for phase in experiment.phase_infos() for term in phase.terms}
    roles = {role.name: role for role in experiment.roles()}
    for name in history.held_out:
        found = vitals.figure(name)
        if found is not None:
            figure, role = found
            symbol = symbol_of(roles[role].symbol) if role in roles else role
            label = f"{tr(figure.label)}, {symbol}" if role else tr(figure.label)
            yield Recorded(HELD_OUT + name, label, label, tr("Vital signs"), tr(figure.help))
            continue
        term = terms.get(name)
        label = f"{tr(term.label)} ({name})" if term is not None else name
        short = tr("{name}, held out", name=name)
        yield Recorded(HELD_OUT + name, label, short, tr("On held-out data"))


def _pace() -> Iterator[Recorded]:
    group = tr("Speed and memory")
    yield Recorded(PACE + "rate", tr("Steps a second"), tr("steps/s"), group)
    yield Recorded(PACE + "memory", tr("Memory in MB"), tr("MB"), group)


PALETTE = ("accent", "real", "generated", "reconstruction", "code", "latent_critic", "text2")


def colours_of(figures: Sequence[Recorded]) -> dict[str, str]:
    """A colour for each figure: its own where no other wears it, else one that is left."""
    found: dict[str, str] = {}
    for figure in figures:
        if figure.color and figure.color not in found.values():
            found[figure.name] = figure.color
    for index, figure in enumerate(figures):
        if figure.name not in found:
            left = [color for color in PALETTE if color not in found.values()]
            found[figure.name] = left[0] if left else PALETTE[index % len(PALETTE)]
    return found


def points_of(history: History, name: str) -> tuple[npt.NDArray[Any], Floats]:
    """The steps (n,) and values (n,) of a figure that has points now and then."""
    if name.startswith(HELD_OUT):
        steps, values = history.held_out.get(name.removeprefix(HELD_OUT), (_NONE, _NONE))
        return steps, np.asarray(values, np.float64)
    steps, rows = history.pace
    return steps, rows[:, 1] if name == PACE + "rate" else rows[:, 2] / MEGABYTE


_NONE: npt.NDArray[Any] = np.empty(0)


class Places:
    """Where steps lie on an axis."""

    def __init__(self, axis: Axis, session: Session) -> None:
        self.axis = axis
        self._session = session
        _, rows = session.history.pace
        self._minutes = bool(len(rows)) and float(rows[-1, 0]) >= LONG

    @property
    def unit(self) -> str:
        """What the axis counts."""
        if self.axis == "time":
            return tr("min") if self._minutes else tr("s")
        return tr("epoch") if self.axis == "epoch" else tr("step")

    @property
    def outgrown(self) -> bool:
        """Whether another unit suits the axis better by now."""
        return self._minutes != Places(self.axis, self._session)._minutes

    def of(self, steps: npt.NDArray[Any]) -> Floats:
        """Places (n,) of steps (n,); NaN where their time was not recorded."""
        if self.axis == "epoch":
            return np.asarray(steps, np.float64) / steps_per_epoch(self._session)
        if self.axis == "time":
            seconds = self._session.history.seconds_at(steps)
            return seconds / 60 if self._minutes else seconds
        return np.asarray(steps, np.float64)


def steps_per_epoch(session: Session) -> int:
    """How many steps go through the data once."""
    started = session.latest.get(Started)
    if isinstance(started, Started):
        return max(started.steps_per_epoch, 1)
    experiment = session.experiment
    count = experiment.data_info().count
    trained = count - experiment.dataset.held_out_count(count)
    return max(trained // min(experiment.training.batch_size, trained), 1)
