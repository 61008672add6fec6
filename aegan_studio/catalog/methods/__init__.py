"""The built-in methods; importing this package registers them."""

from aegan_studio.catalog.methods import aegan, autoencoder, gan, vae

__all__ = ["aegan", "autoencoder", "gan", "vae"]
