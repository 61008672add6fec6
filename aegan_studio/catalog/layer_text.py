"""Layers as text: what copying puts on the clipboard, and the table for a report."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import tomli_w
from pydantic import ValidationError

from aegan_studio.experiment.parts import LAYERS, LayerOptions
from aegan_studio.messages import StudioError, msg

MOST = 200
"""Layers that one network may have."""


def to_text(layers: Iterable[LayerOptions]) -> str:
    """Layers as TOML, as they stand in an experiment's file; options at their default left out."""
    plain = [
        {"kind": layer.kind, **layer.model_dump(mode="json", exclude_defaults=True)}
        for layer in layers
    ]
    return tomli_w.dumps({"layers": plain})


def from_text(text: str) -> tuple[LayerOptions, ...]:
    """Layers from what :func:`to_text` writes, or from a whole experiment with one written list.

    Raises
    ------
    StudioError
        Where the text holds no layers, or one that does not exist.
    """
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise _no_layers() from None
    tables = _tables(plain)
    if not tables or len(tables) > MOST:
        raise _no_layers()
    try:
        return tuple(LAYERS.parse(table) for table in tables)
    except (ValidationError, ValueError):
        raise StudioError(
            msg("One of the layers in the copied text does not exist or has a wrong option."),
            msg("Copy it again."),
        ) from None


def _no_layers() -> StudioError:
    return StudioError(
        msg("The copied text holds no layers."), msg("Copy layers here or from an experiment.")
    )


def _tables(plain: Mapping[str, Any]) -> list[Any]:
    if isinstance(plain.get("layers"), list):
        return list(plain["layers"])
    networks = plain.get("networks")
    if isinstance(networks, Mapping):
        for network in networks.values():
            if isinstance(network, Mapping) and isinstance(network.get("layers"), list):
                return list(network["layers"])
    return []


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int]) -> str:
    """Rows of words as a table of fixed pitch.

    Parameters
    ----------
    right : sequence of int
        The columns that are set flush right, as numbers are.
    """
    every = [head, *rows]
    widths = [max(len(row[column]) for row in every) for column in range(len(head))]
    lines = []
    for row in every:
        cells = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    rule = "  ".join("-" * width for width in widths)
    return "\n".join((lines[0], rule, *lines[1:])) + "\n"
