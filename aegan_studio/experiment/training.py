"""Options of training itself: the loop, and the optimiser of each phase."""

from __future__ import annotations

from typing import Literal

from aegan_studio.experiment.options import Options, option

ADAMS = ("adam", "adamw")


class PhaseOptions(Options):
    """How one phase updates its networks."""

    optimizer: Literal["adam", "adamw", "rmsprop", "sgd"] = option(
        "adam",
        label="Optimiser",
        help="The rule that turns gradients into updates.",
        choices={"adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "sgd": "SGD"},
    )
    lr: float = option(
        1e-3,
        label="Learning rate",
        help="The size of each update. Raising it learns faster until training becomes unstable.",
        gt=0.0,
        le=10.0,
        soft=(1e-5, 1.0),
        log=True,
        live=True,
    )
    updates: int = option(
        1,
        label="Updates per step",
        help="How often this phase updates within one step. Raising it lets these networks "
        "learn ahead of the others. 0 freezes them.",
        ge=0,
        le=20,
        soft=(0, 10),
        live=True,
    )
    beta1: float = option(
        0.9,
        label="β₁",
        help="How long Adam remembers the gradient. Raising it smooths updates; GANs prefer .5.",
        ge=0.0,
        lt=1.0,
        live=True,
        when={"optimizer": ADAMS},
    )
    beta2: float = option(
        0.999,
        label="β₂",
        help="How long the squared gradient is remembered. Raising it makes step sizes steadier.",
        ge=0.0,
        lt=1.0,
        live=True,
        when={"optimizer": (*ADAMS, "rmsprop")},
        advanced=True,
    )
    momentum: float = option(
        0.0,
        label="Momentum",
        help="The share of the last update carried into the next. Raising it speeds up and "
        "overshoots.",
        ge=0.0,
        lt=1.0,
        live=True,
        when={"optimizer": ("sgd",)},
    )
    weight_decay: float = option(
        0.0,
        label="Weight decay",
        help="Pulls weights towards zero. Raising it regularises more.",
        ge=0.0,
        le=1.0,
        soft=(0.0, 0.1),
        live=True,
        advanced=True,
    )
    clip: float = option(
        0.0,
        label="Clip gradient norm",
        help="Scales larger gradients down to this norm; 0 leaves them alone. Lowering it "
        "tames explosions and slows learning.",
        ge=0.0,
        le=1e4,
        soft=(0.0, 10.0),
        live=True,
        advanced=True,
    )
    schedule: Literal["constant", "cosine", "step"] = option(
        "constant",
        label="Schedule",
        help="How the learning rate changes over the run.",
        choices={"constant": "Constant", "cosine": "Cosine", "step": "Steps"},
        live=True,
    )
    warmup: int = option(
        0,
        label="Warm-up",
        help="Steps over which the learning rate rises from zero. Raising it starts more gently.",
        unit="steps",
        ge=0,
        le=1_000_000,
        soft=(0, 1000),
        live=True,
        advanced=True,
    )
    decay_every: int = option(
        1000,
        label="Decay every",
        help="Steps between two reductions of the learning rate. Raising it decays more slowly.",
        unit="steps",
        ge=1,
        le=10_000_000,
        soft=(100, 10_000),
        live=True,
        when={"schedule": ("step",)},
    )
    decay_factor: float = option(
        0.5,
        label="Decay factor",
        help="What the learning rate is multiplied by at each reduction. Raising it towards 1 "
        "decays less.",
        gt=0.0,
        le=1.0,
        live=True,
        when={"schedule": ("step",)},
    )
    final_fraction: float = option(
        0.0,
        label="Final fraction",
        help="The share of the learning rate left at the end. Raising it keeps learning longer.",
        ge=0.0,
        le=1.0,
        live=True,
        when={"schedule": ("cosine",)},
    )


class TrainingOptions(Options):
    """Options of the loop that all phases share."""

    batch_size: int = option(
        64,
        label="Batch",
        help="Items per update. Raising it gives steadier gradients and fewer, slower steps.",
        unit="items",
        ge=1,
        le=65_536,
        soft=(1, 1024),
        log=True,
    )
    steps: int = option(
        3000,
        label="Stop after",
        help="Steps until training finishes by itself. Raise it to train longer.",
        unit="steps",
        ge=1,
        le=100_000_000,
        soft=(100, 100_000),
        log=True,
        live=True,
    )
    ema: float = option(
        0.0,
        label="Average",
        help="Shows and saves a running average of the generator's weights with this memory; "
        "0 turns it off. Raising it towards 1 averages over more steps.",
        ge=0.0,
        lt=1.0,
        soft=(0.0, 0.9999),
        live=True,
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = option(
        "auto",
        label="Device",
        help="Where the networks train. Automatic takes a graphics card where there is one.",
        choices={"auto": "Automatic", "cpu": "CPU", "cuda": "CUDA", "mps": "Apple MPS"},
    )
    threads: int = option(
        0,
        label="CPU threads",
        help="Processor threads per operation; 0 measures one against all at the start and "
        "keeps the faster. Small networks are quicker with one.",
        ge=0,
        le=256,
        soft=(0, 16),
        advanced=True,
    )
    evaluate_every: int = option(
        100,
        label="Measure every",
        help="Steps between measurements on held-out data. Raising it costs less time.",
        unit="steps",
        ge=1,
        le=1_000_000,
        soft=(10, 1000),
        live=True,
        advanced=True,
    )
    timeline: int = option(
        64,
        label="Timeline budget",
        help="Room on the disk for the run's timeline: snapshots to rewind to and to branch from. "
        "Raising it keeps more of them; 0 keeps none.",
        unit="MB",
        ge=0,
        le=65_536,
        soft=(0, 512),
        advanced=True,
    )
