"""Who plays which part in a method: what detectors must know of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import PhaseInfo

MAKERS = ("generator", "decoder")
"""Roles that make items, the first there is."""

JUDGES = ("discriminator", "latent_discriminator")

BY_SIGN = ("non-saturating", "minimax", "hinge")
"""Losses under which the sign of the logit is the verdict."""

LOGARITHMIC = ("non-saturating", "minimax")


@dataclass(frozen=True, slots=True)
class Anatomy:
    """The players of an experiment.

    Attributes
    ----------
    maker : str
        The role that makes items.
    judge : str
        The role that judges items; empty where there is none.
    phase_of : mapping of str to PhaseInfo
        The phase that updates each role.
    """

    experiment: Experiment
    maker: str
    judge: str
    phases: tuple[PhaseInfo, ...]
    roles: tuple[str, ...]

    @classmethod
    def of(cls, experiment: Experiment) -> Anatomy:
        """Find the players."""
        roles = tuple(role.name for role in experiment.roles())
        maker = next((name for name in MAKERS if name in roles), "")
        judge = next((name for name in JUDGES if name in roles), "")
        return cls(experiment, maker, judge, experiment.phase_infos(), roles)

    @property
    def loss(self) -> str:
        """The kind of adversarial loss; empty where there is none."""
        method = self.experiment.method
        if method.kind == "article-loop":
            return "non-saturating"
        return str(getattr(method, "loss", "")) if self.judge else ""

    @property
    def relativistic(self) -> bool:
        """Whether items are judged in pairs."""
        return bool(getattr(self.experiment.method, "relativistic", False))

    @property
    def by_sign(self) -> bool:
        """Whether the recorded shares of right verdicts mean what they say."""
        return self.loss in BY_SIGN and not self.relativistic

    @property
    def logarithmic(self) -> bool:
        """Whether 2 ln 2 is the loss of a judge that tosses a coin."""
        return self.loss in LOGARITHMIC and not self.relativistic

    def phase(self, role: str) -> PhaseInfo | None:
        """The phase that updates a role."""
        return next((phase for phase in self.phases if role in phase.updates), None)

    def updates(self, role: str) -> int:
        """How often a role is updated in a step."""
        phase = self.phase(role)
        return 0 if phase is None else self.experiment.phases[phase.name].updates

    def rights(self) -> Iterator[str]:
        """The columns of shares of right verdicts."""
        for phase in self.phases:
            for term in phase.terms:
                if term.signal and term.name.startswith("right"):
                    yield term.name

    def gradients(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each phase and the roles it moves."""
        for phase in self.phases:
            yield phase.name, phase.updates
