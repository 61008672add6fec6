"""A model to explore holds a snapshot: it decodes, encodes, draws, and disturbs nobody."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.messages import StudioError
from aegan_studio.ml.device import one_thread_here
from aegan_studio.ml.latent.explorer import DRAWS, LatentModel
from aegan_studio.ml.latent.projection import Projection
from aegan_studio.ml.model import Model


def experiment(kind="vae", dataset="digits", **options):
    return Experiment.parse({"dataset": dataset, "method": {"kind": kind, **options}})


def explored(what, seed=0, **options):
    """Explores freshly initialised weights."""
    return in_a_thread(lambda: loaded(what, seed, **options))


def loaded(what, seed=0, **options):
    model = LatentModel(what, **options)
    model.load(snapshot(what, seed))
    return model


def snapshot(what, seed=0, step=10):
    return Weights(step, Model.build(what, torch.Generator().manual_seed(seed)).arrays())


def in_a_thread(work):
    """What ``work`` returns, done in a thread of its own as in the window."""
    result = []
    thread = threading.Thread(target=lambda: result.append(work()))
    thread.start()
    thread.join()
    return result[0]


def test_codes_decode_to_pictures_of_the_datas_kind():
    model = explored(experiment(latent_dim=3))
    pictures = model.decode(np.zeros((5, 3)))
    assert pictures.shape == (5, 8, 8)
    assert pictures.dtype == np.uint8
    assert model.dimensions == 3
    assert model.step == 10


def test_points_decode_to_their_own_units():
    model = explored(experiment(dataset={"kind": "ring", "radius": 5.0, "count": 400}))
    assert model.decode(np.zeros((2, 16))).dtype == np.float32
    assert np.abs(model.data()).max() > 4.0


def test_a_snapshot_does_not_follow_the_networks_it_came_from():
    what = experiment()
    source = Model.build(what)
    model = in_a_thread(lambda: LatentModel(what))
    model.load(Weights(1, source.arrays()))
    before = model.decode(np.ones((1, 16)))
    with torch.no_grad():
        for parameter in source.networks["decoder"].parameters():
            parameter.add_(1.0)
    assert np.array_equal(model.decode(np.ones((1, 16))), before)


def test_another_snapshot_decodes_and_surveys_anew():
    what = experiment(latent_dim=2)
    model = explored(what, seed=0)
    codes, picture = model.survey().codes, model.decode(np.ones((1, 2)))
    model.load(snapshot(what, seed=1, step=20))
    assert not np.array_equal(model.decode(np.ones((1, 2))), picture)
    assert not np.array_equal(model.survey().codes, codes)


def test_networks_with_batch_norm_can_be_explored():
    dcgan = {"kind": "dcgan", "channels": 4}
    what = Experiment.parse(
        {
            "dataset": {"kind": "digits", "side": 16},
            "method": "gan",
            "networks": {"generator": dcgan, "discriminator": dcgan},
        }
    )
    assert explored(what).decode(np.zeros((2, 32))).shape == (2, 16, 16)


def test_weights_of_other_networks_are_refused():
    with pytest.raises(StudioError):
        explored(experiment(latent_dim=2)).load(snapshot(experiment(latent_dim=3)))


def test_a_survey_holds_training_and_held_out_items_with_their_labels():
    survey = explored(experiment()).survey()
    assert survey.source == "encoded"
    assert survey.codes.shape == (1797, 16)
    assert survey.held_out.sum() == 450
    assert survey.labels is not None
    assert np.bincount(survey.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_a_survey_made_in_pieces_is_the_one_made_at_once():
    what = experiment()
    at_once, in_pieces = explored(what), explored(what)
    pieces = sum(1 for _ in in_pieces.surveying())
    assert pieces > 1
    assert list(in_pieces.surveying()) == []
    assert in_pieces.survey().codes == pytest.approx(at_once.survey().codes, abs=1e-5)


def test_pieces_of_decoding_are_the_whole():
    model = explored(experiment())
    codes = model.draw(0, 333)
    whole, pieces = model.decode(codes), np.concatenate(list(model.decoding(codes)))
    assert np.abs(whole.astype(int) - pieces).max() <= 1


def test_a_large_dataset_is_thinned():
    model = explored(experiment(dataset={"kind": "ring", "count": 5000}), limit=400)
    survey = model.survey()
    assert (~survey.held_out).sum() == 400
    assert survey.held_out.sum() == 100
    assert len(model.data()) == 400


def test_without_an_encoder_the_survey_draws_from_the_prior():
    survey = explored(experiment("gan", prior="uniform")).survey()
    assert (survey.source, survey.prior) == ("prior", "uniform")
    assert survey.codes.shape == (DRAWS, 32)
    assert survey.labels is None
    assert survey.low.tolist() == [-1.0] * 32
    assert survey.high.tolist() == [1.0] * 32


@pytest.mark.parametrize("kind", ["vae", "autoencoder", "gan"])
def test_draws_are_fixed_by_their_seed(kind):
    model = explored(experiment(kind))
    assert np.array_equal(model.draw(3, 4), model.draw(3, 4))
    assert not np.array_equal(model.draw(3, 4), model.draw(4, 4))


def test_draws_of_an_autoencoder_have_the_spread_of_its_codes():
    model = explored(experiment("autoencoder", latent_dim=4))
    codes, drawn = model.survey().codes, model.draw(0, 20_000)
    assert drawn.mean(axis=0) == pytest.approx(codes.mean(axis=0), abs=0.05 * float(codes.std()))
    assert np.cov(drawn.T) == pytest.approx(np.cov(codes.T), abs=0.05 * float(codes.var()))


def test_drawing_touches_no_shared_source_of_chance():
    before = torch.get_rng_state()
    explored(experiment()).draw(0)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_nearest_item_to_an_item_is_itself():
    model = explored(experiment())
    rows, distances = model.nearest(model.data()[17], 3)
    assert rows[0] == 17
    assert distances[0] == 0.0
    assert (np.diff(distances) >= 0).all()


def test_directions_of_most_change_are_those_of_a_linear_decoder():
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(400, 5))
    rotation = np.linalg.qr(rng.normal(size=(5, 5)))[0]
    slopes = np.diag([8.0, 3.0, 1.0, 0.5, 0.1]) @ rng.normal(size=(5, 30))
    decoder = rotation @ slopes
    plane = Projection.fit_response(codes, codes @ decoder, 2)
    expected = np.linalg.svd(decoder)[0]
    assert np.abs(plane.axes @ expected[:, :2]) == pytest.approx(np.eye(2), abs=1e-6)
    assert plane.explained.sum() < 1.0
    assert plane.kind == "responses"


def test_one_thread_here_leaves_other_threads_their_own():
    torch.set_num_threads(2)

    def alone():
        one_thread_here()
        return torch.get_num_threads()

    assert in_a_thread(alone) == 1
    assert torch.get_num_threads() == 2
    assert in_a_thread(torch.get_num_threads) == 2


def test_a_complete_survey_begins_with_the_thinned_one_and_holds_every_item_once():
    what = experiment("vae", dataset={"kind": "ring", "count": 5000})
    model = explored(what, limit=400)
    thin = model.survey()
    grown = [survey for survey in model.completing() if survey is not None]
    assert [len(survey.codes) for survey in grown[:2]] > [2 * len(thin.codes)]
    whole = model.whole
    assert whole is grown[-1]
    assert len(whole.codes) == model.surveyable == 5000
    assert np.array_equal(whole.codes[: len(thin.codes)], thin.codes)
    assert sorted(model.numbers(np.arange(5000))) == list(range(5000))
    full = explored(what, limit=10_000).survey()
    order = model.numbers(np.arange(5000))
    assert whole.codes == pytest.approx(full.codes[order], abs=1e-5)
    assert np.array_equal(whole.held_out, full.held_out[order])
    assert np.array_equal(whole.labels, full.labels[order])


def test_a_complete_survey_has_a_limit_and_ends_with_its_snapshot():
    what = experiment("vae", dataset={"kind": "ring", "count": 5000})
    model = explored(what, limit=400, most=1500)
    assert [s for s in model.completing() if s is not None][-1].codes.shape[0] == 1500
    model.load(snapshot(what, seed=1))
    assert len(model.whole.codes) == 500
    pieces = model.completing()
    next(pieces)
    model.load(snapshot(what, seed=2))
    assert list(pieces) == []


def test_items_of_a_survey_are_shown_as_the_data_are():
    model = explored(experiment(dataset={"kind": "ring", "count": 900}), limit=100)
    assert np.array_equal(model.items(np.arange(100)), model.data())
    digits = explored(experiment())
    assert np.array_equal(digits.items([3, 1]), digits.data()[[3, 1]])
    drawn = explored(experiment("gan"))
    assert np.array_equal(drawn.items([5]), drawn.decode(drawn.survey().codes[[5]]))


def test_losses_of_reconstructions_are_those_of_the_decoded_codes():
    model = explored(experiment())
    rows = np.arange(40, 140)
    losses = np.concatenate(list(model.rebuilding(rows)))
    made = model.decode(model.survey().codes[rows]) / 255
    wanted = np.square(made - model.items(rows) / 255).reshape(100, -1).mean(axis=1)
    assert losses == pytest.approx(wanted, rel=1e-3)


def test_a_survey_never_mixes_two_snapshots():
    what = experiment()
    model = explored(what)
    pieces = model.surveying()
    next(pieces)
    model.load(snapshot(what, seed=1))
    assert list(pieces) == []
    assert not model.has_survey
    fresh = explored(what, seed=1).survey()
    assert model.survey().codes == pytest.approx(fresh.codes, abs=1e-5)
