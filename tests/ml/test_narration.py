"""What an update is told as, for every method: complete, readable, and true."""

from __future__ import annotations

import re

import pytest

from aegan_studio.catalog.models import models
from aegan_studio.catalog.narration import Narration, narration
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import PhaseDone, PhaseReady
from aegan_studio.experiment.parts import METHODS
from aegan_studio.ml.trainer import Trainer
from aegan_studio.ui.panels.train.model.flow import structure_of
from aegan_studio.ui.panels.train.step.numbers import put_in
from aegan_studio.ui.widgets.formula_parser import Atom, parse, plain_text

DATA = {"points": {"kind": "ring", "count": 300}, "image": "digits"}
SMALL = {"training.batch_size": 32, "training.threads": 1, "training.steps": 20}

CASES = [(entry.kind, modality) for entry in METHODS for modality in entry.defaults().modalities]
VARIANTS = [
    {"method": "aegan", "method.adv_x_on": "rebuilt", "method.adv_z_on": "encoded"},
    {"method": "aegan", "method.relativistic": True},
    {"method": "aegan", "method.rec_z": 0.0, "method.adv_z": 0.0},
    {"method": "bigan", "method.posterior": "gaussian", "method.loss": "hinge"},
    {"method": "gan", "method.loss": "wasserstein", "method.penalty": "wgan-gp"},
    {"method": "gan", "method.relativistic": True, "method.penalty": "r1-r2"},
    {"method": "veegan", "method.generator_loss": "adversarial", "method.relativistic": True},
    {"method": "article-loop", "method.real_unused": False, "method.same_samples": False},
]


def of(method: str, modality: str = "", **edits: object) -> Experiment:
    modality = modality or METHODS[method].defaults().modalities[0]
    base = Experiment.parse({"dataset": DATA[modality], "method": method})
    return base.with_options({**SMALL, **edits})


def of_variant(variant: dict[str, object]) -> Experiment:
    edits = dict(variant)
    return of(str(edits.pop("method")), **edits)


def told(experiment: Experiment) -> list[Narration]:
    return [narration(experiment, phase.name) for phase in experiment.phase_infos()]


def check(experiment: Experiment) -> None:
    for one in told(experiment):
        kinds = [stage.kind for stage in one.stages]
        if kinds == ["loss"]:
            assert str(one.stages[0].text) == "Nothing to do"
            continue
        assert kinds[-3:] == ["loss", "gradient", "move"]
        assert kinds[0] in ("data", "noise")
        assert len(kinds) >= 5
        assert one.letters
        mentioned = {
            formula.reading[1]
            for stage in one.stages
            for formula in stage.formulas
            if formula.reading is not None and formula.reading[0] == "term"
        }
        weighs = experiment.method.weighs()
        for term in one.phase.terms:
            option = weighs.get(term.name)
            off = option and float(getattr(experiment.method, option)) == 0
            if term.name.startswith(("loss-d", "right-")):  # critics have no weight of their own
                off = off or getattr(experiment.method, f"adv_{term.name[-1]}", 1) == 0
            assert (term.name in mentioned) != bool(off), (one.phase.name, term.name)
        for stage in one.stages:
            assert str(stage.text)
            assert len(str(stage.help)) > 20
            assert str(stage.help).endswith(".")
            assert not str(stage.text).endswith(".")
            assert stage.formulas
            for formula in stage.formulas:
                readable(formula.latex)
        readable(one.phase.latex)


def readable(latex: str) -> None:
    for name in re.findall(r"\\([A-Za-z]+)", latex):
        assert parse(rf"\{name}").items != (Atom(name, "roman"),), f"{name} shows as a word"
    assert plain_text(parse(latex)).strip()


@pytest.mark.parametrize(("method", "modality"), CASES)
def test_every_phase_is_told_in_full(method: str, modality: str) -> None:
    check(of(method, modality))


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_so_is_every_phase_of_its_variants(variant: dict[str, object]) -> None:
    check(of_variant(variant))


def test_so_is_every_named_model() -> None:
    for kind, model in models():
        experiment = of(kind)
        edits = {path: value for path, value in model.edits.items() if path.startswith("method.")}
        fits = not any("labels" in path for path in edits) or experiment.data_info().classes
        if fits:
            check(experiment.with_options(edits))


@pytest.mark.parametrize(("method", "modality"), CASES)
def test_data_run_along_ways_that_are_drawn(method: str, modality: str) -> None:
    """Every way of a sentence is an arrow of the drawing, or has nothing drawn at an end."""
    from aegan_studio.ui.panels.train.model.ways import ways

    experiment = of(method, modality)
    structure = structure_of(experiment)
    for one in told(experiment):
        moving = [stage for stage in one.stages if stage.kind in ("network", "critic", "compare")]
        for stage in moving:
            found = ways(structure, experiment.method.flow(), stage.hops)
            assert found, (one.phase.name, stage.kind, stage.hops)


class Overheard:
    """A network that tells who has called it."""

    def __init__(self, network: object, role: str, heard: set[str]) -> None:
        self._network, self._role, self._heard = network, role, heard

    def __call__(self, *args: object) -> object:
        self._heard.add(self._role)
        return self._network(*args)  # type: ignore[operator]

    def features(self, *args: object) -> object:
        self._heard.add(self._role)
        return self._network.features(*args)  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> object:
        return getattr(self._network, name)


@pytest.mark.parametrize(
    "variant", [*({"method": kind} for kind in dict(CASES)), *VARIANTS], ids=str
)
def test_the_networks_at_work_and_the_numbers_are_those_of_the_update(
    variant: dict[str, object],
) -> None:
    experiment = of_variant(variant)
    trainer = Trainer(experiment)
    trainer.wants = set()
    list(trainer.prepare())
    heard: set[str] = set()
    method = trainer._engine.model.method
    method.networks = {
        role: Overheard(network, role, heard) for role, network in method.networks.items()
    }  # type: ignore[assignment]
    for one in told(experiment):
        heard.clear()
        events = list(trainer.run_phase(one.phase.name))
        (ready,) = [event for event in events if isinstance(event, PhaseReady)]
        (done,) = [event for event in events if isinstance(event, PhaseDone)]
        assert ready.phase == one.phase.name
        parts = {role for stage in one.stages if stage.kind in WORKING for role in stage.lit}
        assert parts - {"codebook"} == heard - {"codebook"}
        lines = put_in(one, ready)
        assert lines or not ready.weights
        for line in lines:
            readable(line)
            assert line.partition("= ")[2], line
        numbers = {
            "said": ready.said,
            "term": ready.terms,
            "total": {",".join(roles): value for roles, value in ready.totals.items()},
            "gradient": ready.gradients,
            "move": done.moves,
        }
        for stage in one.stages:
            for formula in stage.formulas:
                if formula.reading is not None:
                    kind, name = formula.reading
                    assert name in numbers[kind], (one.phase.name, stage.kind, formula)


WORKING = ("network", "critic", "term")


def of_gan(loss: str, said: dict[str, float], total: float) -> tuple[str, ...]:
    """The line for a generator's update of which these means are known."""
    experiment = of("gan", **{"method.loss": loss})
    ready = PhaseReady(
        step=1,
        phase="generator",
        extra=False,
        batch=128,
        terms={"loss-g": total},
        weights={"loss-g": 1.0},
        totals={("generator",): total},
        said=said,
        gradients={},
        rate=1e-3,
    )
    return put_in(narration(experiment, "generator"), ready)


def test_a_logarithmic_loss_is_written_with_the_answer_that_costs_as_much() -> None:
    said = {"discriminator(x-hat)": 0.43, "log discriminator(x-hat)": -0.89}
    said["log not discriminator(x-hat)"] = -0.60
    assert of_gan("non-saturating", said, 0.89) == (r"-\log 0.41 = 0.89",)
    assert of_gan("minimax", said, -0.60) == (r"\log (1 - 0.45) = -0.60",)
    assert of_gan("hinge", {"discriminator(x-hat)": -1.2}, 1.2) == ("L_G = 1.20",)


def test_weighted_terms_are_written_as_they_add_up() -> None:
    experiment = of("vae", **{"method.beta": 4.0})
    ready = PhaseReady(
        1, "autoencoder", False, 64,
        terms={"rec-x": 2.5, "kl": 0.5, "bound": 9.0},
        weights={"rec-x": 1.0, "kl": 4.0},
        totals={("encoder", "decoder"): 4.5},
        said={}, gradients={}, rate=1e-3,
    )  # fmt: skip
    assert put_in(narration(experiment, "autoencoder"), ready) == (r"2.50 + 4 \cdot 0.50 = 4.50",)
