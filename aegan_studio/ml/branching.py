"""Branches of a run: from an instant of its timeline into a folder that training goes on in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy.typing as npt
import torch

from aegan_studio.experiment import Experiment
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml import checkpoint
from aegan_studio.ml.checkpoint import Checkpoint
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.engine import Engine, columns_of
from aegan_studio.ml.timeline import arrays_of
from aegan_studio.runs import instants
from aegan_studio.runs.branching import Way, begin, way
from aegan_studio.runs.folder import RunFolder

CPU = torch.device("cpu")

Arrays = Mapping[str, Mapping[str, npt.NDArray[Any]]]


@dataclass(frozen=True, slots=True)
class Branch:
    """A new run that stands at an instant of another, and how it goes on."""

    folder: Path
    step: int
    way: Way


def branch(origin: Path, step: int, target: Path, wanted: Experiment | None = None) -> Branch:
    """Make a run in ``target`` that goes on from an instant of another.

    Where a whole checkpoint stands at the instant and only live options differ, the new run is
    what the old one would have been with them, bit for bit. Else it begins with the instant's
    weights (those that are shown, in half precision, where there is no checkpoint), with fresh
    optimisers and chance.

    Parameters
    ----------
    origin : Path
        The folder of the run; it is only read.
    step : int
        Of a kept instant.
    target : Path
        Missing or empty.
    wanted : Experiment or None
        The options from there on; by default those of the instant.

    Raises
    ------
    StudioError
        The instant is not kept, its weights do not fit, or ``target`` cannot be used.
    """
    run = RunFolder.open(origin)
    whole = _whole(run, step)
    moment = None if whole is not None else _moment(run, step)
    then = _then(whole, moment)
    wanted = then if wanted is None else wanted
    chosen = way(then, wanted, whole=whole is not None)
    if chosen == "exact":
        assert whole is not None
        state = replace(whole, experiment=wanted)
    elif whole is not None:
        epoch = _epoch(whole)
        facts = {"seconds": whole.facts["seconds"], "threads": whole.facts["threads"]}
        memory = {name: tensor.numpy() for name, tensor in whole.group("method").items()}
        state = _fresh(wanted, step, epoch, facts, whole.weights, memory)
    else:
        assert moment is not None
        threads = run.facts.get("threads")
        facts = {
            "seconds": moment.seconds,
            "threads": threads if isinstance(threads, int) and threads > 0 else 1,
        }
        state = _fresh(wanted, step, moment.epoch, facts, arrays_of(moment), moment.state)
    new = begin(
        run, step, target, state.experiment, columns_of(state.experiment), exact=chosen == "exact"
    )
    with new:
        new.claim()
        checkpoint.write(new.checkpoint_path(step), state)
    return Branch(new.path, step, chosen)


def experiment_at(origin: Path, step: int) -> Experiment:
    """The options at an instant of a run; raises as :func:`branch` does."""
    run = RunFolder.open(origin)
    whole = _whole(run, step)
    return _then(whole, None if whole is not None else _moment(run, step))


def _then(whole: Checkpoint | None, moment: instants.Moment | None) -> Experiment:
    if whole is not None:
        return whole.experiment
    assert moment is not None
    return moment.experiment


def _whole(run: RunFolder, step: int) -> Checkpoint | None:
    """The checkpoint of a step, from the timeline or the newest; ``None`` without a sound one."""
    for path in (instants.whole_path(run.path, step), run.checkpoint_path(step)):
        try:
            found = checkpoint.read(path)
        except StudioError:
            continue
        if found.step == step:
            return found
    return None


def _moment(run: RunFolder, step: int) -> instants.Moment:
    kept = [instant.step for instant in instants.listed(run.path)]
    if step in kept:
        return instants.read(run.path, step)
    if not kept:
        raise StudioError(
            msg("The run in {path} has no timeline to branch from.", path=str(run.path)),
            msg("Train it on for a while: instants are kept from then on."),
        )
    near = sorted(sorted(kept, key=lambda one: abs(one - step))[:3])
    raise StudioError(
        msg("Step {step:,} is not kept in the run's timeline.", step=step),
        msg("Kept are, among others, the steps {steps}.", steps=", ".join(f"{n:,}" for n in near)),
    )


def _epoch(whole: Checkpoint) -> float:
    """Passes through the data, whole ones: the order of a branch begins with a new one."""
    return float(whole.tensors["order/epoch"].item())


def _fresh(
    wanted: Experiment,
    step: int,
    epoch: float,
    facts: Mapping[str, Any],
    weights: Arrays,
    memory: Mapping[str, npt.NDArray[Any]],
) -> Checkpoint:
    """A training that begins with these weights: optimisers, averages and chance are new."""
    engine = Engine(wanted, DataStore.load(wanted, CPU), CPU)
    engine.model.load_arrays({role: weights[role] for role in engine.model.networks})
    with torch.no_grad():
        for role, average in engine.averages.items():
            average.copy_(engine.flat[role].values)
        for name, tensor in engine.model.method.state.items():
            if name in memory and memory[name].shape == tuple(tensor.shape):
                tensor.copy_(torch.as_tensor(memory[name]))
    engine.rng.manual_seed(wanted.seed + 0x5EED + step)  # not the chance of the beginning again
    engine.order.restore({"epoch": int(epoch), "position": 0})
    return Checkpoint(
        experiment=wanted,
        step=step,
        facts={
            **facts,
            "threads": wanted.training.threads or facts["threads"],
            "device": CPU.type,
            "phase": 0,
            "update": 0,
            "row": [None] * len(engine.columns),
        },
        tensors=engine.capture(),
    )
