"""Which panels the train workspace has and where each stands, as data."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt

from aegan_studio.catalog.views import VIEWS
from aegan_studio.catalog.views.plane import maps_codes
from aegan_studio.experiment import Experiment
from aegan_studio.messages import Message, msg
from aegan_studio.ui.document import Document
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.panels import Panel

ACROSS = Qt.Orientation.Horizontal
DOWN = Qt.Orientation.Vertical

HERE = "aegan_studio.ui.panels.train"

Asks = Callable[[Experiment], bool]


def _always(_experiment: Experiment) -> bool:
    return True


def _never(_experiment: Experiment) -> bool:
    return False


def _of_images(experiment: Experiment) -> bool:
    return experiment.data_info().modality == "image"


def _of_points(experiment: Experiment) -> bool:
    return experiment.data_info().modality == "points"


def _of_rebuilt_images(experiment: Experiment) -> bool:
    return _of_images(experiment) and "encoder" in experiment.networks


def has_mixer(experiment: Experiment) -> bool:
    """Whether the experiment's method declares several weights, to be mixed."""
    return len(experiment.method.mixer) > 1


def has_exhibit(experiment: Experiment) -> bool:
    """Whether the experiment's method shows more than samples and reconstructions of pictures."""
    return bool(experiment.method.exhibits) and _of_images(experiment)


def _drawn_first(experiment: Experiment) -> bool:
    """Whether the drawn model stands there unasked: the laboratory's plane has its place."""
    return not _of_points(experiment) or has_mixer(experiment)


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """One panel of the workspace, imported and made when it is first shown.

    Attributes
    ----------
    name : str
        Stable key.
    label : Message
        What it is called in the menu of views.
    target : str
        ``"module:Class"``, made with the document and the session.
    fits : callable
        For which experiments it can be shown.
    first : callable or None
        For which of them it is there until a person removes it; ``None``: for all that it fits.
    share : int
        Its part of the room against its neighbours'.
    least : int
        The fewest pixels it works in, across or down as its group runs.
    ease : int
        The pixels that count where it is asked whether its row is too narrow for all.
    instead : str
        The panel that it takes turns with in a row that is too narrow for both.
    many : bool
        Whether there can be several of it.
    yields : int
        Where its group is too low for all, panels with the highest of these numbers go first;
        those with 0 never do.
    """

    name: str
    label: Message
    target: str
    fits: Asks
    share: int
    least: int
    first: Asks | None = None
    ease: int = 0
    instead: str = ""
    many: bool = False
    yields: int = 0

    def stands_first(self, experiment: Experiment) -> bool:
        """Whether it is there unless a person removed it."""
        return self.fits(experiment) and (self.first or _always)(experiment)

    def make(self, document: Document, session: Session) -> Panel:
        """Import and build it."""
        module, _, name = self.target.partition(":")
        panel: Panel = getattr(importlib.import_module(module), name)(document, session)
        return panel


@dataclass(frozen=True, slots=True)
class Group:
    """Panels and groups beside or below each other, ``least`` pixels wide or high.

    One that ``scrolls`` keeps its panels at their least widths and can be moved sideways; one
    that is ``fixed`` is never larger than its least; ``yields`` is as of :class:`PanelSpec`.
    """

    name: str
    runs: Qt.Orientation
    share: int
    least: int
    parts: tuple[PanelSpec | Group, ...]
    scrolls: bool = False
    fixed: bool = False
    yields: int = 0

    def panels(self) -> Iterator[PanelSpec]:
        """Every panel of it, those of its groups too."""
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.panels()
            else:
                yield part

    def groups(self) -> Iterator[Group]:
        """The group itself and every group in it."""
        yield self
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.groups()


def _view(name: str, label: Message, target: str, least: int = 240) -> PanelSpec:
    """A live view, there once a person has added it."""
    return PanelSpec(
        name, label, f"{HERE}.views.{target}", VIEWS[name].fits, least, least, first=_never
    )


ROOT = Group(
    "",
    DOWN,
    1,
    0,
    (
        Group(
            "instrument",
            ACROSS,
            252,
            170,
            (
                PanelSpec(
                    "model",
                    msg("Model"),
                    f"{HERE}.model.panel:ModelPanel",
                    _always,
                    704,
                    420,
                    first=_drawn_first,
                ),
                PanelSpec(
                    "mixer", msg("Loss mixer"), f"{HERE}.mixer:MixerPanel", has_mixer, 272, 208
                ),
            ),
            yields=1,
        ),
        Group(
            "making",
            ACROSS,
            448,
            180,
            (
                PanelSpec(
                    "samples",
                    msg("Samples"),
                    f"{HERE}.pictures:SamplesPanel",
                    _of_images,
                    262,
                    150,
                    ease=190,
                ),
                PanelSpec(
                    "reconstructions",
                    msg("Reconstructions"),
                    f"{HERE}.pictures:ReconstructionsPanel",
                    _of_rebuilt_images,
                    318,
                    204,
                ),
                PanelSpec(
                    "exhibit",
                    msg("What the method shows"),
                    f"{HERE}.exhibit:ExhibitPanel",
                    has_exhibit,
                    262,
                    130,
                    ease=190,
                    instead="samples",
                ),
                PanelSpec(
                    "plane", msg("Plane"), f"{HERE}.plane.panel:PlanePanel", _of_points, 640, 240
                ),
                Group(
                    "side",
                    DOWN,
                    388,
                    260,
                    (
                        PanelSpec(
                            "step",
                            msg("One step"),
                            f"{HERE}.step.panel:OneStepPanel",
                            _always,
                            290,
                            272,
                            first=_of_points,
                        ),
                        PanelSpec(
                            "noise",
                            msg("Noise"),
                            f"{HERE}.plane.noise:NoisePanel",
                            _of_points,
                            136,
                            128,
                            first=maps_codes,
                            yields=2,
                        ),
                        PanelSpec(
                            "plots",
                            msg("Losses"),
                            f"{HERE}.plots.panel:PlotsPanel",
                            _always,
                            150,
                            138,
                            yields=1,
                        ),
                    ),
                ),
            ),
        ),
        Group(
            "more",
            ACROSS,
            240,
            180,
            (
                PanelSpec(
                    "doctor",
                    msg("Doctor"),
                    f"{HERE}.doctor:DoctorPanel",
                    _always,
                    340,
                    320,
                    first=_never,
                ),
                _view("verdicts", msg("Verdicts"), "verdicts:VerdictsPanel"),
                _view("layers", msg("Layers"), "layers:LayersPanel", least=340),
                _view("filters", msg("Filters"), "filters:FiltersPanel"),
                _view("features", msg("Feature maps"), "features:FeaturesPanel", least=280),
                _view("codes", msg("Codes"), "codes:CodesPanel"),
                _view("classes", msg("Classes"), "classes:ClassesPanel"),
                PanelSpec(
                    "metric",
                    msg("Metrics"),
                    f"{HERE}.views.metric:MetricPanel",
                    _always,
                    300,
                    240,
                    first=_never,
                    many=True,
                ),
                PanelSpec(
                    "measures",
                    msg("Measures"),
                    f"{HERE}.measures.panel:MeasuresPanel",
                    _of_points,
                    300,
                    300,
                    first=_never,
                ),
            ),
            scrolls=True,
        ),
        Group(
            "time",
            ACROSS,
            134,
            134,
            (
                PanelSpec(
                    "timeline",
                    msg("Timeline"),
                    f"{HERE}.timeline.panel:TimelinePanel",
                    _always,
                    1,
                    240,
                ),
            ),
            fixed=True,
        ),
    ),
)
"""What stands where; a panel is added by adding a line."""
