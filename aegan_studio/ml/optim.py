"""Optimisers and learning-rate schedules from a phase's options."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor
from torch.optim import SGD, Adam, AdamW, Optimizer, RMSprop

from aegan_studio.experiment.training import PhaseOptions


def optimiser(options: PhaseOptions, parameters: Iterable[Tensor], device: str) -> Optimizer:
    """A torch optimiser over flat buffers, fused where the device has the kernel."""
    tensors = list(parameters)
    fused = device in ("cpu", "cuda")
    lr, decay = options.lr, options.weight_decay
    betas = (options.beta1, options.beta2)
    if options.optimizer == "adam":
        return Adam(tensors, lr=lr, betas=betas, weight_decay=decay, fused=fused)
    if options.optimizer == "adamw":
        return AdamW(tensors, lr=lr, betas=betas, weight_decay=decay, fused=fused)
    if options.optimizer == "rmsprop":
        # one flat tensor a network: nothing for foreach to batch
        return RMSprop(tensors, lr=lr, alpha=options.beta2, weight_decay=decay, foreach=False)
    return SGD(tensors, lr=lr, momentum=options.momentum, weight_decay=decay, fused=fused)


def configure(optimizer: Optimizer, options: PhaseOptions, step: int, total: int) -> None:
    """Bring an optimiser's settings up to the (live) options at a step."""
    for group in optimizer.param_groups:
        group["lr"] = rate(options, step, total)
        group["weight_decay"] = options.weight_decay
        if "betas" in group:
            group["betas"] = (options.beta1, options.beta2)
        if "alpha" in group:
            group["alpha"] = options.beta2
        if "momentum" in group and isinstance(optimizer, SGD):
            group["momentum"] = options.momentum


def rate(options: PhaseOptions, step: int, total: int) -> float:
    """The learning rate at a step (counted from 0) of ``total``."""
    value = options.lr
    if options.schedule == "cosine":
        done = min(1.0, step / max(1, total))
        share = 0.5 * (1 + math.cos(math.pi * done))
        value *= options.final_fraction + (1 - options.final_fraction) * share
    elif options.schedule == "step":
        value *= options.decay_factor ** (step // options.decay_every)
    if step < options.warmup:
        value *= (step + 1) / options.warmup
    return value


def varies(options: PhaseOptions) -> bool:
    """Whether the rate changes from step to step."""
    return options.schedule != "constant" or options.warmup > 0


@torch.no_grad()
def clip(gradients: Iterable[Tensor], limit: float) -> None:
    """Scale gradients in place to a common norm of at most ``limit``, without synchronising."""
    tensors = list(gradients)
    norm = total_norm(tensors)
    scale = (limit / (norm + 1e-6)).clamp(max=1.0)
    for tensor in tensors:
        tensor.mul_(scale)


@torch.no_grad()
def total_norm(gradients: Iterable[Tensor]) -> Tensor:
    """The Euclidean norm of all gradients together, a scalar tensor."""
    norms = torch.stack([torch.linalg.vector_norm(tensor) for tensor in gradients])
    norm: Tensor = torch.linalg.vector_norm(norms)
    return norm
