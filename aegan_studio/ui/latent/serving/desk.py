"""What the handlers of requests share: the model, the plane of the map, and what is kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar

from aegan_studio.experiment import Experiment

if TYPE_CHECKING:
    from aegan_studio.ml.latent.explorer import LatentModel
    from aegan_studio.ui.latent.messages import Load

Kept = TypeVar("Kept")


class Desk:
    """The worker's own copy of the model, and what was computed of it.

    Parameters
    ----------
    open_model : callable
        Builds the model of an experiment.
    """

    def __init__(self, open_model: Callable[[Experiment], Any]) -> None:
        self._open_model = open_model
        self._model: LatentModel | None = None
        self._of_snapshot: dict[Hashable, Any] = {}
        self._of_model: dict[Hashable, Any] = {}
        self.plane: Any = None
        """The plane of the map (``ml.latent.projection.Projection`` or like it), at first none."""

    @property
    def ready(self) -> bool:
        """Whether a snapshot is in place."""
        return self._model is not None

    @property
    def model(self) -> LatentModel:
        """The model with the latest snapshot."""
        assert self._model is not None  # the worker serves nothing before the first snapshot
        return self._model

    def load(self, request: Load) -> None:
        """Take on a snapshot; the networks are rebuilt where the experiment is another."""
        known = self._model
        if known is None or not _same_networks(known.experiment, request.experiment):
            self._model, self.plane = None, None
            self._of_model.clear()
            known = self._open_model(request.experiment)
        known.load(request.weights)
        self._of_snapshot.clear()
        self._model = known

    def keep(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What ``make`` makes, once a snapshot."""
        if key not in self._of_snapshot:
            self._of_snapshot[key] = make()
        kept: Kept = self._of_snapshot[key]
        return kept

    def hold(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What ``make`` makes, once a model and its data: snapshots do not matter to it."""
        if key not in self._of_model:
            self._of_model[key] = make()
        kept: Kept = self._of_model[key]
        return kept

    def let_go(self, key: Hashable) -> None:
        """Forget what was kept or held under a key."""
        self._of_snapshot.pop(key, None)
        self._of_model.pop(key, None)


def _same_networks(one: Experiment, other: Experiment) -> bool:
    """Whether the weights of one fit the other, on the same data."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("seed", "dataset", "networks", "method")
    )
