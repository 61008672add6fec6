"""Autoencoders joined to critics, written by hand."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from aegan_studio.bench.bare.loops import Batches, Noise, Steps, adam, descend, learn


def aae(
    E: nn.Module,
    G: nn.Module,
    Dz: nn.Module,
    batches: Batches,
    noise: Noise,
    *,
    rec_x: float = 10.0,
    adv_z: float = 0.1,
) -> Steps:
    """The adversarial autoencoder (arXiv 1511.05644): one update of D_z, then one of E and G."""
    optimiser = adam(E, G)
    optimiser_z = adam(Dz)
    for x in batches:
        with torch.no_grad():
            codes = torch.cat((noise(), E(x)))
        real, made = Dz(codes).chunk(2)
        descend(optimiser_z, F.softplus(-real).mean() + F.softplus(made).mean())

        learn((Dz,), False)
        x = next(batches)
        z_hat = E(x)
        loss = rec_x * F.mse_loss(G(z_hat), x) + adv_z * F.softplus(-Dz(z_hat)).mean()
        descend(optimiser, loss)
        learn((Dz,), True)
        yield


def vae_gan(
    E: nn.Module,
    G: nn.Module,
    D: nn.Sequential,
    batches: Batches,
    noise: Noise,
    rng: torch.Generator,
    *,
    gamma: float = 1.0,
) -> Steps:
    """The VAE-GAN in the minimax game (arXiv 1512.09300): one update of D, then one of E and G.

    Encoder and decoder minimise different losses, so the second update goes backwards twice, each
    time to the weights that are meant and no others.
    """
    optimiser = adam(E, G)
    optimiser_d = adam(D)
    inner, last = D[:-1], D[-1]
    weights_e, weights_g = list(E.parameters()), list(G.parameters())
    for x in batches:
        with torch.no_grad():
            mean, log_variance = E(x).chunk(2, dim=1)
            z = _drawn(mean, log_variance, rng)
            made = G(torch.cat((z, noise())))
        a, a_tilde, a_hat = D(torch.cat((x, made))).chunk(3)
        judged = F.softplus(-a).mean() + F.softplus(a_tilde).mean() + F.softplus(a_hat).mean()
        descend(optimiser_d, judged)

        learn((D,), False)
        x = next(batches)
        mean, log_variance = E(x).chunk(2, dim=1)
        z = _drawn(mean, log_variance, rng)
        x_tilde, x_hat = G(torch.cat((z, noise()))).chunk(2)
        with torch.no_grad():
            wanted = inner(x)
        found = inner(x_tilde)
        f = 0.5 * F.mse_loss(found, wanted, reduction="sum") / len(x)
        inside = 1 + log_variance - mean.square() - log_variance.exp()
        deceived = -F.softplus(last(found)).mean() - F.softplus(D(x_hat)).mean()
        optimiser.zero_grad()
        loss_e = f - 0.5 * inside.sum() / len(x)
        torch.autograd.backward(loss_e, inputs=weights_e, retain_graph=True)
        torch.autograd.backward(gamma * f + deceived, inputs=weights_g)
        optimiser.step()
        learn((D,), True)
        yield


def bigan(E: nn.Module, G: nn.Module, D: nn.Module, batches: Batches, noise: Noise) -> Steps:
    """The BiGAN (arXiv 1605.09782): one update of D on pairs, then one of E and G.

    ``D`` takes rows of data with their code behind.
    """
    optimiser = adam(E, G)
    optimiser_d = adam(D)

    def pairs(x: Tensor) -> Tensor:
        z_hat, z = E(x), noise()
        return torch.cat((torch.cat((x, G(z))), torch.cat((z_hat, z))), dim=1)

    for x in batches:
        with torch.no_grad():
            shown = pairs(x)
        real, made = D(shown).chunk(2)
        descend(optimiser_d, F.softplus(-real).mean() + F.softplus(made).mean())

        learn((D,), False)
        real, made = D(pairs(next(batches))).chunk(2)
        descend(optimiser, F.softplus(real).mean() + F.softplus(-made).mean())
        learn((D,), True)
        yield


def aegan(
    E: nn.Module,
    G: nn.Module,
    Dx: nn.Module,
    Dz: nn.Module,
    batches: Batches,
    noise: Noise,
    *,
    rec_x: float = 10.0,
    rec_z: float = 1.0,
    adv_x: float = 0.1,
    adv_z: float = 0.1,
) -> Steps:
    """The AEGAN (arXiv 2004.05472): one update of both critics, then one of E and G."""
    optimiser = adam(E, G)
    optimiser_d = adam(Dx, Dz)
    for x in batches:
        z = noise()
        with torch.no_grad():
            z_hat = E(x)
            made = G(torch.cat((z, z_hat)))
            codes = torch.cat((z_hat, E(made[: len(z)])))
        a, b = Dx(torch.cat((x, made))), Dz(torch.cat((z, codes)))
        judged_x = F.softplus(-a[: len(x)]).mean() + F.softplus(a[len(x) :]).mean()
        judged_z = F.softplus(-b[: len(z)]).mean() + F.softplus(b[len(z) :]).mean()
        descend(optimiser_d, judged_x + judged_z)

        learn((Dx, Dz), False)
        x, z = next(batches), noise()
        z_hat = E(x)
        made = G(torch.cat((z, z_hat)))
        x_hat, x_tilde = made.chunk(2)
        z_tilde = E(x_hat)
        rebuilt = rec_x * F.mse_loss(x_tilde, x) + rec_z * F.mse_loss(z_tilde, z)
        deceived = adv_x * F.softplus(-Dx(made)).mean()
        deceived = deceived + adv_z * F.softplus(-Dz(torch.cat((z_hat, z_tilde)))).mean()
        descend(optimiser, rebuilt + deceived)
        learn((Dx, Dz), True)
        yield


def _drawn(mean: Tensor, log_variance: Tensor, rng: torch.Generator) -> Tensor:
    noise = torch.randn(mean.shape, generator=rng)
    return torch.addcmul(mean, (0.5 * log_variance).exp(), noise)
