"""GANs to compare."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from aegan_studio.bench import bare, usual
from aegan_studio.bench.bare import Steps
from aegan_studio.bench.cases.networks import ARTICLE, LEAKY, MLP
from aegan_studio.bench.cases.rivalry import Case, Rivalry
from aegan_studio.messages import msg


def _gans(parts: Rivalry) -> dict[str, Callable[[], Steps]]:
    mixing = any(isinstance(layer, nn.BatchNorm2d) for layer in parts.network("discriminator"))
    return {
        "bare": lambda: bare.gan(
            parts.lean("generator"),
            parts.lean("discriminator"),
            parts.batches(),
            parts.normal,
            one_pass=not mixing,
        ),
        "usual": lambda: usual.gan(
            parts.network("generator"),
            parts.network("discriminator"),
            parts.loader(),
            parts.code_size,
        ),
    }


def _wgan_gps(parts: Rivalry) -> dict[str, Callable[[], Steps]]:
    return {
        "bare": lambda: bare.wgan_gp(
            parts.lean("generator"),
            parts.lean("discriminator"),
            parts.batches(),
            parts.normal,
            parts.rng,
        ),
    }


def _small_gans(parts: Rivalry) -> dict[str, Callable[[], Steps]]:
    def weights(role: str) -> list[Tensor]:
        return [weight.detach() for weight in parts.lean(role).parameters()]

    return {
        "bare": lambda: bare.small_gan(
            weights("generator"), weights("discriminator"), parts.batches(), parts.uniform
        ),
        "modules": lambda: bare.plain_small_gan(
            parts.network("generator"),
            parts.network("discriminator"),
            parts.batches(),
            parts.uniform,
        ),
        "usual": lambda: usual.small_gan(
            parts.network("generator"), parts.network("discriminator"), parts.loader()
        ),
    }


SMALL = {"kind": "mlp", "widths": [8, 8], "activation": "relu"}
DCGAN = {"kind": "dcgan"}
SGD = {"optimizer": "sgd", "lr": 0.1}
GP_ADAM = {"lr": 1e-4, "beta1": 0.0, "beta2": 0.9}

GANS = (
    Case(
        "article-gan",
        msg("GAN, digits 28 px, 128–128–784"),
        {
            "dataset": {"kind": "digits", "side": 28, "scaling": "symmetric"},
            "method": {"kind": "gan", "latent_dim": 128},
            "networks": {"generator": ARTICLE, "discriminator": ARTICLE},
        },
        _gans,
    ),
    Case(
        "digits-gan",
        msg("GAN, digits 8 px, 16–256–256–64"),
        {
            "dataset": {"kind": "digits", "scaling": "symmetric"},
            "method": {"kind": "gan", "latent_dim": 16},
            "networks": {
                "generator": MLP,
                "discriminator": LEAKY,
            },
        },
        _gans,
    ),
    Case(
        "photo-gan",
        msg("DCGAN, photo patches 32 px, 32 channels"),
        {
            "dataset": {"kind": "photo-patches", "side": 32, "scaling": "symmetric"},
            "method": {"kind": "gan", "latent_dim": 64},
            "networks": {
                "generator": DCGAN,
                "discriminator": {**DCGAN, "activation": "leaky-relu"},
            },
        },
        _gans,
    ),
    Case(
        "small-gan",
        msg("GAN in the plane, 2-8-8-2 and 2-8-8-1"),
        {
            "dataset": {"kind": "blobs", "count": 12_000},
            "method": {"kind": "gan", "latent_dim": 2, "prior": "uniform"},
            "networks": {"generator": SMALL, "discriminator": SMALL},
            "phases": {"discriminator": {**SGD, "updates": 2}, "generator": SGD},
            "training": {"batch_size": 150},
        },
        _small_gans,
    ),
    Case(
        "digits-wgan-gp",
        msg("WGAN-GP, digits 8 px, 16–256–256–64"),
        {
            "dataset": {"kind": "digits", "scaling": "symmetric"},
            "method": {
                "kind": "gan",
                "latent_dim": 16,
                "loss": "wasserstein",
                "penalty": "wgan-gp",
                "penalty_weight": 10.0,
            },
            "networks": {"generator": MLP, "discriminator": LEAKY},
            "phases": {"discriminator": {**GP_ADAM, "updates": 5}, "generator": GP_ADAM},
        },
        _wgan_gps,
    ),
)
