"""Remedies for networks, data, codes and averages."""

from __future__ import annotations

from aegan_studio.catalog.findings.remedies.common import edit, phase_about, scale, switch
from aegan_studio.experiment import Experiment, InputError
from aegan_studio.experiment.findings import Remedy
from aegan_studio.messages import msg

average = switch(
    "training.ema",
    msg("Average the generator"),
    msg("Shows and saves a running average of its weights, which circles less."),
    0.999,
    lambda value: value == 0,
)
restart_entries = switch(
    "method.restart",
    msg("Restart idle entries"),
    msg("Idle entries are put where codes are, every hundred steps."),
    True,
    lambda value: value is False,
)
average_entries = switch(
    "method.codebook",
    msg("Average the codebook"),
    msg("Entries become running means of the codes that choose them (arXiv 1711.00937)."),
    "average",
    lambda value: value == "loss",
)


def _bends(experiment: Experiment, about: str) -> list[str]:
    roles = [role.name for role in experiment.roles()]
    phase = next((p for p in experiment.phase_infos() if p.name == about), None)
    return [about] if about in roles else list(phase.updates) if phase else roles


def leak(experiment: Experiment, about: str) -> Remedy | None:
    """Leaky ReLU where activations die or saturate."""
    edits = {}
    for role in _bends(experiment, about):
        path = f"networks.{role}.activation"
        try:
            value = experiment.get(path)
        except InputError:
            continue
        if value in ("relu", "sigmoid", "tanh"):
            edits[path] = "leaky-relu"
    if not edits:
        return None
    return edit(
        experiment,
        msg("Use leaky ReLU"),
        msg("It passes gradients on both sides of zero, so that no unit dies or saturates."),
        edits,
    )


less_beta = scale("method.beta", 0.1, msg("Lower β"), msg("Weight of the divergence"))
sharper = scale(
    "method.sigma", 0.3, msg("Sharpen the likelihood"), msg("Deviation of the likelihood")
)
blunter = scale(
    "method.sigma", 10.0, msg("Soften the likelihood"), msg("Deviation of the likelihood")
)
fewer_entries = scale(
    "method.entries", 0.25, msg("Use fewer entries"), msg("Entries of the codebook")
)


def more_data(experiment: Experiment, about: str) -> Remedy | None:
    """Most of the data for training, where most are held out."""
    del about
    old = float(experiment.get("dataset.held_out"))
    if old <= 0.3:
        return None
    return edit(
        experiment,
        msg("Train on more data"),
        msg("Held-out share from {old:.0%} to 25 %.", old=old),
        {"dataset.held_out": 0.25},
    )


def decay(experiment: Experiment, about: str) -> Remedy | None:
    """Weight decay of the phase in question."""
    phase = phase_about(experiment, about)
    if float(experiment.get(f"phases.{phase}.weight_decay")) >= 0.01:
        return None
    return edit(
        experiment,
        msg("Decay weights"),
        msg("Weight decay of 0.01 pulls weights that the data do not need to zero."),
        {f"phases.{phase}.weight_decay": 0.01},
    )


def spoil(experiment: Experiment, about: str) -> Remedy | None:
    """Noise on what an autoencoder sees."""
    del about
    if getattr(experiment.method, "corruption", "") != "none":
        return None
    return edit(
        experiment,
        msg("Add noise to the input"),
        msg("It learns to clean items up, which cannot be done by heart."),
        {"method.corruption": "noise"},
    )
