"""Do generators find all modes? The protocol of PacGAN (arXiv 1712.04086, §4.1), made small.

``python -m aegan_studio.bench.mixtures [--only NAME …] [--seeds N] [--quick] [--jobs N] --out DIR``

Rings of 8 and grids of 25 Gaussians; every contestant has the same networks, optimiser, batches
and steps, and no running average. 2,500 samples are judged. Run it again with the same folder and
it goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np

from aegan_studio.bench import quality
from aegan_studio.bench.mixture_table import to_markdown
from aegan_studio.bench.published import Mixture, Setting
from aegan_studio.bench.shelf import Job, Result, Shelf, measure_all
from aegan_studio.catalog import recipe, recipes
from aegan_studio.catalog.datasets.points import PointsOptions
from aegan_studio.experiment import Experiment, InputError
from aegan_studio.files import write_atomically
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.ml.metrics.arrays import Floats
from aegan_studio.ml.metrics.modes import Modes
from aegan_studio.runs import pictures

SAMPLES = 2500
SEEDS = 5
QUICK_STEPS = 1500
QUICK_SEEDS = 2

MIXTURES: Mapping[Mixture, Mapping[str, Any]] = {
    "ring": {"kind": "ring", "modes": 8, "radius": 1.0, "sigma": 0.01},
    "grid": {"kind": "grid", "per_side": 5, "spacing": 2.0, "sigma": 0.05},
}

BATCH = 100


@dataclass(frozen=True, slots=True)
class Protocol:
    """What all contestants share.

    Networks that judge and networks that generate or encode may differ in pace: that decides
    whether a plain GAN drops modes, which is what the table is about. With a judge that learns
    at a fifth of the generator's rate it does, as in the papers; at two fifths and more it finds
    all modes here, and there is nothing to compare.
    """

    steps: int = 12_000
    widths: tuple[int, ...] = (128, 128)
    judging: tuple[int, ...] = (128, 128)
    norm: str = "none"
    lr: float = 1e-3
    judging_lr: float = 2e-4
    beta1: float = 0.5
    schedule: str = "cosine"


PROTOCOLS: Mapping[Setting, Protocol] = {
    "slow": Protocol(),
    "equal": Protocol(judging_lr=1e-3),
}
"""The slow judge makes a plain GAN drop modes as published; at equal rates it finds them all."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A model of the table: a method and what makes it that model."""

    name: str
    label: str
    method: Mapping[str, Any]
    settings: tuple[Setting, ...] = ("slow", "equal")

    @property
    def batch(self) -> int:
        """Items in a batch: a pack counts as one, as in the authors' own programs."""
        return BATCH * int(self.method.get("packing", 1))


CONTESTANTS = (
    Contestant("gan", "GAN", {"kind": "gan"}),
    Contestant("pacgan2", "PacGAN2", {"kind": "gan", "packing": 2}),
    Contestant("pacgan3", "PacGAN3", {"kind": "gan", "packing": 3}, ("slow",)),
    Contestant("pacgan4", "PacGAN4", {"kind": "gan", "packing": 4}, ("slow",)),
    Contestant("ali", "ALI", {"kind": "bigan", "posterior": "gaussian"}, ("slow",)),
    Contestant("veegan", "VEEGAN", {"kind": "veegan"}, ("slow",)),
    Contestant(
        "wgan-gp",
        "WGAN-GP",
        # λ as in the authors' own toy programs; five critic updates would be five times the work
        {"kind": "gan", "loss": "wasserstein", "penalty": "wgan-gp", "penalty_weight": 0.1},
        ("equal",),  # a Wasserstein critic must be ahead: slowed down it means nothing
    ),
    Contestant("r1", "R1", {"kind": "gan", "penalty": "r1", "penalty_weight": 0.1}, ("equal",)),
    Contestant(
        "r3gan",
        "R3GAN",
        {"kind": "gan", "relativistic": True, "penalty": "r1-r2", "penalty_weight": 0.1},
        ("equal",),
    ),
)

JUDGE = "discriminator"
"""The role that judges, in every method of the table."""

GREY = (60, 60, 60)

RECIPES = ("ring-gan", "grid-gan")
"""The studio's own settings, beside the protocol's."""


def centres(experiment: Experiment) -> tuple[Floats, float]:
    """The means (K, 2) of a mixture and its σ, in the data's own units."""
    data = experiment.dataset
    means = data.centres() if isinstance(data, PointsOptions) else None
    assert means is not None, "these data are no mixture"
    return means, float(experiment.get("dataset.sigma"))


def experiment(
    contestant: Contestant, mixture: Mixture, seed: int, protocol: Protocol = PROTOCOLS["slow"]
) -> Experiment:
    """The protocol for one contestant.

    Raises
    ------
    InputError
        Where the method or one of its options does not exist.
    """
    base = Experiment.parse(
        {
            "seed": seed,
            "dataset": {**MIXTURES[mixture], "count": 100_000, "held_out": 0.0},
            "method": {**contestant.method, "latent_dim": 2},
            "training": {
                "device": "cpu",
                "threads": 1,
                "steps": protocol.steps,
                "batch_size": contestant.batch,
                "evaluate_every": protocol.steps,
            },
        }
    )
    edits: dict[str, Any] = {}
    for role in base.roles():
        judges = role.name == JUDGE
        network = f"networks.{role.name}"
        edits[f"{network}.kind"] = "mlp"
        edits[f"{network}.widths"] = list(protocol.judging if judges else protocol.widths)
        edits[f"{network}.activation"] = "leaky-relu" if judges else "relu"
        edits[f"{network}.norm"] = "none" if judges else protocol.norm
    for phase in base.phase_infos():
        pace = protocol.judging_lr if JUDGE in phase.updates else protocol.lr
        edits[f"phases.{phase.name}.lr"] = pace
        edits[f"phases.{phase.name}.beta1"] = protocol.beta1
        edits[f"phases.{phase.name}.schedule"] = protocol.schedule
    return base.with_options(edits)


def described(protocol: Protocol) -> str:
    """The protocol in a sentence, in the current language."""
    return tr(
        "Every network that makes points or codes is an MLP of {widths} with ReLU, every one that "
        "judges an MLP of {judging} with leaky ReLU; codes have two values; batches "
        "of {batch}, where a pack counts as one; Adam, β₁ {beta1}, {lr:g} and for those that "
        "judge {judging_lr:g}, falling to 0 as a cosine over {steps:,} steps; no running average.",
        widths="–".join(map(str, protocol.widths)),
        judging="–".join(map(str, protocol.judging)),
        batch=BATCH,
        beta1=protocol.beta1,
        lr=protocol.lr,
        judging_lr=protocol.judging_lr,
        steps=protocol.steps,
    )


def available(contestant: Contestant) -> bool:
    """Whether the studio has what the contestant is made of."""
    try:
        experiment(contestant, "ring", 0)
    except InputError:
        return False
    return True


def jobs(
    names: Iterable[str], mixtures: Sequence[Mixture], seeds: int, quick: bool
) -> Iterator[Job]:
    """A job for each contestant, mixture and seed; recipes keep their own settings."""
    known = {contestant.name: contestant for contestant in CONTESTANTS}
    for name in names:
        for seed in range(seeds):
            if name in known:
                yield from _of_contestant(known[name], mixtures, seed, quick)
            else:
                edits = {"seed": seed, "training.threads": 1, "training.device": "cpu"}
                if quick:
                    edits["training.steps"] = QUICK_STEPS
                yield Job(f"{name}-{seed}", recipe(name).with_options(edits))


def _of_contestant(
    contestant: Contestant, mixtures: Sequence[Mixture], seed: int, quick: bool
) -> Iterator[Job]:
    for setting in contestant.settings:
        protocol = PROTOCOLS[setting]
        if quick:
            protocol = replace(protocol, steps=QUICK_STEPS)
        for mixture in mixtures:
            made = experiment(contestant, mixture, seed, protocol)
            yield Job(f"{setting}-{mixture}-{contestant.name}-{seed}", made)


def measure(job: Job) -> Result:
    """Train one job's experiment and count the modes."""
    trained = quality.train(job.experiment)
    means, sigma = centres(job.experiment)
    points = trained.points(SAMPLES)
    modes = Modes.count(points, means, sigma)
    return {
        "modes": modes.found,
        "of": len(means),
        "high_quality": modes.high_quality,
        "reverse_kl": modes.reverse_kl,
        "smallest": modes.smallest,
        # other programs stretch the first, threads that wait the second
        "seconds": min(trained.seconds, trained.processor_seconds),
        "steps": job.experiment.training.steps,
        "points": np.round(points, 4).tolist(),
    }


def group(job: Job) -> str:
    """Which row a job belongs to: ``"slow/ring/pacgan2"``, ``"recipe/ring-gan"``."""
    name = job.name.rpartition("-")[0]
    return f"recipe/{name}" if name in RECIPES else "/".join(name.split("-", 2))


def sheet(results: Mapping[str, Sequence[Result]]) -> bytes:
    """The samples of each row's first seed and the centres, as one PNG."""
    shown = []
    for row in results.values():
        first = min(row, key=lambda result: str(result["name"]))
        mixture: Mixture = "ring" if first["of"] == MIXTURES["ring"]["modes"] else "grid"
        data = Experiment.parse({"dataset": dict(MIXTURES[mixture]), "method": "gan"})
        real = centres(data)[0]
        points = np.asarray(first["points"], np.float64)
        layers = [(real, GREY), (points, pictures.ORANGE), (real, GREY)]
        shown.append(pictures.scatter(layers, 240))
    return pictures.png(pictures.sheet(np.stack(shown), columns=6, gap=4))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and write it with a picture of the samples.

    Returns
    -------
    int
        0, or 2 where a measurement failed.
    """
    there = [contestant.name for contestant in CONTESTANTS if available(contestant)]
    bundled = {known.name for known in recipes()}
    known = [*there, *(name for name in RECIPES if name in bundled)]
    parser = argparse.ArgumentParser(
        prog="aegan_studio.bench.mixtures", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--only", nargs="+", choices=known, default=known, metavar="NAME")
    parser.add_argument(
        "--mixtures", nargs="+", choices=get_args(Mixture), default=list(get_args(Mixture))
    )
    parser.add_argument("--seeds", type=int, default=None, metavar="N")
    parser.add_argument("--quick", action="store_true", help="few steps: does it run at all?")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes at a time")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    chosen = parser.parse_args(arguments)
    seeds = chosen.seeds or (QUICK_SEEDS if chosen.quick else SEEDS)
    todo = list(jobs(chosen.only, chosen.mixtures, seeds, chosen.quick))
    failed = False
    results: dict[str, list[Result]] = {}
    try:
        for job, result in measure_all(
            todo, measure, Shelf(chosen.out / "runs"), processes=chosen.jobs
        ):
            if "error" in result:
                failed = True
                sys.stderr.write(f"{job.name}: {result['error']}\n")
                continue
            results.setdefault(group(job), []).append(result)
            sys.stderr.write(
                f"{job.name}: {result['modes']}/{result['of']}, "
                f"{result['high_quality']:.1%}, {result['seconds']:.0f} s\n"
            )
        labels = {contestant.name: contestant.label for contestant in CONTESTANTS}
        texts = {setting: described(protocol) for setting, protocol in PROTOCOLS.items()}
        table = to_markdown(results, labels, texts)
        write_atomically(chosen.out / "MIXTURES.md", table.encode())
        if results:
            write_atomically(chosen.out / "mixtures.png", sheet(results))
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(table)
    return 2 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
