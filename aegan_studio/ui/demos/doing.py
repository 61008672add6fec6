"""What “Show me” does: each action of a demo, carried out in the window as a person would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from aegan_studio.catalog.demos import (
    Edit,
    FromPicture,
    GlideTo,
    GoTo,
    PlayWalk,
    ShowPage,
    Train,
)
from aegan_studio.i18n import tr
from aegan_studio.ui.demos.pictures import Example
from aegan_studio.ui.latent.messages import Loaded
from aegan_studio.ui.latent.state import Pin
from aegan_studio.ui.latent.stops_messages import Stopped, Stops

FRAMES_A_LEG = 12
MOST_FRAMES = 121

if TYPE_CHECKING:
    from aegan_studio.ui.latent.explorer import Explorer
    from aegan_studio.ui.window import Window


@singledispatch
def act(action: object, window: Window) -> None:
    """Carry out an action of a demo."""
    raise TypeError(f"nothing shows {type(action).__name__}")


@act.register(ShowPage)
def _page(action: ShowPage, window: Window) -> None:
    window.show_workspace(action.workspace)
    if action.place is not None and action.page is not None:
        workspace: Any = window.workspace
        workspace.show_page(action.place, action.page)


@act.register(PlayWalk)
def _walk(action: PlayWalk, window: Window) -> None:
    workspace = _explore(window)
    workspace.show_page("walk", "walk")

    def play(stopped: Stopped) -> None:
        explorer: Explorer = workspace.explorer
        names = [name.partition(":")[2] for name in stopped.names]
        if len(set(names)) == len(names) and all(n.startswith("class:") for n in stopped.names):
            labels = names
        else:
            labels = [chr(ord("A") + index) for index in range(len(names))]
        legs = len(stopped.codes) - 1
        explorer.set_way(replace(explorer.way, frames=min(FRAMES_A_LEG * legs + 1, MOST_FRAMES)))
        explorer.set_pins([Pin(n, c) for n, c in zip(labels, stopped.codes, strict=True)])
        explorer.move(stopped.codes[0])
        explorer.settle()
        _Once(explorer.walked, workspace, lambda walk: walk is not None, lambda _: start())

    def start() -> None:
        page: Any = workspace.page("walk", "walk")
        if not page.playing:
            page.toggle()

    _ask_stops(workspace, action.stops, play)


@act.register(GoTo)
def _code(action: GoTo, window: Window) -> None:
    workspace = _explore(window)

    def go(stopped: Stopped) -> None:
        workspace.explorer.move(stopped.codes[0])
        workspace.explorer.settle()

    _ask_stops(workspace, (action.stop,), go)


@act.register(Train)
def _train(action: Train, window: Window) -> None:
    window.show_workspace("train")
    session = window.session
    if session.state == "finished" and action.steps is not None:
        window.document.edit({"training.steps": session.step + action.steps})
        session.train()
    elif action.steps is not None:
        session.step_once(action.steps)
    elif session.state != "running":
        session.train()


@act.register(Edit)
def _edit(action: Edit, window: Window) -> None:
    window.show_workspace("train")
    window.document.edit(action.changes, tr("demo"))
    if action.restart:
        window.session.restart()


@act.register(GlideTo)
def _glide(action: GlideTo, window: Window) -> None:
    window.show_workspace("train")
    if window.session.state != "running":
        window.session.train()
    workspace: Any = window.workspace
    mixer = workspace.panel("mixer")
    marks = {model.name: model for model in window.document.experiment.method.morph}
    if action.mark in marks:
        mixer.set_seconds(action.seconds)
        mixer.glide_to(marks[action.mark])


@act.register(FromPicture)
def _picture(action: FromPicture, window: Window) -> None:
    workspace = _explore(window)
    workspace.show_page("canvas", "picture")
    page: Any = workspace.page("canvas", "picture")
    _when_loaded(workspace, lambda: Example(page, workspace.explorer, action).start())


def _explore(window: Window) -> Any:
    window.show_workspace("explore")
    return window.workspace


def _ask_stops(workspace: Any, names: tuple[str, ...], then: Callable[[Stopped], None]) -> None:
    """Ask where stops lie once there is a model, and go on with the answer."""
    explorer: Explorer = workspace.explorer
    asking = _Answer(workspace, then)
    explorer.listen(Stops, asking.take)
    _when_loaded(workspace, lambda: explorer.ask(Stops(names)))


def _when_loaded(workspace: Any, then: Callable[[], object]) -> None:
    """At once where a model is in place, else when it comes."""
    explorer: Explorer = workspace.explorer
    if explorer.model is not None:
        then()
    else:
        _Once(explorer.loaded, workspace, _is_model, lambda _: then())


def _is_model(model: Loaded | None) -> bool:
    return model is not None


class _Answer(QObject):
    """Waits for one answer about stops; lives with the workspace, and is heard only once."""

    def __init__(self, parent: QObject, then: Callable[[Stopped], None]) -> None:
        super().__init__(parent)
        self._then: Callable[[Stopped], None] | None = then

    def take(self, answer: object) -> None:
        """Go on with the first answer."""
        then, self._then = self._then, None
        if then is not None and isinstance(answer, Stopped):
            then(answer)
            self.deleteLater()


class _Once(QObject):
    """Waits for a signal whose value is as wished, then acts, once."""

    def __init__(
        self,
        signal: Any,
        parent: QObject,
        wished: Callable[[Any], bool],
        then: Callable[[Any], object],
    ) -> None:
        super().__init__(parent)
        self._signal, self._wished, self._then = signal, wished, then
        signal.connect(self._on_signal)

    def _on_signal(self, value: object) -> None:
        if self._wished(value):
            self._signal.disconnect(self._on_signal)
            self._then(value)
            self.deleteLater()
