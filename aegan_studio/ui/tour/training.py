"""Screens of the tour: welcome, train, learn, layers, errors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from aegan_studio.experiment.events import Exhibits, Pictures, TermGradients
from aegan_studio.ui.app import Studio
from aegan_studio.ui.panels.welcome.page import FIRST
from aegan_studio.ui.rehearsal import until
from aegan_studio.ui.tour.screen import Screen

FLOATED = ("train.samples", "train.plots")
"""Panels that the tour shows in windows of their own."""
SHORT = {"training.threads": 1, "training.steps": 600}
LESSON = 600
"""Steps after which the lesson's corrected program shows digits."""


def _welcome(studio: Studio) -> None:
    studio.window.show_welcome()


def _demos(studio: Studio) -> None:
    studio.window.welcome.show_section("demos")


def _recipes(studio: Studio) -> None:
    studio.window.welcome.show_section("recipes")
    until(lambda: all(card.has_picture for card in studio.window.welcome.cards), "the cards")


def _recipe(studio: Studio) -> None:
    studio.window.filing.open_recipe(FIRST)
    studio.document.edit(SHORT)
    until(lambda: studio.document.inspection is not None, "shapes")


def _running(studio: Studio) -> None:
    studio.document.edit({"training.steps": 200_000})
    studio.window.top.train.click()
    until(lambda: studio.session.step > 500, "training")


def _pending(studio: Studio) -> None:
    studio.session.pause()
    until(lambda: studio.session.state == "paused", "the pause")
    studio.document.edit({"method.latent_dim": 16})


def _finished(studio: Studio) -> None:
    studio.document.undo_stack.undo()
    studio.document.edit({"training.steps": studio.session.step + 50})
    studio.session.train()
    until(lambda: studio.session.state == "finished", "the end")


def _learn(studio: Studio) -> None:
    studio.window.show_workspace("learn")


def _teach(studio: Studio) -> None:
    """Both programs have something to show; for another language they are built anew."""
    lesson: Any = studio.window.workspace
    if lesson.corrected.step >= LESSON:
        return
    lesson.begin(go=True)
    until(lambda: lesson.corrected.step >= LESSON, "the corrected program")
    lesson.toggle()
    until(lambda: not lesson.running, "both runs at rest")


def _float(studio: Studio) -> None:
    for name in FLOATED:
        studio.window.spaces.floats.move(name, out=True)


def _bring_back(studio: Studio) -> None:
    for name in FLOATED:
        studio.window.spaces.floats.move(name, out=False)


def _networks(studio: Studio) -> None:
    studio.window.show_workspace("train")


def _open_networks(studio: Studio) -> None:
    panel = studio.window.recipe
    panel.data.set_folded(True, animate=False)
    panel.method.set_folded(True, animate=False)
    panel.networks.set_folded(False, animate=False)
    panel.networks.open_role("encoder")


def _layers(studio: Studio) -> None:
    studio.window.filing.open_recipe("digits-aegan")
    studio.document.edit({"dataset.kind": "photo-patches", "dataset.scaling": "symmetric"})
    studio.document.edit({"dataset.side": 32, "method.latent_dim": 64, "training.threads": 1})
    pictured = [role for role in studio.document.experiment.roles() if len(role.inputs) == 3]
    names = [role.name for role in pictured] + ["generator"]
    studio.document.edit({f"networks.{name}.kind": "dcgan" for name in names})
    studio.document.edit({f"networks.{name}.channels": 64 for name in names})
    studio.window.show_workspace("train")


def _open_layers(studio: Studio) -> None:
    studio.window.layers.open("generator")
    editor = studio.window.layers.editor
    assert editor is not None
    until(lambda: studio.document.inspection is not None, "shapes")
    if studio.document.errors:
        until(lambda: bool(editor.assumed), "the shapes of a mended network")
    else:
        until(lambda: editor.side.untrained.made is not None, "an untrained network")
        until(lambda: editor.foot.has_pace, "the computer's pace")
    editor.table.select(4)


def _close_layers(studio: Studio) -> None:
    studio.window.layers.close()


def _misfit(studio: Studio) -> None:
    studio.window.layers.open("generator")
    editor = studio.window.layers.editor
    assert editor is not None
    editor.set_option(0, "width", 2048)
    until(lambda: studio.document.inspection is not None, "shapes")
    studio.window.layers.close()


def _layers_mlp(studio: Studio) -> None:
    studio.document.undo_stack.undo()
    studio.document.edit({"networks.generator.kind": "mlp"})


def _mixer(studio: Studio) -> None:
    studio.window.filing.open_recipe("digits-aegan")
    studio.document.edit({"training.threads": 1})
    studio.session.train()
    until(lambda: studio.session.step > 800, "four networks")
    until(lambda: TermGradients in studio.session.latest, "gradients")
    studio.session.pause()
    until(lambda: studio.session.state == "paused" and Pictures in studio.session.latest, "a pause")


def _exhibit(studio: Studio) -> None:
    studio.window.filing.open_recipe("digits-ganomaly")
    studio.document.edit(SHORT)
    studio.session.train()
    until(lambda: studio.session.state == "finished", "the anomalies")
    until(lambda: Exhibits in studio.session.latest, "an exhibit")


def _show_exhibit(studio: Studio) -> None:
    workspace: Any = studio.window.workspace
    workspace.give_turn("exhibit")


def _plane(studio: Studio) -> None:
    studio.window.filing.open_recipe("ring-gan")
    studio.document.edit({"training.threads": 1})
    studio.session.train()
    until(lambda: studio.session.step > 600, "the ring")
    studio.session.pause()
    until(lambda: studio.session.state == "paused" and Pictures in studio.session.latest, "a pause")


def _problem(studio: Studio) -> None:
    studio.document.edit({"training.batch_size": 60_000})


def _show_problem(studio: Studio) -> None:
    studio.window.recipe.show_problem(studio.document.errors[0])


def _error(studio: Studio) -> None:
    studio.document.undo_stack.undo()


def _say_error(studio: Studio) -> None:
    bad = studio.session.folder
    assert bad is not None
    studio.window.filing.open_run(bad / "metrics")


def _nothing(studio: Studio) -> None:
    del studio


def _in_turn(*screens: Screen) -> tuple[Screen, ...]:
    """The screens, each to be reached from the one before."""
    before = ("", *(screen.name for screen in screens))
    return tuple(replace(screen, after=name) for screen, name in zip(screens, before, strict=False))


SCREENS = _in_turn(
    Screen("welcome-empty", _welcome, _demos),
    Screen("recipes", _welcome, _recipes),
    Screen("train-new", _recipe),
    Screen("train-running", _running),
    Screen("train-pending", _pending),
    Screen("train-finished", _finished),
    Screen("learn", _learn, _teach),
    Screen("networks", _networks, _open_networks),
    Screen("layers", _layers, _open_layers, _close_layers),
    Screen("layers-misfit", _misfit, _open_layers, _close_layers),
    Screen("layers-mlp", _layers_mlp, _open_layers, _close_layers),
    Screen("floating", _networks, _float, _bring_back),
    Screen("mixer", _mixer),
    Screen("exhibit", _exhibit, _show_exhibit),
    Screen("plane", _plane),
    Screen("problem", _problem, _show_problem),
    Screen("error", _error, _say_error, lambda studio: studio.window.notices.hide()),
    Screen(
        "palette",
        _nothing,
        lambda studio: studio.window.find_command(),
        lambda studio: studio.window.close_palette(),
    ),
    Screen("welcome-runs", _welcome, _demos),
)
"""In an order in which each is reached from the one before."""
