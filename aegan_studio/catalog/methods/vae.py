"""The variational autoencoder."""

from __future__ import annotations

from typing import ClassVar, Literal

from aegan_studio.catalog.methods import parts
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import (
    METHODS,
    CodePart,
    DataInfo,
    Flow,
    MethodOptions,
    NetworkOptions,
    PhaseInfo,
    Role,
    TermInfo,
)


@METHODS.register(
    "aegan_studio.ml.methods.vae:VAE",
    label="VAE",
    help="An autoencoder whose codes are kept close to a normal distribution, so that codes "
    "drawn from it decode to new data.",
)
class VAEOptions(MethodOptions):
    """Variational autoencoder; β scales its divergence (β-VAE)."""

    kind: Literal["vae"] = "vae"
    paper: ClassVar[str] = "arXiv 1312.6114"
    latent_dim: int = parts.latent_dim(16)
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
    )
    likelihood: Literal["gaussian", "bernoulli"] = option(
        "gaussian",
        label="Likelihood",
        help="What the decoder's output means: the mean of a Gaussian, or the probability of "
        "white for data in [0, 1].",
        choices={"gaussian": "Gaussian", "bernoulli": "Bernoulli"},
    )
    sigma: float = option(
        1.0,
        label="Decoder σ",
        help="Standard deviation of the Gaussian likelihood. Lowering it weighs the "
        "reconstruction more against the divergence.",
        gt=0,
        le=10,
        soft=(0.01, 1),
        log=True,
        live=True,
        when={"likelihood": ("gaussian",)},
    )
    sampler: parts.AnySampler = parts.any_sampler()

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """The encoder gives mean and log-variance; a Bernoulli decoder gives logits."""
        produced = "unbounded" if self.likelihood == "bernoulli" else parts.data_range(data)
        return (
            Role("encoder", "E", "Encoder", data.shape, (2 * self.latent_dim,)),
            Role("decoder", "G", "Decoder", (self.latent_dim,), data.shape, produced),
        )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """One phase maximises the evidence lower bound."""
        divergence = TermInfo(
            name="kl",
            label="Divergence",
            latex=r"D_{KL}(q(z|x) \Vert p(z))",
            help="How far the codes are from the prior; near 0 the code says nothing.",
            color="code",
        )
        bound = TermInfo(
            name="bound",
            label="Bound",
            latex=r"-\log p(x) \leq L",
            help="Negative evidence lower bound, in nats an item; the data are at least this "
            "likely.",
            signal=True,
        )
        return (
            PhaseInfo(
                name="autoencoder",
                label="Autoencoder",
                updates=("encoder", "decoder"),
                terms=(parts.RECONSTRUCTION, divergence, bound),
                latex=r"L = -\mathbb{E}_{q(z|x)}[\log p(x|z)] + \beta D_{KL}(q(z|x) \Vert p(z))",
            ),
        )

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Two MLPs."""
        return {"encoder": parts.mlp(data), "decoder": parts.mlp(data)}

    def flow(self) -> Flow:
        """Data to code and back."""
        return Flow(
            (("x", "encoder", "z-hat", "decoder", "x-tilde"),), {}, {"rec-x": ("x", "x-tilde")}
        )

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """One part, kept close to normal."""
        del data
        return (CodePart("z", "Code", self.latent_dim),)
