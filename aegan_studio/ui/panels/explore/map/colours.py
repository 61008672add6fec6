"""What the points of the map are coloured by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from aegan_studio.i18n import tr
from aegan_studio.messages import Message, msg
from aegan_studio.ui.latent.messages import Charted, Floats, Loaded
from aegan_studio.ui.theme import CLASS_COLOURS, Theme
from aegan_studio.ui.widgets.scatter_cloud import Tints
from aegan_studio.ui.widgets.scatter_key import Entry, Scale
from aegan_studio.ui.widgets.scatter_ramps import STEPS, ramp

ColourBy = Literal["class", "plain", "loss", "density", "order", "held-out"]

MEASURED: tuple[ColourBy, ...] = ("loss", "density")
"""Those whose numbers the worker finds."""
USUAL = (0.01, 0.99)
"""The share of items whose numbers the ramp spans: a few strays must not use it up."""


@dataclass(frozen=True, slots=True)
class Colouring:
    """One entry of the choice: its name, what it means, and whether it applies."""

    name: ColourBy
    label: Message
    tip: Message
    applies: Callable[[Loaded, Charted], bool]


COLOURINGS = (
    Colouring(
        "class",
        msg("Class"),
        msg("A colour for each class of the data."),
        lambda model, chart: chart.labels is not None and len(model.classes) > 1,
    ),
    Colouring(
        "plain",
        msg("One colour"),
        msg("All points alike."),
        lambda model, chart: chart.labels is None or len(model.classes) < 2,
    ),
    Colouring(
        "loss",
        msg("Loss"),
        msg("How far each item is from its reconstruction: mean squared error, pixels in 0–1."),
        lambda model, chart: chart.source == "encoded",
    ),
    Colouring(
        "density",
        msg("Density"),
        msg("How closely points lie together on this map: 1 is the mean."),
        lambda model, chart: True,
    ),
    Colouring(
        "order",
        msg("Order"),
        msg("The number of each item in the data."),
        lambda model, chart: chart.source == "encoded",
    ),
    Colouring(
        "held-out",
        msg("Held out"),
        msg("Items the training sees, and those it never does."),
        lambda model, chart: bool(chart.held_out.any()),
    ),
)


def on_offer(model: Loaded, chart: Charted) -> list[Colouring]:
    """What the points of this chart can be coloured by."""
    return [colouring for colouring in COLOURINGS if colouring.applies(model, chart)]


@dataclass(frozen=True, slots=True, eq=False)
class Coloured:
    """How the points look, and what stands beside the map."""

    tints: Tints | None
    entries: tuple[Entry, ...] = ()
    scale: Scale | None = None
    kinds: np.ndarray[tuple[int], np.dtype[np.intp]] | None = None
    """The value of each point's entry (n,), where there are entries."""


def coloured(
    by: ColourBy, model: Loaded, chart: Charted, values: Floats | None, theme: Theme
) -> Coloured:
    """The colours of a chart's points.

    Parameters
    ----------
    values : ndarray (n,) or None
        The numbers of :data:`MEASURED`; not-a-number, or ``None``, where they are not known yet.
    """
    if by == "class" and chart.labels is not None:
        present = np.unique(chart.labels)
        entries = tuple(
            Entry(int(k), tr(model.classes[int(k)]), theme.class_color(int(k))) for k in present
        )
        return Coloured(None, entries, kinds=chart.labels.astype(np.intp))
    if by == "held-out":
        kinds = chart.held_out.astype(np.intp)
        palette = (CLASS_COLOURS[0], CLASS_COLOURS[1])
        names = (tr("Training"), tr("Held out"))
        entries = tuple(Entry(k, names[k], palette[k]) for k in (0, 1))
        return Coloured(Tints(kinds, palette), entries, kinds=kinds)
    if by == "plain":
        return Coloured(None)
    title = {"loss": tr("Loss"), "density": tr("Density"), "order": tr("Number")}.get(by, "")
    if by == "order":
        values = None if chart.numbers is None else chart.numbers.astype(np.float64)
    return _ramped(title, len(chart.places), values, theme)


def _ramped(title: str, count: int, values: Floats | None, theme: Theme) -> Coloured:
    shades = ramp(theme)
    palette = (*shades, theme.edge)
    index = np.full(count, STEPS, dtype=np.intp)
    known = None if values is None or len(values) != count else np.isfinite(values)
    if values is None or known is None or not known.any():
        return Coloured(Tints(index, palette))
    low, high = (float(value) for value in np.quantile(values[known], USUAL))
    share = (values[known] - low) / max(high - low, 1e-12)
    index[known] = np.clip(share * STEPS, 0, STEPS - 1).astype(np.intp)
    return Coloured(Tints(index, palette), scale=Scale(title, low, high, shades))
