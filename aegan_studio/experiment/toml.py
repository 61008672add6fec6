"""Experiments as TOML files, with a format version and migrations."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tomli_w

from aegan_studio.experiment.model import Experiment
from aegan_studio.experiment.problems import InputError
from aegan_studio.files import write_atomically
from aegan_studio.messages import StudioError, msg

FORMAT = 1
"""The version that is written."""

Migration = Callable[[dict[str, Any]], dict[str, Any]]

MIGRATIONS: dict[int, Migration] = {}
"""Version n to the function that turns its plain data into that of version n + 1."""

MAX_BYTES = 4_000_000


def dumps(experiment: Experiment) -> str:
    """The experiment as TOML text."""
    return tomli_w.dumps({"format": FORMAT, **experiment.to_plain()})


def loads(text: str, *, source: str = "") -> Experiment:
    """An experiment from TOML text.

    Parameters
    ----------
    text : str
        TOML as :func:`dumps` writes it; sections may be partial, defaults fill them.
    source : str
        Name of the file, for messages.

    Raises
    ------
    StudioError
        Malformed TOML or a format newer than this program's.
    InputError
        Wrong options: one problem each.
    """
    name = source or "TOML"
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StudioError(
            msg("{name} is not valid TOML: {why}.", name=name, why=str(error)),
            msg("Correct that line, or save the experiment again."),
        ) from None
    version = plain.pop("format", FORMAT)
    if not isinstance(version, int) or not min((FORMAT, *MIGRATIONS)) <= version <= FORMAT:
        raise StudioError(
            msg(
                "{name} has format {version}; this program reads up to {known}.",
                name=name,
                version=version,
                known=FORMAT,
            ),
            msg("Update AEGAN Studio to open it."),
        )
    while version < FORMAT:
        plain = MIGRATIONS[version](plain)
        version += 1
    try:
        return Experiment.parse(plain)
    except InputError as error:
        raise InputError(error.problems, source) from None


def load(path: Path) -> Experiment:
    """An experiment from a TOML file; raises what :func:`loads` raises, also if unreadable."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise StudioError(
                msg("{name} is too large for an experiment.", name=path.name),
                msg("Choose the experiment's TOML file."),
            )
        text = path.read_text("utf-8")
    except OSError as error:
        raise StudioError(
            msg("{name} cannot be read: {why}.", name=str(path), why=error.strerror or str(error)),
            msg("Check the path and its permissions."),
        ) from None
    except UnicodeDecodeError:
        raise StudioError(
            msg("{name} is not a text file.", name=path.name),
            msg("Choose the experiment's TOML file."),
        ) from None
    return loads(text, source=path.name)


def save(experiment: Experiment, path: Path) -> None:
    """Write the experiment as a TOML file, atomically; raises :class:`StudioError`."""
    write_atomically(path, dumps(experiment).encode("utf-8"))
