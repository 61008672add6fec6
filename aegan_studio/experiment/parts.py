"""The open families of an experiment: what every dataset, layer, network and method declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, SerializeAsAny

from aegan_studio.experiment.options import Options, option
from aegan_studio.experiment.registry import Registry
from aegan_studio.messages import Message

Shape = tuple[int, ...]
Modality = Literal["points", "image", "text", "table"]
Scaling = Literal["unit", "symmetric", "standard"]


@dataclass(frozen=True, slots=True)
class DataInfo:
    """What a dataset will deliver, known without loading it.

    ``shape`` is that of one item: ``(2,)`` for points, ``(C, H, W)`` for pictures.
    ``low`` and ``high`` bound the values after scaling; ``None`` means unbounded. ``strokes``
    says that grey pictures are drawings, which may be shown as ink on paper; photographs may not.
    ``count`` is the number of items in all, held-out ones included.
    """

    modality: Modality
    shape: Shape
    count: int
    classes: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    strokes: bool = False


class DatasetOptions(Options):
    """Options that every dataset has; a dataset adds its own."""

    kind: str
    scaling: Scaling = option(
        "unit",
        label="Scaling",
        help="Maps the data to the range the networks work in; undone exactly for display.",
        choices={
            "unit": "Min–max to [0, 1]",
            "symmetric": "Min–max to [−1, 1]",
            "standard": "Standardise (mean 0, variance 1)",
        },
    )
    held_out: float = option(
        0.25,
        label="Held out",
        help="The share of the data kept out of training to measure on. Raising it measures "
        "better and leaves less to learn from.",
        ge=0.0,
        le=0.9,
    )
    split: Literal["random", "ordered"] = option(
        "random",
        label="Split",
        help="How held-out items are chosen: drawn with the experiment's seed, or the last rows.",
        choices={"random": "Random, seeded", "ordered": "The last rows"},
        advanced=True,
    )

    def info(self) -> DataInfo:
        """Shape, range and size of what the dataset delivers."""
        raise TypeError(f"{type(self).__name__} declares no info()")

    def outline(self) -> Self:
        """Data of the same kind, shape, range and classes, whatever is in them, however many."""
        return self

    def scaled_range(self) -> tuple[float | None, float | None]:
        """The bounds of the data after scaling."""
        bounds: dict[str, tuple[float | None, float | None]] = {
            "unit": (0.0, 1.0),
            "symmetric": (-1.0, 1.0),
            "standard": (None, None),
        }
        return bounds[self.scaling]

    def held_out_count(self, count: int) -> int:
        """How many of ``count`` items are held out, rounded up."""
        return min(count - 1, -int(-count * self.held_out // 1))


class LayerOptions(Options):
    """One layer of a network."""

    kind: str
    enabled: bool = option(
        True,
        label="On",
        help="Whether the layer is part of the network. Off, it is kept in the list and skipped.",
        advanced=True,
    )


DATASETS = Registry("dataset", DatasetOptions, "aegan_studio.catalog.datasets")
LAYERS = Registry("layer", LayerOptions, "aegan_studio.catalog.layers")

Dataset = Annotated[SerializeAsAny[DatasetOptions], BeforeValidator(DATASETS.parse)]
Layer = Annotated[SerializeAsAny[LayerOptions], BeforeValidator(LAYERS.parse)]

OutputRange = Literal["unbounded", "unit", "symmetric"]


@dataclass(frozen=True, slots=True)
class Role:
    """The part a network plays in a method.

    Attributes
    ----------
    name : str
        Key in ``Experiment.networks``: "encoder", "decoder", "generator", "discriminator".
    symbol : str
        The paper's letter, LaTeX: ``E``, ``G``, ``D``.
    inputs, outputs : tuple of int
        Shapes of one item, without the batch.
    output_range : OutputRange
        What the last activation must cover: logits and codes are "unbounded".
    beside : int
        How many values come in beside the input: a class as one value each, a code. Layers of
        the kinds ``join`` and ``projection`` take them up; 0 where there are none.
    projects : bool
        Whether presets take those values up in a projection at the end (arXiv 1802.05637) rather
        than in a join at the start.
    entries : int
        How many vectors a codebook must hold; 0 for networks that are none.
    """

    name: str
    symbol: str
    label: str
    inputs: Shape
    outputs: Shape
    output_range: OutputRange = "unbounded"
    beside: int = 0
    projects: bool = False
    entries: int = 0


Initialisation = Literal["default", "he", "xavier", "orthogonal", "dcgan"]


class NetworkOptions(Options):
    """A network, written down as a list of layers or as a preset that writes one."""

    kind: str
    initialisation: Initialisation = option(
        "default",
        label="Initial weights",
        help="How weights are drawn before training. Biases start as PyTorch has them, or at zero.",
        choices={
            "default": "PyTorch’s default",
            "he": "He normal",
            "xavier": "Xavier uniform",
            "orthogonal": "Orthogonal",
            "dcgan": "Normal, σ .02",
        },
        advanced=True,
    )

    def layers_for(self, role: Role) -> tuple[LayerOptions, ...]:
        """The list of layers for a role."""
        raise TypeError(f"{type(self).__name__} declares no layers_for()")

    def unfit(self, role: Role) -> Message | None:
        """Why the preset cannot serve the role, or ``None`` where it can."""
        del role
        return None


NETWORKS = Registry("network", NetworkOptions, "aegan_studio.catalog.networks")
Network = Annotated[SerializeAsAny[NetworkOptions], BeforeValidator(NETWORKS.parse)]


@dataclass(frozen=True, slots=True)
class TermInfo:
    """One term of a loss, as shown: its name, formula and the role colour it wears.

    ``signal`` terms are measured but not minimised (e.g. the critic's share of right answers);
    a ``share`` lies in 0–1 and is shown on an axis of its own, or as per cent.
    """

    name: str
    label: str
    latex: str
    help: str
    color: Literal["real", "generated", "reconstruction", "code", "latent", "text"] = "text"
    signal: bool = False
    share: bool = False


@dataclass(frozen=True, slots=True)
class PhaseInfo:
    """One optimiser's update inside a training step, as declared by a method.

    ``updates`` names the roles whose weights it moves; ``defaults`` are
    :class:`~aegan_studio.experiment.training.PhaseOptions` values that differ from the general
    ones. ``latex`` is the loss it minimises.
    """

    name: str
    label: str
    updates: tuple[str, ...]
    terms: tuple[TermInfo, ...]
    latex: str
    defaults: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CodePart:
    """A stretch of the values in a code, which share a meaning and a distribution.

    ``kind`` is how the method draws them: "normal" (mean 0, variance 1), "uniform" in [−1, 1],
    "class" (one of ``size`` values is 1, the others 0), or "learned" where they follow the data.
    """

    name: str
    label: str
    size: int
    kind: Literal["normal", "uniform", "class", "learned"] = "normal"


@dataclass(frozen=True, slots=True)
class Flow:
    """How data run through a method's networks, for drawing it.

    Attributes
    ----------
    paths : tuple of tuple of str
        Things and networks in turns: ``("x", "encoder", "z-hat", "decoder", "x-tilde")``. Things
        are ``x`` ``z`` ``x-hat`` ``x-tilde`` ``z-hat`` ``z-tilde`` ``noise`` ``index``; a thing
        that ends one path and begins another is drawn once.
    judged : mapping
        A network that judges to the things shown to it; pairs are joined by ``+``: ``"x+z-hat"``.
    compared : mapping
        A term that measures a distance to the two things it lies between.
    """

    paths: tuple[tuple[str, ...], ...]
    judged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    compared: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NamedModel:
    """A model that has a name in the literature: some options of a method.

    ``edits`` are dotted paths of an experiment and their values, within ``method``, ``phases``
    and ``networks``; ``label`` and ``help`` are translation keys. ``modalities`` are those of the
    method that it can learn, empty for all.
    """

    name: str
    label: str
    help: str
    paper: str
    edits: Mapping[str, object] = field(default_factory=dict)
    modalities: tuple[Modality, ...] = ()


@dataclass(frozen=True, slots=True)
class ExhibitInfo:
    """Something a method can show beside samples and reconstructions.

    ``label`` is its title, ``help`` says what is seen; ``short`` stands for it where one of
    several is chosen.
    """

    name: str
    label: str
    help: str
    short: str = ""


Family = Literal["autoencoder", "gan", "joined"]


class MethodOptions(Options):
    """Options of a training algorithm; the class also declares its roles and phases."""

    kind: str

    paper: ClassVar[str] = ""
    """arXiv id or citation."""

    family: ClassVar[Family] = "autoencoder"
    """Autoencoders, adversarial networks, or both joined."""

    modalities: ClassVar[tuple[Modality, ...]] = ("points", "image")
    """The kinds of data the method can learn."""

    models: ClassVar[tuple[NamedModel, ...]] = ()
    """Named models beside the method's own name that are settings of it."""

    mixer: ClassVar[Mapping[str, str]] = {}
    """Terms of the loss to the live options that weigh them, for a mixer; empty: no mixer."""

    morph: ClassVar[tuple[NamedModel, ...]] = ()
    """Marks of the mixer in order, from one end to the other: settings of the weights."""

    exhibits: ClassVar[tuple[ExhibitInfo, ...]] = ()
    """What it can show beside samples and reconstructions."""

    @property
    def needs_labels(self) -> bool:
        """Whether the data must come with classes."""
        return False

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """The networks the method trains, with the shapes they must have for this data."""
        raise TypeError(f"{type(self).__name__} declares no roles()")

    def phases(self) -> tuple[PhaseInfo, ...]:
        """The updates of one step, in order."""
        raise TypeError(f"{type(self).__name__} declares no phases()")

    def weighs(self) -> Mapping[str, str]:
        """Terms to the options that weigh them in the sum of their phase.

        Terms that are not named count once; those mapped to "" in a way that is no mere option.
        """
        return self.mixer

    def flow(self) -> Flow:
        """How data run through the networks."""
        raise TypeError(f"{type(self).__name__} declares no flow()")

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """A sensible network for every role."""
        raise TypeError(f"{type(self).__name__} declares no default_networks()")

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """What the values of a code z mean, in order."""
        raise TypeError(f"{type(self).__name__} declares no code_parts()")

    def code_dim(self, data: DataInfo) -> int:
        """The number of values in a code z."""
        return sum(part.size for part in self.code_parts(data))


METHODS = Registry("method", MethodOptions, "aegan_studio.catalog.methods")
Method = Annotated[SerializeAsAny[MethodOptions], BeforeValidator(METHODS.parse)]
