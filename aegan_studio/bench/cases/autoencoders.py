"""Autoencoders to compare."""

from __future__ import annotations

from collections.abc import Callable

from aegan_studio.bench import bare, usual
from aegan_studio.bench.bare import Steps
from aegan_studio.bench.cases.networks import ARTICLE, MLP
from aegan_studio.bench.cases.rivalry import Case, Rivalry
from aegan_studio.messages import msg


def _autoencoders(parts: Rivalry) -> dict[str, Callable[[], Steps]]:
    return {
        "bare": lambda: bare.autoencoder(
            parts.lean("encoder"), parts.lean("decoder"), parts.batches()
        ),
        "usual": lambda: usual.autoencoder(
            parts.network("encoder"), parts.network("decoder"), parts.loader()
        ),
    }


def _vaes(parts: Rivalry) -> dict[str, Callable[[], Steps]]:
    return {
        "bare": lambda: bare.vae(
            parts.lean("encoder"), parts.lean("decoder"), parts.batches(), parts.rng
        ),
        "usual": lambda: usual.vae(
            parts.network("encoder"), parts.network("decoder"), parts.loader()
        ),
    }


def _vq_vaes(parts: Rivalry) -> dict[str, Callable[[], Steps]]:

    return {
        "bare": lambda: bare.vq_vae(
            parts.lean("encoder"),
            next(parts.lean("codebook").parameters()).detach(),
            parts.lean("decoder"),
            parts.lean("prior"),
            parts.batches(),
            parts.rng,
            places=parts.experiment.get("method.positions"),
        ),
    }


AUTOENCODERS = (
    Case(
        "article-autoencoder",
        msg("Autoencoder, digits 28 px, 784–128–128"),
        {
            "dataset": {"kind": "digits", "side": 28},
            "method": {"kind": "autoencoder", "latent_dim": 128},
            "networks": {"encoder": ARTICLE, "decoder": ARTICLE},
        },
        _autoencoders,
    ),
    Case(
        "digits-autoencoder",
        msg("Autoencoder, digits 8 px, 64–256–256–8"),
        {
            "dataset": {"kind": "digits"},
            "method": {"kind": "autoencoder", "latent_dim": 8},
            "networks": {"encoder": MLP, "decoder": MLP},
        },
        _autoencoders,
    ),
    Case(
        "article-vae",
        msg("VAE, digits 28 px, 784–128–16"),
        {
            "dataset": {"kind": "digits", "side": 28},
            "method": {"kind": "vae", "latent_dim": 16, "likelihood": "bernoulli"},
            "networks": {"encoder": ARTICLE, "decoder": ARTICLE},
        },
        _vaes,
    ),
    Case(
        "digits-vae",
        msg("VAE, digits 8 px, 64–256–256–8"),
        {
            "dataset": {"kind": "digits"},
            "method": {"kind": "vae", "latent_dim": 8, "likelihood": "bernoulli"},
            "networks": {"encoder": MLP, "decoder": MLP},
        },
        _vaes,
    ),
    Case(
        "digits-vq-vae",
        msg("VQ-VAE, digits 8 px, 16 places of 64 entries"),
        {
            "dataset": {"kind": "digits"},
            "method": {"kind": "vq-vae", "positions": 16, "width": 8, "entries": 64, "beta": 0.25},
            "networks": {"encoder": MLP, "decoder": MLP},
        },
        _vq_vaes,
    ),
)
