"""The recipes as a list to choose from: by family, then by dataset."""

from __future__ import annotations

from aegan_studio.catalog.models import FAMILIES, nearest
from aegan_studio.catalog.recipes import recipes
from aegan_studio.experiment.parts import DATASETS
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.ui.widgets.pick_list import Pick


def recipe_picks() -> list[Pick]:
    """All recipes that load, in the order of families and datasets."""
    order = list(FAMILIES)
    kinds = DATASETS.kinds()
    found: list[tuple[tuple[int, int, str], Pick]] = []
    for recipe in recipes():
        try:
            experiment = recipe.experiment()
        except StudioError:  # one that does not load must not keep the others away
            continue
        family = experiment.method.family
        model = nearest(experiment)[0]
        dataset = experiment.dataset.kind
        pick = Pick(
            recipe.name,
            tr(recipe.title),
            tr(recipe.help),
            tr(DATASETS[dataset].label),
            tr(FAMILIES[family]),
            f"{recipe.name} {tr(model.label)} {model.name} {model.paper}",
        )
        found.append(((order.index(family), kinds.index(dataset), pick.label.casefold()), pick))
    return [pick for _, pick in sorted(found, key=lambda pair: pair[0])]
