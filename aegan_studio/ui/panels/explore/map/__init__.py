"""The latent map: where the data's codes lie, and what lies between them."""
