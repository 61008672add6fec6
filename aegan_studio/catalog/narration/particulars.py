"""What of its flow a method's phase uses where the flow alone does not say."""

from __future__ import annotations

from aegan_studio.catalog.methods.aegan import AEGANOptions
from aegan_studio.catalog.methods.factor_vae import FactorVAEOptions
from aegan_studio.catalog.methods.soft_introvae import SoftIntroVAEOptions
from aegan_studio.catalog.methods.veegan import VEEGANOptions
from aegan_studio.experiment.parts import MethodOptions

_ON = {
    "both": (0, 1),
    "generated": (0,),
    "encoded": (0,),
    "rebuilt": (1,),
    "cycled": (1,),
}


def left_out(method: MethodOptions) -> frozenset[str]:
    """Terms that are off though no option weighs them."""
    if isinstance(method, AEGANOptions):
        off = {"loss-dx": method.adv_x, "loss-dz": method.adv_z}
        return frozenset(name for name, weight in off.items() if weight == 0)
    return frozenset()


def shown_to(method: MethodOptions, phase: str, critic: str) -> tuple[str, ...] | None:
    """What a critic is shown in a phase; ``None``: what the flow says."""
    if isinstance(method, AEGANOptions):
        data = critic == "discriminator"
        if (method.adv_x if data else method.adv_z) == 0:
            return ()
        real, *made = ("x", "x-hat", "x-tilde") if data else ("z", "z-hat", "z-tilde")
        return (real, *(made[place] for place in _ON[method.adv_x_on if data else method.adv_z_on]))
    if isinstance(method, VEEGANOptions) and phase == "generator":
        pairs = method.relativistic and method.loss != "wasserstein"
        if not pairs or method.generator_loss == "log-ratio":
            return ("x-hat+z",)
    if isinstance(method, FactorVAEOptions) and phase == "latent_discriminator":
        return ("z-hat", "z-bar")
    return None


def also_made(method: MethodOptions, phase: str) -> tuple[str, ...]:
    """Things that a phase makes beside what is compared or judged."""
    if isinstance(method, SoftIntroVAEOptions):
        return ("x-tilde", "z-tilde")
    del phase
    return ()
