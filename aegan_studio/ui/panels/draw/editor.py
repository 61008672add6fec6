"""The editor of drawn data: the plane, its tools, and pictures and tables from outside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShowEvent,
)
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.catalog.datasets.sketch import Drawn
from aegan_studio.experiment import Experiment
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.runs.intake import ENDINGS
from aegan_studio.runs.sketching import TABLES, Imported
from aegan_studio.sketches import Sketch
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.draw.tools import DrawTools
from aegan_studio.ui.panels.explore.easel.sources import offers_picture, picture_of
from aegan_studio.ui.theme import HEADING
from aegan_studio.ui.training.background import Background, Samples
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.cards import Surface
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.messages import Banner, BusyBar
from aegan_studio.ui.widgets.plane_pad import PlanePad

NAME = "drawing"
"""Of the errand that draws points."""
SHOWN = 1000
"""Points drawn over the ink."""
FEWEST = 50
"""Points that a dataset must have."""
SOON_MS = 60
"""From an edit until its points are asked for: what follows a stroke at once comes first."""


class DrawEditor(QWidget):
    """Edits the document's drawing; every stroke is an edit that can be undone."""

    left = Signal()
    """Back to the workspace."""

    def __init__(
        self,
        document: Document,
        session: Session,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._background = document, background
        self._reading: object = None
        self._asked: tuple[Drawn, int] | None = None
        self._soon = QTimer(self, interval=SOON_MS, singleShot=True)
        self._soon.timeout.connect(self._load_points)
        self.pad = PlanePad(
            hint=tr(
                "Paint the shape that the model shall learn, or drop a picture or a table of "
                "points here."
            ),
            name=tr("Plane to draw data on"),
        )
        self.tools = DrawTools(document, session, self.pad)
        self.banner = Banner(severity="info")
        self.banner.hide()
        self.busy = BusyBar(cancellable=False)
        self.source = Button(tr("Import"), icon="import", trailing="chevron-down", size="s")
        self.done = Button(tr("Done"), icon="check", variant="soft", size="s")
        self.setAcceptDrops(True)
        self._lay_out()
        self.source.clicked.connect(self._open_menu)
        self.done.clicked.connect(self.left)
        self.pad.painted.connect(self._on_painted)
        self.pad.undo_asked.connect(document.undo_stack.undo)
        self.pad.redo_asked.connect(document.undo_stack.redo)
        self.pad.clear_asked.connect(self.clear)
        self.tools.clear_asked.connect(self.clear)
        self.tools.invert_asked.connect(self.invert)
        self.tools.points_toggled.connect(lambda _on: self._ask_points())
        document.changed.connect(self._refresh)
        background.samples_ready.connect(self._on_points)
        background.sketch_read.connect(self._on_read)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 10, 0)
        head.setSpacing(8)
        head.addWidget(Label(tr("Own drawing"), size=HEADING, weight=600))
        head.addWidget(
            Label(
                tr("what you paint is what the next run learns"),
                tone="text2",
                elide=True,
            ),
            1,
        )
        head.addWidget(self.source)
        head.addWidget(self.done)
        top = QWidget()
        top.setLayout(head)
        top.setFixedHeight(42)
        plane = Surface()
        column = QVBoxLayout(plane)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self.busy)
        said = QHBoxLayout()
        said.setContentsMargins(14, 0, 14, 6)
        said.addWidget(self.banner)
        column.addLayout(said)
        column.addWidget(self.pad, 1)
        side = Surface()
        beside = QVBoxLayout(side)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.tools)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(plane, 1)
        row.addWidget(side)

    # The document

    @property
    def _data(self) -> Drawn | None:
        data = self._document.experiment.dataset
        return data if isinstance(data, Drawn) else None

    def leave(self) -> None:
        """Give up a stroke and what is being read; what was said of it is over."""
        self.pad.give_up()
        self.pad.show_points(None)
        self._reading = self._asked = None
        self.busy.finish()
        self.banner.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Take on what changed while it was not in view."""
        self._refresh(self._document.experiment)
        super().showEvent(event)

    def _refresh(self, _experiment: Experiment) -> None:
        data = self._data
        if data is None or not self.isVisible():
            return  # about to be left, or to be shown
        sketch = data.sketch()
        if not sketch.looks_like(self.pad.sketch):
            self.pad.show_sketch(sketch)
        self.tools.refresh()
        self._ask_points()

    def _on_painted(self, sketch: Sketch) -> None:
        text = tr("erase") if self.pad.tool == "eraser" else tr("paint")
        self._edit(sketch, text)

    def _edit(self, sketch: Sketch, text: str, more: Mapping[str, Any] | None = None) -> None:
        data = self._data
        if data is not None:
            self._document.edit({**sketch.edits(data.sketch()), **(more or {})}, text)

    def clear(self) -> None:
        """Take everything away; can be undone."""
        if not self.pad.sketch.is_blank:
            self._edit(Sketch.blank(), tr("clear the drawing"))

    def invert(self) -> None:
        """Paint what is empty and empty what is painted; can be undone."""
        self._edit(self.pad.sketch.inverted(self.pad.colour), tr("invert the drawing"))

    # Points

    def _ask_points(self) -> None:
        data = self._data
        plain = data is not None and not data.noise and not np.count_nonzero(data.sketch().ink)
        if data is None or plain or not self.tools.points.isChecked():
            self._asked = None
            self.pad.show_points(None)
            return
        asked = (data, self._document.experiment.seed)
        if asked != self._asked:
            self._asked = asked
            self._soon.start()

    def _load_points(self) -> None:
        if self._asked is not None:
            data, seed = self._asked
            fewer = data.model_copy(update={"count": min(data.count, SHOWN)})
            self._background.load_samples(NAME, fewer, seed, SHOWN)

    def _on_points(self, name: str, dataset: object, samples: Samples) -> None:
        data = self._data
        if name != NAME or data is None or self._asked is None or not isinstance(dataset, Drawn):
            return
        if dataset.model_copy(update={"count": data.count}) == data:
            self.pad.show_points(np.asarray(samples.items))

    # From outside

    def _open_menu(self) -> None:
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.add(
            tr("Picture…"),
            self.ask_for_picture,
            icon_name="picture",
            tooltip=tr("Dark areas become points"),
        )
        menu.add(
            tr("Table of points…"),
            self.ask_for_table,
            icon_name="table",
            tooltip=tr("CSV with two columns, x and y, and perhaps a third for the class"),
        )
        menu.add(tr("Paste"), self.paste, icon_name="copy", shortcut="Ctrl+V")
        menu.popup(self.source.mapToGlobal(self.source.rect().bottomLeft() + QPoint(0, 4)))

    def ask_for_picture(self) -> None:
        """Ask for a picture's file."""
        self._ask_for(tr("Open a picture"), tr("Pictures ({kinds})"), ENDINGS)

    def ask_for_table(self) -> None:
        """Ask for a table's file."""
        self._ask_for(tr("Open a table of points"), tr("Tables ({kinds})"), TABLES)

    def _ask_for(self, title: str, kinds: str, endings: tuple[str, ...]) -> None:
        wanted = kinds.format(kinds=" ".join(f"*{ending}" for ending in endings))
        name = QFileDialog.getOpenFileName(self, title, "", wanted)[0]
        if name:
            self.read(Path(name))

    def paste(self) -> None:
        """Take a picture, a file or a table's text from the clipboard."""
        mime: QMimeData | None = QGuiApplication.clipboard().mimeData()
        self.take(QMimeData() if mime is None else mime)

    def take(self, mime: QMimeData) -> None:
        """Take what was dropped or copied."""
        if not offers_picture(mime) and mime.hasText() and mime.text().strip():
            self.read(mime.text())
            return
        try:
            self.read(picture_of(mime))
        except StudioError as error:
            self._complain(error)

    def read(self, source: Any) -> None:
        """Read a picture or a table in the background; it takes the place of the drawing."""
        self._reading = source
        self.banner.hide()
        self.busy.start(tr("Reading…"))
        self._background.read_sketch(source, self.pad.colour)

    def _on_read(self, source: object, result: Imported | StudioError) -> None:
        if source is not self._reading:
            return
        self._reading = None
        self.busy.finish()
        if isinstance(result, StudioError):
            self._complain(result)
            return
        more: dict[str, Any] = {}
        spots = len(result.sketch.spots)
        if result.points:  # every point of the table as often as the others
            more = {"dataset.noise": 0.0, "dataset.count": spots * max(1, -(-FEWEST // spots))}
        self._edit(result.sketch, tr("import"), more)
        self.banner.set(tr(result.notice), "", "info")
        self.banner.show()

    def _complain(self, error: StudioError) -> None:
        self.banner.set(tr.join(error.sentences()), "", "error")
        self.banner.show()

    # Events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl V pastes; Esc leaves."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Pictures and tables can be dropped; experiments are the window's."""
        if _is_ours(event.mimeData()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        event.acceptProposedAction()
        self.take(event.mimeData())


def _is_ours(mime: QMimeData) -> bool:
    local = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
    if local:
        return Path(local[0]).suffix.lower() in (*ENDINGS, *TABLES)
    return offers_picture(mime)
