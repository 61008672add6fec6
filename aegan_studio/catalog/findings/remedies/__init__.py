"""What may help against a finding: edits that the experiment at hand has options for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aegan_studio.catalog import checks
from aegan_studio.catalog.findings.remedies import judging, models, rates
from aegan_studio.catalog.findings.remedies.common import Maker
from aegan_studio.experiment import Experiment, InputError
from aegan_studio.experiment.findings import Remedy

MOST = 4
"""Remedies of one finding."""


def remedies_for(name: str, experiment: Experiment, about: str = "") -> tuple[Remedy, ...]:
    """Remedies that fit an experiment: each changes something, and what it makes can train."""
    found = []
    for make in _MAKERS.get(name, ()):
        remedy = make(experiment, about)
        if remedy is not None and _works(experiment, remedy.edits):
            found.append(remedy)
    return tuple(found[:MOST])


def _works(experiment: Experiment, edits: Mapping[str, Any]) -> bool:
    try:
        changed = experiment.with_options(edits)
    except InputError:
        return False
    before = {problem.path for problem in checks.problems(experiment)}
    after = [p for p in checks.problems(changed) if p.severity == "error" and p.path not in before]
    return changed != experiment and not after


_MAKERS: Mapping[str, tuple[Maker, ...]] = {
    "mode-collapse": (
        rates.fewer_generations,
        rates.quicken_judge,
        judging.pack,
        judging.flatten,
        models.average,
    ),
    "strong-critic": (
        rates.fewer_judgements,
        rates.slow_judge,
        rates.quicken_maker,
        judging.flatten,
        judging.blur,
    ),
    "dead-critic": (
        judging.unclip,
        judging.undecay,
        judging.weaken_penalty,
        rates.slow_judge,
        models.leak,
    ),
    "stuck-pair": (
        judging.mend_loop,
        rates.fewer_generations,
        rates.quicken_maker,
        rates.quicken_judge,
    ),
    "oscillation": (rates.slow_maker, rates.quicken_judge, models.average, judging.flatten),
    "misleading-loss": (
        judging.mend_loop,
        judging.bound_critic,
        rates.quicken_judge,
        rates.fewer_generations,
    ),
    "vanishing-gradients": (judging.saturate_not, rates.adaptive, models.leak, rates.slow_judge),
    "exploding-gradients": (judging.bound_critic, rates.clip, rates.slow, models.blunter),
    "divergence": (judging.bound_critic, rates.slow, rates.clip),
    "dead-units": (rates.slow, models.leak),
    "memorisation": (models.more_data, judging.vary, models.spoil, models.decay),
    "posterior-collapse": (models.less_beta, models.sharper),
    "codebook-collapse": (
        models.restart_entries,
        models.average_entries,
        rates.slow,
        models.fewer_entries,
    ),
}
"""Findings to what may help, what helps most first; what does not fit is left out."""
