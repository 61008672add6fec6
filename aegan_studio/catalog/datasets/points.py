"""Datasets of points in the plane, made by code."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt

from aegan_studio.experiment.options import option
from aegan_studio.experiment.parts import DATASETS, DataInfo, DatasetOptions, Scaling


class PointsOptions(DatasetOptions):
    """Options that all point sets have."""

    scaling: Scaling = option(
        "standard",
        label="Scaling",
        help="Maps the data to the range the networks work in; undone exactly for display.",
        choices={
            "unit": "Min–max to [0, 1]",
            "symmetric": "Min–max to [−1, 1]",
            "standard": "Standardise (mean 0, variance 1)",
        },
    )
    count: int = option(
        10_000,
        label="Points",
        help="How many are drawn. Raising it shows the shape more finely.",
        ge=50,
        le=1_000_000,
        soft=(500, 100_000),
        log=True,
    )

    def class_names(self) -> tuple[str, ...]:
        """Names of the parts a point can belong to."""
        return ()

    def centres(self) -> npt.NDArray[np.float64] | None:
        """The means (k, 2) of the Gaussians that they are drawn from; none for other shapes."""
        return None

    def outline(self) -> Self:
        """As many as by default, as noisy: models ask for neither."""
        fields = type(self).model_fields
        usual: dict[str, Any] = {
            name: fields[name].default for name in ("count", "noise") if name in fields
        }
        return self.model_copy(update=usual)

    def info(self) -> DataInfo:
        """Shape (2,)."""
        low, high = self.scaled_range()
        return DataInfo("points", (2,), self.count, self.class_names(), low, high)


def _names(count: int) -> tuple[str, ...]:
    return tuple(str(index) for index in range(count))


@DATASETS.register(
    "aegan_studio.ml.data.points:ring",
    label="Ring of Gaussians",
    help="Separate round blobs on a circle: the classic test for mode collapse.",
)
class Ring(PointsOptions):
    """Gaussians whose means lie evenly on a circle."""

    kind: Literal["ring"] = "ring"
    modes: int = option(
        8, label="Blobs", help="How many lie on the ring. More are harder to cover.", ge=2, le=32
    )
    radius: float = option(
        1.0, label="Radius", help="Radius of the ring. Raising it parts the blobs.", gt=0, le=10
    )
    sigma: float = option(
        0.05,
        label="Spread σ",
        help="Standard deviation of a blob. Raising it makes them overlap.",
        gt=0,
        le=2,
        soft=(0.005, 0.5),
        log=True,
    )

    def class_names(self) -> tuple[str, ...]:
        """One class a blob."""
        return _names(self.modes)

    def centres(self) -> npt.NDArray[np.float64]:
        """r (cos 2πi/m, sin 2πi/m)."""
        angles = 2 * np.pi * np.arange(self.modes) / self.modes
        return self.radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1)


@DATASETS.register(
    "aegan_studio.ml.data.points:grid",
    label="Grid of Gaussians",
    help="Separate round blobs in a square grid: 25 modes to cover by default.",
)
class Grid(PointsOptions):
    """Gaussians whose means form a square grid."""

    kind: Literal["grid"] = "grid"
    per_side: int = option(
        5, label="Per side", help="Blobs along each side. More are harder to cover.", ge=2, le=10
    )
    spacing: float = option(
        2.0,
        label="Spacing",
        help="Distance of neighbours. Raising it parts the blobs.",
        gt=0,
        le=10,
    )
    sigma: float = option(
        0.05,
        label="Spread σ",
        help="Standard deviation of a blob. Raising it makes them overlap.",
        gt=0,
        le=2,
        soft=(0.005, 0.5),
        log=True,
    )

    def class_names(self) -> tuple[str, ...]:
        """One class a blob."""
        return _names(self.per_side**2)

    def centres(self) -> npt.NDArray[np.float64]:
        """About the origin, row by row from below."""
        places = self.spacing * (np.arange(self.per_side) - (self.per_side - 1) / 2)
        y, x = np.meshgrid(places, places, indexing="ij")
        return np.stack([x.ravel(), y.ravel()], axis=1)


def noise(default: float) -> float:
    """The option of how far points lie from their shape."""
    value: float = option(
        default,
        label="Noise",
        help="Standard deviation of the noise around the shape. Raising it blurs the shape.",
        ge=0,
        le=2,
        soft=(0, 0.5),
    )
    return value


@DATASETS.register(
    "aegan_studio.ml.data.points:circle",
    label="Circle",
    help="A thin ring with nothing inside: one piece, but with a hole.",
)
class Circle(PointsOptions):
    """Evenly along the unit circle."""

    kind: Literal["circle"] = "circle"
    noise: float = noise(0.03)


@DATASETS.register(
    "aegan_studio.ml.data.points:moons",
    label="Two moons",
    help="Two interleaved half circles.",
)
class Moons(PointsOptions):
    """scikit-learn's two moons."""

    kind: Literal["moons"] = "moons"
    noise: float = noise(0.06)

    def class_names(self) -> tuple[str, ...]:
        """The two moons."""
        return ("upper", "lower")


@DATASETS.register(
    "aegan_studio.ml.data.points:swiss_roll",
    label="Swiss roll",
    help="A rolled-up band, seen from its side.",
)
class SwissRoll(PointsOptions):
    """scikit-learn's Swiss roll, projected to its spiral plane."""

    kind: Literal["swiss-roll"] = "swiss-roll"
    noise: float = noise(0.25)


@DATASETS.register(
    "aegan_studio.ml.data.points:spiral",
    label="Spiral",
    help="Arms that wind outwards from the middle.",
)
class Spiral(PointsOptions):
    """Archimedean spiral arms."""

    kind: Literal["spiral"] = "spiral"
    arms: int = option(2, label="Arms", help="How many arms wind around.", ge=1, le=8)
    turns: float = option(
        1.5, label="Turns", help="How often each arm winds around. More is harder.", gt=0, le=5
    )
    noise: float = noise(0.02)

    def class_names(self) -> tuple[str, ...]:
        """One class an arm."""
        return _names(self.arms)


@DATASETS.register(
    "aegan_studio.ml.data.points:checkerboard",
    label="Checkerboard",
    help="Points fill every other square.",
)
class Checkerboard(PointsOptions):
    """Uniform on the dark squares of a checkerboard."""

    kind: Literal["checkerboard"] = "checkerboard"
    squares: int = option(
        4, label="Squares per side", help="Squares along each side. More are harder.", ge=2, le=10
    )


@DATASETS.register(
    "aegan_studio.ml.data.points:line",
    label="Line",
    help="A straight band: the easiest shape.",
)
class Line(PointsOptions):
    """A line segment with noise."""

    kind: Literal["line"] = "line"
    angle: float = option(
        30.0, label="Angle", help="Direction of the line.", unit="°", ge=-180, le=180
    )
    noise: float = noise(0.05)


@DATASETS.register(
    "aegan_studio.ml.data.points:blobs",
    label="Two disjoint blobs",
    help="Two round blobs with nothing in between: a generator must tear space apart.",
)
class Blobs(PointsOptions):
    """Two Gaussians far apart."""

    kind: Literal["blobs"] = "blobs"
    distance: float = option(
        2.0, label="Distance", help="Distance of the centres. Raising it parts them.", gt=0, le=10
    )
    sigma: float = option(0.25, label="Spread σ", help="Standard deviation of a blob.", gt=0, le=2)

    def class_names(self) -> tuple[str, ...]:
        """The two blobs."""
        return ("left", "right")

    def centres(self) -> npt.NDArray[np.float64]:
        """Left and right of the origin."""
        return np.array([[-0.5, 0.0], [0.5, 0.0]]) * self.distance


@DATASETS.register(
    "aegan_studio.ml.data.points:enclosed",
    label="Disc in a ring",
    help="A disc and a broad ring around it: the inner class cannot be cut off by a line.",
)
class Enclosed(PointsOptions):
    """A disc of half the radius of the ring that it lies in."""

    kind: Literal["enclosed"] = "enclosed"
    noise: float = noise(0.02)

    def class_names(self) -> tuple[str, ...]:
        """Disc and ring."""
        return ("inner", "outer")


@DATASETS.register(
    "aegan_studio.ml.data.points:xor",
    label="Exclusive or",
    help="Four squares, of which those across from each other are of one class.",
)
class Xor(PointsOptions):
    """Uniform on four squares apart from each other."""

    kind: Literal["xor"] = "xor"
    gap: float = option(
        0.4, label="Gap", help="Between the squares. Raising it parts them.", ge=0, le=1
    )
    noise: float = noise(0.0)

    def class_names(self) -> tuple[str, ...]:
        """Signs of the coordinates alike, or not."""
        return ("alike", "unlike")
