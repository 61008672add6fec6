"""Codes and their pictures in drag and drop: inside the window, and out to other programs."""

from __future__ import annotations

import atexit
import json
import math
import re
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMimeData,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QUrl,
)
from PySide6.QtGui import QDrag, QImage, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from aegan_studio.runs.codes import code_from
from aegan_studio.ui.panels.explore.depict import Depiction
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.painting import smooth
from aegan_studio.ui.widgets.pictures import picture_image

Floats = npt.NDArray[np.float64]

CODE = "application/x-aegan-code"
"""A code as JSON: ``{"format": 1, "name": "A", "code": [0.5, …]}``."""

FORMAT = 1
BYTES = 4_000_000
"""Of its JSON, at most."""
NAMED = 80
"""Letters of a name, at most."""
SIDE = 256
"""Pixels that a picture for other programs has at least, by whole factors."""
GHOST = QSize(64, 64)
"""The picture under the pointer while it is dragged."""


def item_image(
    item: npt.NDArray[Any], depiction: Depiction | None = None, *, least: int = SIDE
) -> QImage:
    """A decoded item as other programs get it: pixels as squares of a whole side.

    Parameters
    ----------
    item : ndarray
        A picture (H, W) or (H, W, 3) uint8, or a point (2,), which is drawn in its plane.
    depiction : Depiction or None
        How points are drawn; pictures need none.
    least : int
        Pixels that the longer side has at least.
    """
    if item.ndim < 2:
        depiction = depiction or Depiction(np.zeros((1, 2)))
        image = QImage(least, least, QImage.Format.Format_RGB32)
        image.fill(current_theme().color("sunken"))
        painter = QPainter(image)
        smooth(painter)
        depiction.paint(painter, QRectF(0, 0, least, least), item)
        painter.end()
        return image
    image = picture_image(item)
    factor = math.ceil(least / max(image.width(), image.height()))
    return image.scaled(image.size() * factor) if factor > 1 else image


def code_mime(
    code: npt.ArrayLike,
    item: npt.NDArray[Any] | None = None,
    name: str = "",
    *,
    depiction: Depiction | None = None,
) -> QMimeData:
    """A code to be dragged or copied, with what it decodes to as a picture and a picture file.

    Wells of this window take the code (:func:`code_of`), other programs the picture or the file;
    without an item, the numbers as text.

    Parameters
    ----------
    code : array_like, shape (d,)
    item : ndarray or None
        What it decodes to, in display units; see :func:`item_image`.
    name : str
        What it is called; the file is named after it.
    """
    values = [float(value) for value in np.asarray(code, dtype=np.float64)]
    content = json.dumps({"format": FORMAT, "name": name, "code": values}, ensure_ascii=False)
    data = QMimeData()
    data.setData(CODE, QByteArray(content.encode()))
    if item is None:
        data.setText(", ".join(repr(value) for value in values))
        return data
    image = item_image(item, depiction)
    png = png_of(image)
    data.setImageData(image)
    data.setData("image/png", QByteArray(png))
    path = _free(_folder() / f"{file_stem(name)}.png")
    try:
        path.write_bytes(png)
    except OSError:
        return data  # without room for a file the picture itself can still be dropped
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


def code_of(mime: QMimeData) -> tuple[Floats, str] | None:
    """The code (d,) and its name in dropped or pasted data; ``None`` where there is none.

    What is not a list of finite numbers counts as none: it may come from another program.
    """
    if not mime.hasFormat(CODE):
        return None
    raw = bytes(mime.data(CODE).data())
    if len(raw) > BYTES:
        return None
    try:
        known = json.loads(raw)
        code = code_from(known["code"])
        name = known.get("name", "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if code is None or not isinstance(name, str):
        return None
    return code, name[:NAMED]


def png_of(image: QImage) -> bytes:
    """A picture as a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide takes the format as text
    return bytes(buffer.data().data())


def drag_out(source: QWidget, data: QMimeData) -> None:
    """Drag data from a widget, with its picture under the pointer, until it is dropped."""
    drag = QDrag(source)
    drag.setMimeData(data)
    image = data.imageData()
    if isinstance(image, QImage) and not image.isNull():
        ghost = image.scaled(GHOST, Qt.AspectRatioMode.KeepAspectRatio)
        drag.setPixmap(QPixmap.fromImage(ghost))
    drag.exec(Qt.DropAction.CopyAction)


def file_stem(name: str, otherwise: str = "code") -> str:
    """A name that every system takes as that of a file, without an ending."""
    kept = re.sub(r"[^\w\- ]+", "-", name).strip("- ")[:NAMED]
    return kept or otherwise


def _free(path: Path) -> Path:
    """A file of about this name that is not there yet: a program may still read the last one."""
    free, count = path, 1
    while free.exists():
        count += 1
        free = path.with_name(f"{path.stem} {count}{path.suffix}")
    return free


@cache
def _folder() -> Path:
    """Where dragged pictures lie as files until the program ends."""
    path = Path(tempfile.mkdtemp(prefix="aegan-studio-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


class Pull:
    """A press on a widget that becomes a drag out of it once it moves.

    The widget hands its mouse events on; what is dragged is asked for only then.
    """

    def __init__(self, source: QWidget) -> None:
        self._source = source
        self._pressed: QPointF | None = None
        self.data: Callable[[], QMimeData | None] | None = None

    def press(self, event: QMouseEvent) -> None:
        """A press may become a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()

    def move(self, event: QMouseEvent) -> None:
        """Drag, once the pointer has gone far enough."""
        if self._pressed is None or self.data is None:
            return
        away = (event.position() - self._pressed).manhattanLength()
        if away < QApplication.startDragDistance():
            return
        self._pressed = None
        data = self.data()
        if data is not None:
            drag_out(self._source, data)

    def release(self) -> None:
        """The press is over."""
        self._pressed = None
