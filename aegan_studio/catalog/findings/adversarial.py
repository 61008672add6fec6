"""Findings about the game of two players."""

from __future__ import annotations

from aegan_studio.catalog.findings.entry import FindingInfo
from aegan_studio.experiment import Experiment
from aegan_studio.messages import msg

JUDGES = frozenset({"discriminator", "latent_discriminator"})


def _game(experiment: Experiment) -> bool:
    return any(role.name in JUDGES for role in experiment.roles())


def _judged(experiment: Experiment) -> bool:
    return any(role.name == "discriminator" for role in experiment.roles())


ADVERSARIAL = (
    FindingInfo(
        "mode-collapse",
        msg("Mode collapse"),
        msg("samples have lost their variety"),
        msg(
            "The generator makes a few kinds of items over and over: they pass for real, so it has "
            "no reason to make others. The discriminator judges items one by one and cannot see "
            "that they are all alike. It helps to let it see several at a time, to keep it smooth, "
            "or to let it learn fast enough to follow."
        ),
        "arXiv 1606.03498",
        "aegan_studio.ml.doctor.mode_collapse:ModeCollapse",
        _game,
    ),
    FindingInfo(
        "strong-critic",
        msg("Overpowering discriminator"),
        msg("the discriminator is too far ahead"),
        msg(
            "The discriminator tells real from generated almost without fail, and samples no "
            "longer get nearer to the data. When the two kinds are far apart, its judgement is "
            "flat around the samples, and the generator learns neither which way to go nor how far."
        ),
        "arXiv 1701.04862",
        "aegan_studio.ml.doctor.strong_critic:StrongCritic",
        _judged,
    ),
    FindingInfo(
        "dead-critic",
        msg("Dead discriminator"),
        msg("the discriminator says the same of everything"),
        msg(
            "Real items and samples are far apart, yet the discriminator gives both the same "
            "verdict. Its weights may have been clipped, decayed or penalised to nothing, or its "
            "units may have died at too high a rate. The generator learns nothing from it."
        ),
        "arXiv 1701.07875",
        "aegan_studio.ml.doctor.dead_critic:DeadCritic",
        _judged,
    ),
    FindingInfo(
        "stuck-pair",
        msg("Stuck pair"),
        msg("the generator stands still, and its samples are no good"),
        msg(
            "The weights of the generator hardly move, and samples stay as unlike the data as they "
            "are. Losses that stand still can look like a balance; here they only mean that "
            "nothing is learned."
        ),
        "arXiv 1406.2661",
        "aegan_studio.ml.doctor.stuck_pair:StuckPair",
        _game,
    ),
    FindingInfo(
        "oscillation",
        msg("Oscillation"),
        msg("samples move to and fro instead of settling"),
        msg(
            "Generator and discriminator chase each other: as soon as one has learned where the "
            "other is, the other has left. Samples wander around the data without settling. "
            "Smaller rates, less momentum, a running average or a penalty on the discriminator's "
            "slope damp the circling."
        ),
        "arXiv 1801.04406",
        "aegan_studio.ml.doctor.oscillation:Oscillation",
        _game,
    ),
    FindingInfo(
        "misleading-loss",
        msg("Misleading loss"),
        msg("the losses look good, the samples do not"),
        msg(
            "The generator's loss measures how well it fools this discriminator, not how good its "
            "samples are. Against a discriminator that knows little it can be as good as one likes "
            "while samples are unlike the data. Trust the samples and their distance to the data."
        ),
        "arXiv 1701.07875",
        "aegan_studio.ml.doctor.misleading_loss:MisleadingLoss",
        _game,
    ),
)
