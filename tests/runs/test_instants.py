"""Files of the timeline: half precision, whole or absent, and never trusted."""

import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aegan_studio.catalog.recipes import recipe
from aegan_studio.messages import StudioError
from aegan_studio.runs import instants
from aegan_studio.runs.folder import RunFolder
from aegan_studio.runs.instants import Moment

EXPERIMENT = recipe("digits-vae")
RNG = np.random.default_rng(0)
WEIGHTS = {
    "encoder": {
        "0.weight": RNG.standard_normal((7, 5)).astype(np.float32),
        "0.counter": np.array(12, np.int64),
        "0.large": np.array([1e-3, 1e5], np.float32),
    }
}
MADE = RNG.integers(0, 255, (6, 8, 8), dtype=np.uint8)


def moment(step):
    return Moment(EXPERIMENT, step, 1.5, 0.25, WEIGHTS, {"k": np.array([0.3], np.float32)})


def keep(run, step, made=MADE, real=None):
    data = instants.encode(moment(step), made, real)
    instants.write(run, step, data)
    return data


def test_weights_come_back_in_half_precision_and_numbers_beyond_it_as_they_were(tmp_path):
    keep(tmp_path, 400)
    found = instants.read(tmp_path, 400)
    stored = found.weights["encoder"]
    assert stored["0.weight"].dtype == np.float16
    assert np.array_equal(stored["0.weight"], WEIGHTS["encoder"]["0.weight"].astype(np.float16))
    assert stored["0.counter"] == 12
    assert (stored["0.counter"].dtype, stored["0.counter"].shape) == (np.int64, ())
    assert stored["0.large"].dtype == np.float32
    assert np.array_equal(stored["0.large"], WEIGHTS["encoder"]["0.large"]), "never infinite"
    assert found.state["k"] == np.float16(0.3)
    assert (found.experiment, found.step, found.seconds, found.epoch) == (
        EXPERIMENT,
        400,
        1.5,
        0.25,
    )


def test_the_list_shows_small_items_in_order_of_steps(tmp_path):
    points = RNG.standard_normal((9, 2)).astype(np.float16)
    for step in (400, 12, 3000):
        keep(tmp_path, step, made=points, real=points[:4])
    found = instants.listed(tmp_path)
    assert [one.step for one in found] == [12, 400, 3000]
    assert np.array_equal(found[0].made, points)
    assert np.array_equal(found[0].real, points[:4])
    assert found[1].size == instants.instant_path(tmp_path, 400).stat().st_size
    assert instants.listed(tmp_path / "nowhere") == []


@settings(max_examples=60)
@given(st.data())
def test_a_torn_or_forged_file_is_passed_over_and_told_of(tmp_path_factory, data):
    run = tmp_path_factory.mktemp("run")
    whole = keep(run, 1)
    keep(run, 2)
    path = instants.instant_path(run, 2)
    how = data.draw(st.sampled_from(["cut", "zeros", "bytes", "longer"]))
    at = data.draw(st.integers(0, len(whole) - 1))
    noise = data.draw(st.binary(min_size=1, max_size=8))
    path.write_bytes(
        {
            "cut": whole[:at],
            "zeros": bytes(len(whole)),
            "bytes": whole[:at] + noise + whole[at + len(noise) :],
            "longer": whole + noise,
        }[how]
    )
    torn = []
    steps = [one.step for one in instants.listed(run, torn.append)]
    assert 1 in steps
    if 2 not in steps:
        assert torn == [path]
    try:
        found = instants.read(run, 2)
    except StudioError:
        return
    original = instants.read(run, 1).weights["encoder"]["0.weight"]
    assert np.array_equal(found.weights["encoder"]["0.weight"], original)


@pytest.mark.parametrize(
    "entry",
    [
        {"dtype": "F16", "shape": [1 << 40, 2], "data_offsets": [0, 8]},
        {"dtype": "F16", "shape": [-1, 2], "data_offsets": [0, -4]},
        {"dtype": "F16", "shape": [2, 2], "data_offsets": [-8, 0]},
        {"dtype": "PICKLE", "shape": [2, 2], "data_offsets": [0, 8]},
        {"dtype": "F16", "shape": [2, 3], "data_offsets": [0, 12]},
        "no entry",
    ],
)
def test_a_header_that_lies_about_sizes_is_refused(tmp_path, entry):
    facts = {"format": 1, "step": 5, "seconds": 0, "epoch": 0, "experiment": {}, "checksum": 0}
    table = {"__metadata__": {instants.KEY: json.dumps(facts)}, "shown/made": entry}
    head = json.dumps(table).encode()
    path = instants.instant_path(tmp_path, 5)
    path.parent.mkdir()
    path.write_bytes(struct.pack("<Q", len(head)) + head + bytes(8))
    assert instants.listed(tmp_path) == []
    with pytest.raises(StudioError, match="damaged"):
        instants.read(tmp_path, 5)


def test_a_step_that_is_not_kept_is_said_so(tmp_path):
    with pytest.raises(StudioError, match="Step 1,234 is not kept"):
        instants.read(tmp_path, 1234)


def test_going_back_forgets_later_instants_and_what_was_half_written(tmp_path):
    with RunFolder.create(tmp_path / "run", EXPERIMENT) as run:
        for step in (0, 10, 20):
            keep(run.path, step)
        (run.path / "checkpoint").write_bytes(b"x")
        for step in (10, 20):
            instants.adopt_checkpoint(run.path, step, run.path / "checkpoint")
        left = instants.instant_path(run.path, 20).with_name(".000000030.instant.safetensors.ab12")
        left.write_bytes(b"half")
        run.truncate_after(15)
        assert [one.step for one in instants.listed(run.path)] == [0, 10]
        assert instants.wholes(run.path) == {10: 1}
        instants.clear_leftovers(run.path)
        assert not left.exists()
        run.discard()
    assert not (tmp_path / "run" / "timeline").exists()
