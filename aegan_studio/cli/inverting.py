"""Codes of a picture or of held-out data, found by optimisation, as arrays or as a picture."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.progress import Progress

from aegan_studio.cli.output import console, say
from aegan_studio.files import write_atomically
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs.intake import read_picture

if TYPE_CHECKING:
    from aegan_studio.api import Floats, Run

ENDINGS = (".npz", ".png")


def invert(
    path: Path,
    picture: Path | None,
    held_out: int | None,
    steps: int,
    starts: int,
    seed: int,
    out: Path | None,
    scale: int,
) -> None:
    """Find codes for a picture or the first held-out items and save them by ``out``'s ending.

    A ``.npz`` file holds ``x`` (n, \\*item) and ``reconstruction`` in the data's own units, ``z``
    (n, d) and ``loss`` (n,), the mean square difference in scaled units. A ``.png`` file shows
    each item beside what its code decodes to.

    Raises
    ------
    StudioError
        For whatever cannot be read, does not fit the run, or cannot be written.
    """
    from aegan_studio.api import load_run
    from aegan_studio.ml.data.store import DataStore
    from aegan_studio.ml.latent.codespace import CodeSpace
    from aegan_studio.ml.latent.inversion import inverting
    from aegan_studio.ml.model import Model

    if (picture is None) == (held_out is None):
        raise StudioError(
            msg("Say what to invert, one thing of two."),
            msg("Give --picture and a file, or --held-out and how many items."),
        )
    run = load_run(path)
    info = run.experiment.data_info()
    out = out or Path(f"{path.resolve().name}-inverted.npz")
    allowed = ENDINGS if info.modality == "image" else (".npz",)
    if out.suffix.lower() not in allowed:
        raise StudioError(
            msg("{name} cannot hold these codes.", name=out.name),
            msg("Choose a name that ends in {endings}.", endings=" / ".join(allowed)),
        )
    shown = None if picture is None else read_picture(picture, info)
    store = DataStore.load(run.experiment)
    if shown is not None:
        items = store.from_display(shown[None])
    else:
        there = len(store.held_out)
        if held_out is None or held_out > there:
            raise StudioError(
                msg("The run has {count:,} held-out items.", count=there),
                msg("Ask for fewer.") if there else msg("Invert a picture instead."),
            )
        items = store.held_out[:held_out]
    model = Model.build(run.experiment).eval()
    model.load_arrays(run.weights)
    space = CodeSpace.of(model.method, store.train)
    with Progress(console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(tr("Inverting"), total=steps)
        for found in inverting(space, items.numpy(), steps=steps, starts=starts, seed=seed):
            bar.update(task, completed=found.step)
    originals = store.scaler.unscale(items.numpy()).astype(np.float32)
    content = _encoded(run, originals, found.codes, found.losses, out.suffix.lower(), scale)
    write_atomically(out, content)
    say(
        tr(
            "{count} codes are in {path}; mean square difference {loss:.3g}.",
            count=len(found.codes),
            path=out,
            loss=float(found.losses.mean()),
        )
    )


def _encoded(
    run: Run, originals: Floats, codes: Floats, losses: Floats, ending: str, scale: int
) -> bytes:
    rebuilt = run.decode(codes)
    if ending == ".npz":
        buffer = io.BytesIO()
        np.savez_compressed(buffer, x=originals, z=codes, reconstruction=rebuilt, loss=losses)
        return buffer.getvalue()
    from aegan_studio.runs.pictures import png, sheet

    pairs = np.stack((run.to_display(originals), run.to_display(rebuilt)), axis=1)
    columns = 2 * max(1, round((len(codes) / 2) ** 0.5))
    return png(sheet(pairs.reshape(-1, *pairs.shape[2:]), columns=columns, scale=scale))
