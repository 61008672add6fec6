"""InfoGAN (arXiv 1606.03657): V(D, G) − λ L_I(G, Q), with a bound L_I on mutual information."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor

from aegan_studio.ml.methods.base import Term
from aegan_studio.ml.methods.gan import Game, Given


class InfoGAN(Game):
    """The game, with codes (z, c, u) whose parts c and u the body of D reads back as Q.

    −L_I = −E[log Q(c, u | x̂)] up to the entropy of c and u, which no weight changes (eq. 5). D's
    update moves Q along with D, and G's moves G, as in the paper's program.
    """

    demanding = True

    def extra_d(self, real: Tensor, fake: Tensor, given: Given) -> dict[str, Term]:
        """Q learns to read generated items."""
        del real
        return self._read(fake, given, "-d")

    def extra_g(self, fake: Tensor, given: Given) -> dict[str, Term]:
        """G makes items that can be read."""
        return self._read(fake, given, "")

    def _read(self, out: Tensor, given: Given, suffix: str) -> dict[str, Term]:
        options = self.options
        rows = out[:, 1:].reshape(len(given.z), -1)
        first, classes, k = options.latent_dim, options.classes, options.continuous
        terms = {}
        if classes:
            c = given.z[:, first : first + classes]
            value = unread_category(rows[:, :classes], c)
            terms[f"info-c{suffix}"] = Term(value, options.category_weight)
        if k:
            u = given.z[:, first + classes :]
            mean, log_sigma = rows[:, classes : classes + k], rows[:, classes + k :]
            value = unread_directions(u, mean, log_sigma if options.spread == "learned" else None)
            terms[f"info-u{suffix}"] = Term(value, options.continuous_weight)
        return terms


def unread_category(logits: Tensor, c: Tensor) -> Tensor:
    """−log Q(c | x̂) for logits (n, K) and one-hot rows (n, K), mean over items."""
    return -(F.log_softmax(logits, dim=1) * c).sum(1).mean()


def unread_directions(u: Tensor, mean: Tensor, log_sigma: Tensor | None = None) -> Tensor:
    """−log N(u; μ, σ) without its constant, for (n, k) each: summed over k, mean over items.

    Without ``log_sigma`` σ is 1.
    """
    off = mean - u
    if log_sigma is not None:
        return (0.5 * (off * (-log_sigma).exp()).square() + log_sigma).sum(1).mean()
    return 0.5 * off.square().sum(1).mean()
