"""What the drawn model is made of: nodes, edges and pills on a grid, as data by method.

A structure lies on a plane of natural units: x runs from 0 to ``width``, y from ``top`` to
``bottom`` with 0 in the middle lane. The layout stretches x to the room there is and keeps the
sizes in proportion, so that one drawing serves a narrow panel and a projector.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import PhaseInfo, Role, TermInfo
from aegan_studio.messages import Message, msg

NodeKind = Literal["picture", "network", "code"]
Content = Literal["original", "reconstruction", "sample", "code", "sample_code", "none"]
NetworkShape = Literal["narrow", "widen", "block"]
Caption = Literal["below", "right", "none"]


@dataclass(frozen=True, slots=True)
class Node:
    """A picture, a network or a code.

    Attributes
    ----------
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
    caption : {"below", "right", "none"}
        Where its letter and its word stand.
    """

    name: str
    kind: NodeKind
    x: float
    y: float
    width: float
    height: float
    formula: str
    color: str
    label: Message
    word: Message | None = None
    role: str = ""
    shape: NetworkShape = "block"
    tint: tuple[str, ...] = ()
    content: Content = "none"
    caption: Caption = "below"


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow from node to node, or a dashed line over the top that says what is compared.

    ``y`` is the height of a level arrow; ``x`` the place of an upright one; ``over`` the height
    that a dashed line runs at. ``formula`` is written above the arrow.
    """

    source: str
    target: str
    color: str
    y: float | None = None
    x: float | None = None
    over: float | None = None
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Pill:
    """The current value of a term, ``term`` its name and its column of numbers.

    ``formula`` stands for the name where the name is a letter; ``share`` shows per cent.
    """

    term: str
    x: float
    y: float
    color: str
    formula: str = ""
    word: Message | None = None
    share: bool = False


@dataclass(frozen=True, slots=True)
class Structure:
    """A drawing: what stands where.

    ``least`` is the width below which it scales down; ``weights`` names the method's option that
    weighs a term.
    """

    width: float
    least: float
    top: float
    bottom: float
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    pills: tuple[Pill, ...]
    weights: Mapping[str, str] = field(default_factory=dict)

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


REAL = msg("real")
REBUILT = msg("rebuilt")
GENERATED = msg("generated")
_PRIORS = {"normal": r"z \sim N(0, I)", "uniform": r"z \sim U[-1, 1]"}


def _original(x: float, y: float, side: float, caption: Caption = "below") -> Node:
    return Node(
        "x", "picture", x, y, side, side, "x", "real", msg("Real data x"), REAL,
        content="original", caption=caption,
    )  # fmt: skip


def _rebuilt(x: float, y: float, side: float, caption: Caption = "below") -> Node:
    return Node(
        "x-tilde", "picture", x, y, side, side, r"\tilde{x}", "reconstruction",
        msg("Reconstruction x̃"), REBUILT, content="reconstruction", caption=caption,
    )  # fmt: skip


def _generated(x: float, y: float, side: float, caption: Caption = "below") -> Node:
    return Node(
        "x-hat", "picture", x, y, side, side, r"\hat{x}", "generated",
        msg("Generated data x̂"), GENERATED, content="sample", caption=caption,
    )  # fmt: skip


def _network(role: Role, x: float, height: float, shape: NetworkShape, *tint: str) -> Node:
    return Node(
        role.name, "network", x, 0, 66, height, role.symbol, "text", msg(role.label),
        role=role.name, shape=shape, tint=tint,
    )  # fmt: skip


def autoencoder(experiment: Experiment) -> Structure:
    """x → E → z → G → x̃, and above them the reconstruction term that compares the ends."""
    encoder, decoder = experiment.roles()
    return Structure(
        width=680,
        least=500,
        top=-108,
        bottom=86,
        nodes=(
            _original(48, 4, 96),
            _network(encoder, 196, 156, "narrow", "real"),
            Node(
                "z", "code", 340, 0, 92, 60, "z", "code", msg("Code z = E(x)"),
                content="code", caption="none",
            ),
            _network(decoder, 484, 156, "widen", "generated"),
            _rebuilt(632, 4, 96),
        ),
        edges=(
            Edge("x", encoder.name, "real", y=0),
            Edge(encoder.name, "z", "code", y=0, formula="z"),
            Edge("z", decoder.name, "code", y=0),
            Edge(decoder.name, "x-tilde", "reconstruction", y=0),
            Edge("x", "x-tilde", "reconstruction", over=-94),
        ),
        pills=(Pill("rec-x", 340, -94, "reconstruction"),),
    )  # fmt: skip


def vae(experiment: Experiment) -> Structure:
    """The autoencoder above; below, codes drawn from the prior; between, their divergence."""
    encoder, decoder = experiment.roles()
    lane = 56.0
    return Structure(
        width=744,
        least=590,
        top=-117,
        bottom=108,
        nodes=(
            _original(34, 0, 64),
            _network(encoder, 186, 178, "narrow", "real"),
            Node(
                "z-hat", "code", 340, -lane, 78, 40, r"\hat{z}", "code",
                msg("Code ẑ of the data"), content="code", caption="none",
            ),
            Node(
                "z", "code", 340, lane, 78, 40, _PRIORS["normal"], "code",
                msg("Code z drawn from the prior"), content="sample_code",
            ),
            _network(decoder, 490, 178, "widen", "generated"),
            _rebuilt(614, -lane, 64, "right"),
            _generated(614, lane, 64, "right"),
        ),
        edges=(
            Edge("x", encoder.name, "real", y=0),
            Edge(encoder.name, "z-hat", "code", y=-lane, formula=r"\hat{z}"),
            Edge("z-hat", decoder.name, "code", y=-lane),
            Edge("z", decoder.name, "code", y=lane, formula="z"),
            Edge(decoder.name, "x-tilde", "reconstruction", y=-lane),
            Edge(decoder.name, "x-hat", "generated", y=lane),
            Edge("z-hat", "kl", "code", x=340),
            Edge("z", "kl", "code", x=340),
            Edge("x", "x-tilde", "reconstruction", over=-103),
        ),
        pills=(
            Pill("rec-x", 340, -103, "reconstruction"),
            Pill("kl", 340, 0, "code", formula=r"D_{KL}"),
        ),
        weights={"kl": "beta"},
    )  # fmt: skip


def gan(experiment: Experiment) -> Structure:
    """z → G → x̂, and the discriminator that tells x̂ from x."""
    generator, discriminator = experiment.roles()
    lane = 52.0
    prior = _PRIORS.get(getattr(experiment.method, "prior", "normal"), "z")
    return Structure(
        width=720,
        least=540,
        top=-98,
        bottom=114,
        nodes=(
            Node(
                "z", "code", 48, 0, 92, 54, prior, "code",
                msg("Code z drawn from the prior"), content="sample_code",
            ),
            _network(generator, 196, 178, "widen", "generated"),
            _generated(344, -lane, 72),
            _original(344, lane, 72),
            _network(discriminator, 500, 178, "narrow", "generated", "real"),
        ),
        edges=(
            Edge("z", generator.name, "code", y=0, formula="z"),
            Edge(generator.name, "x-hat", "generated", y=-lane),
            Edge("x-hat", discriminator.name, "generated", y=-lane),
            Edge("x", discriminator.name, "real", y=lane),
            Edge(discriminator.name, "loss-d", "text3", y=-40),
            Edge(discriminator.name, "loss-g", "text3", y=0),
            Edge(discriminator.name, "right", "text3", y=40),
        ),
        pills=(
            Pill("loss-d", 650, -40, "real", formula="L_D"),
            Pill("loss-g", 650, 0, "generated", formula="L_G"),
            Pill("right", 650, 40, "text2", word=msg("correct"), share=True),
        ),
    )  # fmt: skip


def chain(experiment: Experiment) -> Structure:
    """Any other method: its networks side by side, its terms in a row above them."""
    roles = experiment.roles()
    terms = [term for phase in experiment.phase_infos() for term in phase.terms]
    pitch = 150.0
    width = max(len(roles) * pitch, len(terms) * 110.0, 360.0)
    nodes = [
        _network(role, width * (index + 0.5) / len(roles), 130, _shape_of(role), "accent")
        for index, role in enumerate(roles)
    ]
    pills = tuple(
        Pill(term.name, width * (index + 0.5) / len(terms), -94, token_of(term), share=term.share)
        for index, term in enumerate(terms)
    )
    placed = tuple(replace(node, y=6) for node in nodes)
    return Structure(width, width * 0.7, -108, 84, placed, (), pills)


def _shape_of(role: Role) -> NetworkShape:
    given, made = math.prod(role.inputs), math.prod(role.outputs)
    return "narrow" if made < given else "widen" if made > given else "block"


STRUCTURES: dict[str, Callable[[Experiment], Structure]] = {
    "autoencoder": autoencoder,
    "vae": vae,
    "gan": gan,
}
"""The drawings made by hand, by the method's kind; the rest are drawn as a chain."""


def structure_of(experiment: Experiment) -> Structure:
    """The drawing of an experiment's model."""
    return STRUCTURES.get(experiment.method.kind, chain)(experiment)


def token_of(term: TermInfo) -> str:
    """The colour token that a term wears."""
    return {"latent": "latent_critic", "text": "text2"}.get(term.color, term.color)


def terms_of(experiment: Experiment) -> dict[str, tuple[TermInfo, PhaseInfo]]:
    """Every term with its phase, by name."""
    return {term.name: (term, phase) for phase in experiment.phase_infos() for term in phase.terms}
