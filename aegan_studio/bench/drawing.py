"""Whether drawn digits are rebuilt recognisably, judged by who knows only real ones.

``python -m aegan_studio.bench.drawing [--only DEMO …] [--strokes FILE] [--out DIR]``

Test strokes are drawn by the function that the window's canvas uses, brought to the data's format
as the Picture page does, and rebuilt by the bundled demos: encoded and decoded, and decoded from
the code that the search of that page finds. A support vector machine that has seen the real
training digits only reads drawing and reconstruction.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from aegan_studio import api
from aegan_studio.bench.quality import DigitReaders
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.files import write_atomically
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.data.drawn import as_data
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.latent.explorer import LatentModel
from aegan_studio.ml.latent.inversion import invert
from aegan_studio.strokes import Stroke, drawn

COMMAND = "python -m aegan_studio.bench.drawing --out DIR"
STROKES = Path("tests/data/strokes.json")
DEMOS = ("digit-walk", "digits-on-demand", "digit-map")
TARGET = 0.8
"""Of the strokes, rebuilt as the digit that was drawn: by the encoder where there is one."""
FREE = ("digit-map",)
"""Held to no target: two values cannot tell ten digits apart so well, not even real ones."""

Labels = npt.NDArray[np.int64]
Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Hand:
    """Digits drawn by hand.

    Attributes
    ----------
    digits : ndarray, shape (n,)
        What was meant.
    pictures : ndarray, uint8 (n, side, side)
        White on black, at the size of a canvas.
    """

    digits: Labels
    pictures: Pixels

    @classmethod
    def read(cls, path: Path) -> Hand:
        """Read strokes; raises :class:`StudioError` for files that hold none."""
        try:
            rows = json.loads(path.read_text(encoding="utf-8"))["digits"]
            digits = np.array([int(row["digit"]) for row in rows])
            pictures = [drawn([Stroke(np.array(s)) for s in row["strokes"]]) for row in rows]
            return cls(digits, np.stack(pictures))
        except OSError as error:
            raise StudioError(
                msg("{name} cannot be read: {why}.", name=str(path), why=error.strerror or ""),
                msg("Run this in a checkout, or name the file with --strokes."),
            ) from None
        except (KeyError, TypeError, ValueError):
            raise StudioError(msg("{name} holds no strokes.", name=str(path))) from None


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What one model makes of the drawings.

    Attributes
    ----------
    encoded, searched : float or None
        Share of drawings whose reconstruction is read as the digit that was drawn.
    error : float
        Mean square difference of a value between drawing and what the search found, scaled.
    missed : tuple of (int, int)
        Digits drawn, and what the others are read as; by the encoder where there is one.
    """

    model: str
    encoded: float | None
    searched: float
    error: float
    missed: tuple[tuple[int, int], ...]

    @property
    def met(self) -> bool:
        """Whether the target is met, or there is none."""
        share = self.searched if self.encoded is None else self.encoded
        return self.model in FREE or share >= TARGET


def shown(hand: Hand, experiment: Experiment) -> Pixels:
    """The drawings in the format of an experiment's data, in display units (n, H, W)."""
    made = [as_data(experiment.dataset, picture, centred=True) for picture in hand.pictures]
    return np.stack(made)


def rebuild(
    hand: Hand, name: str, experiment: Experiment, weights: Any, readers: DigitReaders
) -> Rebuilt:
    """Encode and search, decode, and have the results read."""
    model = LatentModel(experiment)
    model.load(Weights(0, weights))
    items = shown(hand, experiment)
    found = invert(model.space(), model.scaled(items))
    searched = reading(readers, model.decode(found.codes))
    encoded = (
        reading(readers, model.decode(model.encode_shown(items))) if model.has_encoder else None
    )
    read = searched if encoded is None else encoded
    missed = [(int(a), int(b)) for a, b in zip(hand.digits, read, strict=True) if a != b]
    return Rebuilt(
        name,
        None if encoded is None else float((encoded == hand.digits).mean()),
        float((searched == hand.digits).mean()),
        float(found.losses.mean()),
        tuple(missed),
    )


def reading(readers: DigitReaders, pictures: Pixels) -> Labels:
    """The digits that the machine reads in pictures (n, 8, 8), in display units."""
    unit = torch.from_numpy(pictures.astype(np.float32) / 255).flatten(1)
    found: Labels = readers.machine.predict(unit.double().numpy())
    return found


def learn() -> DigitReaders:
    """Readers of the real digits in [0, 1]."""
    plain = {"dataset": {"kind": "digits", "scaling": "unit"}, "method": "autoencoder"}
    return DigitReaders.learn(DataStore.load(Experiment.parse(plain)))


def to_markdown(hand: Hand, own: float, accuracy: float, rows: Sequence[Rebuilt]) -> str:
    """A table, in the current language."""
    lines = [
        "# " + tr("Whether drawn digits are rebuilt recognisably"),
        "",
        tr(
            "{count} digits drawn by hand as strokes, rebuilt by bundled demos and read by a "
            "support vector machine that has seen real digits only (it reads {accuracy:.1%} of "
            "the real held-out ones rightly, and {own:.1%} of the drawings themselves).",
            count=len(hand.digits),
            accuracy=accuracy,
            own=own,
        ),
        "",
        f"`{COMMAND}`",
        "",
        f"| {tr('Demo')} | {tr('Encoded')} | {tr('Searched')} | {tr('Error')} | {tr('Missed')} |",
        "|---|---:|---:|---:|---|",
    ]
    for row in rows:
        missed = ", ".join(f"{drawn_} → {read}" for drawn_, read in row.missed) or "–"
        encoded = "–" if row.encoded is None else f"{row.encoded:.1%}"
        cells = (row.model, encoded, f"{row.searched:.1%}", f"{row.error:.4f}", missed)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write ``drawing.md`` and ``drawing.json``; 1 below the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", nargs="+", default=DEMOS, metavar="DEMO")
    parser.add_argument("--strokes", type=Path, default=STROKES)
    chosen = parser.parse_args(arguments)
    try:
        hand, readers = Hand.read(chosen.strokes), learn()
        rows = []
        for name in chosen.only:
            run = api.demo(name)
            rows.append(rebuild(hand, name, run.experiment, run.weights, readers))
        digits = Experiment.parse({"dataset": "digits", "method": "autoencoder"})
        own = float((reading(readers, shown(hand, digits)) == hand.digits).mean())
        table = to_markdown(hand, own, readers.accuracy, rows)
        if chosen.out is not None:
            plain = {
                "drawings": len(hand.digits),
                "own": own,
                "accuracy": readers.accuracy,
                "rows": [
                    {
                        "demo": row.model,
                        "encoded": row.encoded,
                        "searched": row.searched,
                        "error": row.error,
                    }
                    for row in rows
                ],
            }
            write_atomically(chosen.out / "drawing.md", table.encode())
            write_atomically(chosen.out / "drawing.json", json.dumps(plain, indent=2).encode())
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(table)
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
