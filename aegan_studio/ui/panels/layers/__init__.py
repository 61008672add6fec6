"""The architecture editor: one network, layer by layer."""
