"""Looking back: a run's kept instants, shown as the training showed them then."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import torch

from aegan_studio.experiment import Experiment, InputError
from aegan_studio.experiment.events import Event, Pictures, Weights
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.looking import Looking
from aegan_studio.ml.showing import Showcase
from aegan_studio.ml.timeline import arrays_of
from aegan_studio.ml.trainer import EVENTS
from aegan_studio.runs import instants
from aegan_studio.runs.instants import Moment

CPU = torch.device("cpu")


class Rewinder:
    """Shows instants of one run, one at a time, on the processor.

    Data and networks are made once. What is shown of an instant follows from its file alone: it
    is the same however often, and whatever was shown before.

    Parameters
    ----------
    run : Path
        The run's folder; it is only read.
    """

    def __init__(self, run: Path) -> None:
        self.run = run
        self._showcase: Showcase | None = None
        self._moment: Moment | None = None
        self._written = 0

    def events(self, step: int, wants: Collection[str]) -> Iterator[Event]:
        """What a training that stands at this step reports of what is wanted.

        Raises
        ------
        StudioError
            The instant is not kept, is damaged, or does not fit the run's networks.
        """
        showcase = self._at(step)
        if "weights" in wants:
            assert self._moment is not None
            yield Weights(step, arrays_of(self._moment))
        if "pictures" in wants:
            yield showcase.pictures(step)
        if views := set(wants) - EVENTS:
            yield showcase.views(step, sorted(views))
        if "exhibits" in wants and showcase.looking.experiment.method.exhibits:
            yield showcase.exhibits(step)

    def pictures(self, step: int) -> Pictures:
        """What the model made at this step; raises as :meth:`events` does."""
        return self._at(step).pictures(step)

    def _at(self, step: int) -> Showcase:
        moment, written = self._moment, instants.written(self.run, step)
        if moment is None or moment.step != step or written not in (self._written, None):
            moment = instants.read(self.run, step)
        self._written = written or self._written
        if self._showcase is None or not _alike(
            self._showcase.looking.experiment, moment.experiment
        ):
            data = DataStore.load(moment.experiment, CPU)
            self._showcase = Showcase(Looking(moment.experiment, data, CPU))
            self._moment = None
        if self._moment is not moment:
            self._moment = None  # half taken on where it fails
            self._showcase.looking.take(moment.experiment, arrays_of(moment), moment.state)
            self._moment = moment
        return self._showcase


def _alike(one: Experiment, other: Experiment) -> bool:
    """Whether both have the same data and networks: live options alone differ."""
    if one == other:
        return True
    return all(path == "title" or _live(one, path) for path in one.differences(other))


def _live(experiment: Experiment, path: str) -> bool:
    try:
        info = experiment.option_info(path)
    except InputError:  # the other has it alone
        return False
    return info is not None and info.live
