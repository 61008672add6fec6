"""Training loops as a skilled person writes them by hand: what our trainer is measured against.

The same maths as the methods of the studio, nothing else: no records, no checkpoints, no limits.
Each is a generator that makes one training step per ``next``. What makes them fast: the data are
one tensor and a batch is a selection of its rows, optimisers are fused, a network that is not
updated needs no gradients, samples for the discriminator are made without them, losses are taken
from logits, and the discriminator sees real and generated items in one pass where it may.
"""

from aegan_studio.bench.bare.autoencoders import autoencoder, vae, vq_vae
from aegan_studio.bench.bare.gans import gan, plain_small_gan, small_gan, wgan_gp
from aegan_studio.bench.bare.joined import aae, aegan, bigan, vae_gan
from aegan_studio.bench.bare.loops import Batches, Steps, batches

__all__ = [
    "Batches",
    "Steps",
    "aae",
    "aegan",
    "autoencoder",
    "batches",
    "bigan",
    "gan",
    "plain_small_gan",
    "small_gan",
    "vae",
    "vae_gan",
    "vq_vae",
    "wgan_gp",
]
