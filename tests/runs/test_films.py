"""Films and contact sheets keep every pixel and their time."""

from __future__ import annotations

import base64
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence

from aegan_studio.messages import StudioError
from aegan_studio.runs import films


def frames(count=7, colour=False, seed=0):
    shape = (count, 6, 5, 3) if colour else (count, 6, 5)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def read(data):
    """All pictures of a file and how long each is shown, in milliseconds."""
    with Image.open(io.BytesIO(data)) as film:
        shown = [
            (np.asarray(picture.convert("RGB")), picture.info["duration"])
            for picture in ImageSequence.Iterator(film)
        ]
    return np.stack([picture for picture, _ in shown]), [length for _, length in shown]


@pytest.mark.parametrize("encode", [films.gif, films.webp])
def test_grey_films_keep_every_pixel(encode):
    pictures, _ = read(encode(frames(), 20.0, scale=3))
    expected = np.repeat(np.repeat(frames(), 3, axis=1), 3, axis=2)
    assert np.array_equal(pictures, np.repeat(expected[..., None], 3, axis=-1))


def test_coloured_films_are_exact_as_webp_and_near_as_gif():
    few = frames(colour=True) // 64 * 64  # 64 colours fit a palette
    assert np.array_equal(read(films.webp(few))[0], few)
    assert np.array_equal(read(films.gif(few))[0], few)
    many = frames(colour=True)
    near = read(films.gif(many))[0].astype(float)
    assert np.abs(near - many).mean() < 16


@pytest.mark.parametrize("encode", [films.gif, films.webp])
@given(fps=st.floats(1, 50))
def test_a_film_keeps_its_time(encode, fps):
    _, lengths = read(encode(frames(30), fps))
    assert sum(lengths) == pytest.approx(30_000 / fps, abs=6)
    assert max(lengths) - min(lengths) <= 10


def test_films_repeat_unless_told_otherwise():
    def loops(data):
        with Image.open(io.BytesIO(data)) as film:
            return film.info.get("loop")

    assert loops(films.gif(frames())) == 0
    assert loops(films.gif(frames(), repeat=False)) is None
    assert loops(films.webp(frames())) == 0
    assert loops(films.webp(frames(), repeat=False)) == 1


def test_a_still_film_is_a_film():
    still = np.repeat(frames(1), 5, axis=0)
    assert sum(read(films.gif(still, 10.0))[1]) == 500
    assert len(read(films.webp(frames(1)))[0]) == 1


def test_a_strip_is_one_row():
    shown = films.strip(frames(4), scale=2, gap=1)
    assert shown.shape == (12, (4 * 6 - 1) * 2)
    assert np.array_equal(shown[::2, 12:22:2], frames(4)[1])


@pytest.mark.parametrize("colour", [False, True])
def test_a_sheet_as_svg_holds_every_picture(colour):
    pictures = frames(5, colour)
    data = films.sheet_svg(pictures, columns=3, scale=4, captions=["<1>", "&", "3", "4", "五"])
    root = ElementTree.fromstring(data)
    space = "{http://www.w3.org/2000/svg}"
    shown = root.findall(f"{space}image")
    assert [text.text for text in root.findall(f"{space}text")] == ["<1>", "&", "3", "4", "五"]
    boxes = []
    for image, picture in zip(shown, pictures, strict=True):
        encoded = re.sub("^data:image/png;base64,", "", image.get("href"))
        with Image.open(io.BytesIO(base64.b64decode(encoded))) as held:
            assert np.array_equal(np.asarray(held), picture)
        boxes.append([float(image.get(name)) for name in ("x", "y", "width", "height")])
    lefts, tops, widths, heights = np.array(boxes).T
    assert (len(set(lefts)), len(set(tops))) == (3, 2)
    assert (lefts + widths).max() == float(root.get("width"))
    assert (tops + heights).max() < float(root.get("height"))
    with pytest.raises(ValueError, match="captions"):
        films.sheet_svg(pictures, captions=["one"])


def test_a_film_is_saved_by_its_ending(tmp_path):
    for ending, name in ((".gif", "GIF"), (".webp", "WEBP"), (".png", "PNG")):
        path = tmp_path / f"film{ending}"
        films.save_film(path, frames(), 10.0)
        with Image.open(path) as film:
            assert film.format == name
    with pytest.raises(StudioError, match=r"\.gif / \.webp / \.mp4 / \.png"):
        films.save_film(tmp_path / "film.bmp", frames())
    with pytest.raises(StudioError, match="50 frames"):
        films.save_film(tmp_path / "fast.gif", frames(), 60.0)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "film.gif", "film.png", "film.webp",
    ]  # fmt: skip


@pytest.mark.skipif(not films.has_mp4(), reason="the extra “video” is not installed")
@pytest.mark.parametrize("colour", [False, True])
def test_an_mp4_holds_every_frame_at_its_time(tmp_path, colour):
    import av

    coarse = frames(20, colour)
    films.save_film(tmp_path / "film.mp4", coarse, 12.5, scale=9)
    with av.open(str(tmp_path / "film.mp4")) as film:
        stream = film.streams.video[0]
        assert (stream.width, stream.height) == (46, 54)  # 45 is odd
        assert float(stream.average_rate) == pytest.approx(12.5)
        shown = [frame.to_ndarray(format="rgb24") for frame in film.decode(stream)]
    middles = np.stack(shown)[:, 4:54:9, 4:45:9].astype(float)
    expected = coarse if colour else np.repeat(coarse[..., None], 3, axis=-1)
    assert len(shown) == 20
    assert np.abs(middles - expected).mean() < 10


def test_without_the_extra_the_error_says_how_to_get_mp4(tmp_path, monkeypatch):
    monkeypatch.setattr(films, "has_mp4", lambda: False)
    with pytest.raises(StudioError, match="pip install imageio av"):
        films.save_film(tmp_path / "film.mp4", frames())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", [".gif", ".webp"])
def test_a_film_tells_how_far_it_is_and_stops_when_asked(tmp_path, ending):
    class StopError(Exception):
        pass

    told = []

    def progress(done):
        told.append(done)
        if done == 4 and ending == ".webp":
            raise StopError

    path = tmp_path / f"film{ending}"
    if ending == ".gif":
        size = films.save_film(path, frames(), 10.0, progress=progress)
        assert told == [1, 2, 3, 4, 5, 6, 7]
        assert size == path.stat().st_size
        return
    with pytest.raises(StopError):
        films.save_film(path, frames(), 10.0, progress=progress)
    assert told == [1, 2, 3, 4]
    assert not list(tmp_path.iterdir())


def test_a_trail_shows_where_a_walk_has_been():
    data = np.random.default_rng(0).uniform(-1, 1, (50, 2))
    shown = films.trail(data, np.array([[-0.5, 0.0], [0.0, 0.0], [0.5, 0.0]]), 60)
    orange = (shown == films.ORANGE).all(axis=-1).sum(axis=(1, 2))
    assert shown.shape == (3, 60, 60, 3)
    assert orange.tolist() == [1, 2, 3]


def test_what_is_no_film_is_refused():
    for wrong in (frames(0), frames().astype(float), frames()[0]):
        with pytest.raises(ValueError, match="uint8 frames"):
            films.gif(wrong)
    with pytest.raises(ValueError, match="above 0"):
        films.webp(frames(), 0.0)
    with pytest.raises(StudioError, match="16,383"):
        films.webp(np.zeros((1, 600, 2), np.uint8), scale=30)
