"""What a training has to say until the window listens: numbers complete, pictures the latest."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

import numpy as np

from aegan_studio.experiment.events import (
    Evaluated,
    Event,
    Exhibits,
    Kept,
    Pictures,
    Progress,
    Saved,
    TermGradients,
    Views,
    Weights,
)
from aegan_studio.messages import StudioError

Standing = Literal["preparing", "running", "paused", "finished", "failed"]


@dataclass(frozen=True, slots=True)
class Stand:
    """The training changed its state; comes between the events in order."""

    standing: Standing


@dataclass(frozen=True, slots=True)
class Refused:
    """A command could not be carried out; the training is as it was."""

    error: StudioError


Item = Event | Stand | Refused

_ANYWHERE = Pictures | Views | Weights | TermGradients | Exhibits | Evaluated | Saved | Kept
"""What progress may pass: it says itself which step it belongs to."""


class Outbox:
    """A mailbox from the training thread to the window's; its size stays small.

    Reports of progress that follow each other are joined; of pictures, views, weights, gradients
    and exhibits only the newest is kept. Everything else stays, in order.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: list[Item | list[Progress]] = []

    def put(self, item: Item) -> None:
        """Add one item; called by the training thread."""
        with self._lock:
            match item:
                case Progress():
                    self._put_progress(item)
                case Pictures() | Views() | Weights() | TermGradients() | Exhibits():
                    kind = type(item)
                    self._items = [known for known in self._items if not isinstance(known, kind)]
                    self._items.append(item)
                case _:
                    self._items.append(item)

    def _put_progress(self, progress: Progress) -> None:
        for known in reversed(self._items):
            if isinstance(known, list):
                known.append(progress)
                return
            if not isinstance(known, _ANYWHERE):
                break  # a change or a restart: its place among the steps matters
        self._items.append([progress])

    def take(self) -> tuple[Item, ...]:
        """Everything since the last time, and nothing is left; called by the window's thread."""
        with self._lock:
            items, self._items = self._items, []
        return tuple(_joined(item) if isinstance(item, list) else item for item in items)


def _joined(reports: list[Progress]) -> Progress:
    last = reports[-1]
    if len(reports) == 1:
        return last
    return Progress(
        steps=np.concatenate([report.steps for report in reports]),
        values=np.concatenate([report.values for report in reports]),
        epoch=last.epoch,
        seconds=last.seconds,
        steps_per_second=last.steps_per_second,
        memory=last.memory,
    )
