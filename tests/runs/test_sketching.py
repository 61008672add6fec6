"""Drawings from outside: pictures and tables become sketches, and hostile ones are refused."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from aegan_studio.messages import StudioError
from aegan_studio.runs import sketching
from aegan_studio.runs.sketching import read_sketch, read_table
from aegan_studio.sketches import MOST_SPOTS, SIDE


def png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def huge_png(side=60_000):
    """A picture that says it has far too many pixels, in a few bytes."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0"))


def test_dark_areas_of_a_picture_become_ink():
    pixels = np.full((SIDE, SIDE), 255)
    pixels[:10] = 0
    pixels[50:, 40:] = 170
    made = read_sketch(png(pixels), colour=2).sketch
    assert (made.ink[:10] == 9).all()
    assert (made.ink[50:, 40:] == 3).all()
    assert not made.ink[10:50].any()
    assert made.used == (2,)


def test_a_wide_picture_lies_whole_in_the_middle(tmp_path):
    path = tmp_path / "wide.png"
    path.write_bytes(png(np.tile([[0, 255]], (50, 100))))
    ink = read_sketch(path).sketch.ink
    assert not ink[: SIDE * 3 // 8 - 1].any()
    assert ink[SIDE // 2].sum() > 0


def test_a_picture_of_one_colour_draws_nothing():
    with pytest.raises(StudioError, match="one colour"):
        read_sketch(png(np.full((20, 20), 90)))


@pytest.mark.parametrize("content", [huge_png(), png(np.zeros((9, 9)))[:40], b"", b"GIF89a"])
def test_hostile_pictures_are_refused_before_they_are_decoded(tmp_path, content):
    path = tmp_path / "bad.png"
    path.write_bytes(content)
    for source in (path, content):
        with pytest.raises(StudioError):
            read_sketch(source)


def test_pixels_of_a_clipboard_are_read_too():
    rgba = np.zeros((10, 10, 4), np.uint8)
    rgba[:5] = (0, 0, 0, 255)  # below, transparent is white
    ink = read_sketch(rgba).sketch.ink
    assert (ink[: SIDE // 2 - 1] == 9).all()
    assert not ink[SIDE // 2 + 1 :].any()


@pytest.mark.parametrize(
    "text",
    [
        "1,2\n3,4\n-5,6",
        "x,y\n1,2\n3,4\n-5,6\n",
        "1;2\r\n3;4\r\n-5;6\r\n",
        "a\tb\n1\t2\n\n3\t4\n-5\t6",
        "1,0;2,0\n3,0;4,0\n-5,0;6,0",
        "# made by hand\n1 2\n3 4\n-5 6",
        '"x","y"\n"1","2"\n"3","4"\n"-5","6"',
        "\ufeffx,y\n1,2,\n3,4,\n-5,6,",
    ],
)
def test_tables_are_read_in_every_common_dress(tmp_path, text):
    path = tmp_path / "points.csv"
    path.write_text(text, "utf-8")
    made = read_sketch(path)
    points, _ = read_table(text.removeprefix("\ufeff"))
    assert points.tolist() == [[1, 2], [3, 4], [-5, 6]]
    assert made.points == len(made.sketch.spots) == 3
    # fitted to the plane in proportion: the widest side ends a tenth from the border
    assert made.sketch.spots == pytest.approx((points - [-1, 4]) * 0.9 / 4, abs=1e-4)


def test_a_third_column_is_the_class():
    made = read_sketch("x,y,kind\n0,0,cat\n1,0,dog\n0,1,cat")
    assert made.sketch.spot_colours.tolist() == [0, 1, 0]
    with pytest.raises(StudioError, match="at most 8"):
        read_sketch("\n".join(f"0,{i},{i}" for i in range(9)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no points"),
        ("x,y\n", "no points"),
        ("1\n2", "Columns of the table: 1."),
        ("1,2,3,4", "Columns of the table: 4."),
        ("1,2\n3,4,5", "Row 2 has 3 values, not 2"),
        ("x,y\n1,2\n\n3,nan", "Row 4 holds “nan”"),
        ("1,2\ninf,4", "Row 2 holds “inf”"),
        ("1,2\n1e999,4", "holds “1e999”"),
        ("1,2\nfour,4", "holds “four”"),
        ("1,two\n3,4", "holds “two”"),
        ("1,2\n,4", "holds “”"),
    ],
)
def test_a_wrong_table_is_refused_with_its_row(text, said):
    with pytest.raises(StudioError) as caught:
        read_sketch(text)
    assert said in str(caught.value)


def test_long_tables_are_thinned_evenly_and_say_so():
    count = 3 * MOST_SPOTS
    made = read_sketch("\n".join(f"{i},{i % 7}" for i in range(count)))
    assert made.points == count
    assert len(made.sketch.spots) == MOST_SPOTS
    gaps = np.diff(made.sketch.spots[:, 0])
    assert gaps == pytest.approx(1.8 / MOST_SPOTS, abs=2e-4)
    assert "4,000 of 12,000" in str(made.notice)


def test_extreme_numbers_and_equal_ones_fit():
    assert np.isfinite(read_sketch("1e308,0\n-1e308,0").sketch.spots).all()
    assert read_sketch("5,5\n5,5").sketch.spots.tolist() == [[0, 0], [0, 0]]


def test_files_that_are_neither_or_too_large_are_refused(tmp_path, monkeypatch):
    other = tmp_path / "a.zip"
    other.write_bytes(b"PK")
    with pytest.raises(StudioError, match="neither"):
        read_sketch(other)
    binary = tmp_path / "a.csv"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StudioError, match="not a text file"):
        read_sketch(binary)
    with pytest.raises(StudioError, match="cannot be read"):
        read_sketch(tmp_path / "gone.csv")
    monkeypatch.setattr(sketching, "MOST_BYTES", 2)
    with pytest.raises(StudioError, match="larger"):
        read_sketch(binary)


@given(st.text(max_size=200))
def test_no_text_crashes_the_reader(text):
    try:
        points, kinds = read_table(text)
    except StudioError:
        return
    assert np.isfinite(points).all()
    assert len(points) == len(kinds) > 0
