"""The real window for tests: built as the program builds it, driven by mouse and keyboard."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from aegan_studio import paths
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.ui.app import build
from aegan_studio.ui.panels.explore.workspace import ExploreWorkspace
from aegan_studio.ui.settings import Settings
from aegan_studio.ui.training.session import CLOSE_TIMEOUT_MS

FAST = {
    "training.steps": 400,
    "training.threads": 1,
    "training.batch_size": 32,
    "training.evaluate_every": 50,
}
"""Options that keep a real training short; set before it begins."""


@pytest.fixture
def make_studio(qapp, qtbot):
    """Builds a window with everything behind it; all of it ends with the test."""
    made = []

    def make(*, show=True, size=None):
        studio = build(qapp, Settings(paths.settings_file()))
        made.append(studio)
        studio.background.start()
        if size is not None:
            studio.window.resize(*size)
        if show:
            studio.window.show()
            qtbot.waitExposed(studio.window)
        return studio

    yield make
    for studio in made:
        studio.window._close_anyway = True
        studio.dispose()
        assert studio.background.wait(CLOSE_TIMEOUT_MS)
    assert not [w for w in QApplication.topLevelWidgets() if w.isVisible()], "a window is left"


@pytest.fixture
def studio(make_studio):
    """One window on the screen, on its welcome page."""
    return make_studio()


@pytest.fixture
def bench(studio, qtbot):
    """A window with a short digits experiment in the train workspace, nothing running."""
    studio.document.edit(FAST)
    studio.window.show_work()
    return studio


EXPERIMENTS = {
    "vae": {"dataset": "digits", "method": {"kind": "vae", "latent_dim": 2, "sigma": 0.3}},
    "autoencoder": {"dataset": "digits", "method": {"kind": "autoencoder", "latent_dim": 6}},
    "gan": {"dataset": "digits", "method": {"kind": "gan", "latent_dim": 8}},
    "aegan": {"dataset": "digits", "method": {"kind": "aegan", "latent_dim": 8}},
    "vq-vae": {"dataset": "digits", "method": {"kind": "vq-vae"}},
    "cgan": {
        "dataset": "digits",
        "method": {"kind": "gan", "latent_dim": 8, "labels": "conditional"},
    },
    "points": {
        "dataset": {"kind": "moons", "count": 600},
        "method": {"kind": "vae", "latent_dim": 2, "sigma": 0.1},
    },
}


@pytest.fixture(scope="session")
def trained():
    """Each experiment with the weights after a few steps; ``step`` says they are of another."""
    from aegan_studio.ml.trainer import Trainer

    kept = {}

    def train(name, step=None):
        if name not in kept:
            experiment = Experiment.parse(EXPERIMENTS[name]).with_options(
                {"training.steps": 150, "training.threads": 1}
            )
            trainer = Trainer(experiment)
            trainer.wants = set()
            for _ in trainer.prepare():
                pass
            for _ in trainer.run():
                pass
            trainer.wants = {"weights"}
            kept[name] = experiment, next(e for e in trainer.show() if isinstance(e, Weights))
        experiment, weights = kept[name]
        return experiment, weights if step is None else replace(weights, step=step)

    return train


class RunSession(QObject):
    """Stands in for the session: what the workspace asks of it, and nothing trains."""

    event = Signal(object)
    run_opened = Signal(object)
    state_changed = Signal(str)

    def __init__(self):
        super().__init__()
        self.state, self.has_run = "empty", False
        self.latest, self.experiment = {}, None
        self.wanted, self.pressed = set(), 0
        self.folder = None

    def want(self, name, _who, on):
        (self.wanted.add if on else self.wanted.discard)(name)

    def train(self):
        self.pressed += 1

    def report(self, experiment, weights):
        self.state, self.has_run, self.experiment = "paused", True, experiment
        self.state_changed.emit(self.state)
        self.latest[Weights] = weights
        self.event.emit(weights)


@pytest.fixture
def session(qapp):
    return RunSession()


@pytest.fixture
def workspace(session, qtbot):
    workspace = ExploreWorkspace(None, session)
    workspace.resize(1280, 724)
    qtbot.addWidget(workspace, before_close_func=lambda w: w.end())
    with qtbot.waitExposed(workspace):
        workspace.show()
    return workspace


@pytest.fixture
def explore(workspace, session, trained, qtbot):
    """The workspace with a trained model in it, by its name in ``EXPERIMENTS``."""

    def explore(name):
        explorer = workspace.explorer
        with qtbot.waitSignals([explorer.walked, explorer.rested], timeout=60_000):
            session.report(*trained(name))
        return workspace

    return explore
