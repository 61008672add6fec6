"""The workspaces of the window, as data: each is imported when it is first shown."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from aegan_studio.messages import Message, msg
from aegan_studio.ui.document import Document
from aegan_studio.ui.training.session import Session


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace: ``target`` is ``module:class``, imported when it is first shown."""

    name: str
    label: Message
    target: str
    with_recipe: bool = False

    @property
    def exists(self) -> bool:
        """Whether this build of the program has it."""
        return importlib.util.find_spec(self.target.partition(":")[0]) is not None

    def make(self, document: Document, session: Session) -> QWidget:
        """Import and build it."""
        module, _, name = self.target.partition(":")
        widget: QWidget = getattr(importlib.import_module(module), name)(document, session)
        return widget


PANELS = "aegan_studio.ui.panels"

WORKSPACES = (
    Workspace("train", msg("Train"), "aegan_studio.ui.panels.train.workspace:TrainWorkspace", True),
    Workspace(
        "explore", msg("Explore"), "aegan_studio.ui.panels.explore.workspace:ExploreWorkspace"
    ),
    Workspace(
        "compare",
        msg("Compare"),
        "aegan_studio.ui.panels.compare.workspace:CompareWorkspace",
        True,
    ),
    Workspace("learn", msg("Learn"), "aegan_studio.ui.panels.learn.workspace:LearnWorkspace"),
)
