"""What a layer makes of one item."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from aegan_studio.experiment.views.inside import Features
from aegan_studio.ml.looking import Looking, first
from aegan_studio.ml.methods.packing import packed
from aegan_studio.ml.networks.watching import watched
from aegan_studio.ml.views.layers import grouped

MOST = 256
"""Maps that are handed out; of more, the first."""


class Item(NamedTuple):
    """One item: itself (1, \\*item), its code (1, d) where it has one, and its class."""

    x: Tensor
    z: Tensor | None
    label: int | None


def features(looking: Looking, argument: str) -> Features | None:
    """The results of a layer for an item: ``role/layer/item``, as in ``encoder/1/train-5``.

    An unknown layer is the first one. ``None`` where the network has no part in what the model
    makes of such an item: a generator of noise sees no data.
    """
    role, layer, item = [*argument.split("/"), "", ""][:3]
    network = looking.model.networks.get(role)
    if network is None:
        return None
    given: dict[int, Tensor] = {}
    with torch.no_grad(), watched(network, given.__setitem__):
        found = _run(looking, item)
    # a layer that flattens maps, or makes maps of a row, is passed over or taken for their sake
    ends = [
        max(there, key=lambda index: (given[index].dim(), index))
        for group in grouped(network)
        if (there := [index for index in group.modules if index in given])
    ]
    if found is None or not ends:
        return None
    chosen = int(layer) if layer.isdecimal() and int(layer) in ends else ends[0]
    made = given[chosen]
    # a critic that is asked about every class in turn
    row = found.label if found.label is not None and len(made) > found.label else 0
    maps = made[row if len(made) > 1 else 0]
    return Features(
        role=role,
        layers=tuple(ends),
        layer=chosen,
        item=item,
        shown=looking.data.to_screen(found.x)[0],
        maps=maps[:MOST].detach().cpu().float().contiguous().numpy().astype(np.float32),
        units=len(maps),
    )


def _run(looking: Looking, item: str) -> Item | None:
    """Do with an item all that the model does with such ones."""
    method = looking.model.method
    found = _found(looking, item)
    if found is None:
        return None
    x, z, _ = found
    if z is not None:
        method.generate(z)
        latent = looking.model.networks.get("latent_discriminator")
        if latent is not None:
            latent(z)
    if method.has_encoder and item.startswith("sample"):
        method.encode(x)
    if method.has_critic:
        method.critic(x)
    elif "discriminator" in looking.model.networks:
        pack = int(method.options.packing)
        looking.model.networks["discriminator"](packed(x.repeat(pack, *[1] * (x.dim() - 1)), pack))
    if method.has_anomaly:
        method.anomaly(x)
    return found


def _found(looking: Looking, item: str) -> Item | None:
    """The item of that name, and its code as the model finds it."""
    kind, _, digits = item.rpartition("-")
    number = int(digits) if digits.isdecimal() else -1
    method = looking.model.method
    if kind == "sample":
        if not 0 <= number < len(looking.sample_codes):
            return None
        one = slice(number, number + 1)
        method.codes(looking.noise[one])  # where networks make codes
        z = looking.sample_codes[one]
        return Item(method.generate(z), z, _class_of(looking, z))
    items = {"train": looking.originals, "held-out": looking.held_out}.get(kind)
    if items is None or not 0 <= number < len(items):
        return None
    x = items[number : number + 1]
    code = method.encode(x) if method.has_encoder else None
    return Item(x, code, _label(looking, kind, number))


def _label(looking: Looking, kind: str, number: int) -> int | None:
    data = looking.data
    labels = data.train_labels if kind == "train" else data.held_out_labels
    if labels is None:
        return None
    count = len(looking.originals if kind == "train" else looking.held_out)
    return int(first(labels, count, mixed=kind == "train")[number])


def _class_of(looking: Looking, z: Tensor) -> int | None:
    """The class that a code asks for."""
    start = 0
    for part in looking.experiment.method.code_parts(looking.data.info):
        if part.kind == "class":
            return int(z[0, start : start + part.size].argmax())
        start += part.size
    return None
