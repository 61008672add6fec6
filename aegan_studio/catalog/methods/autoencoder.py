"""The autoencoder."""

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
)


@METHODS.register(
    "aegan_studio.ml.methods.autoencoder:Autoencoder",
    label="Autoencoder",
    help="An encoder squeezes the data into a short code, a decoder rebuilds it; both learn to "
    "make the rebuilt data match.",
)
class AutoencoderOptions(MethodOptions):
    """Encoder and decoder trained on the reconstruction loss alone."""

    kind: Literal["autoencoder"] = "autoencoder"
    paper: ClassVar[str] = "Hinton & Salakhutdinov, Science 313 (2006)"
    latent_dim: int = parts.latent_dim(16)
    loss: Literal["mse", "l1", "cross-entropy"] = option(
        "mse",
        label="Loss",
        help="Squared error, absolute error (sharper), or cross-entropy for data in [0, 1].",
        choices={"mse": "Squared error", "l1": "Absolute error", "cross-entropy": "Cross-entropy"},
    )
    sampler: parts.FittedSampler = parts.fitted_sampler()

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """Encoder and decoder; the decoder gives logits under cross-entropy."""
        produced = "unbounded" if self.loss == "cross-entropy" else parts.data_range(data)
        code = (self.latent_dim,)
        return (
            Role("encoder", "E", "Encoder", data.shape, code),
            Role("decoder", "G", "Decoder", code, data.shape, produced),
        )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """One phase updates both networks."""
        latex = {
            "mse": r"L = \lVert x - G(E(x)) \rVert^2",
            "l1": r"L = \lVert x - G(E(x)) \rVert_1",
            "cross-entropy": r"L = -x \log G(E(x)) - (1 - x) \log (1 - G(E(x)))",
        }[self.loss]
        return (
            PhaseInfo(
                name="autoencoder",
                label="Autoencoder",
                updates=("encoder", "decoder"),
                terms=(parts.RECONSTRUCTION,),
                latex=latex,
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
        """One part, shaped by the data alone."""
        del data
        return (CodePart("z", "Code", self.latent_dim, "learned"),)
