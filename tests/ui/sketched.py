"""Flows of well-known models, declared for drawing alone: what a method may ask of the drawing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar

from aegan_studio.experiment.parts import CodePart, DataInfo, Flow, PhaseInfo, Role, TermInfo

_DATA, _CODE = (1, 8, 8), (16,)
_ENCODER = Role("encoder", "E", "Encoder", _DATA, _CODE)
_DECODER = Role("decoder", "G", "Decoder", _CODE, _DATA)
_GENERATOR = Role("generator", "G", "Generator", _CODE, _DATA)
_CRITIC = Role("discriminator", "D", "Discriminator", _DATA, (1,))
_LATENT = Role("latent_discriminator", "D_z", "Latent critic", _CODE, (1,))

_REC = TermInfo("rec-x", "Reconstruction", r"\ell(x, \tilde{x})", "", "reconstruction")
_LOSS_D = TermInfo("loss-d", "Discriminator loss", "L_D", "", "real")
_LOSS_G = TermInfo("loss-g", "Generator loss", "L_G", "", "generated")
_RIGHT = TermInfo("right", "Right", "P(D = x)", "", "real", signal=True, share=True)
_KL = TermInfo("kl", "Divergence", r"D_{KL}(q(z|x) \Vert p(z))", "", "code")

_TO_CODE_AND_BACK = ("x", "encoder", "z-hat", "decoder", "x-tilde")


class _Method(SimpleNamespace):
    model_fields: ClassVar[dict[str, object]] = {}


def _phase(name: str, updates: tuple[str, ...], *terms: TermInfo) -> PhaseInfo:
    return PhaseInfo(name, name, updates, terms, "L")


def _sketch(
    roles: tuple[Role, ...], phases: tuple[PhaseInfo, ...], flow: Flow, kind: Any = "normal"
) -> Any:
    """What a drawing reads of an experiment."""
    method = _Method(
        kind="sketched",
        mixer={},
        weighs=dict,
        flow=lambda: flow,
        code_parts=lambda data: (CodePart("z", "Code", 16, kind),),
    )
    return SimpleNamespace(
        method=method,
        roles=lambda: roles,
        phase_infos=lambda: phases,
        data_info=lambda: DataInfo("image", _DATA, 100),
    )


SKETCHED: dict[str, Any] = {
    "vae-gan": _sketch(
        (_ENCODER, _DECODER, _CRITIC),
        (
            _phase("discriminator", ("discriminator",), _LOSS_D, _RIGHT),
            _phase("encoder", ("encoder",), _KL, TermInfo("rec-f", "Features", r"\ell(f(x), "
                   r"f(\tilde{x}))", "", "reconstruction")),
            _phase("decoder", ("decoder",), _LOSS_G),
        ),
        Flow(
            (_TO_CODE_AND_BACK, ("z", "decoder", "x-hat")),
            {"discriminator": ("x", "x-tilde", "x-hat")},
            {"rec-f": ("x", "x-tilde"), "kl": ("z-hat", "z")},
        ),
    ),
    "bigan": _sketch(
        (_ENCODER, _GENERATOR, _CRITIC),
        (
            _phase("discriminator", ("discriminator",), _LOSS_D, _RIGHT),
            _phase("generator", ("encoder", "generator"), _LOSS_G),
        ),
        Flow(
            (("x", "encoder", "z-hat"), ("z", "generator", "x-hat")),
            {"discriminator": ("x+z-hat", "x-hat+z")},
        ),
    ),
    "vq-vae": _sketch(
        (_ENCODER, _DECODER, Role("prior", "P", "Prior", (16,), (16,))),
        (
            _phase("autoencoder", ("encoder", "decoder"), _REC,
                   TermInfo("codebook", "Codebook", r"\lVert sg[E] - e \rVert^2", "", "code"),
                   TermInfo("commitment", "Commitment", r"\lVert E - sg[e] \rVert^2", "", "code"),
                   TermInfo("used", "Used", "u", "", "code", signal=True, share=True)),
            _phase("prior", ("prior",), TermInfo("loss-p", "Prior loss", "L_P", "", "latent")),
        ),
        Flow(
            (
                ("x", "encoder", "z-hat", "index", "decoder", "x-tilde"),
                ("noise", "prior", "index"),
                ("index", "decoder", "x-hat"),
            ),
            {}, {"rec-x": ("x", "x-tilde"), "commitment": ("z-hat", "index")},
        ),
        "learned",
    ),
    "vq-vae-loop": _sketch(
        (_ENCODER, _DECODER, Role("prior", "P", "Prior", (16,), (16,))),
        (
            _phase("autoencoder", ("encoder", "decoder"), _REC),
            _phase("prior", ("prior",), TermInfo("loss-p", "Prior loss", "L_P", "", "latent")),
        ),
        Flow(
            (("x", "encoder", "index", "decoder", "x-tilde"), ("index", "prior", "index")),
            {}, {"rec-x": ("x", "x-tilde")},
        ),
        "learned",
    ),
    "arae": _sketch(
        (
            _ENCODER, _DECODER, Role("generator", "G_z", "Latent generator", (8,), _CODE),
            Role("latent_discriminator", "D_z", "Latent critic", _CODE, (1,)),
        ),
        (
            _phase("autoencoder", ("encoder", "decoder"), _REC),
            _phase("critic", ("latent_discriminator",),
                   TermInfo("loss-d", "Critic loss", "L_D", "", "latent"),
                   TermInfo("penalty", "Penalty", r"\lVert \nabla D \rVert", "")),
            _phase("generator", ("generator", "encoder"),
                   TermInfo("adv-z", "Deceived", "L_G", "", "latent")),
        ),
        Flow(
            (_TO_CODE_AND_BACK, ("noise", "generator", "z", "decoder", "x-hat")),
            {"latent_discriminator": ("z-hat", "z")}, {"rec-x": ("x", "x-tilde")},
        ),
        "learned",
    ),
    "ganomaly": _sketch(
        (
            _ENCODER, _DECODER, Role("encoder2", "E_2", "Second encoder", _DATA, _CODE), _CRITIC,
        ),
        (
            _phase("generator", ("encoder", "decoder", "encoder2"), _REC,
                   TermInfo("rec-z", "Codes", r"\lVert \hat{z} - \tilde{z} \rVert^2", "", "code"),
                   TermInfo("adv-x", "Features", "f", "", "generated")),
            _phase("discriminator", ("discriminator",), _LOSS_D, _RIGHT),
        ),
        Flow(
            (("x", "encoder", "z-hat", "decoder", "x-tilde", "encoder2", "z-tilde"),),
            {"discriminator": ("x", "x-tilde")},
            {"rec-x": ("x", "x-tilde"), "rec-z": ("z-hat", "z-tilde")},
        ),
        "learned",
    ),
    "factor-vae": _sketch(
        (_ENCODER, _DECODER, Role("critic", "D", "Code critic", _CODE, (1,))),
        (
            _phase("autoencoder", ("encoder", "decoder"), _REC, _KL,
                   TermInfo("tc", "Total correlation", "TC", "", "latent")),
            _phase("critic", ("critic",), _LOSS_D, _RIGHT),
        ),
        Flow(
            (_TO_CODE_AND_BACK,), {"critic": ("z-hat", "permuted")}, {"rec-x": ("x", "x-tilde")}
        ),
    ),
    "aae": _sketch(
        (_ENCODER, _DECODER, _LATENT),
        (
            _phase("autoencoder", ("encoder", "decoder"), _REC),
            _phase("critic", ("latent_discriminator",), _LOSS_D),
            _phase("encoder", ("encoder",), TermInfo("adv-z", "Deceived", "L_G", "", "latent")),
        ),
        Flow(
            (_TO_CODE_AND_BACK,), {"latent_discriminator": ("z", "z-hat")},
            {"rec-x": ("x", "x-tilde")},
        ),
    ),
    "regressor": _sketch(
        (_GENERATOR, _ENCODER, _CRITIC),
        (
            _phase("discriminator", ("discriminator",), _LOSS_D),
            _phase("generator", ("generator", "encoder"), _LOSS_G,
                   TermInfo("rec-z", "Code rebuilt", r"\ell(z, \tilde{z})", "", "code")),
        ),
        Flow(
            (("z", "generator", "x-hat", "encoder", "z-tilde"),), {"discriminator": ("x", "x-hat")},
            {"rec-z": ("z", "z-tilde")},
        ),
    ),
    "began": _sketch(
        (_GENERATOR, Role("discriminator", "D", "Discriminator", _DATA, _DATA)),
        (
            _phase("discriminator", ("discriminator",), _LOSS_D, _RIGHT,
                   TermInfo("balance", "Balance", "k_t", "", signal=True),
                   TermInfo("measure", "Convergence", "M", "", signal=True)),
            _phase("generator", ("generator",), _LOSS_G,
                   TermInfo("repel", "Repelling", "R", "", "generated"),
                   TermInfo("class", "Class", r"\log q(c|x)", "", "text")),
        ),
        Flow((("z", "generator", "x-hat"),), {"discriminator": ("x", "x-hat")}),
    ),
    "sparse": _sketch(
        (_ENCODER, _DECODER),
        (
            _phase("autoencoder", ("encoder", "decoder"), _REC, *(
                TermInfo(f"p{i}", f"Penalty {i}", rf"\Omega_{i}", "", color)
                for i, color in enumerate(("code", "code", "code", "reconstruction", "text"))
            )),
        ),
        Flow((_TO_CODE_AND_BACK,), {}, {"rec-x": ("x", "x-tilde")}),
        "learned",
    ),
}  # fmt: skip
