"""A layer out of the user's own code."""

from __future__ import annotations

from typing import Literal

from aegan_studio.catalog.layers.common import BUILD
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import LAYERS, LayerOptions


@LAYERS.register(
    f"{BUILD}.plugin:module",
    label="Own module",
    help="A PyTorch module from a file of your plug-in folder.",
)
class Module(LayerOptions):
    """A layer whose code the user wrote; see :mod:`aegan_studio.plugins`."""

    kind: Literal["module"] = "module"
    file: str = option(
        "", label="File", help="Name of the file in the plug-in folder, without .py."
    )
    name: str = option(
        "layer", label="Name", help="The function or class in the file that makes the module."
    )
    arguments: str = option(
        "",
        label="Options",
        help="What it is given beside the shape, as in width = 64, slope = 0.1.",
    )
