"""Remedies for how real and generated items are judged."""

from __future__ import annotations

from aegan_studio.catalog.findings.remedies.common import edit, judge_phase, rounded, switch
from aegan_studio.experiment import Experiment, InputError
from aegan_studio.experiment.findings import Remedy
from aegan_studio.messages import msg


def pack(experiment: Experiment, about: str) -> Remedy | None:
    """Two items judged together."""
    del about
    packing = getattr(experiment.method, "packing", 0)
    if not packing or packing > 1:
        return None
    return edit(
        experiment,
        msg("Judge items in pairs"),
        msg(
            "The discriminator sees two items at a time, so that a lack of variety shows "
            "(arXiv 1712.04086)."
        ),
        {"method.packing": 2},
    )


def flatten(experiment: Experiment, about: str) -> Remedy | None:
    """R₁ where there is no penalty."""
    del about
    if getattr(experiment.method, "penalty", "") != "none":
        return None
    points = experiment.data_info().modality == "points"
    return edit(
        experiment,
        msg("Add an R₁ penalty"),
        msg(
            "Keeps the discriminator flat at the real data, which makes training converge "
            "(arXiv 1801.04406)."
        ),
        {"method.penalty": "r1", "method.penalty_weight": 0.1 if points else 1.0},
    )


def bound_critic(experiment: Experiment, about: str) -> Remedy | None:
    """A gradient penalty for a Wasserstein critic without one."""
    del about
    method = experiment.method
    if getattr(method, "loss", "") != "wasserstein" or getattr(method, "penalty", "") != "none":
        return None
    points = experiment.data_info().modality == "points"
    return edit(
        experiment,
        msg("Bound the critic"),
        msg(
            "A penalty keeps its slope at 1: without one its values grow and mean nothing "
            "(arXiv 1704.00028)."
        ),
        {"method.penalty": "wgan-gp", "method.penalty_weight": 0.1 if points else 10.0},
    )


def weaken_penalty(experiment: Experiment, about: str) -> Remedy | None:
    """A tenth of the penalty's weight."""
    del about
    if getattr(experiment.method, "penalty", "none") == "none":
        return None
    old = float(experiment.get("method.penalty_weight"))
    new = rounded(old / 10)
    return edit(
        experiment,
        msg("Weaken the penalty"),
        msg("Weight of the penalty from {old:g} to {new:g}.", old=old, new=new),
        {"method.penalty_weight": new},
    )


unclip = switch(
    "method.weight_clip",
    msg("Do not clip weights"),
    msg("Weights of the discriminator may grow again."),
    0.0,
    lambda value: value > 0,
)
saturate_not = switch(
    "method.loss",
    msg("Use the non-saturating loss"),
    msg("−log D(G(z)) keeps gradients alive while the discriminator is ahead (arXiv 1406.2661)."),
    "non-saturating",
    lambda value: value == "minimax",
)
blur = switch(
    "method.instance_noise",
    msg("Blur what D sees"),
    msg("Noise of deviation 0.1 on all items makes real and generated ones overlap."),
    0.1,
    lambda value: value < 0.1,
)


def undecay(experiment: Experiment, about: str) -> Remedy | None:
    """No weight decay of the discriminator."""
    del about
    judge = judge_phase(experiment)
    if not judge or float(experiment.get(f"phases.{judge}.weight_decay")) < 0.1:
        return None
    return edit(
        experiment,
        msg("Stop the decay"),
        msg("Weights of the discriminator are no longer pulled to zero."),
        {f"phases.{judge}.weight_decay": 0.0},
    )


def vary(experiment: Experiment, about: str) -> Remedy | None:
    """Variation of what the discriminator sees."""
    del about
    try:
        on = experiment.get("method.augment")
    except InputError:
        return None
    if on:
        return None
    return edit(
        experiment,
        msg("Vary what D sees"),
        msg("Shifts and cut-outs of all items alike make few data last longer (2006.10738)."),
        {"method.augment": True},
    )


def mend_loop(experiment: Experiment, about: str) -> Remedy | None:
    """The article's program without its mistakes."""
    del about
    if experiment.method.kind != "article-loop":
        return None
    switches = ("real_unused", "same_samples", "target_zero", "detached", "half_printed")
    return edit(
        experiment,
        msg("Correct the program"),
        msg("All mistakes of the article’s loop are switched off."),
        {f"method.{name}": False for name in switches},
    )
