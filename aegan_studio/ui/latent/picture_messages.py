"""Codes of pictures: looking at them, inverting, restoring and dragging. No torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from aegan_studio.ui.latent.messages import Array, Floats
from aegan_studio.ui.latent.requests import CALM, LONG, QUICK, served

SERVING = "aegan_studio.ui.latent.serving"
LOOK = QUICK + 5
"""Soon, but after what moves under a slider: a code is looked for with every point of a stroke."""

Mask = npt.NDArray[np.bool_]
Loss = Literal["mse", "l1"]
Restoring = Literal["inpaint", "complete", "denoise"]
Blend = Literal["membrane", "paste"]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What a code is wanted for.

    Attributes
    ----------
    pixels : ndarray
        A picture of any size, uint8 (H, W) or (H, W, 3); or an item of the data in display units.
    exact : bool
        It is an item: nothing needs to be brought to the data's format.
    centred : bool
        Bring drawings to the place, size and weight that those of the data have.
    """

    pixels: Array
    exact: bool = False
    centred: bool = False


@served(f"{SERVING}.pictures:look", urgency=LOOK)
@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Encode a picture; without an encoder look for a code quickly, from ``near`` (d,) on.

    ``refine``: with an encoder look for a better one afterwards, from the encoder's code on.
    """

    subject: Subject
    near: Floats | None = None
    refine: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A picture as the model sees it, its code (d,) and what that decodes to, in display units.

    ``error`` is the mean square difference of a value, scaled. ``done``: nothing better comes.
    """

    picture: Array
    rebuilt: Array
    code: Floats
    error: float
    done: bool


@served(f"{SERVING}.pictures:kin", urgency=CALM)
@dataclass(frozen=True, slots=True, eq=False)
class Kin:
    """Find the training items nearest to an item in display units."""

    item: Array
    count: int = 5


@served(f"{SERVING}.pictures:take", urgency=QUICK)
@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """Take an item: a held-out one by ``seed``, or what ``code`` decodes to."""

    seed: int = 0
    code: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """An item in display units; ``number`` among the held-out ones, −1 for what was decoded."""

    item: Array
    number: int = -1
    label: int = -1


@served(f"{SERVING}.pictures:read", urgency=CALM)
@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Read a picture from outside for a canvas of ``size`` (height, width).

    ``source`` is a file, its content, or decoded pixels uint8 (H, W, 4).
    """

    source: Path | bytes | Array
    size: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A picture from outside, uint8 (H, W) or (H, W, 3), drawings white on black."""

    pixels: Array


@served(f"{SERVING}.pictures:invert", urgency=LONG)
@dataclass(frozen=True, slots=True, eq=False)
class Invert:
    """Find the code of a picture by optimisation; see ``ml.latent.inversion.inverting``."""

    subject: Subject
    steps: int = 300
    starts: int = 4
    loss: Loss = "mse"
    encoder: bool = True
    prior_weight: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Inverted:
    """The best code so far.

    ``first`` is the error of the start: of the encoder's code, or of the nearest random one.
    Errors are mean square or mean absolute differences of a value, scaled.
    """

    step: int
    steps: int
    picture: Array
    rebuilt: Array
    code: Floats
    error: float
    first: float
    encoded: bool


@served(f"{SERVING}.restoring:restore", urgency=LONG)
@dataclass(frozen=True, slots=True, eq=False)
class Restore:
    """Restore an item in display units; see ``ml.latent.restoring``.

    ``unknown`` (H, W) marks what shall be filled in. ``keep`` is the share of the given picture
    in a denoised one, ``count`` how many completions are wanted.
    """

    item: Array
    way: Restoring
    unknown: Mask | None = None
    blend: Blend = "membrane"
    count: int = 4
    keep: float = 0.0
    prior_weight: float | None = None
    steps: int = 300
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Restored:
    """The restored items so far (n, …) in display units, the best first at the end.

    ``codes`` is (n, d); ``errors`` (n,) the mean square differences to what is known.
    """

    step: int
    steps: int
    items: Array
    codes: npt.NDArray[np.float32]
    errors: npt.NDArray[np.float32]


@served(f"{SERVING}.pictures:roughen", urgency=QUICK)
@dataclass(frozen=True, slots=True, eq=False)
class Roughen:
    """Add noise of a standard deviation, as a share of the values' range, to an item."""

    item: Array
    sigma: float
    seed: int = 0


@served(f"{SERVING}.dragging:layers", urgency=CALM)
@dataclass(frozen=True, slots=True)
class Layers:
    """Ask which layers of the generator have maps of features."""


@dataclass(frozen=True, slots=True, eq=False)
class Layered:
    """Those layers: index to channels, height, width; none for networks of vectors."""

    layers: dict[int, tuple[int, int, int]] = field(default_factory=dict)


@served(f"{SERVING}.dragging:drag", urgency=LONG)
@dataclass(frozen=True, slots=True, eq=False)
class Drag:
    """Drag points of a code's picture; see ``ml.latent.dragging.dragging``.

    ``handles`` and ``targets`` are (k, 2), x and y in pixels whose middles are whole numbers.
    ``free`` (H, W) marks what may change, ``None`` for everything.
    """

    code: Floats
    handles: Floats
    targets: Floats
    free: Mask | None = None
    layer: int | None = None
    steps: int = 200
    rate: float = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Dragged:
    """How far the handles are: code (d,), its picture, places (k, 2) and distances (k,) in px."""

    step: int
    steps: int
    code: Floats
    item: Array
    handles: npt.NDArray[np.float32]
    distances: npt.NDArray[np.float32]
    arrived: bool
