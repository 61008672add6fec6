"""A list of layers run backwards: an encoder's turned into a decoder's, and the other way round.

Only shapes are mirrored, not functions: what shrinks a picture in one list enlarges it in the
other by as much, widths come in reverse, and norms and activations stay where the picture has the
same size. DCGAN's two networks (arXiv 1511.06434) are such a pair.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aegan_studio.catalog.networks import parts
from aegan_studio.experiment.parts import LAYERS, LayerOptions, Role, Shape

Shapes = Sequence[tuple[Shape | None, Shape | None]]
"""For each layer the shapes of one item before and after it; ``None`` where it does not fit."""

PAIRS = (("encoder", "decoder"), ("encoder", "generator"))
"""Roles of which one undoes what the other does."""

KERNELS = 15
"""The largest kernel that a layer may have."""


@dataclass
class _Stage:
    """A layer that makes a shape, and those after it that pass the shape on."""

    maker: LayerOptions | None
    before: Shape
    after: Shape
    followers: list[LayerOptions] = field(default_factory=list)


def partner(role: str, roles: Sequence[Role]) -> Role | None:
    """The role whose network is the mirror of this one's; ``None`` where the method has none."""
    names = {other.name: other for other in roles}
    for pair in PAIRS:
        if role in pair:
            other = names.get(pair[1 - pair.index(role)])
            if other is not None:
                return other
    return None


def mirrored(
    layers: Sequence[LayerOptions], shapes: Shapes, target: Role
) -> tuple[LayerOptions, ...] | None:
    """The list that leads from the end of ``layers`` back to their beginning.

    Parameters
    ----------
    layers : sequence of LayerOptions
        From input to output; disabled ones are left out of the mirror.
    shapes : sequence of pairs of shapes
        What each layer takes and makes, e.g. (3, 32, 32) and (32, 16, 16).
    target : Role
        The role that the mirror is for; its last activation keeps it in the role's range.

    Returns
    -------
    tuple of LayerOptions or None
        ``None`` where not every layer fits: there is no shape to go back to then.
    """
    stages = _stages(layers, shapes)
    if stages is None:
        return None
    made: list[LayerOptions] = []
    for index in range(len(stages) - 1, 0, -1):
        stage, above = stages[index], stages[index - 1]
        last = index == 1
        followers = [] if last else above.followers
        made += _inverse(stage, biased=not _batch_normed(followers))
        made += followers
    picture = len(stages) > 1 and made and made[-1].kind in ("reshape", "flatten")
    end = [made.pop()] if picture else []  # the activation stands before a mere rearrangement
    return (*made, *parts.output(target, "bounded"), *end)


def _stages(layers: Sequence[LayerOptions], shapes: Shapes) -> list[_Stage] | None:
    """The list cut after each change of shape; the first stage has no maker."""
    stages: list[_Stage] = []
    for layer, (before, after) in zip(layers, shapes, strict=True):
        if not layer.enabled:
            continue
        if before is None or after is None:
            return None
        if not stages:
            stages.append(_Stage(None, before, before))
        if before == after and not _reshaping(layer):
            stages[-1].followers.append(layer)
        else:
            stages.append(_Stage(layer, before, after))
    return stages


def _reshaping(layer: LayerOptions) -> bool:
    """Whether the layer has weights of its own that a mirror must run backwards."""
    return layer.kind in ("linear", "convolution", "transposed")


def _batch_normed(followers: Sequence[LayerOptions]) -> bool:
    """Whether a batch norm comes next, which takes any bias away again."""
    return bool(followers) and getattr(followers[0], "over", "") == "batch"


def _layer(kind: str, **options: Any) -> LayerOptions:
    layer: LayerOptions = LAYERS.parse({"kind": kind, **options})
    return layer


def _inverse(stage: _Stage, *, biased: bool) -> list[LayerOptions]:
    """Layers that lead from ``stage.after`` back to ``stage.before``."""
    layer, wanted, given = stage.maker, stage.before, stage.after
    assert layer is not None
    if math.prod(wanted) == math.prod(given) and layer.kind in ("flatten", "reshape"):
        return [_layer("flatten") if len(wanted) == 1 else _layer("reshape", shape=wanted)]
    if len(wanted) == 3 and len(given) == 3:
        return _picture(layer, wanted, given, biased=biased)
    if len(wanted) == 1:
        flat = [_layer("flatten")] if len(given) > 1 else []
        return [*flat, _layer("linear", width=wanted[0], bias=biased)]
    flat = [_layer("flatten")] if len(given) > 1 else []
    row = _layer("linear", width=math.prod(wanted), bias=biased)
    return [*flat, row, _layer("reshape", shape=wanted)]


def _picture(
    layer: LayerOptions, wanted: Shape, given: Shape, *, biased: bool
) -> list[LayerOptions]:
    """From pictures of one size to pictures of another."""
    channels, side, _ = wanted
    there = given[1]
    if layer.kind == "convolution" and side == there:
        return [_same_kind(layer, channels, biased)]
    if layer.kind == "convolution" and there < side:
        fitted = _transposed(layer, channels, side, there, biased)
        if fitted is not None:
            return [fitted]
    turned = _turned_block(layer, channels, side, there)
    if turned is not None:
        return [turned]
    if layer.kind == "transposed" and side <= there:
        fitted = _convolution(layer, channels, side, there, biased)
        if fitted is not None:
            return [fitted]
    resize = _resized(side, there)
    return [*resize, _layer("convolution", channels=channels, kernel=3, padding=1, bias=biased)]


def _turned_block(layer: LayerOptions, channels: int, side: int, there: int) -> LayerOptions | None:
    """A residual block that doubles where this one halves, and the other way round."""
    sampling = getattr(layer, "sampling", None)
    factors = {("down", 2 * there): "up", ("up", there // 2): "down", ("none", there): "none"}
    turned = factors.get((str(sampling), side))
    if turned is None:
        return None
    return _layer(**{**layer.model_dump(), "channels": channels, "sampling": turned})


def _same_kind(layer: LayerOptions, channels: int, biased: bool) -> LayerOptions:
    return _layer(**{**layer.model_dump(), "channels": channels, "bias": biased})


def _transposed(
    layer: LayerOptions, channels: int, side: int, there: int, biased: bool
) -> LayerOptions | None:
    """A transposed convolution from ``there`` to ``side``: (there − 1)·stride − 2·padding + k."""
    stride: int = layer.stride  # type: ignore[attr-defined]
    padding: int = layer.padding  # type: ignore[attr-defined]
    # an odd side loses a pixel where it is halved; a kernel one larger gives it back
    kernel = side - (there - 1) * stride + 2 * padding
    if not 1 <= kernel <= KERNELS:
        return None
    return _layer(
        "transposed", channels=channels, kernel=kernel, stride=stride, padding=padding, bias=biased
    )


def _convolution(
    layer: LayerOptions, channels: int, side: int, there: int, biased: bool
) -> LayerOptions | None:
    """A convolution from ``there`` to ``side``: ⌊(there + 2·padding − k) / stride⌋ + 1."""
    kernel: int = layer.kernel  # type: ignore[attr-defined]
    stride: int = layer.stride  # type: ignore[attr-defined]
    padding: int = layer.padding  # type: ignore[attr-defined]
    if (there + 2 * padding - kernel) // stride + 1 != side or there + 2 * padding < kernel:
        return None
    return _layer(
        "convolution", channels=channels, kernel=kernel, stride=stride, padding=padding, bias=biased
    )


def _resized(side: int, there: int) -> list[LayerOptions]:
    """Layers that change the size of a picture and not its channels, by a whole factor."""
    if side > there and side % there == 0:
        return _enlarged(side // there)
    if side < there:
        # one kernel over each patch; the channels are set by the convolution that follows
        stride = there // side
        kernel = there - (side - 1) * stride
        if kernel <= KERNELS and stride <= 8:
            return [_layer("convolution", kernel=kernel, stride=stride, padding=0)]
    return []


def _enlarged(factor: int) -> list[LayerOptions]:
    found: list[LayerOptions] = []
    for prime in (8, 7, 5, 3, 2):
        while factor % prime == 0 and prime > 1:
            found.append(_layer("upsample", factor=prime))
            factor //= prime
    return found if factor == 1 else []
