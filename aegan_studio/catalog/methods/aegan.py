"""The instrument: encoder, generator and two critics, of which the named models are settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from aegan_studio.catalog.methods import parts
from aegan_studio.catalog.methods.adversarial import Adversarial
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import (
    METHODS,
    CodePart,
    DataInfo,
    Family,
    Flow,
    NamedModel,
    NetworkOptions,
    PhaseInfo,
    Role,
    TermInfo,
)


def _weight(default: float, label: str, help: str) -> float:
    value: float = option(
        default,
        label=label,
        help=f"{help} 0 turns the term off.",
        ge=0,
        le=1000,
        soft=(0.001, 100),
        log=True,
        live=True,
    )
    return value


def _settings(
    rec_x: float, rec_z: float, adv_x: float, adv_z: float, **others: object
) -> Mapping[str, object]:
    weights = {"rec_x": rec_x, "rec_z": rec_z, "adv_x": adv_x, "adv_z": adv_z}
    edits = {**weights, "sampler": "prior", **others}
    return {f"method.{name}": value for name, value in edits.items()}


AAE = NamedModel(
    "aae",
    "AAE",
    "Adversarial autoencoder: a latent critic makes the codes of the data look like the prior, so "
    "that codes drawn from it decode to new data.",
    "arXiv 1511.05644",
    _settings(10.0, 0.0, 0.0, 0.3, adv_z_on="encoded"),
)
ALPHA_GAN = NamedModel(
    "alpha-gan",
    "α-GAN",
    "An autoencoder whose reconstructions and samples must both convince a data critic, and whose "
    "codes must convince a latent critic.",
    "arXiv 1706.04987",
    _settings(10.0, 0.0, 1.0, 1.0, adv_x_on="both", adv_z_on="encoded"),
)
LATENT_REGRESSOR = NamedModel(
    "latent-regressor",
    "Latent regressor",
    "A GAN with an encoder that learns to find the code of a sample again.",
    "arXiv 1605.09782",
    _settings(0.0, 1.0, 1.0, 0.0, adv_x_on="generated"),
)
AE_END = NamedModel(
    "ae",
    "AE",
    "The autoencoder: only the reconstruction counts. Samples come from a Gaussian fitted to the "
    "codes.",
    "Hinton & Salakhutdinov, Science 313 (2006)",
    _settings(10.0, 0.0, 0.0, 0.0, sampler="gaussian"),
)
GAN_END = NamedModel(
    "gan",
    "GAN",
    "The generative adversarial network: only samples count, judged by the data critic.",
    "arXiv 1406.2661",
    _settings(0.0, 0.0, 1.0, 0.0, adv_x_on="generated"),
)
AEGAN = NamedModel(
    "aegan",
    "AEGAN",
    "All four terms: data and codes are rebuilt, both critics judge samples and rebuilds alike.",
    "arXiv 2004.05472",
    _settings(10.0, 1.0, 1.0, 1.0, adv_x_on="both", adv_z_on="both"),
)


@METHODS.register(
    "aegan_studio.ml.methods.aegan:AEGAN",
    label="AEGAN",
    help="Autoencoder and GAN in one: encoder and generator rebuild data and codes, two critics "
    "judge both. Its four weights lead from one end to the other.",
)
class AEGANOptions(Adversarial):
    """Encoder, generator, data critic and latent critic under four weighted terms."""

    kind: Literal["aegan"] = "aegan"
    paper: ClassVar[str] = "arXiv 2004.05472"
    family: ClassVar[Family] = "joined"
    models: ClassVar[tuple[NamedModel, ...]] = (AAE, ALPHA_GAN, LATENT_REGRESSOR)
    mixer: ClassVar[Mapping[str, str]] = {
        "rec-x": "rec_x",
        "rec-z": "rec_z",
        "adv-x": "adv_x",
        "adv-z": "adv_z",
    }
    morph: ClassVar[tuple[NamedModel, ...]] = (
        AE_END,
        AAE,
        AEGAN,
        ALPHA_GAN,
        LATENT_REGRESSOR,
        GAN_END,
    )

    latent_dim: int = parts.latent_dim(16)
    rec_x: float = _weight(
        10.0,
        "λ rec-x",
        "How much it counts that G(E(x)) gives the data x back. Raising it keeps more detail.",
    )
    rec_z: float = _weight(
        1.0,
        "λ rec-z",
        "How much it counts that E(G(z)) gives the code z back. Raising it keeps codes apart, "
        "against collapse.",
    )
    adv_x: float = _weight(
        1.0,
        "λ adv-x",
        "How much it counts that the data critic takes samples and rebuilds for real. Raising it "
        "makes them sharper and training livelier.",
    )
    adv_z: float = _weight(
        1.0,
        "λ adv-z",
        "How much it counts that the latent critic takes codes of data for draws from the prior. "
        "Raising it makes the prior's draws decode better.",
    )
    adv_x_on: Literal["both", "generated", "rebuilt"] = option(
        "both",
        label="adv-x judges",
        help="What the data critic compares with real data: samples, rebuilds, or both.",
        choices={"both": "Samples and rebuilds", "generated": "Samples", "rebuilt": "Rebuilds"},
        live=True,
    )
    adv_z_on: Literal["both", "encoded", "cycled"] = option(
        "both",
        label="adv-z judges",
        help="What the latent critic compares with the prior: codes of data, codes of samples, or "
        "both.",
        choices={
            "both": "Codes of data and samples",
            "encoded": "Codes of data",
            "cycled": "Codes of samples",
        },
        live=True,
    )
    rec_loss: Literal["mse", "l1"] = option(
        "mse",
        label="Reconstruction",
        help="Squared error, or absolute error, which gives sharper pictures.",
        choices={"mse": "Squared error", "l1": "Absolute error"},
    )
    prior: Literal["normal", "uniform"] = option(
        "normal",
        label="Prior",
        help="The distribution that codes are drawn from: normal, or uniform in [−1, 1].",
        choices={"normal": "Normal", "uniform": "Uniform"},
    )
    adversarial_from: int = option(
        0,
        label="Critics join at",
        help="The step from which the adversarial terms count; before it an autoencoder trains. "
        "Raising it gives the autoencoder a longer start.",
        unit="steps",
        ge=0,
        le=100_000_000,
        soft=(0, 10_000),
        live=True,
        advanced=True,
    )
    adversarial_ramp: int = option(
        0,
        label="Critics fade in over",
        help="Steps over which the adversarial terms then grow to their weight. Raising it changes "
        "the game more gently.",
        unit="steps",
        ge=0,
        le=100_000_000,
        soft=(0, 10_000),
        live=True,
        advanced=True,
    )
    sampler: parts.AnySampler = parts.any_sampler()

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """Encoder, generator, and a critic each for data and codes."""
        code = (self.latent_dim,)
        return (
            Role("encoder", "E", "Encoder", data.shape, code),
            Role("generator", "G", "Generator", code, data.shape, parts.data_range(data)),
            Role("discriminator", "D_x", "Data critic", data.shape, (1,)),
            Role("latent_discriminator", "D_z", "Latent critic", code, (1,)),
        )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """Both critics, then encoder and generator together."""
        loss = r"\lVert {} \rVert^2" if self.rec_loss == "mse" else r"\lVert {} \rVert_1"
        rebuilt = loss.replace("{}", r"x - \tilde{x}")
        return (
            PhaseInfo(
                name="critics",
                label="Critics",
                updates=("discriminator", "latent_discriminator"),
                terms=(
                    TermInfo(
                        "loss-dx",
                        "Data critic loss",
                        "L_{D_x}",
                        "How badly real data and made ones are told apart.",
                        "generated",
                    ),
                    TermInfo(
                        "loss-dz",
                        "Latent critic loss",
                        "L_{D_z}",
                        "How badly draws from the prior and codes are told apart.",
                        "latent",
                    ),
                    *parts.penalty_terms(self),
                    TermInfo(
                        "right-x",
                        "Data critic right",
                        "P(D_x = x)",
                        "The share that the data critic judges rightly.",
                        "generated",
                        signal=True,
                        share=True,
                    ),
                    TermInfo(
                        "right-z",
                        "Latent critic right",
                        "P(D_z = z)",
                        "The share that the latent critic judges rightly.",
                        "latent",
                        signal=True,
                        share=True,
                    ),
                ),
                latex=self.latex_d().replace("L_D", "L_{D_x}", 1),
                defaults=parts.GAN_ADAM,
            ),
            PhaseInfo(
                name="autoencoder",
                label="Encoder and generator",
                updates=("encoder", "generator"),
                terms=(
                    parts.RECONSTRUCTION,
                    TermInfo(
                        "rec-z",
                        "Code rebuilt",
                        r"\ell(z, \tilde{z})",
                        "How far the code of a sample is from the code it was made from.",
                        "code",
                    ),
                    TermInfo(
                        "adv-x",
                        "Data critic deceived",
                        r"L_{D_x}(\hat{x}, \tilde{x})",
                        "How rarely the data critic takes samples and rebuilds for real.",
                        "generated",
                    ),
                    TermInfo(
                        "adv-z",
                        "Latent critic deceived",
                        r"L_{D_z}(\hat{z}, \tilde{z})",
                        "How rarely the latent critic takes codes for draws from the prior.",
                        "latent",
                    ),
                ),
                latex=rf"L = \lambda_1 {rebuilt} + \lambda_2 \lVert z - \tilde{{z}} \rVert^2 "
                r"+ \lambda_3 L_{D_x}(\hat{x}, \tilde{x}) + \lambda_4 L_{D_z}(\hat{z}, \tilde{z})",
                defaults=parts.GAN_ADAM,
            ),
        )

    def flow(self) -> Flow:
        """Data to code and back, and noise to data and back."""
        return Flow(
            (
                ("x", "encoder", "z-hat", "generator", "x-tilde"),
                ("z", "generator", "x-hat", "encoder", "z-tilde"),
            ),
            {
                "discriminator": ("x", "x-hat", "x-tilde"),
                "latent_discriminator": ("z", "z-hat", "z-tilde"),
            },
            {"rec-x": ("x", "x-tilde"), "rec-z": ("z", "z-tilde")},
        )

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Four MLPs; the critics with leaky ReLU."""
        return {
            "encoder": parts.mlp(data),
            "generator": parts.mlp(data),
            "discriminator": parts.mlp(data, leaky=True),
            "latent_discriminator": parts.mlp(data, leaky=True),
        }

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """Noise."""
        del data
        return (CodePart("z", "Code", self.latent_dim, self.prior),)
