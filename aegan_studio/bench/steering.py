"""Whether baskets steer: held-out digits moved into a class, judged by who knows only real ones.

``python -m aegan_studio.bench.steering [--only NAME …] [--quick] --out DIR``

For every class, the basket "with" holds the codes of its training digits and "without" those of
all others. The codes of held-out digits of the other classes are brought to the class as the
window's "All the way" does (:meth:`aegan_studio.ml.latent.courses.Course.arrived`), decoded, and
read by a support vector machine that has seen the real training digits only.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import from_numpy

from aegan_studio.bench import quality
from aegan_studio.bench.judge import unit_units
from aegan_studio.bench.quality import DigitReaders, Trained
from aegan_studio.catalog import recipe
from aegan_studio.experiment import Experiment
from aegan_studio.files import write_atomically
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.latent.courses import HOWS, How, basket_course

COMMAND = "python -m aegan_studio.bench.steering --out DIR"

RECIPES = ("digits-aegan", "digits-vae", "digits-autoencoder")
"""The instrument, a VAE, and an autoencoder without a prior."""

TARGET = 0.8
"""Of all moved digits, on average over the classes."""

HANDFUL = 12
"""Codes a basket that a person may have picked by hand."""

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Steered:
    """What moving into each class does, by one way of finding a way.

    Attributes
    ----------
    moved : ndarray, shape (10,)
        The share of held-out digits of other classes that are read as the class afterwards.
    before : ndarray, shape (10,)
        The same of those digits merely encoded and decoded.
    handful : float
        The mean of ``moved`` with baskets of :data:`HANDFUL` codes each.
    """

    recipe: str
    how: How
    moved: Floats
    before: Floats
    handful: float

    @property
    def mean(self) -> float:
        """Over the classes."""
        return float(self.moved.mean())

    @property
    def worst(self) -> tuple[int, float]:
        """The class into which the fewest go, and their share."""
        at = int(self.moved.argmin())
        return at, float(self.moved[at])

    def to_plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "recipe": self.recipe,
            "how": self.how,
            "mean": round(self.mean, 4),
            "worst": self.worst[0],
            "moved": [round(float(share), 4) for share in self.moved],
            "before": [round(float(share), 4) for share in self.before],
            "handful": round(self.handful, 4),
        }


def steer(name: str, trained: Trained, readers: DigitReaders) -> Iterator[Steered]:
    """Every way of finding a way, on one trained model."""
    data = trained.data
    assert data.train_labels is not None
    assert data.held_out_labels is not None
    codes = np.asarray(trained.model.encode(data.train), dtype=np.float64)
    others = np.asarray(trained.model.encode(data.held_out), dtype=np.float64)
    labels, own = data.train_labels.numpy(), data.held_out_labels.numpy()
    unit = unit_units(data)

    def read(moved: Floats) -> Labels:
        made = unit(trained.model.generate(from_numpy(moved.astype(np.float32))))
        rows = made.clamp(0, 1).nan_to_num(0).flatten(1).numpy()
        found: Labels = readers.machine.predict(rows)
        return found

    rebuilt = read(others)
    before = np.array([(rebuilt[own != goal] == goal).mean() for goal in range(10)])
    rng = np.random.default_rng(0)
    for how in HOWS:
        moved, handful = np.empty(10), np.empty(10)
        for goal in range(10):
            inside, outside = codes[labels == goal], codes[labels != goal]
            starts = others[own != goal]
            moved[goal] = (read(basket_course(inside, outside, how).arrived(starts)) == goal).mean()
            few, none = (part[rng.permutation(len(part))[:HANDFUL]] for part in (inside, outside))
            handful[goal] = (read(basket_course(few, none, how).arrived(starts)) == goal).mean()
        yield Steered(name, how, moved, before, float(handful.mean()))


def to_markdown(found: Sequence[Steered], accuracy: float) -> str:
    """A table, in the current language."""
    lines = [
        "# " + tr("Whether baskets steer"),
        "",
        tr(
            "Held-out digits of all other classes, moved into a class by baskets of its training "
            "codes against all others, the way the window does, and read by a support vector "
            "machine that has seen real digits only (it reads {accuracy:.1%} of the real held-out "
            "ones rightly). Shares that arrive, by class; “few” is the mean with {few} codes a "
            "basket; “before” what is read as the class without moving.",
            accuracy=accuracy,
            few=HANDFUL,
        ),
        "",
        f"`{COMMAND}`",
        "",
    ]
    heads = [tr("Recipe"), tr("Way"), *map(str, range(10)), tr("Mean"), tr("Worst"), tr("Few")]
    heads.append(tr("Before"))
    lines.append("| " + " | ".join(heads) + " |")
    lines.append("|---|---|" + "---:|" * (len(heads) - 2))
    for row in found:
        worst, share = row.worst
        cells = [row.recipe, row.how, *(f"{value:.2f}" for value in row.moved)]
        cells += [f"**{row.mean:.2f}**", f"{worst}: {share:.2f}"]
        cells += [f"{row.handful:.2f}", f"{float(row.before.mean()):.2f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write ``steering.md`` and ``steering.json``; 1 below the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", nargs="+", default=RECIPES, metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="a tenth of the training")
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args(arguments)
    found: list[Steered] = []
    try:
        real = DataStore.load(Experiment.parse({"dataset": "digits", "method": "autoencoder"}))
        readers = DigitReaders.learn(real)
        for name in chosen.only:
            sys.stderr.write(tr("Training {name}", name=name) + "\n")
            experiment = recipe(name)
            edits: dict[str, Any] = {"training.threads": chosen.threads}
            if chosen.quick:
                edits["training.steps"] = max(experiment.training.steps // 10, 1)
            trained = quality.train(experiment.with_options(edits))
            found.extend(steer(name, trained, readers))
            if chosen.out is not None:
                plain = {"accuracy": readers.accuracy, "rows": [row.to_plain() for row in found]}
                table = to_markdown(found, readers.accuracy)
                write_atomically(chosen.out / "steering.md", table.encode())
                write_atomically(chosen.out / "steering.json", json.dumps(plain, indent=2).encode())
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(to_markdown(found, readers.accuracy))
    carried = [row for row in found if row.how == HOWS[0]]
    return 0 if all(row.mean >= TARGET for row in carried) else 1


if __name__ == "__main__":
    raise SystemExit(main())
