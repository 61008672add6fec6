"""Autoencoders joined to critics, to compare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aegan_studio.bench import bare
from aegan_studio.bench.bare import Steps
from aegan_studio.bench.cases.networks import LEAKY, MLP
from aegan_studio.bench.cases.rivalry import Case, Rivalry
from aegan_studio.catalog.models import model
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


def _settings(name: str) -> dict[str, Any]:
    """The options of a method that make it a named model."""
    kind, named = model(name)
    prefix = "method."
    edits = {
        path.removeprefix(prefix): value
        for path, value in named.edits.items()
        if path.startswith(prefix)
    }
    return {"kind": kind, **edits}


JOINED = (
    Case(
        "digits-aae",
        msg("AAE, digits 8 px, 64–256–256–16"),
        {
            "dataset": DATA,
            "method": {**_settings("aae"), "latent_dim": 16},
            "networks": {**JUDGED, "latent_discriminator": LEAKY},
        },
        _aaes,
    ),
    Case(
        "digits-vae-gan",
        msg("VAE-GAN, digits 8 px, 64–256–256–16"),
        {
            "dataset": DATA,
            "method": {"kind": "vae-gan", "latent_dim": 16},
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
            "method": {"kind": "aegan", "latent_dim": 16},
            "networks": {**JUDGED, "latent_discriminator": LEAKY},
        },
        _aegans,
    ),
)
