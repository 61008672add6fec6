"""Codes drawn where a method has no prior."""

from __future__ import annotations

import torch

from aegan_studio.ml.latent.sampling import drawn, shaped_like


def test_drawn_codes_have_the_mean_and_covariance_of_the_data() -> None:
    rng = torch.Generator().manual_seed(0)
    mixing = torch.tensor([[2.0, 0.0, 0.3], [0.5, 1.0, 0.0], [0.0, 0.0, 0.01]])
    codes = torch.randn(4000, 3, generator=rng) @ mixing + torch.tensor([1.0, -2.0, 3.0])
    z = drawn(codes, 200_000, rng)
    torch.testing.assert_close(z.mean(0), codes.mean(0), atol=0.03, rtol=0.01)
    torch.testing.assert_close(z.T.cov(), codes.T.cov(), atol=0.05, rtol=0.02)


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
