"""Words of their own for methods whose updates the general ones tell poorly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from aegan_studio.catalog.narration.stages import Formula, Narration, Stage
from aegan_studio.messages import msg


def _by_kind(told: Narration, change: Callable[[Stage], Stage | None]) -> Narration:
    """Every stage changed, or left out where nothing comes back."""
    stages = [change(stage) for stage in told.stages]
    return replace(told, stages=tuple(stage for stage in stages if stage is not None))


def _energies(told: Narration, networks: tuple[str, ...], by: str) -> Narration:
    """A critic that is an autoencoder: it judges by how badly it rebuilds."""
    kinds = ("critic", "term")
    first = next(
        index
        for index, stage in enumerate(told.stages)
        if stage.kind in (*kinds, "loss")  # the generator's phase names no critic
    )
    about = [
        formula
        for stage in told.stages
        if stage.kind == "term"
        for formula in stage.formulas
        if r"\ell" in formula.latex
    ]
    measured = [
        formula for stage in told.stages if stage.kind == "critic" for formula in stage.formulas
    ]
    shown = ("x", "x-hat") if told.phase.name == "discriminator" else ("x-hat",)
    judging = Stage(
        "critic",
        msg("Let {network} rebuild it", network="D"),
        (Formula(by), *about),
        msg(
            "D is an autoencoder of its own. The error ℓ that it makes at rebuilding a thing is "
            "its verdict: small for what looks real."
        ),
        tuple((thing, "discriminator") for thing in shown),
        lit=networks,
    )
    signals = [formula for formula in measured if formula.reading and formula.reading[0] == "term"]
    stages: list[Stage] = [*told.stages[:first], judging]
    for stage in told.stages[first:]:
        if stage.kind == "critic" or (stage.kind == "term" and stage.formulas[0] in about):
            continue
        if stage.kind == "loss":
            stage = replace(stage, formulas=(*stage.formulas, *signals))
        if stage.kind == "gradient" and told.phase.name == "generator":
            stage = replace(stage, hops=(("x-hat", "discriminator"), *stage.hops))
        stages.append(stage)
    return replace(told, stages=tuple(stages))


def _began(_method: Any, told: Narration) -> Narration:
    return _energies(told, ("discriminator",), r"\ell(v) = |v - D(v)|")


def _ebgan(_method: Any, told: Narration) -> Narration:
    by = r"\ell(v) = \lVert v - D_d(D_e(v)) \rVert^2"
    return _energies(told, ("discriminator", "rebuilder"), by)


def _arae(method: Any, told: Narration) -> Narration:
    def change(stage: Stage) -> Stage:
        if stage.kind == "noise":
            noise = Formula(rf"s \sim N(0, I_{{{method.noise_dim}}})")
            return replace(stage, formulas=(noise,))
        formulas = tuple(
            replace(f, latex=f.latex.replace(r"\epsilon", "s")) for f in stage.formulas
        )
        return replace(stage, formulas=formulas)

    return _by_kind(told, change)


def _article_loop(method: Any, told: Narration) -> Narration:
    generator = told.phase.name == "generator"

    def change(stage: Stage) -> Stage:
        if stage.kind == "critic" and not generator and method.real_unused:
            words = msg(
                "The article shows D samples in place of data, once with the label real and once "
                "with the label generated. Nothing can be learned from that."
            )
            return replace(stage, help=words)
        if stage.kind == "gradient" and generator and method.detached:
            words = msg(
                "The article computes the loss from x̂.detach(): the gradient ends there, and none "
                "reaches G."
            )
            hops = tuple(hop for hop in stage.hops if "discriminator" in hop)
            return replace(stage, help=words, hops=hops)
        if stage.kind == "move" and generator and method.detached:
            return replace(stage, help=msg("Without a gradient G stays where it is, for ever."))
        return stage

    return _by_kind(told, change)


def _factor_vae(_method: Any, told: Narration) -> Narration:
    if told.phase.name != "latent_discriminator":
        return told
    shuffle = Stage(
        "noise",
        msg("Shuffle the values"),
        (Formula(r"\bar{z} \sim \prod_j q(z_j)"),),
        msg(
            "Each value of the codes of another batch is exchanged between items. What values had "
            "to do with each other is gone."
        ),
    )
    kept = list(told.stages)
    at = next(index for index, stage in enumerate(kept) if stage.kind == "critic")
    words = msg(
        "How surely it takes codes for such as the encoder gives, not for shuffled ones. ½ means "
        "that their values are independent."
    )
    kept[at] = replace(kept[at], help=words)
    return replace(told, stages=(*kept[:at], shuffle, *kept[at:]))


def _soft_introvae(_method: Any, told: Narration) -> Narration:
    encoder = told.phase.name == "encoder"

    def change(stage: Stage) -> Stage:
        terms = [formula.reading[1] for formula in stage.formulas if formula.reading]
        if stage.kind == "term" and "exp-bound" in terms:
            words = msg("E wants what G makes to look unlikely: here it is the critic.")
            return replace(stage, help=words)
        if stage.kind == "term" and "rec-x-g" in terms:
            hops = (("x", "term:rec-x"), ("x-tilde", "term:rec-x"))
            return replace(stage, kind="compare", hops=hops)
        if stage.kind == "network" and stage.hops[-1][1] == "z-tilde" and encoder:
            words = msg(
                "E encodes what G has made as if it were data: E is the critic of this game, and "
                "tells by the code."
            )
            return replace(stage, help=words)
        return stage

    return _by_kind(told, change)


def _vae_gan(_method: Any, told: Narration) -> Narration:
    if told.phase.name != "autoencoder":
        return told

    def change(stage: Stage) -> Stage:
        if stage.kind != "loss":
            return stage
        kept = [f for f in stage.formulas if f.reading is None or f.reading[0] != "total"]
        totals = Formula("L_E", ("total", "encoder")), Formula("L_G", ("total", "decoder"))
        words = msg(
            "Each network has a loss of its own: the encoder that of rebuilding, the decoder also "
            "that of deceiving D."
        )
        return replace(stage, formulas=(*kept, *totals), help=words)

    return _by_kind(told, change)


def _vq_vae(_method: Any, told: Narration) -> Narration:
    prior = told.phase.name == "prior"

    def change(stage: Stage) -> Stage:
        if stage.kind == "network" and stage.hops[-1] == ("codebook", "index"):
            return replace(
                stage,
                text=msg("Pick the nearest vectors"),
                formulas=(Formula(r"k = \argmin_j \lVert \hat{z} - e_j \rVert"),),
                help=msg(
                    "Every part of the code is replaced by the entry of the codebook nearest to "
                    "it. What is left of an item is a list of numbers k."
                ),
            )
        if stage.kind == "network" and stage.hops[0] == ("index", "decoder"):
            return replace(stage, formulas=(Formula(r"\tilde{x} = G(e_k)"),))
        if stage.kind == "term" and prior:
            return replace(
                stage,
                text=msg("Guess each index from those before"),
                help=msg(
                    "The prior is asked for every index, given those before it: how surprised it "
                    "is, in nats. That is how it learns which lists make an item."
                ),
                hops=(("prior", "index"),),
                lit=("prior",),
            )
        if stage.kind == "gradient" and prior:
            return replace(stage, hops=(("prior", "index"),))
        return stage

    return _by_kind(told, change)


OVERRIDES: Mapping[str, Callable[[Any, Narration], Narration]] = {
    "arae": _arae,
    "article-loop": _article_loop,
    "began": _began,
    "ebgan": _ebgan,
    "factor-vae": _factor_vae,
    "soft-introvae": _soft_introvae,
    "vae-gan": _vae_gan,
    "vq-vae": _vq_vae,
}
"""By method: takes its options and what the general words make of a phase."""
