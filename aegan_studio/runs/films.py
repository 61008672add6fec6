"""Films and contact sheets as files. Pixels and time are kept as they are, where the format can."""

from __future__ import annotations

import base64
import importlib
import importlib.util
import io
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt
from PIL import Image, features

from aegan_studio.files import write_atomically
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs.pictures import GREY, ORANGE, Pixels, png, scatter, sheet

FILMS = (".gif", ".webp", ".mp4")
"""Endings of files that move."""

SIDE = 256
"""About how many pixels wide a film gets where no scale is asked for."""

POINTS_SIDE = 320
"""How many pixels wide a film of points is, before scaling."""

Progress = Callable[[int], object]
"""Told after every frame how many are done; what it raises ends the work, nothing is written."""

GIF_FPS = 50.0
"""GIF counts in hundredths of a second, and players slow frames of one hundredth down."""

_WEBP_SIDE = 16_383
_PALETTE_PIXELS = 500_000
"""Pixels of a film that its common palette is made from."""

_CAPTION = 14
"""Height of a line of text on a sheet, in units of the picture."""


def fitting_scale(frames: Pixels, side: int = SIDE) -> int:
    """The whole factor at which frames (n, H, W[, 3]) are at most about ``side`` pixels wide."""
    return int(max(1, side // max(frames.shape[1:3])))


def trail(data: npt.NDArray[Any], items: npt.NDArray[Any], side: int = POINTS_SIDE) -> Pixels:
    """A walk through decoded points (n, 2) as frames (n, side, side, 3), over those of the data.

    Every frame also shows where the walk has been.
    """
    return np.stack(
        [scatter([(data, GREY), (items[: index + 1], ORANGE)], side) for index in range(len(items))]
    )


def strip(frames: Pixels, *, scale: int = 1, gap: int = 1) -> Pixels:
    """Frames (n, H, W) or (n, H, W, 3) in one row."""
    return sheet(frames, columns=len(frames), scale=scale, gap=gap)


def gif(
    frames: Pixels,
    fps: float = 24.0,
    *,
    repeat: bool = True,
    scale: int = 1,
    progress: Progress | None = None,
) -> bytes:
    """Frames as a GIF.

    Grey frames keep every level. Coloured ones share one palette of 256 colours, undithered, so
    that still parts neither flicker nor crawl. Frames last whole hundredths of a second; they are
    dealt out so that the film as a whole keeps its time.

    Parameters
    ----------
    frames : ndarray
        uint8, (n, H, W) or (n, H, W, 3).
    fps : float
        Frames per second, above 0 and at most :data:`GIF_FPS`.
    repeat : bool
        Play for ever, or once.
    scale : int
        Every pixel becomes a square of this side.
    progress : callable or None
        See :data:`Progress`.

    Raises
    ------
    StudioError
        Frames per second that the format cannot keep.
    """
    if fps > GIF_FPS:
        raise StudioError(
            msg("A GIF plays at most {most:g} frames per second.", most=GIF_FPS),
            msg("Lower the frames per second or save a .webp file."),
        )
    ends = np.rint(np.arange(1, _checked(frames, fps) + 1) * (100.0 / fps)) * 10
    durations = [int(length) for length in np.diff(ends, prepend=0.0)]
    pictures: Iterator[Image.Image] = _images(frames, scale, progress)
    if frames.ndim == 4:
        colours = _palette(frames)
        pictures = (
            picture.quantize(palette=colours, dither=Image.Dither.NONE) for picture in pictures
        )
    buffer = io.BytesIO()
    next(pictures).save(
        buffer,
        "GIF",
        save_all=True,
        append_images=pictures,
        duration=durations,
        optimize=False,
        **({"loop": 0} if repeat else {}),
    )
    return buffer.getvalue()


def webp(
    frames: Pixels,
    fps: float = 24.0,
    *,
    repeat: bool = True,
    scale: int = 1,
    progress: Progress | None = None,
) -> bytes:
    """Frames as an animated WebP without loss; parameters as of :func:`gif`.

    Raises
    ------
    StudioError
        This Pillow cannot write WebP, or the frames are too large for it.
    """
    count = _checked(frames, fps)
    if not features.check("webp"):
        raise StudioError(
            msg("WebP files cannot be written here."), msg("Save a .gif file instead.")
        )
    if max(frames.shape[1:3]) * scale > _WEBP_SIDE:
        raise StudioError(
            msg("A WebP picture has at most {most:,} pixels a side.", most=_WEBP_SIDE),
            msg("Choose a smaller scale."),
        )
    ends = np.rint(np.arange(1, count + 1) * (1000.0 / fps))
    pictures = (picture.convert("RGB") for picture in _images(frames, scale, progress))
    buffer = io.BytesIO()
    next(pictures).save(
        buffer,
        "WEBP",
        save_all=True,
        append_images=pictures,
        duration=[max(1, int(length)) for length in np.diff(ends, prepend=0.0)],
        loop=0 if repeat else 1,
        lossless=True,
    )
    return buffer.getvalue()


def has_mp4() -> bool:
    """Whether MP4 films can be written here: the extra ``video`` is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("imageio", "av"))


def need_mp4() -> None:
    """Raise :class:`StudioError` where MP4 films cannot be written, with the mend."""
    if not has_mp4():
        raise StudioError(
            msg("MP4 films need the extra “video”, which is not installed."),
            msg("Install it with “pip install imageio av”, or save a .gif or .webp file."),
        )


def mp4(
    frames: Pixels, fps: float = 24.0, *, scale: int = 1, progress: Progress | None = None
) -> bytes:
    """Frames as an MP4 (H.264), which every player and slide program takes.

    It keeps colours at half the resolution, so ``scale`` should be 2 or more; sides of an odd
    number of pixels get one more. Parameters as of :func:`gif`; whether a film repeats is up to
    the player.

    Raises
    ------
    StudioError
        The extra ``video`` is not installed.
    """
    _checked(frames, fps)
    need_mp4()
    iio: Any = importlib.import_module("imageio.v3")
    high, wide = frames.shape[1] * scale, frames.shape[2] * scale
    room = ((0, high % 2), (0, wide % 2), (0, 0))
    buffer = io.BytesIO()
    with iio.imopen(buffer, "w", plugin="pyav", extension=".mp4") as film:
        film.init_video_stream("libx264", fps=float(fps))
        for picture in _images(frames, scale, progress):
            film.write_frame(np.pad(np.asarray(picture.convert("RGB")), room, mode="edge"))
    return buffer.getvalue()


def save_film(
    path: Path,
    frames: Pixels,
    fps: float = 24.0,
    *,
    repeat: bool = True,
    scale: int = 1,
    progress: Progress | None = None,
) -> int:
    """Write frames as ``path`` ends: .gif, .webp and .mp4 move, .png is :func:`strip`.

    Returns
    -------
    int
        The size of the file in bytes.

    Raises
    ------
    StudioError
        For any other ending, and what :func:`gif`, :func:`webp` and :func:`mp4` raise.
    """
    ending = path.suffix.lower()
    if ending == ".gif":
        data = gif(frames, fps, repeat=repeat, scale=scale, progress=progress)
    elif ending == ".webp":
        data = webp(frames, fps, repeat=repeat, scale=scale, progress=progress)
    elif ending == ".mp4":
        data = mp4(frames, fps, scale=scale, progress=progress)
    elif ending == ".png":
        data = png(strip(frames, scale=scale))
    else:
        raise StudioError(
            msg("{name} cannot hold a film.", name=path.name),
            msg("Choose a name that ends in {endings}.", endings=" / ".join((*FILMS, ".png"))),
        )
    write_atomically(path, data)
    return len(data)


def sheet_svg(
    pictures: Pixels,
    *,
    columns: int | None = None,
    scale: int = 1,
    gap: int = 1,
    captions: Sequence[str] = (),
) -> bytes:
    """A contact sheet as SVG: every picture an image of its own, pixel-exact at any size.

    Parameters
    ----------
    pictures, columns, scale, gap
        As of :func:`~aegan_studio.runs.pictures.sheet`; ``scale`` is the shown size of a pixel.
    captions : sequence of str
        A line below each picture, or none at all.

    Raises
    ------
    ValueError
        Captions for some pictures only.
    """
    if captions and len(captions) != len(pictures):
        raise ValueError(f"{len(captions)} captions for {len(pictures)} pictures")
    count, high, wide = len(pictures), pictures.shape[1] * scale, pictures.shape[2] * scale
    columns = min(columns or math.ceil(math.sqrt(count)), count)
    rows = math.ceil(count / columns)
    space = gap * scale
    line = _CAPTION if captions else 0
    width = columns * (wide + space) - space
    height = rows * (high + line + space) - space
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="10">'
    ]
    for index, picture in enumerate(pictures):
        left, top = index % columns * (wide + space), index // columns * (high + line + space)
        data = base64.b64encode(png(picture)).decode("ascii")
        lines.append(
            f'<image x="{left}" y="{top}" width="{wide}" height="{high}" '
            'preserveAspectRatio="none" style="image-rendering:pixelated" '
            f'href="data:image/png;base64,{data}"/>'
        )
        if captions:
            lines.append(
                f'<text x="{left + wide / 2:g}" y="{top + high + 11}" text-anchor="middle" '
                f'fill="#808080">{escape(captions[index])}</text>'
            )
    lines.append("</svg>\n")
    return "\n".join(lines).encode("utf-8")


def _checked(frames: Pixels, fps: float) -> int:
    """How many frames there are; raises ``ValueError`` for what is no film."""
    if not len(frames) or frames.dtype != np.uint8 or frames.ndim not in (3, 4):
        raise ValueError(f"a film needs uint8 frames (n, H, W[, 3]), not {frames.shape}")
    if not fps > 0.0:
        raise ValueError(f"frames per second must be above 0, not {fps}")
    return len(frames)


def _images(frames: Pixels, scale: int, progress: Progress | None) -> Iterator[Image.Image]:
    """Frame by frame: all at once, large, would need much memory."""
    for done, frame in enumerate(frames):
        large = np.repeat(np.repeat(frame, scale, axis=0), scale, axis=1)
        yield Image.fromarray(np.ascontiguousarray(large))
        if progress is not None:
            progress(done + 1)


def _palette(frames: Pixels) -> Image.Image:
    """256 colours for a whole film, from pixels spread evenly over it."""
    pixels = frames.reshape(-1, 3)
    pixels = pixels[:: max(1, len(pixels) // _PALETTE_PIXELS)]
    return Image.fromarray(np.ascontiguousarray(pixels[None])).quantize(256)
