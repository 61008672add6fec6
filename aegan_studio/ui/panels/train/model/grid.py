"""Columns by order of a flow, lanes by path."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from aegan_studio.experiment.parts import Role
from aegan_studio.ui.panels.train.model.scene import thing_of


class Grid:
    """Where networks and things of a flow stand.

    Parameters
    ----------
    roles : iterable of Role
        All networks.
    paths : sequence of sequences of str
        As :attr:`Flow.paths`.

    Attributes
    ----------
    columns : dict of str to int
        The column of every network and thing drawn.
    lane : dict of str to int
        The lane of every thing; networks span those of their things (:attr:`spans`).
    alias : dict of str to str
        Things drawn as one with another, as z̃ with z.
    returns : list of (str, str)
        Steps of a path back to an earlier network.
    """

    def __init__(self, roles: Iterable[Role], paths: Sequence[Sequence[str]]) -> None:
        self.roles = {role.name: role for role in roles}
        self.columns: dict[str, int] = {}
        self.lane: dict[str, int] = {}
        self.alias: dict[str, str] = {}
        self.lanes = 1
        self.spans: dict[str, set[int]] = {}
        self.flow: list[tuple[str, str]] = []
        self.returns: list[tuple[str, str]] = []
        self.taken: dict[tuple[int, int], str] = {}
        self._order(paths)
        for path in paths:
            self._lay(path)

    @property
    def last(self) -> int:
        """The last column."""
        return max(self.columns.values(), default=0)

    @property
    def has_returns(self) -> bool:
        """Whether something goes back to an earlier network."""
        return bool(self.returns)

    def column_of(self, *names: str) -> int | None:
        """The column of the first of these that is drawn."""
        return next((self.columns[name] for name in names if name in self.columns), None)

    def adjacent(self, one: str, other: str) -> bool:
        """Whether two things stand above each other in neighbouring lanes."""
        return self.columns[one] == self.columns[other] and (
            abs(self.lane[one] - self.lane[other]) == 1
        )

    def _order(self, paths: Sequence[Sequence[str]]) -> None:
        after: dict[str, set[str]] = {}

        def reaches(start: str, end: str) -> bool:
            return start == end or any(reaches(name, end) for name in after.get(start, ()))

        for path in paths:
            for one, other in itertools.pairwise(path):
                if other in after.get(one, ()) or (one, other) in self.returns:
                    continue
                if reaches(other, one):
                    self.returns.append((one, other))
                else:
                    after.setdefault(one, set()).add(other)
                    self.flow.append((one, other))
        names = list(dict.fromkeys(name for path in paths for name in path))
        columns = dict.fromkeys(names, 0)
        for _ in names:
            for one, other in self.flow:
                columns[other] = max(columns[other], columns[one] + 1)
        made = {other for _, other in self.flow}
        for name in names:
            if name not in made and after.get(name):
                columns[name] = min(columns[other] for other in after[name]) - 1
        self.columns = columns

    def _lay(self, path: Sequence[str]) -> None:
        known = [self.lane[name] for name in path if name in self.lane]
        candidates = [*known[:1], *range(self.lanes + 1)]
        fresh = [name for name in path if name not in self.lane]
        if not fresh and not any(name in self.roles for name in path):
            return
        columns = {self.columns[name] for name in fresh if name not in self.roles}
        columns |= {self.columns[name] for name in path if name in self.roles}
        own = set(path)
        lane = next(
            lane
            for lane in candidates
            if all(self.taken.get((column, lane)) in (None, *own) for column in columns)
        )
        first = path[0]
        for name in path:
            spot = (self.columns[name], lane)
            if name in self.roles:
                self.spans.setdefault(name, set()).add(lane)
                self.taken.setdefault(spot, name)
            elif name not in self.lane and name not in self.alias:
                other = self.taken.get(spot)
                if other == first and thing_of(other).kind == thing_of(name).kind:
                    self.alias[name] = other
                    continue
                while spot in self.taken:
                    spot = (spot[0], spot[1] + 1)
                self.taken[spot] = name
                self.lane[name] = spot[1]
        self.lanes = max(lane for _, lane in self.taken) + 1

    def place_thing(self, name: str, column: int) -> None:
        """Put a thing that no path runs through into a free lane of a column."""
        lane = 0
        while (column, lane) in self.taken:
            lane += 1
        self.taken[column, lane] = name
        self.columns[name], self.lane[name] = column, lane
        self.lanes = max(self.lanes, lane + 1)

    def centred(self, name: str) -> bool:
        """Whether a node has its column to itself and stands in the middle of all lanes."""
        column = self.columns[name]
        if any(self.columns[target] == column + 1 for _, target in self.returns):
            return False
        beside = [
            one if other == name else other for one, other in self.flow if name in (one, other)
        ]
        return self.alone(name) and all(self.alone(other) for other in beside)

    def alone(self, name: str) -> bool:
        """Whether a node has its column to itself."""
        return {other for (c, _), other in self.taken.items() if c == self.columns[name]} == {name}

    def passed(self, name: str) -> bool:
        """Whether an arrow passes a network by in another lane."""
        column = self.columns[name]
        return any(
            self.columns[one] < column < self.columns[other]
            and not self.spans.get(one, {self.lane.get(one, 0)}) & self.spans[name]
            for one, other in self.flow
        )
