"""What may help against a finding: edits that the experiment at hand has options for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aegan_studio.catalog import checks
from aegan_studio.experiment import Experiment, InputError
from aegan_studio.experiment.findings import Remedy
from aegan_studio.messages import Message, msg

MOST = 4
"""Remedies of one finding."""

Maker = Callable[[Experiment, str], Remedy | None]


def remedies_for(name: str, experiment: Experiment, about: str = "") -> tuple[Remedy, ...]:
    """Remedies that fit an experiment: each changes something, and what it makes can train."""
    found = []
    for make in _MAKERS.get(name, ()):
        remedy = make(experiment, about)
        if remedy is not None and _works(experiment, remedy.edits):
            found.append(remedy)
    return tuple(found[:MOST])


def _works(experiment: Experiment, edits: Mapping[str, Any]) -> bool:
    try:
        changed = experiment.with_options(edits)
    except InputError:
        return False
    before = {problem.path for problem in checks.problems(experiment)}
    after = [p for p in checks.problems(changed) if p.severity == "error" and p.path not in before]
    return changed != experiment and not after


def _edit(
    experiment: Experiment, label: Message, help: Message, edits: Mapping[str, Any]
) -> Remedy | None:
    """A remedy, or nothing where the experiment lacks one of the options or has the value."""
    try:
        infos = [experiment.option_info(path) for path in edits]
        same = all(experiment.get(path) == value for path, value in edits.items())
    except InputError:
        return None
    if same or any(not _applies(experiment, path) for path in edits if len(edits) == 1):
        return None
    live = all(info is not None and info.live for info in infos)
    return Remedy(label, help, dict(edits), live)


def _applies(experiment: Experiment, path: str) -> bool:
    """Whether an option has any effect beside the values of its siblings."""
    info = experiment.option_info(path)
    group = path.rpartition(".")[0]
    return info is None or all(
        experiment.get(f"{group}.{name}") in values for name, values in info.when.items()
    )


def _phase(experiment: Experiment, *roles: str) -> str:
    """The phase that updates the first of some roles there is; empty where none does."""
    for role in roles:
        for phase in experiment.phase_infos():
            if role in phase.updates:
                return phase.name
    return ""


def _judge(experiment: Experiment) -> str:
    return _phase(experiment, "discriminator", "latent_discriminator")


def _maker(experiment: Experiment) -> str:
    return _phase(experiment, "generator", "decoder", "latent_generator")


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")


def _rate(phase: str, factor: float) -> Callable[[Experiment], Remedy | None]:
    def make(experiment: Experiment) -> Remedy | None:
        if not phase:
            return None
        path = f"phases.{phase}.lr"
        old = float(experiment.get(path))
        new = min(10.0, _rounded(old * factor))
        label = next(msg(p.label) for p in experiment.phase_infos() if p.name == phase)
        what = msg("Lower its rate") if factor < 1 else msg("Raise its rate")
        return _edit(
            experiment,
            what,
            msg("{phase}: learning rate from {old:g} to {new:g}.", phase=label, old=old, new=new),
            {path: new},
        )

    return make


def slow_judge(experiment: Experiment, about: str) -> Remedy | None:
    """The discriminator's rate, to a quarter."""
    del about
    return _named(msg("Slow the discriminator"), _rate(_judge(experiment), 0.25)(experiment))


def quicken_judge(experiment: Experiment, about: str) -> Remedy | None:
    """The discriminator's rate, up to the generator's or four times as much."""
    del about
    judge, maker = _judge(experiment), _maker(experiment)
    if not judge or not maker:
        return None
    own, other = (float(experiment.get(f"phases.{phase}.lr")) for phase in (judge, maker))
    factor = max(4.0, other / own) if own > 0 else 4.0
    return _named(msg("Quicken the discriminator"), _rate(judge, factor)(experiment))


def slow_maker(experiment: Experiment, about: str) -> Remedy | None:
    """The generator's rate, to a quarter."""
    del about
    return _named(msg("Slow the generator"), _rate(_maker(experiment), 0.25)(experiment))


def quicken_maker(experiment: Experiment, about: str) -> Remedy | None:
    """The generator's rate, up to the discriminator's or four times as much."""
    del about
    judge, maker = _judge(experiment), _maker(experiment)
    if not maker:
        return None
    own = float(experiment.get(f"phases.{maker}.lr"))
    other = float(experiment.get(f"phases.{judge}.lr")) if judge else own
    return _named(msg("Quicken the generator"), _rate(maker, max(4.0, other / own))(experiment))


def _named(label: Message, remedy: Remedy | None) -> Remedy | None:
    return None if remedy is None else Remedy(label, remedy.help, remedy.edits, remedy.live)


def fewer_judgements(experiment: Experiment, about: str) -> Remedy | None:
    """One update of the discriminator in a step."""
    del about
    judge = _judge(experiment)
    if not judge or int(experiment.get(f"phases.{judge}.updates")) <= 1:
        return None
    old = int(experiment.get(f"phases.{judge}.updates"))
    return _edit(
        experiment,
        msg("One judgement a step"),
        msg("Updates of the discriminator in a step from {old} to 1.", old=old),
        {f"phases.{judge}.updates": 1},
    )


def fewer_generations(experiment: Experiment, about: str) -> Remedy | None:
    """One update of the generator in a step."""
    del about
    maker = _maker(experiment)
    if not maker or int(experiment.get(f"phases.{maker}.updates")) == 1:
        return None
    old = int(experiment.get(f"phases.{maker}.updates"))
    return _edit(
        experiment,
        msg("One update of the generator"),
        msg("Updates of the generator in a step from {old} to 1.", old=old),
        {f"phases.{maker}.updates": 1},
    )


def pack(experiment: Experiment, about: str) -> Remedy | None:
    """Two items judged together."""
    del about
    packing = getattr(experiment.method, "packing", 0)
    if not packing or packing > 1:
        return None
    return _edit(
        experiment,
        msg("Judge items in pairs"),
        msg(
            "The discriminator sees two items at a time, so that a lack of variety shows "
            "(arXiv 1712.04086)."
        ),
        {"method.packing": 2},
    )


def flatten(experiment: Experiment, about: str) -> Remedy | None:
    """R₁ where there is no penalty."""
    del about
    if getattr(experiment.method, "penalty", "") != "none":
        return None
    points = experiment.data_info().modality == "points"
    return _edit(
        experiment,
        msg("Add an R₁ penalty"),
        msg(
            "Keeps the discriminator flat at the real data, which makes training converge "
            "(arXiv 1801.04406)."
        ),
        {"method.penalty": "r1", "method.penalty_weight": 0.1 if points else 1.0},
    )


def bound_critic(experiment: Experiment, about: str) -> Remedy | None:
    """A gradient penalty for a Wasserstein critic without one."""
    del about
    method = experiment.method
    if getattr(method, "loss", "") != "wasserstein" or getattr(method, "penalty", "") != "none":
        return None
    points = experiment.data_info().modality == "points"
    return _edit(
        experiment,
        msg("Bound the critic"),
        msg(
            "A penalty keeps its slope at 1: without one its values grow and mean nothing "
            "(arXiv 1704.00028)."
        ),
        {"method.penalty": "wgan-gp", "method.penalty_weight": 0.1 if points else 10.0},
    )


def weaken_penalty(experiment: Experiment, about: str) -> Remedy | None:
    """A tenth of the penalty's weight."""
    del about
    if getattr(experiment.method, "penalty", "none") == "none":
        return None
    old = float(experiment.get("method.penalty_weight"))
    new = _rounded(old / 10)
    return _edit(
        experiment,
        msg("Weaken the penalty"),
        msg("Weight of the penalty from {old:g} to {new:g}.", old=old, new=new),
        {"method.penalty_weight": new},
    )


def _switch(
    path: str, label: Message, help: Message, to: Any, when: Callable[[Any], bool]
) -> Maker:
    """A remedy that sets one option where its value is such."""

    def make(experiment: Experiment, about: str) -> Remedy | None:
        del about
        try:
            value = experiment.get(path)
        except InputError:
            return None
        return _edit(experiment, label, help, {path: to}) if when(value) else None

    return make


unclip = _switch(
    "method.weight_clip",
    msg("Do not clip weights"),
    msg("Weights of the discriminator may grow again."),
    0.0,
    lambda value: value > 0,
)
saturate_not = _switch(
    "method.loss",
    msg("Use the non-saturating loss"),
    msg("−log D(G(z)) keeps gradients alive while the discriminator is ahead (arXiv 1406.2661)."),
    "non-saturating",
    lambda value: value == "minimax",
)
blur = _switch(
    "method.instance_noise",
    msg("Blur what D sees"),
    msg("Noise of deviation 0.1 on all items makes real and generated ones overlap."),
    0.1,
    lambda value: value < 0.1,
)
average = _switch(
    "training.ema",
    msg("Average the generator"),
    msg("Shows and saves a running average of its weights, which circles less."),
    0.999,
    lambda value: value == 0,
)
restart_entries = _switch(
    "method.restart",
    msg("Restart idle entries"),
    msg("Idle entries are put where codes are, every hundred steps."),
    True,
    lambda value: value is False,
)
average_entries = _switch(
    "method.codebook",
    msg("Average the codebook"),
    msg("Entries become running means of the codes that choose them (arXiv 1711.00937)."),
    "average",
    lambda value: value == "loss",
)


def undecay(experiment: Experiment, about: str) -> Remedy | None:
    """No weight decay of the discriminator."""
    del about
    judge = _judge(experiment)
    if not judge or float(experiment.get(f"phases.{judge}.weight_decay")) < 0.1:
        return None
    return _edit(
        experiment,
        msg("Stop the decay"),
        msg("Weights of the discriminator are no longer pulled to zero."),
        {f"phases.{judge}.weight_decay": 0.0},
    )


def slow(experiment: Experiment, about: str) -> Remedy | None:
    """A tenth of the rate of the phase in question."""
    names = [phase.name for phase in experiment.phase_infos()]
    phase = about if about in names else _phase(experiment, about) or names[0]
    return _rate(phase, 0.1)(experiment)


def clip(experiment: Experiment, about: str) -> Remedy | None:
    """A bound on the gradient norm of the phase in question."""
    names = [phase.name for phase in experiment.phase_infos()]
    phase = about if about in names else _phase(experiment, about) or names[0]
    if float(experiment.get(f"phases.{phase}.clip")) > 0:
        return None
    return _edit(
        experiment,
        msg("Clip the gradient"),
        msg("Gradients longer than 1 are scaled down to 1 (arXiv 1211.5063)."),
        {f"phases.{phase}.clip": 1.0},
    )


def adaptive(experiment: Experiment, about: str) -> Remedy | None:
    """Adam in place of plain descent: its steps do not shrink with the gradient."""
    names = [phase.name for phase in experiment.phase_infos()]
    phase = about if about in names else _phase(experiment, about) or names[0]
    if experiment.get(f"phases.{phase}.optimizer") != "sgd":
        return None
    return _edit(
        experiment,
        msg("Use Adam"),
        msg("Adam scales each weight’s step by its own gradients, however small they are."),
        {f"phases.{phase}.optimizer": "adam", f"phases.{phase}.lr": 1e-3},
    )


def _bends(experiment: Experiment, about: str) -> list[str]:
    roles = [role.name for role in experiment.roles()]
    phase = next((p for p in experiment.phase_infos() if p.name == about), None)
    return [about] if about in roles else list(phase.updates) if phase else roles


def leak(experiment: Experiment, about: str) -> Remedy | None:
    """Leaky ReLU where activations die or saturate."""
    edits = {}
    for role in _bends(experiment, about):
        path = f"networks.{role}.activation"
        try:
            value = experiment.get(path)
        except InputError:
            continue
        if value in ("relu", "sigmoid", "tanh"):
            edits[path] = "leaky-relu"
    if not edits:
        return None
    return _edit(
        experiment,
        msg("Use leaky ReLU"),
        msg("It passes gradients on both sides of zero, so that no unit dies or saturates."),
        edits,
    )


def _factor(path: str, factor: float, label: Message, what: str) -> Maker:
    def make(experiment: Experiment, about: str) -> Remedy | None:
        del about
        try:
            old = float(experiment.get(path))
        except InputError:
            return None
        new = _rounded(old * factor)
        help = msg("{what} from {old:g} to {new:g}.", what=msg(what), old=old, new=new)
        return _edit(experiment, label, help, {path: new}) if old > 0 else None

    return make


less_beta = _factor("method.beta", 0.1, msg("Lower β"), "Weight of the divergence")
sharper = _factor("method.sigma", 0.3, msg("Sharpen the likelihood"), "Deviation of the likelihood")
blunter = _factor("method.sigma", 10.0, msg("Soften the likelihood"), "Deviation of the likelihood")
fewer_entries = _factor("method.entries", 0.25, msg("Use fewer entries"), "Entries of the codebook")


def more_data(experiment: Experiment, about: str) -> Remedy | None:
    """Most of the data for training, where most are held out."""
    del about
    old = float(experiment.get("dataset.held_out"))
    if old <= 0.3:
        return None
    return _edit(
        experiment,
        msg("Train on more data"),
        msg("Held-out share from {old:.0%} to 25 %.", old=old),
        {"dataset.held_out": 0.25},
    )


def decay(experiment: Experiment, about: str) -> Remedy | None:
    """Weight decay of the phase in question."""
    names = [phase.name for phase in experiment.phase_infos()]
    phase = about if about in names else _phase(experiment, about) or names[0]
    if float(experiment.get(f"phases.{phase}.weight_decay")) >= 0.01:
        return None
    return _edit(
        experiment,
        msg("Decay weights"),
        msg("Weight decay of 0.01 pulls weights that the data do not need to zero."),
        {f"phases.{phase}.weight_decay": 0.01},
    )


def spoil(experiment: Experiment, about: str) -> Remedy | None:
    """Noise on what an autoencoder sees."""
    del about
    if getattr(experiment.method, "corruption", "") != "none":
        return None
    return _edit(
        experiment,
        msg("Add noise to the input"),
        msg("It learns to clean items up, which cannot be done by heart."),
        {"method.corruption": "noise"},
    )


def vary(experiment: Experiment, about: str) -> Remedy | None:
    """Variation of what the discriminator sees."""
    del about
    try:
        on = experiment.get("method.augment")
    except InputError:
        return None
    if on:
        return None
    return _edit(
        experiment,
        msg("Vary what D sees"),
        msg("Shifts and cut-outs of all items alike make few data last longer (2006.10738)."),
        {"method.augment": True},
    )


def mend_loop(experiment: Experiment, about: str) -> Remedy | None:
    """The article's program without its mistakes."""
    del about
    if experiment.method.kind != "article-loop":
        return None
    switches = ("real_unused", "same_samples", "target_zero", "detached", "half_printed")
    return _edit(
        experiment,
        msg("Correct the program"),
        msg("All mistakes of the article’s loop are switched off."),
        {f"method.{name}": False for name in switches},
    )


_MAKERS: Mapping[str, tuple[Maker, ...]] = {
    "mode-collapse": (fewer_generations, quicken_judge, pack, flatten, average),
    "strong-critic": (fewer_judgements, slow_judge, quicken_maker, flatten, blur),
    "dead-critic": (unclip, undecay, weaken_penalty, slow_judge, leak),
    "stuck-pair": (mend_loop, fewer_generations, quicken_maker, quicken_judge),
    "oscillation": (slow_maker, quicken_judge, average, flatten),
    "misleading-loss": (mend_loop, bound_critic, quicken_judge, fewer_generations),
    "vanishing-gradients": (saturate_not, adaptive, leak, slow_judge),
    "exploding-gradients": (bound_critic, clip, slow, blunter),
    "divergence": (bound_critic, slow, clip),
    "dead-units": (slow, leak),
    "memorisation": (more_data, vary, spoil, decay),
    "posterior-collapse": (less_beta, sharper),
    "codebook-collapse": (restart_entries, average_entries, slow, fewer_entries),
}
"""Findings to what may help, what helps most first; what does not fit is left out."""
