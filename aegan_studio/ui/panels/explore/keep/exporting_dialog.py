"""One window for all that leaves the explorer as a file: pictures, sheets, codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QImage
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.files import write_atomically
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError, msg
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.keep_messages import (
    Sampled,
    SamplePrior,
    WriteCodes,
    Writing,
    Written,
)
from aegan_studio.ui.latent.messages import Loaded, Trouble
from aegan_studio.ui.panels.explore.keep.exporting import (
    Colours,
    Entry,
    contact_sheet,
    contact_svg,
    copy_code,
    drawn,
    write_picture,
)
from aegan_studio.ui.panels.explore.keep.exporting_form import ExportForm, What
from aegan_studio.ui.widgets.buttons import Button
from aegan_studio.ui.widgets.messages import BusyBar, ProblemLine
from aegan_studio.ui.widgets.pictures import copy_image

WIDTH = 420
FILES = {"data": "codes", "current": "code"}
"""Names of files that are not called after what they hold."""


class ExportDialog(QDialog):
    """Writes and copies; not modal: exploring goes on beside it."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.explorer = explorer
        self._then: Callable[[Sampled], None] | None = None
        self.setWindowTitle(tr("Export"))
        self.setModal(False)
        self.setMinimumWidth(WIDTH)
        self.form = ExportForm(explorer)
        self.line = ProblemLine()
        self.line.hide()
        self.busy = BusyBar()
        self.save = Button(tr("Export…"), icon="export", variant="filled")
        self.copy = Button(tr("Copy"), icon="copy")
        self.leave = Button(tr("Close"), variant="ghost")
        foot = QHBoxLayout()
        foot.addWidget(self.leave)
        foot.addStretch(1)
        foot.addWidget(self.copy)
        foot.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 14)
        column.setSpacing(14)
        column.addWidget(self.form)
        column.addWidget(self.line)
        column.addStretch(1)
        column.addWidget(self.busy)
        column.addLayout(foot)
        self.form.changed.connect(self._on_form)
        self.form.what.value_changed.connect(lambda _what: self.line.hide())
        self.save.clicked.connect(self.export)
        self.copy.clicked.connect(self.copy_it)
        self.leave.clicked.connect(self.close)
        self.busy.cancelled.connect(self._cancel)
        explorer.loaded.connect(self._on_loaded)
        explorer.listen(SamplePrior, self._on_sampled, troubles=True)
        explorer.listen(WriteCodes, self._on_written, troubles=True)
        self._on_form()

    def _on_form(self) -> None:
        self.copy.setVisible(self.form.can_copy)
        self.adjustSize()

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None:
            self.close()
        else:
            self.form.refresh()

    # What is done

    def export(self) -> None:
        """Ask where, and write."""
        self.line.hide()
        of = str(self.form.of.value)
        match self.form.kind:
            case "picture":
                image = self._image()
                path = self._ask("code.png", "PNG (*.png)")
                if image is not None and path is not None:
                    self._try(partial(self._write_picture, path, image))
            case "sheet":
                path = self._ask(f"{of}.png", "PNG (*.png);;SVG (*.svg)")
                if path is not None:
                    self._with_entries(partial(self._write_sheet, path))
            case _:
                path = self._ask(f"{FILES.get(of, of)}.npz", "NumPy (*.npz);;CSV (*.csv)")
                if path is not None:
                    self._try(partial(self._write_codes, path, of))

    def copy_it(self) -> None:
        """Put the picture, the sheet, or the code on the clipboard."""
        self.line.hide()
        match self.form.kind:
            case "picture":
                image = self._image()
                if image is not None:
                    copy_image(image)
                    self._say(tr("Copied the picture."))
            case "sheet":
                self._with_entries(self._copy_sheet)
            case _:
                copy_code(self.explorer.code)
                self._say(tr("Copied the code."))

    def _image(self) -> QImage | None:
        picture = self.explorer.picture
        if picture is None:
            return None
        scale = int(self.form.scale.value or 1)
        colours = cast(Colours, self.form.colours.value)
        return drawn(picture.item, scale, depiction=self.form.depiction, colours=colours)

    def _with_entries(self, act: Callable[[Sequence[Entry]], None]) -> None:
        """Do something with what is chosen, as soon as it is decoded."""
        of, entries = self.form.of.value, self.form.entries()
        if of not in ("samples", "pins"):
            self._try(lambda: act(entries))
            return
        if of == "pins" and not entries:
            self._try(lambda: act([]))
            return
        codes = np.stack([entry.code for entry in entries]) if entries else None
        count = len(entries) or int(self.form.count.value or 1)
        names = [entry.name for entry in entries] or [str(n + 1) for n in range(count)]
        self._then = lambda found: act(
            [Entry(*one) for one in zip(found.items, found.codes, names, strict=True)]
        )
        self._begin(tr("Decoding {count:,} codes", count=count))
        self.explorer.ask(SamplePrior(count, int(self.form.seed.value or 0), codes))

    def _write_picture(self, path: Path, image: QImage) -> None:
        self._told(write_picture(path, image))

    def _write_sheet(self, path: Path, entries: Sequence[Entry]) -> None:
        options = self.form.options(len(entries))
        if path.suffix.lower() == ".svg":
            write_atomically(path, contact_svg(entries, **options))
            self._told(path)
        else:
            self._told(write_picture(path, contact_sheet(entries, **options)))

    def _copy_sheet(self, entries: Sequence[Entry]) -> None:
        copy_image(contact_sheet(entries, **self.form.options(len(entries))))
        self._say(tr("Copied the contact sheet."))

    def _write_codes(self, path: Path, of: str) -> None:
        form = self.form
        count = int(form.count.value or 1) if of == "samples" else 0
        codes = names = None
        if of not in ("data", "samples"):
            entries = form.entries()
            if not entries:
                raise StudioError(msg("There are no codes to export."), msg("Choose other ones."))
            codes = np.stack([entry.code for entry in entries])
            names = tuple(entry.name for entry in entries)
        self._begin(tr("Writing {name}", name=path.name))
        components = form.components.isChecked() and of != "current"
        seed = int(form.seed.value or 0)
        self.explorer.ask(WriteCodes(path, count, seed, components, codes, names))

    def _on_sampled(self, answer: Writing | Sampled | Trouble) -> None:
        match answer:
            case Writing(share=share):
                self.busy.set_progress(share)
            case Sampled() as found:
                self._end()
                then, self._then = self._then, None
                if then is not None:
                    self._try(lambda: then(found))
            case Trouble():
                self._complain(answer)

    def _on_written(self, answer: Writing | Written | Trouble) -> None:
        match answer:
            case Writing(share=share):
                self.busy.set_progress(share)
            case Written(path=path):
                self._end()
                self._told(path)
            case Trouble():
                self._complain(answer)

    # What is said

    def _begin(self, text: str) -> None:
        self.busy.start(text)
        self.save.setEnabled(False)

    def _end(self) -> None:
        self.busy.finish()
        self.save.setEnabled(True)

    def _cancel(self) -> None:
        self._then = None
        self.explorer.cancel(SamplePrior)
        self.explorer.cancel(WriteCodes)
        self._end()

    def _complain(self, trouble: Trouble) -> None:
        self._end()
        self.line.set(tr.join(trouble.sentences))
        self.line.show()

    def _say(self, said: str) -> None:
        self.line.set(said, severity="healthy")
        self.line.show()
        self.explorer.told.emit(said)

    def _told(self, path: Path) -> None:
        self._say(tr("Exported {name}.", name=path.name))

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except StudioError as error:
            self._complain(Trouble(error.sentences()))

    def _ask(self, name: str, pattern: str) -> Path | None:
        text, chosen = QFileDialog.getSaveFileName(self, tr("Export"), name, pattern)
        if not text:
            return None
        path = Path(text)
        if not path.suffix:
            path = path.with_suffix((chosen or pattern).split("*")[1].split(")")[0])
        return path

    def closeEvent(self, event: QCloseEvent) -> None:
        """What is under way ends."""
        if self.busy.busy:
            self._cancel()
        super().closeEvent(event)


def export_dialog(explorer: Explorer, what: What, parent: QWidget) -> ExportDialog:
    """The one window of an explorer, opened, turned to pictures, sheets or codes."""
    top = parent.window()
    known = [one for one in top.findChildren(ExportDialog) if one.explorer is explorer]
    dialog = known[0] if known else ExportDialog(explorer, top)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.form.show_what(what)
    dialog.show()
    dialog.activateWindow()
    return dialog
