"""The planes that the map offers: their names, their axes, and the menu to choose from."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import combinations

import numpy as np
from PySide6.QtGui import QActionGroup

from aegan_studio.i18n import tr
from aegan_studio.messages import Message, msg
from aegan_studio.ui.latent.messages import Charted, Loaded, PlaneChoice
from aegan_studio.ui.latent.state import Pin
from aegan_studio.ui.panels.explore.map.paint import Titles
from aegan_studio.ui.widgets.menus import Menu

LEADING = 10
"""Leading directions that are found at most."""
TRIPLES = 12
"""Threes of pins that the menu offers at most."""
VALUES = 256
"""Values of a code that the menu offers at most."""
INSTALL = 'pip install "aegan-studio[umap]"'

Choose = Callable[[PlaneChoice], None]


@cache
def has_umap() -> bool:
    """Whether the extra that lays maps out by UMAP is installed."""
    return importlib.util.find_spec("umap") is not None


def leads(chart: Charted) -> bool:
    """Whether the leading directions are principal components, not those of most change."""
    return chart.source == "encoded"


def plane_name(choice: PlaneChoice, chart: Charted, pins: Sequence[Pin]) -> str:
    """The chosen plane in a word or two, for the button."""
    a, b = (index + 1 for index in (*choice.indices, 0)[:2])
    match choice.kind:
        case "tsne":
            return "t-SNE"
        case "umap":
            return "UMAP"
        case "codes":
            return tr("Pins {names}", names=" ".join(_names(choice, pins)))
        case "leading" if chart.plane.kind == "components":
            return tr("PCA {a}, {b}", a=a, b=b)
        case "leading" if chart.plane.kind == "responses":
            return tr("Change {a}, {b}", a=a, b=b)
    shown = [index + 1 for index in chart.plane.indices]
    return tr("Values {which}", which=", ".join(map(str, shown)))


def _names(choice: PlaneChoice, pins: Sequence[Pin]) -> list[str]:
    """The pins that a plane goes through; those that moved since go by their number."""
    names = []
    for number, code in enumerate(choice.through, 1):
        same = (pin.name for pin in pins if np.array_equal(pin.code, code))
        names.append(next(same, str(number)))
    return names


def axis_words(
    choice: PlaneChoice, chart: Charted, pins: Sequence[Pin]
) -> tuple[tuple[str, str], Titles]:
    """What the axes are: formulas beside the ticks, or words inside the frame."""
    plane = chart.plane
    names = [index + 1 for index in plane.indices]
    match plane.kind:
        case "values":
            formulas = [f"z_{{{name}}}" for name in names] + [""]
            spread = tr("spread out to be told apart") if len(names) == 1 else ""
            return (formulas[0], formulas[1]), Titles("", spread)
        case "codes":
            first, second, third = _names(choice, pins)
            return ("", ""), Titles(
                tr("from {a} to {b}", a=first, b=second), tr("towards {c}", c=third)
            )
        case "tsne" | "umap":
            return ("", ""), Titles()
    title = (
        msg("direction {n}: {share:.0f} % of what changes")
        if plane.kind == "responses"
        else msg("component {n}: {share:.0f} % of the variance")
    )
    told = [
        tr(title, n=name, share=100 * float(share))
        for name, share in zip(names, plane.explained, strict=True)
    ]
    return ("", ""), Titles(*told[:2])


def plane_menu(
    menu: Menu, choice: PlaneChoice, model: Loaded, chart: Charted, pins: Sequence[Pin], to: Choose
) -> Menu:
    """Fill a menu with the planes of a model, and with the axes of the chosen one."""
    kinds = QActionGroup(menu)

    def offer(label: str, target: PlaneChoice, tip: Message | None = None, on: bool = True) -> None:
        action = menu.add(label, partial(to, target), enabled=on)
        action.setToolTip("" if tip is None else tr(tip))
        action.setCheckable(True)
        action.setChecked(on and _same(target, choice))
        kinds.addAction(action)

    kept = choice.indices if max(choice.indices) < model.dimensions else (0, 1)
    if model.dimensions > 2:
        most = min(LEADING, model.dimensions) if chart.shares is None else len(chart.shares)
        at = kept if max(kept) < most else (0, 1)
        label = tr("Principal components") if leads(chart) else tr("Directions of most change")
        offer(
            label,
            PlaneChoice("leading", at),
            msg("The plane in which the codes spread most.")
            if leads(chart)
            else msg("The plane along which decoded pictures change most."),
        )
    two = kept if model.dimensions > 1 else (0,)
    offer(
        tr("Values of the code"),
        PlaneChoice("values", two),
        msg("Two values of the code as they are."),
    )
    if model.dimensions > 2:
        _offer_pins(menu, offer, pins)
        offer(
            "t-SNE",
            PlaneChoice("tsne"),
            msg("Neighbours stay together; distances between groups mean little."),
        )
        offer(
            "UMAP" if has_umap() else tr("UMAP (an extra: {command})", command=INSTALL),
            PlaneChoice("umap"),
            msg("Neighbours stay together, groups lie nearer to where they belong."),
            has_umap(),
        )
    if choice.kind in ("leading", "values") and model.dimensions > 2:
        menu.addSeparator()
        for place, words in enumerate((tr("Across"), tr("Up"))):
            menu.addMenu(_axis_menu(menu, words, place, choice, model, chart, to))
    return menu


def _same(one: PlaneChoice, other: PlaneChoice) -> bool:
    if one.kind != other.kind:
        return False
    return one.kind != "codes" or one.through == other.through


def _offer_pins(menu: Menu, offer: Callable[..., None], pins: Sequence[Pin]) -> None:
    tip = msg("The plane through three pins, at true distances.")
    threes = list(combinations(pins, 3))[:TRIPLES]
    if not threes:
        offer(tr("Through three pins (pin three codes first)"), PlaneChoice("codes"), tip, False)
    for three in threes:
        through = tuple(tuple(float(value) for value in pin.code) for pin in three)
        label = tr("Through pins {names}", names=" ".join(pin.name for pin in three))
        offer(label, PlaneChoice("codes", through=through), tip)


def _axis_menu(
    menu: Menu,
    words: str,
    place: int,
    choice: PlaneChoice,
    model: Loaded,
    chart: Charted,
    to: Choose,
) -> Menu:
    labels = _axes(choice, model, chart)
    axis = Menu(tr("{axis}: {name}…", axis=words, name=labels[choice.indices[place]]), menu)
    group = QActionGroup(axis)
    for index, label in enumerate(labels):
        indices = list(choice.indices)
        if index == indices[1 - place]:
            indices[1 - place] = indices[place]  # the two axes change places
        indices[place] = index
        action = axis.add(label, partial(to, replace(choice, indices=(indices[0], indices[1]))))
        action.setCheckable(True)
        action.setChecked(choice.indices[place] == index)
        group.addAction(action)
    return axis


def _axes(choice: PlaneChoice, model: Loaded, chart: Charted) -> list[str]:
    if choice.kind == "values":
        names = [tr(name) for name in model.names[:VALUES]]
        return names or [tr("value {n}", n=index + 1) for index in range(model.dimensions)]
    shares = np.zeros(0) if chart.shares is None else chart.shares
    title = (
        msg("component {n}, {share:.1f} %") if leads(chart) else msg("direction {n}, {share:.1f} %")
    )
    return [tr(title, n=n + 1, share=100 * float(share)) for n, share in enumerate(shares)]
