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
        np.testing.assert_array_equal(
            tensor.numpy().view(np.uint8) if tensor.ndim else tensor.numpy(),
            b.tensors[name].numpy().view(np.uint8) if tensor.ndim else b.tensors[name].numpy(),
            err_msg=name,
        )
    for name in ("metrics/steps.bin", "metrics/held-out.jsonl", "metrics/columns.json"):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    assert np.array_equal(first.steps()[0], np.arange(1, 401))
