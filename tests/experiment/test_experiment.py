"""The experiment: completing, editing, files, and the sentences for what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aegan_studio.catalog import DATASETS, METHODS, NETWORKS, recipes
from aegan_studio.catalog.checks import problems
from aegan_studio.experiment import Experiment, InputError, toml
from aegan_studio.experiment.options import describe
from aegan_studio.messages import StudioError


@pytest.fixture
def vae() -> Experiment:
    return Experiment.parse({"dataset": "digits", "method": "vae"})


def test_a_dataset_and_a_method_make_a_complete_experiment(vae: Experiment) -> None:
    assert set(vae.networks) == {"encoder", "decoder"}
    assert set(vae.phases) == {"autoencoder"}
    assert problems(vae) == ()


@pytest.mark.parametrize("method", METHODS.kinds())
@pytest.mark.parametrize("dataset", DATASETS.kinds())
def test_every_dataset_goes_with_every_method(dataset: str, method: str) -> None:
    experiment = Experiment.parse({"dataset": dataset, "method": method})
    assert problems(experiment) == ()
    assert toml.loads(toml.dumps(experiment)) == experiment


def test_an_experiment_is_frozen(vae: Experiment) -> None:
    with pytest.raises(ValueError, match="frozen"):
        vae.seed = 3  # type: ignore[misc]


def test_an_edit_gives_a_new_experiment_and_leaves_the_old(vae: Experiment) -> None:
    edited = vae.with_options({"method.latent_dim": 3, "seed": 7, "phases.autoencoder.lr": 0.01})
    assert (edited.get("method.latent_dim"), edited.seed) == (3, 7)
    assert edited.phases["autoencoder"].lr == 0.01
    assert vae.get("method.latent_dim") == 16
    assert vae.differences(edited) == {
        "seed": (0, 7),
        "method.latent_dim": (16, 3),
        "phases.autoencoder.lr": (1e-3, 0.01),
    }


def test_a_new_method_keeps_shared_options_and_brings_its_own_networks(vae: Experiment) -> None:
    gan = vae.with_options({"method.latent_dim": 5}).with_options({"method.kind": "gan"})
    assert gan.get("method.latent_dim") == 5
    assert set(gan.networks) == {"generator", "discriminator"}
    assert gan.phases["generator"].beta1 == 0.5


def test_kinds_change_before_the_options_that_depend_on_them(vae: Experiment) -> None:
    edited = vae.with_options(
        {
            "networks.generator.channels": 8,
            "networks.generator.kind": "dcgan",
            "method.kind": "gan",
        }
    )
    assert edited.get("networks.generator.channels") == 8


def test_networks_stay_where_the_data_keep_their_shape_and_range() -> None:
    ring = Experiment.parse({"dataset": "ring", "method": "gan"}).with_options(
        {"networks.generator.widths": [7]}
    )
    assert ring.with_options({"dataset.kind": "drawn"}).networks == ring.networks
    digits = ring.with_options({"dataset.kind": "digits"})
    assert digits.get("networks.generator.widths") != [7]
    scaled = ring.with_options({"dataset.scaling": "unit"})
    assert scaled.with_options({"dataset.kind": "moons"}).networks == scaled.networks


def test_partial_phases_in_a_file_keep_the_methods_defaults() -> None:
    gan = Experiment.parse(
        {"dataset": "ring", "method": "gan", "phases": {"generator": {"lr": 0.5}}}
    )
    assert gan.phases["generator"].lr == 0.5
    assert gan.phases["generator"].beta1 == 0.5


@pytest.mark.parametrize(
    ("edits", "sentence"),
    [
        ({"method.latent_dim": 0}, "method.latent_dim: 0 is too small. It must be at least 1."),
        ({"method.latnt_dim": 3}, "Did you mean “latent_dim”?"),
        ({"dataset.kind": "digit"}, "Did you mean “digits”?"),
        ({"dataset.side": 9}, "dataset.side: “9” is not possible. It must be 8, 16, 28 or 32."),
        ({"training.batch_size": "many"}, "“many” does not fit. It must be a whole number."),
        ({"phases.critic.lr": 1.0}, "there is no “critic” here. It must be one of: autoencoder."),
        ({"method.beta": float("nan")}, "It must be a finite number."),
        ({"dataset.held_out": 0.95}, "0.95 is too large. It must be at most 0.9."),
        ({"training": 3}, "It must be a table of options."),
    ],
)
def test_a_wrong_edit_says_field_value_and_mend(
    vae: Experiment, edits: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InputError) as caught:
        vae.with_options(edits)
    assert sentence in str(caught.value)


def test_every_wrong_field_of_a_file_is_reported_at_once() -> None:
    text = """
format = 1
[dataset]
kind = "ring"
[method]
kind = "vae"
colour = "red"
[networks.encoder]
kind = "mlp"
widths = 3
[phases.critic]
lr = 1
"""
    with pytest.raises(InputError) as caught:
        toml.loads(text, source="mine.toml")
    lines = str(caught.value).splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["mine.toml"] * len(lines)
    assert any("method.colour" in line for line in lines)
    assert any("networks.encoder.widths" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a = [", "is not valid TOML"),
        ("format = 99", "has format 99; this program reads up to 1. Update"),
        ("format = 1", "dataset: it is missing."),
        ('format = 1\ndataset = "moons"\nmethod = 3', "is not a table|It must be a table"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text: str, sentence: str) -> None:
    with pytest.raises(StudioError, match=sentence):
        toml.loads(text, source="mine.toml")


def test_an_older_format_is_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    def migrate(plain: dict[str, object]) -> dict[str, object]:
        method = plain.pop("model")
        return {**plain, "method": method}

    monkeypatch.setattr(toml, "FORMAT", 2)
    monkeypatch.setitem(toml.MIGRATIONS, 1, migrate)
    loaded = toml.loads('format = 1\ndataset = "moons"\nmodel = "vae"')
    assert loaded.get("method.kind") == "vae"


def test_files_are_written_whole_or_not_at_all(
    vae: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.toml"
    toml.save(vae, path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(StudioError, match="disk is full"):
        toml.save(vae.with_options({"seed": 9}), path)
    monkeypatch.undo()
    assert toml.load(path) == vae
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_file_and_a_binary_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"nothing\.toml cannot be read"):
        toml.load(tmp_path / "nothing.toml")
    (tmp_path / "picture.toml").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(StudioError, match="is not a text file"):
        toml.load(tmp_path / "picture.toml")


def test_a_batch_larger_than_the_data_is_a_problem_with_a_mend(vae: Experiment) -> None:
    (problem,) = problems(vae.with_options({"training.batch_size": 2048}))
    assert problem.path == "training.batch_size"
    assert "1,347" in str(problem.message)
    assert problem.mend is not None
    assert problems(vae.with_options(problem.mend.changes)) == ()


@pytest.mark.parametrize(
    ("dataset", "edits"),
    [
        ("digits", {"method.likelihood": "bernoulli", "dataset.scaling": "symmetric"}),
        ("ring", {"networks.encoder.kind": "dcgan"}),
    ],
)
def test_mends_of_cross_field_problems_mend(dataset: str, edits: dict[str, object]) -> None:
    wrong = Experiment.parse({"dataset": dataset, "method": "vae"}).with_options(edits)
    (problem,) = problems(wrong)
    assert problem.mend is not None
    assert problems(wrong.with_options(problem.mend.changes)) == ()


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.name)
def test_every_recipe_is_sound(recipe: object) -> None:
    experiment = recipe.experiment()  # type: ignore[attr-defined]
    assert problems(experiment) == ()
    assert experiment.title


def _option_classes() -> list[type]:
    entries = [*DATASETS, *METHODS, *NETWORKS]
    return [entry.options for entry in entries]


@pytest.mark.parametrize("options", _option_classes(), ids=lambda options: options.__name__)
def test_every_option_has_a_label_and_a_help_that_is_a_sentence(options: type) -> None:
    for info in describe(options):
        assert info.label
        assert not info.label.endswith(".")
        assert info.help.endswith(".")


def test_live_options_are_found_by_path(vae: Experiment) -> None:
    beta = vae.option_info("method.beta")
    size = vae.option_info("method.latent_dim")
    assert beta is not None
    assert beta.live
    assert size is not None
    assert not size.live
    assert vae.option_info("method.kind") is None


@given(st.integers(1, 4096), st.floats(1e-6, 10), st.integers(0, 2**32 - 1))
def test_toml_keeps_every_value(latent: int, rate: float, seed: int) -> None:
    experiment = Experiment.parse({"dataset": "digits", "method": "vae"}).with_options(
        {"method.latent_dim": latent, "phases.autoencoder.lr": rate, "seed": seed}
    )
    assert toml.loads(toml.dumps(experiment)) == experiment
