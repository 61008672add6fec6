"""Splines through codes: the flat one, and one on the directions of codes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aegan_studio.ml.latent.geometry import Floats, slerp

_SHORTEST = 1e-9
"""Knot spacing of a leg between equal stops, as a share of the longest leg's."""

_STRETCH = 3.0
"""Most that a turn is stretched across a wide leg of a spherical spline; reached at 2.28 rad,
beyond which the walk bends at the stop rather than swinging far out."""


def flat_spline(codes: Floats, leg: npt.NDArray[np.int64], share: Floats, loop: bool) -> Floats:
    """The centripetal Catmull–Rom spline through codes (k, d), (n, d).

    ``leg`` (n,) says which leg a place lies on, ``share`` (n,) how far along it, 0 to 1.
    """
    after = np.roll(codes, -1, axis=0)
    ahead = after - codes
    back = -np.roll(ahead, 1, axis=0)
    leaving, arriving = _tangents(ahead, back, loop)
    to = (leg + 1) % len(codes)
    return codes[leg] + _cubic(ahead[leg], leaving[leg], arriving[to], share)


def spherical_spline(
    codes: Floats, at: Floats, leg: npt.NDArray[np.int64], share: Floats, loop: bool
) -> Floats:
    """The same on directions, lengths between by a monotone cubic; no code may be the origin.

    ``at`` (n,) counts legs: ``leg`` and ``share`` are its whole part and its rest.
    """
    lengths = np.linalg.norm(codes, axis=1)
    units = codes / lengths[:, None]
    count = len(codes)
    ahead = np.array([_log(units[i], units[(i + 1) % count]) for i in range(count)])
    # not the arc back: where stops are opposite, it could be another one
    back = np.array([-_turned(units[i - 1], ahead[i - 1], ahead[i - 1]) for i in range(count)])
    leaving, arriving = _tangents(ahead, back, loop)
    directions = np.empty((len(at), codes.shape[1]))
    for index in np.unique(leg):
        here = leg == index
        end = _drawn_back(units[index], ahead[index], arriving[(index + 1) % count])
        cubic = _cubic(ahead[index], leaving[index], end, share[here])
        directions[here] = _exp(units[index], cubic)
    from scipy.interpolate import PchipInterpolator  # takes a second, and few walks need it

    knots = np.arange(count + 1 if loop else count, dtype=np.float64)
    closed = np.append(lengths, lengths[0]) if loop else lengths
    radius = PchipInterpolator(knots, closed)(at)
    path: Floats = radius[:, None] * directions
    return path


def _tangents(ahead: Floats, back: Floats, loop: bool) -> tuple[Floats, Floats]:
    """Velocities at every stop, per leg that is left and per leg that arrives, (k, d) each.

    ``ahead`` and ``back`` (k, d) are the offsets from a stop to the next and to the one before.
    The velocity of Catmull and Rom for knots a distance √|offset| apart.
    """
    knots = np.sqrt(np.linalg.norm(ahead, axis=1))
    knots = np.maximum(knots, max(float(knots.max()) * _SHORTEST, np.finfo(np.float64).tiny))
    before = np.roll(knots, 1)
    came = -back
    velocity = (
        came / before[:, None] - (came + ahead) / (before + knots)[:, None] + ahead / knots[:, None]
    )
    if not loop:  # as if the path had come and would go on straight
        velocity[0] = ahead[0] / knots[0]
        velocity[-1] = came[-1] / before[-1]
    return velocity * knots[:, None], velocity * before[:, None]


def _cubic(offset: Floats, start: Floats, end: Floats, share: Floats) -> Floats:
    """Hermite's cubic from 0 to ``offset`` with these velocities at its ends, at ``share`` (n,)."""
    t = share[:, None]
    there: Floats = (
        (t**3 - 2 * t**2 + t) * start + (3 * t**2 - 2 * t**3) * offset + (t**3 - t**2) * end
    )
    return there


def _log(u: Floats, v: Floats) -> Floats:
    """The tangent at the unit vector ``u`` that leads along the arc to ``v``; as long as it."""
    middle = slerp(u, v, 0.5)  # chooses a way where the two are opposite
    middle = middle / np.linalg.norm(middle)
    along_u = float(middle @ u)
    across = middle - along_u * u
    size = float(np.linalg.norm(across))
    if size == 0.0:
        return np.zeros_like(u)
    return 2.0 * float(np.arctan2(size, along_u)) * across / size


def _exp(u: Floats, tangents: Floats) -> Floats:
    """Where tangents (n, d) at the unit vector ``u`` lead on the sphere, (n, d)."""
    angle = np.linalg.norm(tangents, axis=1, keepdims=True)
    reached: Floats = np.cos(angle) * u + np.sinc(angle / np.pi) * tangents
    return reached


def _turned(u: Floats, way: Floats, vector: Floats) -> Floats:
    """A tangent ``vector`` at ``u`` carried along the arc that the tangent ``way`` leads."""
    angle = float(np.linalg.norm(way))
    if angle == 0.0:
        return vector
    unit = way / angle
    part = float(vector @ unit)
    carried: Floats = vector - part * unit + part * (np.cos(angle) * unit - np.sin(angle) * u)
    return carried


def _drawn_back(u: Floats, way: Floats, velocity: Floats) -> Floats:
    """The velocity in the tangent space of ``u`` that becomes ``velocity`` at the end of ``way``.

    The exponential map keeps what goes on along the arc and shrinks what goes across by sin θ / θ.
    """
    angle = float(np.linalg.norm(way))
    if angle == 0.0:
        return velocity
    unit = way / angle
    ends = np.cos(angle) * unit - np.sin(angle) * u
    onward = float(velocity @ ends)
    across = velocity - onward * ends
    stretch = min(1.0 / max(float(np.sinc(angle / np.pi)), 1e-12), _STRETCH)
    drawn: Floats = onward * unit + stretch * across
    return drawn
