"""The layers of the plane of two-dimensional data that a model's networks are asked for."""

from __future__ import annotations

from aegan_studio.catalog.views.entry import ViewInfo
from aegan_studio.experiment import Experiment
from aegan_studio.messages import msg


def of_points(experiment: Experiment) -> bool:
    """Whether the data lie in a plane."""
    return experiment.data_info().modality == "points"


def judges_points(experiment: Experiment) -> bool:
    """Whether a critic of points is learning; one whose term weighs nothing says nothing."""
    method = experiment.method
    if not of_points(experiment) or "discriminator" not in experiment.networks:
        return False
    weight = method.mixer.get("adv-x")
    if weight is not None and not getattr(method, weight) > 0:
        return False
    # a pack's classes are told together: of a single place there is no one verdict
    told = getattr(method, "labels", "none") in ("conditional", "projection")
    return not (told and getattr(method, "packing", 1) > 1)


def maps_codes(experiment: Experiment) -> bool:
    """Whether points are made of codes that vary smoothly: not picked from a book."""
    paths = experiment.method.flow().paths
    return of_points(experiment) and not any("index" in path for path in paths)


PLANE = (
    ViewInfo(
        "surface",
        msg("Critic"),
        msg("What the critic says of every place of the plane: is a point here real or fake?"),
        "aegan_studio.ml.views.plane:surface",
        judges_points,
    ),
    ViewInfo(
        "manifold",
        msg("Manifold of G"),
        msg("Where the generator sends a regular grid of codes; dense where cells are small."),
        "aegan_studio.ml.views.plane:manifold",
        maps_codes,
    ),
    ViewInfo(
        "pull",
        msg("Gradient"),
        msg("Where the generator’s loss pulls each generated point."),
        "aegan_studio.ml.views.plane_pull:pull",
        judges_points,
    ),
    ViewInfo(
        "density",
        msg("Density"),
        msg("How densely generated points lie, smoothed."),
        "aegan_studio.ml.views.plane:density",
        of_points,
        every=0.12,
    ),
)
