"""GANomaly: an autoencoder that finds what it was not trained on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from aegan_studio.catalog.methods import joined, parts
from aegan_studio.catalog.methods.adversarial import Adversarial
from aegan_studio.experiment.parts import (
    METHODS,
    CodePart,
    DataInfo,
    ExhibitInfo,
    Family,
    Flow,
    NetworkOptions,
    PhaseInfo,
    Role,
    TermInfo,
)

FEATURES = TermInfo(
    "features",
    "Feature distance",
    r"\lVert D_l(x) - D_l(\tilde{x}) \rVert^2",
    "How far data and reconstruction are apart in the discriminator’s last hidden layer.",
    "generated",
)
CODES = TermInfo(
    "rec-z",
    "Code reconstruction",
    r"\lVert E(x) - E_2(\tilde{x}) \rVert^2",
    "How far the code of the reconstruction is from that of the data. For items unlike the "
    "training data it is large: that is the anomaly score.",
    "code",
)

ANOMALIES = ExhibitInfo(
    "anomalies",
    "Anomalies",
    "Held-out items from the most to the least anomalous. The score is how far the code of the "
    "reconstruction is from that of the item.",
)


@METHODS.register(
    "aegan_studio.ml.methods.ganomaly:GANomaly",
    label="GANomaly",
    help="An autoencoder with a second encoder behind it. Items whose code changes when they are "
    "rebuilt and encoded again are unlike the training data: anomalies.",
)
class GANomalyOptions(Adversarial):
    """Encoder, decoder, second encoder and discriminator."""

    kind: Literal["ganomaly"] = "ganomaly"
    paper: ClassVar[str] = "arXiv 1805.06725"
    family: ClassVar[Family] = "joined"
    exhibits: ClassVar[tuple[ExhibitInfo, ...]] = (ANOMALIES,)
    mixer: ClassVar[Mapping[str, str]] = {
        "features": "features_weight",
        "rec-x": "pixel_weight",
        "rec-z": "code_weight",
    }
    latent_dim: int = parts.latent_dim(16)
    features_weight: float = joined.weight(
        1.0,
        label="Feature weight",
        help="Weight of the distance in the discriminator’s features. Raising it makes "
        "reconstructions look more real.",
    )
    pixel_weight: float = joined.weight(
        50.0,
        label="Pixel weight",
        help="Weight of the absolute error |x − x̃|. Raising it makes reconstructions more "
        "faithful.",
    )
    code_weight: float = joined.weight(
        1.0,
        label="Code weight",
        help="Weight of the distance of both codes. Raising it makes the anomaly score of normal "
        "items smaller and costs detail.",
    )
    sampler: parts.FittedSampler = parts.fitted_sampler()

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """Both encoders give a code, the discriminator one logit."""
        code = (self.latent_dim,)
        return (
            Role("encoder", "E", "Encoder", data.shape, code),
            Role("decoder", "G", "Decoder", code, data.shape, parts.data_range(data)),
            Role("second_encoder", "E_2", "Second encoder", data.shape, code),
            Role("discriminator", "D", "Discriminator", data.shape, (1,)),
        )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """The autoencoder's update, then the discriminator's."""
        return (
            PhaseInfo(
                name="autoencoder",
                label="Autoencoder",
                updates=("encoder", "decoder", "second_encoder"),
                terms=(FEATURES, parts.RECONSTRUCTION, CODES),
                latex=r"L = w_f \lVert D_l(x) - D_l(\tilde{x}) \rVert^2 "
                r"+ w_x \lVert x - \tilde{x} \rVert_1 "
                r"+ w_z \lVert E(x) - E_2(\tilde{x}) \rVert^2",
                defaults=parts.GAN_ADAM,
            ),
            PhaseInfo(
                name="discriminator",
                label="Discriminator",
                updates=("discriminator",),
                terms=(parts.LOSS_D, *parts.penalty_terms(self), parts.RIGHT),
                latex=self.latex_d().replace("G(z)", r"\tilde{x}"),
                defaults=parts.GAN_ADAM,
            ),
        )

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Four MLPs; the discriminator with leaky ReLU."""
        return {
            "encoder": parts.mlp(data),
            "decoder": parts.mlp(data),
            "second_encoder": parts.mlp(data),
            "discriminator": parts.mlp(data, leaky=True),
        }

    def weighs(self) -> Mapping[str, str]:
        """Terms to the options that weigh them."""
        return {**super().weighs(), "loss-d": ""}

    def flow(self) -> Flow:
        """Data to code, back, and to a second code."""
        return Flow(
            (("x", "encoder", "z-hat", "decoder", "x-tilde", "second_encoder", "z-tilde"),),
            {"discriminator": ("x", "x-tilde")},
            {"rec-x": ("x", "x-tilde"), "rec-z": ("z-hat", "z-tilde")},
        )

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """One part, shaped by the data alone."""
        del data
        return (CodePart("z", "Code", self.latent_dim, "learned"),)
