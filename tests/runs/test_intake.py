"""Pictures from outside: cut to the data's shape, and refused in a sentence."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from aegan_studio.experiment.parts import DataInfo
from aegan_studio.messages import StudioError
from aegan_studio.runs import intake
from aegan_studio.runs.intake import fitted, of_pixels, open_picture, read_picture


def saved(path, pixels, mode=None):
    Image.fromarray(np.asarray(pixels, np.uint8), mode).save(path)
    return path


def encoded(picture, kind="PNG", **options):
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def grey(strokes=False):
    return DataInfo("image", (1, 4, 6), 10, low=0.0, high=1.0, strokes=strokes)


def test_pictures_are_cut_to_the_datas_shape(tmp_path):
    pixels = np.zeros((8, 20))
    pixels[:, 4:16] = 200  # the middle in the data's proportions of 2 : 3
    path = saved(tmp_path / "p.png", pixels)
    assert np.array_equal(read_picture(path, grey()), np.full((4, 6), 200, np.uint8))
    colour = DataInfo("image", (3, 5, 5), 10)
    assert read_picture(path, colour).shape == (5, 5, 3)
    one = saved(tmp_path / "dot.png", [[77]])
    assert np.array_equal(read_picture(one, grey()), np.full((4, 6), 77, np.uint8))


def test_transparency_is_white_and_ink_on_paper_is_turned_over_for_drawings(tmp_path):
    clear = np.zeros((4, 6, 4))
    clear[1:3, 2:4, 3] = 255  # black ink, opaque
    path = saved(tmp_path / "p.png", clear)
    ink = np.zeros((4, 6), np.uint8)
    ink[1:3, 2:4] = 255
    assert np.array_equal(read_picture(path, grey(strokes=True)), ink)
    assert np.array_equal(read_picture(path, grey()), 255 - ink)
    white = saved(tmp_path / "w.png", ink)
    assert np.array_equal(read_picture(white, grey(strokes=True)), ink)


def test_sixteen_bits_become_eight(tmp_path):
    path = tmp_path / "deep.png"
    Image.fromarray(np.full((4, 6), 0x8040, np.uint16)).save(path)
    assert np.array_equal(read_picture(path, grey()), np.full((4, 6), 0x80, np.uint8))


@pytest.mark.parametrize("kind", intake.FORMATS)
def test_every_known_format_is_read_from_bytes(kind):
    picture = open_picture(encoded(Image.new("RGB", (6, 4), (200, 200, 200)), kind))
    assert picture.size == (6, 4)
    assert np.abs(np.asarray(picture).astype(int) - 200).max() <= 2


def test_a_cameras_orientation_is_followed():
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = open_picture(encoded(Image.new("RGB", (6, 4)), "JPEG", exif=exif))
    assert picture.size == (4, 6)


def test_formats_that_nobody_asked_for_are_not_decoded(tmp_path):
    for kind in ("TIFF", "PPM", "TGA"):
        with pytest.raises(StudioError, match=r"What was given is not a whole picture.*PNG, JPEG"):
            open_picture(encoded(Image.new("RGB", (4, 4)), kind))


def test_the_size_is_looked_at_before_decoding():
    """A header that promises a thousand million pixels, with next to nothing behind it."""

    def chunk(name, data):
        check = zlib.crc32(name + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + name + data + check

    header = (30_000).to_bytes(4, "big") * 2 + bytes((8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    with pytest.raises(StudioError, match=r"40,000,000 pixels. Make it"):
        open_picture(bomb)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"GIF89a"])
def test_what_is_no_picture_is_said(content):
    with pytest.raises(StudioError, match="not a whole picture"):
        open_picture(content)


def test_a_file_that_ends_too_early_is_named(tmp_path):
    path = tmp_path / "half.png"
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    path.write_bytes(encoded(Image.fromarray(noise))[:2000])
    with pytest.raises(StudioError, match=r"half\.png is not a whole picture"):
        open_picture(path)


def test_decoded_pixels_are_taken_with_their_transparency():
    rgba = np.zeros((4, 6, 4), np.uint8)
    rgba[0, 0] = (10, 20, 30, 255)
    pixels = np.asarray(of_pixels(rgba))
    assert tuple(pixels[0, 0]) == (10, 20, 30)
    assert (pixels[1:] == 255).all()


def test_a_picture_may_be_fitted_to_a_finer_canvas():
    picture = of_pixels(np.full((40, 90, 4), 255, np.uint8))
    assert fitted(picture, grey(), (40, 60)).shape == (40, 60)
    colour = DataInfo("image", (3, 5, 5), 10)
    assert fitted(picture, colour, (20, 20)).shape == (20, 20, 3)


def test_points_have_no_pictures():
    picture = of_pixels(np.zeros((4, 4, 4), np.uint8))
    with pytest.raises(StudioError, match="no pictures"):
        fitted(picture, DataInfo("points", (2,), 10))
