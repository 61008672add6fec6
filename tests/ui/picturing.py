"""What the tests of the easel and of dragging share: an explorer with really trained models."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.worker import LatentWorker

EXPERIMENTS = {
    "vae": {"dataset": "digits", "method": {"kind": "vae", "latent_dim": 8, "sigma": 0.3}},
    "aegan": {"dataset": "digits", "method": {"kind": "aegan", "latent_dim": 8}},
    "gan": {"dataset": "digits", "method": {"kind": "gan", "latent_dim": 8}},
    "vq-vae": {"dataset": "digits", "method": {"kind": "vq-vae"}},
    "photos": {
        "dataset": {"kind": "photo-patches", "side": 16, "patches": 400, "colour": True},
        "method": {"kind": "autoencoder", "latent_dim": 12},
    },
    "dcgan": {
        "dataset": {"kind": "digits", "side": 16, "scaling": "symmetric"},
        "networks": {"generator": {"kind": "dcgan"}, "discriminator": {"kind": "dcgan"}},
        "method": {"kind": "gan", "latent_dim": 8},
    },
    "points": {
        "dataset": {"kind": "moons", "count": 600},
        "method": {"kind": "vae", "latent_dim": 2, "sigma": 0.1},
    },
    "points-gan": {
        "dataset": {"kind": "moons", "count": 600},
        "method": {"kind": "gan", "latent_dim": 2},
    },
}


@cache
def trained(name, steps=150):
    """An experiment and its weights after a few steps."""
    from aegan_studio.ml.trainer import Trainer

    experiment = Experiment.parse(EXPERIMENTS[name]).with_options(
        {"training.steps": 30 if name == "dcgan" else steps, "training.threads": 1}
    )
    trainer = Trainer(experiment)
    trainer.wants = set()
    for _ in trainer.prepare():
        pass
    for _ in trainer.run():
        pass
    trainer.wants = {"weights"}
    return experiment, next(e for e in trainer.show() if isinstance(e, Weights))


@contextmanager
def exploring(qtbot):
    """A function that gives an explorer which has taken a model on; all ends with the test."""
    worker = LatentWorker()
    explorer = Explorer(worker)

    def explore(name):
        with qtbot.waitSignals([explorer.charted, explorer.picture_changed], timeout=60_000):
            explorer.follow(*trained(name))
        return explorer

    yield explorer, explore
    worker.end()
