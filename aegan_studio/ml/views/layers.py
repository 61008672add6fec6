"""Weights, activations and gradients of every layer, and units that have fallen silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

import torch
from torch import Tensor, nn

from aegan_studio.experiment.parts import PhaseInfo
from aegan_studio.experiment.views.inside import Floats, LayerFigures, Layers
from aegan_studio.ml.looking import SEED, Looking
from aegan_studio.ml.methods.base import Batch
from aegan_studio.ml.model import Model
from aegan_studio.ml.networks.calls import NORMS
from aegan_studio.ml.networks.network import Network
from aegan_studio.ml.networks.watching import watched
from aegan_studio.ml.views.spreads import spread
from aegan_studio.ml.views.things import heavy

PROBED, HEAVY_PROBED = 64, 16
"""Items of the fixed batch; the smaller number where networks convolve."""

Gradients = Mapping[str, Tensor]


def layers(looking: Looking, role: str) -> Layers | None:
    """The layers of one network, while the losses that move it are computed.

    The batch and all other chance are the same at every look, so that what changes is due to the
    weights. They are the looked-at ones: averages where the model averages.
    """
    network = looking.model.networks.get(role)
    if network is None:
        return None
    given: dict[int, list[Tensor]] = {}
    bent: dict[int, list[Tensor]] = {}
    gradients: dict[str, Gradients] = {}
    items = probe_size(looking)
    with stirred(looking.model), watched(network, partial(_keep, given), partial(_keep, bent)):
        for info in _phases(looking, role):
            found = gradients_of(looking, info, role, items)
            if found is not None:
                gradients[info.name] = found
    with torch.no_grad():
        groups = grouped(network)
        # what comes out at the end is meant to be still where the data are
        rows = tuple(
            _row(group, given, {} if group is groups[-1] else bent, gradients) for group in groups
        )
    return Layers(role, rows, items)


def probe_size(looking: Looking) -> int:
    """How many items the fixed batch has."""
    wanted = HEAVY_PROBED if heavy(looking) else PROBED
    return min(wanted, len(looking.data.train))


def _phases(looking: Looking, role: str) -> list[PhaseInfo]:
    """The phases that move a network; all where none does, so that data run through it."""
    experiment = looking.experiment
    running = [
        info for info in experiment.phase_infos() if experiment.phases[info.name].updates > 0
    ]
    return [info for info in running if role in info.updates] or running


def gradients_of(
    looking: Looking, info: PhaseInfo, role: str, items: int
) -> dict[str, Tensor] | None:
    """The gradient of a phase's loss on the fixed batch, by the names of a network's weights.

    ``None`` where the phase skips its update, or leaves this network alone. The model must be
    :func:`stirred`.
    """
    method, network = looking.model.method, looking.model.networks[role]
    rng = torch.Generator(looking.device).manual_seed(SEED)
    for part in looking.model.networks.values():
        part.set_generator(rng)
    batch = Batch(
        _drawer(looking, items),
        items,
        rng,
        measure=False,
        step=looking.step,
        steps=looking.experiment.training.steps,
    )
    named = dict(network.named_parameters())
    # all that the phase moves: a penalty may be about another network's slope
    learning = [looking.model.networks[name] for name in info.updates]
    for part in learning:
        part.requires_grad_(True)
    try:
        with torch.enable_grad():
            loss = method.losses()[info.name](batch)
            totals = [
                total
                for moves, total in (loss.by_moved() if loss.terms else {}).items()
                if role in (info.updates if moves is None else moves) and total.requires_grad
            ]
            if not totals or role in loss.idle or role not in info.updates:
                return None
            found = torch.autograd.grad(
                torch.stack(totals).sum(),
                list(named.values()),
                allow_unused=True,
                materialize_grads=True,
            )
    finally:
        for part in learning:
            part.requires_grad_(False)
    return dict(zip(named, found, strict=True))


def _drawer(looking: Looking, items: int) -> Callable[[], tuple[Tensor, Tensor | None]]:
    """Draws batches that are evenly spread over the training items, each different ones."""
    data = looking.data
    stride = len(data.train) // items
    start = 0

    def draw() -> tuple[Tensor, Tensor | None]:
        nonlocal start
        rows = (torch.arange(items, device=data.train.device) * stride + start) % len(data.train)
        start += 1
        labels = data.train_labels
        return data.train[rows], None if labels is None else labels[rows]

    return draw


@contextmanager
def stirred(model: Model) -> Iterator[None]:
    """The model as it is in training; afterwards everything is as before.

    Batch norm's statistics, the vectors of spectral norms and what the method remembers move as
    they do in training, and are put back.
    """
    moving = [buffer for network in model.networks.values() for buffer in network.buffers()]
    moving += model.method.state.values()
    before = [tensor.clone() for tensor in moving]
    model.train()
    try:
        yield
    finally:
        model.eval()
        with torch.no_grad():
            for tensor, kept in zip(moving, before, strict=True):
                tensor.copy_(kept)


def _keep(kept: dict[int, list[Tensor]], index: int, made: Tensor) -> None:
    kept.setdefault(index, []).append(made)


# Rows


class Group:
    """A layer with weights, and those without that follow it."""

    def __init__(self) -> None:
        self.modules: dict[int, nn.Module] = {}
        self.main = 0

    @property
    def weights(self) -> list[str]:
        """The names of its weights, without biases and norms where it has others."""
        named = [
            (f"{index}.{name}", parameter)
            for index, module in self.modules.items()
            for name, parameter in module.named_parameters()
        ]
        return [name for name, weight in named if weight.dim() > 1] or [name for name, _ in named]


def grouped(network: Network) -> list[Group]:
    """The layers of a network by those that have weights; norms go with the layer above."""
    groups = [Group()]
    weighted = False
    for name, module in network.named_children():
        begins = any(True for _ in module.parameters()) and not isinstance(module, NORMS)
        if begins and weighted:
            groups.append(Group())
        weighted = weighted or begins
        if begins:
            groups[-1].main = int(name)
        groups[-1].modules[int(name)] = module
    return groups


def _row(
    group: Group,
    given: Mapping[int, list[Tensor]],
    bent: Mapping[int, list[Tensor]],
    gradients: Mapping[str, Gradients],
) -> LayerFigures:
    parameters = {
        f"{index}.{name}": parameter
        for index, module in group.modules.items()
        for name, parameter in module.named_parameters()
    }
    names = group.weights
    passed = [given[index] for index in group.modules if index in given]
    own = given.get(group.main, passed[0] if passed else [])
    weights = [parameters[name] for name in names]
    return LayerFigures(
        layers=tuple(group.modules),
        shape=tuple(own[0].shape[1:]) if own else (),
        weights=spread(_joined(weights)) if weights else None,
        activations=spread(_joined(passed[-1])) if passed else None,
        gradients={
            phase: spread(_joined([found[name] for name in names]))
            for phase, found in gradients.items()
            if names
        },
        activity=activity_of([size for index in group.modules for size in _sizes(bent, index)]),
    )


def _joined(tensors: Sequence[Tensor]) -> Tensor:
    if len(tensors) == 1:
        return tensors[0]
    return torch.cat([tensor.reshape(-1) for tensor in tensors])


def _sizes(bent: Mapping[int, list[Tensor]], index: int) -> list[Tensor]:
    """The mean |activation| of the units of each bend of a layer, over all passes."""
    by_width: dict[tuple[int, ...], list[Tensor]] = {}
    for made in bent.get(index, []):
        by_width.setdefault(tuple(made.shape[1:]), []).append(made)
    return [_mean_size(passes) for passes in by_width.values()]


def _mean_size(passes: list[Tensor]) -> Tensor:
    """E|h| of every unit (units,), or channel, of passes (N, units, …) over items and places."""
    sizes = torch.cat(passes).abs()
    return sizes.mean(dim=[axis for axis in range(sizes.dim()) if axis != 1])


def activity_of(sizes: list[Tensor]) -> Floats | None:
    """Definition 3.1 of arXiv 2302.12902: E|h| of each unit against the mean of its layer's.

    Takes the sizes (units,) of one or more bends, each of which is measured by itself; a layer
    that is silent as a whole has zeros. ``None`` where there is no bend.
    """
    if not sizes:
        return None
    scores = [size / size.mean().clamp(min=torch.finfo(size.dtype).tiny) for size in sizes]
    found: Floats = torch.cat(scores).float().cpu().numpy()
    return found
