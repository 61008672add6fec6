"""Findings about codes."""

from __future__ import annotations

from aegan_studio.catalog.findings.entry import FindingInfo
from aegan_studio.experiment import Experiment
from aegan_studio.messages import msg


def _posterior(experiment: Experiment) -> bool:
    """Whether the encoder gives a distribution that the loss draws to the prior."""
    size = experiment.method.code_dim(experiment.data_info())
    terms = {term.name for phase in experiment.phase_infos() for term in phase.terms}
    return bool(terms & {"kl", "excess", "information"}) and any(
        role.name == "encoder" and role.outputs == (2 * size,) for role in experiment.roles()
    )


def _codebook(experiment: Experiment) -> bool:
    return any(role.entries for role in experiment.roles())


CODES = (
    FindingInfo(
        "posterior-collapse",
        msg("Posterior collapse"),
        msg("the code says next to nothing of the data"),
        msg(
            "The encoder gives almost the same distribution for every item, the prior itself: the "
            "decoder has learned to do without the code. The divergence weighs too much beside the "
            "reconstruction, or the decoder is content with an average item."
        ),
        "arXiv 1509.00519",
        "aegan_studio.ml.doctor.posterior_collapse:PosteriorCollapse",
        _posterior,
    ),
    FindingInfo(
        "codebook-collapse",
        msg("Codebook collapse"),
        msg("few entries of the codebook are used"),
        msg(
            "The encoder always chooses among a few entries; the others lie where nothing comes "
            "near them, and are never drawn closer. Restarting idle entries where codes are, or a "
            "codebook of running means, brings them into use."
        ),
        "arXiv 1711.00937",
        "aegan_studio.ml.doctor.codebook_collapse:CodebookCollapse",
        _codebook,
    ),
)
