"""What a mixer mixes: the weights a method declares, its marks, and where an experiment stands."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.options import OptionInfo, describe
from aegan_studio.experiment.parts import NamedModel, TermInfo
from aegan_studio.ui.panels.train.model.scene import terms_of
from aegan_studio.ui.widgets.faders import FaderScale

LETTERS: Mapping[str, str] = {
    "generated": r"\hat{x}",
    "rebuilt": r"\tilde{x}",
    "encoded": r"\hat{z}",
    "cycled": r"\tilde{z}",
}
"""What a critic may judge, by the value of its option."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One term of a mixer.

    ``path`` is the option that weighs it; ``judges`` the option, if any, that says what its
    critic looks at, one of :data:`LETTERS` or ``both``.
    """

    term: TermInfo
    path: str
    info: OptionInfo
    scale: FaderScale
    judges: OptionInfo | None

    @property
    def judges_path(self) -> str:
        """The dotted path of :attr:`judges`."""
        return f"{self.path}_on"

    def sides(self) -> tuple[str, ...]:
        """The single things its critic may look at."""
        if self.judges is None:
            return ()
        return tuple(str(value) for value in self.judges.choices if value in LETTERS)


def channels_of(experiment: Experiment) -> tuple[Channel, ...]:
    """The terms that the method's mixer weighs, in order."""
    method = experiment.method
    infos = {info.name: info for info in describe(type(method))}
    terms = terms_of(experiment)
    found = []
    for name, option in method.mixer.items():
        if name not in terms or option not in infos:
            continue
        info = infos[option]
        low, high = info.soft or (1e-3, 100.0)
        most = info.maximum if info.maximum is not None else high
        scale = FaderScale(max(low, 1e-6), high, most)
        found.append(
            Channel(terms[name][0], f"method.{option}", info, scale, infos.get(f"{option}_on"))
        )
    return tuple(found)


def value_at(experiment: Experiment, path: str) -> Any:
    """The value of an option; ``None`` where the experiment has none such."""
    value: Any = experiment
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else getattr(value, part, None)
    return value


def agrees(experiment: Experiment, model: NamedModel) -> bool:
    """Whether an experiment has all settings of a model."""
    return all(_same(value_at(experiment, path), value) for path, value in model.edits.items())


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-12)
    return bool(one == other)


def nearest(experiment: Experiment, channels: tuple[Channel, ...]) -> tuple[int, bool]:
    """The mark whose settings are nearest, and whether all of them agree.

    Distance is that of the faders' places; among equally near ones the one with the most
    settings that agree. ``-1`` where there are no marks.
    """
    best, least, exact = -1, (math.inf, 0), False
    for index, model in enumerate(experiment.method.morph):
        away = 0.0
        for channel in channels:
            want = model.edits.get(channel.path)
            if want is not None:
                here = channel.scale.place(float(value_at(experiment, channel.path)))
                away += abs(here - channel.scale.place(float(str(want))))
        same = sum(_same(value_at(experiment, path), want) for path, want in model.edits.items())
        all_agree = agrees(experiment, model)
        distance = (-1.0 if all_agree else round(away, 6), -same)
        if distance < least:
            best, least, exact = index, distance, all_agree
    return best, exact


def glided(
    start: Mapping[str, Any],
    end: Mapping[str, Any],
    channels: tuple[Channel, ...],
    share: float,
) -> dict[str, Any]:
    """The settings a share of the way: weights in powers of ten, choices switched half-way."""
    scales = {channel.path: channel.scale for channel in channels}
    settings: dict[str, Any] = {}
    for path, target in end.items():
        if path in scales:
            settings[path] = scales[path].between(float(start[path]), float(target), share)
        else:
            settings[path] = start[path] if share < 0.5 else target
    return settings
