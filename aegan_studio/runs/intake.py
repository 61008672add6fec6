"""Pictures from outside: files, the clipboard, whatever is dropped. Nothing in them is trusted."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from aegan_studio.experiment.parts import DataInfo
from aegan_studio.messages import StudioError, msg

Pixels = npt.NDArray[np.uint8]

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
"""Kinds of pictures that are read; others would start decoders that nobody asked for."""

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
"""What files of these kinds are called."""

MOST_PIXELS = 40_000_000
"""Of a picture, before it is decoded."""

BRIGHT = 127
"""Drawings on a ground brighter than this are turned over."""


def open_picture(source: Path | bytes, name: str = "") -> Image.Image:
    """A picture as red, green and blue; what is transparent becomes white.

    The size is looked at before anything is decoded, the orientation a camera noted is followed,
    and of moving pictures the first is taken.

    Parameters
    ----------
    source : Path or bytes
        A file, or its content.
    name : str
        What complaints call it, by default the file's name.

    Raises
    ------
    StudioError
        Files that cannot be read, are no pictures of the known :data:`FORMATS`, or too large.
    """
    called = name or (source.name if isinstance(source, Path) else "")
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(stream, formats=FORMATS) as file:
                if file.width * file.height > MOST_PIXELS:
                    raise too_large(called)
                whole = ImageOps.exif_transpose(file)
                if whole.mode in ("I;16", "I;16B", "I;16L", "I;16N", "I"):
                    # of 16 bits, which converting would cut off at 255
                    whole = Image.fromarray((np.asarray(whole) >> 8).clip(0, 255).astype(np.uint8))
                coloured = whole.convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_large(called) from None
    except (UnidentifiedImageError, SyntaxError, ValueError, EOFError):
        raise _unreadable(called) from None
    except OSError as error:
        if error.strerror is None:  # Pillow's own, for files that end too early
            raise _unreadable(called) from None
        raise StudioError(
            msg("{name} cannot be read: {why}.", name=str(source), why=error.strerror),
            msg("Check the path and its permissions."),
        ) from None
    return _on_white(coloured)


def of_pixels(rgba: npt.NDArray[Any]) -> Image.Image:
    """A picture from decoded pixels, uint8 (H, W, 4), as of a clipboard; see :func:`open_picture`.

    Raises
    ------
    StudioError
        Too many pixels.
    """
    if rgba.shape[0] * rgba.shape[1] > MOST_PIXELS:
        raise too_large()
    return _on_white(Image.fromarray(np.ascontiguousarray(rgba, dtype=np.uint8)))


def fitted(
    picture: Image.Image, info: DataInfo, size: tuple[int, int] | None = None
) -> npt.NDArray[np.uint8]:
    """A picture in the proportions of the data: uint8 (H, W), or (H, W, 3) for coloured data.

    The middle is cut out and made smaller or larger. Where the data are drawings, white on
    black, a drawing on a bright ground is turned over.

    Parameters
    ----------
    picture : Image
        Red, green and blue.
    info : DataInfo
        Of pictures.
    size : (int, int) or None
        Height and width of the result, by default the data's.

    Raises
    ------
    StudioError
        Data that are no pictures.
    """
    if info.modality != "image":
        raise StudioError(
            msg("The data of this run are no pictures."), msg("Use held-out items instead.")
        )
    channels, *own = info.shape
    height, width = size or own
    made = ImageOps.fit(
        picture.convert("L" if channels == 1 else "RGB"), (width, height), Image.Resampling.BOX
    )
    pixels: npt.NDArray[Any] = np.array(made, dtype=np.uint8)
    if info.strokes:
        border = np.concatenate((pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))
        if float(np.median(border)) > BRIGHT:
            pixels = 255 - pixels
    return pixels


def read_picture(path: Path, info: DataInfo) -> npt.NDArray[np.uint8]:
    """A picture file in the shape of the data: :func:`open_picture`, then :func:`fitted`."""
    if info.modality != "image":
        raise StudioError(
            msg("The data of this run are no pictures."), msg("Use --held-out instead.")
        )
    return fitted(open_picture(path), info)


def too_large(name: str = "") -> StudioError:
    """The complaint about a picture of more than :data:`MOST_PIXELS`."""
    if not name:
        what = msg("The picture has more than {limit:,} pixels.", limit=MOST_PIXELS)
    else:
        what = msg("{name} has more than {limit:,} pixels.", name=name, limit=MOST_PIXELS)
    return StudioError(what, msg("Make it smaller first."))


def _on_white(coloured: Image.Image) -> Image.Image:
    paper = Image.new("RGBA", coloured.size, "white")
    return Image.alpha_composite(paper, coloured.convert("RGBA")).convert("RGB")


def _unreadable(name: str) -> StudioError:
    what = msg("{name} is not a whole picture.", name=name)
    if not name:
        what = msg("What was given is not a whole picture.")
    return StudioError(what, msg("Use one of: {known}.", known=", ".join(FORMATS)))
