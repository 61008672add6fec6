"""What a drawn model is made of: nodes, edges and pills on lanes and columns, as data.

Columns run from left to right, lanes from top to bottom; rows of pills lie over, between and
under the lanes. The layout gives all of them pixels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import PhaseInfo, TermInfo
from aegan_studio.messages import Message, msg

NodeKind = Literal["picture", "network", "code", "table"]
Content = Literal[
    "original", "reconstruction", "sample", "code", "sample_code", "cycled_code", "none"
]
NetworkShape = Literal["narrow", "widen", "block", "waist"]
Caption = Literal["below", "aside", "right", "none"]
Side = Literal["over", "mid", "under", "out"]
EdgeKind = Literal["flow", "return", "compare", "judge"]


@dataclass(frozen=True, slots=True)
class Node:
    """A picture, a network or a code.

    Attributes
    ----------
    column, lanes : int, (int, int)
        Where it stands; a node over several lanes names the first and the last.
    formula : str
        LaTeX of its letter.
    color : str
        The token of its role.
    role : str
        For a network, its key in ``Experiment.networks``.
    tint : tuple of str
        For a network, the tokens its ground takes on at the side of the data, upper and lower.
    content : Content
        What of :class:`~aegan_studio.experiment.events.Pictures` it shows.
    caption : {"below", "aside", "right", "none"}
        Where its letter and its word stand; aside is below, left of an arrow.
    beside : str
        The pill that it stands small at the right of, instead of a place of its own.
    """

    name: str
    kind: NodeKind
    column: int
    lanes: tuple[int, int]
    formula: str
    color: str
    label: Message
    word: Message | None = None
    role: str = ""
    shape: NetworkShape = "block"
    tint: tuple[str, ...] = ()
    content: Content = "none"
    caption: Caption = "none"
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two nodes, or a node and a pill.

    ``flow`` is an arrow along a lane; ``return`` a dashed arrow back to an earlier network;
    ``compare`` a dashed line that says what is compared; ``judge`` an upright arrow to the pill
    between or below. ``side`` and ``row`` place those that leave the lanes. ``formula`` is
    written above an arrow.
    """

    source: str
    target: str
    color: str
    kind: EdgeKind = "flow"
    formula: str = ""
    side: Side = "mid"
    row: int = 0


@dataclass(frozen=True, slots=True)
class Pill:
    """The current value of a term; with a ``role``, a critic that judges what it lies between.

    Attributes
    ----------
    name : str
        The role of a critic, else the term.
    term : str
        Column of numbers; empty for a network without a term of its own.
    side, row, column
        Its place: in a row over or under the lanes, between lane ``row`` and the next, or at the
        right end; ``column`` may lie between two.
    formula : str
        Stands for the name where the name is a letter.
    letter : str
        LaTeX of a critic.
    share : bool
        Shown as per cent.
    """

    name: str
    term: str
    color: str
    side: Side
    row: int
    column: float
    formula: str = ""
    word: Message | None = None
    share: bool = False
    role: str = ""
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Structure:
    """A drawing: what stands where.

    ``overs`` and ``unders`` count the rows over and under the lanes; ``hidden`` are terms that
    have no pill of their own; ``weights`` names the method's option that weighs a term;
    ``alias`` is what a thing is drawn as where that is another's node.
    """

    columns: int
    lanes: int
    overs: int
    unders: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    pills: tuple[Pill, ...]
    hidden: tuple[str, ...] = ()
    weights: Mapping[str, str] = field(default_factory=dict)
    alias: Mapping[str, str] = field(default_factory=dict)

    def node(self, name: str) -> Node:
        """The node called ``name``.

        Raises
        ------
        KeyError
            Where there is none.
        """
        for node in self.nodes:
            if node.name == name:
                return node
        raise KeyError(name)

    def pill(self, name: str) -> Pill:
        """The pill called ``name``; raises KeyError where there is none."""
        for pill in self.pills:
            if pill.name == name:
                return pill
        raise KeyError(name)

    @property
    def roles(self) -> frozenset[str]:
        """The networks drawn, as bodies or as critics' pills."""
        bodies = {node.role for node in self.nodes}
        return frozenset((bodies | {pill.role for pill in self.pills}) - {""})


REAL = msg("real")
REBUILT = msg("rebuilt")
GENERATED = msg("generated")
PRIORS = {"normal": r"z \sim N(0, I)", "uniform": r"z \sim U[-1, 1]"}


@dataclass(frozen=True, slots=True)
class Thing:
    """How a thing of a flow is drawn wherever it stands."""

    kind: NodeKind
    formula: str
    color: str
    label: Message
    content: Content = "none"
    word: Message | None = None


THINGS: Mapping[str, Thing] = {
    "x": Thing("picture", "x", "real", msg("Real data x"), "original", REAL),
    "x-hat": Thing(
        "picture", r"\hat{x}", "generated", msg("Generated data x̂"), "sample", GENERATED
    ),
    "x-tilde": Thing(
        "picture", r"\tilde{x}", "reconstruction", msg("Reconstruction x̃"), "reconstruction",
        REBUILT,
    ),
    "z": Thing("code", "z", "code", msg("Code z drawn from the prior"), "sample_code"),
    "z-hat": Thing("code", r"\hat{z}", "code", msg("Code ẑ of the data"), "code"),
    "z-tilde": Thing(
        "code", r"\tilde{z}", "text2", msg("Code z̃ of something made"), "cycled_code"
    ),
    "noise": Thing("code", r"\epsilon", "text2", msg("Noise")),
    "codebook": Thing("table", "e", "code", msg("Codebook: the vector nearest to each code")),
    "index": Thing("code", "k", "code", msg("Index of the nearest code vector")),
}  # fmt: skip


def thing_of(name: str) -> Thing:
    """How a thing is drawn; one without a letter of its own goes by its name."""
    known = THINGS.get(name)
    if known is not None:
        return known
    kind: NodeKind = "picture" if name.startswith("x") else "code"
    plain = re.sub(r"[^A-Za-z]", "", name) or "z"
    return Thing(kind, rf"\mathrm{{{plain}}}", "text2", msg("{name}", name=name))


def token_of(term: TermInfo) -> str:
    """The colour token that a term wears."""
    return {"latent": "latent_critic", "text": "text2"}.get(term.color, term.color)


def terms_of(experiment: Experiment) -> dict[str, tuple[TermInfo, PhaseInfo]]:
    """Every term with its phase, by name."""
    return {term.name: (term, phase) for phase in experiment.phase_infos() for term in phase.terms}


def short_formula(latex: str, most: int = 4) -> str:
    """A term's letter where its formula has one: ``L_D``, ``D_{KL}``; empty where it is long."""
    head = latex.split("(")[0].strip()
    if len(re.sub(r"\\[A-Za-z]+", "g", re.sub(r"[{}_^\s]", "", latex))) <= most:
        return latex
    return head if re.fullmatch(r"[A-Za-z]_\{?\w{1,3}\}?", head) else ""
