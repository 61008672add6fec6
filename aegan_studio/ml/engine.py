"""The moving parts of a training: networks, optimisers, averages, chance; and one update."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import Tensor

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import PhaseInfo
from aegan_studio.experiment.training import PhaseOptions
from aegan_studio.ml import optim
from aegan_studio.ml.data.order import BatchOrder
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.flat import FlatParameters
from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss
from aegan_studio.ml.model import Model
from aegan_studio.ml.optim import Updater

AVERAGE_EVERY = 8
"""Steps between two moves of the running averages: at each step they would cost up to 7 %."""

ABSENT = 0x7FC0AB5E
"""The bits of the NaN that stands for what an update did not compute, unlike a loss gone wrong."""

GRADIENT = "gradient."
"""Prefix of the columns that hold the gradient norm of a phase."""


class Phase:
    """One optimiser's update: its loss, the flat weights it moves, and where its values go."""

    def __init__(
        self,
        info: PhaseInfo,
        options: PhaseOptions,
        loss: PhaseLoss,
        columns: tuple[str, ...],
        *,
        followed: bool,
    ) -> None:
        self.info = info
        self.name = info.name
        self.options = options
        self.loss = loss
        self.column = {name: columns.index(name) for name in phase_columns(info)}
        self.norm_column = self.column[GRADIENT + info.name]
        self.gradients: tuple[Tensor, ...] = ()
        self.updater: Updater
        self.followed = followed

    def configure(self, step: int, total: int) -> None:
        """Set the learning rate to the schedule's at ``step`` (counted from 0) of ``total``."""
        self.updater.options = self.options
        self.updater.lr = optim.rate(self.options, step, total)


def phase_columns(info: PhaseInfo) -> tuple[str, ...]:
    """The names of what a phase reports: its terms and signals, and its gradient's norm."""
    return (*(term.name for term in info.terms), GRADIENT + info.name)


def columns_of(experiment: Experiment) -> tuple[str, ...]:
    """The names of what one step reports, in order, each once."""
    names = [name for info in experiment.phase_infos() for name in phase_columns(info)]
    return tuple(dict.fromkeys(names))


class Pending(NamedTuple):
    """An update whose gradients are there and whose weights have not moved."""

    phase: Phase
    loss: Loss
    batch: Batch


class Engine:
    """Everything that training moves. Two engines in the same state make the same next update.

    Attributes
    ----------
    step : int
        The step under way, counted from 0; kept by whoever drives the engine.
    absent : Tensor
        What a row holds where nothing was computed: the NaN with the bits :data:`ABSENT`.
    weigh : bool
        Whether updates also measure the gradient of each term; costs a backward pass for each.
    term_gradients : dict
        (phase, term) to the norm of the weighted term's gradient when it was last measured.

    Parameters
    ----------
    experiment : Experiment
        Only its networks, method, phases, seed and training options are read.
    data : DataStore
        On the device that training uses.
    device : torch.device
    """

    def __init__(self, experiment: Experiment, data: DataStore, device: torch.device) -> None:
        self.data = data
        self.device = device
        self._on_cpu = device.type == "cpu"
        seed = experiment.seed
        self.model = Model.build(experiment, torch.Generator().manual_seed(seed), device).train()
        self.model.method.items = len(data.train)
        # the second stream must differ from the one that initialised the weights
        self.rng = torch.Generator(device).manual_seed(seed + 0x5EED)
        for network in self.model.networks.values():
            network.set_generator(self.rng)
        self.order = BatchOrder(len(data.train), experiment.training.batch_size, seed, device)
        self.flat = {role: FlatParameters(net) for role, net in self.model.networks.items()}
        for network in self.model.networks.values():
            network.refresh()
        self.columns = columns_of(experiment)
        self.absent = torch.tensor(ABSENT, dtype=torch.int32).view(torch.float32).to(device)
        self.row: list[Tensor] = [self.absent] * len(self.columns)
        losses = self.model.method.losses()
        followed = type(self.model.method).after is not Method.after
        self.phases = tuple(
            Phase(
                info,
                experiment.phases[info.name],
                losses[info.name],
                self.columns,
                followed=followed,
            )
            for info in experiment.phase_infos()
        )
        self.averages: dict[str, Tensor] = {}
        self.step = 0
        self.weigh = False
        self.term_gradients: dict[tuple[str, str], Tensor] = {}
        self._learning: Phase | None = None
        self.adopt(experiment)
        self.reset_optimisers()

    def adopt(self, experiment: Experiment) -> None:
        """Take over live options."""
        self.experiment = experiment
        self.model.method.options = experiment.method
        for phase in self.phases:
            phase.options = experiment.phases[phase.name]
        if experiment.training.ema > 0 and not self.averages:
            self.averages = {
                role: self.flat[role].values.clone() for role in self.model.method.averaged
            }
        elif experiment.training.ema == 0:
            self.averages = {}

    def reset_optimisers(self) -> None:
        """Fresh optimisers without memory of gradients."""
        for phase in self.phases:
            moved = [self.flat[role] for role in phase.info.updates]
            phase.gradients = tuple(flat.gradient for flat in moved)
            phase.updater = optim.updater(phase.options, moved)

    def begin_row(self) -> None:
        """Start the record of a new step."""
        self.row = [self.absent] * len(self.columns)

    def configure(self, step: int, total: int) -> None:
        """Bring every optimiser's settings up to the options at ``step``."""
        for phase in self.phases:
            phase.configure(step, total)

    def update(self, phase: Phase, *, measure: bool) -> None:
        """One update of a phase's networks; its values go into :attr:`row`."""
        self.finish(self.begin(phase, measure=measure))

    def begin(self, phase: Phase, *, measure: bool, watched: bool = False) -> Pending:
        """The first half of an update: its loss and its gradients; values go into :attr:`row`.

        Somebody who watches also gets signals and what critics say, which changes nothing else.
        """
        if self._learning is not phase:
            self._learn(phase)
        total = self.experiment.training.steps
        batch = Batch(
            self._draw, self.order.batch_size, self.rng, measure or watched, self.step, total
        )
        if watched:
            batch.notes = {}
        loss = phase.loss(batch)
        if not loss.terms:
            return Pending(phase, loss, batch)
        for gradient in phase.gradients:
            gradient.zero_()
        if self.weigh:
            self._weigh(phase, loss)
        self._backward(phase, loss)
        row, column = self.row, phase.column
        for name, term in loss.terms.items():
            row[column[name]] = term.value.detach()
        if measure:
            for name, signal in loss.signals.items():
                row[column[name]] = signal.detach()
            row[phase.norm_column] = optim.total_norm(phase.gradients)
        return Pending(phase, loss, batch)

    def finish(self, pending: Pending) -> None:
        """The second half of an update: the weights move. Without terms nothing does."""
        phase, loss, batch = pending
        if not loss.terms:
            return
        if phase.options.clip > 0:
            optim.clip(phase.gradients, phase.options.clip, on_cpu=self._on_cpu)
        if loss.idle:
            roles = phase.info.updates
            phase.updater.update([roles.index(role) for role in roles if role not in loss.idle])
        else:
            phase.updater.update()
        if phase.followed:
            self.model.method.after(phase.name, batch)

    def _backward(self, phase: Phase, loss: Loss) -> None:
        """Add every term's gradient to the weights it moves, and to no others."""
        for term in loss.terms.values():
            if term.moves is not None:
                break
        else:
            loss.total().backward()  # type: ignore[no-untyped-call]
            return
        groups = loss.by_moved()
        for left, (moves, total) in zip(
            range(len(groups) - 1, -1, -1), groups.items(), strict=True
        ):
            torch.autograd.backward(total, inputs=self._moved(phase, moves), retain_graph=left > 0)

    def _weigh(self, phase: Phase, loss: Loss) -> None:
        for name, term in loss.terms.items():
            found = torch.autograd.grad(
                term.weighted(),
                self._moved(phase, term.moves),
                retain_graph=True,
                allow_unused=True,
            )
            there = [gradient for gradient in found if gradient is not None]  # type: ignore[redundant-expr]
            norm = optim.total_norm(there) if there else torch.zeros((), device=self.device)
            self.term_gradients[phase.name, name] = norm

    def _moved(self, phase: Phase, roles: tuple[str, ...] | None) -> list[Tensor]:
        """The weights that a term moves: its own roles', or all of its phase."""
        chosen = phase.info.updates if roles is None else roles
        return [weight for role in chosen for weight in self.flat[role].parameters]

    def average(self, step: int) -> None:
        """Move the running averages towards the weights, at every eighth step for all eight.

        The memory grows from 0 to the option, so that early averages are not those of noise.
        """
        if not self.averages or step % AVERAGE_EVERY:
            return
        decay = min(self.experiment.training.ema, (1 + step) / (10 + step)) ** AVERAGE_EVERY
        with torch.no_grad():
            for role, average in self.averages.items():
                average.lerp_(self.flat[role].values, 1 - decay)

    def _draw(self) -> tuple[Tensor, Callable[[], Tensor] | None]:
        rows = self.order.next()
        labels = self.data.train_labels
        return (
            self.data.train.index_select(0, rows),
            # gathering them is noticed by the smallest networks, and most methods want none
            None if labels is None else partial(labels.index_select, 0, rows),
        )

    def _learn(self, phase: Phase) -> None:
        """Networks that a phase does not update cost it no gradients."""
        for role, flat in self.flat.items():
            flat.learn(role in phase.info.updates)
        self._learning = phase

    def finite(self) -> bool:
        """Whether every weight is finite; waits for the device."""
        sums = torch.stack([flat.values.sum() for flat in self.flat.values()])
        return bool(torch.isfinite(sums).all())

    # What a checkpoint holds

    def capture(self) -> dict[str, Tensor]:
        """A copy of the whole state, by the names of :class:`~aegan_studio.ml.checkpoint`."""
        state: dict[str, Tensor] = {"rng": self.rng.get_state()}
        for role, network in self.model.networks.items():
            for name, tensor in network.state_dict().items():
                state[f"weights/{role}/{name}"] = _copy(tensor)
        for role, average in self.averages.items():
            for name, tensor in self._named(role, average).items():
                state[f"average/{role}/{name}"] = _copy(tensor)
        for phase in self.phases:
            for name, tensors in phase.updater.memory.items():
                for role, tensor in zip(phase.info.updates, tensors, strict=True):
                    state[f"optimiser/{phase.name}/{role}/{name}"] = _copy(tensor)
        for name, tensor in self.model.method.state.items():
            state[f"method/{name}"] = _copy(tensor)
        for name, value in self.order.state().items():
            state[f"order/{name}"] = torch.as_tensor(value).detach().cpu().clone()
        return state

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Take over a state that :meth:`capture` made."""
        self.rng.set_state(state["rng"].cpu())
        with torch.no_grad():
            for role, network in self.model.networks.items():
                for name, tensor in network.state_dict().items():
                    tensor.copy_(state[f"weights/{role}/{name}"])
            for role, average in self.averages.items():
                for name, tensor in self._named(role, average).items():
                    saved = state.get(f"average/{role}/{name}", state[f"weights/{role}/{name}"])
                    tensor.copy_(saved)
            for name, tensor in self.model.method.state.items():
                tensor.copy_(state[f"method/{name}"])
        self.reset_optimisers()
        for phase in self.phases:
            self._restore_optimiser(phase, state)
        prefix = "order/"
        self.order.restore(
            {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}
        )

    def _restore_optimiser(self, phase: Phase, state: Mapping[str, Tensor]) -> None:
        start = f"optimiser/{phase.name}/"
        for path in state:
            if path.startswith(start):
                _, _, name = path.removeprefix(start).partition("/")
                phase.updater.memory.setdefault(name, [])
        for name, tensors in phase.updater.memory.items():
            for role in phase.info.updates:
                saved = state[f"{start}{role}/{name}"]
                tensors.append(saved.to(self.device, copy=True))

    def _named(self, role: str, flat: Tensor) -> dict[str, Tensor]:
        """A flat buffer read as the role's named parameters."""
        return self.flat[role].named(self.model.networks[role], flat)

    def display_arrays(self) -> dict[str, dict[str, Any]]:
        """NumPy copies of all weights, averages in place of the weights they average."""
        arrays = self.model.arrays()
        for role, average in self.averages.items():
            for name, tensor in self._named(role, average).items():
                arrays[role][name] = tensor.detach().cpu().contiguous().numpy().copy()
        return arrays


def _copy(tensor: Tensor) -> Tensor:
    return tensor.detach().clone(memory_format=torch.contiguous_format)


def numbers(values: Iterable[Tensor]) -> list[float]:
    """Scalar tensors as floats; waits for the device once."""
    result: list[float] = torch.stack(list(values)).tolist()
    return result
