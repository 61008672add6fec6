"""Differentiable augmentation, by its paper (arXiv 2006.10738)."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from aegan_studio.catalog.methods.gan import GANOptions
from aegan_studio.experiment.parts import DataInfo
from aegan_studio.ml.methods import augment

PICTURES = DataInfo("image", (3, 8, 8), 100, low=-1.0, high=1.0)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(count: int = 6, *, channels: int = 3, side: int = 8) -> Tensor:
    draw = torch.rand(count, channels, side, side, generator=rng(1), dtype=torch.float64)
    return draw * 2 - 1


def options(**values: object) -> GANOptions:
    return GANOptions.model_validate({"kind": "gan", "augment": True, **values})


def test_without_strength_pictures_stay_as_they_are() -> None:
    x = pictures()
    assert augment.augmented(options(augment_strength=0.0), x, PICTURES, rng()) is x
    assert augment.augmented(options(augment=False), x, PICTURES, rng()) is x
    for change in (
        augment.brightness,
        augment.saturation,
        augment.contrast,
        augment.translation,
        augment.cutout,
    ):
        torch.testing.assert_close(change(x, 0.0, rng()), x)


def test_points_are_left_alone() -> None:
    x = torch.randn(5, 2)
    points = DataInfo("points", (2,), 100)
    assert augment.augmented(options(), x, points, rng()) is x


@pytest.mark.parametrize("switch", ["augment_color", "augment_translation", "augment_cutout"])
def test_each_switch_makes_its_change_alone(switch: str) -> None:
    names = ("augment_color", "augment_translation", "augment_cutout")
    x = pictures()
    only = augment.augmented(options(**{n: n == switch for n in names}), x, PICTURES, rng())
    assert not torch.equal(only, x)
    off = augment.augmented(options(**dict.fromkeys(names, False)), x, PICTURES, rng())
    assert torch.equal(off, x)


def test_real_and_generated_pictures_meet_the_same_distribution_of_changes() -> None:
    """Brightness shifts a picture's mean by U(−½, ½), whatever the picture."""
    for x in (torch.zeros(4000, 1, 2, 2), torch.full((4000, 1, 2, 2), 0.7)):
        shift = (augment.brightness(x, 0.5, rng(3)) - x).mean((1, 2, 3))
        assert shift.abs().max() <= 0.5
        assert shift.mean().item() == pytest.approx(0, abs=0.02)
        assert shift.std().item() == pytest.approx(math.sqrt(1 / 12), rel=0.05)


def test_saturation_scales_what_differs_from_grey_and_contrast_what_differs_from_the_mean() -> None:
    x = pictures()
    for change, mean in (
        (augment.saturation, x.mean(1, keepdim=True)),
        (augment.contrast, x.mean((1, 2, 3), keepdim=True)),
    ):
        factor = (change(x, 0.5, rng(2)) - mean) / (x - mean)
        each = factor.flatten(1)
        torch.testing.assert_close(each, each[:, :1].expand_as(each))
        assert each.min() >= 0.5
        assert each.max() <= 1.5
        assert each[:, 0].std() > 0.05
    grey = pictures(channels=1)
    assert augment.saturation(grey, 1.0, rng()) is grey


def test_a_moved_picture_is_one_of_the_possible_shifts() -> None:
    x, fill = pictures(40), 0.3
    moved = augment.translation(x, 0.25, rng(4), fill=fill)
    found = set()
    for before, after in zip(x, moved, strict=True):
        wide = torch.full((3, 12, 12), fill, dtype=x.dtype)
        wide[:, 2:10, 2:10] = before
        shifts = [
            (down, right)
            for down in range(5)
            for right in range(5)
            if torch.allclose(wide[:, down : down + 8, right : right + 8], after)
        ]
        assert len(shifts) == 1
        found.add(shifts[0])
    assert len(found) > 10


def test_a_cut_out_stretch_is_a_rectangle_of_half_the_side_about_a_place_in_the_picture() -> None:
    x = pictures(300) + 5
    cut = augment.cutout(x, 0.5, rng(5), fill=0.0)
    gone = (cut == 0).all(1)
    assert torch.equal((cut == 0).any(1), gone)
    heights, widths = gone.any(2).sum(1), gone.any(1).sum(1)
    torch.testing.assert_close(gone.sum((1, 2)), heights * widths)
    assert heights.max() == widths.max() == 4
    assert heights.min() >= 2
    torch.testing.assert_close(cut[~gone[:, None].expand_as(x)], x[~gone[:, None].expand_as(x)])


def test_gradients_pass_through_all_changes() -> None:
    x = pictures(2, side=4).requires_grad_()

    def changed(x: Tensor) -> Tensor:
        return augment.augmented(options(augment_strength=0.9), x, PICTURES, rng(6))

    assert torch.autograd.gradcheck(changed, (x,))


def test_the_generator_learns_through_the_changes_that_the_discriminator_sees() -> None:
    x = pictures().requires_grad_()
    augment.augmented(options(), x, PICTURES, rng()).square().sum().backward()
    assert x.grad is not None
    assert x.grad.abs().sum() > 0
