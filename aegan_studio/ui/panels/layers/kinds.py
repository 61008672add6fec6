"""How each kind of layer is shown: its sign, its short name, and the family it stands in."""

from __future__ import annotations

from dataclasses import dataclass

from aegan_studio.experiment.parts import LAYERS
from aegan_studio.i18n import tr
from aegan_studio.messages import Message, msg
from aegan_studio.ui.icons import icon_names

FAMILIES: tuple[tuple[str, Message, tuple[str, ...]], ...] = (
    ("weighted", msg("Weighted"), ("linear", "convolution", "transposed", "maxout")),
    ("blocks", msg("Blocks"), ("residual", "attention", "block", "squeeze")),
    ("size", msg("Size"), ("upsample", "downsample", "shuffle", "pool", "mean")),
    ("shape", msg("Shape"), ("flatten", "reshape")),
    ("values", msg("Values"), ("norm", "activation", "dropout", "noise", "stddev")),
    ("tokens", msg("Tokens and codes"), ("embedding", "codebook", "quantis")),
    ("beside", msg("Beside the input"), ("join", "projection", "condition")),
)
"""Families in the palette's order: name, heading, and parts of the names of their kinds."""

_ICONS = (
    ("depthwise", "conv"),
    ("separable", "conv"),
    ("conv", "conv"),
    ("transposed", "transposed"),
    ("linear", "linear"),
    ("maxout", "linear"),
    ("upsample", "upsample"),
    ("shuffle", "upsample"),
    ("down", "downsample"),
    ("mean", "downsample"),
    ("pool", "downsample"),
    ("global", "downsample"),
    ("flatten", "reshape"),
    ("reshape", "reshape"),
    ("norm", "norm"),
    ("activation", "activation"),
    ("dropout", "dropout"),
    ("stddev", "compare"),
    ("codebook", "table"),
    ("module", "code"),
    ("noise", "dice"),
    ("residual", "residual"),
    ("block", "residual"),
    ("attention", "attention"),
    ("squeeze", "attention"),
    ("join", "link"),
    ("projection", "branch"),
    ("embedding", "embedding"),
)
_SHORT = {"transposed": msg("Transposed")}
"""Names for the table where the registered one is long."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of layer as the palette offers it."""

    kind: str
    label: str
    help: str
    icon: str


def icon_of(kind: str) -> str:
    """The name of a kind's icon."""
    known = icon_names()
    for part, name in _ICONS:
        if part in kind and name in known:
            return name
    return "diamond" if "diamond" in known else "dot"


def label_of(kind: str) -> str:
    """The name of a kind, in the person's language."""
    return tr(_SHORT.get(kind, LAYERS[kind].label))


def family_of(kind: str) -> str:
    """The family that a kind stands in; ``"other"`` for one that no family knows."""
    for name, _, members in FAMILIES:
        if kind in members:
            return name
    for name, _, members in FAMILIES:
        if any(member in kind for member in members):
            return name
    return "other"


def families() -> list[tuple[str, list[Kind]]]:
    """Every registered kind by family: the heading and its kinds, in order."""
    found: dict[str, list[Kind]] = {}
    for entry in LAYERS:
        one = Kind(entry.kind, label_of(entry.kind), tr(entry.help), icon_of(entry.kind))
        found.setdefault(family_of(entry.kind), []).append(one)
    headings = [(name, tr(heading)) for name, heading, _ in FAMILIES]
    headings.append(("other", tr("More")))
    return [(heading, found[name]) for name, heading in headings if name in found]
