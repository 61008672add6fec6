"""Where the easel's picture comes from: files, the clipboard, what is dropped, the data, a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication

from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Array, Floats, Trouble
from aegan_studio.ui.latent.picture_messages import Opened, Read, Take, Taken
from aegan_studio.ui.panels.explore.code_mime import code_of
from aegan_studio.ui.panels.explore.easel.sources import Source, ask_for_file, picture_of

if TYPE_CHECKING:
    from aegan_studio.ui.panels.explore.easel.page import PicturePage

ITEM, PICTURE = "item", "picture"
"""What may lie beneath the strokes: an item in the data's format, or a picture from outside."""


class Supply(QObject):
    """Lays pictures on the easel of a page, or places points on its plane."""

    told = Signal(str)
    """What the random item is that was taken."""
    trouble = Signal(object)
    """The sentences that say why there is no picture; none where one came."""

    def __init__(self, explorer: Explorer, page: PicturePage) -> None:
        super().__init__(page)
        self._explorer, self._page = explorer, page
        self._seed = 0
        explorer.listen(Take, self._on_taken)
        explorer.listen(Read, self._on_opened, troubles=True)

    def open(self) -> None:
        """Ask for a file."""
        path = ask_for_file(self._page)
        if path is not None:
            self.read(path)

    def paste(self) -> None:
        """Take what is on the clipboard."""
        mime: QMimeData | None = QGuiApplication.clipboard().mimeData()
        self.take(QMimeData() if mime is None else mime)  # as it is where nothing was copied

    def take(self, mime: QMimeData) -> None:
        """Take a code or a picture from what was dropped or copied."""
        dropped = code_of(mime)
        if dropped is not None:
            self._take_code(dropped[0])
            return
        try:
            self.read(picture_of(mime))
        except StudioError as error:
            self.trouble.emit(error.sentences())

    def read(self, source: Source) -> None:
        """Read a picture in the worker; it takes the place of what is on the canvas."""
        if self._explorer.model is None or self._page.of_points:
            return
        self.trouble.emit(())
        canvas = self._page.pad.canvas
        self._explorer.ask(Read(source, (canvas.height, canvas.width)))

    def take_random(self) -> None:
        """Take a random held-out item."""
        self._seed += 1
        self._explorer.ask(Take(self._seed))

    def take_current(self) -> None:
        """Take what the current code decodes to."""
        self._take_code(self._explorer.code)

    def take_nearest(self) -> None:
        """Take the training item nearest to the picture."""
        item = self._page.looking.nearest
        if item is not None:
            self.lay_item(item)

    def lay_item(self, item: Array) -> None:
        """Put an item of the data, in display units, on the easel."""
        self.trouble.emit(())
        if self._page.of_points:
            self._page.point.set_point(item)
            return
        self._page.pad.canvas.lay(item, ITEM)
        self._page.pad.refresh()

    def clear(self) -> None:
        """Empty the easel; can be taken back."""
        if self._page.of_points:
            self._page.point.set_point(None)
        elif not self._page.pad.canvas.is_blank:
            self._page.pad.canvas.lay(None)
            self._page.pad.refresh()

    def _take_code(self, code: Floats) -> None:
        model = self._explorer.model
        if model is not None and code.shape == (model.dimensions,):
            self._explorer.ask(Take(code=code))

    def _on_taken(self, taken: Taken) -> None:
        model = self._explorer.model
        if taken.number >= 0 and model is not None and 0 <= taken.label < len(model.classes):
            kind = tr(model.classes[taken.label])
            self.told.emit(
                tr(
                    "Item {n} of those that training has not seen, {kind}. Press for another.",
                    n=taken.number + 1,
                    kind=kind,
                )
            )
        self.lay_item(taken.item)

    def _on_opened(self, opened: Opened | Trouble) -> None:
        if isinstance(opened, Trouble):
            self.trouble.emit(opened.sentences)
            return
        self._page.pad.canvas.lay(opened.pixels, PICTURE)
        self._page.pad.refresh()
