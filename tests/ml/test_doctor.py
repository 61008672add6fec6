"""The doctor: each finding on made-up records, patience, and that the same record says the same."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aegan_studio import api
from aegan_studio.catalog.findings import FINDINGS, remedies_for
from aegan_studio.catalog.recipes import recipe, recipes
from aegan_studio.catalog.vitals import figure, vitals_for
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import (
    Changed,
    Diverged,
    Evaluated,
    Event,
    Findings,
    Progress,
    Started,
)
from aegan_studio.experiment.findings import Finding
from aegan_studio.ml.doctor import Doctor, examined
from aegan_studio.ml.doctor.trends import change, improving, reach, rising, swing, turns

Numbers = Mapping[str, float | Callable[[int], float]]


def _experiment(dataset: str, method: str, **edits: Any) -> Experiment:
    plain = {"dataset": {"kind": dataset}, "method": {"kind": method}}
    return Experiment.parse(plain).with_options({"training.steps": 3000, **edits})


GAN = _experiment("digits", "gan")
VAE = _experiment("digits", "vae", **{"method.latent_dim": 8})
AE = _experiment("digits", "autoencoder")
VQ = _experiment("digits", "vq-vae")
WGAN = _experiment("digits", "gan", **{"method.loss": "wasserstein"})

GOOD_COLUMNS: Numbers = {
    "loss-d": 1.2,
    "loss-g": 1.0,
    "right": 0.65,
    "gradient.discriminator": 1.0,
    "gradient.generator": 1.0,
    "gradient.autoencoder": 1.0,
    "rec-x": lambda step: 1.0 + 1000 / step,
    "kl": 5.0,
}
GOOD: Numbers = {
    "spread": lambda step: min(1.0, step / 600),
    "coverage": lambda step: min(0.9, step / 1000),
    "classes-made": 10,
    "distance": lambda step: 0.05 + 100 / step,
    "told-apart": 0.75,
    "remembered": 0.52,
    "opinion": 0.5,
    "slope": 3.0,
    "nearer-train": 0.5,
    "from-train": 1.0,
    "centre-1": lambda step: 0.05 * math.sin(step),
    "centre-2": lambda step: 0.05 * math.cos(step),
    "unexplained": lambda step: 0.1 + 100 / step,
    "unexplained-train": lambda step: 0.09 + 100 / step,
    "active": 0.75,
    "nats": 6.0,
    "perplexity": 40.0,
    "weights.generator": 12.0,
    "weights.discriminator": 12.0,
    "weights.encoder": 12.0,
    "weights.decoder": 12.0,
    "travelled.generator": lambda step: 0.3 + step / 10_000,
    "travelled.encoder": lambda step: 0.3 + step / 10_000,
    "travelled.decoder": lambda step: 0.3 + step / 10_000,
    "travelled-least.encoder": lambda step: 0.1 + step / 20_000,
    "travelled-least.decoder": lambda step: 0.1 + step / 20_000,
    "dead.generator": 0.3,
    "dead.discriminator": 0.1,
    "dead.encoder": 0.5,
    "dead.decoder": 0.3,
    "dead-layer.generator": 0.4,
    "dead-layer.discriminator": 0.2,
    "dead-layer.encoder": 0.6,
    "dead-layer.decoder": 0.4,
}
"""What a sound training measures, whatever the method."""


@dataclass(frozen=True)
class Record:
    """A made-up training: constants, or functions of the step."""

    experiment: Experiment
    columns: Numbers = field(default_factory=dict)
    vitals: Numbers = field(default_factory=dict)
    steps: int = 3000

    def events(self, batch: int = 100) -> Iterator[Event]:
        wanted = {**GOOD_COLUMNS, **self.columns}
        names = [n for p in self.experiment.phase_infos() for t in p.terms for n in [t.name]]
        names += [f"gradient.{phase.name}" for phase in self.experiment.phase_infos()]
        names = [name for name in dict.fromkeys(names) if name in wanted]
        yield Started(0, self.steps, 21, tuple(names), {}, "cpu", 1, None)
        for start in range(0, self.steps, 100):
            steps = np.arange(start + 1, start + 101)
            row = [_at(wanted[name], start + 100) for name in names]
            values = np.tile(np.array(row, np.float32), (100, 1))
            for at in range(0, 100, batch):
                part = slice(at, min(at + batch, 100))
                yield Progress(steps[part], values[part], 0.0, 0.0, 0.0, 0)
            measured = {k: v for k, v in {**GOOD, **self.vitals}.items() if self._has(k)}
            yield Evaluated(
                start + 100, {name: _at(value, start + 100) for name, value in measured.items()}
            )

    def _has(self, name: str) -> bool:
        """Whether the method measures it: by itself, or as a vital sign."""
        known = figure(name)
        if known is None:
            return self.experiment.method.kind == "vq-vae"
        infos = vitals_for(self.experiment)
        return any(known[0] in info.figures for info in infos) and (
            not known[1] or known[1] in self.experiment.networks
        )


def _at(value: float | Callable[[int], float], step: int) -> float:
    return value(step) if callable(value) else value


def _found(record: Record) -> dict[str, Finding]:
    return {finding.name: finding for finding in examined(record.experiment, record.events())}


SWINGING: Numbers = {"centre-1": lambda step: 1.5 * (-1) ** (step // 100)}

BAD = {"distance": 0.7, "spread": 0.9, "coverage": 0.4}
"""Samples unlike the data that get no better."""

SICK: Mapping[str, tuple[Record, ...]] = {
    "mode-collapse": (
        Record(GAN, {}, {"spread": 0.1, "coverage": 0.05, "classes-made": 2}),
        Record(GAN, {}, {"spread": 0.7, "coverage": 0.2, "classes-made": 3}),
    ),
    "strong-critic": (
        Record(GAN, {"right": 0.99}, BAD | {"told-apart": 1.0}),
        Record(
            _experiment("digits", "gan", **{"method.loss": "least-squares"}),
            {"right": 0.5},
            BAD | {"told-apart": 0.999},
        ),
    ),
    "dead-critic": (
        Record(GAN, {"right": 0.5}, BAD | {"opinion": 1e-5, "slope": 1e-6}),
        Record(GAN, {}, BAD | {"opinion": 50.0, "slope": 0.0}),
    ),
    "stuck-pair": (Record(GAN, {}, BAD | {"travelled.generator": 0.0}),),
    "oscillation": (Record(GAN, {}, SWINGING | {"distance": 0.8}),),
    "misleading-loss": (
        Record(GAN, {"loss-g": 0.4, "right": 0.2}, BAD),
        Record(WGAN, {"loss-g": -5000.0}, BAD),
    ),
    "vanishing-gradients": (
        Record(GAN, {"gradient.generator": 1e-9}, BAD),
        Record(
            AE,
            {},
            {"unexplained": 0.8, "unexplained-train": 0.8, "travelled-least.encoder": 1e-6},
        ),
    ),
    "exploding-gradients": (
        Record(GAN, {"gradient.generator": lambda step: 1.0 if step < 1500 else 5e3}),
        Record(GAN, {"gradient.discriminator": 1e6}),
    ),
    "divergence": (Record(AE, {"rec-x": lambda step: 1.0 if step < 1500 else 1e4}),),
    "dead-units": (
        Record(AE, {}, {"dead.encoder": 0.97}),
        Record(AE, {}, {"dead.encoder": 0.5, "dead-layer.encoder": 1.0}),
    ),
    "memorisation": (
        Record(AE, {}, {"unexplained": 0.3, "unexplained-train": 0.02}),
        Record(GAN, {}, {"remembered": 0.72, "nearer-train": 0.74}),
        Record(GAN, {}, {"nearer-train": 0.95, "from-train": 0.2}),
    ),
    "posterior-collapse": (
        Record(VAE, {}, {"nats": 0.01, "active": 0.0}),
        Record(VAE, {}, {"nats": 0.7, "active": 0.0}),
    ),
    "codebook-collapse": (Record(VQ, {}, {"perplexity": 3.0}),),
}

SOUND = {
    "gan": Record(GAN),
    "vae": Record(VAE),
    "autoencoder": Record(AE),
    "vq-vae": Record(VQ),
    "wgan": Record(WGAN, {"loss-g": -3.0}),
    # what must not be taken for a fault
    "capacity": Record(
        _experiment("digits", "vae", **{"method.divergence": "capacity"}),
        {"gradient.autoencoder": lambda step: 200 + step, "capacity": lambda step: step / 100},
        {"nats": lambda step: step / 100},
    ),
    "empty while the capacity is 0": Record(
        _experiment("digits", "vae", **{"method.divergence": "capacity"}),
        {"capacity": 0.0},
        {"nats": 0.01, "active": 0.0},
    ),
    "a generator that unfolds late": Record(
        GAN,
        {},
        {
            "spread": lambda step: min(1.0, step / 3000),
            "coverage": lambda step: min(0.9, step / 6000),
            "classes-made": lambda step: min(10, step // 200),
            "distance": lambda step: max(0.05, 0.8 - step / 3000),
        },
    ),
    "a judge ahead while samples get better": Record(
        GAN, {"right": 0.99}, {"distance": lambda step: max(0.05, 0.8 - step / 3000)}
    ),
    "balance: nothing to tell apart": Record(
        GAN, {"right": 0.5}, {"opinion": 1e-6, "slope": 1e-8, "told-apart": 0.5}
    ),
    "at rest at the end of a schedule": Record(
        GAN, {"gradient.generator": 1e-9}, {"travelled.generator": 1.0, "distance": 0.05}
    ),
    "a judge that is switched off": Record(
        _experiment("digits", "aegan", **{"method.adv_x": 0.0}),
        {},
        {"spread": 0.1, "coverage": 0.05, "classes-made": 2, "opinion": 1e-6, "distance": 0.8},
    ),
    "a centre that sways near the data": Record(GAN, {}, SWINGING | {"distance": 0.2}),
    "few idle units": Record(VAE, {}, {"dead.encoder": 0.85, "dead-layer.encoder": 0.9}),
    "a gap that does no harm": Record(AE, {}, {"unexplained": 0.02, "unexplained-train": 0.004}),
}


@pytest.mark.parametrize("name", SICK)
def test_a_fault_is_found(name: str) -> None:
    for record in SICK[name]:
        found = _found(record)
        assert name in found, found
        finding = found[name]
        assert finding.severity in ("warning", "error")
        assert 0.5 <= finding.confidence <= 0.99
        assert finding.since < finding.step <= record.steps
        assert finding.numbers
        assert finding.curves
        for curve in finding.curves:
            assert len(curve.steps) == len(curve.values) > 0
            assert np.isfinite(curve.values).all()


@pytest.mark.parametrize("name", SOUND)
def test_sound_trainings_are_left_alone(name: str) -> None:
    found = _found(SOUND[name])
    assert not found, found


def test_what_only_the_discriminator_remembers_is_no_warning() -> None:
    """Its samples are as far from training items as from others: the generator copies nothing."""
    found = _found(Record(GAN, {}, {"remembered": 0.9, "nearer-train": 0.55}))
    assert [f.severity for f in found.values() if f.name == "memorisation"] == ["info"]


def test_every_finding_has_a_case_and_a_remedy() -> None:
    assert set(SICK) == set(FINDINGS)
    for name, records in SICK.items():
        (finding, *_) = [f for f in _found(records[0]).values() if f.name == name]
        assert finding.remedies, name
        for remedy in finding.remedies:
            changed = records[0].experiment.with_options(remedy.edits)
            assert changed != records[0].experiment
            infos = [records[0].experiment.option_info(path) for path in remedy.edits]
            assert remedy.live == all(info is not None and info.live for info in infos)


def test_remedies_fit_every_recipe() -> None:
    """Whatever the method, a remedy is an edit that its experiment takes."""
    seen = set()
    for known in recipes():
        experiment = known.experiment()
        if experiment.method.kind in seen:
            continue
        seen.add(experiment.method.kind)
        abouts = ["", *(role.name for role in experiment.roles())]
        abouts += [phase.name for phase in experiment.phase_infos()]
        for name, info in FINDINGS.items():
            if not info.fits(experiment):
                continue
            for about in abouts:
                for remedy in remedies_for(name, experiment, about):
                    assert experiment.with_options(remedy.edits) != experiment
                    assert str(remedy.label)
                    assert str(remedy.help)


def test_one_bad_reading_is_no_finding() -> None:
    blip = Record(VAE, {}, {"nats": lambda step: 0.001 if step in (1000, 1100) else 5.0})
    assert not _found(blip)


def test_a_finding_is_withdrawn_when_it_holds_no_more() -> None:
    """It stays while readings are near the limit, and goes after as many sound ones as it took."""
    record = Record(
        VAE,
        {},
        {"active": 0.5, "nats": lambda step: 0.01 if step < 1500 else 0.12 if step < 2000 else 5},
    )
    doctor = Doctor(record.experiment)
    holds = {}
    for event in record.events():
        doctor.watch(event)
        if isinstance(event, Evaluated):
            holds[event.step] = bool(doctor.findings)
    assert not holds[600]
    assert holds[700]
    assert holds[1900]
    assert not holds[2300]


def test_how_progress_is_cut_changes_nothing() -> None:
    (record, *_) = SICK["mode-collapse"]

    def told(batch: int) -> list[tuple[int, list[tuple[str, float]]]]:
        doctor = Doctor(record.experiment)
        seen = [doctor.watch(event) for event in record.events(batch)]
        return [
            (each.step, [(f.name, f.confidence) for f in each.findings])
            for each in seen
            if isinstance(each, Findings)
        ]

    whole = told(100)
    assert whole
    assert told(7) == whole
    assert told(33) == whole


def test_the_trainers_own_stop_is_reported_at_once() -> None:
    doctor = Doctor(AE)
    doctor.watch(Started(0, 3000, 21, ("rec-x",), {}, "cpu", 1, None))
    steps = np.arange(1, 41)
    doctor.watch(Progress(steps, np.ones((40, 1), np.float32), 0.0, 0.0, 0.0, 0))
    told = doctor.watch(Diverged(41, "autoencoder", "rec-x", 30))
    assert told is not None
    (finding,) = told.findings
    assert (finding.name, finding.severity, finding.confidence) == ("divergence", "error", 1.0)
    assert finding.about == "autoencoder"
    assert finding.remedies


def test_a_live_change_renews_the_remedies() -> None:
    (record, *_) = SICK["posterior-collapse"]
    experiment = record.experiment.with_options({"method.beta": 50.0})
    doctor = Doctor(experiment)
    for event in record.events():
        doctor.watch(event)
    (finding,) = doctor.findings
    assert finding.remedies[0].edits == {"method.beta": 5.0}
    told = doctor.watch(Changed(3000, "method.beta", 50.0, 5.0))
    assert told is not None
    assert told.findings[0].remedies[0].edits == {"method.beta": 0.5}


def test_going_back_forgets_what_came_after() -> None:
    (record, *_) = SICK["codebook-collapse"]
    doctor = Doctor(record.experiment)
    events = list(record.events())
    for event in events:
        doctor.watch(event)
    assert doctor.findings
    told = doctor.watch(Started(100, 3000, 21, ("rec-x",), {}, "cpu", 1, None))
    assert told is not None
    assert not told.findings


def test_trends() -> None:
    values = np.array([4.0, 4.0, 2.0, 2.0])
    assert change(values) == 0.5
    assert improving(values, by=0.4, higher=False)
    assert not improving(values, by=0.6, higher=False)
    assert improving(values[:1], by=0.4, higher=False)  # too few to tell
    assert rising(np.array([0.1, 0.1, 0.2, 0.2]), by=0.5, least=0.05)
    assert not rising(np.array([0.01, 0.01, 0.02, 0.02]), by=0.5, least=0.05)
    line = np.linspace(0, 9, 10)
    assert swing(line) == pytest.approx(0, abs=1e-9)
    wave = np.array([1.0, -1.0] * 20)
    assert swing(np.linspace(0, 9, 40) + wave) == pytest.approx(1, rel=0.01)
    assert turns(wave) == 39
    assert reach(wave) == 2


def test_a_recorded_run_says_what_its_training_said(tmp_path: Path) -> None:
    experiment = recipe("digits-vae").with_options(
        {
            "method.beta": 50.0,
            "training.steps": 900,
            "training.threads": 1,
            "networks.encoder.widths": (16,),
            "networks.decoder.widths": (16,),
        }
    )
    live = Doctor(experiment)
    api.train(experiment, tmp_path / "run", on_event=live.watch)
    afterwards = api.examine(tmp_path / "run")
    assert [f.name for f in live.findings] == ["posterior-collapse"]
    assert [(f.name, f.since) for f in afterwards] == [(f.name, f.since) for f in live.findings]
    assert afterwards[0].numbers == live.findings[0].numbers


def test_the_doctor_needs_no_torch() -> None:
    code = "import sys, aegan_studio.ml.doctor; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
