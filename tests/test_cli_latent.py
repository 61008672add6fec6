"""Walks and grids on the command line: what they write, and what they refuse."""

import numpy as np
import pytest
from PIL import Image
from scipy.stats import norm

from aegan_studio import api, cli
from aegan_studio.i18n import tr
from aegan_studio.runs import films


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(cli, "system_language", lambda: "en")
    yield
    tr.use("en")


QUICK = {"training.steps": 30, "training.threads": 1}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A run that encodes, one that does not, one that is told a class, and one of points."""
    folder = tmp_path_factory.mktemp("latent")
    names = {"vae": "digits-vae", "gan": "digits-gan", "cgan": "digits-cgan", "ring": "ring-gan"}
    for name, recipe in names.items():
        api.train(api.recipe(recipe).with_options(QUICK), folder / name)
    api.train(
        api.recipe("digits-autoencoder").with_options(QUICK | {"method.latent_dim": 3}),
        folder / "plain",
    )
    return folder


def arrays(path):
    with np.load(path, allow_pickle=False) as held:
        return dict(held)


def run(*arguments):
    assert cli.main([str(argument) for argument in arguments]) == 0


def test_a_walk_leads_from_stop_to_stop(runs, tmp_path, capsys):
    out = tmp_path / "walk.npz"
    run(
        "walk", runs / "vae", "--from", "seed:3", "--stops", "class:4", "--stops", "item:9",
        "--to", "seed:7", "--kind", "spline", "--frames", "41", "--out", out,
    )  # fmt: skip
    assert "A walk of 41 pictures, step 30" in capsys.readouterr().err
    held = arrays(out)
    vae = api.load_run(runs / "vae")
    assert held["x"].shape == (41, 1, 8, 8)
    np.testing.assert_allclose(held["z"][[0, -1]], [vae.prior(1, 3)[0], vae.prior(1, 7)[0]])
    np.testing.assert_allclose(held["x"], vae.decode(held["z"]), atol=1e-4)
    data = vae.data()
    four = vae.encode(data.train[data.train_labels == 4])
    middle = four[((four - four.mean(axis=0)) ** 2).sum(axis=1).argmin()]
    spacing = np.linalg.norm(np.diff(held["z"], axis=0), axis=1).max()
    for stop in (middle, vae.encode(data.train[9:10])[0]):
        assert np.linalg.norm(held["z"] - stop, axis=1).min() < spacing


@pytest.mark.parametrize(("ending", "form"), [("gif", "GIF"), ("webp", "WEBP")])
def test_a_walk_is_filmed(runs, tmp_path, ending, form):
    out = tmp_path / f"walk.{ending}"
    run("walk", runs / "gan", "--from", "seed:3", "--to", "seed:7", "--frames", 12, "--loop",
        "--fps", 10, "--scale", 5, "--out", out)  # fmt: skip
    with Image.open(out) as film:
        assert film.format == form
        assert film.size == (40, 40)
        assert film.n_frames == 12


def test_a_walk_leads_through_every_class(runs, tmp_path):
    out = tmp_path / "walk.npz"
    run("walk", runs / "cgan", "--every-class", "--equal-legs", "--frames", 19, "--out", out)
    asked = arrays(out)["z"][::2, -10:]
    np.testing.assert_allclose(asked, np.eye(10), atol=1e-6)


def test_an_even_walk_and_one_with_equal_legs_differ(runs, tmp_path):
    for flag in ("--even", "--equal-legs"):
        out = tmp_path / f"{flag}.npz"
        stops = ("--from", "seed:1", "--stops", "seed:2", "--to", "mean")
        run("walk", runs / "gan", *stops, "--kind", "linear", "--frames", 21, flag, "--out", out)
    even, equal = (arrays(tmp_path / f"{f}.npz")["z"] for f in ("--even", "--equal-legs"))
    assert np.linalg.norm(np.diff(even, axis=0), axis=1).std() < 0.05
    assert np.linalg.norm(even[10] - equal[10]) > 0.1


def test_without_the_extra_an_mp4_is_refused_before_anything_is_decoded(
    runs, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(films, "has_mp4", lambda: False)
    assert cli.main(["walk", str(runs / "vae"), "--out", str(tmp_path / "walk.mp4")]) == 2
    assert "pip install imageio av" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_walk_goes_there_and_back_and_by_default_into_a_gif(runs, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("walk", runs / "gan", "--frames", 5, "--ping-pong", "--out", "back.npz")
    codes = arrays("back.npz")["z"]
    assert len(codes) == 8
    assert np.array_equal(codes[5:], codes[3:0:-1])
    run("walk", runs / "gan", "--frames", 3)
    with Image.open("gan-walk.gif") as film:
        assert (film.format, film.size) == ("GIF", (256, 256))


def test_codes_of_a_normal_prior_go_about_the_sphere_and_others_straight(runs, tmp_path):
    run("walk", runs / "gan", "--frames", 31, "--out", tmp_path / "gan.npz")
    lengths = np.linalg.norm(arrays(tmp_path / "gan.npz")["z"], axis=1)
    assert min(lengths) >= min(lengths[0], lengths[-1]) * (1 - 1e-5)
    run("walk", runs / "plain", "--frames", 31, "--out", tmp_path / "plain.npz")
    codes = arrays(tmp_path / "plain.npz")["z"]
    straight = np.linspace(codes[0], codes[-1], 31)
    np.testing.assert_allclose(codes, straight, atol=1e-5)


def test_a_class_that_is_asked_for_fades_over(runs, tmp_path):
    out = tmp_path / "walk.npz"
    run("walk", runs / "cgan", "--from", "class:3", "--to", "class:8", "--frames", 11, "--out", out)
    codes = arrays(out)["z"]
    asked = codes[:, -10:]
    np.testing.assert_allclose(asked.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(asked[:, 8], np.linspace(0, 1, 11), atol=1e-6)
    np.testing.assert_allclose(codes[:, :-10], np.tile(codes[0, :-10], (11, 1)), atol=1e-6)


def test_truncation_draws_a_walk_to_the_mean(runs, tmp_path):
    for psi in (1, 0.5):
        run("walk", runs / "plain", "--frames", 4, "--psi", psi, "--out", tmp_path / f"{psi}.npz")
    run("walk", runs / "plain", "--from", "mean", "--frames", 2, "--out", tmp_path / "mean.npz")
    mean = arrays(tmp_path / "mean.npz")["z"][0]
    whole, half = (arrays(tmp_path / f"{psi}.npz")["z"] for psi in (1, 0.5))
    np.testing.assert_allclose(half - mean, (whole - mean) / 2, atol=1e-4)


def test_points_walk_over_their_data(runs, tmp_path):
    run("walk", runs / "ring", "--frames", 4, "--out", tmp_path / "strip.png")
    run("grid", runs / "ring", "--side", 5, "--out", tmp_path / "grid.png")
    orange = [230, 159, 0]
    for name, wide in (("strip.png", 4 * 321 - 1), ("grid.png", 320)):
        with Image.open(tmp_path / name) as drawn:
            picture = np.asarray(drawn)
        assert picture.shape[:2] == (320, wide)
        assert (picture == orange).all(axis=-1).any()


def test_a_grid_goes_through_quantiles_of_the_prior(runs, tmp_path):
    out = tmp_path / "grid.npz"
    run("grid", runs / "vae", "--dims", 1, 0, "--side", 5, "--from", "seed:2", "--out", out)
    held = arrays(out)
    assert held["x"].shape == (5, 5, 1, 8, 8)
    quantiles = norm.ppf([0.1, 0.3, 0.5, 0.7, 0.9])
    np.testing.assert_allclose(held["z"][2, :, 1], quantiles, atol=1e-6)
    np.testing.assert_allclose(held["z"][:, 2, 0], quantiles[::-1], atol=1e-6)
    rest = api.load_run(runs / "vae").prior(1, 2)[0, 2:]
    np.testing.assert_allclose(held["z"][..., 2:], np.broadcast_to(rest, (5, 5, len(rest))))


def test_a_grid_goes_by_default_through_what_data_differ_in_most(runs, tmp_path):
    run("grid", runs / "plain", "--side", 3, "--out", tmp_path / "grid.npz")
    codes = arrays(tmp_path / "grid.npz")["z"]
    plain = api.load_run(runs / "plain")
    data = plain.data()
    least = plain.encode(np.concatenate((data.train, data.held_out))).std(axis=0).argmin()
    still = np.ptp(codes.reshape(9, 3), axis=0) == 0
    assert still.tolist() == [index == least for index in range(3)]


def test_traversals_are_a_row_for_each_value(runs, tmp_path):
    run("grid", runs / "vae", "--traverse", 3, "--traverse", 1, "--side", 7,
        "--out", tmp_path / "rows.npz")  # fmt: skip
    codes = arrays(tmp_path / "rows.npz")["z"]
    assert codes.shape[:2] == (2, 7)
    np.testing.assert_allclose(codes[0, :, 3], np.linspace(-3, 3, 7), atol=1e-6)
    np.testing.assert_allclose(codes[1, :, 1], np.linspace(-3, 3, 7), atol=1e-6)
    run("grid", runs / "plain", "--traverse", "all", "--side", 4, "--out", tmp_path / "all.svg")
    drawn = (tmp_path / "all.svg").read_text("utf-8")
    assert drawn.count("<image") == 12
    assert "z₃ = " in drawn
    run("grid", runs / "plain", "--side", 4, "--scale", 2, "--out", tmp_path / "grid.png")
    with Image.open(tmp_path / "grid.png") as drawn:
        assert drawn.size == ((4 * 9 - 1) * 2,) * 2


def test_traversals_come_in_the_order_of_what_one_sees(runs, tmp_path):
    for order in ([], ["--by-change"]):
        out = tmp_path / f"{len(order)}.npz"
        run("grid", runs / "vae", "--traverse", "all", "--side", 5, *order, "--out", out)
    plain, seen = arrays(tmp_path / "0.npz"), arrays(tmp_path / "1.npz")
    moving = [np.ptp(row, axis=0).argmax() for row in seen["z"]]
    assert sorted(moving) == list(range(len(moving)))
    assert moving != sorted(moving)
    np.testing.assert_allclose(seen["x"], plain["x"][moving], atol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["walk", "nowhere"], "There is no run at"),
        (["walk", "vae", "--from", "sed:3"], "“sed:3” is no stop of a walk. Write seed:3"),
        (["walk", "vae", "--to", "seed:-3"], "is no stop"),
        (["walk", "vae", "--to", "item:5000"], "Choose a number from 0 to 1,346."),
        (["walk", "vae", "--to", "class:ten"], "It must be one of: 0, 1"),
        (["walk", "cgan", "--to", "class:ten"], "There is no class called “ten”"),
        (["walk", "gan", "--to", "item:5"], "has no encoder"),
        (["walk", "gan", "--to", "class:5"], "has no encoder"),
        (["walk", "vae", "--to", "class:"], "is no stop"),
        (["walk", "vae", "--kind", "curly"], "spherical-spline"),
        (["walk", "vae", "--frames", "1"], "--frames"),
        (["walk", "vae", "--fps", "0"], "from 0.1 to 1,000"),
        (["walk", "vae", "--fps", "nan"], "from 0.1 to 1,000"),
        (["walk", "vae", "--fps", "60", "--out", "fast.gif"], "at most 50 frames per second"),
        (["walk", "vae", "--psi", "nan"], "truncation"),
        (["walk", "vae", "--loop", "--ping-pong"], "Choose --loop or --ping-pong."),
        (["walk", "vae", "--out", "walk.avi"], ".gif / .webp / .mp4 / .png / .npz"),
        (["grid", "vae", "--dims", "0", "99"], "Choose a number from 0 to 7."),
        (["grid", "vae", "--dims", "1", "1"], "two different values"),
        (["grid", "vae", "--dims", "1"], "--dims"),
        (["grid", "vae", "--dims", "0", "1", "--traverse", "2"], "Choose --dims or --traverse."),
        (["grid", "vae", "--traverse", "some"], "no value some"),
        (["grid", "vae", "--out", "grid.gif"], ".png / .svg / .npz"),
        (["grid", "ring", "--out", "grid.svg"], "Save a .png or .npz file."),
    ],
)
def test_a_wrong_command_is_explained_in_a_line(
    runs, arguments, sentence, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    command, name, *rest = arguments
    assert cli.main([command, str(runs / name), *rest]) == 2
    errors = capsys.readouterr().err.strip().splitlines()
    assert len(errors) == 1, errors
    assert sentence in errors[0]
    assert list(tmp_path.iterdir()) == []


def test_help_speaks_of_both(capsys):
    for command in ("walk", "grid"):
        run(command, "--help")
        assert "--from" in capsys.readouterr().out
