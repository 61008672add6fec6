"""A run folder survives a crash at any moment, and says clearly what it cannot do."""

import errno
import json
import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aegan_studio.experiment import Experiment, InputError
from aegan_studio.messages import StudioError
from aegan_studio.runs import records
from aegan_studio.runs.folder import RunFolder
from aegan_studio.runs.layout import is_free, is_run

COLUMNS = ("rec-x", "norm")
EXPERIMENT = Experiment.parse({"title": "Two moons", "dataset": "moons", "method": "vae"})


def values(count, columns=2):
    return np.arange(count * columns, dtype=np.float32).reshape(count, columns)


@pytest.fixture
def run(tmp_path):
    with RunFolder.create(tmp_path / "run", EXPERIMENT) as folder:
        folder.set_columns(COLUMNS)
        yield folder


def reopened(folder):
    return RunFolder.open(folder.path)


def test_a_new_run_opens_with_its_experiment_and_facts(run):
    again = reopened(run)
    assert again.experiment == EXPERIMENT
    assert again.columns == COLUMNS
    assert again.facts["title"] == "Two moons"
    assert again.facts["method"] == "vae"
    assert again.facts["status"] == "new"


def test_the_pace_is_kept_a_few_times_a_second_and_cut_back(run):
    for step in range(1, 101):
        run.append_steps(np.array([step]), values(1))
        run.append_pace(step, step / 20, 20.0, 1e8)
    run.flush()
    steps, rows = reopened(run).pace()
    assert steps[0] == 1
    assert len(steps) == 20
    np.testing.assert_allclose(rows[:, 0], steps / 20)
    np.testing.assert_allclose(rows[:, 1:], [[20.0, 1e8]] * 20)
    run.truncate_after(50)
    run.append_pace(51, 2.55, 21.0, 1e8)
    assert run.pace()[0].tolist()[-2:] == [steps[steps <= 50][-1], 51]


def test_steps_come_back_as_they_were_nan_included(run):
    table = values(5)
    table[2, 1] = np.nan
    run.append_steps(np.arange(1, 4), table[:3])
    run.append_steps(np.arange(4, 6), table[3:])
    run.flush()
    steps, found = reopened(run).steps()
    np.testing.assert_array_equal(steps, np.arange(1, 6))
    np.testing.assert_array_equal(found, table)
    assert steps.dtype == np.int64
    assert found.dtype == np.float32


def test_steps_not_yet_flushed_are_read_by_their_writer(run):
    run.append_steps(np.arange(1, 4), values(3))
    run.flush()
    run.append_steps(np.array([4]), values(1))
    assert run.steps()[0].tolist() == [1, 2, 3, 4]


def test_records_reach_the_system_within_a_second(run, monkeypatch):
    clock = iter([10.0, 10.0, 10.5, 11.1, 11.1])
    monkeypatch.setattr("aegan_studio.runs.folder.time.monotonic", lambda: next(clock))
    run.flush()
    run.append_steps(np.array([1]), values(1))
    run.append_steps(np.array([2]), values(1))
    assert reopened_steps(run) == []
    monkeypatch.setattr("aegan_studio.runs.folder.time.monotonic", lambda: 12.0)
    run.append_steps(np.array([3]), values(1))
    assert reopened_steps(run) == [1, 2, 3]


def reopened_steps(folder):
    path = folder.path / "metrics" / "steps.bin"
    return records.StepsFile(path, len(COLUMNS)).read()[0].tolist()


def test_steps_that_go_back_are_refused(run):
    run.append_steps(np.array([5]), values(1))
    with pytest.raises(ValueError, match="must increase"):
        run.append_steps(np.array([5]), values(1))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(0, 12), columns=st.integers(1, 4), data=st.data())
def test_steps_cut_at_any_byte_yield_the_longest_whole_prefix(tmp_path, count, columns, data):
    path = tmp_path / "steps.bin"
    path.unlink(missing_ok=True)
    table = values(count, columns)
    file = records.StepsFile(path, columns)
    file.append(np.arange(1, count + 1), table)
    file.flush()
    file.close()
    whole = path.read_bytes() if path.exists() else b""
    cut = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:cut])
    kept = cut // (8 + 4 * columns)

    torn = records.StepsFile(path, columns)
    steps, found = torn.read()
    np.testing.assert_array_equal(steps, np.arange(1, kept + 1))
    np.testing.assert_array_equal(found, table[:kept])

    torn.append(np.array([100]), np.zeros((1, columns), np.float32))
    torn.close()
    assert records.StepsFile(path, columns).read()[0].tolist() == [*range(1, kept + 1), 100]
    assert path.stat().st_size == (kept + 1) * (8 + 4 * columns)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tail=st.binary(max_size=60))
def test_any_rubbish_behind_the_steps_leaves_a_run_that_opens(tmp_path, tail):
    path = tmp_path / "steps.bin"
    path.unlink(missing_ok=True)
    file = records.StepsFile(path, 2)
    file.append(np.arange(1, 4), values(3))
    file.close()
    with path.open("ab") as end:
        end.write(tail)
    steps, found = records.StepsFile(path, 2).read()
    assert steps[:3].tolist() == [1, 2, 3]
    assert np.all(np.diff(steps) > 0)
    np.testing.assert_array_equal(found[:3], values(3))


def test_zeros_left_by_a_power_cut_are_no_steps(run):
    run.append_steps(np.arange(1, 4), values(3))
    run.close()
    with (run.path / "metrics" / "steps.bin").open("ab") as end:
        end.write(bytes(160))
    assert reopened(run).steps()[0].tolist() == [1, 2, 3]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_lines_cut_at_any_byte_keep_all_whole_lines(tmp_path, data):
    path = tmp_path / "held-out.jsonl"
    path.unlink(missing_ok=True)
    file = records.LinesFile(path)
    for step in range(1, 6):
        file.append({"step": step, "values": {"äöü": step / 3}})
    file.close()
    whole = path.read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:cut])
    kept = whole[:cut].count(b"\n")
    torn = records.LinesFile(path)
    assert [line["step"] for line in torn.read()] == list(range(1, kept + 1))
    torn.append({"step": 9})
    torn.close()
    assert [line["step"] for line in records.LinesFile(path).read()] == [*range(1, kept + 1), 9]


def test_held_out_values_come_back_with_nan_for_what_is_not_finite(run):
    run.append_held_out(100, {"rec-x": 0.1, "bound": float("inf")})
    run.close()
    ((step, found),) = reopened(run).held_out()
    assert step == 100
    assert found["rec-x"] == 0.1
    assert np.isnan(found["bound"])


def test_metrics_name_every_quantity_and_leave_out_unmeasured_steps(run):
    table = values(3)
    table[1, 1] = np.nan
    run.append_steps(np.arange(1, 4), table)
    run.append_held_out(2, {"rec-x": 0.5})
    metrics = run.metrics()
    assert metrics["rec-x"][0].tolist() == [1, 2, 3]
    assert metrics["norm"][0].tolist() == [1, 3]
    assert metrics["held-out.rec-x"][1].tolist() == [0.5]


def test_changes_are_kept_and_applied(run):
    run.append_change(10, "phases.autoencoder.lr", 1e-3, 5e-4)
    run.append_event("finding", 11, about="collapse")
    assert run.changes()[0]["new"] == 5e-4
    assert [line["event"] for line in run.events()] == ["changed", "finding"]
    assert run.current_experiment.get("phases.autoencoder.lr") == 5e-4
    assert run.experiment == EXPERIMENT


def test_going_back_drops_everything_later(run):
    run.append_steps(np.arange(1, 11), values(10))
    for step in (4, 8):
        run.append_held_out(step, {"rec-x": 1.0})
        run.append_change(step, "training.steps", 1, step)
        run.checkpoint_path(step).parent.mkdir(exist_ok=True)
        run.checkpoint_path(step).write_bytes(b"x")
    run.truncate_after(6)
    assert run.steps()[0].tolist() == [1, 2, 3, 4, 5, 6]
    assert [step for step, _ in run.held_out()] == [4]
    assert [line["step"] for line in run.changes()] == [4]
    assert run.checkpoints() == (run.checkpoint_path(4),)
    run.append_steps(np.array([7]), values(1))
    run.flush()
    assert reopened(run).steps()[0].tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_the_newest_checkpoints_come_first_and_old_ones_go(run):
    folder = run.checkpoint_path(1).parent
    folder.mkdir()
    for step in (5, 100, 20):
        run.checkpoint_path(step).write_bytes(b"x")
    (folder / "notes.txt").write_text("mine")
    assert [path.name for path in run.checkpoints()] == [
        "000000100.safetensors",
        "000000020.safetensors",
        "000000005.safetensors",
    ]
    run.prune_checkpoints()
    assert len(run.checkpoints()) == 2
    assert (folder / "notes.txt").exists()


def test_other_columns_are_refused_once_steps_are_recorded(run):
    run.set_columns(("rec-x",))
    run.append_steps(np.array([1]), values(1, 1))
    with pytest.raises(StudioError, match="records rec-x; it cannot go on with other"):
        run.set_columns(("other",))


def test_a_run_without_its_column_names_finds_them_again(run):
    run.append_steps(np.arange(1, 9), values(8))
    run.close()
    (run.path / "metrics" / "columns.json").write_text("{")
    again = reopened(run)
    assert again.steps()[0].tolist() == []
    again.truncate_after(6)
    again.set_columns(COLUMNS)
    assert again.steps()[0].tolist() == [1, 2, 3, 4, 5, 6]
    again.close()


@pytest.mark.parametrize(
    "facts", ["", "{", "[]", "null", "[" * 100_000, '{"title": 3, "step": "x", "status": null}']
)
def test_damaged_facts_are_told_from_the_rest(run, facts):
    run.checkpoint_path(40).parent.mkdir()
    run.checkpoint_path(40).write_bytes(b"x")
    (run.path / "run.json").write_text(facts)
    again = reopened(run)
    assert again.facts["title"] == "Two moons"
    assert again.facts["step"] in (0, 40)
    run.close()
    again.describe(status="training")
    assert json.loads((run.path / "run.json").read_text())["status"] == "training"
    again.close()


def test_only_one_writer_at_a_time(run):
    other = reopened(run)
    with pytest.raises(StudioError, match="being trained by another program"):
        other.describe(status="training")
    run.close()
    other.describe(status="training")
    other.close()


def test_a_killed_writer_leaves_no_lock_and_no_half_files(tmp_path):
    path = tmp_path / "run"
    script = textwrap.dedent(
        f"""
        import os, signal
        from pathlib import Path
        import numpy as np
        from aegan_studio.experiment import Experiment
        from aegan_studio.runs.folder import RunFolder
        run = RunFolder.create(Path({str(path)!r}), Experiment.parse(
            {{"dataset": "moons", "method": "vae"}}))
        run.set_columns(("a",))
        run.append_steps(np.arange(1, 101), np.zeros((100, 1), np.float32))
        run.flush()
        run.append_steps(np.array([101]), np.zeros((1, 1), np.float32))
        (run.path / ".run.json.half").write_text("{{")
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode != 0
    with RunFolder.open(path) as run:
        assert len(run.steps()[0]) == 100
        run.append_steps(np.array([101]), np.zeros((1, 1), np.float32))
        assert not (path / ".run.json.half").exists()
        assert run.steps()[0][-1] == 101


def test_a_place_that_holds_something_else_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StudioError, match="is not empty and holds no run"):
        RunFolder.create(tmp_path, EXPERIMENT)
    with pytest.raises(StudioError, match="is a file, not a folder"):
        RunFolder.create(tmp_path / "notes.txt", EXPERIMENT)
    with pytest.raises(StudioError, match="cannot be written"):
        RunFolder.create(tmp_path / "notes.txt" / "run", EXPERIMENT)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert not is_free(tmp_path)


def test_a_run_is_not_overwritten(run):
    with pytest.raises(StudioError, match="already holds a run"):
        RunFolder.create(run.path, EXPERIMENT)


def test_a_folder_whose_making_was_killed_can_be_used_again(tmp_path):
    (tmp_path / ".experiment.toml.x1y2").write_text("dat")
    (tmp_path / ".lock").touch()
    with RunFolder.create(tmp_path, EXPERIMENT):
        assert is_run(tmp_path)
        assert not (tmp_path / ".experiment.toml.x1y2").exists()


def test_what_is_no_run_is_named(tmp_path):
    with pytest.raises(StudioError, match="There is no run at"):
        RunFolder.open(tmp_path / "nothing")
    with pytest.raises(StudioError, match="holds no run"):
        RunFolder.open(tmp_path)
    (tmp_path / "experiment.toml").write_text("= nonsense")
    with pytest.raises(StudioError, match="is not valid TOML"):
        RunFolder.open(tmp_path)
    (tmp_path / "experiment.toml").write_text('dataset = "moons"\nmethod = "vaes"\n')
    with pytest.raises(InputError) as caught:
        RunFolder.open(tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_a_full_disk_loses_no_records(run, monkeypatch):
    class Disk(records.FileIO):
        full = False

        def write(self, data):
            if Disk.full:
                super().write(data[:5])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().write(data)

    monkeypatch.setattr(records, "FileIO", Disk)
    run.append_steps(np.arange(1, 4), values(3))
    run.flush()
    Disk.full = True
    run.append_steps(np.arange(4, 6), values(2))
    with pytest.raises(StudioError, match="The disk is full"):
        run.flush()
    assert run.steps()[0].tolist() == [1, 2, 3, 4, 5]
    assert reopened(run).steps()[0].tolist() == [1, 2, 3]
    Disk.full = False
    run.flush()
    assert reopened(run).steps()[0].tolist() == [1, 2, 3, 4, 5]


def test_a_preview_can_be_replaced(run):
    assert run.preview() is None
    run.write_preview(b"one")
    run.write_preview(b"two")
    assert run.preview().read_bytes() == b"two"
