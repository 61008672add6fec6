"""The Wasserstein autoencoder with a maximum mean discrepancy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from aegan_studio.catalog.methods import autoencoding, parts
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

DISCREPANCY = TermInfo(
    "mmd",
    "Discrepancy",
    r"\mathrm{MMD}(q(z), p(z))",
    "How far the codes of all data together are from the prior, estimated without bias: around "
    "0, at times below, where they agree.",
    "code",
)


@METHODS.register(
    "aegan_studio.ml.methods.wae:WAE",
    label="WAE-MMD",
    help="An autoencoder whose codes, all taken together, follow a normal distribution; unlike "
    "in a VAE each item keeps one code of its own.",
)
class WAEOptions(MethodOptions):
    """Reconstruction with a kernel distance between the codes and the prior."""

    kind: Literal["wae-mmd"] = "wae-mmd"
    paper: ClassVar[str] = "arXiv 1711.01558"
    latent_dim: int = parts.latent_dim(16)
    weight: float = option(
        10.0,
        label="λ",
        help="Weight of the discrepancy. Raising it makes codes follow the prior more closely "
        "and rebuilds less well.",
        ge=0,
        le=100_000,
        soft=(0.1, 1000),
        log=True,
        live=True,
    )
    kernel: Literal["multi-scale", "single"] = option(
        "multi-scale",
        label="Kernel",
        help="Compares codes with one inverse multiquadratic kernel, or with the sum of seven "
        "from a tenth to ten times its scale, which see far and near.",
        choices={"multi-scale": "Seven scales", "single": "One scale"},
        advanced=True,
        live=True,
    )
    sampler: parts.AnySampler = parts.any_sampler()

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """Encoder and decoder."""
        code = (self.latent_dim,)
        return (
            Role("encoder", "E", "Encoder", data.shape, code),
            Role("decoder", "G", "Decoder", code, data.shape, parts.data_range(data)),
        )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """One phase updates both networks."""
        return (
            PhaseInfo(
                name="autoencoder",
                label="Autoencoder",
                updates=("encoder", "decoder"),
                terms=(parts.RECONSTRUCTION, DISCREPANCY),
                latex=r"L = \lVert x - G(E(x)) \rVert^2 + \lambda \mathrm{MMD}_k(E(x), z)",
            ),
        )

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Two MLPs."""
        return {"encoder": parts.mlp(data), "decoder": parts.mlp(data)}

    def weighs(self) -> Mapping[str, str]:
        """Terms to the options that weigh them."""
        return {**super().weighs(), "mmd": "weight"}

    def flow(self) -> Flow:
        """Data to code and back; the codes are compared with the prior."""
        back = autoencoding.there_and_back()
        return Flow(back.paths, {}, {**back.compared, "mmd": ("z", "z-hat")})

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """One part, kept close to normal."""
        del data
        return (CodePart("z", "Code", self.latent_dim),)
