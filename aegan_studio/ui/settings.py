"""Preferences and window state: remembered where possible, never in the way of a start."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from aegan_studio.i18n import LANGUAGES
from aegan_studio.ui.theme import Mode

THEMES: tuple[Mode, ...] = ("system", "dark", "light")


class Settings:
    """An INI file of preferences. Values that make no sense count as absent.

    Parameters
    ----------
    path : Path
        The file. One that Qt cannot parse is put aside as ``*.broken``; a folder that cannot
        be written only means that nothing is remembered.
    """

    def __init__(self, path: Path) -> None:
        self._store = QSettings(str(path), QSettings.Format.IniFormat)
        if self._store.status() == QSettings.Status.FormatError:
            with contextlib.suppress(OSError):
                os.replace(path, path.with_name(f"{path.name}.broken"))
            self._store = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def language(self) -> str:
        """The chosen language; empty: the system's."""
        value = self._text("language")
        return value if value in LANGUAGES else ""

    @language.setter
    def language(self, language: str) -> None:
        self._store.setValue("language", language)

    @property
    def theme(self) -> Mode:
        """The chosen theme."""
        value = self._text("theme")
        return next((mode for mode in THEMES if mode == value), "system")

    @theme.setter
    def theme(self, mode: Mode) -> None:
        self._store.setValue("theme", mode)

    def flag(self, name: str, default: bool) -> bool:
        """A remembered yes or no."""
        return {"true": True, "false": False}.get(self._text(f"flags/{name}").lower(), default)

    def set_flag(self, name: str, on: bool) -> None:
        """Remember a yes or no."""
        self._store.setValue(f"flags/{name}", on)

    def sizes(self, name: str, count: int) -> tuple[int, ...]:
        """The remembered pane sizes of a splitter, or an empty tuple."""
        parts = self._text(f"sizes/{name}").split()
        if len(parts) != count or not all(part.isdecimal() for part in parts):
            return ()
        sizes = tuple(int(part) for part in parts)
        return sizes if sum(sizes) > 0 and max(sizes) < 100_000 else ()

    def set_sizes(self, name: str, sizes: Sequence[int]) -> None:
        """Remember the pane sizes of a splitter."""
        self._store.setValue(f"sizes/{name}", " ".join(str(size) for size in sizes))

    def blob(self, name: str) -> QByteArray:
        """Remembered bytes, such as a window's geometry; empty where there are none."""
        value = self._store.value(f"blobs/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_blob(self, name: str, value: QByteArray) -> None:
        """Remember bytes."""
        self._store.setValue(f"blobs/{name}", value)

    def folder(self, name: str) -> str:
        """A folder used last for a purpose; empty where it is gone."""
        value = self._text(f"folders/{name}")
        return value if value and Path(value).is_dir() else ""

    def set_folder(self, name: str, folder: Path) -> None:
        """Remember the folder used for a purpose."""
        self._store.setValue(f"folders/{name}", str(folder))

    def save(self) -> None:
        """Write what is remembered."""
        self._store.sync()

    def _text(self, name: str) -> str:
        value = self._store.value(name, "")
        return value if isinstance(value, str) else str(value).lower() if value is not None else ""
