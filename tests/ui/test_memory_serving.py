"""What the latent worker tells of samples: their nearest data, encoder, critic, files of codes."""

from __future__ import annotations

import numpy as np
import pytest

from aegan_studio.messages import StudioError
from aegan_studio.ml.latent.explorer import LatentModel
from aegan_studio.runs.codes import load
from aegan_studio.ui.latent.keep_messages import (
    Blend,
    CheckPrior,
    PriorChecked,
    Redecode,
    Reflect,
    Remember,
    SamplePrior,
    WriteCodes,
)
from aegan_studio.ui.latent.messages import Load
from aegan_studio.ui.latent.serving import exporting, memory
from aegan_studio.ui.latent.serving.desk import Desk


@pytest.fixture
def desk(trained):
    def opened(name):
        desk = Desk(LatentModel)
        desk.load(Load(*trained(name)))
        return desk

    return opened


def answers(pieces):
    return [answer for answer in pieces if answer is not None]


@pytest.mark.parametrize("name", ["vae", "gan", "aegan", "vq-vae", "cgan", "points"])
def test_neighbours_come_at_once_and_what_is_usual_follows(desk, name):
    desk = desk(name)
    code = desk.model.draw(3)[0].astype(np.float64)
    first, then = answers(memory.remember(desk, Remember(code, 4)))
    assert first.usual is None
    assert np.all(np.diff(then.usual) >= 0)
    assert len(then.usual) == len(desk.model.store.held_out)
    assert np.all(np.diff(then.distances) >= 0)
    assert (then.codes is None) == (not desk.model.has_encoder)
    item = desk.model.decode(code[None])[0]
    for near, away in zip(then.items, then.distances, strict=True):
        assert memory.distance(item, near) == pytest.approx(away, rel=1e-4, abs=1e-6)
    (again,) = answers(memory.remember(desk, Remember(code, 4)))
    assert np.array_equal(again.usual, then.usual)


def test_measuring_goes_on_where_an_overtaken_request_left_it(desk):
    desk = desk("vae")
    code = desk.model.draw(3)[0].astype(np.float64)
    steps = 0
    for _ in range(3):
        pieces = memory.remember(desk, Remember(code, 4))
        for _ in range(5):
            next(pieces)
        pieces.close()
    for _ in memory.remember(desk, Remember(code, 4)):
        steps += 1
    fresh = Desk(lambda _: desk.model)
    fresh._model = desk.model
    assert steps < sum(1 for _ in memory.remember(fresh, Remember(code, 4)))


@pytest.mark.parametrize("measure", ["encoder", "features"])
def test_distances_of_codes_and_of_a_classifiers_features(desk, measure):
    desk = desk("vae")
    item = desk.model.store.to_screen(desk.model.store.train[40:41])
    code = desk.model.encode_shown(item)[0].astype(np.float64)
    found = answers(memory.remember(desk, Remember(code, 24, measure)))[-1]
    assert found.items.shape[0] == 24
    assert found.usual is not None
    assert np.all(np.diff(found.distances) >= 0)


def test_what_cannot_be_measured_names_the_mend(desk):
    gan = desk("gan")
    with pytest.raises(StudioError, match="pixels instead"):
        list(memory.remember(gan, Remember(np.zeros(8), 4, "encoder")))


@pytest.fixture
def copies(desk):
    """A desk whose decoder gives training digits by heart, whatever the code."""
    desk = desk("gan")
    model = desk.model
    shown = model.store.to_screen(model.store.train)

    def by_heart(codes):
        rows = (np.abs(np.asarray(codes)).sum(axis=1) * 1e4).astype(int) % len(shown)
        return shown[rows]

    model.decode = by_heart
    return desk


def test_a_model_that_learnt_by_heart_is_found_out(copies):
    checked = answers(memory.check_prior(copies, CheckPrior(200)))[-1]
    assert isinstance(checked, PriorChecked)
    assert checked.nearer == 200
    assert checked.high < 0.2
    assert checked.nearest.max() == 0.0


def test_new_digits_are_not(copies):
    model = copies.model
    held_out = model.store.to_screen(model.store.held_out)
    rng = np.random.default_rng(0)
    model.decode = lambda codes: held_out[rng.integers(len(held_out), size=len(codes))]
    checked = answers(memory.check_prior(copies, CheckPrior(400)))[-1]
    assert checked.low <= checked.nearer / 400 <= checked.high


def test_a_check_says_how_far_it_is(desk):
    said = answers(memory.check_prior(desk("gan"), CheckPrior(100, kept=10)))
    shares = [one.share for one in said[:-1]]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert said[-1].items.shape == (10, 8, 8)
    assert np.array_equal(np.sort(said[-1].distances)[:10], said[-1].nearest)


@pytest.mark.parametrize(
    ("name", "encoder", "critic"),
    [
        ("vae", True, False),
        ("gan", False, True),
        ("aegan", True, True),
        ("cgan", False, True),
        ("points", True, False),
        ("vq-vae", True, False),
    ],
)
def test_encoder_and_critic_are_asked_where_there_are_such(desk, name, encoder, critic):
    desk = desk(name)
    code = desk.model.draw(1)[0].astype(np.float64)
    (said,) = answers(memory.reflect(desk, Reflect(code)))
    assert (said.encoded is not None, said.critic is not None) == (encoder, critic)
    if encoder:
        assert said.cycle == pytest.approx(np.linalg.norm(code - said.encoded))
        assert np.array_equal(said.rebuilt, desk.model.decode(said.encoded[None])[0])
    if critic:
        assert 0.0 <= said.rank <= 100.0


@pytest.mark.parametrize("kind", ["linear", "spherical"])
def test_a_blend_begins_and_ends_at_its_codes(desk, kind):
    desk = desk("gan")
    a, b = desk.model.draw(1, 2).astype(np.float64)
    (first,) = exporting.blend(desk, Blend(a, b, 0.0, kind))
    (last,) = exporting.blend(desk, Blend(a, b, 1.0, kind))
    (middle,) = exporting.blend(desk, Blend(a, b, 0.5, kind))
    assert np.array_equal(first.code, a)
    assert np.array_equal(last.code, b)
    assert np.array_equal(middle.item, desk.model.decode(middle.code[None])[0])
    if kind == "linear":
        assert middle.code == pytest.approx((a + b) / 2)
    assert middle.gap == pytest.approx(memory.distance(first.item, last.item))


def test_kept_codes_are_decoded_anew(desk):
    desk = desk("vae")
    codes = desk.model.draw(1, 5).astype(np.float64)
    (found,) = answers(exporting.redecode(desk, Redecode(codes)))
    assert np.array_equal(found.items, desk.model.decode(codes))
    assert found.step == 150


def test_samples_are_those_of_the_seed(desk):
    desk = desk("gan")
    found = answers(exporting.sample(desk, SamplePrior(12, 5)))[-1]
    assert np.array_equal(found.codes, desk.model.draw(5, 12))
    assert np.array_equal(found.items, desk.model.decode(found.codes))


@pytest.mark.parametrize("ending", [".npz", ".csv"])
def test_the_codes_of_all_data_are_written_in_the_datasets_order(desk, ending, tmp_path):
    desk = desk("vae")
    model = desk.model
    path = tmp_path / f"codes{ending}"
    said = answers(exporting.write_codes(desk, WriteCodes(path, components=True)))
    assert said[-1].count == 1797
    table = load(path)
    kept = int((~table.held_out).sum())
    expected = model.method.encode(model.store.train).numpy()
    assert np.allclose(table.codes[:kept], expected, atol=1e-5)
    assert np.array_equal(table.rows[:kept], model.store.train_rows)
    assert np.array_equal(table.labels[kept:], model.store.held_out_labels.numpy())
    assert table.components.shape == (1797, 2)


def test_without_an_encoder_samples_are_written_and_data_are_not(desk, tmp_path):
    desk = desk("gan")
    path = tmp_path / "codes.npz"
    with pytest.raises(StudioError, match="Export samples instead"):
        list(exporting.write_codes(desk, WriteCodes(path)))
    list(exporting.write_codes(desk, WriteCodes(path, samples=30, seed=2)))
    assert np.array_equal(load(path).codes, desk.model.draw(2, 30))
