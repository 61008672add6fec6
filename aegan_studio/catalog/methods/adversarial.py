"""The adversarial game as options that combine freely: its loss, its penalty, and what D sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import MethodOptions

AdversarialLoss = Literal["non-saturating", "minimax", "least-squares", "hinge", "wasserstein"]
Penalty = Literal["none", "wgan-gp", "dragan", "r1", "r2", "r1-r2"]

LOSSES: Mapping[AdversarialLoss, str] = {
    "non-saturating": "Non-saturating",
    "minimax": "Minimax",
    "least-squares": "Least squares",
    "hinge": "Hinge",
    "wasserstein": "Wasserstein",
}
PENALTIES: Mapping[Penalty, str] = {
    "none": "None",
    "wgan-gp": "Slope 1 between real and generated",
    "dragan": "Slope 1 around real",
    "r1": "R₁: flat at real",
    "r2": "R₂: flat at generated",
    "r1-r2": "R₁ + R₂: flat at both",
}
PENALISED = tuple(name for name in PENALTIES if name != "none")

LATEX_D: Mapping[AdversarialLoss, str] = {
    "non-saturating": r"-\mathbb{E}[\log D(x)] - \mathbb{E}[\log (1 - D(G(z)))]",
    "minimax": r"-\mathbb{E}[\log D(x)] - \mathbb{E}[\log (1 - D(G(z)))]",
    "least-squares": r"\frac{1}{2}\mathbb{E}[(D(x) - 1)^2] + \frac{1}{2}\mathbb{E}[D(G(z))^2]",
    "hinge": r"\mathbb{E}[\max(0, 1 - D(x))] + \mathbb{E}[\max(0, 1 + D(G(z)))]",
    "wasserstein": r"\mathbb{E}[D(G(z))] - \mathbb{E}[D(x)]",
}
LATEX_G: Mapping[AdversarialLoss, str] = {
    "non-saturating": r"-\mathbb{E}[\log D(G(z))]",
    "minimax": r"\mathbb{E}[\log (1 - D(G(z)))]",
    "least-squares": r"\frac{1}{2}\mathbb{E}[(D(G(z)) - 1)^2]",
    "hinge": r"-\mathbb{E}[D(G(z))]",
    "wasserstein": r"-\mathbb{E}[D(G(z))]",
}
LATEX_PENALTY: Mapping[Penalty, str] = {
    "none": "",
    "wgan-gp": r"\lambda \mathbb{E}[(\lVert \nabla D(\bar{x}) \rVert - 1)^2]",
    "dragan": r"\lambda \mathbb{E}[(\lVert \nabla D(x + \delta) \rVert - 1)^2]",
    "r1": r"\frac{\lambda}{2} \mathbb{E}[\lVert \nabla D(x) \rVert^2]",
    "r2": r"\frac{\lambda}{2} \mathbb{E}[\lVert \nabla D(G(z)) \rVert^2]",
    "r1-r2": r"\frac{\lambda}{2} \mathbb{E}[\lVert \nabla D(x) \rVert^2 "
    r"+ \lVert \nabla D(G(z)) \rVert^2]",
}


class Adversarial(MethodOptions):
    """The options of every method with a discriminator."""

    loss: AdversarialLoss = option(
        "non-saturating",
        label="Loss",
        help="What discriminator and generator minimise. Non-saturating −log D(G(z)) keeps "
        "gradients alive while the discriminator is ahead; minimax is the original game, whose "
        "gradient vanishes.",
        choices=LOSSES,
    )
    relativistic: bool = option(
        False,
        label="Relativistic",
        help="Judges each generated item against a real one rather than alone, which keeps the "
        "generator from settling on a few modes (arXiv 1807.00734).",
    )
    penalty: Penalty = option(
        "none",
        label="Penalty",
        help="Keeps the discriminator's slope in bounds, so that its judgement stays useful.",
        choices=PENALTIES,
    )
    penalty_weight: float = option(
        10.0,
        label="Penalty λ",
        help="Weight of the penalty. Raising it makes the discriminator smoother and weaker.",
        ge=0,
        le=1000,
        soft=(0.01, 100),
        log=True,
        live=True,
        when={"penalty": PENALISED},
    )
    penalty_every: int = option(
        1,
        label="Penalty every",
        help="Updates of the discriminator between two penalties, each weighted for all of them. "
        "Raising it runs faster and regularises more coarsely (arXiv 1912.04958).",
        unit="updates",
        ge=1,
        le=64,
        soft=(1, 16),
        live=True,
        advanced=True,
        when={"penalty": PENALISED},
    )
    weight_clip: float = option(
        0.0,
        label="Clip weights",
        help="Cuts the discriminator's weights to ± this value after each update, as the first "
        "Wasserstein GAN did (arXiv 1701.07875); 0 leaves them alone. Lowering it flattens the "
        "discriminator.",
        ge=0,
        le=1,
        soft=(0, 0.1),
        live=True,
        advanced=True,
    )
    instance_noise: float = option(
        0.0,
        label="Noise for D",
        help="Standard deviation of noise added to everything the discriminator sees. Raising it "
        "blurs what it can tell apart and steadies training.",
        ge=0,
        le=1,
        soft=(0, 0.5),
        live=True,
        advanced=True,
    )

    def weighs(self) -> Mapping[str, str]:
        """The penalty has a weight; one that comes now and then counts for all its updates."""
        return {**self.mixer, "penalty": "penalty_weight" if self.penalty_every == 1 else ""}

    def latex_d(self) -> str:
        """What the discriminator minimises."""
        if self.relativistic:
            base = {
                "non-saturating": r"\mathbb{E}[\mathrm{softplus}(D(G(z)) - D(x))]",
                "minimax": r"\mathbb{E}[\mathrm{softplus}(D(G(z)) - D(x))]",
                "least-squares": r"\frac{1}{2}\mathbb{E}[(D(x) - D(G(z)) - 1)^2]",
                "hinge": r"\mathbb{E}[\max(0, 1 - D(x) + D(G(z)))]",
                "wasserstein": LATEX_D["wasserstein"],
            }[self.loss]
        else:
            base = LATEX_D[self.loss]
        penalty = LATEX_PENALTY[self.penalty]
        return rf"L_D = {base} + {penalty}" if penalty else rf"L_D = {base}"

    def latex_g(self) -> str:
        """What the generator minimises."""
        if self.relativistic:
            base = {
                "non-saturating": r"\mathbb{E}[\mathrm{softplus}(D(x) - D(G(z)))]",
                "minimax": r"-\mathbb{E}[\mathrm{softplus}(D(G(z)) - D(x))]",
                "least-squares": r"\frac{1}{2}\mathbb{E}[(D(G(z)) - D(x) - 1)^2]",
                "hinge": r"\mathbb{E}[D(x) - D(G(z))]",
                "wasserstein": LATEX_G["wasserstein"],
            }[self.loss]
        else:
            base = LATEX_G[self.loss]
        return rf"L_G = {base}"
