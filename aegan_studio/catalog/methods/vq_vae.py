"""The vector-quantised autoencoder with a learned prior over its codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from aegan_studio.catalog.methods import parts
from aegan_studio.catalog.networks.sequence import Causal, CodebookPreset
from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import (
    METHODS,
    CodePart,
    DataInfo,
    ExhibitInfo,
    Flow,
    MethodOptions,
    NamedModel,
    NetworkOptions,
    PhaseInfo,
    Role,
    TermInfo,
)

CODEBOOK = TermInfo(
    "codebook",
    "Codebook",
    r"\lVert \mathrm{sg}[E(x)] - e \rVert^2",
    "How far the vectors of the codebook are from what the encoder gives; moves the codebook.",
    "latent",
)
COMMITMENT = TermInfo(
    "commitment",
    "Commitment",
    r"\lVert E(x) - \mathrm{sg}[e] \rVert^2",
    "How far what the encoder gives is from the vectors of the codebook; moves the encoder.",
    "code",
)
PERPLEXITY = TermInfo(
    "perplexity",
    "Perplexity",
    r"e^{H(k)}",
    "As many entries, all used equally, would be as hard to guess; far below the number of "
    "entries, most lie idle.",
    "latent",
    signal=True,
)
USED = TermInfo(
    "used",
    "Entries in use",
    r"P(n_k > 0)",
    "The share of the codebook’s entries that recent batches chose.",
    "latent",
    signal=True,
    share=True,
)
PRIOR = TermInfo(
    "prior",
    "Prior",
    r"-\log p(k_i | k_{<i})",
    "How surprised the prior is by the next entry, in nats; the logarithm of the number of "
    "entries is pure guessing.",
    "generated",
)

ENTRIES = ExhibitInfo(
    "codebook",
    "Codebook",
    "What each entry decodes to when it holds every place of a code, and how often training data "
    "choose it. Entries that nothing chooses come last, in grey.",
)

AVERAGED = NamedModel(
    "vq-vae-ema",
    "VQ-VAE, averaged codebook",
    "The vectors of the codebook are running means of what chooses them.",
    "arXiv 1711.00937, appendix A.1",
    {"method.codebook": "average"},
)


@METHODS.register(
    "aegan_studio.ml.methods.vq_vae:VQVAE",
    label="VQ-VAE",
    help="An autoencoder whose code is a few entries of a learned codebook; a second network "
    "learns which entries go together and writes new codes.",
)
class VQVAEOptions(MethodOptions):
    """Discrete codes: each place of a code holds one of a learned list of vectors."""

    kind: Literal["vq-vae"] = "vq-vae"
    paper: ClassVar[str] = "arXiv 1711.00937"
    models: ClassVar[tuple[NamedModel, ...]] = (AVERAGED,)
    exhibits: ClassVar[tuple[ExhibitInfo, ...]] = (ENTRIES,)
    positions: int = option(
        16,
        label="Places",
        help="How many entries of the codebook make one code. Raising it keeps more detail and "
        "makes codes harder to predict.",
        ge=1,
        le=1024,
        soft=(1, 64),
        log=True,
    )
    width: int = option(
        8,
        label="Vector",
        help="How many values an entry has. Raising it gives vectors more room, of which "
        "large codebooks may use little.",
        ge=1,
        le=1024,
        soft=(1, 64),
        log=True,
    )
    entries: int = option(
        64,
        label="Entries",
        help="How many vectors the codebook holds. Raising it keeps more detail; unused ones "
        "are lost.",
        ge=2,
        le=65_536,
        soft=(8, 1024),
        log=True,
    )
    beta: float = option(
        0.25,
        label="β, commitment",
        help="Weight that draws the encoder to the codebook. Raising it keeps the encoder from "
        "running away and slows learning.",
        ge=0,
        le=1000,
        soft=(0.01, 10),
        log=True,
        live=True,
    )
    codebook: Literal["loss", "average"] = option(
        "loss",
        label="Codebook learns by",
        help="A loss that draws each vector to what chose it, or the running mean of what chose "
        "it, which is steadier.",
        choices={"loss": "A loss", "average": "Running means"},
    )
    decay: float = option(
        0.99,
        label="Memory",
        help="The share of the running means kept at each update. Raising it moves the codebook "
        "more slowly.",
        ge=0.5,
        lt=1,
        soft=(0.9, 0.999),
        live=True,
        when={"codebook": ("average",)},
    )
    restart: bool = option(
        True,
        label="Restart idle entries",
        help="Every hundred steps, entries that are hardly used are put where the encoder’s "
        "output is.",
        live=True,
    )
    sampler: parts.AnySampler = parts.any_sampler()

    def roles(self, data: DataInfo) -> tuple[Role, ...]:
        """Encoder, codebook, decoder, and a prior: entries so far to logits of the next."""
        code, places = (self.positions * self.width,), (self.width, self.positions)
        row = (self.positions,)
        return (
            Role("encoder", "E", "Encoder", data.shape, code),
            Role("codebook", "e", "Codebook", places, places, entries=self.entries),
            Role("decoder", "G", "Decoder", code, data.shape, parts.data_range(data)),
            Role("prior", "p", "Prior", row, (self.entries, self.positions)),
        )

    def phases(self) -> tuple[PhaseInfo, ...]:
        """The autoencoder's update, then the prior's."""
        learned = self.codebook == "loss"
        return (
            PhaseInfo(
                name="autoencoder",
                label="Autoencoder",
                updates=("encoder", "codebook", "decoder") if learned else ("encoder", "decoder"),
                terms=(
                    parts.RECONSTRUCTION,
                    *((CODEBOOK,) if learned else ()),
                    COMMITMENT,
                    PERPLEXITY,
                    USED,
                ),
                latex=r"L = \lVert x - G(e) \rVert^2 "
                + (r"+ \lVert \mathrm{sg}[E(x)] - e \rVert^2 " if learned else "")
                + r"+ \beta \lVert E(x) - \mathrm{sg}[e] \rVert^2",
            ),
            PhaseInfo(
                name="prior",
                label="Prior",
                updates=("prior",),
                terms=(PRIOR,),
                latex=r"L_p = -\frac{1}{n} \sum_i \log p(k_i | k_{<i})",
            ),
        )

    def default_networks(self, data: DataInfo) -> dict[str, NetworkOptions]:
        """Two MLPs, a codebook, and causal convolutions that see all places before."""
        depth = 1
        while 2 ** (depth + 1) - 1 < self.positions and depth < 9:
            depth += 1
        return {
            "encoder": parts.mlp(data),
            "codebook": CodebookPreset(),
            "decoder": parts.mlp(data),
            # points are shown by the thousand, and each place of their codes takes a pass
            "prior": Causal(depth=depth, channels=16 if data.modality == "points" else 32),
        }

    def weighs(self) -> Mapping[str, str]:
        """Terms to the options that weigh them."""
        return {**super().weighs(), "commitment": "beta"}

    def flow(self) -> Flow:
        """Data to code and back by way of the codebook; the prior writes codes."""
        return Flow(
            (
                ("x", "encoder", "z-hat", "codebook", "index", "decoder", "x-tilde"),
                ("noise", "prior", "index"),
            ),
            {},
            {"rec-x": ("x", "x-tilde")},
        )

    def code_parts(self, data: DataInfo) -> tuple[CodePart, ...]:
        """One part: the vectors of all places, place by place."""
        del data
        return (CodePart("z", "Code", self.positions * self.width, "learned"),)
