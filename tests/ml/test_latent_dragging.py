"""Dragging moves a planted blob to where it should be, and nothing that the mask holds."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import CodePart
from aegan_studio.ml.latent.codespace import CodeSpace
from aegan_studio.ml.latent.dragging import ARRIVED, drag, dragging, feature_layers
from aegan_studio.ml.model import Model

SIDE = 32
SIGMA = 2.5
PIXELS = 6.0
"""How far a blob moves when its value of the code moves by 1."""


def blob(places):
    """Gaussian blobs at x, y (n, 2) on pictures (n, 1, SIDE, SIDE)."""
    axis = torch.arange(SIDE, dtype=torch.float32)
    across = (axis - places[:, :1]) ** 2
    down = (axis - places[:, 1:]) ** 2
    return torch.exp(-(down[:, :, None] + across[:, None, :]) / (2 * SIGMA**2))[:, None]


def space_of(generate, parts):
    width = sum(part.size for part in parts)
    return CodeSpace(generate, parts, lambda n, rng: torch.randn(n, width, generator=rng))


def one_blob():
    """A blob at (16, 16) + 6 z."""
    return space_of(lambda z: blob(16 + PIXELS * z), (CodePart("z", "Code", 2),))


def two_blobs():
    """The first blob is at (9, 10) + 6 (a + b), the second at (23, 22) + 6 b, z = (a, b)."""

    def generate(z):
        a, b = z[:, :2], z[:, 2:]
        first = torch.tensor([9.0, 10.0]) + PIXELS * (a + b)
        return blob(first) + blob(torch.tensor([23.0, 22.0]) + PIXELS * b)

    return space_of(generate, (CodePart("z", "Code", 4),))


@pytest.mark.parametrize("target", [(22, 16), (16, 8), (23, 23), (11, 19)])
def test_a_blob_is_dragged_to_its_target(target):
    found = drag(one_blob(), np.zeros(2), [(16, 16)], [target], steps=400)
    assert found.arrived
    assert found.step < 400
    place = 16 + PIXELS * found.code  # where the generator really draws it
    assert np.linalg.norm(place - target) <= 1.5
    assert np.linalg.norm(found.handles[0] - target) == pytest.approx(found.distances[0])
    assert found.distances[0] <= ARRIVED


def test_a_mask_holds_the_rest_in_place():
    space = two_blobs()
    mask = np.zeros((SIDE, SIDE), bool)
    mask[3:17, 2:24] = True
    handles, targets = [(9, 10)], [(16, 10)]
    held = drag(space, np.zeros(4), handles, targets, mask=mask, steps=500)
    loose = drag(space, np.zeros(4), handles, targets, steps=500)
    assert held.arrived
    first = np.array([9.0, 10.0]) + PIXELS * (held.code[:2] + held.code[2:])
    assert np.linalg.norm(first - (16, 10)) <= 2.0
    assert np.linalg.norm(PIXELS * held.code[2:]) < 0.5
    # without one the shared values move the second blob about as far as the first's own
    assert np.linalg.norm(PIXELS * loose.code[2:]) > 2.0


def test_two_handles_go_their_own_ways():
    space = two_blobs()
    found = drag(space, np.zeros(4), [(9, 10), (23, 22)], [(13, 10), (23, 17)], steps=500)
    assert found.arrived
    second = np.array([23.0, 22.0]) + PIXELS * found.code[2:]
    assert np.linalg.norm(second - (23, 17)) <= 2.0


def test_progress_is_shown_repeats_itself_and_can_be_closed():
    def way():
        return list(dragging(one_blob(), np.zeros(2), [(16, 16)], [(20, 16)], steps=9, every=4))

    steps = [report.step for report in way()]
    assert steps == [0, 4, 8, 9]
    assert np.array_equal(way()[-1].code, way()[-1].code)
    assert np.array_equal(way()[0].code, np.zeros(2, np.float32))
    reports = dragging(one_blob(), np.zeros(2), [(16, 16)], [(30, 16)], steps=100_000)
    with torch.no_grad():
        next(reports)
        next(reports)
        assert not torch.is_grad_enabled()
    assert torch.is_grad_enabled()
    reports.close()
    assert next(reports, None) is None


def test_a_handle_at_its_target_leaves_the_code_alone():
    code = np.array([0.3, -0.2], np.float32)
    place = 16 + PIXELS * code
    found = drag(one_blob(), code, [place], [place])
    assert (found.step, found.arrived) == (0, True)
    assert np.array_equal(found.code, code)


def test_classes_stay_and_uniform_values_keep_their_bounds():
    def generate(z):
        return blob(16 + PIXELS * z[:, :2]) * (1 + z[:, 2:3, None, None])

    parts = (CodePart("u", "Directions", 2, "uniform"), CodePart("c", "Class", 2, "class"))
    code = np.array([0.0, 0.0, 1.0, 0.0], np.float32)
    found = drag(space_of(generate, parts), code, [(16, 16)], [(28, 16)], steps=120)
    assert np.array_equal(found.code[2:], code[2:])
    assert not found.arrived  # twelve pixels are beyond the bounds
    assert found.code[0] == pytest.approx(1.0, abs=0.05)


def dcgan():
    network = {"kind": "dcgan", "channels": 8}
    what = Experiment.parse(
        {
            "dataset": {"kind": "digits", "side": 16},
            "method": "gan",
            "networks": {"generator": network, "discriminator": network},
        }
    )
    return CodeSpace.of(Model.build(what).eval().method)


def test_features_come_from_a_layer_of_a_convolutional_generator():
    space = dcgan()
    layers = feature_layers(space)
    assert layers
    assert all(channels > 1 for channels, _, _ in layers.values())
    code = space.draw(1, torch.Generator().manual_seed(0))[0].numpy()
    results = []
    for layer in (None, max(layers), min(layers)):
        found = drag(space, code, [(6, 6)], [(9, 6)], steps=5, layer=layer)
        assert np.isfinite(found.code).all()
        assert not np.array_equal(found.code, code)
        results.append(found.code)
    assert np.array_equal(results[0], results[1])
    assert not np.array_equal(results[0], results[2])
    assert all(p.grad is None for p in space.network.parameters())
    with pytest.raises(ValueError, match="layer 99"):
        drag(space, code, [(6, 6)], [(9, 6)], layer=99)


def test_generators_of_vectors_are_followed_by_their_pixels():
    for kind in ("gan", "vae", "vq-vae"):
        what = Experiment.parse({"dataset": "digits", "method": kind})
        space = CodeSpace.of(Model.build(what).eval().method)
        code = space.draw(1, torch.Generator().manual_seed(0))[0].numpy()
        found = drag(space, code, [(2, 2)], [(5, 5)], steps=3)
        assert found.code.shape == code.shape


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"code": np.zeros(3)}, "code must have"),
        ({"handles": [(40, 3)]}, "lie in the picture"),
        ({"handles": [3, 4]}, "shape"),
        ({"targets": [(3, 4), (5, 6)]}, "do not pair up"),
        ({"mask": np.ones((3, 3))}, "the mask must"),
        ({"layer": 1}, "no map of features"),
        ({"steps": 0}, "at least 1"),
    ],
)
def test_what_does_not_fit_is_said(options, sentence):
    given = {"code": np.zeros(2), "handles": [(16, 16)], "targets": [(20, 16)], **options}
    with pytest.raises(ValueError, match=sentence):
        drag(one_blob(), **given)


def test_only_pictures_can_be_dragged():
    points = space_of(lambda z: z, (CodePart("z", "Code", 2),))
    with pytest.raises(ValueError, match="only pictures"):
        drag(points, np.zeros(2), [(0, 0)], [(0, 0)])
