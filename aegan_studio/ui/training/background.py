"""The window's errands, one after another in a thread: the other door to ``ml`` in this room."""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QThread, Signal

from aegan_studio import paths
from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import DATASETS, DatasetOptions
from aegan_studio.messages import StudioError
from aegan_studio.runs.demos import tidy
from aegan_studio.runs.library import recent

if TYPE_CHECKING:
    from aegan_studio.runs.sketching import Source

log = logging.getLogger(__name__)

_PANELS = "aegan_studio.ui.panels"
_SOON = (
    f"{_PANELS}.layers.door",
    f"{_PANELS}.recipe.panel",
    f"{_PANELS}.train.workspace",
    f"{_PANELS}.explore.workspace",
    *(
        f"{_PANELS}.explore.{page}"
        for page in ("map.page", "code.page", "easel.page", "moves.axes", "keep.pins", "walk.page")
    ),
    "aegan_studio.ml.latent.explorer",
    *(
        f"aegan_studio.ui.latent.serving.{name}"
        for name in ("core", "charts", "tiles", "walks", "memory")
    ),
    *(f"aegan_studio.ml.methods.{name}" for name in ("aegan", "gan", "vae")),
    *(f"aegan_studio.ml.data.{name}" for name in ("photos", "points")),
    "PIL.JpegImagePlugin",
    "sklearn.mixture",
)
"""Modules that a window soon needs; importing them makes no widget."""


SHAPED = 260
"""Points of the small picture of a shape."""
AT_ONCE = ("ring", "circle", "spiral", "grid")
"""Shapes in view with the recipe whose code imports nothing slow."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Some items of a dataset as they are shown.

    Images are uint8, (n, H, W) or (n, H, W, 3); points are float32 (n, 2) in their own units.
    """

    modality: str
    items: Any
    labels: Any


class Background(QThread):
    """Does the window's small errands one after another: torch's import, shapes, previews.

    Of the errands with the same name only the newest is done. Answers carry what was asked, so
    that whoever asked something else meanwhile can drop them.
    """

    torch_ready = Signal()
    """Torch and the trainer are imported: the first step is near."""
    fetched = Signal()
    """All that a window soon needs is imported."""
    inspected = Signal(object, object)
    """An :class:`Experiment` and the :class:`Inspection` of its networks."""
    samples_ready = Signal(str, object, object)
    """The name of the errand, the dataset's options and its :class:`Samples`."""
    mended = Signal(object, object)
    """A mended :class:`Experiment` that :meth:`try_out` was asked about, and its inspection."""
    untrained_ready = Signal(object, str, object)
    """An :class:`Experiment`, a role, and what its network makes before any training."""
    pace_measured = Signal(object)
    """A :class:`Pace`: how fast this computer runs layers."""
    shape_ready = Signal(str, object)
    """The kind of a dataset of points and its :class:`Samples`, for :meth:`show_shapes`."""
    sketch_read = Signal(object, object)
    """What was to be read, and the :class:`Imported` drawing or the :class:`StudioError`."""
    runs_listed = Signal(object)
    """The newest runs, a list of :class:`RunSummary`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("background")
        self._errands: dict[str, Callable[[], None]] = {}
        self._wake = threading.Condition()
        self._ended = self._left = False
        self._shapes: dict[str, Samples] = {}

    def warm_up(self) -> None:
        """Import torch and the trainer, then what else the first run or demo will need."""
        self._ask("warm up", self._import_torch)

    def leave(self) -> None:
        """Import no more ahead of need: the person has begun, and would wait for it."""
        self._left = True

    def inspect(self, experiment: Experiment) -> None:
        """Work out the shapes, sizes and problems of the networks."""
        self._ask("inspect", lambda: self._inspect(experiment))

    def try_out(self, experiment: Experiment) -> None:
        """Inspect an experiment that is not the document's."""
        self._ask("try out", lambda: self._try_out(experiment))

    def show_untrained(self, experiment: Experiment, role: str, count: int, values: int) -> None:
        """Run one network as it is before any training; its shapes must fit."""
        self._ask("untrained", lambda: self._untrained(experiment, role, count, values))

    def measure_pace(self) -> None:
        """Measure how fast layers run here; takes a fifth of a second."""
        self._ask("pace", self._measure_pace)

    def load_samples(
        self, name: str, dataset: DatasetOptions, seed: int = 0, count: int = 64
    ) -> None:
        """Load ``count`` items of a dataset to show."""
        self._ask(f"samples {name}", lambda: self._load_samples(name, dataset, seed, count))

    def show_shapes(self, kinds: Sequence[str]) -> None:
        """Draw some points of each dataset as it is by default, once; others' errands go first."""
        rest = []
        for kind in kinds:
            if kind in self._shapes:
                self.shape_ready.emit(kind, self._shapes[kind])
            else:
                rest.append(kind)
        if rest:
            self._ask("shapes", lambda: self._show_shapes(tuple(rest)))

    def read_sketch(self, source: Source, colour: int) -> None:
        """Read a drawing from a picture or a table."""
        self._ask("sketch", lambda: self._read_sketch(source, colour))

    def list_runs(self, folder: Path, limit: int) -> None:
        """List the newest runs of a folder; demos that were trained in have become some."""
        self._ask("runs", lambda: self._list_runs(folder, limit))

    def end(self) -> None:
        """Finish the errand under way and end the thread; waits for it."""
        with self._wake:
            self._ended = True
            self._wake.notify()
        self.wait()

    def run(self) -> None:
        """Do errands until :meth:`end`."""
        while True:
            with self._wake:
                while not self._errands and not self._ended:
                    self._wake.wait()
                if self._ended:
                    return
                errand = self._errands.pop(next(iter(self._errands)))
            try:
                errand()
            except Exception:  # a preview that fails must not end the others
                log.exception("an errand of the window failed")

    def _ask(self, name: str, errand: Callable[[], None]) -> None:
        with self._wake:
            self._errands[name] = errand
            self._wake.notify()

    def _show_shapes(self, kinds: tuple[str, ...]) -> None:
        first, rest = kinds[:1], kinds[1:]
        for kind in first:
            self._draw_shape(kind)
            self.shape_ready.emit(kind, self._shapes[kind])
        if rest:
            self._ask("shapes", lambda: self._show_shapes(rest))

    def _draw_shape(self, kind: str) -> None:
        if kind not in self._shapes:
            data = DATASETS[kind].defaults().model_copy(update={"count": SHAPED})
            raw = DATASETS[kind].load()(data, 0)
            self._shapes[kind] = Samples("points", raw.items, raw.labels)

    def _read_sketch(self, source: Source, colour: int) -> None:
        from aegan_studio.runs.sketching import read_sketch  # Pillow: not before the window shows

        try:
            self.sketch_read.emit(source, read_sketch(source, colour))
        except StudioError as error:
            self.sketch_read.emit(source, error)

    def _list_runs(self, folder: Path, limit: int) -> None:
        tidy(paths.demos_dir(), runs=folder)
        self.runs_listed.emit(recent(folder, limit))

    def _import_torch(self) -> None:
        for kind in AT_ONCE:  # milliseconds now, seconds once torch is being imported
            self._draw_shape(kind)
        import pyqtgraph  # noqa: F401 - makes no widget, and the train workspace soon needs it

        import aegan_studio.ml.trainer  # noqa: F401 - only so that the first step is near

        self.torch_ready.emit()
        self._ask("rehearse", self._rehearse)

    def _rehearse(self) -> None:
        """Build a network: that is slow only the first time."""
        from aegan_studio.ml.model import Model

        Model.build(recipe("digits-autoencoder"))
        self._fetch(0)

    def _fetch(self, index: int) -> None:
        """Import one of the modules soon needed; others' errands come in between."""
        if self._left:
            return
        if index < len(_SOON):
            importlib.import_module(_SOON[index])
            self._ask("rehearse", lambda: self._fetch(index + 1))
        else:
            self.fetched.emit()

    def _inspect(self, experiment: Experiment) -> None:
        from aegan_studio.ml.networks.inspect import inspect

        self.inspected.emit(experiment, inspect(experiment))

    def _try_out(self, experiment: Experiment) -> None:
        from aegan_studio.ml.networks.inspect import inspect

        self.mended.emit(experiment, inspect(experiment))

    def _untrained(self, experiment: Experiment, role: str, count: int, values: int) -> None:
        from aegan_studio.ml.networks.untrained import untrained

        self.untrained_ready.emit(experiment, role, untrained(experiment, role, count, values))

    def _measure_pace(self) -> None:
        from aegan_studio.ml.device import one_thread_here
        from aegan_studio.ml.networks.pace import measure

        one_thread_here()  # this thread's errands leave the other cores to the training
        self.pace_measured.emit(measure())

    def _load_samples(self, name: str, dataset: DatasetOptions, seed: int, count: int) -> None:
        from aegan_studio.ml.data.store import coloured

        modality = dataset.info().modality
        raw = DATASETS.of(dataset).load()(dataset, seed)
        chosen = np.random.default_rng(seed).permutation(len(raw.items))[: 8 * count]
        if modality == "image" and raw.labels is not None:
            chosen = _alternating(chosen, raw.labels)
        chosen = chosen[:count]
        items = raw.items[chosen]
        if modality == "image":
            items = coloured(_as_pictures(items, raw.low, raw.high), dataset.info())
        labels = None if raw.labels is None else raw.labels[chosen]
        self.samples_ready.emit(name, dataset, Samples(modality, items, labels))


def _alternating(
    chosen: npt.NDArray[np.int64], labels: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Reordered so that all classes come in turn: 0 1 2 … 0 1 2 …"""
    seen: dict[int, int] = {}
    keys = []
    for index in chosen.tolist():
        label = int(labels[index])
        keys.append((seen.get(label, 0), label))
        seen[label] = seen.get(label, 0) + 1
    return chosen[sorted(range(len(chosen)), key=keys.__getitem__)]


def _as_pictures(items: npt.NDArray[Any], low: float | None, high: float | None) -> Any:
    """Items (n, C, H, W) as uint8 pictures (n, H, W) or (n, H, W, 3)."""
    floor = float(items.min()) if low is None else low
    ceiling = float(items.max()) if high is None else high
    scaled = (items - floor) * (255.0 / max(ceiling - floor, 1e-12))
    pictures = np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    return pictures[:, 0] if pictures.shape[1] == 1 else np.moveaxis(pictures, 1, -1)
