"""Codes with a class in them: names, ranges, and asking for one class."""

from __future__ import annotations

import numpy as np
import pytest

from aegan_studio.catalog import codes, models
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.messages import StudioError
from aegan_studio.ml.latent.explorer import LatentModel
from aegan_studio.ml.model import Model


@pytest.fixture(scope="module")
def conditional() -> Experiment:
    base = Experiment.parse({"dataset": "digits", "method": {"kind": "vae", "latent_dim": 3}})
    return models.chosen(base, "cgan")


def test_values_of_a_code_are_named_by_what_they_mean(conditional: Experiment) -> None:
    names = codes.value_names(conditional)
    assert names[:3] == ("z₁", "z₂", "z₃")
    assert [str(name) for name in names[3:]] == [f"class {digit}" for digit in range(10)]


def test_a_class_can_be_asked_for(conditional: Experiment) -> None:
    asked = codes.of_class(conditional, np.ones((4, 13), np.float32), "7")
    assert (asked[:, :3] == 1).all()
    assert (asked[:, 3:].argmax(1) == 7).all()
    assert (asked[:, 3:].sum(1) == 1).all()


def test_other_models_and_unknown_classes_are_refused_with_a_reason(
    conditional: Experiment,
) -> None:
    plain = Experiment.parse({"dataset": "digits", "method": "gan"})
    with pytest.raises(StudioError, match="cannot be asked for a class"):
        codes.of_class(plain, np.ones((1, 32), np.float32), "7")
    with pytest.raises(StudioError, match="no class called"):
        codes.of_class(conditional, np.ones((1, 13), np.float32), "seven")


def test_the_explorer_offers_each_part_of_a_code_its_own_range(conditional: Experiment) -> None:
    explored = LatentModel(conditional, limit=100)
    explored.load(Weights(0, Model.build(conditional).arrays()))
    survey = explored.survey()
    assert (survey.low[:3] == -3).all()
    assert (survey.high[:3] == 3).all()
    assert (survey.low[3:] == 0).all()
    assert (survey.high[3:] == 1).all()
