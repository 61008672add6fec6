"""Metrics against closed forms, published numbers and plain loops."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.linalg
import torch
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from aegan_studio.catalog.metrics import METRICS
from aegan_studio.ml.metrics.classes import Classes, obeyed
from aegan_studio.ml.metrics.copying import copying, nearest
from aegan_studio.ml.metrics.extractor import FEATURES, Extractor
from aegan_studio.ml.metrics.frechet import covariance, frechet_distance, frechet_of_gaussians
from aegan_studio.ml.metrics.kernel import kernel_distance
from aegan_studio.ml.metrics.manifold import expected_coverage, manifold
from aegan_studio.ml.metrics.modes import Modes, reverse_kl
from aegan_studio.ml.metrics.probes import linear_probe, nearest_probe
from aegan_studio.ml.metrics.reconstruction import squared_error


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    values, labels = load_digits(return_X_y=True)
    return values / 16, labels


def psd(rng: np.random.Generator, d: int) -> np.ndarray:
    root = rng.standard_normal((d, d))
    return root @ root.T


# Fréchet distance


def test_the_frechet_distance_of_commuting_gaussians_is_that_of_their_deviations() -> None:
    """For diagonal Σ it is ‖Δμ‖² + Σ (σ_a − σ_b)²."""
    a, b = np.array([1.0, 4.0, 0.25]), np.array([9.0, 4.0, 0.0])
    found = frechet_of_gaussians(np.zeros(3), np.diag(a), np.array([1.0, 0, 2]), np.diag(b))
    assert found == pytest.approx(5 + np.square(np.sqrt(a) - np.sqrt(b)).sum())


def test_the_frechet_distance_agrees_with_a_general_matrix_root(rng: np.random.Generator) -> None:
    means, covs = rng.standard_normal((2, 6)), [psd(rng, 6), psd(rng, 6)]
    root = np.real(scipy.linalg.sqrtm(covs[0] @ covs[1]))
    wanted = np.square(means[0] - means[1]).sum() + np.trace(covs[0] + covs[1] - 2 * root)
    found = frechet_of_gaussians(means[0], covs[0], means[1], covs[1])
    assert found == pytest.approx(wanted, rel=1e-9)


def test_the_frechet_distance_of_samples_approaches_that_of_their_gaussians(
    rng: np.random.Generator,
) -> None:
    covs = [psd(rng, 4), psd(rng, 4)]
    means = np.array([[0.0, 0, 0, 0], [1, 2, 0, 1]])
    drawn = [rng.multivariate_normal(m, c, 100_000) for m, c in zip(means, covs, strict=True)]
    wanted = frechet_of_gaussians(means[0], covs[0], means[1], covs[1])
    assert frechet_distance(*drawn) == pytest.approx(wanted, rel=0.02)


def test_dead_and_repeated_features_do_not_upset_the_frechet_distance(
    rng: np.random.Generator,
) -> None:
    x = rng.standard_normal((50, 3))
    degenerate = np.concatenate([x, x, np.zeros((50, 60))], axis=1)  # rank 3 of 66
    assert frechet_distance(degenerate, degenerate) == pytest.approx(0, abs=1e-9)
    shifted = degenerate + 1
    assert frechet_distance(degenerate, shifted) == pytest.approx(66, rel=1e-8)
    with pytest.raises(ValueError, match="finite"):
        frechet_distance(x, x * np.nan)


def test_the_covariance_is_numpys(rng: np.random.Generator) -> None:
    x = rng.standard_normal((30, 5))
    np.testing.assert_allclose(covariance(x), np.cov(x, rowvar=False))


# kernel distance


def test_the_kernel_distance_is_its_definition(rng: np.random.Generator) -> None:
    x, y = rng.standard_normal((7, 3)), rng.standard_normal((5, 3))

    def k(a: np.ndarray, b: np.ndarray) -> float:
        return float((a @ b / 3 + 1) ** 3)

    own_x = [k(x[i], x[j]) for i in range(7) for j in range(7) if i != j]
    own_y = [k(y[i], y[j]) for i in range(5) for j in range(5) if i != j]
    crossed = [k(a, b) for a in x for b in y]
    wanted = np.mean(own_x) + np.mean(own_y) - 2 * np.mean(crossed)
    assert kernel_distance(x, y) == pytest.approx(wanted)


def test_the_kernel_distance_has_no_bias(rng: np.random.Generator) -> None:
    found = [kernel_distance(*rng.standard_normal((2, 20, 4))) for _ in range(400)]
    assert abs(np.mean(found)) < 3 * np.std(found) / math.sqrt(400)
    assert min(found) < 0 < max(found)
    assert kernel_distance(rng.standard_normal((50, 4)), rng.standard_normal((50, 4)) + 1) > 0.5


# precision, recall, density, coverage


def test_equal_distributions_have_density_one_and_the_expected_coverage(
    rng: np.random.Generator,
) -> None:
    found = [manifold(*rng.standard_normal((2, 1000, 8))) for _ in range(4)]
    assert expected_coverage(1000, 1000) == pytest.approx(0.969, abs=0.0005)
    assert np.mean([m.coverage for m in found]) == pytest.approx(0.969, abs=0.01)
    assert np.mean([m.density for m in found]) == pytest.approx(1, abs=0.03)
    precision, recall = (np.mean([getattr(m, n) for m in found]) for n in ("precision", "recall"))
    assert precision == pytest.approx(recall, abs=0.03)


def test_missing_modes_cost_recall_and_coverage_but_not_precision(
    rng: np.random.Generator,
) -> None:
    centres = np.array([[0.0, 0.0], [50.0, 0.0]])
    real = centres[rng.integers(2, size=600)] + rng.standard_normal((600, 2))
    found = manifold(real, rng.standard_normal((600, 2)))
    assert found.precision > 0.9
    assert found.recall == pytest.approx(0.5, abs=0.08)
    assert found.coverage == pytest.approx(0.5, abs=0.08)


def test_precision_and_the_others_are_their_definitions(rng: np.random.Generator) -> None:
    x, y, k = rng.standard_normal((12, 2)), rng.standard_normal((10, 2)) * 2, 3

    def radius(rows: np.ndarray, i: int) -> float:
        return float(sorted(np.linalg.norm(rows - rows[i], axis=1))[k])

    inside = [[np.linalg.norm(a - b) < radius(x, i) for b in y] for i, a in enumerate(x)]
    around = [[np.linalg.norm(a - b) < radius(y, j) for j, b in enumerate(y)] for a in x]
    found = manifold(x, y, k)
    assert found.precision == pytest.approx(np.mean(np.any(inside, axis=0)))
    assert found.coverage == pytest.approx(np.mean(np.any(inside, axis=1)))
    assert found.density == pytest.approx(np.sum(inside) / (k * 10))
    assert found.recall == pytest.approx(np.mean(np.any(around, axis=1)))


# modes and classes


def test_an_exact_sampler_hits_the_modes_as_often_as_it_should(rng: np.random.Generator) -> None:
    centres = np.array([[x, y] for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)], float)
    points = centres[rng.integers(25, size=20_000)] + 0.05 * rng.standard_normal((20_000, 2))
    found = Modes.count(points, centres, 0.05)
    assert found.found == 25
    assert found.high_quality == pytest.approx(1 - math.exp(-4.5), abs=0.003)
    assert found.smallest == pytest.approx(1 / 25, abs=0.006)
    # K − 1 degrees of freedom over 2n is what chance alone gives
    assert found.reverse_kl < 3 * 24 / (2 * 20_000)


def test_a_collapsed_sampler_is_found_out() -> None:
    centres = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [5.0, 5.0]])
    found = Modes.count(np.zeros((100, 2)), centres, 0.1)
    assert (found.found, found.high_quality, found.smallest) == (1, 1.0, 0.0)
    assert found.reverse_kl == pytest.approx(math.log(4))
    wrecked = Modes.count(np.full((10, 2), np.nan), centres, 0.1)
    assert (wrecked.found, wrecked.high_quality) == (0, 0.0)
    assert wrecked.reverse_kl == pytest.approx(math.log(4))


def test_reverse_kl_is_log_k_less_the_entropy(rng: np.random.Generator) -> None:
    counts = rng.integers(1, 50, size=8).astype(float)
    q = counts / counts.sum()
    assert reverse_kl(counts) == pytest.approx(math.log(8) + (q * np.log(q)).sum())
    assert reverse_kl(np.array([3.0, 0.0, 3.0, 0.0])) == pytest.approx(math.log(2))


def test_classes_are_counted_with_what_could_not_be_read_left_out() -> None:
    found = Classes.count(np.array([0, 0, 0, 1, 2, -1, -1, 2]), 4)
    np.testing.assert_allclose(found.shares, [3 / 8, 1 / 8, 2 / 8, 0])
    assert (found.covered, found.rarest) == (3, 0.0)


def test_classes_learned_without_names_are_matched_first() -> None:
    asked = np.array([0, 0, 1, 1, 2, 2])
    read = np.array([2, 2, 0, 0, 1, 0])
    assert obeyed(asked, read, 3) == 0
    assert obeyed(asked, read, 3, named=False) == pytest.approx(5 / 6)
    assert obeyed(asked, asked, 3) == 1
    assert obeyed(asked, np.full(6, -1), 3) == 0


# codes


@pytest.mark.parametrize(
    ("k", "one_nearest", "logistic"),
    [(2, 0.578, 0.549), (8, 0.922, 0.878), (16, 0.958, 0.909), (32, 0.967, 0.911)],
)
def test_probes_of_principal_components_give_the_known_numbers(
    digits: tuple[np.ndarray, np.ndarray], k: int, one_nearest: float, logistic: float
) -> None:
    """scikit-learn's digits, the first 1,347 to train, the last 450 held out."""
    values, labels = digits
    pca = PCA(k, svd_solver="full").fit(values[:1347])
    train, held_out = pca.transform(values[:1347]), pca.transform(values[1347:])
    found = nearest_probe(train, labels[:1347], held_out, labels[1347:])
    assert found == pytest.approx(one_nearest, abs=0.001)
    found = linear_probe(train, labels[:1347], held_out, labels[1347:])
    # standardised codes are regularised a little differently
    assert found == pytest.approx(logistic, abs=0.006)


def test_probes_of_raw_digits_give_the_known_numbers(
    digits: tuple[np.ndarray, np.ndarray],
) -> None:
    values, labels = digits
    parts = values[:1347], labels[:1347], values[1347:], labels[1347:]
    assert nearest_probe(*parts) == pytest.approx(0.962, abs=0.001)
    assert linear_probe(*parts) == pytest.approx(0.920, abs=0.006)


# copies and reconstructions


def test_copies_lie_at_no_distance_and_new_items_as_far_as_held_out_ones(
    rng: np.random.Generator,
) -> None:
    train, held_out, new = (rng.standard_normal((n, 5)) for n in (600, 300, 300))
    assert copying(train[:300], train, held_out).ratio == 0
    assert copying(train[:300], train, held_out).nearer > 0.7
    fresh = copying(new, train, held_out)
    assert fresh.ratio == pytest.approx(1, abs=0.1)
    assert fresh.nearer == pytest.approx(0.5, abs=0.1)


def test_the_nearest_is_the_least_of_all_distances(rng: np.random.Generator) -> None:
    x, y = rng.standard_normal((6, 2, 2)), rng.standard_normal((9, 2, 2))
    wanted = [min(np.linalg.norm(a - b) for b in y) for a in x]
    np.testing.assert_allclose(nearest(x, y), wanted)


def test_the_error_does_not_depend_on_the_scaling(rng: np.random.Generator) -> None:
    x, x_tilde = rng.random((2, 8, 1, 4, 4))
    wanted = np.mean((x - x_tilde) ** 2)
    assert squared_error(x, x_tilde) == pytest.approx(wanted)
    assert squared_error(2 * x - 1, 2 * x_tilde - 1, -1, 1) == pytest.approx(wanted)


# features


def test_the_extractor_reads_unseen_digits_and_is_the_same_every_time(
    digits: tuple[np.ndarray, np.ndarray],
) -> None:
    values, labels = digits
    before = torch.random.get_rng_state()
    rows = np.random.default_rng(0).permutation(len(values))
    train, held_out = rows[:1347], rows[1347:]
    extractor = Extractor.learn(values[train], labels[train])
    hashes = [Extractor.learn(values[:64], labels[:64], seed=seed).hash for seed in (0, 0, 1)]
    assert hashes[0] == hashes[1] != hashes[2]
    assert torch.equal(torch.random.get_rng_state(), before)
    assert (extractor.read(values[held_out]) == labels[held_out]).mean() > 0.96
    real, other = extractor.features(values[train]), extractor.features(values[held_out])
    assert real.shape == (1347, FEATURES)
    noise = extractor.features(np.random.default_rng(1).random((1347, 64)))
    assert frechet_distance(noise, other) > 20 * frechet_distance(real, other)


def test_every_metric_of_the_catalog_is_named_once_and_explained() -> None:
    for name, metric in METRICS.items():
        assert metric.name == name
        assert str(metric.label)
        assert str(metric.help).endswith(".")
