"""Films and contact sheets as files. Pixels and time are kept as they are, where the format can."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
from PIL import Image, features

from aegan_studio.files import write_atomically
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs.pictures import Pixels, png, sheet

FILMS = (".gif", ".webp")
"""Endings of files that move."""

GIF_FPS = 50.0
"""GIF counts in hundredths of a second, and players slow frames of one hundredth down."""

_WEBP_SIDE = 16_383
_PALETTE_PIXELS = 500_000
"""Pixels of a film that its common palette is made from."""

_CAPTION = 14
"""Height of a line of text on a sheet, in units of the picture."""


def strip(frames: Pixels, *, scale: int = 1, gap: int = 1) -> Pixels:
    """Frames (n, H, W) or (n, H, W, 3) in one row."""
    return sheet(frames, columns=len(frames), scale=scale, gap=gap)


def gif(frames: Pixels, fps: float = 24.0, *, repeat: bool = True, scale: int = 1) -> bytes:
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
    pictures = _images(frames, scale)
    if frames.ndim == 4:
        colours = _palette(frames)
        pictures = [
            picture.quantize(palette=colours, dither=Image.Dither.NONE) for picture in pictures
        ]
    buffer = io.BytesIO()
    pictures[0].save(
        buffer,
        "GIF",
        save_all=True,
        append_images=pictures[1:],
        duration=durations,
        optimize=False,
        **({"loop": 0} if repeat else {}),
    )
    return buffer.getvalue()


def webp(frames: Pixels, fps: float = 24.0, *, repeat: bool = True, scale: int = 1) -> bytes:
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
    pictures = [picture.convert("RGB") for picture in _images(frames, scale)]
    buffer = io.BytesIO()
    pictures[0].save(
        buffer,
        "WEBP",
        save_all=True,
        append_images=pictures[1:],
        duration=[max(1, int(length)) for length in np.diff(ends, prepend=0.0)],
        loop=0 if repeat else 1,
        lossless=True,
    )
    return buffer.getvalue()


def save_film(
    path: Path, frames: Pixels, fps: float = 24.0, *, repeat: bool = True, scale: int = 1
) -> None:
    """Write frames as ``path`` ends: .gif or .webp move, .png is :func:`strip`.

    Raises
    ------
    StudioError
        For any other ending, and what :func:`gif` and :func:`webp` raise.
    """
    ending = path.suffix.lower()
    if ending == ".gif":
        data = gif(frames, fps, repeat=repeat, scale=scale)
    elif ending == ".webp":
        data = webp(frames, fps, repeat=repeat, scale=scale)
    elif ending == ".png":
        data = png(strip(frames, scale=scale))
    else:
        raise StudioError(
            msg("{name} cannot hold a film.", name=path.name),
            msg("Choose a name that ends in {endings}.", endings=" / ".join((*FILMS, ".png"))),
        )
    write_atomically(path, data)


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


def _images(frames: Pixels, scale: int) -> list[Image.Image]:
    large = np.repeat(np.repeat(frames, scale, axis=1), scale, axis=2) if scale > 1 else frames
    return [Image.fromarray(np.ascontiguousarray(frame)) for frame in large]


def _palette(frames: Pixels) -> Image.Image:
    """256 colours for a whole film, from pixels spread evenly over it."""
    pixels = frames.reshape(-1, 3)
    pixels = pixels[:: max(1, len(pixels) // _PALETTE_PIXELS)]
    return Image.fromarray(np.ascontiguousarray(pixels[None])).quantize(256)
