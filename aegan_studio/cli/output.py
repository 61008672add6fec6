"""What the command line prints: sentences, tables, JSON."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aegan_studio.experiment import InputError, Problem
from aegan_studio.i18n import tr
from aegan_studio.messages import Message, StudioError, msg


def console(*, stderr: bool = False) -> Console:
    """A terminal that colours and wraps where it may."""
    return Console(stderr=stderr, highlight=False)


def say(text: str) -> None:
    """One line on stderr, where a person reads; stdout belongs to results."""
    console(stderr=True).print(escape(text), soft_wrap=True)


def complain(error: StudioError) -> None:
    """Say on stderr what is wrong and what to do, every problem on a line of its own."""
    for line in sentences(error):
        print(line, file=sys.stderr)


def sentences(error: StudioError) -> list[str]:
    """The problems of an error in the current language."""
    if isinstance(error, InputError):
        return [_problem(problem, error.source) for problem in error.problems]
    return [tr.join(error.sentences())]


def _problem(problem: Problem, source: str) -> str:
    where = ", ".join(part for part in (source, problem.path) if part)
    said: Message = (
        msg("{where}: {problem}", where=where, problem=problem.message)
        if where
        else problem.message
    )
    parts = [said, *([problem.advice] if problem.advice else [])]
    return tr.join(parts)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on stdout; the first column is what other commands take."""
    result = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    for index, name in enumerate(columns):
        result.add_column(name, no_wrap=index == 0, style="bold" if index == 0 else None)
    for row in rows:
        result.add_row(*(escape(cell) for cell in row))
    console().print(result)


def print_json(value: Any) -> None:
    """A value as JSON on stdout, readable."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False))


def print_json_line(value: Mapping[str, Any]) -> None:
    """A value as one line of JSON on stdout, at once."""
    print(json.dumps(plain(value), ensure_ascii=False, allow_nan=False), flush=True)


def plain(value: Any) -> Any:
    """Strict JSON: numbers that are not finite become ``null``, unknown things text."""
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Message):
        return tr(value)
    return value if isinstance(value, (str, int, bool)) or value is None else str(value)
