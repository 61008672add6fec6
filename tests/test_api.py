"""The Python interface: NumPy in, NumPy out, the same folders as everywhere else."""

import os
import signal
import tomllib
from pathlib import Path

import numpy as np
import pytest

import aegan_studio as studio
from aegan_studio import api
from aegan_studio.catalog.models import chosen
from aegan_studio.experiment import toml
from aegan_studio.experiment.events import Finished, Progress, Saved
from aegan_studio.messages import StudioError
from aegan_studio.runs.folder import RunFolder

QUICK = {"training.threads": 1, "training.steps": 30, "training.device": "cpu"}


@pytest.fixture(scope="module")
def vae(tmp_path_factory):
    out = tmp_path_factory.mktemp("api") / "vae"
    return studio.train(studio.recipe("digits-vae").with_options(QUICK), out=out)


@pytest.fixture(scope="module")
def gan():
    return studio.train(studio.recipe("ring-gan").with_options(QUICK))


def test_public_names_are_all_there():
    for name in studio.__all__:
        assert getattr(studio, name) is not None
        assert name in dir(studio)
    with pytest.raises(AttributeError, match="nothing_here"):
        studio.nothing_here  # noqa: B018


def test_the_version_is_that_of_the_package():
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    assert studio.__version__ == project["project"]["version"]


def test_a_run_generates_items_in_the_units_of_the_data(vae):
    items = vae.generate(5, seed=3)
    assert items.shape == (5, 1, 8, 8)
    assert items.dtype == np.float32
    assert items.min() >= 0
    assert 1 < items.max() <= 16
    np.testing.assert_array_equal(items, vae.generate(5, seed=3))
    assert not np.array_equal(items, vae.generate(5, seed=4))


def test_codes_and_data_go_both_ways(vae):
    data = vae.data()
    assert data.train.shape == (1347, 1, 8, 8)
    assert data.held_out.shape == (450, 1, 8, 8)
    assert set(np.unique(data.train)) == set(range(17))
    assert data.train_labels.shape == (1347,)
    codes = vae.encode(data.held_out)
    assert codes.shape == (450, 8)
    assert codes.dtype == np.float32
    np.testing.assert_allclose(
        vae.decode(codes), vae.reconstruct(data.held_out), rtol=1e-5, atol=1e-4
    )
    assert vae.to_display(data.held_out).shape == (450, 8, 8)
    assert vae.to_display(data.held_out).dtype == np.uint8
    assert vae.encode(data.held_out[:0]).shape == (0, 8)


def test_metrics_are_by_name_steps_and_values(vae):
    steps, values = vae.metrics["rec-x"]
    assert steps.tolist() == list(range(1, 31))
    assert values.shape == (30,)
    assert values[-1] < values[0]


def test_a_saved_run_loads_as_it_was(vae):
    again = studio.load_run(vae.path)
    assert again.experiment == vae.experiment
    assert again.step == vae.step == 30
    assert vae.outcome == "done"
    np.testing.assert_array_equal(again.generate(3), vae.generate(3))
    assert RunFolder.open(vae.path).preview() is not None


def test_without_a_folder_nothing_stays_on_disk(gan, tmp_path):
    assert gan.path is None
    assert gan.generate(7).shape == (7, 2)
    assert not gan.has_encoder
    with pytest.raises(studio.StudioError, match="“gan” has no encoder"):
        gan.encode(np.zeros((1, 2)))


@pytest.mark.parametrize("shape", [(8, 8), (1, 8, 8), (2, 8, 8, 1), (3, 64), ()])
def test_arrays_of_another_shape_are_refused_with_both_shapes(vae, shape):
    with pytest.raises(studio.StudioError, match=r"this run takes n × 1 × 8 × 8"):
        vae.encode(np.zeros(shape))


def test_codes_of_another_size_are_refused(vae):
    with pytest.raises(studio.StudioError, match="2 × 3, this run takes n × 8"):
        vae.decode([[0, 0, 0], [1, 1, 1]])


def test_events_arrive_in_order(tmp_path):
    seen = []
    studio.train("moons-vae", tmp_path / "run", steps=20, on_event=seen.append)
    steps = np.concatenate([event.steps for event in seen if isinstance(event, Progress)])
    assert steps.tolist() == list(range(1, 21))
    assert isinstance(seen[-1], Finished)
    assert any(isinstance(event, Saved) for event in seen)


def test_a_file_or_a_recipe_names_an_experiment(tmp_path):
    path = tmp_path / "mine.toml"
    toml.save(studio.recipe("ring-gan"), path)
    assert api.find_experiment(str(path)) == api.find_experiment("ring-gan")
    with pytest.raises(studio.StudioError, match="Did you mean “ring-gan”"):
        api.find_experiment("ring-gann")
    with pytest.raises(studio.StudioError, match=r"missing\.toml cannot be read"):
        api.find_experiment(tmp_path / "missing.toml")


def test_an_interruption_saves_and_training_goes_on(tmp_path):
    def interrupt(event):
        if isinstance(event, Progress) and event.step >= 10:
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        studio.train("ring-gan", tmp_path / "run", steps=100_000, on_event=interrupt)
    assert signal.getsignal(signal.SIGINT) is before
    run = studio.load_run(tmp_path / "run")
    assert run.step >= 10
    more = run.step + 5
    assert studio.train(out=tmp_path / "run", resume=True, steps=more).step == more


def test_an_experiment_that_cannot_train_leaves_no_folder(tmp_path):
    wrong = studio.recipe("digits-vae").with_options({"training.batch_size": 60_000})
    with pytest.raises(studio.InputError, match=r"training\.batch_size"):
        studio.train(wrong, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_run_that_trains_elsewhere_is_left_alone(vae):
    with RunFolder.open(vae.path) as writer:
        writer.claim()
        with pytest.raises(studio.StudioError, match="trained by another program"):
            studio.train(out=vae.path, resume=True, steps=40)


def test_a_run_without_a_checkpoint_says_so(tmp_path):
    with RunFolder.create(tmp_path / "run", studio.recipe("ring-gan")):
        pass
    with pytest.raises(studio.StudioError, match="has no checkpoint yet"):
        studio.load_run(tmp_path / "run")


def test_a_named_model_is_trained_in_place_of_the_experiments():
    quick = studio.recipe("digits-gan").with_options(QUICK)
    run = studio.train(quick, method="vae", steps=2)
    assert run.experiment == chosen(quick, "vae").with_options({"training.steps": 2})
    assert api.with_method(None, "gan").dataset.kind == "digits"
    with pytest.raises(StudioError, match="not a known method"):
        api.with_method(quick, "no such model")
    with pytest.raises(StudioError, match="keeps its method"):
        studio.train(method="vae", out="nowhere", resume=True)
