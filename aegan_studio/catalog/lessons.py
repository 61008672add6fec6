"""The lesson on a GAN program that seems to train: its defects, in code and as settings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from aegan_studio.experiment import Experiment
from aegan_studio.messages import Message, msg


@dataclass(frozen=True, slots=True)
class Line:
    """One place of the program: as printed and as corrected.

    Attributes
    ----------
    switch : str
        The name under which the place is put right; empty where it cannot be run.
    edits : mapping
        Dotted paths of an experiment to the values (as printed, as corrected).
    """

    printed: str
    corrected: str
    switch: str = ""
    edits: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Defect:
    """One mistake: its name, its places in the program, and what happens.

    ``error`` is what Python says where the mistake ends the program.
    """

    title: Message
    said: Message
    lines: tuple[Line, ...]
    error: str = ""


def _method(name: str) -> Mapping[str, tuple[bool, bool]]:
    return {f"method.{name}": (True, False)}


def _phases(name: str, printed: float, corrected: float) -> dict[str, tuple[float, float]]:
    phases = ("discriminator", "generator")
    return {f"phases.{phase}.{name}": (printed, corrected) for phase in phases}


DEFECTS: tuple[Defect, ...] = (
    Defect(
        msg("Noise of the wrong size"),
        msg("The generator waits for 784 values and gets 128 of noise: the program stops."),
        (Line("G = Generator(input_dim=784)", "G = Generator(z_dim=128, x_dim=784)"),),
        "mat1 and mat2 shapes cannot be multiplied (64x128 and 784x128)",
    ),
    Defect(
        msg("A loss for probabilities, given logits"),
        msg("D ends without a sigmoid, so its values leave [0, 1]: the program stops again."),
        (Line("bce = nn.BCELoss()", "bce = nn.BCEWithLogitsLoss()"),),
        "all elements of input should be between 0 and 1",
    ),
    Defect(
        msg("The real data are never used"),
        msg("What D learns to call real comes from G. No digit is ever looked at."),
        (
            Line(
                "real_logit = D(G(noise))",
                "real_logit = D(x_train[batch])",
                "real",
                _method("real_unused"),
            ),
        ),
    ),
    Defect(
        msg("A gradient that nobody uses"),
        msg(
            "In the step of D the gradient runs on into G and is cleared before it is used: it "
            "only costs time."
        ),
        (Line("fake = G(noise)", "fake = G(noise).detach()"),),
    ),
    Defect(
        msg("G is cut off from its loss"),
        msg("x.detach() in the loss of G: no gradient reaches G, and it never moves."),
        (
            Line(
                "g_loss = bce(D(fake.detach()), target)",
                "g_loss = bce(D(fake), target)",
                "detach",
                _method("detached"),
            ),
        ),
    ),
    Defect(
        msg("G has the aim of D"),
        msg("With the target 0, G would learn to be found out. To deceive, it must aim at 1."),
        (
            Line(
                "target = torch.zeros(n, 1)",
                "target = torch.ones(n, 1)",
                "target",
                _method("target_zero"),
            ),
        ),
    ),
    Defect(
        msg("The same samples are real and fake"),
        msg(
            "All that D can answer is one half. Both losses rest at ln 2 = 0.693, as in "
            "equilibrium, and nothing is learned."
        ),
        (
            Line(
                "fake_logit = real_logit",
                "fake_logit = D(fake)",
                "same",
                _method("same_samples"),
            ),
        ),
    ),
    Defect(
        msg("Half of the loss is printed"),
        msg("The printed loss of D leaves the generated samples out; it cannot be judged by it."),
        (
            Line(
                "print(d_loss_real)",
                "print(d_loss_real + d_loss_fake)",
                "printed",
                _method("half_printed"),
            ),
        ),
    ),
    Defect(
        msg("Range, activation and rate"),
        msg(
            "Without a common range, with ReLU in D and Adam’s defaults the game runs, but G "
            "finds few shapes, blurred."
        ),
        (
            Line(
                "x_hat = linear(h)",
                "x_hat = torch.tanh(linear(h))",
                "range",
                {
                    "dataset.scaling": ("unit", "symmetric"),
                    "networks.generator.output": ("linear", "bounded"),
                },
            ),
            Line(
                "h = F.relu(layer(x))",
                "h = F.leaky_relu(layer(x), 0.2)",
                "leaky",
                {"networks.discriminator.activation": ("relu", "leaky-relu")},
            ),
            Line(
                "Adam(p, lr=1e-3)",
                "Adam(p, lr=2e-4, betas=(.5, .999))",
                "rate",
                {**_phases("lr", 1e-3, 2e-4), **_phases("beta1", 0.9, 0.5)},
            ),
        ),
    ),
    Defect(
        msg("Words that say otherwise"),
        msg(
            "The text has D maximise its loss, which the program minimises, and calls an "
            "autoencoder a kind of GAN, which it is not."
        ),
        (Line("# D maximises d_loss", "# D minimises d_loss"),),
    ),
)
"""What is wrong with the article's GAN program, in the order in which one meets it."""

SWITCHES: tuple[str, ...] = tuple(
    line.switch for defect in DEFECTS for line in defect.lines if line.switch
)
"""Every place that can be run either way."""


def program(corrected: Collection[str], seed: int = 0) -> Experiment:
    """The program with some of its places put right, on 28×28 digits, 784–128 as in the article.

    Parameters
    ----------
    corrected : collection of str
        Names out of :data:`SWITCHES`.
    """
    plain = Experiment.parse(
        {
            "seed": seed,
            "dataset": {"kind": "digits", "side": 28},
            "method": "article-loop",
            "networks": {
                "generator": {"kind": "article-mlp", "output": "linear"},
                "discriminator": {"kind": "mlp", "widths": [128], "activation": "relu"},
            },
            "training": {"steps": 20_000, "threads": 1, "device": "cpu"},
        }
    )
    edits = {
        path: values[line.switch in corrected]
        for defect in DEFECTS
        for line in defect.lines
        for path, values in line.edits.items()
    }
    return plain.with_options(edits)
