"""Samples of a run as a picture, a table or arrays."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from aegan_studio.cli.output import say
from aegan_studio.files import write_atomically
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError, msg

if TYPE_CHECKING:
    from aegan_studio.api import Floats, Run


def sample(
    path: Path, count: int, seed: int, out: Path | None, scale: int, of_class: str | None = None
) -> None:
    """Generate ``count`` items and save them by the ending of ``out``."""
    from aegan_studio.api import load_run

    run = load_run(path)
    points = run.experiment.data_info().modality == "points"
    out = out or Path(f"{path.resolve().name}-samples{'.csv' if points else '.png'}")
    allowed = (".csv", ".npz") if points else (".png", ".npz")
    if out.suffix.lower() not in allowed:
        raise StudioError(
            msg("{name} cannot hold these samples.", name=out.name),
            msg("Choose a name that ends in {endings}.", endings=" / ".join(allowed)),
        )
    write_atomically(
        out, _encoded(run, run.prior(count, seed, of_class), out.suffix.lower(), scale)
    )
    say(tr("{count} samples of step {step:,} are in {path}.", count=count, step=run.step, path=out))


def _encoded(run: Run, codes: Floats, ending: str, scale: int) -> bytes:
    items = run.decode(codes)
    if ending == ".csv":
        rows = "".join(f"{float(x)!r},{float(y)!r}\n" for x, y in items)
        return f"x,y\n{rows}".encode()
    if ending == ".npz":
        buffer = io.BytesIO()
        np.savez_compressed(buffer, x=items, z=codes)
        return buffer.getvalue()
    from aegan_studio.runs.pictures import png, sheet

    return png(sheet(run.to_display(items), scale=scale))
