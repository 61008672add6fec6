"""What is seen of a model's inside: verdicts, layers, filters, feature maps, codes, classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from aegan_studio.experiment.views.base import View

Floats = npt.NDArray[np.float32]
Counts = npt.NDArray[np.int64]

DORMANT = 0.025
"""τ: a unit is dormant whose mean |activation| is at most this share of its layer's mean.

As in the measurements of arXiv 2302.12902, definition 3.1; 0 exactly is dead on all items seen.
"""

Scale = Literal["probability", "raw"]


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How values spread: ``counts`` (bins,) over equal bins from ``low`` to ``high``.

    Attributes
    ----------
    counts : int64 (bins,)
        Values in each bin; all that are finite, or evenly spaced ones of very many.
    mean, deviation : float
        Of the values counted.
    norm : float
        Euclidean length of all the values, the uncounted ones too; NaN where one is not finite.
    total : int
        How many values there are.
    """

    low: float
    high: float
    counts: Counts
    mean: float
    deviation: float
    norm: float
    total: int


# Verdicts


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """How a critic judges one kind of things.

    ``thing`` is named as in :class:`~aegan_studio.experiment.parts.Flow`: ``x`` ``x-hat``
    ``x-tilde`` ``z`` ``z-hat`` ``z-tilde``; beside them ``x-held`` and ``z-hat-held`` of held-out
    items, and ``shuffled`` codes. ``real`` says which answer is right. ``right`` is the share of
    items on the right side; NaN where the scale has no sides.
    """

    thing: str
    real: bool
    counts: Counts
    mean: float
    right: float


@dataclass(frozen=True, slots=True, eq=False)
class CriticVerdicts:
    """The verdicts of one critic, all counted over the same bins from ``low`` to ``high``.

    Attributes
    ----------
    role : str
    scale : "probability" or "raw"
        The sigmoid of the logits where the game is about probabilities, else plain outputs.
    side : float
        What parts real from made; NaN where nothing does, as for distances and energies.
    ahead : float
        The share of pairs, one real and one made, in which the real one is judged higher: the
        area under the ROC curve; 0.5 is a coin toss.
    """

    role: str
    scale: Scale
    low: float
    high: float
    side: float
    ahead: float
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts(View):
    """What the critics think of real and of made things."""

    critics: tuple[CriticVerdicts, ...]


# Layers


@dataclass(frozen=True, slots=True, eq=False)
class LayerFigures:
    """One layer with weights, and the layers without that follow it.

    Attributes
    ----------
    layers : tuple of int
        Their indices in the network's list.
    shape : tuple of int
        What the one with weights gives for one item.
    weights : Spread or None
        Of the weights, without biases and norms.
    activations : Spread or None
        Of what the last of them gives.
    gradients : mapping
        Phase to the gradients of the same weights, for every phase that moves them.
    activity : float32 (units,) or None
        Each hidden unit's mean |activation| against its layer's mean, in its own order: 1 is
        usual, at most :data:`DORMANT` is dormant, 0 dead. None where the layer has no bend.
    """

    layers: tuple[int, ...]
    shape: tuple[int, ...]
    weights: Spread | None
    activations: Spread | None
    gradients: Mapping[str, Spread]
    activity: Floats | None

    @property
    def dormant(self) -> int:
        """How many units are dormant or dead."""
        return 0 if self.activity is None else int((self.activity <= DORMANT).sum())

    @property
    def dead(self) -> int:
        """How many units are silent on every item."""
        return 0 if self.activity is None else int((self.activity == 0).sum())


@dataclass(frozen=True, slots=True, eq=False)
class Layers(View):
    """What goes on in the layers of one network while it is given a fixed batch of ``items``."""

    role: str
    layers: tuple[LayerFigures, ...]
    items: int


# Pictures of weights and of activations


@dataclass(frozen=True, slots=True, eq=False)
class Filters(View):
    """What single units look for in the data, or paint into them.

    Attributes
    ----------
    role : str
    layer : int
        Whose weights these are.
    reads : bool
        Whether they are incoming weights of the first layer, not outgoing ones of the last.
    values : float32
        Pictures (n, H, W) or (n, H, W, 3) of weights. For points (n, 2): the weights of each unit.
    offsets : float32 (n,)
        For points that are read: what is added, so that unit i bends at w·x + b = 0.
    box : float32 (2, 2)
        For points: the lower and upper corner of the data, in the networks' scale.
    units : int64 (n,)
        Which units these are, of ``total``: the ones with the longest weights, in their order.
    norms : float32 (n,)
        The length of each unit's weights.
    """

    role: str
    layer: int
    reads: bool
    units: Counts
    total: int
    values: Floats
    offsets: Floats
    box: Floats
    norms: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Features(View):
    """What a layer makes of one item.

    Attributes
    ----------
    role : str
    layers : tuple of int
        The layers whose results can be seen, in order.
    layer : int
        Which one this is.
    item : str
        Of the kinds ``train`` ``held-out`` ``sample`` and its number: ``train-5``.
    shown : array or None
        The item as it is shown: a picture, or a point (2,).
    maps : float32
        (units, H, W), (units, n), or (units,) of single values; the first of very many.
    units : int
        How many units the layer has.
    """

    role: str
    layers: tuple[int, ...]
    layer: int
    item: str
    shown: npt.NDArray[np.generic] | None
    maps: Floats
    units: int


# Codes and classes


@dataclass(frozen=True, slots=True, eq=False)
class Codes(View):
    """The values of the encoder's codes against what generation draws.

    Attributes
    ----------
    low, high : float32 (d,)
        The ends of each value's bins.
    counts : int64 (d, bins)
        Codes in each bin; those beyond the ends count in the outermost ones.
    prior : float32 (d, bins)
        The share that what generation draws has in each bin.
    exact : bool
        Whether ``prior`` is a closed form rather than counted draws.
    mean, deviation : float32 (d,)
        Of the codes that are counted.
    divergence : float32 (d,)
        Nats of each value; NaN where there is no closed form. Where the encoder gives a
        distribution, the mean over items of KL(q(zⱼ|x) ‖ p(zⱼ)), else that of a Gaussian with the
        mean and deviation of the codes.
    unused : bool (d,)
        Values that say next to nothing of the item.
    posterior : bool
        Whether the encoder gives a distribution, from which the codes are drawn.
    items : int
    entries : int64 (K,) or None
        How often each vector of a codebook was chosen.
    """

    low: Floats
    high: Floats
    counts: Counts
    prior: Floats
    exact: bool
    mean: Floats
    deviation: Floats
    divergence: Floats
    unused: npt.NDArray[np.bool_]
    posterior: bool
    items: int
    entries: Counts | None


@dataclass(frozen=True, slots=True, eq=False)
class Classes(View):
    """Which classes generated items belong to, as their nearest real neighbours say.

    Attributes
    ----------
    counts : int64 (K,)
    astray : int
        Points that are far from all real ones, which count for no class.
    expected : float32 (K,)
        The share of each class among the training items.
    right : float
        The share of held-out items whose class the judge names rightly; NaN where there are none.
    """

    counts: Counts
    astray: int
    expected: Floats
    right: float

    @property
    def items(self) -> int:
        """How many items were generated."""
        return int(self.counts.sum()) + self.astray
