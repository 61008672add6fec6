"""The GAN (arXiv 1406.2661) with any adversarial loss, penalty, packing and use of classes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from aegan_studio.experiment.parts import DataInfo
from aegan_studio.ml.methods import adversarial
from aegan_studio.ml.methods.augment import augmented
from aegan_studio.ml.methods.base import Batch, Loss, Method, PhaseLoss, Term, one_hot
from aegan_studio.ml.methods.packing import packed, whole
from aegan_studio.ml.networks.network import Network


class Given(NamedTuple):
    """What an update starts from.

    ``z`` (n, d) are codes; ``labels`` (n,) their classes, where there are any; ``beside``
    (n / m, k) is what the discriminator is told of each pack.
    """

    z: Tensor
    labels: Tensor | None = None
    beside: Tensor | None = None


class Game(Method):
    """Generator G against discriminator D; the first value that D gives is the logit.

    Subclasses say what codes are drawn and what the further values mean.
    """

    averaged = ("generator",)

    def __init__(self, options: Any, networks: Mapping[str, Network], data: DataInfo) -> None:
        super().__init__(options, networks, data)
        self._updates = adversarial.counter()
        if options.penalty != "none":
            self.state["discriminator-updates"] = self._updates
        self._sign = torch.empty(0)

    def losses(self) -> Mapping[str, PhaseLoss]:
        """The discriminator's phase and the generator's."""
        judge = self._tell_apart if self._plain() else self._discriminate
        return {"discriminator": judge, "generator": self._deceive}

    def after(self, phase: str, batch: Batch) -> None:
        """Clip D's weights where asked for."""
        del batch
        if phase == "discriminator":
            adversarial.clip_weights(self.options, self.networks["discriminator"])

    def generate(self, z: Tensor) -> Tensor:
        """x̂ = G(z)."""
        return self.networks["generator"](z)

    @property
    def has_critic(self) -> bool:
        """Only where D judges items one by one."""
        return bool(self.options.packing == 1)

    def critic(self, x: Tensor) -> Tensor:
        """The logit."""
        return _logit(self.networks["discriminator"](x))

    def _plain(self) -> bool:
        """Whether D does nothing but tell single items apart by their logarithmic loss."""
        options = self.options
        alone = options.packing == 1 and not options.augment and options.penalty == "none"
        return alone and adversarial.logarithmic(options) and not self.demanding

    # What games differ in

    @property
    def demanding(self) -> bool:
        """Whether D does more than to judge: it is told something, or gives further values."""
        return False

    def given(self, batch: Batch) -> Given:
        """Fresh codes, as many as make whole packs."""
        return Given(self.prior(whole(batch.size, self.options.packing), batch.rng))

    def extra_d(self, real: Tensor, fake: Tensor, given: Given) -> dict[str, Term]:
        """Further terms of L_D, of all that D gives for packs of real and generated items."""
        del real, fake, given
        return {}

    def extra_g(self, fake: Tensor, given: Given) -> dict[str, Term]:
        """Further terms of L_G, of all that D gives for packs of generated items."""
        del fake, given
        return {}

    # The game

    def _tell_apart(self, batch: Batch) -> Loss:
        """−E[log D(x)] − E[log(1 − D(x̂))] and nothing else, in the fewest operations.

        One softplus of signed logits instead of two: small networks feel every operation.
        """
        D = self.networks["discriminator"]
        if D.mixes_batch or self.options.instance_noise > 0:
            return self._discriminate(batch)
        with torch.no_grad():
            x_hat = self.networks["generator"](self.prior(batch.size, batch.rng))
        wrong = D(torch.cat((batch.x, x_hat)))
        sign = self._sign
        if sign.shape != wrong.shape or sign.device != wrong.device:
            sign = torch.ones_like(wrong)
            sign[: batch.size] = -1
            self._sign = sign
        self._note(batch, wrong[: batch.size], wrong[batch.size :])
        wrong = wrong * sign
        signals = {"right": (wrong < 0).float().mean()} if batch.measure else {}
        return Loss({"loss-d": Term(F.softplus(wrong).mean() * 2)}, signals)

    def _discriminate(self, batch: Batch) -> Loss:
        options, D = self.options, self.networks["discriminator"]
        given = self.given(batch)
        beside = given.beside
        with torch.no_grad():
            x_hat = self.networks["generator"](given.z)
        seen = self._seen(torch.cat((batch.x[: len(x_hat)], x_hat)), batch.rng)
        n = len(seen) // 2
        real, fake = seen[:n], seen[n:]
        penalised = adversarial.due(options, self._updates)
        flat = options.penalty if penalised and options.penalty in adversarial.FLAT else None
        slope = None
        # batch norm must see real and generated apart; one of R₁ and R₂ needs half the slopes
        if D.mixes_batch or flat in ("r1", "r2"):
            real.requires_grad_(flat in ("r1", "r1-r2"))
            fake.requires_grad_(flat in ("r2", "r1-r2"))
            out_real, out_fake = D(real, beside), D(fake, beside)
            a_real, a_fake = _logit(out_real), _logit(out_fake)
            if flat is not None:
                slope = adversarial.flatness(flat, a_real, real, a_fake, fake)
        else:
            seen.requires_grad_(flat is not None)
            out = D(seen, None if beside is None else torch.cat((beside, beside)))
            a, out_real, out_fake = _logit(out), out[:n], out[n:]
            a_real, a_fake = a[:n], a[n:]
            if flat is not None:
                # half of each of two means is the mean over both
                slope = adversarial.squared_gradients(a, seen).mean()
        self._note(batch, a_real, a_fake)
        loss = adversarial.discriminate(options, a_real, a_fake)
        terms = {"loss-d": Term(loss), **self.extra_d(out_real, out_fake, given)}
        if penalised:
            if slope is None:
                slope = adversarial.penalty(
                    options, lambda x: _logit(D(x, beside)), real, fake, batch.rng
                )
            terms["penalty"] = adversarial.penalised(options, slope)
        signals = (
            {"right": adversarial.share_right(a_real, a_fake, options)} if batch.measure else {}
        )
        return Loss(terms, signals)

    def _deceive(self, batch: Batch) -> Loss:
        options, D = self.options, self.networks["discriminator"]
        given = self.given(batch)
        out = D(self._seen(self.networks["generator"](given.z), batch.rng), given.beside)
        a_real = None
        if adversarial.relates(options):
            with torch.no_grad():
                real = self._seen(batch.x[: len(given.z)], batch.rng)
                a_real = _logit(D(real, given.beside))
        self._note(batch, a_real, _logit(out))
        loss = adversarial.deceive(options, _logit(out), a_real)
        return Loss({"loss-g": Term(loss), **self.extra_g(out, given)}, {})

    def _note(self, batch: Batch, a_real: Tensor | None, a_fake: Tensor) -> None:
        if batch.notes is not None:
            logits = {"x-hat": a_fake} if a_real is None else {"x": a_real, "x-hat": a_fake}
            adversarial.note(self.options, batch, "discriminator", logits)

    def _seen(self, x: Tensor, rng: torch.Generator) -> Tensor:
        """What D sees of items: varied, blurred, in packs."""
        options = self.options
        if options.augment:
            x = augmented(options, x, self.data, rng)
        if options.instance_noise > 0:
            x = adversarial.blurred(options, x, rng)
        return packed(x, options.packing)


def _logit(out: Tensor) -> Tensor:
    """The first value of (n, k), as (n, 1)."""
    return out if out.shape[1] == 1 else out[:, :1]


class GAN(Game):
    """The game, with or without classes (arXiv 1411.1784, 1802.05637, 1610.09585)."""

    @property
    def demanding(self) -> bool:
        """Where classes are used."""
        return bool(self.options.labels != "none")

    def given(self, batch: Batch) -> Given:
        """Codes; where classes are used, with those of the batch, so that both sides have alike."""
        options = self.options
        if options.labels == "none":
            return super().given(batch)
        m, classes = options.packing, len(self.data.classes)
        labels = batch.labels[: whole(batch.size, m)]
        told = one_hot(labels, classes)
        noise = self.options.noise_part().size
        z = torch.cat((self.noise(len(labels), batch.rng)[:, :noise], told), dim=1)
        beside = None if options.labels == "auxiliary" else packed(told, m)
        return Given(z, labels, beside)

    def extra_d(self, real: Tensor, fake: Tensor, given: Given) -> dict[str, Term]:
        """−log P(c | x) − log P(c | x̂): D names the classes of both (arXiv 1610.09585, eq. 3)."""
        if self.options.labels != "auxiliary":
            return {}
        value = self._misnamed(real, given) + self._misnamed(fake, given)
        return {"class-d": Term(value, self.options.class_weight)}

    def extra_g(self, fake: Tensor, given: Given) -> dict[str, Term]:
        """−log P(c | x̂): G shows the class it was given."""
        if self.options.labels != "auxiliary":
            return {}
        return {"class-g": Term(self._misnamed(fake, given), self.options.class_weight)}

    def _misnamed(self, out: Tensor, given: Given) -> Tensor:
        """Cross-entropy of the class logits that follow the first value, for every item."""
        assert given.labels is not None
        return F.cross_entropy(out[:, 1:].reshape(len(given.labels), -1), given.labels)

    def critic(self, x: Tensor) -> Tensor:
        """The logit; where D is told a class, log-mean-exp over all classes."""
        classes = len(self.data.classes)
        if self.options.labels not in ("conditional", "projection"):
            return super().critic(x)
        told = torch.eye(classes, device=x.device).repeat(len(x), 1)
        a = self.networks["discriminator"](x.repeat_interleave(classes, dim=0), told)
        return a.view(len(x), classes).logsumexp(1, keepdim=True) - math.log(classes)
