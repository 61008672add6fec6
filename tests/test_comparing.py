"""Rivals of an experiment, in what two experiments differ, and what measures both alike."""

from __future__ import annotations

import itertools

import pytest

from aegan_studio.catalog.differences import differences, taken
from aegan_studio.catalog.measures import AIMS, Measure, measures, shared_terms
from aegan_studio.catalog.models import model as model_named
from aegan_studio.catalog.models import models, nearest
from aegan_studio.catalog.recipes import recipe, recipes
from aegan_studio.catalog.rivals import matched, ring_pair, rival, rivals
from aegan_studio.catalog.vitals import FIGURES
from aegan_studio.experiment import Experiment, InputError
from aegan_studio.messages import msg


def gan(**edits: object) -> Experiment:
    base = Experiment.parse({"dataset": "ring", "method": {"kind": "gan", "latent_dim": 2}})
    return base.with_options({path.replace("__", "."): value for path, value in edits.items()})


def paths(first: Experiment, second: Experiment) -> list[str]:
    return [entry.path for entry in differences(first, second)]


# Rivals


@pytest.mark.parametrize("found", recipes(), ids=lambda found: found.name)
def test_every_recipe_has_rivals_that_can_be_had_for_its_data(found) -> None:
    experiment = found.experiment()
    suggested = rivals(experiment)
    assert suggested
    mine = nearest(experiment)[0].name
    for model in suggested:
        made = rival(experiment, model.name)
        assert made.dataset == experiment.dataset
        assert made.seed == experiment.seed
        assert made.training == experiment.training
        assert made.method.kind == model_named(model.name)[0]
        telling = {path: to for path, to in model.edits.items() if not path.endswith(".lr")}
        assert all(made.get(path) == value for path, value in telling.items())
        assert model.name != mine


def test_within_a_method_only_what_makes_the_model_differs() -> None:
    mine = gan(phases__discriminator__weight_decay=1e-3, networks__generator__widths=[32])
    theirs = rival(mine, "wgan-gp")
    assert set(paths(mine, theirs)) == {
        "method.loss",
        "method.penalty",
        "method.penalty_weight",
        "phases.discriminator.updates",
        *(f"phases.{phase}.beta{n}" for phase in ("discriminator", "generator") for n in (1, 2)),
    }
    assert rival(theirs, "gan").phases == mine.phases


def test_rates_go_with_the_optimiser() -> None:
    mine = gan(phases__generator__lr=3e-3)
    assert rival(mine, "wgan-gp").phases["generator"].lr == 3e-3
    assert rival(mine, "wgan").phases["generator"].lr == 5e-5  # of RMSprop


def test_the_ring_pair_differs_in_method_and_adam_alone() -> None:
    one, two = ring_pair()
    assert nearest(one)[0].name == "gan"
    assert nearest(two)[0].name == "wgan-gp"
    assert {entry.group for entry in differences(one, two)} == {"method", "training"}
    assert one.phases["discriminator"].lr == two.phases["discriminator"].lr


def test_networks_of_another_method_are_as_large() -> None:
    mine = gan(networks__generator__widths=[32, 16], networks__discriminator__widths=[24])
    theirs = rival(mine, "vae")
    assert theirs.networks["decoder"].widths == (32, 16)
    assert theirs.networks["encoder"].widths == (24,)
    assert theirs.method.latent_dim == 2
    back = rival(theirs, "gan")
    assert back.networks == mine.networks


def test_seed_and_data_become_those_of_the_other_and_nothing_else() -> None:
    mine, theirs = gan(seed=3), gan(seed=7, dataset__modes=5, training__batch_size=99)
    made = matched(mine, theirs)
    assert paths(made, theirs) == ["training.batch_size"]
    assert made.networks == mine.networks
    digits = recipe("digits-vae")
    assert paths(matched(mine, digits), digits)[0] == "method.kind"


# Differences


def test_what_has_no_effect_in_either_is_no_difference() -> None:
    assert paths(gan(), gan(phases__generator__momentum=0.5)) == []
    both = {"phases__generator__optimizer": "sgd"}
    assert paths(gan(**both), gan(**both, phases__generator__momentum=0.5)) == [
        "phases.generator.momentum"
    ]


def test_titles_are_no_difference() -> None:
    assert paths(gan(title="A"), gan(title="B")) == []


def test_differences_come_in_the_order_of_the_recipe() -> None:
    one = gan()
    two = gan(
        training__steps=9, networks__generator__widths=[5], method__loss="hinge", dataset__modes=3
    )
    groups = [entry.group for entry in differences(one, two)]
    assert groups == ["dataset", "method", "networks", "training"]


def test_a_network_of_another_kind_or_of_one_side_alone_is_one_entry() -> None:
    one, two = gan(), rival(gan(), "vae")
    named = {entry.path: entry.owners for entry in differences(one, two)}
    assert named["networks.encoder"] == (False, True)
    assert named["networks.generator"] == (True, False)
    assert not [path for path in named if path.startswith("phases.")]  # the method says it
    digits = recipe("digits-gan")
    other = digits.with_options({"networks.generator.kind": "dcgan"})
    assert paths(digits, other) == ["networks.generator"]


ROUND = (
    gan(),
    rival(gan(), "wgan-gp"),
    rival(gan(), "vae"),
    recipe("digits-aegan"),
    recipe("digits-gan").with_options({"networks.generator.kind": "dcgan"}),
)


@pytest.mark.parametrize("pair", list(itertools.permutations(ROUND, 2)), ids=lambda _: "")
def test_taking_over_all_differences_in_turn_leaves_none(
    pair: tuple[Experiment, Experiment],
) -> None:
    mine, theirs = pair
    for _ in range(60):
        left = [entry for entry in differences(mine, theirs) if entry.shared]
        if not left:
            break
        before = len(differences(mine, theirs))
        mine = taken(mine, theirs, left[0].path)
        assert len(differences(mine, theirs)) < before or left[0].path.endswith("kind")
    assert paths(mine, theirs) == []


def test_what_cannot_be_had_is_refused() -> None:
    labelled = recipe("digits-cgan")
    with pytest.raises(InputError):
        taken(gan(), labelled, "method.no_such_thing")


# Measures


def names(first: Experiment, second: Experiment) -> set[str]:
    return {term.name for term in shared_terms(first, second)}


def test_losses_are_shared_where_the_games_formulas_agree() -> None:
    assert names(gan(), gan(phases__generator__lr=0.1)) == {"loss-d", "loss-g", "right"}
    assert names(gan(), rival(gan(), "wgan-gp")) == {"right"}
    assert names(gan(), rival(gan(), "r1-gan")) == {"loss-d", "loss-g", "right"}
    assert names(gan(), rival(gan(), "minimax-gan")) == {"loss-d", "right"}


def test_an_error_is_shared_within_a_method_and_its_choices() -> None:
    mine = recipe("digits-autoencoder")
    assert "rec-x" in names(mine, mine.with_options({"method.latent_dim": 3}))
    assert "rec-x" not in names(mine, rival(mine, "vae"))
    vae = recipe("digits-vae").with_options({"method.likelihood": "gaussian"})
    assert names(vae, vae.with_options({"method.likelihood": "bernoulli"})) == set()


def test_figures_come_before_losses_and_the_telling_ones_first() -> None:
    both = frozenset({"js", "modes", "js-floor", "weights.generator", "nonsense"})
    found = measures(gan(), rival(gan(), "wgan-gp"), (both, both | {"covered"}))
    assert [measure.name for measure in found] == ["js", "modes", "js-floor", "right"]
    assert [measure.held_out for measure in found] == [True, True, True, False]


def test_every_aim_is_of_a_figure_that_there_is() -> None:
    assert set(AIMS) <= set(FIGURES)


@pytest.mark.parametrize(
    ("aim", "first", "second", "better"),
    [
        ("low", 0.1, 0.2, 0),
        ("high", 3, 8, 1),
        (1.0, 0.7, 1.1, 1),
        (0.5, 0.5, 0.5, None),
        ("low", float("nan"), 1, None),
        (None, 1, 2, None),
    ],
)
def test_the_better_value_is_marked(aim, first: float, second: float, better: int | None) -> None:
    measure = Measure("js", msg("JS"), msg("JS"), True, aim)
    assert measure.better(first, second) == better


def test_models_that_are_suggested_exist() -> None:
    from aegan_studio.catalog import rivals as module

    known = {model.name for _, model in models()}
    lists = [*module._OF_MODEL.values(), *module._OF_FAMILY.values()]
    assert {name for names_ in lists for name in names_} | set(module._OF_MODEL) <= known
