"""The bookmarks of the run that is explored, shared by all panels, and kept beside the run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from aegan_studio.files import write_atomically
from aegan_studio.i18n import tr
from aegan_studio.messages import Message, StudioError, msg
from aegan_studio.runs import demos
from aegan_studio.runs.bookmarks import (
    FILE,
    MAX_BYTES,
    MOST,
    Bookmark,
    decoded,
    encoded,
    is_writable,
    load,
    one_line,
    save,
)
from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.keep_messages import Redecode, Redecoded
from aegan_studio.ui.latent.messages import Array

REMEMBERED = 100
"""Changes that can be taken back."""

Marks = tuple[Bookmark, ...]


class BookmarkShelf(QObject):
    """Bookmarks in order, written to the run's folder at each change; every change is undoable.

    Where they cannot be written they are kept in memory, and :attr:`notice` says why.
    """

    changed = Signal()
    """Bookmarks came, went, moved, or look another way."""
    notice_changed = Signal()

    def __init__(self, explorer: Explorer) -> None:
        super().__init__(explorer)
        self._explorer = explorer
        self._marks: Marks = ()
        self._path: Path | None = None
        self._before: list[tuple[str, Marks]] = []
        self._problem: Message | None = None
        self._locked = False
        self._known: dict[Path, Marks] = {}
        explorer.folder_changed.connect(self._on_folder)
        explorer.listen(Redecode, self._on_redecoded)
        self._on_folder()

    @property
    def marks(self) -> Marks:
        """All bookmarks, in order."""
        return self._marks

    @property
    def shown(self) -> list[int]:
        """The indices of those that fit the model in place."""
        model = self._explorer.model
        if model is None:
            return []
        return [
            index for index, mark in enumerate(self._marks) if mark.code.size == model.dimensions
        ]

    @property
    def notice(self) -> Message | None:
        """What is to be known of where they are kept."""
        return self._problem

    @property
    def undoable(self) -> str:
        """The last change in words; empty where nothing can be taken back."""
        return self._before[-1][0] if self._before else ""

    def stale(self) -> list[int]:
        """The indices of those shown that the weights in place have not decoded."""
        return [index for index in self.shown if self.is_stale(self._marks[index])]

    def is_stale(self, mark: Bookmark) -> bool:
        """Whether the weights in place have not decoded a bookmark."""
        return mark.item is None or mark.step != self._explorer.step

    # Changes

    def add(
        self,
        code: npt.ArrayLike,
        item: Array | None,
        name: str = "",
        at: int | None = None,
        step: int | None = None,
    ) -> int:
        """Keep a code; returns its place.

        ``step`` is that of the weights that decoded the item, by default the present ones.

        Raises
        ------
        StudioError
            There are as many as a run may have.
        """
        self._has_room(1)
        values = np.array(code, dtype=np.float64)
        at_step = self._explorer.step if step is None else step
        mark = Bookmark(one_line(name) or self._free_name(), values, item, at_step or 0)
        where = len(self._marks) if at is None else at
        marks = (*self._marks[:where], mark, *self._marks[where:])
        self._change(tr("Added “{name}”.", name=mark.name), marks)
        return where

    def rename(self, index: int, name: str) -> None:
        """Give a bookmark another name; an empty one changes nothing."""
        new = one_line(name)
        mark = self._marks[index]
        if new and new != mark.name:
            said = tr("Renamed “{name}”.", name=mark.name)
            self._change(said, self._with(index, replace(mark, name=new)))

    def remove(self, indices: Iterable[int]) -> None:
        """Delete bookmarks; :meth:`undo` brings them back."""
        gone = set(indices)
        if not gone:
            return
        left = tuple(mark for index, mark in enumerate(self._marks) if index not in gone)
        if len(gone) == 1:
            said = tr("Deleted “{name}”.", name=self._marks[gone.pop()].name)
        else:
            said = tr("Deleted {count:,} bookmarks.", count=len(gone))
        self._change(said, left)

    def move(self, index: int, to: int) -> None:
        """Put a bookmark at another place of the row."""
        to = min(max(to, 0), len(self._marks) - 1)
        if to == index:
            return
        marks = list(self._marks)
        mark = marks.pop(index)
        marks.insert(to, mark)
        self._change(tr("Moved “{name}”.", name=mark.name), tuple(marks))

    def undo(self) -> None:
        """Take the last change back."""
        if self._before:
            _, self._marks = self._before.pop()
            self._write()
            self.changed.emit()

    def redecode(self) -> None:
        """Decode those that other weights decoded with the weights in place."""
        stale = self.stale()
        if stale:
            self._explorer.ask(Redecode(np.stack([self._marks[index].code for index in stale])))

    def _on_redecoded(self, answer: Redecoded) -> None:
        items = {
            code.tobytes(): item for code, item in zip(answer.codes, answer.items, strict=True)
        }
        self._marks = tuple(
            replace(mark, item=items[mark.code.tobytes()], step=answer.step)
            if mark.code.tobytes() in items
            else mark
            for mark in self._marks
        )
        self._write()
        self.changed.emit()

    # Files

    def export(self, path: Path, indices: Sequence[int] | None = None) -> int:
        """Write bookmarks to a file; returns how many.

        Raises
        ------
        StudioError
            The file cannot be written.
        """
        chosen = self._marks if indices is None else [self._marks[index] for index in indices]
        write_atomically(path, encoded(chosen))
        return len(chosen)

    def take_in(self, path: Path) -> int:
        """Add the bookmarks of a file that fit the model; returns how many.

        Raises
        ------
        StudioError
            The file cannot be read, is none of ours, or nothing in it fits.
        """
        try:
            if path.stat().st_size > MAX_BYTES:
                raise StudioError(
                    msg("{name} is too large.", name=path.name),
                    msg("Choose a file that was exported from the bookmarks of a run."),
                )
            data = path.read_bytes()
        except OSError as error:
            why = error.strerror or str(error)
            raise StudioError(
                msg("{name} cannot be read: {why}.", name=str(path), why=why),
                msg("Check the path and its permissions."),
            ) from None
        found, _ = decoded(data, path.name)
        model = self._explorer.model
        d = 0 if model is None else model.dimensions
        fitting = [mark for mark in found if mark.code.size == d]
        if not fitting:
            other = found[0].code.size if found else 0
            raise StudioError(
                msg(
                    "The codes in {name} have {other:,} values, those of this model {own:,}.",
                    name=path.name,
                    other=other,
                    own=d,
                )
                if found
                else msg("There are no bookmarks in {name}.", name=path.name),
                msg("Choose bookmarks of a run with codes of the same length."),
            )
        self._has_room(len(fitting))
        known = {(mark.name, mark.code.tobytes()) for mark in self._marks}
        # of another run, perhaps: its pictures say nothing of these weights
        new = [
            replace(mark, item=None)
            for mark in fitting
            if (mark.name, mark.code.tobytes()) not in known
        ]
        if new:
            said = tr("Imported {count:,} bookmarks.", count=len(new))
            self._change(said, (*self._marks, *new))
            self.redecode()
        return len(new)

    # Within

    def _has_room(self, count: int) -> None:
        if len(self._marks) + count > MOST:
            raise StudioError(
                msg("A run keeps at most {most:,} bookmarks.", most=MOST),
                msg("Delete some first."),
            )

    def _free_name(self) -> str:
        taken = {mark.name for mark in self._marks}
        count = len(self._marks) + 1
        while (name := tr("Code {number}", number=count)) in taken:
            count += 1
        return name

    def _with(self, index: int, mark: Bookmark) -> Marks:
        return (*self._marks[:index], mark, *self._marks[index + 1 :])

    def _change(self, said: str, marks: Marks) -> None:
        self._before.append((said, self._marks))
        del self._before[:-REMEMBERED]
        self._marks = marks
        self._write()
        self.changed.emit()

    def _on_folder(self) -> None:
        folder = self._explorer.folder
        path = None if folder is None else folder / FILE
        if path == self._path and path is not None:
            return
        if self._path is not None:
            self._known[self._path] = self._marks  # what could not be written is still there
        self._path, self._marks, self._problem, self._locked = path, (), None, False
        self._before.clear()
        if folder is not None and path is not None:
            shelf = load(path)
            self._marks, self._problem = shelf.bookmarks, shelf.problem
            self._locked = shelf.locked
            if not self._marks and path in self._known:
                self._marks = self._known[path]
            if self._problem is None:
                self._problem = _where(folder)
        self.changed.emit()
        self.notice_changed.emit()

    def _write(self) -> None:
        if self._path is None or self._locked:
            return
        before = self._problem
        try:
            if self._marks or self._path.exists():
                save(self._path, self._marks)
        except StudioError as error:
            self._problem = msg(
                "{why} Bookmarks are kept until the program ends; export them to keep them.",
                why=error.message,
            )
        if self._problem is not before:
            self.notice_changed.emit()


def _where(folder: Path) -> Message | None:
    """What is to be known of a run's folder before anything is kept in it."""
    if demos.origin(folder):
        return msg("This is a demo: its bookmarks go when it is closed. Export them to keep them.")
    if folder.exists() and not is_writable(folder):
        return msg(
            "This run is read-only: bookmarks are kept until the program ends. Export them to "
            "keep them."
        )
    return None


def shelf_of(explorer: Explorer) -> BookmarkShelf:
    """The one shelf of an explorer, made at the first need."""
    found = explorer.findChild(BookmarkShelf)
    return found if isinstance(found, BookmarkShelf) else BookmarkShelf(explorer)


def keep_current(explorer: Explorer) -> bool:
    """Bookmark the current code with its picture; ``False`` where there is none yet."""
    picture = explorer.picture
    if explorer.model is None or picture is None or picture.code.shape != explorer.code.shape:
        return False
    item = picture.item if np.array_equal(picture.code, explorer.code) else None
    shelf = shelf_of(explorer)
    try:
        shelf.add(explorer.code, item, step=picture.step)
    except StudioError as error:
        explorer.trouble.emit(error.sentences())
        return False
    explorer.told.emit(shelf.undoable)
    if item is None:  # it is still being decoded
        shelf.redecode()
    return True
