"""Random codes by their seeds, and where they lie."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from aegan_studio.ml.latent.seeds import Ground
from aegan_studio.ui.latent.moves_messages import FindGround, Grounded, Sow, Sown
from aegan_studio.ui.latent.serving.desk import Desk

AT_ONCE = 4
"""Seeds that are drawn and decoded between two looks at what is more urgent."""


def ground(desk: Desk, _request: FindGround) -> Iterator[Grounded | None]:
    """Where random codes of this snapshot lie."""
    model = desk.model
    for _ in model.surveying():
        yield None
    survey = model.survey()
    experiment = model.experiment
    parts = experiment.method.code_parts(experiment.data_info())
    yield Grounded(desk.keep("ground", lambda: Ground.of(parts, survey.codes)), model.step)


def sow(desk: Desk, request: Sow) -> Iterator[Sown | None]:
    """Draw and decode, the first ones first."""
    model = desk.model
    for _ in model.surveying():  # some methods draw codes like those of the data
        yield None
    for start in range(0, len(request.seeds), AT_ONCE):
        seeds = request.seeds[start : start + AT_ONCE]
        codes = np.concatenate([model.draw(seed) for seed in seeds])
        yield Sown(seeds, codes.astype(np.float64), model.decode(codes), model.step)
