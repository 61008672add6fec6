"""What the latent worker answers the map: charts that grow, layouts, tiles, measures."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.messages import StudioError
from aegan_studio.ml.latent.explorer import LatentModel
from aegan_studio.ml.model import Model
from aegan_studio.ui.latent.map_messages import (
    Complete,
    DecodeTiles,
    Embed,
    FindNeighbours,
    Layout,
    MeasureDensity,
    MeasureLosses,
    ShowItems,
)
from aegan_studio.ui.latent.messages import Chart, Charted, Load, PlaneChoice
from aegan_studio.ui.latent.requests import service_of
from aegan_studio.ui.latent.serving.desk import Desk

DIGITS = {"dataset": "digits", "method": {"kind": "autoencoder", "latent_dim": 6}}
QUICK = Layout(perplexity=8, iterations=12, most=200)


def desk_of(what, **options):
    experiment = Experiment.parse(what)
    desk = Desk(lambda found: LatentModel(found, **options))
    load(desk, experiment)
    return desk


def load(desk, experiment, step=10):
    rng = torch.Generator().manual_seed(step)
    weights = Weights(step, Model.build(experiment, rng).arrays())
    desk.load(Load(experiment, weights))


def served(desk, request):
    return [a for a in service_of(type(request)).handler()(desk, request) if a is not None]


@pytest.fixture(scope="module")
def digits():
    return desk_of(DIGITS)


def test_any_two_components_or_values_span_the_plane(digits):
    (chart,) = served(digits, Chart(PlaneChoice("leading", (4, 1))))
    assert chart.plane.indices == (4, 1)
    assert chart.plane.explained == pytest.approx(chart.shares[[4, 1]])
    assert len(chart.shares) == 6
    (chart,) = served(digits, Chart(PlaneChoice("values", (5, 0))))
    assert chart.places == pytest.approx(chart.codes[:, [5, 0]], abs=1e-6)


def test_a_plane_goes_through_three_codes(digits):
    codes = np.random.default_rng(0).normal(size=(3, 6))
    through = tuple(tuple(code) for code in codes.tolist())
    (chart,) = served(digits, Chart(PlaneChoice("codes", through=through)))
    assert chart.plane.unproject(chart.plane.project(codes)) == pytest.approx(codes)
    with pytest.raises(StudioError, match="one line"):
        served(digits, Chart(PlaneChoice("codes", through=through[:1] * 3)))


def test_a_chart_grows_until_every_item_is_there():
    desk = desk_of({"dataset": {"kind": "ring", "count": 3000}, "method": "vae"}, limit=300)
    (thin,) = served(desk, Chart(PlaneChoice()))
    assert (len(thin.codes), thin.total) == (375, 3000)
    grown = served(desk, Complete(PlaneChoice("values", (3, 2))))
    assert len(grown) > 1
    assert len(grown[-1].codes) == len(grown[-1].labels) == grown[-1].total
    assert sorted(grown[-1].numbers) == list(range(3000))
    assert grown[-1].plane.indices == (3, 2)
    (again,) = served(desk, Chart(PlaneChoice()))
    assert len(again.codes) == 3000
    assert served(desk, Complete(PlaneChoice())) == []


def test_a_new_snapshot_ends_a_chart_that_grows():
    desk = desk_of({"dataset": {"kind": "ring", "count": 3000}, "method": "vae"}, limit=300)
    served(desk, Chart(PlaneChoice()))
    pieces = service_of(Complete).handler()(desk, Complete(PlaneChoice()))
    next(pieces)
    load(desk, desk.model.experiment, 20)
    assert [piece for piece in pieces if piece is not None] == []


def test_before_a_layout_is_made_the_leading_plane_is_shown_and_then_the_layout(digits):
    choice = PlaneChoice("tsne")
    (chart,) = served(digits, Chart(choice))
    assert chart.plane.kind == "components"
    told = served(digits, Embed(QUICK))
    assert told[-1].done
    assert told[-1].iterations == 12
    (chart,) = served(digits, Chart(choice))
    assert chart.plane.kind == "tsne"
    assert chart.places == pytest.approx(told[-1].places, abs=1e-9)
    row = 100
    assert chart.plane.project(chart.codes[row].astype(float)) == pytest.approx(chart.places[row])


def test_tsne_goes_on_from_where_it_was_and_can_be_shaken(digits):
    first = served(digits, Embed(QUICK))[-1]
    on = served(digits, Embed(QUICK, anew=False))[-1]
    assert on.iterations == first.iterations + 12
    assert not np.array_equal(on.places, first.places)
    shaken = served(digits, Embed(Layout(iterations=0, most=200), anew=False, shake=0.5))[-1]
    assert np.abs(shaken.places - on.places).max() > 0.1 * on.places.std()


def test_what_was_laid_out_is_kept_where_the_work_is_cancelled():
    desk = desk_of(DIGITS)
    work = service_of(Embed).handler()(desk, Embed(Layout(perplexity=8, most=150)))
    for told in work:
        if told is not None and told.places is not None:
            break
    work.close()
    (chart,) = served(desk, Chart(PlaneChoice("tsne")))
    assert chart.plane.kind == "tsne"


def test_a_layout_outlives_a_snapshot_and_follows_the_codes():
    desk = desk_of(DIGITS)
    served(desk, Embed(QUICK))
    (before,) = served(desk, Chart(PlaneChoice("tsne")))
    load(desk, desk.model.experiment, 20)
    (after,) = served(desk, Chart(PlaneChoice("tsne")))
    laid = served(desk, Embed(Layout(iterations=0, most=200), anew=False))
    assert after.plane.places == pytest.approx(before.plane.places)
    assert not np.array_equal(after.codes, before.codes)
    assert after.plane.unproject(after.plane.places[7]) == pytest.approx(after.plane.codes[7])
    assert laid[-1].iterations == 12


def test_tiles_come_in_pieces_under_the_key_they_were_asked_with(digits):
    cells = np.stack([np.zeros(60), np.arange(60), np.arange(60)], axis=1).astype(np.int64)
    codes = np.random.default_rng(1).normal(size=(60, 6))
    tiles = served(digits, DecodeTiles(("key",), cells, codes))
    assert len(tiles) > 1
    assert {tile.key for tile in tiles} == {("key",)}
    assert np.array_equal(np.concatenate([tile.cells for tile in tiles]), cells)
    items = np.concatenate([tile.items for tile in tiles])
    assert np.abs(items.astype(int) - digits.model.decode(codes)).max() <= 1


def test_items_come_by_their_rows(digits):
    rows = np.arange(5, 60)
    shown = served(digits, ShowItems(rows))
    assert np.array_equal(np.concatenate([part.rows for part in shown]), rows)
    items = np.concatenate([part.items for part in shown])
    assert np.array_equal(items, digits.model.data()[5:60])


def test_losses_are_known_for_every_item_in_the_end(digits):
    last = served(digits, MeasureLosses())[-1]
    assert last.share == 1.0
    assert np.isfinite(last.values).all()
    assert len(last.values) == len(digits.model.whole.codes)


def test_without_an_encoder_losses_are_refused_in_words():
    desk = desk_of({"dataset": "digits", "method": "gan"})
    with pytest.raises(StudioError, match="no encoder"):
        served(desk, MeasureLosses())
    assert served(desk, Embed(Layout(iterations=5, perplexity=5, most=100)))[-1].done
    (found,) = served(desk, FindNeighbours(desk.model.survey().codes[3], 2))
    assert found.rows[0] == 3


def test_density_is_highest_where_most_items_are(digits):
    places = np.random.default_rng(2).normal(size=(4000, 2))
    (found,) = served(digits, MeasureDensity(places))
    assert np.linalg.norm(places[found.values.argmax()]) < 1.0


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_an_item_is_its_own_nearest_neighbour(digits, metric):
    code = digits.model.whole.codes[42].astype(float)
    (found,) = served(digits, FindNeighbours(code, 9, metric))
    assert found.rows[0] == 42
    assert found.distances[0] == pytest.approx(0.0, abs=1e-5)
    assert (np.diff(found.distances) >= 0).all()
    assert np.array_equal(found.items[0], digits.model.data()[42])
    assert isinstance(served(digits, Chart(PlaneChoice()))[0], Charted)
