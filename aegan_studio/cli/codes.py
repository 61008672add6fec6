"""The codes of a run's data, or of samples of its prior, as a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from aegan_studio.cli.output import say
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs import codes as tables


def codes(
    path: Path,
    out: Path | None,
    samples: int | None,
    seed: int,
    of_class: str | None,
    components: bool,
) -> None:
    """Encode all data of the run in ``path``, or draw ``samples`` codes, and save a table.

    Of data the table holds the dataset's row, whether the item was held out, and its label. With
    ``components`` it holds the places on the first two principal components of these codes.

    Raises
    ------
    StudioError
        No run, no encoder, a name of which no file is made.
    """
    from aegan_studio.api import load_run
    from aegan_studio.ml.data.store import DataStore

    out = out or Path(f"{path.resolve().name}-codes.npz")
    tables.checked_ending(out)
    run = load_run(path)
    if samples is not None:
        table = tables.CodeTable(run.prior(samples, seed, of_class), step=run.step)
    elif of_class is not None:
        raise StudioError(
            msg("--class goes with samples."), msg("Add --samples and how many, or leave it out.")
        )
    elif not run.has_encoder:
        raise StudioError(
            msg("“{method}” has no encoder.", method=run.experiment.method.kind),
            msg("Add --samples and how many: codes are drawn from its prior then."),
        )
    else:
        data, store = run.data(), DataStore.load(run.experiment)
        labels = None
        if data.train_labels is not None and data.held_out_labels is not None:
            labels = np.concatenate((data.train_labels, data.held_out_labels))
        table = tables.CodeTable(
            np.concatenate((run.encode(data.train), run.encode(data.held_out))),
            labels,
            data.classes,
            held_out=np.repeat((False, True), (len(data.train), len(data.held_out))),
            rows=np.concatenate((store.train_rows, store.held_out_rows)),
            step=run.step,
        )
    if components:
        table = with_components(table)
    tables.save(out, table)
    say(
        tr("{count:,} codes of step {step:,} are in {path}.", count=len(table.codes),
           step=run.step, path=out)
    )  # fmt: skip


def with_components(table: tables.CodeTable) -> tables.CodeTable:
    """The table with the places of its codes on their first two principal components."""
    from dataclasses import replace

    from aegan_studio.ml.latent.projection import Projection

    places = Projection.fit(table.codes, 2).project(table.codes)
    if places.shape[1] < 2:
        places = np.column_stack((places, np.zeros(len(places))))
    return replace(table, components=places)
