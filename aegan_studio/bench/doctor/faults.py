"""Trainings with a fault planted in each, for every finding of the doctor at least three.

All are small: points, or digits of 64 values, a few thousand steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aegan_studio.bench.shelf import Job
from aegan_studio.experiment import Experiment

SEEDS = 5

Edits = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """An experiment that must bring a finding: ``base`` with ``edits``."""

    finding: str
    name: str
    base: str
    edits: Edits = field(default_factory=dict)

    def experiment(self, seed: int) -> Experiment:
        """The experiment under a seed, on one thread of the processor."""
        dataset, method, edits = BASES[self.base]
        common = {"seed": seed, "training.threads": 1, "training.device": "cpu"}
        start = Experiment.parse({"dataset": {"kind": dataset}, "method": {"kind": method}})
        return start.with_options({**edits, **self.edits, **common})


def jobs(seed: int) -> Iterator[tuple[Fault, Job]]:
    """All faults under a seed."""
    for fault in FAULTS:
        name = f"{fault.finding}--{fault.name}-{seed}"
        yield fault, Job(name, fault.experiment(seed))


def _pair(**options: Any) -> dict[str, Any]:
    """The same options of both players."""
    return {
        f"phases.{phase}.{name}": value
        for phase in ("discriminator", "generator")
        for name, value in options.items()
    }


def _d(**options: Any) -> dict[str, Any]:
    return {f"phases.discriminator.{name}": value for name, value in options.items()}


def _g(**options: Any) -> dict[str, Any]:
    return {f"phases.generator.{name}": value for name, value in options.items()}


def _ae(**options: Any) -> dict[str, Any]:
    return {f"phases.autoencoder.{name}": value for name, value in options.items()}


SMALL = {"networks.generator.widths": (64, 64), "networks.discriminator.widths": (64, 64)}

BASES: Mapping[str, tuple[str, str, Edits]] = {
    "ring": (
        "ring",
        "gan",
        {
            "method.latent_dim": 2,
            "training.batch_size": 100,
            "training.steps": 1200,
            **SMALL,
            **_pair(lr=1e-3, beta1=0.5),
        },
    ),
    "grid": (
        "grid",
        "gan",
        {
            "method.latent_dim": 2,
            "training.batch_size": 100,
            "training.steps": 1200,
            **SMALL,
            **_pair(lr=1e-3, beta1=0.5),
        },
    ),
    "blobs": (
        "blobs",
        "gan",
        {
            "method.latent_dim": 2,
            "training.batch_size": 100,
            "training.steps": 1200,
            "networks.generator.widths": (32, 32),
            "networks.discriminator.widths": (32, 32),
            **_pair(lr=1e-3, beta1=0.5),
        },
    ),
    "digits-gan": (
        "digits",
        "gan",
        {
            "dataset.scaling": "symmetric",
            "method.latent_dim": 16,
            "training.batch_size": 32,
            "training.steps": 1200,
            "networks.generator.widths": (128, 128),
            "networks.discriminator.widths": (128, 128),
            **_pair(lr=1e-3, beta1=0.5),
        },
    ),
    "article-loop": ("digits", "article-loop", {"training.steps": 1200}),
    "digits-ae": (
        "digits",
        "autoencoder",
        {
            "method.latent_dim": 8,
            "training.steps": 1200,
            "networks.encoder.widths": (128, 128),
            "networks.decoder.widths": (128, 128),
        },
    ),
    "digits-vae": (
        "digits",
        "vae",
        {
            "method.latent_dim": 8,
            "method.likelihood": "bernoulli",
            "training.steps": 1200,
            "networks.encoder.widths": (128, 128),
            "networks.decoder.widths": (128, 128),
        },
    ),
    "moons-vae": (
        "moons",
        "vae",
        {
            "method.latent_dim": 2,
            "method.sigma": 0.1,
            "training.steps": 1200,
            "networks.encoder.widths": (64, 64),
            "networks.decoder.widths": (64, 64),
        },
    ),
    "digits-vq": (
        "digits",
        "vq-vae",
        {
            "method.positions": 4,
            "method.width": 8,
            "method.entries": 64,
            "training.steps": 1000,
            "networks.encoder.widths": (128, 128),
            "networks.decoder.widths": (128, 128),
        },
    ),
}

DEEP = (64,) * 10

FEW = {"dataset.held_out": 0.9}
"""A tenth of the digits to learn from."""

WIDE = {"networks.encoder.widths": (256, 256), "networks.decoder.widths": (256, 256)}

SATURATING = {
    f"networks.{role}.{name}": value
    for role in ("encoder", "decoder")
    for name, value in (("widths", DEEP), ("activation", "sigmoid"))
}

UNBOUNDED = {"method.loss": "wasserstein", "training.steps": 2000}
"""A Wasserstein critic that nothing keeps in bounds."""

MINIMAX = {"method.loss": "minimax"}

TRUE_LOOP = {
    f"method.{name}": False
    for name in ("real_unused", "same_samples", "target_zero", "detached", "half_printed")
}
"""The article's loop without any mistake."""

FAULTS: tuple[Fault, ...] = (
    # what a generator makes
    Fault("mode-collapse", "ring-slow-judge", "ring", _d(lr=1e-4)),
    Fault("mode-collapse", "grid-slow-judge", "grid", _d(lr=1e-4)),
    Fault("mode-collapse", "digits-slow-judge", "digits-gan", _d(lr=2e-5)),
    Fault("mode-collapse", "digits-eager-generator", "digits-gan", _g(updates=8) | _d(lr=2e-4)),
    # a judge too strong
    Fault("strong-critic", "digits-slow-generator", "digits-gan", _d(updates=3) | _g(lr=1e-5)),
    Fault("strong-critic", "digits-many-updates", "digits-gan", _d(updates=10) | _g(lr=1e-5)),
    Fault(
        "strong-critic",
        "digits-hinge",
        "digits-gan",
        {"method.loss": "hinge"} | _d(updates=3, lr=2e-3) | _g(lr=2e-6),
    ),
    Fault("strong-critic", "ring-slow-generator", "ring", _d(updates=3) | _g(lr=1e-6)),
    # a judge that says nothing
    Fault("dead-critic", "digits-clipped", "digits-gan", {"method.weight_clip": 1e-5}),
    Fault("dead-critic", "ring-clipped", "ring", {"method.weight_clip": 1e-5}),
    Fault("dead-critic", "ring-decayed", "ring", _d(weight_decay=1.0)),
    Fault(
        "dead-critic",
        "ring-dead-units",
        "ring",
        {"networks.discriminator.activation": "relu"} | _d(lr=0.5, beta1=0.0),
    ),
    # nobody moves
    Fault("stuck-pair", "article", "article-loop"),
    Fault("stuck-pair", "article-detached", "article-loop", TRUE_LOOP | {"method.detached": True}),
    Fault("stuck-pair", "digits-tiny-rates", "digits-gan", _pair(lr=1e-8)),
    Fault("stuck-pair", "ring-tiny-rates", "ring", _pair(lr=1e-8)),
    Fault("stuck-pair", "blobs-frozen-generator", "blobs", _g(updates=0)),
    # gradients too small
    Fault(
        "vanishing-gradients",
        "deep-sigmoid",
        "digits-ae",
        SATURATING | _ae(optimizer="sgd", lr=0.1),
    ),
    Fault(
        "vanishing-gradients",
        "deep-tanh",
        "digits-ae",
        SATURATING
        | {f"networks.{role}.activation": "tanh" for role in ("encoder", "decoder")}
        | _ae(optimizer="sgd", lr=0.01),
    ),
    Fault(
        "vanishing-gradients",
        "deep-sigmoid-vae",
        "digits-vae",
        {"networks.encoder.widths": DEEP, "networks.encoder.activation": "sigmoid"}
        | _ae(optimizer="sgd", lr=1e-3),
    ),
    Fault(
        "vanishing-gradients",
        "minimax",
        "digits-gan",
        MINIMAX | _d(updates=5, lr=2e-3) | _g(optimizer="sgd", lr=0.01),
    ),
    # gradients too large
    Fault("exploding-gradients", "wgan-unbounded", "digits-gan", UNBOUNDED | _pair(lr=2e-3)),
    Fault("exploding-gradients", "wgan-fast", "digits-gan", UNBOUNDED | _pair(lr=5e-3)),
    Fault(
        "exploding-gradients",
        "wgan-rmsprop",
        "digits-gan",
        UNBOUNDED | _pair(optimizer="rmsprop", lr=1e-2),
    ),
    Fault(
        "exploding-gradients",
        "ring-wgan-rmsprop",
        "ring",
        UNBOUNDED | _pair(optimizer="rmsprop", lr=1.0),
    ),
    # no numbers
    Fault("divergence", "vae-sgd", "digits-vae", _ae(optimizer="sgd", lr=10.0, momentum=0.9)),
    Fault("divergence", "moons-sgd", "moons-vae", _ae(optimizer="sgd", lr=1.0)),
    Fault("divergence", "blobs-sgd", "blobs", _pair(optimizer="sgd", lr=0.5, momentum=0.9)),
    Fault(
        "divergence",
        "ring-wgan-sgd",
        "ring",
        UNBOUNDED | _pair(optimizer="sgd", lr=1.0, momentum=0.9),
    ),
    # round in circles
    Fault("oscillation", "ring-hopping", "ring", _pair(lr=3e-3, beta1=0.9) | _d(lr=3e-4)),
    Fault("oscillation", "blobs-hopping", "blobs", _pair(lr=5e-3, beta1=0.9) | _d(lr=1e-3)),
    Fault("oscillation", "grid-hopping", "grid", _pair(lr=3e-3, beta1=0.9) | _d(lr=3e-4)),
    Fault(
        "oscillation",
        "digits-eager-generator",
        "digits-gan",
        _g(updates=4, lr=2e-3, beta1=0.9) | _d(lr=3e-4, beta1=0.9),
    ),
    # codes that say nothing
    Fault("posterior-collapse", "beta", "digits-vae", {"method.beta": 50.0}),
    Fault("posterior-collapse", "weak-likelihood", "moons-vae", {"method.sigma": 3.0}),
    Fault(
        "posterior-collapse",
        "gaussian",
        "digits-vae",
        {"method.likelihood": "gaussian", "method.sigma": 2.0},
    ),
    Fault("posterior-collapse", "moons-beta", "moons-vae", {"method.beta": 300.0}),
    Fault("codebook-collapse", "fast", "digits-vq", {"method.restart": False} | _ae(lr=0.02)),
    Fault(
        "codebook-collapse",
        "fast-averaged",
        "digits-vq",
        {"method.restart": False, "method.codebook": "average", "method.entries": 1024}
        | _ae(lr=0.02),
    ),
    Fault(
        "codebook-collapse",
        "large",
        "digits-vq",
        {"method.restart": False, "method.entries": 1024, "method.positions": 2},
    ),
    Fault(
        "codebook-collapse",
        "large-averaged",
        "digits-vq",
        {
            "method.restart": False,
            "method.codebook": "average",
            "method.entries": 512,
            "method.positions": 2,
        },
    ),
    # units that never answer
    Fault("dead-units", "high-rate", "digits-ae", _ae(lr=0.03)),
    Fault("dead-units", "vae-high-rate", "digits-vae", _ae(lr=0.05)),
    Fault(
        "dead-units",
        "judge",
        "digits-gan",
        {"networks.discriminator.activation": "relu"} | _d(lr=0.1),
    ),
    Fault("dead-units", "vq-high-rate", "digits-vq", _ae(lr=0.03)),
    # learned by heart
    Fault(
        "memorisation",
        "few-digits",
        "digits-ae",
        FEW | WIDE | {"method.latent_dim": 32, "training.steps": 1600},
    ),
    Fault(
        "memorisation",
        "few-digits-l1",
        "digits-ae",
        FEW | WIDE | {"method.latent_dim": 16, "method.loss": "l1", "training.steps": 2500},
    ),
    Fault(
        "memorisation",
        "few-digits-vae",
        "digits-vae",
        FEW | WIDE | {"method.beta": 0.01, "training.steps": 2500},
    ),
    Fault(
        "memorisation",
        "few-digits-gan",
        "digits-gan",
        FEW | {"networks.discriminator.widths": (256, 256), "training.steps": 6000} | _d(lr=2e-3),
    ),
    # numbers that flatter
    Fault("misleading-loss", "weak-judge", "digits-gan", _d(lr=1e-6)),
    Fault("misleading-loss", "ring-weak-judge", "ring", _d(lr=1e-6)),
    Fault(
        "misleading-loss",
        "unbounded",
        "ring",
        UNBOUNDED | _pair(optimizer="rmsprop", lr=0.1),
    ),
    Fault("misleading-loss", "wrong-aim", "article-loop", TRUE_LOOP | {"method.target_zero": True}),
)
