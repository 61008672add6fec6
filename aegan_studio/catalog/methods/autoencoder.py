"""The autoencoder, and the regularisers that make it one of its named kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from aegan_studio.catalog.methods import autoencoding, parts
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import (
    METHODS,
    CodePart,
    DataInfo,
    Flow,
    MethodOptions,
    NamedModel,
    NetworkOptions,
    PhaseInfo,
    Role,
    TermInfo,
)

SPARSITY = TermInfo(
    "sparsity",
    "Sparsity",
    r"\Omega(h)",
    "How far the code is from having few values at work at a time.",
    "code",
)
CONTRACTION = TermInfo(
    "contraction",
    "Contraction",
    r"\lVert \partial E / \partial x \rVert_F^2",
    "How much the code changes when the data change a little, squared.",
    "code",
)
CODE = TermInfo(
    "code-length",
    "Code length",
    r"\frac{1}{2} \lVert z \rVert^2",
    "Half the mean squared length of a code.",
    "code",
)
SMOOTHNESS = TermInfo(
    "smoothness",
    "Decoder penalty",
    r"L_{REG}",
    "How far the decoder is from changing little: its squared weights, or its squared slope.",
    "reconstruction",
)

DENOISING = NamedModel(
    "denoising-autoencoder",
    "Denoising autoencoder",
    "Sees noisy data and rebuilds the clean, so that the code keeps what belongs together.",
    "Vincent et al., ICML 2008",
    {"method.corruption": "noise"},
)
SPARSE = NamedModel(
    "sparse-autoencoder",
    "Sparse autoencoder",
    "Only a few values of the code may be at work for one item, so each comes to stand for a "
    "feature.",
    "Ng, CS294A (2011)",
    {"method.sparsity": "kl"},
)
CONTRACTIVE = NamedModel(
    "contractive-autoencoder",
    "Contractive autoencoder",
    "The code must hardly change when the data change a little, except where data differ.",
    "Rifai et al., ICML 2011",
    {"method.contraction": "estimate"},
)
RAE_L2 = NamedModel(
    "rae-l2",
    "RAE, decayed weights",
    "Short codes and a decoder with small weights; a mixture fitted to the codes samples "
    "without a variational bound.",
    "arXiv 1903.12436",
    {
        "method.code_penalty": True,
        "method.decoder_penalty": "weights",
        "method.sampler": "mixture",
    },
)
RAE_GP = NamedModel(
    "rae-gp",
    "RAE, gentle slope",
    "Short codes and a decoder with a small slope; a mixture fitted to the codes samples "
    "without a variational bound.",
    "arXiv 1903.12436",
    {
        "method.code_penalty": True,
        "method.decoder_penalty": "slope",
        "method.sampler": "mixture",
    },
)


@METHODS.register(
    "aegan_studio.ml.methods.autoencoder:Autoencoder",
    label="Autoencoder",
    help="An encoder squeezes the data into a short code, a decoder rebuilds it; both learn to "
    "make the rebuilt data match.",
)
class AutoencoderOptions(MethodOptions):
    """Encoder and decoder trained to reconstruct, with regularisers that combine freely."""

    kind: Literal["autoencoder"] = "autoencoder"
    paper: ClassVar[str] = "Hinton & Salakhutdinov, Science 313 (2006)"
    models: ClassVar[tuple[NamedModel, ...]] = (DENOISING, SPARSE, CONTRACTIVE, RAE_L2, RAE_GP)
    latent_dim: int = parts.latent_dim(16)
    loss: Literal["mse", "l1", "cross-entropy"] = option(
        "mse",
        label="Loss",
        help="Squared error, absolute error (sharper), or cross-entropy for data in [0, 1].",
        choices={"mse": "Squared error", "l1": "Absolute error", "cross-entropy": "Cross-entropy"},
    )
    corruption: Literal["none", "noise", "mask"] = option(
        "none",
        label="Corruption",
        help="What spoils the data before the encoder sees them; the loss compares with the "
        "clean data.",
        choices={"none": "None", "noise": "Noise", "mask": "Blanked values"},
    )
    noise: float = option(
        0.3,
        label="Noise",
        help="Standard deviation of the noise added to the scaled data. Raising it makes the "
        "model guess more of what is missing.",
        ge=0,
        le=10,
        soft=(0, 1),
        live=True,
        when={"corruption": ("noise",)},
    )
    mask: float = option(
        0.25,
        label="Blanked",
        help="The share of values that are blanked. Raising it makes the model guess more of "
        "what is missing.",
        ge=0,
        le=0.95,
        live=True,
        when={"corruption": ("mask",)},
    )
    sparsity: Literal["none", "kl", "l1"] = option(
        "none",
        label="Sparsity",
        help="Keeps most values of the code at rest. The mean-activation penalty passes the "
        "code through a sigmoid and holds each value’s mean at a target; the other shrinks "
        "absolute values.",
        choices={"none": "None", "kl": "Mean activation", "l1": "Absolute values"},
    )
    sparsity_weight: float = option(
        1e-3,
        label="Sparsity weight",
        help="Weight of the sparsity penalty. Raising it silences more of the code and rebuilds "
        "less well.",
        ge=0,
        le=1000,
        soft=(1e-5, 10),
        log=True,
        live=True,
        when={"sparsity": ("kl", "l1")},
    )
    activation: float = option(
        0.05,
        label="Target activation",
        help="ρ, the mean that each value of the code is held at. Lowering it lets fewer values "
        "be at work at a time.",
        gt=0,
        lt=1,
        soft=(0.01, 0.5),
        live=True,
        when={"sparsity": ("kl",)},
    )
    contraction: Literal["none", "estimate", "exact"] = option(
        "none",
        label="Contraction",
        help="Penalises the encoder’s squared Jacobian: exactly, with one backward pass for "
        "each value of the code, or by an unbiased estimate from one random direction.",
        choices={"none": "None", "estimate": "Estimated", "exact": "Exact"},
    )
    contraction_weight: float = option(
        1e-3,
        label="Contraction weight",
        help="Weight of the encoder’s squared Jacobian. Raising it makes codes ignore small "
        "changes and rebuild less detail.",
        ge=0,
        le=1000,
        soft=(1e-5, 10),
        log=True,
        live=True,
        when={"contraction": ("estimate", "exact")},
    )
    code_penalty: bool = option(
        False,
        label="Short codes",
        help="Adds half the squared length of the code to the loss, so that codes stay near 0.",
    )
    code_weight: float = option(
        1e-3,
        label="Code weight",
        help="Weight of the squared length of codes. Raising it draws codes together.",
        ge=0,
        le=1000,
        soft=(1e-6, 1),
        log=True,
        live=True,
        when={"code_penalty": (True,)},
    )
    decoder_penalty: Literal["none", "weights", "slope"] = option(
        "none",
        label="Decoder penalty",
        help="Makes the decoder smooth: by its squared weights, or by its squared Jacobian with "
        "respect to the code, estimated without bias from one random direction.",
        choices={"none": "None", "weights": "Squared weights", "slope": "Squared slope"},
    )
    decoder_weight: float = option(
        1e-5,
        label="Decoder weight",
        help="Weight of the decoder’s penalty. Raising it makes neighbouring codes decode more "
        "alike and blurs.",
        ge=0,
        le=1000,
        soft=(1e-8, 1),
        log=True,
        live=True,
        when={"decoder_penalty": ("weights", "slope")},
    )
    sampler: parts.FittedSampler = parts.fitted_sampler()

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """Encoder and decoder; the decoder gives logits under cross-entropy."""
        produced = "unbounded" if self.loss == "cross-entropy" else parts.data_range(data)
        code = (self.latent_dim,)
        return (
            Role("encoder", "E", "Encoder", data.shape, code),
            Role("decoder", "G", "Decoder", code, data.shape, produced),
        )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """One phase updates both networks."""
        return (
            PhaseInfo(
                name="autoencoder",
                label="Autoencoder",
                updates=("encoder", "decoder"),
                terms=(parts.RECONSTRUCTION, *self._penalties()),
                latex=self._latex(),
            ),
        )

    def _penalties(self) -> tuple[TermInfo, ...]:
        chosen = {
            SPARSITY: self.sparsity != "none",
            CONTRACTION: self.contraction != "none",
            CODE: self.code_penalty,
            SMOOTHNESS: self.decoder_penalty != "none",
        }
        return tuple(term for term, there in chosen.items() if there)

    def _latex(self) -> str:
        seen = {"none": "x", "noise": r"x + \sigma\epsilon", "mask": r"m \odot x"}[self.corruption]
        code = rf"\sigma(E({seen}))" if self.sparsity == "kl" else f"E({seen})"
        terms = [
            {
                "mse": rf"\lVert x - G({code}) \rVert^2",
                "l1": rf"\lVert x - G({code}) \rVert_1",
                "cross-entropy": rf"-x \log G({code}) - (1 - x) \log (1 - G({code}))",
            }[self.loss]
        ]
        if self.sparsity == "kl":
            terms.append(r"\beta \sum_j D_{KL}(\rho \Vert \hat{\rho}_j)")
        if self.sparsity == "l1":
            terms.append(r"\lambda \lVert z \rVert_1")
        if self.contraction != "none":
            terms.append(r"\lambda \lVert \partial E / \partial x \rVert_F^2")
        if self.code_penalty:
            terms.append(r"\frac{\beta}{2} \lVert z \rVert^2")
        if self.decoder_penalty == "weights":
            terms.append(r"\lambda \lVert \theta_G \rVert^2")
        if self.decoder_penalty == "slope":
            terms.append(r"\lambda \lVert \partial G / \partial z \rVert_F^2")
        return "L = " + " + ".join(terms)

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Two MLPs."""
        return {"encoder": parts.mlp(data), "decoder": parts.mlp(data)}

    def weighs(self) -> Mapping[str, str]:
        """Terms to the options that weigh them."""
        return {
            **super().weighs(),
            "sparsity": "sparsity_weight",
            "contraction": "contraction_weight",
            "code-length": "code_weight",
            "smoothness": "decoder_weight",
        }

    def flow(self) -> Flow:
        """Data to code and back."""
        return autoencoding.there_and_back()

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """One part, shaped by the data alone."""
        del data
        return (CodePart("z", "Code", self.latent_dim, "learned"),)
