"""The doctor on recorded trainings, and the table of all that were examined.

The records are of ``python -m aegan_studio.bench.doctor``: every planted fault once, and a few
sound recipes; each holds what a training told, so that nothing is trained here.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aegan_studio.bench.doctor.command import BROKEN, TABLE, examine
from aegan_studio.bench.doctor.faults import FAULTS, SEEDS
from aegan_studio.bench.doctor.table import RECALL
from aegan_studio.bench.doctor.traces import load
from aegan_studio.catalog import recipes
from aegan_studio.catalog.findings import FINDINGS
from aegan_studio.i18n import tr

RECORDS = sorted((Path(__file__).parents[1] / "data" / "doctor").glob("*.npz"))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_recorded_fault_is_found_and_a_recorded_recipe_left_alone(path: Path) -> None:
    planted, parted, _ = path.stem.partition("--")
    wanted = planted if parted else ""
    _, trace = load(path)
    assert examine(trace, path.stem, wanted, 0).right


def test_every_planted_fault_is_among_the_records() -> None:
    kept = {path.stem.rpartition("-")[0] for path in RECORDS}
    assert {f"{fault.finding}--{fault.name}" for fault in FAULTS} <= kept
    assert len({name for name in kept if "--" not in name}) >= 6


def _rows(text: str, head: str) -> dict[str, list[str]]:
    """The rows below a heading, by their first cells."""
    part = text.partition(f"\n## {head}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")][1:]
    return {
        " ".join(row[: 2 if head == "By training" else 1]): row
        for row in ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    }


def test_the_table_is_of_all_faults_and_recipes_and_meets_its_promise() -> None:
    text = TABLE.read_text("utf-8")
    faults = _rows(text, "By training")
    assert set(faults) == {f"{tr(FINDINGS[f.finding].label)} {f.name}" for f in FAULTS}
    assert all(int(row[2]) >= SEEDS for row in faults.values())
    for name, row in _rows(text, "Planted faults").items():
        found = re.fullmatch(r"(\d+) %", row[2])
        assert found is not None
        assert int(found[1]) >= 100 * RECALL, name
    sound = _rows(text, "Recipes")
    assert set(sound) == {recipe.name for recipe in recipes()}
    assert all(int(row[1]) >= SEEDS for row in sound.values())
    assert all(not row[2] for name, row in sound.items() if name not in BROKEN)
