"""Codes on the command line: what the tables hold, and what is refused in a sentence."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from aegan_studio import api, cli
from aegan_studio.runs.codes import load


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(cli, "system_language", lambda: "en")


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    out = tmp_path_factory.mktemp("codes") / "digits"
    api.train("digits-autoencoder", out, steps=40)
    return out


@pytest.fixture(scope="module")
def ring(tmp_path_factory):
    out = tmp_path_factory.mktemp("codes") / "ring"
    api.train("ring-gan", out, steps=10)
    return out


def main(*arguments):
    return cli.main([str(argument) for argument in arguments])


@pytest.mark.parametrize("ending", [".npz", ".csv"])
def test_all_data_are_encoded_with_their_labels(digits, ending, tmp_path, capsys):
    out = tmp_path / f"codes{ending}"
    assert main("codes", digits, "--out", out, "--pca") == 0
    assert "1,797 codes of step 40" in capsys.readouterr().err
    run, table = api.load_run(digits), load(out)
    data = run.data()
    kept = int((~table.held_out).sum())
    assert kept == len(data.train)
    assert np.array_equal(table.codes[:kept].astype(np.float32), run.encode(data.train))
    assert np.array_equal(table.labels[kept:], data.held_out_labels)
    assert sorted(table.rows) == list(range(1797))
    expected = PCA(2, svd_solver="full").fit_transform(table.codes.astype(np.float64))
    np.testing.assert_allclose(np.abs(table.components), np.abs(expected), atol=1e-4)


def test_samples_are_those_of_the_seed(ring, tmp_path):
    out = tmp_path / "codes.npz"
    assert main("codes", ring, "--out", out, "--samples", 20, "--seed", 3) == 0
    assert np.array_equal(load(out).codes, api.load_run(ring).prior(20, 3))
    assert load(out).labels is None


def test_without_an_encoder_samples_are_offered(ring, tmp_path, capsys):
    assert main("codes", ring, "--out", tmp_path / "codes.csv") == 2
    said = capsys.readouterr().err
    assert "has no encoder" in said
    assert "--samples" in said


def test_another_ending_is_refused_before_anything_is_loaded(tmp_path, capsys):
    assert main("codes", tmp_path / "nowhere", "--out", tmp_path / "codes.png") == 2
    assert ".npz / .csv" in capsys.readouterr().err


def test_a_class_without_samples_is_refused(digits, tmp_path, capsys):
    assert main("codes", digits, "--out", tmp_path / "codes.npz", "--class", "3") == 2
    assert "Add --samples" in capsys.readouterr().err
