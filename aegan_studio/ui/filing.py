"""Opening, saving and exporting: dialogs, dropped files, and one clear sentence when it fails."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from aegan_studio import paths
from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment import toml
from aegan_studio.files import write_atomically
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs.folder import EXPERIMENT, is_run
from aegan_studio.ui.document import Document
from aegan_studio.ui.settings import Settings
from aegan_studio.ui.training.session import Session


class Filing(QObject):
    """What goes between the window and the disk."""

    trouble = Signal(object)
    """A :class:`StudioError`; nothing was changed."""
    opened = Signal()
    """An experiment or a run was opened."""
    told = Signal(str)
    """Something worth a quiet line, such as where a file went."""

    def __init__(
        self, document: Document, session: Session, settings: Settings, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document, self._session = document, session
        self._settings, self._window = settings, window

    def open_recipe(self, name: str, *, train: bool = False) -> None:
        """Put a recipe in the place of the experiment; a run under way is saved and left."""

        def act() -> None:
            experiment = recipe(name)
            self._session.stop()
            self._document.replace(experiment)
            self.opened.emit()
            if train:
                self._session.train()

        self._try(act)

    def open_experiment(self, path: Path | None = None) -> None:
        """Open an experiment's TOML file, asking for one where none is given."""
        chosen = path or self._ask_file(
            tr("Open experiment"), tr("Experiments ({pattern})", pattern="*.toml")
        )
        if chosen is None:
            return

        def act() -> None:
            experiment = toml.load(chosen)
            self._session.stop()
            self._document.replace(experiment, path=chosen)
            self._settings.set_folder("experiments", chosen.parent)
            self.opened.emit()

        self._try(act)

    def open_run(self, path: Path | None = None) -> None:
        """Open a run's folder, asking for one where none is given."""
        if path is None:
            start = self._settings.folder("runs") or str(paths.runs_dir())
            text = QFileDialog.getExistingDirectory(self._window, tr("Open run"), start)
            if not text:
                return
            path = Path(text)
            self._settings.set_folder("runs", path.parent)
        chosen = path

        def act() -> None:
            self._session.open_run(chosen)
            self.opened.emit()

        self._try(act)

    def open_path(self, path: Path) -> None:
        """Open whatever was dropped or named: an experiment, a run, or a file inside one."""
        if path.is_dir():
            self.open_run(path)
        elif (
            path.name == EXPERIMENT and is_run(path.parent) and (path.parent / "run.json").exists()
        ):
            self.open_run(path.parent)
        else:
            self.open_experiment(path)

    def save(self) -> None:
        """Save the experiment where it came from; asks where there is no such place."""
        if self._document.path is None:
            self.save_as()
        else:
            self._try(self._save_to(self._document.path))

    def save_as(self) -> None:
        """Save the experiment to a file that the person names."""
        folder = self._settings.folder("experiments") or str(paths.data_dir())
        name = f"{self._document.title}.toml".replace("/", "-")
        path = self._ask_save(tr("Save experiment"), str(Path(folder) / name), "TOML (*.toml)")
        if path is not None:
            target = path if path.suffix else path.with_suffix(".toml")
            self._try(self._save_to(target))

    def _save_to(self, path: Path) -> Callable[[], None]:
        def act() -> None:
            self._document.save(path)
            self._settings.set_folder("experiments", path.parent)
            self.told.emit(tr("Saved {name}.", name=path.name))

        return act

    def export_numbers(self) -> None:
        """Write every step's values to a CSV file."""
        history = self._session.history
        if not len(history):
            self.trouble.emit(
                StudioError(msg("There are no numbers yet."), msg("Train first, then export."))
            )
            return
        name = str(Path(self._settings.folder("exports") or Path.home()) / "numbers.csv")
        path = self._ask_save(tr("Export numbers"), name, "CSV (*.csv)")
        if path is None:
            return

        def act() -> None:
            text = io.StringIO(newline="")
            writer = csv.writer(text)
            writer.writerow(("step", *history.columns))
            columns = [history.values(column).tolist() for column in history.columns]
            for step, *values in zip(history.steps.tolist(), *columns, strict=True):
                writer.writerow((step, *("" if value != value else value for value in values)))
            write_atomically(path, text.getvalue().encode())
            self._settings.set_folder("exports", path.parent)
            self.told.emit(tr("Exported {name}.", name=path.name))

        self._try(act)

    def export_window(self) -> None:
        """Write a picture of the window."""
        picture = self._window.grab()
        name = str(Path(self._settings.folder("exports") or Path.home()) / "AEGAN Studio.png")
        path = self._ask_save(tr("Save a picture of the window"), name, "PNG (*.png)")
        if path is not None and not picture.save(str(path)):
            self.trouble.emit(
                StudioError(
                    msg("{path} cannot be written.", path=str(path)),
                    msg("Choose another folder or change its permissions."),
                )
            )

    def show_folder(self) -> None:
        """Show the run's folder, or that of all runs, in the system's file manager."""
        folder = self._session.folder or paths.runs_dir()
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except StudioError as error:
            self.trouble.emit(error)

    def _ask_file(self, title: str, pattern: str) -> Path | None:
        start = self._settings.folder("experiments")
        text, _ = QFileDialog.getOpenFileName(self._window, title, start, pattern)
        return Path(text) if text else None

    def _ask_save(self, title: str, start: str, pattern: str) -> Path | None:
        text, _ = QFileDialog.getSaveFileName(self._window, title, start, pattern)
        return Path(text) if text else None
