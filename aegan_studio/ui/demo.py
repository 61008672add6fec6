"""The quick-start demonstration: train, explore, save, in the real window, by itself."""

from __future__ import annotations

import sys
from pathlib import Path

from aegan_studio.experiment.events import Pictures, Saved, Weights
from aegan_studio.i18n import tr
from aegan_studio.ui.app import Studio
from aegan_studio.ui.panels.welcome.page import FIRST
from aegan_studio.ui.rehearsal import LateError, picture, rehearsal, until, wait
from aegan_studio.ui.widgets.numbers import format_number

STEPS = 1500
"""Steps trained: a few seconds, after which digits can be told apart."""


def main(out: Path, offscreen: bool = False) -> int:
    """Train on digits, explore, save: the run and pictures of the window go to ``out``.

    Parameters
    ----------
    out : Path
        Made if missing; holds ``runs/`` and the pictures afterwards.
    offscreen : bool
        Draw no window on the screen.

    Returns
    -------
    int
        0, or 1 where a stage did not come about.
    """
    out = out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    with rehearsal(out, offscreen=offscreen) as studio:
        try:
            _play(studio, out)
        except LateError as late:
            _say(tr("The demonstration stopped: {what} did not come.", what=str(late)))
            return 1
    return 0


def _play(studio: Studio, out: Path) -> None:
    window, session = studio.window, studio.session
    window.show()
    _say(tr("The window is open."))
    window.filing.open_recipe(FIRST)
    studio.document.edit({"training.steps": STEPS})
    window.top.train.click()
    _say(tr("Pressed Train: an autoencoder learns handwritten digits."))
    until(lambda: Pictures in session.latest, tr("the first picture"))
    until(lambda: session.state == "finished", tr("the end of training"))
    loss = session.history.latest(session.history.columns[0])
    _say(
        tr(
            "Trained {steps} steps; the reconstruction error is {loss}.",
            steps=format_number(session.step),
            loss=f"{loss:.4f}",
        )
    )
    wait(0.5)
    _keep(studio, out / "train.png")
    if any(action.objectName() == "workspace.explore" for action in window.actions_.all()):
        window.show_workspace("explore")
        until(lambda: Weights in session.latest, tr("the weights"))
        wait(2.5)
        _keep(studio, out / "explore.png")
        _say(tr("Explored the latent space."))
    until(lambda: Saved in session.latest, tr("the checkpoint"))
    _say(tr("Saved the run to {folder}.", folder=str(session.folder)))


def _keep(studio: Studio, path: Path) -> None:
    picture(studio.window).save(str(path))
    _say(tr("A picture of the window: {path}", path=str(path)))


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
