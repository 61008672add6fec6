"""Grids of decoded codes: sweeps, the manifold, mixtures."""
