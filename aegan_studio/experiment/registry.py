"""Registries: what exists by name, found when first asked for, its code loaded when first used."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

from pydantic_core import PydanticCustomError

from aegan_studio.experiment.options import Options

OptionsT = TypeVar("OptionsT", bound=Options)


@dataclass(frozen=True, slots=True)
class Entry(Generic[OptionsT]):
    """One registered thing.

    Attributes
    ----------
    kind : str
        The stable name that files hold.
    options : type
        Its options; the defaults of this class are the thing's defaults.
    target : str
        ``"package.module:name"`` of the code behind it, imported by :meth:`load` only.
    label, help : str
        English, translation keys.
    """

    kind: str
    options: type[OptionsT]
    target: str
    label: str
    help: str

    def defaults(self) -> OptionsT:
        """Its options with every default."""
        return self.options.model_validate({})

    def load(self) -> Any:
        """Import and return the code behind the entry."""
        module, _, name = self.target.partition(":")
        return getattr(importlib.import_module(module), name)


class Registry(Generic[OptionsT]):
    """Named option classes of one family, e.g. all datasets.

    Parameters
    ----------
    family : str
        The family in words, for messages: "dataset", "method", "layer".
    base : type
        The class that every option class of the family derives from.
    populate : str
        Module imported before the first look-up; importing it registers the built-in entries.
        A string, because what exists (the catalog) stands above what a run is (this package).
    """

    def __init__(self, family: str, base: type[OptionsT], populate: str) -> None:
        self.family = family
        self._base = base
        self._populate = populate
        self._entries: dict[str, Entry[OptionsT]] = {}
        self._populated = False

    def register(
        self, target: str = "", *, label: str, help: str
    ) -> Callable[[type[OptionsT]], type[OptionsT]]:
        """Class decorator that registers an options class under its ``kind``."""

        def decorate(options: type[OptionsT]) -> type[OptionsT]:
            kind = options.model_fields["kind"].default
            if kind in self._entries:
                raise ValueError(f"{self.family} {kind!r} is registered twice")
            self._entries[kind] = Entry(kind, options, target, label, help)
            return options

        return decorate

    def _all(self) -> dict[str, Entry[OptionsT]]:
        if not self._populated:
            importlib.import_module(self._populate)
            self._populated = True
        return self._entries

    def __iter__(self) -> Iterator[Entry[OptionsT]]:
        """The entries in the order of their registration."""
        return iter(tuple(self._all().values()))

    def __contains__(self, kind: object) -> bool:
        """Whether ``kind`` is registered."""
        return kind in self._all()

    def __getitem__(self, kind: str) -> Entry[OptionsT]:
        """The entry called ``kind``; raises :class:`KeyError` for an unknown one."""
        return self._all()[kind]

    def kinds(self) -> tuple[str, ...]:
        """All names, in the order of registration."""
        return tuple(self._all())

    def of(self, options: Options) -> Entry[OptionsT]:
        """The entry that an options value belongs to."""
        kind: str = options.kind  # type: ignore[attr-defined]
        return self[kind]

    def parse(self, value: Any) -> Any:
        """Pydantic validator: a mapping with ``kind`` becomes a value of that kind's class."""
        if isinstance(value, self._base):
            return value
        if isinstance(value, str):
            value = {"kind": value}
        if not isinstance(value, Mapping):
            raise PydanticCustomError("not_a_table", "is not a table", {"family": self.family})
        kind = value.get("kind")
        entry = self._all().get(kind) if isinstance(kind, str) else None
        if entry is None:
            near = get_close_matches(str(kind), self.kinds(), n=1)
            raise PydanticCustomError(
                "unknown_kind",
                "unknown {family} {kind}",
                {
                    "family": self.family,
                    "kind": str(kind),
                    "known": ", ".join(self.kinds()),
                    "near": near[0] if near else "",
                },
            )
        return entry.options.model_validate(value)
