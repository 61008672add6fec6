"""What the measures of generated points are now, and what would be as good as real."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Signal

from aegan_studio.catalog.datasets.points import PointsOptions
from aegan_studio.catalog.vitals import FIGURES
from aegan_studio.experiment.events import Evaluated, Event
from aegan_studio.i18n import tr
from aegan_studio.messages import Message, msg
from aegan_studio.ui.training.moments import measured_until
from aegan_studio.ui.training.watched import Watched
from aegan_studio.ui.widgets.numbers import MINUS

Kind = Literal["low", "high", "plain"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One line.

    Attributes
    ----------
    name : str
        Of the figure.
    kind : {"low", "high", "plain"}
        Whether it is good when low, or high; plain ones have no goal.
    goal : str or float
        The figure, or the number, that is as good as real.
    words : Message or None
        What the goal is called; ``{value}`` stands for it.
    near : float
        How many times the goal a low value may be, or what share of it a high one must be, to
        count as good.
    """

    name: str
    kind: Kind
    goal: str | float = 0.0
    words: Message | None = None
    near: float = 1.0

    @property
    def shares(self) -> bool:
        """Whether values read as per cent."""
        return FIGURES[self.name].style == "share"


MEASURES = (
    Measure("js", "low", "js-floor", msg("floor {value}"), 1.5),
    Measure("kl-forward", "plain"),
    Measure("kl-reverse", "plain"),
    Measure("covered", "high", "covered-best", msg("real {value}"), 0.98),
    Measure("modes", "high", 0.0, msg("of {value}")),
    Measure("high-quality", "high", 0.989, msg("exact {value}"), 0.97),
)
"""In the order of the panel."""

SHORT: Mapping[str, Message] = {
    "js": msg("JS {value}, floor {goal}"),
    "covered": msg("{value} of the data covered"),
    "modes": msg("{value} of {goal} modes"),
    "high-quality": msg("{value} on a mode"),
}
"""What the line below the plane says, while there is room."""


class Readings(QObject):
    """The newest values of the figures of a session, as they come or as they were."""

    changed = Signal()

    def __init__(self, session: Watched, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.values: dict[str, float] = {}
        self.step = 0
        self._modes = 0
        session.event.connect(self._on_event)
        session.run_opened.connect(self._begin)
        session.state_changed.connect(self._on_state)
        self._begin()

    def _begin(self, _session: object = None) -> None:
        """Of another run: what it measured last."""
        data = self.session.experiment.dataset
        centres = data.centres() if isinstance(data, PointsOptions) else None
        self._modes = 0 if centres is None else len(centres)
        self.values, self.step = {}, 0
        known = latest_of(self.session)
        if known is not None:
            self._take(known)
        self.changed.emit()

    def _on_state(self, state: str) -> None:
        if state == "empty":
            self._begin()

    def _on_event(self, event: Event) -> None:
        if not isinstance(event, Evaluated):
            return
        # some vital signs are measured more often than these; of an instant that is looked at
        # all comes at once that was known then
        if "js" in event.values or self.session.moment is not None:
            self._take(event)
            self.changed.emit()

    def _take(self, event: Evaluated) -> None:
        known = event.values if "js" in event.values else {}
        self.values = {name: value for name, value in known.items() if name in FIGURES}
        self.step = event.step

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The lines there are values for."""
        return tuple(measure for measure in MEASURES if measure.name in self.values)

    def goal(self, measure: Measure) -> float | None:
        """The value that is as good as real; ``None`` where there is none."""
        if measure.kind == "plain":
            return None
        if measure.name == "modes":
            return float(self._modes)
        return self.values.get(measure.goal) if isinstance(measure.goal, str) else measure.goal

    def is_good(self, measure: Measure) -> bool:
        """Whether a value is about as good as its goal."""
        goal, value = self.goal(measure), self.values[measure.name]
        if goal is None:
            return False
        return (
            value <= measure.near * goal
            if measure.kind == "low"
            else value >= (measure.near * goal)
        )

    def value_text(self, measure: Measure) -> str:
        """A value as it reads."""
        return _text(measure, self.values[measure.name])

    def goal_text(self, measure: Measure) -> str:
        """What a value is compared with; empty where there is nothing."""
        goal = self.goal(measure)
        if goal is None or measure.words is None:
            return ""
        return tr(measure.words, value=_text(measure, goal))

    def sentence(self, measures: tuple[Measure, ...] | None = None) -> str:
        """The chief measures in a line."""
        parts = []
        for measure in self.measures if measures is None else measures:
            words = SHORT.get(measure.name)
            if words is not None:
                goal = self.goal(measure)
                shown = "" if goal is None else _text(measure, goal)
                parts.append(tr(words, value=self.value_text(measure), goal=shown))
        return " · ".join(parts)


def _text(measure: Measure, value: float) -> str:
    style = FIGURES[measure.name].style
    if style == "count":
        return f"{value:.0f}"
    if style == "share":
        return f"{100 * value:.1f} %"
    places = 3 if abs(value) < 1 else 2
    return f"{value:.{places}f}".replace("-", MINUS)


def latest_of(session: Watched) -> Evaluated | None:
    """The newest measurement of a session that holds what is shown; made up of its history.

    While an instant is looked at: what was known then.
    """
    if session.moment is not None:
        return measured_until(session.history, session.moment)
    known = session.latest.get(Evaluated)
    if isinstance(known, Evaluated) and "js" in known.values:
        return known
    history = session.history.held_out
    if "js" not in history or not len(history["js"][0]):
        return None
    values = {name: float(found[-1]) for name, (_, found) in history.items() if len(found)}
    return Evaluated(int(history["js"][0][-1]), values)
