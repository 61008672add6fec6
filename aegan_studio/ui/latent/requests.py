"""What can be asked of the latent worker: each kind of request names who serves it, and how soon.

A request is a frozen dataclass under :func:`served`. Its handler is a generator function
``handler(desk, request)`` in ``ui/latent/serving``, imported in the worker's thread alone.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

Kind = TypeVar("Kind", bound=type)
Handler = Callable[[Any, Any], Iterator[Any]]

SNAPSHOT = 0
"""Weights to take on; never in the midst of other work, which must see one snapshot alone."""
QUICK = 10
"""What a person waits for: a moved slider, a look in passing."""
STRIP = 20
"""The frames of a walk."""
VIEW = 40
"""Maps and what lies behind them."""
CALM = 60
"""What may come a moment later: nearest items, checks."""
LONG = 80
"""Seconds of work, with progress: searches, embeddings."""


@dataclass(frozen=True, slots=True)
class Service:
    """Who serves a kind of request.

    Attributes
    ----------
    target : str
        ``module:function``, imported at the first request.
    urgency : int
        Smaller is served first, also in the midst of work that is less urgent.
    free : bool
        Whether snapshots may be taken on in the midst of it: it has no use for the weights after
        its first step.
    holds : bool
        Whether longer work stands still for a moment after it: while a hand moves, the next one
        comes within a frame, and shall not wait for the end of a piece.
    """

    target: str
    urgency: int
    free: bool = False
    holds: bool = False

    def handler(self) -> Handler:
        """The generator function that serves."""
        return _imported(self.target)


_SERVICES: dict[type, Service] = {}


def served(
    target: str, *, urgency: int, free: bool = False, holds: bool = False
) -> Callable[[Kind], Kind]:
    """Register a kind of request; raises :class:`ValueError` for one that is known already."""

    def register(kind: Kind) -> Kind:
        if kind in _SERVICES:
            raise ValueError(f"{kind.__name__} is served already")
        _SERVICES[kind] = Service(target, urgency, free, holds)
        return kind

    return register


def service_of(kind: type) -> Service:
    """Who serves this kind; raises :class:`KeyError` for what is no request."""
    return _SERVICES[kind]


@cache
def _imported(target: str) -> Handler:
    module, _, name = target.partition(":")
    handler: Handler = getattr(importlib.import_module(module), name)
    return handler
