"""Codes drawn from a fit to encoded data."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import kstest

from aegan_studio.experiment import Experiment
from aegan_studio.ml.latent.sampling import drawn, from_mixture, mixture, shaped_like
from aegan_studio.ml.methods.base import Method
from aegan_studio.ml.model import Model


def _method(sampler: str, size: int) -> Method:
    plain = {"kind": "autoencoder", "latent_dim": size, "sampler": sampler}
    return Model.build(Experiment.parse({"dataset": "ring", "method": plain})).method


def test_drawn_codes_have_the_mean_and_covariance_of_the_data() -> None:
    rng = torch.Generator().manual_seed(0)
    mixing = torch.tensor([[2.0, 0.0, 0.3], [0.5, 1.0, 0.0], [0.0, 0.0, 0.01]])
    codes = torch.randn(4000, 3, generator=rng) @ mixing + torch.tensor([1.0, -2.0, 3.0])
    z = drawn(_method("gaussian", 3), lambda: codes, 200_000, rng)
    torch.testing.assert_close(z.mean(0), codes.mean(0), atol=0.03, rtol=0.01)
    torch.testing.assert_close(z.T.cov(), codes.T.cov(), atol=0.05, rtol=0.02)


def test_a_mixture_follows_clusters_where_a_gaussian_fills_the_gap() -> None:
    rng = torch.Generator().manual_seed(0)
    sides = torch.randint(2, (3000, 1), generator=rng) * 8.0 - 4.0
    codes = torch.cat((sides, torch.zeros(3000, 1)), 1)
    codes += 0.3 * torch.randn(3000, 2, generator=rng)
    between = {
        name: drawn(_method(name, 2), lambda: codes, 20_000, rng)[:, 0].abs().lt(2).float().mean()
        for name in ("gaussian", "mixture")
    }
    assert between["gaussian"] > 0.25
    assert between["mixture"] < 0.01


def test_a_fitted_mixture_draws_the_distribution_it_was_fitted_to() -> None:
    rng = torch.Generator().manual_seed(0)
    codes = torch.cat((torch.randn(3000, 1, generator=rng) - 3, torch.rand(1000, 1, generator=rng)))
    model = mixture(codes)
    assert model is not None
    normal, chooser = torch.randn(4000, 1, generator=rng), torch.rand(4000, generator=rng)
    drawn_codes = from_mixture(model, normal, chooser).numpy()[:, 0]
    own, _ = model.sample(4000)
    assert kstest(drawn_codes, own[:, 0]).pvalue > 0.01


def test_equal_codes_have_no_mixture() -> None:
    assert mixture(torch.zeros(50, 3)) is None
    assert mixture(torch.full((50, 3), float("nan"))) is None


@pytest.mark.parametrize("sampler", ["gaussian", "mixture"])
def test_the_same_seed_draws_the_same_codes(sampler: str) -> None:
    codes = torch.from_numpy(np.random.default_rng(0).normal(size=(300, 2)).astype(np.float32))
    first, second = (
        drawn(_method(sampler, 2), lambda: codes, 9, torch.Generator().manual_seed(4))
        for _ in range(2)
    )
    assert torch.equal(first, second)


def test_the_same_noise_gives_nearby_codes_for_nearby_data() -> None:
    rng = torch.Generator().manual_seed(1)
    codes, noise = torch.randn(500, 4, generator=rng), torch.randn(20, 4, generator=rng)
    nearby = codes + 1e-3 * torch.randn(500, 4, generator=rng)
    assert (shaped_like(codes, noise) - shaped_like(nearby, noise)).abs().max() < 0.01


def test_codes_of_one_dimension_and_flat_ones_are_no_trouble() -> None:
    noise = torch.randn(5, 1, generator=torch.Generator().manual_seed(0))
    assert torch.equal(shaped_like(torch.full((9, 1), 2.0), noise), torch.full((5, 1), 2.0))


def test_codes_of_a_diverged_encoder_leave_the_noise_as_it_is() -> None:
    noise = torch.randn(5, 2, generator=torch.Generator().manual_seed(0))
    assert torch.equal(shaped_like(torch.full((9, 2), float("nan")), noise), noise)
