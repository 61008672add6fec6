"""What is said while a film is being saved, and after: progress, Cancel, and where it went."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.panels.explore.walk.film import Film, FilmMaker, weight
from aegan_studio.ui.widgets.buttons import LinkButton
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.messages import BusyBar

STAYS_MS = 15_000
"""How long the line stays after a film was saved."""


class FilmLine(QWidget):
    """A bar while a film is encoded, then a line with its name; nothing otherwise."""

    told = Signal(str)
    """A film was saved, in words."""
    failed = Signal(object)
    """Sentences: it was not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = Path()
        self.maker = FilmMaker(self)
        self.bar = BusyBar()
        self.bar.hide()
        self.line = QWidget()
        row = QHBoxLayout(self.line)
        row.setContentsMargins(0, 0, 0, 0)
        self._words = Label("", tone="text2", elide=True)
        self.reveal = LinkButton(tr("Show"))
        self.reveal.setToolTip(tr("Open the folder of the film."))
        row.addWidget(self._words, 1)
        row.addWidget(self.reveal)
        self.line.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.line)
        self.hide()
        self._fade = QTimer(self, singleShot=True, interval=STAYS_MS)
        self._fade.timeout.connect(self.hide)
        self.maker.progressed.connect(self._on_progress)
        self.maker.saved.connect(self._on_saved)
        self.maker.failed.connect(self._on_failed)
        self.maker.cancelled.connect(self._end)
        self.bar.cancelled.connect(self.maker.cancel)
        self.reveal.clicked.connect(self._reveal)

    def save(self, film: Film, path: Path) -> None:
        """Encode a film beside the window."""
        self._fade.stop()
        self._path = path
        self.maker.save(film, path)
        self.line.hide()
        self.bar.show()
        self.show()
        self.bar.start(tr("Saving {name}", name=path.name), 0.0)

    def _on_progress(self, done: int, count: int) -> None:
        if self.maker.saving:
            self.bar.set_progress(done / count, tr("Saving {name}", name=self._path.name))

    def _end(self) -> None:
        self.bar.finish()
        self.bar.hide()
        self.hide()

    def _on_saved(self, path: Path, size: int) -> None:
        self._end()
        self._path = path
        said = tr("Saved {name}, {size}.", name=path.name, size=weight(size))
        self._words.setText(said)
        self.line.show()
        self.show()
        self._fade.start()
        self.told.emit(said)

    def _on_failed(self, sentences: object) -> None:
        self._end()
        self.failed.emit(sentences)

    def _reveal(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))
