"""Demos: trained runs that travel with the program, as folders under ``resources/demos``.

    demo.toml           title, what to try, where it opens: what this module reads
    recipe.toml         the experiment that was trained
    figures.json        what was measured of it, and the command that measures it again
    card.safetensors    what the gallery's card shows
    files.json          size and SHA-256 of every file of the run
    run/                the run, as it lay in a run folder

Everything is data and is checked as it is read; nothing in a bundle is ever run.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, ValidationError

from aegan_studio import paths
from aegan_studio.experiment import Experiment, toml
from aegan_studio.experiment.options import Options
from aegan_studio.messages import StudioError, msg

DECLARATION, RECIPE, FIGURES = "demo.toml", "recipe.toml", "figures.json"
CARD, FILES, RUN = "card.safetensors", "files.json", "run"

FORMAT = 1
MAX_BYTES = 200_000
"""Of a declaration or of its figures."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,30}$")]
Stop = Annotated[str, Field(pattern=r"^(class|seed|item):[\w-]{1,20}$")]


class ShowPage(Options):
    """Show a workspace, and in Explore a page in one of its places."""

    do: Literal["page"]
    workspace: Name
    place: Name | None = None
    page: Name | None = None


class PlayWalk(Options):
    """Put pins at these stops, go to the first and play the walk through them."""

    do: Literal["walk"]
    stops: tuple[Stop, ...] = Field(min_length=2, max_length=10)


class GoTo(Options):
    """Go to the code of a stop, in Explore."""

    do: Literal["code"]
    stop: Stop


class Train(Options):
    """Go on training, for as many steps or until the end."""

    do: Literal["train"]
    steps: int | None = Field(None, ge=1, le=1_000_000)


class Edit(Options):
    """Change options of the recipe, and perhaps train a new run with them."""

    do: Literal["edit"]
    changes: dict[str, JsonValue] = Field(min_length=1, max_length=20)
    restart: bool = False


class GlideTo(Options):
    """Train, and let the mixer glide to one of its marks."""

    do: Literal["glide"]
    mark: Name
    seconds: int = Field(3, ge=1, le=60)


Unit = Annotated[float, Field(ge=0.0, le=1.0)]
Line = Annotated[tuple[tuple[Unit, Unit], ...], Field(min_length=2, max_length=40)]


class FromPicture(Options):
    """Put a picture on the Picture page: draw strokes, or spoil a held-out item and restore it.

    ``strokes`` are polylines on a canvas of side 1, y downwards; ``refine`` looks for a better
    code after each, as an encoder of few values needs. ``seed`` chooses the item;
    ``amount`` is the noise's σ as a share of the range, or the side of the hole.
    """

    do: Literal["picture"]
    what: Literal["drawing", "noise", "hole"]
    strokes: tuple[Line, ...] = Field((), max_length=8)
    refine: bool = False
    seed: int = Field(1, ge=0, le=10_000)
    amount: float = Field(0.2, gt=0.0, lt=1.0)


Action = Annotated[
    ShowPage | PlayWalk | GoTo | Train | Edit | GlideTo | FromPicture, Field(discriminator="do")
]


class Step(Options):
    """One thing to try; ``text`` is a translation key, ``show`` does it for the person."""

    text: str = Field(min_length=1, max_length=400)
    show: Action | None = None


class Declaration(Options):
    """What ``demo.toml`` says; see :class:`Demo`."""

    format: Literal[1]
    title: str = Field(min_length=1, max_length=80)
    help: str = Field(min_length=1, max_length=400)
    order: int = Field(ge=0, le=1000)
    minutes: int = Field(ge=0, le=60)
    card: Literal["points", "mixer", "map", "walk", "classes", "restored"]
    trained: int = Field(ge=1, le=10_000_000)
    opens: ShowPage
    steps: tuple[Step, ...] = Field(min_length=1, max_length=8)


class Figure(Options):
    """One measured number of a demo.

    ``low`` and ``high`` bound what other seeds gave, on which the command agrees; ``seeds`` are
    those values. ``retrained`` where measuring it takes a training beyond the bundled weights.
    """

    name: Name
    what: str
    value: float
    low: float
    high: float
    unit: Literal["", "share", "dB", "nats"] = ""
    seeds: tuple[float, ...] = ()
    retrained: bool = False

    @property
    def within(self) -> bool:
        """Whether the value lies in its own interval."""
        return self.low <= self.value <= self.high


class Figures(Options):
    """All that was measured of a demo, by which command, on which machine.

    ``seconds`` is the processor time of the training.
    """

    format: Literal[1]
    command: str
    machine: dict[str, JsonValue]
    seconds: float
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Demo:
    """One demo of the gallery.

    Attributes
    ----------
    title, help : str
        Translation keys; ``help`` is two sentences.
    minutes : int
        How long it takes to try everything; 0 for free exploration.
    card : str
        How the card's picture is drawn.
    trained : int
        The step at which the bundled run stands.
    opens : ShowPage
        Where it opens.
    steps : tuple of Step
        What to try, in order.
    """

    name: str
    folder: Path
    title: str
    help: str
    order: int
    minutes: int
    card: str
    trained: int
    opens: ShowPage
    steps: tuple[Step, ...]

    def recipe(self) -> Experiment:
        """The experiment that was trained, read and validated."""
        return toml.load(self.folder / RECIPE)

    def figures(self) -> Figures:
        """What was measured of it; raises :class:`StudioError` where the file is damaged."""
        try:
            return Figures.model_validate(json.loads(_text(self.folder / FIGURES)))
        except (OSError, ValueError, RecursionError):
            raise damaged(self.name, FIGURES) from None


def damaged(name: str, file: str) -> StudioError:
    """What is said of a bundle that is not as it was delivered."""
    return StudioError(
        msg("The demo “{name}” is damaged: {file} is not as delivered.", name=name, file=file),
        msg("Install AEGAN Studio again; your own runs are not touched by that."),
    )


def read(folder: Path) -> Demo:
    """The demo in a folder.

    Raises
    ------
    StudioError
        Its declaration is missing or damaged.
    """
    try:
        plain: Any = tomllib.loads(_text(folder / DECLARATION))
        declared = Declaration.model_validate(plain)
    except (OSError, ValueError, ValidationError, RecursionError):  # of TOML, too
        raise damaged(folder.name, DECLARATION) from None
    return Demo(
        name=folder.name,
        folder=folder,
        title=declared.title,
        help=declared.help,
        order=declared.order,
        minutes=declared.minutes,
        card=declared.card,
        trained=declared.trained,
        opens=declared.opens,
        steps=declared.steps,
    )


def read_all(root: Path) -> tuple[tuple[Demo, ...], tuple[StudioError, ...]]:
    """The sound demos in the folders of ``root``, in order, and what is wrong with others."""
    found: list[Demo] = []
    errors: list[StudioError] = []
    for path in sorted(root.glob(f"*/{DECLARATION}")):
        try:
            found.append(read(path.parent))
        except StudioError as error:
            errors.append(error)
    return tuple(sorted(found, key=lambda demo: (demo.order, demo.name))), tuple(errors)


@cache
def _bundled() -> tuple[tuple[Demo, ...], tuple[StudioError, ...]]:
    return read_all(paths.resource("demos"))


def demos() -> tuple[Demo, ...]:
    """All bundled demos in the gallery's order; damaged ones are left out."""
    return _bundled()[0]


def faults() -> tuple[StudioError, ...]:
    """What is wrong with bundled demos that are damaged."""
    return _bundled()[1]


def demo(name: str) -> Demo:
    """A bundled demo by its name.

    Raises
    ------
    StudioError
        For an unknown name, with the nearest one as the mend; for a damaged demo.
    """
    known = {found.name: found for found in demos()}
    if name in known:
        return known[name]
    folder = paths.resource("demos") / name
    if folder.parent == paths.resource("demos") and (folder / DECLARATION).exists():
        return read(folder)
    near = get_close_matches(name, known, n=1)
    raise StudioError(
        msg("There is no demo called “{name}”.", name=name),
        msg("Did you mean “{near}”?", near=near[0])
        if near
        else msg("It must be one of: {known}.", known=", ".join(known)),
    )


def _text(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"{path.name} is too large")
    return path.read_text("utf-8")
