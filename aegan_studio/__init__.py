"""AEGAN Studio: a desktop playground for autoencoders and GANs.

Importing it is cheap: neither torch nor Qt is loaded before something that needs it is used.

    import aegan_studio as studio

    run = studio.train(studio.recipe("digits-vae"), out="my-run", steps=500)
    pictures = run.generate(16, seed=1)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aegan_studio.api import Run, demo, load_run, train
    from aegan_studio.catalog.demos import demos
    from aegan_studio.catalog.recipes import recipe, recipes
    from aegan_studio.experiment import Experiment, InputError
    from aegan_studio.messages import StudioError

__version__ = "0.1.0"

__all__ = [
    "Experiment",
    "InputError",
    "Run",
    "StudioError",
    "__version__",
    "branch",
    "demo",
    "demos",
    "load_run",
    "recipe",
    "recipes",
    "train",
]

_HOMES = {
    "Experiment": "aegan_studio.experiment",
    "InputError": "aegan_studio.experiment",
    "Run": "aegan_studio.api",
    "StudioError": "aegan_studio.messages",
    "branch": "aegan_studio.api",
    "demo": "aegan_studio.api",
    "demos": "aegan_studio.catalog.demos",
    "load_run": "aegan_studio.api",
    "recipe": "aegan_studio.catalog.recipes",
    "recipes": "aegan_studio.catalog.recipes",
    "train": "aegan_studio.api",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """All public names, loaded or not."""
    return sorted(__all__)
