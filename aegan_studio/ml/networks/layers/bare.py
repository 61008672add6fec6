"""Torch's weighted layers, made without drawing weights.

Their weights are drawn later, from a given generator; torch would draw them here too, from its
global one, and on the device "meta" goes through the motions in Python, which takes longer than
everything else about a layer.
"""

from __future__ import annotations

from torch import nn


class Bare:
    """Stands before torch's class."""

    def reset_parameters(self) -> None:
        """Draw nothing."""


class Linear(Bare, nn.Linear):
    """A linear map."""


class Embedding(Bare, nn.Embedding):
    """A table of vectors."""


class Conv1d(Bare, nn.Conv1d):
    """A 1-D convolution."""


class Conv2d(Bare, nn.Conv2d):
    """A convolution."""


class ConvTranspose2d(Bare, nn.ConvTranspose2d):
    """A transposed convolution."""
