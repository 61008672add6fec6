"""Bookmarks survive torn files, and what is read is never believed."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from aegan_studio.messages import StudioError
from aegan_studio.runs import bookmarks
from aegan_studio.runs.bookmarks import FILE, Bookmark, decoded, encoded, load, one_line, save

FINITE = st.floats(allow_nan=False, allow_infinity=False)
SHAPES = st.sampled_from([(8, 8), (5, 7), (4, 6, 3)])


@st.composite
def marks(draw):
    point = arrays.arrays(np.float64, (2,), elements=FINITE)
    picture = SHAPES.flatmap(lambda shape: arrays.arrays(np.uint8, shape))
    return Bookmark(
        one_line(draw(st.text(max_size=20))),
        np.array(draw(st.lists(FINITE, min_size=1, max_size=5))),
        draw(st.none() | point | picture),
        draw(st.integers(0, 10**9)),
    )


def mark(name="Open four", d=3):
    rng = np.random.default_rng(len(name))
    picture = rng.integers(0, 256, (8, 8), dtype=np.uint8)
    return Bookmark(name, rng.normal(size=d), picture, 900)


@given(given=st.lists(marks(), max_size=4))
def test_what_is_kept_comes_back_exactly(given, tmp_path_factory):
    path = tmp_path_factory.mktemp("run") / FILE
    save(path, given)
    shelf = load(path)
    assert shelf.problem is None
    assert len(shelf.bookmarks) == len(given)
    for found, kept in zip(shelf.bookmarks, given, strict=True):
        assert (found.name, found.step) == (kept.name, kept.step)
        assert found.code.tobytes() == kept.code.tobytes()
        if kept.item is None:
            assert found.item is None
        else:
            assert found.item.dtype == kept.item.dtype
            assert np.array_equal(found.item, kept.item)


def test_a_run_without_the_file_has_none(tmp_path):
    assert load(tmp_path / FILE).bookmarks == ()
    assert load(tmp_path / FILE).problem is None


@given(cut=st.integers(1, 400))
def test_a_torn_file_is_set_aside_and_said(cut, tmp_path_factory):
    path = tmp_path_factory.mktemp("run") / FILE
    save(path, [mark()])
    torn = path.read_bytes()[:-cut]
    path.write_bytes(torn)
    shelf = load(path)
    assert shelf.bookmarks == ()
    assert not shelf.locked
    assert f"{FILE}.set-aside" in str(shelf.problem)
    assert not path.exists()
    assert path.with_name(f"{FILE}.set-aside").read_bytes() == torn
    save(path, [mark()])
    assert len(load(path).bookmarks) == 1


def test_files_set_aside_do_not_replace_each_other(tmp_path):
    path = tmp_path / FILE
    for content in (b"{", b"[", b"torn"):
        path.write_bytes(content)
        load(path)
    kept = sorted(tmp_path.iterdir())
    assert [file.read_bytes() for file in kept] == [b"{", b"[", b"torn"]


WRONG = [
    {"name": 3},
    {"step": "now"},
    {"step": -1},
    {"step": True},
    {"code": []},
    {"code": [1, "2"]},
    {"code": [1, True]},
    {"code": [float("nan")]},
    {"code": [10**400]},
    {"code": "1, 2"},
]


@pytest.mark.parametrize("change", WRONG, ids=str)
def test_an_entry_that_makes_no_sense_costs_no_other(change, tmp_path):
    path = tmp_path / FILE
    whole = json.loads(encoded([mark("a"), mark("b")]))
    whole["bookmarks"][0].update(change)
    content = json.dumps(whole).encode()
    path.write_bytes(content)
    shelf = load(path)
    assert [found.name for found in shelf.bookmarks] == ["b"]
    assert "left out" in str(shelf.problem)
    assert path.with_name(f"{FILE}.set-aside").read_bytes() == content


@pytest.mark.parametrize("picture", ["", "%%", "aGVsbG8=", 7, None])
def test_a_bookmark_outlives_its_picture(picture):
    whole = json.loads(encoded([mark()]))
    whole["bookmarks"][0]["picture"] = picture
    (found,), lost = decoded(json.dumps(whole).encode(), FILE)
    assert lost == 0
    assert found.item is None
    assert found.code.tolist() == mark().code.tolist()


def test_a_picture_larger_than_any_of_ours_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(bookmarks, "LARGEST", 7)
    (found,), _ = decoded(encoded([mark()]), FILE)
    assert found.item is None


def test_a_newer_file_is_left_as_it_is(tmp_path):
    path = tmp_path / FILE
    content = json.dumps({"format": 99, "bookmarks": []}).encode()
    path.write_bytes(content)
    shelf = load(path)
    assert shelf.locked
    assert "newer" in str(shelf.problem)
    assert path.read_bytes() == content


def test_a_file_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(bookmarks, "MAX_BYTES", 10)
    save(tmp_path / FILE, [mark()])
    shelf = load(tmp_path / FILE)
    assert shelf.locked
    assert "too large" in str(shelf.problem)


@pytest.mark.parametrize("content", [b"[]", b"{}", b'{"bookmarks": []}', b"7", b"[" * 100_000])
def test_other_files_are_refused_in_a_sentence(content):
    with pytest.raises(StudioError, match="holds no bookmarks"):
        decoded(content, "other.json")


def test_there_is_an_end_to_them(monkeypatch):
    monkeypatch.setattr(bookmarks, "MOST", 2)
    with pytest.raises(StudioError, match="at most 2"):
        encoded([mark()] * 3)


def test_names_are_one_line_of_bounded_length():
    assert one_line("  a\n b\x00 ") == "a b"
    assert len(one_line("x" * 500)) == bookmarks.LONGEST_NAME


def test_a_folder_that_is_gone_is_not_writable(tmp_path):
    assert bookmarks.is_writable(tmp_path)
    assert not bookmarks.is_writable(tmp_path / "gone")
