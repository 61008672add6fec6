"""Pieces that the declarations of autoencoders share."""

from __future__ import annotations

from typing import Literal

from aegan_studio.catalog.methods import parts
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import (
    CodePart,
    DataInfo,
    Flow,
    MethodOptions,
    NetworkOptions,
    Role,
    TermInfo,
)

DIVERGENCE = TermInfo(
    "kl",
    "Divergence",
    r"D_{KL}(q(z|x) \Vert p(z))",
    "How far the codes are from the prior; near 0 the code says nothing.",
    "code",
)
MEASURED_DIVERGENCE = TermInfo(
    "kl",
    "Divergence",
    r"D_{KL}(q(z|x) \Vert p(z))",
    "How far the codes are from the prior; near 0 the code says nothing.",
    "code",
    signal=True,
)
BOUND = TermInfo(
    "bound",
    "Bound",
    r"-\log p(x) \leq L",
    "Negative evidence lower bound, in nats an item; the data are at least this likely.",
    signal=True,
)


def there_and_back() -> Flow:
    """Data to code and back."""
    return Flow((("x", "encoder", "z-hat", "decoder", "x-tilde"),), {}, {"rec-x": ("x", "x-tilde")})


class Variational(MethodOptions):
    """The options of every method whose encoder gives a distribution of codes."""

    latent_dim: int = parts.latent_dim(16)
    likelihood: Literal["gaussian", "bernoulli"] = option(
        "gaussian",
        label="Likelihood",
        help="What the decoder's output means: the mean of a Gaussian, or the probability of "
        "white for data in [0, 1].",
        choices={"gaussian": "Gaussian", "bernoulli": "Bernoulli"},
    )
    # with σ = 1 the error of most scaled data is too small to outweigh any divergence
    sigma: float = option(
        0.1,
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

    def autoencoder_roles(self, data: DataInfo) -> tuple[Role, ...]:
        """The encoder gives mean and log-variance; a Bernoulli decoder gives logits."""
        produced = "unbounded" if self.likelihood == "bernoulli" else parts.data_range(data)
        return (
            Role("encoder", "E", "Encoder", data.shape, (2 * self.latent_dim,)),
            Role("decoder", "G", "Decoder", (self.latent_dim,), data.shape, produced),
        )

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """Encoder and decoder."""
        return self.autoencoder_roles(data)

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Two MLPs."""
        return {"encoder": parts.mlp(data), "decoder": parts.mlp(data)}

    def flow(self) -> Flow:
        """Data to code and back."""
        return there_and_back()

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """One part, kept close to normal."""
        del data
        return (CodePart("z", "Code", self.latent_dim),)
