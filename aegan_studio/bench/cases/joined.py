"""Autoencoders joined to critics, to compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aegan_studio.bench import bare
from aegan_studio.bench.bare import Steps
from aegan_studio.bench.cases.networks import LEAKY, MLP
from aegan_studio.bench.cases.rivalry import Case, Rivalry
from aegan_studio.messages import msg

DATA: Mapping[str, Any] = {"kind": "digits", "scaling": "symmetric"}
JUDGED: Mapping[str, Any] = {"encoder": MLP, "generator": MLP, "discriminator": LEAKY}


def _aaes(parts: Rivalry) -> dict[str, Callable[[], Steps]]:
    return {
        "bare": lambda: bare.aae(
            parts.lean("encoder"),
            parts.lean("generator"),
            parts.lean("latent_discriminator"),
            parts.batches(),
            parts.normal,
        ),
    }


def _vae_gans(parts: Rivalry) -> dict[str, Callable[[], Steps]]:
    return {
        "bare": lambda: bare.vae_gan(
            parts.lean("encoder"),
            parts.lean("decoder"),
            parts.lean("discriminator"),
            parts.batches(),
            parts.normal,
            parts.rng,
        ),
    }


def _bigans(parts: Rivalry) -> dict[str, Callable[[], Steps]]:
    return {
        "bare": lambda: bare.bigan(
            parts.lean("encoder"),
            parts.lean("generator"),
            parts.lean("discriminator"),
            parts.batches(),
            parts.normal,
        ),
    }


def _aegans(parts: Rivalry) -> dict[str, Callable[[], Steps]]:
    return {
        "bare": lambda: bare.aegan(
            parts.lean("encoder"),
            parts.lean("generator"),
            parts.lean("discriminator"),
            parts.lean("latent_discriminator"),
            parts.batches(),
            parts.normal,
        ),
    }


AAE: Mapping[str, Any] = {
    "kind": "aegan",
    "latent_dim": 16,
    "rec_x": 10.0,
    "rec_z": 0.0,
    "adv_x": 0.0,
    "adv_z": 0.1,
    "adv_z_on": "encoded",
}
AEGAN: Mapping[str, Any] = {
    "kind": "aegan",
    "latent_dim": 16,
    "rec_x": 10.0,
    "rec_z": 1.0,
    "adv_x": 0.1,
    "adv_z": 0.1,
}
VAE_GAN: Mapping[str, Any] = {
    "kind": "vae-gan",
    "latent_dim": 16,
    "loss": "minimax",
    "beta": 1.0,
    "gamma": 1.0,
}

JOINED = (
    Case(
        "digits-aae",
        msg("AAE, digits 8 px, 64–256–256–16"),
        {
            "dataset": DATA,
            "method": AAE,
            "networks": {**JUDGED, "latent_discriminator": LEAKY},
        },
        _aaes,
    ),
    Case(
        "digits-vae-gan",
        msg("VAE-GAN, digits 8 px, 64–256–256–16"),
        {
            "dataset": DATA,
            "method": VAE_GAN,
            "networks": {"encoder": MLP, "decoder": MLP, "discriminator": LEAKY},
        },
        _vae_gans,
    ),
    Case(
        "digits-bigan",
        msg("BiGAN, digits 8 px, 64–256–256–16"),
        {
            "dataset": DATA,
            "method": {"kind": "bigan", "latent_dim": 16},
            "networks": JUDGED,
        },
        _bigans,
    ),
    Case(
        "digits-aegan",
        msg("AEGAN, digits 8 px, 64–256–256–16"),
        {
            "dataset": DATA,
            "method": AEGAN,
            "networks": {**JUDGED, "latent_discriminator": LEAKY},
        },
        _aegans,
    ),
)
