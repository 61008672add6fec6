"""Codes as files: every number comes back exactly, and nothing else is believed."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from aegan_studio.messages import StudioError
from aegan_studio.runs.codes import (
    CodeTable,
    code_of_text,
    code_text,
    encoded,
    load,
    save,
)

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)


@st.composite
def tables(draw):
    n, d = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    kind = draw(st.sampled_from([np.float32, np.float64]))
    finite = {"allow_nan": False, "allow_infinity": False}
    codes = draw(arrays.arrays(kind, (n, d), elements={**finite}))
    labels = draw(st.none() | arrays.arrays(np.int64, n, elements=st.integers(0, 2)))
    return CodeTable(
        codes,
        labels,
        ("zero", "一", "two, “2”") if labels is not None else (),
        draw(st.none() | st.lists(NAMES, min_size=n, max_size=n).map(tuple)),
        draw(st.none() | arrays.arrays(np.bool_, n)),
        draw(st.none() | arrays.arrays(np.int64, n)),
        draw(st.none() | arrays.arrays(np.float64, (n, 2), elements={**finite})),
        draw(st.integers(0, 10**9)),
    )


def same(one, other):
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other)


@given(table=tables())
def test_arrays_come_back_bit_for_bit(table, tmp_path_factory):
    path = tmp_path_factory.mktemp("codes") / "codes.npz"
    save(path, table)
    found = load(path)
    assert found.codes.dtype == table.codes.dtype
    assert found.codes.tobytes() == table.codes.tobytes()
    for part in ("labels", "held_out", "rows", "components"):
        assert same(getattr(found, part), getattr(table, part))
    assert (found.names, found.classes, found.step) == (table.names, table.classes, table.step)


@given(table=tables())
def test_text_comes_back_bit_for_bit(table, tmp_path_factory):
    path = tmp_path_factory.mktemp("codes") / "codes.csv"
    save(path, table)
    found = load(path)
    assert found.codes.astype(table.codes.dtype).tobytes() == table.codes.tobytes()
    for part in ("labels", "held_out", "rows", "components"):
        assert same(getattr(found, part), getattr(table, part))
    assert found.names == table.names
    if table.labels is not None:
        assert [found.classes[label] for label in found.labels] == [
            table.classes[label] for label in table.labels
        ]


def test_a_text_file_has_a_line_for_each_code_that_anyone_can_read():
    table = CodeTable(
        np.array([[0.5, -0.1], [1.25, 2.0]], np.float32),
        np.array([1, 0]),
        ("zero", "one"),
        held_out=np.array([False, True]),
        rows=np.array([7, 9]),
    )
    assert encoded(table, ".csv").decode().splitlines() == [
        "row,split,label,class,z1,z2",
        "7,train,1,one,0.5,-0.1",
        "9,held-out,0,zero,1.25,2.0",
    ]


def test_another_ending_is_refused_with_the_mend(tmp_path):
    with pytest.raises(StudioError, match=r"\.npz / \.csv"):
        save(tmp_path / "codes.pkl", CodeTable(np.zeros((1, 2))))


def npz(**members):
    buffer = io.BytesIO()
    np.savez(buffer, **members)
    return buffer.getvalue()


RUBBISH = {
    "torn.npz": npz(z=np.zeros((3, 2)))[:80],
    "empty.npz": b"",
    "text.npz": b"nothing of the kind",
    "objects.npz": npz(z=np.array([{}], dtype=object)),
    "without.npz": npz(a=np.zeros((3, 2))),
    "flat.npz": npz(z=np.zeros(3)),
    "labels.npz": npz(z=np.zeros((3, 2)), labels=np.zeros(2, np.int64)),
    "empty.csv": b"",
    "words.csv": b"a,b\n1,2\n",
    "short.csv": b"z1,z2\n1\n",
    "letters.csv": b"z1,z2\n1,x\n",
    "bytes.csv": bytes(range(256)),
}


@pytest.mark.parametrize("name", list(RUBBISH))
def test_what_is_no_file_of_codes_is_refused_in_a_sentence(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(RUBBISH[name])
    with pytest.raises(StudioError, match="holds no codes"):
        load(path)


def test_an_array_that_would_not_fit_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("aegan_studio.runs.codes.MAX_BYTES", 1000)
    path = tmp_path / "large.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("z.npy", bytes(100_000))
    with pytest.raises(StudioError, match="holds no codes"):
        load(path)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=8))
def test_a_copied_code_is_pasted_exactly(values):
    assert code_of_text(code_text(values)).tolist() == values


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0.5, −1.25", [0.5, -1.25]),
        ("z = (1; 2; 3)", [1.0, 2.0, 3.0]),
        ("[[1e-3\n 2]]", [0.001, 2.0]),
        ("3", [3.0]),
        ("", None),
        ("z =", None),
        ("1, two", None),
        ("1, nan", None),
        ("1, inf", None),
    ],
)
def test_codes_are_pasted_however_they_are_written(text, code):
    found = code_of_text(text)
    assert (None if found is None else found.tolist()) == code
