"""What a training reports: a closed union of frozen values holding numbers and NumPy arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from aegan_studio.experiment.findings import Finding
from aegan_studio.experiment.until import Until
from aegan_studio.experiment.views import View
from aegan_studio.messages import Message

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Preparing:
    """Work before the first step: ``stage`` says which."""

    stage: Message


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know that does not stop training, e.g. a damaged checkpoint."""

    message: Message
    mend: Message | None


@dataclass(frozen=True, slots=True)
class Started:
    """The networks stand and training is about to begin or go on.

    ``columns`` names the columns of every :class:`Progress`; ``parameters`` counts weights by
    role; ``total_steps`` is where training will finish by itself.
    """

    step: int
    total_steps: int
    steps_per_epoch: int
    columns: tuple[str, ...]
    parameters: Mapping[str, int]
    device: str
    threads: int
    folder: Path | None


@dataclass(frozen=True, slots=True)
class Progress:
    """The steps since the last report, every one of them.

    ``steps`` has shape (n,), int64; ``values`` (n, k) float32, one column per
    ``Started.columns``; NaN where a quantity was not measured at that step. ``epoch`` is a
    fraction; ``seconds`` is the training time of the run; ``memory`` is in bytes.
    """

    steps: npt.NDArray[np.int64]
    values: npt.NDArray[np.float32]
    epoch: float
    seconds: float
    steps_per_second: float
    memory: int

    @property
    def step(self) -> int:
        """The last step reported."""
        return int(self.steps[-1])


@dataclass(frozen=True, slots=True)
class PhaseReady:
    """One update of a phase is worked out and its weights are about to move.

    Attributes
    ----------
    step : int
        The step under way.
    extra : bool
        It comes out of turn, beside the updates of the step.
    batch : int
        Items that every mean is taken over.
    terms, weights : mapping of str to float
        The phase's terms and signals, and what terms are weighed with; none where all are off.
    totals : mapping of roles to float
        Σ weight · term, by the roles that the same terms move.
    said : mapping of str to float
        What critics say, by ``critic(thing)``; ``log …`` and ``log not …`` are the means of
        log D and log(1 − D).
    gradients : mapping of str to float
        The norm of the gradient by role, before any clipping.
    rate : float
        The learning rate.
    """

    step: int
    phase: str
    extra: bool
    batch: int
    terms: Mapping[str, float]
    weights: Mapping[str, float]
    totals: Mapping[tuple[str, ...], float]
    said: Mapping[str, float]
    gradients: Mapping[str, float]
    rate: float


@dataclass(frozen=True, slots=True)
class PhaseDone:
    """One update of a phase was carried out on its own (single-phase stepping).

    ``next_phase`` is the phase that will come next; ``terms`` the values of this phase's terms;
    ``moves`` how far the weights of each network went, ‖Δθ‖. An ``extra`` one came out of turn;
    ``extras`` says how many of this phase did so in the run.
    """

    step: int
    phase: str
    next_phase: str
    terms: Mapping[str, float]
    extra: bool = False
    extras: int = 0
    moves: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reached:
    """What training was to run until has come about; it pauses.

    ``step`` is where it stands, ``seen`` the step at which it held, ``value`` what was measured.
    """

    step: int
    until: Until
    seen: int
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Pictures:
    """What the model makes now, in the data's own units (display space).

    Images are uint8, (n, H, W) or (n, H, W, 3); points are float32 (n, 2). ``samples`` are
    decoded from the same codes all through a run. ``codes`` (n, d) are those of ``originals``
    under the encoder, ``sample_codes`` the fixed ones, ``cycled_codes`` those of samples encoded
    again. Absent parts are ``None``.
    """

    step: int
    modality: str
    samples: Array | None
    originals: Array | None
    reconstructions: Array | None
    held_out: Array | None
    held_out_reconstructions: Array | None
    codes: npt.NDArray[np.float32] | None
    sample_codes: npt.NDArray[np.float32] | None
    cycled_codes: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Views:
    """What live views show at this step, by what they were asked for; all of one look."""

    step: int
    values: Mapping[str, View]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Measurements on held-out data, by name."""

    step: int
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """A copy of all weights, for exploring: role to parameter name to array.

    The generator's running average stands in for its weights where averaging is on.
    """

    step: int
    roles: Mapping[str, Mapping[str, Array]]


@dataclass(frozen=True, slots=True)
class TermGradients:
    """How strongly each term of the losses pulls at the weights it moves.

    ``norms`` maps (phase, term) to the Euclidean norm of the gradient of weight · term.
    """

    step: int
    norms: Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Items in the data's own units, each with a number, in the order to show them in.

    ``items`` are as in :class:`Pictures`; ``values`` has shape (n,). A "share" lies in 0–1.
    """

    items: Array
    values: npt.NDArray[np.float32]
    format: Literal["share", "number"]


@dataclass(frozen=True, slots=True)
class Exhibits:
    """What the method shows beside samples and reconstructions, by the names it declares."""

    step: int
    items: Mapping[str, Exhibit]


@dataclass(frozen=True, slots=True)
class Changed:
    """A live option took effect from this step on."""

    step: int
    path: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Saved:
    """A checkpoint of this step is on the disk."""

    step: int
    path: Path


@dataclass(frozen=True, slots=True)
class SaveFailed:
    """A checkpoint could not be written; training goes on and will try again."""

    step: int
    message: Message
    mend: Message | None


@dataclass(frozen=True, slots=True, eq=False)
class Instant:
    """A moment of a run that is kept: how it looked, in a few small items.

    ``made`` holds what the model made at that step, of the same codes or originals all through
    the run: pictures uint8 (n, h, w) or (n, h, w, 3), or points float16 (n, 2) in their own
    units. ``real`` are points of the data to draw below them; ``None`` for pictures. ``size`` is
    in bytes on the disk.
    """

    step: int
    seconds: float
    epoch: float
    made: Array
    real: Array | None
    size: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The timeline as it is now, as step numbers in order; ``added`` are new instants of it.

    ``exact`` are the steps at which a whole checkpoint is kept beside the instant, so that a
    branch goes on from there bit for bit.
    """

    steps: tuple[int, ...]
    exact: tuple[int, ...]
    added: tuple[Instant, ...]


@dataclass(frozen=True, slots=True)
class Diverged:
    """A loss or a weight stopped being finite; the weights are those of ``restored_step``."""

    step: int
    phase: str
    term: str
    restored_step: int


@dataclass(frozen=True, slots=True)
class Finished:
    """Training ended: ``reason`` says how."""

    step: int
    reason: Literal["done", "stopped", "diverged"]


@dataclass(frozen=True, slots=True)
class Failed:
    """Training cannot go on; what was saved remains. ``details`` is a traceback, or empty."""

    message: Message
    mend: Message | None
    details: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """All that the training doctor holds to be wrong at this step, the worst first.

    Comes whenever that changes; without findings it sees nothing wrong.
    """

    step: int
    findings: tuple[Finding, ...]


Event = (
    Preparing
    | Notice
    | Started
    | Progress
    | PhaseReady
    | PhaseDone
    | Reached
    | Pictures
    | Views
    | Evaluated
    | Weights
    | TermGradients
    | Exhibits
    | Changed
    | Saved
    | SaveFailed
    | Kept
    | Diverged
    | Findings
    | Finished
    | Failed
)
