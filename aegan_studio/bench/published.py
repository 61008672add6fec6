"""What papers report of the mixtures of Gaussians: to set beside our own figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Mixture = Literal["ring", "grid"]

Setting = Literal["slow", "equal"]
"""Whether networks that judge learn slower than the others, or as fast."""


@dataclass(frozen=True, slots=True)
class Published:
    """Modes found, the share of samples on one, and where told the reverse KL."""

    modes: float
    high_quality: float
    reverse_kl: float | None = None


PACGAN: Mapping[tuple[str, Mixture], Published] = {
    ("gan", "ring"): Published(6.3, 0.982, 0.45),
    ("gan", "grid"): Published(17.3, 0.948, 0.70),
    ("ali", "ring"): Published(6.6, 0.976, 0.36),
    ("ali", "grid"): Published(24.1, 0.957, 0.14),
    ("pacgan2", "ring"): Published(7.9, 0.956, 0.07),
    ("pacgan2", "grid"): Published(23.8, 0.913, 0.13),
    ("pacgan3", "ring"): Published(7.8, 0.977, 0.10),
    ("pacgan3", "grid"): Published(24.6, 0.942, 0.06),
    ("pacgan4", "ring"): Published(7.8, 0.959, 0.07),
    ("pacgan4", "grid"): Published(24.8, 0.936, 0.04),
}
"""arXiv 1712.04086, table 1."""

VEEGAN: Mapping[tuple[str, Mixture], Published] = {
    ("gan", "ring"): Published(1.0, 0.993),
    ("gan", "grid"): Published(3.3, 0.005),
    ("ali", "ring"): Published(2.8, 0.0013),
    ("ali", "grid"): Published(15.8, 0.016),
    ("veegan", "ring"): Published(8.0, 0.529),
    ("veegan", "grid"): Published(24.6, 0.40),
}
"""arXiv 1705.07761, table 1."""


@dataclass(frozen=True, slots=True)
class Ordering:
    """A paper's finding that one model finds fewer modes than another."""

    fewer: str
    more: str
    source: str


ORDERINGS = (
    Ordering("gan", "pacgan2", "arXiv 1712.04086"),
    Ordering("gan", "pacgan3", "arXiv 1712.04086"),
    Ordering("gan", "pacgan4", "arXiv 1712.04086"),
    Ordering("gan", "ali", "arXiv 1705.07761, 1712.04086"),
    Ordering("ali", "veegan", "arXiv 1705.07761"),
    Ordering("gan", "veegan", "arXiv 1705.07761"),
)
"""The papers' absolute numbers disagree with each other by far; their orders do not."""
