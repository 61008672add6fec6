"""What a person who watches a single update gets to know: measured only then."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from aegan_studio.experiment.events import PhaseReady
from aegan_studio.ml.engine import Engine, Pending, Phase, numbers
from aegan_studio.ml.stepper import Turn


def ready(engine: Engine, turn: Turn, step: int) -> PhaseReady:
    """The numbers of an update whose weights have not moved yet.

    Waits for the device once.
    """
    pending, phase = turn.pending, turn.phase
    found: dict[tuple[str, ...], Tensor] = {}
    weights: dict[str, float] = {}
    if pending is not None:
        loss = pending.loss
        for name, term in loss.terms.items():
            found["term", name] = term.value.detach()
            weights[name] = float(term.weight)
        for name, signal in loss.signals.items():
            found["term", name] = signal.detach()
        for name, note in (pending.batch.notes or {}).items():
            found["said", name] = note
        if loss.terms:
            for roles, total in _totals(phase, pending).items():
                found["total", *roles] = total.detach()
            for role in _moving(phase, pending):
                found["gradient", role] = torch.linalg.vector_norm(engine.flat[role].gradient)
    read = dict(zip(found, numbers(found.values()) if found else [], strict=True))

    def of(kind: str) -> Mapping[str, float]:
        return {key[1]: value for key, value in read.items() if key[0] == kind}

    return PhaseReady(
        step=step,
        phase=phase.name,
        extra=turn.place is None,
        batch=engine.order.batch_size,
        terms=of("term"),
        weights=weights,
        totals={key[1:]: value for key, value in read.items() if key[0] == "total"},
        said=of("said"),
        gradients=of("gradient"),
        rate=phase.updater.lr,
    )


def _totals(phase: Phase, pending: Pending) -> dict[tuple[str, ...], Tensor]:
    """Σ weight · term by the roles that the same terms move."""
    terms = pending.loss.terms
    groups: dict[tuple[str, ...], list[str]] = {}
    for role in _moving(phase, pending):
        names = tuple(n for n, t in terms.items() if t.moves is None or role in t.moves)
        groups.setdefault(names, []).append(role)
    return {
        tuple(roles): torch.stack([terms[name].weighted().detach() for name in names]).sum()
        for names, roles in groups.items()
        if names
    }


def places(engine: Engine, turn: Turn) -> dict[str, Tensor]:
    """Copies of the weights that an update is about to move, by role."""
    if turn.pending is None or not turn.pending.loss.terms:
        return {}
    roles = _moving(turn.phase, turn.pending)
    return {role: engine.flat[role].values.detach().clone() for role in roles}


def moves(engine: Engine, before: Mapping[str, Tensor]) -> dict[str, float]:
    """How far the weights have come since: ‖Δθ‖ by role."""
    if not before:
        return {}
    lengths = [
        torch.linalg.vector_norm(engine.flat[role].values.detach() - values)
        for role, values in before.items()
    ]
    return dict(zip(before, numbers(lengths), strict=True))


def _moving(phase: Phase, pending: Pending) -> list[str]:
    return [role for role in phase.info.updates if role not in pending.loss.idle]
