"""Makes the bundled demos and measures them: trained from their recipes, nothing else.

``python -m aegan_studio.bench.demos [--only NAME …]`` measures the weights that are bundled,
``--check`` trains each demo again from its recipe and says whether its figures lie within the
stated intervals, and ``--make`` trains it with several seeds, states the intervals and writes
the bundle anew: into the folder given, or into the program's own.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save

from aegan_studio import paths
from aegan_studio.bench.demo_figures import Measured, Subject, measure, train
from aegan_studio.bench.report import machine
from aegan_studio.catalog.demos import (
    CARD,
    DECLARATION,
    FIGURES,
    FILES,
    FORMAT,
    RECIPE,
    RUN,
    Demo,
    Figure,
    demos,
    read,
)
from aegan_studio.files import write_atomically
from aegan_studio.messages import StudioError
from aegan_studio.runs.demos import KNOWN, check, listing
from aegan_studio.runs.folder import RunFolder

SEEDS = 3
ROWS = 1500
"""Steps whose values are kept for the curves of a bundled run, at most."""
LEAST = 0.02
"""Half the width of an interval at least, as a share of the value."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 1 where a figure lies outside its interval."""
    asked = _parser().parse_args(arguments)
    names = {demo.name for demo in demos()}
    unknown = set(asked.only or ()) - names
    if unknown:
        _say(f"Unknown: {', '.join(sorted(unknown))}. There are: {', '.join(sorted(names))}.")
        return 2
    chosen = [demo for demo in demos() if not asked.only or demo.name in asked.only]
    torch.set_num_threads(1)
    sound = True
    for demo in chosen:
        if asked.make is not None:
            make(demo, asked.make, asked.seeds)
        else:
            sound &= _compare(demo, retrain=asked.check)
    return 0 if sound else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m aegan_studio.bench.demos", description=__doc__)
    parser.add_argument("--only", action="append", metavar="NAME", help="repeatable")
    parser.add_argument("--check", action="store_true", help="train again and compare")
    parser.add_argument(
        "--make",
        nargs="?",
        type=Path,
        const=paths.resource("demos"),
        metavar="DIR",
        help="write the bundles",
    )
    parser.add_argument("--seeds", type=int, default=SEEDS, help="that intervals rest on")
    return parser


def command(demo: Demo) -> str:
    """What measures a demo again from its recipe."""
    return f"python -m aegan_studio.bench.demos --only {demo.name} --check"


def trained_again(demo: Demo, folder: Path, seed: int | None = None) -> Subject:
    """A demo trained from its recipe, perhaps with another seed."""
    experiment = demo.recipe()
    if seed is not None:
        experiment = experiment.with_options({"seed": seed})
    train(experiment, folder, demo.trained)
    return Subject(demo, folder)


def _compare(demo: Demo, *, retrain: bool) -> bool:
    """Say how a demo's figures come out now beside what is stated."""
    stated = {figure.name: figure for figure in demo.figures().figures}
    with TemporaryDirectory(prefix="aegan-demo-") as place:
        begun = time.process_time()
        subject = (
            trained_again(demo, Path(place) / "run")
            if retrain
            else Subject(demo, demo.folder / RUN, quick=True)
        )
        if retrain:
            _say(f"{demo.name:18} trained in {time.process_time() - begun:.1f} s")
        sound = True
        for found in measure(subject):
            figure = stated[found.name]
            within = figure.low <= found.value <= figure.high
            sound &= within
            _say(
                f"{demo.name:18} {found.what:58} {found.value:9.4g} {figure.unit:5} "
                f"in {figure.low:.4g} … {figure.high:.4g}  {'✓' if within else '✗'}"
            )
        if not retrain:
            check(demo)
    return sound


def make(demo: Demo, root: Path, seeds: int = SEEDS) -> None:
    """Train a demo, measure it with several seeds and write its bundle below ``root``."""
    with TemporaryDirectory(prefix="aegan-demo-") as place:
        begun = time.process_time()  # other programs must not count; one thread trains
        subject = trained_again(demo, Path(place) / "0")
        seconds = time.process_time() - begun
        found = measure(subject)
        first = demo.recipe().seed
        others = [
            measure(trained_again(demo, Path(place) / str(seed), seed))
            for seed in range(first + 1, first + seeds)
        ]
        figures = [
            _figure(one, [other[index] for other in others]) for index, one in enumerate(found)
        ]
        target = root / demo.name
        write_atomically(target / CARD, save(_contiguous(subject.card)))
        if target != demo.folder:
            for name in (DECLARATION, RECIPE):
                write_atomically(target / name, (demo.folder / name).read_bytes())
        _write(
            target / FIGURES,
            {
                "format": FORMAT,
                "command": command(demo),
                "machine": machine(),
                "seconds": round(seconds, 1),
                "figures": [figure.model_dump() for figure in figures],
            },
        )
        _bundle(subject.run, target / RUN)
        _write(target / FILES, listing(target / RUN))
    size = check(read(target))
    _say(f"{demo.name}: {size / 1e6:.2f} MB, trained in {seconds:.0f} s")
    for figure in figures:
        spread = f"in {figure.low:.4g} … {figure.high:.4g}"
        _say(f"    {figure.what:58} {figure.value:9.4g} {figure.unit:5} {spread}")


def _figure(found: Measured, others: Iterable[Measured]) -> Figure:
    """The interval: the seeds' range, as wide again on either side; but for counts 2 % at least."""
    values = [found.value, *(other.value for other in others)]
    low, high = min(values), max(values)
    counted = all(float(value).is_integer() for value in values)
    more = max(high - low, 0.0 if counted else LEAST * abs(found.value))
    return Figure(
        name=found.name,
        what=found.what,
        value=_short(found.value),
        low=_short(max(low - more, found.floor)),
        high=_short(min(high + more, found.ceiling)),
        unit=found.unit,
        seeds=tuple(_short(value) for value in values),
        retrained=found.retrained,
    )


def _bundle(run: Path, target: Path) -> None:
    """Copy a run, its curves thinned: which steps are told of matters to no training."""
    shutil.rmtree(target, ignore_errors=True)
    for path in sorted(run.rglob("*")):
        name = path.relative_to(run).as_posix()
        if path.is_file() and KNOWN.fullmatch(name):
            write_atomically(target / name, path.read_bytes())
    folder = RunFolder.open(target)
    steps, values = folder.steps()
    keep = np.arange(len(steps))[:: -(-len(steps) // ROWS)]
    keep = np.union1d(keep, [len(steps) - 1])
    (target / "metrics" / "steps.bin").unlink()
    with RunFolder.open(target) as thinned:
        thinned.append_steps(steps[keep], values[keep])
    (target / ".lock").unlink(missing_ok=True)


def _contiguous(arrays: Mapping[str, Any]) -> dict[str, Any]:
    return {name: np.ascontiguousarray(array) for name, array in arrays.items()}


def _write(path: Path, plain: Any) -> None:
    write_atomically(path, (json.dumps(plain, indent=1, ensure_ascii=False) + "\n").encode())


def _short(value: float) -> float:
    return float(f"{value:.5g}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StudioError as error:
        sys.exit(str(error))
