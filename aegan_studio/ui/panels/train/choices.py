"""Which panels a person added to the train workspace or took away, for each kind of data."""

from __future__ import annotations

from typing import Any

from aegan_studio.experiment import Experiment
from aegan_studio.i18n import tr
from aegan_studio.ui.panels.train.arrangement import Group, PanelSpec

MOST = 6
"""Panels of one kind at most."""


def named(spec: PanelSpec, name: str) -> str:
    """What a panel is called; several of a kind are numbered."""
    number = name.partition("#")[2]
    return f"{tr(spec.label)} {number}" if number else tr(spec.label)


class Choices:
    """What is shown where nobody chose follows the table; what was chosen goes first."""

    def __init__(self, root: Group) -> None:
        self._specs = {spec.name: spec for spec in root.panels()}
        self._chosen: dict[str, dict[str, bool]] = {}

    def names(self, spec: PanelSpec) -> list[str]:
        """The panels of a kind: one, or as many as were asked for and one more to ask for."""
        if not spec.many:
            return [spec.name]
        numbers = [1]
        for chosen in self._chosen.values():
            for name, on in chosen.items():
                kind, _, number = name.partition("#")
                if kind == spec.name and on:
                    numbers.append(int(number or 1) + 1)
        last = min(max(numbers), MOST)
        return [spec.name, *(f"{spec.name}#{number}" for number in range(2, last + 1))]

    def shows(self, spec: PanelSpec, name: str, experiment: Experiment) -> bool:
        """Whether a panel shall be there."""
        if not spec.fits(experiment):
            return False
        first = spec.stands_first(experiment) and name == spec.name
        return self._chosen.get(_kind(experiment), {}).get(name, first)

    def choose(self, name: str, on: bool, experiment: Experiment) -> None:
        """Show a panel from now on, or do not."""
        spec = self._specs[name.partition("#")[0]]
        chosen = self._chosen.setdefault(_kind(experiment), {})
        if on == (spec.stands_first(experiment) and name == spec.name):
            chosen.pop(name, None)
        else:
            chosen[name] = on

    def can_remove(self, name: str, experiment: Experiment) -> bool:
        """Whether something would be left without it."""
        others = [
            other
            for spec in self._specs.values()
            for other in self.names(spec)
            if other != name and self.shows(spec, other, experiment)
        ]
        return bool(others)

    def forget(self, experiment: Experiment) -> None:
        """Follow the table again for this kind of data."""
        self._chosen.pop(_kind(experiment), None)

    def state(self) -> dict[str, dict[str, bool]]:
        """What was chosen, for :meth:`restore`."""
        return {kind: dict(chosen) for kind, chosen in self._chosen.items() if chosen}

    def restore(self, state: Any) -> None:
        """Take on what was chosen; what makes no sense counts as absent."""
        self._chosen = {}
        if not isinstance(state, dict):
            return
        for kind, chosen in state.items():
            if isinstance(chosen, dict):
                self._chosen[str(kind)] = {
                    str(name): bool(on) for name, on in chosen.items() if self._knows(str(name))
                }

    def _knows(self, name: str) -> bool:
        kind, mark, number = name.partition("#")
        spec = self._specs.get(kind)
        if spec is None or not mark:
            return spec is not None
        return spec.many and number.isdecimal() and 2 <= int(number) <= MOST


def _kind(experiment: Experiment) -> str:
    return experiment.data_info().modality
