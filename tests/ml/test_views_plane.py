"""What is seen of the plane: surface, net, pull and density against what they stand for."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import integrate

from aegan_studio.catalog.methods.adversarial import Adversarial
from aegan_studio.catalog.recipes import recipe
from aegan_studio.catalog.views import views_for
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.views.plane import Density, Manifold, Pull, Surface, cell_areas
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.looking import Looking
from aegan_studio.ml.methods import adversarial
from aegan_studio.ml.views import plane, plane_critic, views_of
from aegan_studio.ml.views.plane_pull import ARROWS, pull

CPU = torch.device("cpu")
OVER = "-1.5,2.0,-1.0,1.25"


def look(method: object = "gan", dataset: object = "ring", **edits: object) -> Looking:
    """A look at untrained networks: what is tested holds for any weights."""
    made = {"kind": method, "latent_dim": 2} if isinstance(method, str) else method
    experiment = Experiment.parse({"dataset": dataset, "method": made})
    small = {
        f"networks.{role}": {"kind": "mlp", "widths": [8], "activation": "tanh"}
        for role in experiment.networks
    }
    experiment = experiment.with_options({**small, **edits})
    torch.manual_seed(3)
    found = Looking(experiment, DataStore.load(experiment, CPU), CPU)
    with torch.no_grad():
        for network in found.model.networks.values():
            for weight in network.parameters():
                weight.copy_(torch.randn_like(weight) * 0.7)
    return found


@pytest.fixture(scope="module")
def gan() -> Looking:
    return look()


def nodes_of(view: Surface | Density) -> np.ndarray:
    x0, x1, y0, y1 = view.bounds
    rows, columns = view.values.shape
    xs, ys = np.linspace(x0, x1, columns), np.linspace(y0, y1, rows)
    return np.stack(np.meshgrid(xs, ys), -1).astype(np.float32)


def test_the_surface_is_what_the_discriminator_says_at_each_node(gan: Looking) -> None:
    surface = plane.surface(gan, OVER)
    nodes = nodes_of(surface)
    D, store = gan.model.networks["discriminator"], gan.data
    with torch.no_grad():
        logits = D(store.from_display(nodes.reshape(-1, 2)))
    expected = torch.sigmoid(logits).view(nodes.shape[:2]).numpy()
    assert surface.bounds == (-1.5, 2.0, -1.0, 1.25)
    np.testing.assert_array_equal(surface.values, expected)
    assert surface.verdicts == plane_critic.Verdicts(0.0, 0.5, 1.0, probability=True)


def test_a_node_alone_says_the_same(gan: Looking) -> None:
    """Row and column are not mixed up: one place, asked for by itself."""
    surface = plane.surface(gan, OVER)
    row, column = 3, 11
    place = nodes_of(surface)[row, column][None]
    scaled = torch.from_numpy(gan.data.scaler.scale(place))
    said = float(torch.sigmoid(gan.model.networks["discriminator"](scaled)))
    assert surface.values[row, column] == pytest.approx(said, abs=1e-6)


def test_without_a_rectangle_the_data_and_a_little_more_are_seen(gan: Looking) -> None:
    x0, x1, y0, y1 = plane.surface(gan, "").bounds
    seen = gan.data.to_display(gan.originals)
    assert (seen.min(0) > (x0, y0)).all()
    assert (seen.max(0) < (x1, y1)).all()


@pytest.mark.parametrize(
    ("options", "ends"),
    [
        ({"loss": "least-squares"}, (0.0, 0.5, 1.0)),
        ({"loss": "hinge"}, (-1.0, 0.0, 1.0)),
    ],
)
def test_other_losses_show_what_the_critic_gives(
    options: dict[str, object], ends: tuple[float, float, float]
) -> None:
    looking = look({"kind": "gan", "latent_dim": 2, **options})
    surface = plane.surface(looking, OVER)
    nodes = nodes_of(surface).reshape(-1, 2)
    with torch.no_grad():
        raw = looking.model.networks["discriminator"](looking.data.from_display(nodes))
    np.testing.assert_array_equal(surface.values.reshape(-1), raw[:, 0].numpy())
    verdicts = surface.verdicts
    assert (verdicts.low, verdicts.level, verdicts.high) == ends
    assert verdicts.fixed
    assert not verdicts.probability


@pytest.mark.parametrize(
    "options", [{"loss": "wasserstein"}, {"relativistic": True}], ids=["wasserstein", "paired"]
)
def test_a_critic_known_but_for_a_constant_is_read_about_its_own_middle(
    options: dict[str, object],
) -> None:
    looking = look({"kind": "gan", "latent_dim": 2, **options})
    before = plane.surface(looking, OVER)
    with torch.no_grad():
        list(looking.model.networks["discriminator"].parameters())[-1].add_(5.0)
    after = plane.surface(looking, OVER)
    np.testing.assert_allclose(after.values, before.values + 5.0, atol=1e-5)
    for name in ("low", "level", "high"):
        moved = getattr(after.verdicts, name) - getattr(before.verdicts, name)
        assert moved == pytest.approx(5.0, abs=1e-5)
    real, fake = (
        plane_critic.opinion(looking.model.method, x[:256]).mean()
        for x in (looking.originals, looking.samples)
    )
    assert after.verdicts.level == pytest.approx(float(real + fake) / 2, abs=1e-5)
    assert not after.verdicts.fixed


def test_a_critic_of_packs_is_shown_equal_points() -> None:
    looking = look({"kind": "gan", "latent_dim": 2, "packing": 3})
    x = looking.originals[:5]
    with torch.no_grad():
        expected = looking.model.networks["discriminator"](torch.cat((x, x, x), dim=1))[:, 0]
        assert torch.equal(plane_critic.opinion(looking.model.method, x), expected)


def test_a_critic_of_pairs_is_shown_a_point_and_its_code() -> None:
    looking = look("bigan")
    x, model = looking.originals[:5], looking.model
    with torch.no_grad():
        expected = model.networks["discriminator"](x, model.encode(x))[:, 0]
        assert torch.equal(plane_critic.opinion(model.method, x), expected)


def linear(looking: Looking, matrix: list[list[float]], shift: list[float]) -> None:
    """Make the generator an affine map, in the data's own units."""
    spread = looking.data.scaler.spread
    at = torch.tensor(looking.data.scaler.shift, dtype=torch.float32)

    def generate(z: torch.Tensor) -> torch.Tensor:
        return (z[:, :2] @ torch.tensor(matrix).T + torch.tensor(shift) - at) / spread

    looking.model.method.generate = generate  # type: ignore[method-assign]


@pytest.mark.parametrize("prior", ["uniform", "normal"])
def test_a_linear_generator_stretches_every_cell_by_its_determinant(prior: str) -> None:
    looking = look({"kind": "gan", "latent_dim": 2, "prior": prior})
    linear(looking, [[1.5, 0.4], [-0.3, 0.8]], [0.2, -1.0])
    net = plane.manifold(looking, "")
    assert net is not None
    np.testing.assert_allclose(net.stretch, 1.5 * 0.8 + 0.3 * 0.4, rtol=2e-3)
    expected = net.codes @ np.array([[1.5, 0.4], [-0.3, 0.8]]).T + (0.2, -1.0)
    np.testing.assert_allclose(net.places, expected, atol=1e-5)


def test_a_known_bend_stretches_cells_by_its_jacobian() -> None:
    """(r, φ) ↦ r (cos φ, sin φ): the area of a cell is ½ (r₁² − r₀²) Δφ for narrow cells."""
    r, phi = np.linspace(0.5, 2.0, 40), np.linspace(0.0, 1.0, 400)
    rr, pp = np.meshgrid(r, phi)
    places = np.stack((rr * np.cos(pp), rr * np.sin(pp)), -1).astype(np.float32)
    exact = 0.5 * (r[1:] ** 2 - r[:-1] ** 2) * (phi[1] - phi[0])
    np.testing.assert_allclose(cell_areas(places), np.tile(exact, (399, 1)), rtol=1e-3)


def test_normal_codes_are_parted_into_cells_that_are_drawn_as_often() -> None:
    looking = look({"kind": "gan", "latent_dim": 2, "prior": "normal"})
    net = plane.manifold(looking, "")
    assert net is not None
    below = torch.special.ndtr(torch.from_numpy(net.codes[0, :, 0].astype(np.float64)))
    assert torch.diff(below).numpy() == pytest.approx(np.full(20, 0.98 / 20), abs=1e-6)
    assert net.prior == "normal"
    assert net.others == 0


def test_a_single_value_gives_a_curve_and_more_values_are_held() -> None:
    curve = plane.manifold(look({"kind": "gan", "latent_dim": 1}), "")
    assert curve is not None
    assert curve.curve
    assert curve.places.shape[0] == 1
    assert len(curve.areas[0]) == curve.places.shape[1] - 1
    looking = look({"kind": "gan", "latent_dim": 5})
    net = plane.manifold(looking, "")
    assert net is not None
    assert net.others == 3
    code = torch.zeros(1, 5)
    code[0, :2] = torch.from_numpy(net.codes[4, 7])
    with torch.no_grad():
        place = looking.data.to_display(looking.model.generate(code))[0]
    np.testing.assert_allclose(net.places[4, 7], place, atol=1e-5)


def test_verdicts_on_the_net_are_those_of_the_critic(gan: Looking) -> None:
    net = plane.manifold(gan, "")
    assert net is not None
    assert net.verdicts is not None
    with torch.no_grad():
        x = gan.model.generate(torch.from_numpy(net.codes[2, 5][None]))
        said = torch.sigmoid(gan.model.networks["discriminator"](x))
    assert net.verdicts[2, 5] == pytest.approx(float(said), abs=1e-6)


def test_an_autoencoder_spans_the_codes_of_its_data() -> None:
    looking = look("autoencoder")
    net = plane.manifold(looking, "")
    assert net is not None
    assert net.prior == "learned"
    codes = looking.codes.numpy()
    low, high = np.quantile(codes, (0.01, 0.99), axis=0)
    np.testing.assert_allclose(net.codes[0, 0], low, atol=1e-4)
    np.testing.assert_allclose(net.codes[-1, -1], high, atol=1e-4)
    assert net.verdicts is None


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"loss": "minimax"},
        {"loss": "hinge"},
        {"loss": "wasserstein"},
        {"loss": "least-squares"},
        {"relativistic": True},
    ],
    ids=str,
)
def test_the_pull_is_the_slope_of_the_loss_at_each_point(options: dict[str, object]) -> None:
    """Against finite differences of L_G in each coordinate, in the data's units."""
    looking = look({"kind": "gan", "latent_dim": 2, **options})
    found = pull(looking, "")
    assert found is not None
    assert found.at.shape == found.toward.shape == (ARROWS, 2)
    shown = looking.data.to_display(looking.samples)
    np.testing.assert_allclose(found.at, shown[:ARROWS], atol=1e-6)
    method = looking.model.method
    assert isinstance(method.options, Adversarial)
    D = looking.model.networks["discriminator"].double()
    D.refresh()
    spread = looking.data.scaler.spread
    x_hat = looking.samples[:ARROWS].double()
    with torch.no_grad():
        a_real = D(looking.originals[:ARROWS].double())

        def losses(x: torch.Tensor) -> torch.Tensor:
            a = D(x)
            rows = [
                adversarial.deceive(method.options, a[i : i + 1], a_real[i : i + 1])
                for i in range(len(a))
            ]
            return torch.stack(rows)

        for axis in (0, 1):
            step = torch.zeros(2, dtype=torch.float64)
            step[axis] = 1e-5
            slope = (losses(x_hat + step) - losses(x_hat - step)) / 2e-5
            np.testing.assert_allclose(
                found.toward[:, axis], -slope.numpy() / spread, rtol=1e-3, atol=1e-5
            )


def test_looking_for_the_pull_changes_nothing() -> None:
    looking = look({"kind": "gan", "latent_dim": 2, "instance_noise": 0.3})
    method, before = looking.model.method, looking.model.arrays()
    networks, chance = method.networks, torch.get_rng_state()
    first, again = pull(looking, ""), pull(looking, "")
    assert first is not None
    assert again is not None
    np.testing.assert_array_equal(first.toward, again.toward)
    assert method.networks is networks
    assert "noise" not in vars(method)
    assert torch.equal(torch.get_rng_state(), chance)
    for role, arrays in looking.model.arrays().items():
        for name, array in arrays.items():
            np.testing.assert_array_equal(array, before[role][name])
    assert all(p.grad is None for net in networks.values() for p in net.parameters())


def test_a_loss_that_does_not_reach_the_generator_pulls_nothing() -> None:
    looking = look({"kind": "article-loop", "latent_dim": 2, "detached": True})
    assert pull(looking, "") is None


@pytest.fixture(scope="module")
def dense() -> tuple[Looking, Density]:
    looking = look()
    points = looking.data.to_display(looking.samples)
    low, high = points.min(0) - 2 * points.std(0), points.max(0) + 2 * points.std(0)
    over = f"{low[0]},{high[0]},{low[1]},{high[1]}"
    return looking, plane.density(looking, over)


def test_the_density_integrates_to_one(dense: tuple[Looking, Density]) -> None:
    _, density = dense
    nodes = nodes_of(density)
    over_x = integrate.trapezoid(density.values, nodes[0, :, 0], axis=1)
    assert integrate.trapezoid(over_x, nodes[:, 0, 1]) == pytest.approx(1.0, abs=0.01)


def test_the_density_is_the_mean_of_normal_kernels(dense: tuple[Looking, Density]) -> None:
    looking, density = dense
    points = looking.data.to_display(looking.samples).astype(float)
    node = nodes_of(density)[20, 22].astype(float)
    off = (points - node) / density.width
    area = 2 * math.pi * density.width[0] * density.width[1]
    expected = np.exp(-0.5 * (off**2).sum(1)).mean() / area
    assert density.values[20, 22] == pytest.approx(expected, rel=1e-3, abs=1e-7)


def names(experiment: Experiment) -> set[str]:
    return {info.name for info in views_for(experiment)} & {
        "surface",
        "manifold",
        "pull",
        "density",
    }


def test_each_model_has_the_views_that_mean_something() -> None:
    assert names(recipe("gan-lab")) == {"surface", "manifold", "pull", "density"}
    assert names(recipe("ring-ali")) == {"surface", "manifold", "pull", "density"}
    assert names(recipe("moons-vae")) == {"manifold", "density"}
    assert names(recipe("digits-gan")) == set()
    mixed = Experiment.parse({"dataset": "ring", "method": {"kind": "aegan"}})
    assert "surface" in names(mixed)
    assert "surface" not in names(mixed.with_options({"method.adv_x": 0.0}))
    packs = {"kind": "gan", "packing": 2, "labels": "conditional"}
    assert "surface" not in names(Experiment.parse({"dataset": "ring", "method": packs}))


@pytest.mark.parametrize("kind", ["aegan", "vae-gan", "veegan", "began", "ganomaly", "infogan"])
def test_all_views_of_a_joined_model_are_finite(kind: str) -> None:
    looking = look(kind)
    found = views_of(looking, [f"surface:{OVER}", "manifold", "pull", f"density:{OVER}"])
    assert {type(view) for view in found.values()} == {Surface, Manifold, Pull, Density}
    for view in found.values():
        for name in ("values", "places", "toward", "at"):
            assert np.isfinite(getattr(view, name, 0.0)).all()
