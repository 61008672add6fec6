"""Small experiments with every source of chance, and comparisons of two runs of one."""

import numpy as np

from aegan_studio.experiment import Experiment
from aegan_studio.ml import checkpoint
from aegan_studio.runs.folder import RunFolder

CHANCY = {"kind": "mlp", "widths": [64, 64], "norm": "batch", "dropout": 0.2}

DIGITS = {
    "dataset": "digits",
    "training": {"steps": 400, "threads": 1, "evaluate_every": 50, "device": "cpu"},
    "seed": 7,
}

EXPERIMENTS = {
    "autoencoder": DIGITS
    | {"method": "autoencoder", "networks": {"encoder": CHANCY, "decoder": CHANCY}},
    "vae": DIGITS
    | {
        "method": {"kind": "vae", "latent_dim": 4},
        "networks": {"encoder": CHANCY, "decoder": CHANCY},
        "phases": {"autoencoder": {"schedule": "cosine", "warmup": 20, "clip": 5.0}},
    },
    "gan": DIGITS
    | {
        "method": {"kind": "gan", "latent_dim": 8},
        "networks": {"generator": CHANCY, "discriminator": CHANCY},
        "phases": {"discriminator": {"updates": 2}, "generator": {"optimizer": "rmsprop"}},
        "training": DIGITS["training"] | {"ema": 0.99},
    },
}


def experiment(method):
    return Experiment.parse(EXPERIMENTS[method])


def same_training(one, other):
    """Both runs end in the same checkpoint and have recorded the same numbers, bit for bit."""
    first, second = (RunFolder.open(path) for path in (one, other))
    assert first.checkpoints()[0].name == second.checkpoints()[0].name
    a, b = (checkpoint.read(run.checkpoints()[0]) for run in (first, second))
    assert a.experiment == b.experiment
    assert a.tensors.keys() == b.tensors.keys()
    for name, tensor in a.tensors.items():
        assert tensor.dtype == b.tensors[name].dtype, name
        assert tensor.numpy().tobytes() == b.tensors[name].numpy().tobytes(), name
    assert first.columns == second.columns
    for mine, theirs in zip(first.steps(), second.steps(), strict=True):
        assert mine.tobytes() == theirs.tobytes()
    assert first.held_out() == second.held_out()
    assert np.array_equal(first.steps()[0], np.arange(1, 401))
