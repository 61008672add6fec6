"""What exists: datasets, layers, network presets, methods and recipes, with their options.

Nothing here imports torch or Qt; the code behind an entry is named by a string and loaded when
it is first used.
"""

from aegan_studio.catalog.recipes import Recipe, recipe, recipes
from aegan_studio.experiment.parts import DATASETS, LAYERS, METHODS, NETWORKS

__all__ = ["DATASETS", "LAYERS", "METHODS", "NETWORKS", "Recipe", "recipe", "recipes"]
