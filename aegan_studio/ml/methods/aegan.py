"""AEGAN (arXiv 2004.05472) and, by its weights, AE, AAE, α-GAN, latent regressor and GAN.

x̂ = G(z), ẑ = E(x), x̃ = G(E(x)), z̃ = E(G(z)); D_x judges data, D_z codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from aegan_studio.experiment.parts import DataInfo
from aegan_studio.ml.methods import adversarial
from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss, Term
from aegan_studio.ml.methods.reconstruction import mean_absolute_error, mean_squared_error
from aegan_studio.ml.networks.network import Network

REBUILDING = {"mse": mean_squared_error, "l1": mean_absolute_error}


CRITICS = {"x": "discriminator", "z": "latent_discriminator"}
"""The critics by the letter of what they judge."""


class Needs(NamedTuple):
    """Which things have to be made for the terms that are on."""

    x_hat: bool
    x_tilde: bool
    z_hat: bool
    z_tilde: bool


class Made(NamedTuple):
    """What the networks made; ``None`` for what nothing needed."""

    x_hat: Tensor | None
    x_tilde: Tensor | None
    z_hat: Tensor | None
    z_tilde: Tensor | None


class AEGAN(Method):
    """Encoder E, generator G, data critic D_x, latent critic D_z."""

    averaged = ("encoder", "generator")

    def __init__(self, options: Any, networks: Mapping[str, Network], data: DataInfo) -> None:
        super().__init__(options, networks, data)
        self.state["critic-updates"] = adversarial.counter()

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The critics' phase, and that of encoder and generator."""
        return {"critics": self._discriminate, "autoencoder": self._rebuild}

    # What the options ask for

    def _share(self, batch: Batch) -> float:
        """How much of their weight the adversarial terms have at this step, 0–1."""
        late = batch.step - self.options.adversarial_from
        if late < 0:
            return 0.0
        ramp: int = self.options.adversarial_ramp
        return min(1.0, (late + 1) / ramp) if ramp else 1.0

    def _judged(self, share: float) -> Needs:
        """What the critics that are on look at."""
        options = self.options
        on_x = options.adv_x_on if options.adv_x * share > 0 else ""
        on_z = options.adv_z_on if options.adv_z * share > 0 else ""
        return Needs(
            x_hat=on_x in ("both", "generated"),
            x_tilde=on_x in ("both", "rebuilt"),
            z_hat=on_z in ("both", "encoded"),
            z_tilde=on_z in ("both", "cycled"),
        )

    def _make(self, needs: Needs, batch: Batch, z: Tensor) -> Made:
        """x̂, x̃, ẑ, z̃ as far as they are needed, each network run as seldom as may be."""
        E, G = self.networks["encoder"], self.networks["generator"]
        z_hat = E(batch.x) if needs.z_hat or needs.x_tilde else None
        x_hat = x_tilde = z_tilde = None
        sampled = needs.x_hat or needs.z_tilde
        if sampled and needs.x_tilde and z_hat is not None and not G.mixes_batch:
            both = G(torch.cat((z, z_hat)))
            x_hat, x_tilde = both[: len(z)], both[len(z) :]
        else:
            x_hat = G(z) if sampled else None
            x_tilde = G(z_hat) if needs.x_tilde and z_hat is not None else None
        if needs.z_tilde and x_hat is not None:
            z_tilde = E(x_hat)
        return Made(x_hat, x_tilde, z_hat, z_tilde)

    # The losses

    def _discriminate(self, batch: Batch) -> Loss:
        """L_D of both critics, what they judge weighted alike."""
        judged = self._judged(self._share(batch))
        terms: dict[str, Term] = {}
        signals: dict[str, Tensor] = {}
        if not any(judged):
            return Loss(terms, signals)
        with torch.no_grad():
            z = self.prior(batch.size, batch.rng)
            made = self._make(judged, batch, z)
        penalised = adversarial.due(self.options, self.state["critic-updates"])
        penalties: list[Tensor] = []
        for name, D, real, fakes in self._judges(judged, made, batch, z):
            a_real, a_fake = self._logits(D, real, fakes, batch)
            self._note(batch, name, judged, a_real, a_fake)
            terms[f"loss-d{name}"] = Term(adversarial.discriminate(self.options, a_real, a_fake))
            if batch.measure:
                signals[f"right-{name}"] = adversarial.share_right(a_real, a_fake, self.options)
            if penalised:
                penalties.append(adversarial.penalty(self.options, D, real, fakes[0], batch.rng))
        if penalties:
            total = penalties[0] if len(penalties) == 1 else penalties[0] + penalties[1]
            terms["penalty"] = adversarial.penalised(self.options, total)
        idle = tuple(role for name, role in CRITICS.items() if f"loss-d{name}" not in terms)
        return Loss(terms, signals, idle)

    def _judges(
        self, judged: Needs, made: Made, batch: Batch, z: Tensor
    ) -> Iterator[tuple[str, Network, Tensor, list[Tensor]]]:
        """Every critic that is on, as (letter, network, real things, made things)."""
        on_x = [
            thing
            for thing, wanted in ((made.x_hat, judged.x_hat), (made.x_tilde, judged.x_tilde))
            if wanted and thing is not None
        ]
        on_z = [
            thing
            for thing, wanted in ((made.z_hat, judged.z_hat), (made.z_tilde, judged.z_tilde))
            if wanted and thing is not None
        ]
        if on_x:
            yield "x", self.networks[CRITICS["x"]], batch.x, on_x
        if on_z:
            yield "z", self.networks[CRITICS["z"]], z, on_z

    def _logits(
        self, D: Network, real: Tensor, fakes: list[Tensor], batch: Batch
    ) -> tuple[Tensor, Tensor]:
        """Logits of real and made items; in the relativistic game one real for each made."""
        seen = [adversarial.blurred(self.options, part, batch.rng) for part in (real, *fakes)]
        if D.mixes_batch:
            a_real, *a_fakes = (D(part) for part in seen)
            a_fake = a_fakes[0] if len(a_fakes) == 1 else torch.cat(a_fakes)
        else:
            a = D(torch.cat(seen))
            a_real, a_fake = a[: len(real)], a[len(real) :]
        if self.options.relativistic and len(a_fake) > len(a_real):
            a_real = a_real.repeat(len(a_fake) // len(a_real), 1)
        return a_real, a_fake

    def _rebuild(self, batch: Batch) -> Loss:
        """λ₁ ℓ(x, x̃) + λ₂ ‖z − z̃‖² + λ₃ L(D_x(x̂, x̃)) + λ₄ L(D_z(ẑ, z̃))."""
        options = self.options
        share = self._share(batch)
        judged = self._judged(share)
        rec_x, rec_z = options.rec_x > 0, options.rec_z > 0
        needs = Needs(judged.x_hat, judged.x_tilde or rec_x, judged.z_hat, judged.z_tilde or rec_z)
        if not any(needs):
            return Loss({}, {})
        drawn = needs.x_hat or needs.z_tilde or adversarial.relates(options)
        z = self.prior(batch.size if drawn else 0, batch.rng)
        made = self._make(needs, batch, z)
        terms: dict[str, Term] = {}
        if rec_x and made.x_tilde is not None:
            rebuilt = REBUILDING[options.rec_loss](batch.x, made.x_tilde)
            terms["rec-x"] = Term(rebuilt, options.rec_x)
        if rec_z and made.z_tilde is not None:
            terms["rec-z"] = Term(F.mse_loss(made.z_tilde, z), options.rec_z)
        weights = {"x": options.adv_x * share, "z": options.adv_z * share}
        for name, D, real, fakes in self._judges(judged, made, batch, z):
            a_fake, a_real = self._answers(D, real, fakes, batch)
            self._note(batch, name, judged, a_real, a_fake)
            deceived = adversarial.deceive(options, a_fake, a_real)
            terms[f"adv-{name}"] = Term(deceived, weights[name])
        used = {
            "encoder": made.z_hat is not None or made.z_tilde is not None,
            "generator": made.x_hat is not None or made.x_tilde is not None,
        }
        return Loss(terms, {}, tuple(role for role, there in used.items() if not there))

    def _answers(
        self, D: Network, real: Tensor, fakes: list[Tensor], batch: Batch
    ) -> tuple[Tensor, Tensor | None]:
        """Logits of made items, and those of real ones where the game compares the two."""
        if adversarial.relates(self.options):
            a_real, a_fake = self._logits(D, real, fakes, batch)
            return a_fake, a_real
        seen = [adversarial.blurred(self.options, part, batch.rng) for part in fakes]
        if D.mixes_batch and len(seen) > 1:
            return torch.cat([D(part) for part in seen]), None
        return D(torch.cat(seen) if len(seen) > 1 else seen[0]), None

    def _note(
        self, batch: Batch, letter: str, judged: Needs, a_real: Tensor | None, a_fake: Tensor
    ) -> None:
        if batch.notes is None:
            return
        wanted = {
            "x": (("x-hat", judged.x_hat), ("x-tilde", judged.x_tilde)),
            "z": (("z-hat", judged.z_hat), ("z-tilde", judged.z_tilde)),
        }[letter]
        names = [name for name, on in wanted if on]
        logits = dict(zip(names, a_fake.chunk(len(names)), strict=True))
        if a_real is not None:
            logits[letter] = a_real
        adversarial.note(self.options, batch, CRITICS[letter], logits)

    def after(self, phase: str, batch: Batch) -> None:
        """Clip the critics' weights where asked for."""
        del batch
        if phase == "critics":
            for role in CRITICS.values():
                adversarial.clip_weights(self.options, self.networks[role])

    # Using what was learned

    def encode(self, x: Tensor) -> Tensor:
        """ẑ = E(x)."""
        return self.networks["encoder"](x)

    def generate(self, z: Tensor) -> Tensor:
        """x̂ = G(z)."""
        return self.networks["generator"](z)

    def evaluate(self, x: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        """How well held-out data and fresh codes come back."""
        z = self.prior(len(x), rng)
        rebuilt = self.generate(self.encode(x))
        values = {
            "rec-x": REBUILDING[self.options.rec_loss](x, rebuilt),
            "rec-z": F.mse_loss(self.encode(self.generate(z)), z),
        }
        if self.options.rec_loss != "mse":
            values["mse"] = mean_squared_error(x, rebuilt)
        return values
