"""The directions that a person made: kept with the run, and there again when it is opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError, msg
from aegan_studio.runs.directions import (
    MOST,
    NAMED,
    KeptDirection,
    load_directions,
    save_directions,
)
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.messages import Loaded
from aegan_studio.ui.latent.moves_messages import Course, Recall, Recalled


@dataclass(frozen=True, slots=True, eq=False)
class OwnDirection:
    """A direction by name; ``key`` stays when it is renamed. ``step``: the weights it is from."""

    key: str
    name: str
    course: Course
    step: int


class OwnDirections(QObject):
    """The own directions of the run that is explored."""

    changed = Signal()

    def __init__(self, explorer: Explorer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._explorer = explorer
        self._items: tuple[OwnDirection, ...] = ()
        self._foreign: tuple[KeptDirection, ...] = ()
        self._read: tuple[KeptDirection, ...] | None = None
        self._deleted: tuple[int, OwnDirection] | None = None
        self._made = 0
        self._sealed = False
        explorer.loaded.connect(self._on_loaded)
        explorer.folder_changed.connect(self._on_folder)
        explorer.listen(Recall, self._on_recalled)
        self._on_loaded(explorer.model)

    @property
    def items(self) -> tuple[OwnDirection, ...]:
        """In the order in which they were made."""
        return self._items

    @property
    def deleted(self) -> OwnDirection | None:
        """The one that was deleted last and can be brought back."""
        return None if self._deleted is None else self._deleted[1]

    def add(self, name: str, course: Course, step: int) -> OwnDirection | None:
        """Keep a direction, under a name that no other has; ``None`` where there are too many."""
        if len(self._items) + len(self._foreign) >= MOST:
            self._explorer.trouble.emit(
                (
                    msg("A run keeps at most {most} directions.", most=MOST),
                    msg("Delete one that is no longer needed."),
                )
            )
            return None
        made = OwnDirection(self._key(), self._free(name), course, step)
        self._set((*self._items, made))
        return made

    def rename(self, key: str, name: str) -> None:
        """Change a name; an empty one changes nothing."""
        name = name.strip()[:NAMED]
        known = self.find(key)
        if known is None or not name or name == known.name:
            return
        name = self._free(name)
        self._set(replace(item, name=name) if item.key == key else item for item in self._items)

    def delete(self, key: str) -> None:
        """Take a direction away; :meth:`bring_back` undoes it."""
        for at, item in enumerate(self._items):
            if item.key == key:
                self._deleted = (at, item)
                self._set((*self._items[:at], *self._items[at + 1 :]))
                return

    def bring_back(self) -> None:
        """Undo the last deletion."""
        if self._deleted is not None:
            at, item = self._deleted
            self._deleted = None
            self._set((*self._items[:at], item, *self._items[at:]))

    def find(self, key: str) -> OwnDirection | None:
        """The direction of this key."""
        return next((item for item in self._items if item.key == key), None)

    def _key(self) -> str:
        self._made += 1
        return f"own{self._made}"

    def _free(self, name: str) -> str:
        taken = {item.name for item in self._items}
        base = name.strip()[:NAMED] or tr("Direction")
        free, count = base, 1
        while free in taken:
            count += 1
            free = f"{base[: NAMED - 4]} {count}"
        return free

    def _set(self, items: Iterable[OwnDirection]) -> None:
        self._items = tuple(items)
        self._save()
        self.changed.emit()

    # On disk

    def _save(self) -> None:
        folder = self._explorer.folder
        if folder is None or not folder.is_dir() or self._sealed:
            return
        kept = [KeptDirection(item.name, item.course.to_plain(), item.step) for item in self._items]
        try:
            save_directions(folder, [*kept, *self._foreign])
        except StudioError as error:
            self._explorer.trouble.emit(error.sentences())

    def _on_folder(self) -> None:
        self._forget()
        self._on_loaded(self._explorer.model)

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None:
            self._forget()
            return
        folder = self._explorer.folder
        if self._read is not None or folder is None:
            return
        try:
            self._read = load_directions(folder)
        except StudioError as error:
            self._read, self._sealed = (), True  # what cannot be read is not written over
            self._explorer.trouble.emit(error.sentences())
        if self._read:
            self._explorer.ask(Recall([kept.course for kept in self._read]))

    def _on_recalled(self, found: Recalled) -> None:
        if self._read is None or len(found.courses) != len(self._read):
            return
        pairs = list(zip(self._read, found.courses, strict=True))
        # those of other networks are not shown, but not lost either
        self._foreign = tuple(kept for kept, course in pairs if course is None)
        known = [
            OwnDirection(self._key(), kept.name, course, kept.step)
            for kept, course in pairs
            if course is not None
        ]
        self._items = (*known, *self._items)
        self.changed.emit()

    def _forget(self) -> None:
        self._items, self._foreign = (), ()
        self._read = self._deleted = None
        self._sealed = False
        self.changed.emit()
