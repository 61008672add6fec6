"""The variational autoencoder, and what it may minimise beside the reconstruction error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Literal

from aegan_studio.catalog.methods import autoencoding, parts
from aegan_studio.catalog.methods.autoencoding import BOUND, DIVERGENCE, MEASURED_DIVERGENCE
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import METHODS, NamedModel, PhaseInfo, TermInfo

CAPACITY = TermInfo(
    "excess",
    "Off capacity",
    r"|D_{KL} - C|",
    "How many nats the divergence is away from the capacity the code has by now.",
    "code",
)
CAPACITY_NOW = TermInfo(
    "capacity",
    "Capacity",
    "C",
    "The nats an item that the code may carry by now; it grows over the run.",
    "code",
    signal=True,
)
INFORMATION = TermInfo(
    "information",
    "Mutual information",
    "I(x; z)",
    "How much a code says about which item it belongs to, in nats.",
    "code",
)
CORRELATION = TermInfo(
    "correlation",
    "Total correlation",
    r"D_{KL}(q(z) \Vert \prod_j q(z_j))",
    "How far the values of a code are from being independent, in nats.",
    "latent",
)
MARGINALS = TermInfo(
    "marginals",
    "Divergence by value",
    r"\sum_j D_{KL}(q(z_j) \Vert p(z_j))",
    "How far each value of a code, taken alone, is from the prior, in nats.",
    "code",
)

IMPORTANCE = TermInfo(
    "importance",
    "Bound of several draws",
    r"-\log \frac{1}{k} \sum_i w_i",
    "Negative bound on the data's log-likelihood from several codes an item, in nats; the "
    "constant of a Gaussian likelihood is left out.",
    "reconstruction",
)
MEASURED_RECONSTRUCTION = replace(parts.RECONSTRUCTION, signal=True)

TERMS = {
    "whole": (parts.RECONSTRUCTION, DIVERGENCE, BOUND),
    "capacity": (parts.RECONSTRUCTION, CAPACITY, CAPACITY_NOW, MEASURED_DIVERGENCE, BOUND),
    "decomposed": (
        parts.RECONSTRUCTION,
        INFORMATION,
        CORRELATION,
        MARGINALS,
        MEASURED_DIVERGENCE,
        BOUND,
    ),
    "importance": (IMPORTANCE, MEASURED_RECONSTRUCTION, MEASURED_DIVERGENCE, BOUND),
}
EXPECTED = r"L = -\mathbb{E}_{q(z|x)}[\log p(x|z)] + "
LATEX = {
    "whole": EXPECTED + r"\beta D_{KL}(q(z|x) \Vert p(z))",
    "capacity": EXPECTED + r"\gamma |D_{KL}(q(z|x) \Vert p(z)) - C|",
    "decomposed": EXPECTED + r"\alpha I(x; z) + \beta D_{KL}(q(z) \Vert \prod_j q(z_j)) "
    r"+ \gamma \sum_j D_{KL}(q(z_j) \Vert p(z_j))",
    "importance": r"L = -\mathbb{E}_{z_i \sim q(z|x)}[\log \frac{1}{k} \sum_i "
    r"\frac{p(x, z_i)}{q(z_i|x)}]",
}

BETA = NamedModel(
    "beta-vae",
    "β-VAE",
    "A VAE with a heavier divergence, which pushes the values of the code to vary independently.",
    "Higgins et al., ICLR 2017",
    {"method.beta": 4.0},
)
CAPACITY_VAE = NamedModel(
    "capacity-vae",
    "Capacity VAE",
    "A VAE whose code may say more and more as training goes on, the most telling first.",
    "arXiv 1804.03599",
    {"method.divergence": "capacity"},
)
TC_VAE = NamedModel(
    "tc-vae",
    "β-TC-VAE",
    "A VAE that weighs only the dependence between the values of the code more heavily.",
    "arXiv 1802.04942",
    {"method.divergence": "decomposed"},
)
IWAE = NamedModel(
    "iwae",
    "IWAE",
    "A VAE whose bound averages several draws an item, which comes closer to the likelihood and "
    "lets the code be less simple.",
    "arXiv 1509.00519",
    {"method.divergence": "importance"},
)


@METHODS.register(
    "aegan_studio.ml.methods.vae:VAE",
    label="VAE",
    help="An autoencoder whose codes are kept close to a normal distribution, so that codes "
    "drawn from it decode to new data.",
)
class VAEOptions(autoencoding.Variational):
    """Reconstruction against a divergence, which is weighed in one of three ways."""

    kind: Literal["vae"] = "vae"
    paper: ClassVar[str] = "arXiv 1312.6114"
    models: ClassVar[tuple[NamedModel, ...]] = (BETA, CAPACITY_VAE, TC_VAE, IWAE)
    latent_dim: int = parts.latent_dim(16)
    divergence: Literal["whole", "capacity", "decomposed", "importance"] = option(
        "whole",
        label="Divergence",
        help="How the divergence from the prior enters the loss: as a whole with a weight, held "
        "at a capacity that grows over the run, in three parts with weights of their own, or "
        "within a bound that averages several draws.",
        choices={
            "whole": "Whole, weighted",
            "capacity": "Held at a capacity",
            "decomposed": "In three parts",
            "importance": "Importance-weighted",
        },
    )
    beta: float = option(
        1.0,
        label="β",
        help="Weight of the divergence from the prior. Raising it makes codes more regular and "
        "reconstructions blurrier.",
        ge=0,
        le=1000,
        soft=(0.01, 100),
        log=True,
        live=True,
        when={"divergence": ("whole",)},
    )
    capacity: float = option(
        25.0,
        label="Capacity",
        help="C, the divergence that the code reaches in the end. Raising it keeps more detail.",
        unit="nats",
        ge=0,
        le=10_000,
        soft=(0, 100),
        live=True,
        when={"divergence": ("capacity",)},
    )
    capacity_share: float = option(
        0.5,
        label="Capacity grows for",
        help="The share of the run over which the capacity rises from 0. Raising it lets the "
        "code take in one thing after another.",
        ge=0,
        le=1,
        live=True,
        when={"divergence": ("capacity",)},
    )
    capacity_weight: float = option(
        100.0,
        label="Capacity weight",
        help="γ, the weight of the distance between divergence and capacity. Raising it holds "
        "the capacity more exactly.",
        ge=0,
        le=100_000,
        soft=(1, 10_000),
        log=True,
        live=True,
        when={"divergence": ("capacity",)},
    )
    information_weight: float = option(
        1.0,
        label="α, information",
        help="Weight of what a code says about its item. Raising it makes codes forget.",
        ge=0,
        le=1000,
        soft=(0, 10),
        live=True,
        when={"divergence": ("decomposed",)},
    )
    correlation_weight: float = option(
        6.0,
        label="β, correlation",
        help="Weight of the dependence between the values of a code. Raising it makes each "
        "value stand for something of its own.",
        ge=0,
        le=1000,
        soft=(0, 20),
        live=True,
        when={"divergence": ("decomposed",)},
    )
    marginals_weight: float = option(
        1.0,
        label="γ, by value",
        help="Weight of each value’s own divergence from the prior. Raising it makes every "
        "value normal.",
        ge=0,
        le=1000,
        soft=(0, 10),
        live=True,
        when={"divergence": ("decomposed",)},
    )
    draws: int = option(
        5,
        label="Draws",
        help="k, how many codes of an item the bound averages over. Raising it tightens the bound "
        "and takes a pass of the decoder for each.",
        ge=1,
        le=100,
        soft=(1, 50),
        log=True,
        live=True,
        when={"divergence": ("importance",)},
    )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """One phase maximises the evidence lower bound, or what stands for it."""
        return (
            PhaseInfo(
                name="autoencoder",
                label="Autoencoder",
                updates=("encoder", "decoder"),
                terms=TERMS[self.divergence],
                latex=LATEX[self.divergence],
            ),
        )

    def weighs(self) -> Mapping[str, str]:
        """Terms to the options that weigh them."""
        return {
            **super().weighs(),
            "kl": "beta",
            "information": "information_weight",
            "correlation": "correlation_weight",
            "marginals": "marginals_weight",
            "excess": "capacity_weight",
        }
