"""Findings about gradients, weights and units, of any method."""

from __future__ import annotations

from aegan_studio.catalog.findings.entry import FindingInfo
from aegan_studio.experiment import Experiment
from aegan_studio.messages import msg


def _always(experiment: Experiment) -> bool:
    del experiment
    return True


LEARNING = (
    FindingInfo(
        "vanishing-gradients",
        msg("Vanishing gradients"),
        msg("gradients have died away before they reach all layers"),
        msg(
            "The model could be better, but the gradient that should tell it how is almost zero, "
            "at least for some of its layers. Saturated activations in deep networks do that, and "
            "so does the minimax loss when the discriminator is sure of itself."
        ),
        "arXiv 1701.04862",
        "aegan_studio.ml.doctor.vanishing_gradients:VanishingGradients",
        _always,
    ),
    FindingInfo(
        "exploding-gradients",
        msg("Exploding gradients"),
        msg("gradients have become far too large"),
        msg(
            "The norm of the gradient is far above what is usual for this training or for weights "
            "of this size. Updates overshoot, and what was learned is lost. A smaller learning "
            "rate or a clipped gradient norm holds it; an unbounded critic needs a penalty."
        ),
        "arXiv 1211.5063",
        "aegan_studio.ml.doctor.exploding_gradients:ExplodingGradients",
        _always,
    ),
    FindingInfo(
        "divergence",
        msg("Divergence"),
        msg("a loss has run away"),
        msg(
            "A loss or a weight is no longer a number, or is a hundred times what it was. Training "
            "cannot go on from there; the last sound weights are kept. The learning rate is too "
            "high for this loss, or nothing bounds what a network may give."
        ),
        "arXiv 1211.5063",
        "aegan_studio.ml.doctor.divergence:Divergence",
        _always,
    ),
    FindingInfo(
        "dead-units",
        msg("Dead units"),
        msg("most units of a network or a layer never answer"),
        msg(
            "Most hidden units of a network, or of one of its layers, give the same whatever comes "
            "in, mostly zero: they neither help nor learn. A rate that is too high pushes the "
            "biases of ReLU units so low that they never switch on again. Leaky ReLU cannot die "
            "that way."
        ),
        "arXiv 2302.12902",
        "aegan_studio.ml.doctor.dead_units:DeadUnits",
        _always,
    ),
    FindingInfo(
        "memorisation",
        msg("Learning by heart"),
        msg("training data are learned by heart"),
        msg(
            "What the model does well for training items it does not for held-out ones: it copies "
            "them, recognises them, or rebuilds them alone. It has more freedom than the data can "
            "bind. More data, less of a network, noise or weight decay help."
        ),
        "arXiv 2006.06676",
        "aegan_studio.ml.doctor.memorisation:Memorisation",
        _always,
    ),
)
