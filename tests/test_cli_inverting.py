"""Inverting on the command line: what it writes, and what it refuses in a sentence."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from aegan_studio import api, cli
from aegan_studio.runs import intake


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(cli, "system_language", lambda: "en")


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    out = tmp_path_factory.mktemp("invert") / "digits"
    api.train("digits-gan", out, steps=60)
    return out


@pytest.fixture(scope="module")
def ring(tmp_path_factory):
    out = tmp_path_factory.mktemp("invert") / "ring"
    api.train("ring-gan", out, steps=10)
    return out


def main(*arguments):
    return cli.main([str(argument) for argument in arguments])


def refused(capsys, *arguments):
    """The one line that the command complains with."""
    assert main(*arguments) == 2
    errors = capsys.readouterr().err
    assert "Traceback" not in errors
    lines = errors.strip().splitlines()
    assert len(lines) == 1, errors
    return lines[0]


def saved(path, pixels, mode=None):
    Image.fromarray(np.asarray(pixels, np.uint8), mode).save(path)
    return path


def test_held_out_items_are_inverted_into_arrays(digits, tmp_path, capsys):
    out = tmp_path / "codes.npz"
    assert main("invert", digits, "--held-out", 3, "--steps", 30, "--out", out) == 0
    assert "3 codes are in" in capsys.readouterr().err
    run = api.load_run(digits)
    with np.load(out, allow_pickle=False) as arrays:
        assert np.allclose(arrays["x"], run.data().held_out[:3], atol=1e-4)
        assert np.allclose(arrays["reconstruction"], run.decode(arrays["z"]), atol=1e-4)
        error = ((arrays["reconstruction"] - arrays["x"]) ** 2).reshape(3, -1).mean(1)
        scale = run.experiment.dataset.scaling
        span = {"unit": 16.0, "symmetric": 8.0}[scale]
        assert np.allclose(arrays["loss"], error / span**2, rtol=1e-3)
        draws = run.generate(64)
        nearest = ((draws[None] - arrays["x"][:, None]) ** 2).reshape(3, 64, -1).mean(2).min(1)
        assert (error < nearest).all()


def test_the_same_seed_writes_the_same_codes(digits, tmp_path):
    codes = []
    for name in ("a.npz", "b.npz"):
        arguments = ("--held-out", 2, "--steps", 5, "--seed", 7, "--out", tmp_path / name)
        assert main("invert", digits, *arguments) == 0
        with np.load(tmp_path / name, allow_pickle=False) as arrays:
            codes.append(arrays["z"])
    assert np.array_equal(*codes)


def test_a_picture_is_inverted_and_shown_beside_its_reconstruction(digits, tmp_path):
    run = api.load_run(digits)
    digit = run.to_display(run.data().held_out[:1])[0]
    path = saved(tmp_path / "digit.png", np.kron(digit, np.ones((5, 5))))
    sheet, arrays = tmp_path / "sheet.png", tmp_path / "codes.npz"
    assert main("invert", digits, "--picture", path, "--steps", 20, "--out", sheet) == 0
    assert main("invert", digits, "--picture", path, "--steps", 20, "--out", arrays) == 0
    pixels = np.asarray(Image.open(sheet))
    assert pixels.shape == (8, 17)
    assert np.abs(pixels[:, :8].astype(int) - digit).max() <= 1
    with np.load(arrays, allow_pickle=False) as found:
        assert np.allclose(found["x"], run.data().held_out[:1], atol=0.05)
        rebuilt = run.to_display(run.decode(found["z"]))[0]
    assert np.abs(pixels[:, 9:].astype(int) - rebuilt).max() <= 1


def test_points_are_inverted_too(ring, tmp_path):
    out = tmp_path / "codes.npz"
    assert main("invert", ring, "--held-out", 4, "--steps", 10, "--out", out) == 0
    with np.load(out, allow_pickle=False) as arrays:
        assert arrays["x"].shape == arrays["reconstruction"].shape == (4, 2)


def test_wrong_input_is_said_in_a_sentence_and_nothing_is_written(digits, ring, tmp_path, capsys):
    picture = saved(tmp_path / "p.png", np.zeros((8, 8)))
    out = tmp_path / "out.npz"
    cut = tmp_path / "cut.png"
    saved(cut, np.random.default_rng(0).integers(0, 255, (64, 64)))
    cut.write_bytes(cut.read_bytes()[:-2000])
    text = tmp_path / "text.png"
    text.write_text("no picture")
    cases = (
        ((digits,), "one thing of two"),
        ((digits, "--picture", picture, "--held-out", 2), "one thing of two"),
        ((ring, "--picture", picture), "are no pictures. Use --held-out instead."),
        ((digits, "--picture", tmp_path / "none.png"), "cannot be read: No such file"),
        ((digits, "--picture", tmp_path), "cannot be read"),
        ((digits, "--picture", text), "text.png is not a whole picture. Use one of: PNG"),
        ((digits, "--picture", cut), "cut.png is not a whole picture"),
        ((digits, "--held-out", 9999), "The run has 450 held-out items. Ask for fewer."),
        ((tmp_path / "nowhere", "--held-out", 1), "nowhere"),
    )
    for arguments, sentence in cases:
        assert sentence in refused(capsys, "invert", *arguments, "--out", out)
    bad = tmp_path / "codes.csv"
    assert "ends in .npz / .png" in refused(capsys, "invert", digits, "--held-out", 1, "--out", bad)
    sheet = tmp_path / "codes.png"
    assert "ends in .npz." in refused(capsys, "invert", ring, "--held-out", 1, "--out", sheet)
    assert not out.exists()
    assert not bad.exists()
    assert not sheet.exists()


def test_the_size_is_checked_before_anything_is_decoded(digits, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(intake, "MOST_PIXELS", 99)
    monkeypatch.setattr(Image.Image, "convert", None)  # whoever decodes would stumble
    path = saved(tmp_path / "large.png", np.zeros((10, 10)))
    assert "large.png has more than 99 pixels. Make it smaller" in refused(
        capsys, "invert", digits, "--picture", path, "--out", tmp_path / "x.npz"
    )


def test_a_decompression_bomb_is_refused(digits, tmp_path, capsys):
    buffer = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(buffer, "PNG")
    path = tmp_path / "bomb.png"
    path.write_bytes(buffer.getvalue())
    assert "has more than 40,000,000 pixels" in refused(
        capsys, "invert", digits, "--picture", path, "--out", tmp_path / "x.npz"
    )
