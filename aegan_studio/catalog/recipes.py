"""Recipes: ready experiments by name, bundled as TOML files under ``resources/recipes``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from aegan_studio import paths
from aegan_studio.experiment import Experiment, toml
from aegan_studio.messages import StudioError, msg


@dataclass(frozen=True, slots=True)
class Recipe:
    """A named experiment with good defaults; ``title`` and ``help`` are translation keys."""

    name: str
    title: str
    help: str
    path: Path

    def experiment(self) -> Experiment:
        """The experiment, read and validated."""
        return toml.load(self.path)


def _described(path: Path) -> Recipe:
    """Title and help come from the file's leading comment lines: ``# Title`` and ``# help``."""
    comments = []
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            break
        comments.append(line.lstrip("# ").strip())
    return Recipe(path.stem, comments[0], " ".join(comments[1:]), path)


@cache
def recipes() -> tuple[Recipe, ...]:
    """All bundled recipes, by name."""
    return tuple(_described(path) for path in _files())


def _files() -> Iterator[Path]:
    yield from sorted(paths.resource("recipes").glob("*.toml"))


def recipe(name: str) -> Experiment:
    """The experiment of a recipe.

    Raises
    ------
    StudioError
        For an unknown name; the mend names the nearest one.
    """
    known = {recipe.name: recipe for recipe in recipes()}
    if name in known:
        return known[name].experiment()
    near = get_close_matches(name, known, n=1)
    raise StudioError(
        msg("There is no recipe called “{name}”.", name=name),
        msg("Did you mean “{near}”?", near=near[0])
        if near
        else msg("It must be one of: {known}.", known=", ".join(known)),
    )
