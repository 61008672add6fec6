"""GANs that have names in the literature, as settings of one method."""

from __future__ import annotations

from collections.abc import Mapping

from aegan_studio.experiment.parts import NamedModel


def _phases(**options: object) -> Mapping[str, object]:
    """The same options of both optimisers."""
    return {
        f"phases.{phase}.{name}": value
        for phase in ("discriminator", "generator")
        for name, value in options.items()
    }


FIVE = {"phases.discriminator.updates": 5}
"""Five updates of D for one of G."""

MODELS = (
    NamedModel(
        "minimax-gan",
        "Minimax GAN",
        "The original game: the generator minimises what the discriminator maximises. Its "
        "gradient vanishes while the discriminator is ahead.",
        "arXiv 1406.2661",
        {"method.loss": "minimax"},
    ),
    NamedModel(
        "dcgan",
        "DCGAN",
        "A GAN of strided convolutions with batch norm, for pictures.",
        "arXiv 1511.06434",
        {
            "networks.generator.kind": "dcgan",
            "networks.discriminator.kind": "dcgan",
            "networks.discriminator.activation": "leaky-relu",
        },
        modalities=("image",),
    ),
    NamedModel(
        "lsgan",
        "LSGAN",
        "Judges by squared distance, so that items far from the border still teach.",
        "arXiv 1611.04076",
        {"method.loss": "least-squares"},
    ),
    NamedModel(
        "hinge-gan",
        "Hinge GAN",
        "The discriminator learns only from items that it does not yet tell apart clearly.",
        "arXiv 1705.02894",
        {"method.loss": "hinge"},
    ),
    NamedModel(
        "wgan",
        "WGAN",
        "A critic estimates how far generated data are from real ones; its weights are clipped.",
        "arXiv 1701.07875",
        {
            "method.loss": "wasserstein",
            "method.weight_clip": 0.01,
            **_phases(optimizer="rmsprop", lr=5e-5, beta2=0.99),
            **FIVE,
        },
    ),
    NamedModel(
        "wgan-gp",
        "WGAN-GP",
        "A Wasserstein critic whose slope is kept at 1 between real and generated data.",
        "arXiv 1704.00028",
        {
            "method.loss": "wasserstein",
            "method.penalty": "wgan-gp",
            **_phases(lr=1e-4, beta1=0.0, beta2=0.9),
            **FIVE,
        },
    ),
    NamedModel(
        "sn-gan",
        "SN-GAN",
        "Spectral norm keeps every layer of the discriminator from stretching its input.",
        "arXiv 1802.05957",
        {
            "method.loss": "hinge",
            "networks.discriminator.spectral": True,
            **_phases(beta1=0.0, beta2=0.9),
            **FIVE,
        },
    ),
    NamedModel(
        "dragan",
        "DRAGAN",
        "Keeps the discriminator's slope at 1 around the real data.",
        "arXiv 1705.07215",
        {"method.penalty": "dragan"},
    ),
    NamedModel(
        "r1-gan",
        "GAN with R₁",
        "Keeps the discriminator flat at the real data, which makes training converge.",
        "arXiv 1801.04406",
        {"method.penalty": "r1"},
    ),
    NamedModel(
        "r3gan",
        "R3GAN",
        "A relativistic game with a discriminator kept flat at real and generated data: no modes "
        "are lost, and training converges.",
        "arXiv 2501.05441",
        {
            "method.relativistic": True,
            "method.penalty": "r1-r2",
            **_phases(beta1=0.0, beta2=0.99),
        },
    ),
    NamedModel(
        "relativistic-gan",
        "Relativistic GAN",
        "Judges which of two items is the real one.",
        "arXiv 1807.00734",
        {"method.relativistic": True},
    ),
    NamedModel(
        "pacgan",
        "PacGAN",
        "Judges several items together, so that a lack of variety shows.",
        "arXiv 1712.04086",
        {"method.packing": 2},
    ),
    NamedModel(
        "cgan",
        "Conditional GAN",
        "Generates the class that is asked for; the discriminator is told it.",
        "arXiv 1411.1784",
        {"method.labels": "conditional"},
    ),
    NamedModel(
        "projection-gan",
        "Projection GAN",
        "Generates the class that is asked for; the discriminator projects on it.",
        "arXiv 1802.05637",
        {"method.labels": "projection", "method.loss": "hinge"},
    ),
    NamedModel(
        "acgan",
        "ACGAN",
        "Generates the class that is asked for; the discriminator also names it.",
        "arXiv 1610.09585",
        {"method.labels": "auxiliary"},
    ),
)
