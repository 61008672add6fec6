"""Filters, feature maps, codes and classes: right by independent reckoning, for every model."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy.stats import norm

from aegan_studio.catalog.recipes import recipe
from aegan_studio.catalog.views.inside import INSIDE, filtering
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.views import View
from aegan_studio.experiment.views.inside import (
    Classes,
    Codes,
    Features,
    Filters,
    Layers,
    Spread,
    Verdicts,
)
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.looking import Looking
from aegan_studio.ml.views import views_of
from aegan_studio.ml.views.classes import Judge
from tests.ml.test_every_model import CASES, experiment_of
from tests.ml.test_views_inside import looking_at, small


def seen(looking: Looking, want: str) -> View:
    (view,) = views_of(looking, [want]).values()
    return view


# Filters


def test_filters_are_rows_of_the_first_weight_and_columns_of_the_last() -> None:
    looking = looking_at(small("autoencoder"))
    E, G = (looking.model.networks[role].layers for role in ("encoder", "decoder"))
    first = next(layer for layer in E if isinstance(layer, torch.nn.Linear))
    last = [layer for layer in G if isinstance(layer, torch.nn.Linear)][-1]
    reading, painting = seen(looking, "filters:encoder"), seen(looking, "filters:decoder")
    assert isinstance(reading, Filters)
    assert isinstance(painting, Filters)
    assert (reading.reads, painting.reads) == (True, False)
    assert np.array_equal(reading.values, first.weight.detach().numpy().reshape(24, 8, 8))
    assert np.array_equal(painting.values, last.weight.detach().numpy().T.reshape(24, 8, 8))
    assert reading.norms == pytest.approx(np.linalg.norm(first.weight.detach().numpy(), axis=1))


def test_filters_of_convolutions_are_their_kernels() -> None:
    looking = looking_at(
        recipe("digits-dcgan").with_options(
            {"networks.generator.channels": 4, "networks.discriminator.channels": 4}
        )
    )
    D = looking.model.networks["discriminator"].layers
    kernel = next(layer for layer in D if isinstance(layer, torch.nn.Conv2d)).weight
    view = seen(looking, "filters:discriminator")
    assert isinstance(view, Filters)
    assert np.array_equal(view.values, kernel.detach().numpy()[:, 0])
    view = seen(looking, "filters:generator")
    assert isinstance(view, Filters)
    assert view.values.ndim == 3
    assert not view.reads


def test_a_class_beside_the_picture_is_no_part_of_a_filter() -> None:
    looking = looking_at(small("gan", **{"method.labels": "conditional"}))
    view = seen(looking, "filters:discriminator")
    assert isinstance(view, Filters)
    D = looking.model.networks["discriminator"].layers
    first = next(layer for layer in D if isinstance(layer, torch.nn.Linear))
    assert first.in_features > 64
    assert np.array_equal(view.values.reshape(24, 64), first.weight.detach().numpy()[:, :64])


def test_units_of_points_are_lines_that_bend_there() -> None:
    looking = looking_at(small("gan", {"kind": "ring", "count": 400}))
    view = seen(looking, "filters:discriminator")
    assert isinstance(view, Filters)
    assert view.values.shape == (24, 2)
    w, b = view.values[3].astype(float), float(view.offsets[3])
    on_the_line = -b * w / (w @ w)
    D = looking.model.networks["discriminator"].layers
    first = next(layer for layer in D if isinstance(layer, torch.nn.Linear))
    with torch.no_grad():
        value = first(torch.tensor(on_the_line, dtype=torch.float32)[None])[0, 3]
    assert float(value) == pytest.approx(0, abs=1e-6)
    x = looking.originals.numpy()
    assert np.array_equal(view.box, np.stack((x.min(0), x.max(0))))


# Feature maps


@pytest.mark.parametrize("item", ["train-5", "held-out-2", "sample-9"])
def test_feature_maps_are_those_of_a_direct_pass(item: str) -> None:
    looking = looking_at(
        recipe("digits-dcgan").with_options(
            {"networks.generator.channels": 4, "networks.discriminator.channels": 4}
        )
    )
    view = seen(looking, f"features:discriminator//{item}")
    assert isinstance(view, Features)
    kind, _, number = item.rpartition("-")
    items = {
        "train": looking.originals,
        "held-out": looking.held_out,
        "sample": looking.samples,
    }[kind]
    D = looking.model.networks["discriminator"]
    made = items[int(number) : int(number) + 1]
    for layer in view.layers:
        with torch.no_grad():
            made = items[int(number) : int(number) + 1]
            for name, module in D.named_children():
                if int(name) <= layer:
                    made = module(made)
        shown = seen(looking, f"features:discriminator/{layer}/{item}")
        assert isinstance(shown, Features)
        assert shown.layer == layer
        assert np.allclose(shown.maps, made[0].numpy(), atol=1e-5)
    assert view.layer == view.layers[0]
    assert view.shown is not None
    assert view.shown.shape == (8, 8)


def test_a_generator_of_noise_sees_no_data() -> None:
    looking = looking_at(small("gan"))
    assert not views_of(looking, ["features:generator/0/train-1"])
    assert views_of(looking, ["features:generator/0/sample-1"])
    assert not views_of(looking, ["features:generator/0/sample-99999", "features:nobody/0/x"])


def test_a_critic_of_classes_is_asked_about_the_item_s_own() -> None:
    looking = looking_at(small("gan", **{"method.labels": "conditional"}))
    assert looking.data.train_labels is not None
    stride = len(looking.data.train) // 64
    label = int(looking.data.train_labels[7 * stride])
    D = looking.model.networks["discriminator"]
    told = torch.zeros(1, 10)
    told[0, label] = 1
    with torch.no_grad():
        logit = D(looking.originals[7:8], told)
    view = seen(looking, "features:discriminator//train-7")
    assert isinstance(view, Features)
    last = seen(looking, f"features:discriminator/{view.layers[-1]}/train-7")
    assert isinstance(last, Features)
    assert last.maps == pytest.approx(logit[0].numpy(), abs=1e-5)


# Codes


def codes_of(experiment: Experiment) -> tuple[Codes, Looking]:
    looking = looking_at(experiment)
    view = seen(looking, "codes")
    assert isinstance(view, Codes)
    return view, looking


def test_divergence_of_each_value_is_the_closed_form() -> None:
    view, looking = codes_of(small("vae"))
    data = looking.data.train
    stride = len(data) // 1000
    with torch.no_grad():
        x = data[: stride * 1000 : stride][:1000]
        mean, log_variance = looking.model.networks["encoder"](x).double().chunk(2, 1)
    wanted = torch.distributions.kl_divergence(
        torch.distributions.Normal(mean, (0.5 * log_variance).exp()),
        torch.distributions.Normal(0.0, 1.0),
    ).mean(0)
    assert view.posterior
    assert view.divergence == pytest.approx(wanted.numpy(), rel=1e-4)
    assert view.unused.tolist() == (mean.var(0, correction=0) < 0.01).tolist()
    assert (view.counts.sum(1) == view.items).all()


def test_divergence_of_plain_codes_is_a_gaussian_s() -> None:
    view, _ = codes_of(small("wae-mmd"))
    m, s = view.mean.astype(float), view.deviation.astype(float)
    assert not view.posterior
    assert view.divergence == pytest.approx(0.5 * (m**2 + s**2 - 1) - np.log(s), rel=1e-3, abs=1e-4)


def test_the_prior_has_its_share_in_every_bin() -> None:
    view, _ = codes_of(small("aegan"))
    edges = np.linspace(view.low[0], view.high[0], view.prior.shape[1] + 1)
    inner = np.diff(norm.cdf(edges))[1:-1]
    assert view.exact
    assert view.prior[0, 1:-1] == pytest.approx(inner, abs=1e-6)
    assert view.prior.sum(1) == pytest.approx(1, abs=1e-5)


def test_codes_without_a_prior_are_held_against_what_samples_draw() -> None:
    view, _ = codes_of(small("autoencoder"))
    assert view.exact
    assert np.isnan(view.divergence).all()
    centres = (np.arange(view.prior.shape[1]) + 0.5) / view.prior.shape[1]
    middle = view.low + (view.prior * centres).sum(1) * (view.high - view.low)
    assert middle == pytest.approx(view.mean, abs=0.1 * float(view.deviation.max()))
    view, _ = codes_of(small("arae"))
    assert not view.exact
    assert view.prior.sum(1) == pytest.approx(1, abs=1e-5)


def test_values_that_say_nothing_are_marked() -> None:
    looking = looking_at(small("autoencoder"))
    last = [m for m in looking.model.networks["encoder"].layers if isinstance(m, torch.nn.Linear)]
    with torch.no_grad():
        last[-1].weight[[2, 6]] = 0
    view = seen(looking, "codes")
    assert isinstance(view, Codes)
    assert np.flatnonzero(view.unused).tolist() == [2, 6]


def test_entries_of_a_codebook_are_counted() -> None:
    view, looking = codes_of(small("vq-vae"))
    data = looking.data.train
    x = data[:: len(data) // 1000][:1000]
    method = looking.model.method
    with torch.no_grad():
        indices = method.indices(method.encode(x))  # type: ignore[attr-defined]
    assert view.entries is not None
    assert view.entries.tolist() == indices.flatten().bincount(minlength=64).tolist()
    assert len(view.entries) == looking.experiment.method.entries  # type: ignore[attr-defined]


# Classes


def test_the_judge_of_digits_is_right_and_soon_ready() -> None:
    judge = Judge(looking_at(small("gan", {"kind": "digits", "side": 16})))
    assert judge.right > 0.95
    assert judge.far == math.inf


def test_samples_are_counted_by_class() -> None:
    looking = looking_at(small("gan"))
    data = looking.data
    assert data.train_labels is not None
    sevens = data.train[data.train_labels == 7]
    method = looking.model.method
    method.generate = lambda z: sevens[torch.arange(len(z)) % len(sevens)]  # type: ignore[method-assign]
    view = seen(looking, "classes")
    assert isinstance(view, Classes)
    assert view.counts[7] == view.items == 500
    assert view.expected == pytest.approx(
        data.train_labels.bincount().numpy() / len(data.train_labels)
    )


def test_points_far_from_everything_count_for_no_class() -> None:
    looking = looking_at(small("gan", {"kind": "ring", "count": 2000}))
    method = looking.model.method
    real = looking.data.held_out
    far = torch.zeros(1, 2)
    method.generate = (
        lambda z: torch.cat(  # type: ignore[method-assign]
            (real[: len(z) - 100], far.expand(99, 2), torch.full((1, 2), math.nan))
        )
    )
    view = seen(looking, "classes")
    assert isinstance(view, Classes)
    assert view.items == 500
    assert 100 <= view.astray <= 102
    assert (view.counts > 25).all()


# Every model


def wants(experiment: Experiment) -> list[str]:
    found = []
    for info in INSIDE:
        if not info.fits(experiment):
            continue
        roles = [role.name for role in experiment.roles()]
        match info.name:
            case "layers":
                found += [f"layers:{role}" for role in roles]
            case "filters":
                found += [f"filters:{role}" for role in filtering(experiment)]
            case "features":
                found += [f"features:{role}//sample-3" for role in roles if role != "codebook"]
            case name:
                found.append(name)
    return found


@pytest.mark.parametrize(("name", "modality"), CASES)
def test_every_view_of_every_model_is_whole(name: str, modality: str) -> None:
    experiment = experiment_of(name, modality)
    looking = Looking(experiment, DataStore.load(experiment), torch.device("cpu"))
    asked = wants(experiment)
    views = views_of(looking, asked)
    assert set(asked) == set(views)
    shape = experiment.data_info().shape
    for view in views.values():
        match view:
            case Verdicts():
                for critic in view.critics:
                    assert critic.low < critic.high
                    assert all(part.counts.sum() > 0 for part in critic.judged)
                    assert {part.real for part in critic.judged} == {True, False}
            case Layers():
                for row in view.layers:
                    spreads = [row.weights, row.activations, *row.gradients.values()]
                    for one in filter(None, spreads):
                        assert isinstance(one, Spread)
                        assert np.isfinite([one.norm, one.mean, one.low, one.high]).all()
                        assert one.low < one.high
            case Filters():
                assert len(view.values) == len(view.norms) == len(view.units)
                assert np.isfinite(view.values).all()
                assert view.values.shape[1:] == (shape if len(shape) == 1 else shape[1:]) or (
                    view.values.ndim >= 3
                )
            case Features():
                assert view.layer in view.layers
                assert np.isfinite(view.maps).all()
            case Codes():
                d = experiment.method.code_dim(experiment.data_info())
                assert view.counts.shape == view.prior.shape
                assert len(view.counts) == len(view.low) == len(view.unused) == d
                assert (view.counts.sum(1) == view.items).all()
            case Classes():
                assert view.counts.shape == view.expected.shape
                assert view.expected.sum() == pytest.approx(1, abs=1e-5)
