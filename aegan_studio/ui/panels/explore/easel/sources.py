"""Where the easel's picture comes from: files, the clipboard, what is dropped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs.intake import ENDINGS, MOST_PIXELS, too_large

Source = Path | bytes | npt.NDArray[Any]

MIMES = ("image/png", "image/jpeg", "image/bmp", "image/gif", "image/webp")
"""Kinds of picture data taken from other programs; they are decoded by us and not by Qt."""


def offers_picture(mime: QMimeData) -> bool:
    """Whether dropped or pasted data may hold a picture."""
    return mime.hasUrls() or mime.hasImage() or any(mime.hasFormat(kind) for kind in MIMES)


def picture_of(mime: QMimeData) -> Source:
    """The picture in dropped or pasted data: a file, its content, or decoded pixels.

    Raises
    ------
    StudioError
        Where there is none, or it is not on this computer.
    """
    for kind in MIMES:
        if mime.hasFormat(kind):
            content = bytes(mime.data(kind).data())
            if content:
                return content
    for url in mime.urls():
        if url.isLocalFile():
            return Path(url.toLocalFile())
    if mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QPixmap):
            image = image.toImage()
        if isinstance(image, QImage) and not image.isNull():
            return pixels_of(image)
    if mime.hasUrls():
        raise StudioError(
            msg("This picture is not on this computer."), msg("Save it first, then drop the file.")
        )
    raise StudioError(
        msg("There is no picture on the clipboard."), msg("Copy one first, or open a file.")
    )


def pixels_of(image: QImage) -> npt.NDArray[np.uint8]:
    """A decoded picture as uint8 (H, W, 4); raises :class:`StudioError` for one too large."""
    if image.width() * image.height() > MOST_PIXELS:
        raise too_large()
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1)
    return rows[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4).copy()


def ask_for_file(parent: QWidget) -> Path | None:
    """Ask which picture to open; ``None`` where none is wanted."""
    kinds = " ".join(f"*{ending}" for ending in ENDINGS)
    name = QFileDialog.getOpenFileName(
        parent, tr("Open a picture"), "", tr("Pictures ({kinds})", kinds=kinds)
    )[0]
    return Path(name) if name else None
