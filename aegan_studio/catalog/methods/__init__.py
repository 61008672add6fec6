"""The built-in methods; importing this package registers them."""

from aegan_studio.catalog.methods import autoencoder, gan, vae

__all__ = ["autoencoder", "gan", "vae"]
