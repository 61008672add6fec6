"""Who serves the explorer's requests, in the latent worker's thread: a door to ``ml``."""
