"""AEGAN Studio: a desktop playground for autoencoders and GANs."""
