"""Problems as values: what is wrong with an experiment, where, and the change that mends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aegan_studio.messages import Message, StudioError, msg


@dataclass(frozen=True, slots=True)
class Mend:
    """A change of options that removes a problem; ``label`` is what a button says."""

    label: Message
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an experiment.

    Attributes
    ----------
    path : str
        Dotted path of the option beside which the problem is shown, e.g.
        ``training.batch_size`` or ``networks.decoder.layers.3``; empty for the whole.
    severity : {"error", "warning"}
        An error keeps the experiment from training.
    advice : Message or None
        What to do, for readers without a button.
    """

    path: str
    message: Message
    advice: Message | None = None
    mend: Mend | None = None
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """Path, message and advice in English."""
        parts = [f"{self.path}:" if self.path else "", str(self.message), str(self.advice or "")]
        return " ".join(part for part in parts if part)


class InputError(StudioError):
    """An experiment that cannot be understood; ``problems`` lists everything wrong with it."""

    def __init__(self, problems: Sequence[Problem], source: str = "") -> None:
        first = problems[0]
        where = ", ".join(part for part in (source, first.path) if part)
        super().__init__(
            msg("{where}: {problem}", where=where, problem=first.message)
            if where
            else first.message,
            first.advice,
        )
        self.problems = tuple(problems)
        self.source = source

    def __str__(self) -> str:
        """All problems in English, one per line."""
        lines = (str(problem) for problem in self.problems)
        return "\n".join(f"{self.source}: {line}" if self.source else line for line in lines)

    @classmethod
    def from_pydantic(cls, error: ValidationError) -> InputError:
        """Say each of pydantic's findings as a sentence with the field, the value and the mend."""
        return cls([explain(detail) for detail in error.errors(include_url=False)])


def unknown_name(path: str, known: Iterable[str]) -> Problem:
    """The problem of a name that does not exist, with the nearest that does."""
    names = list(known)
    name = path.rpartition(".")[2]
    near = get_close_matches(name, names, n=1)
    advice = (
        msg("Did you mean “{near}”?", near=near[0])
        if near
        else msg("It must be one of: {known}.", known=", ".join(names))
        if names
        else None
    )
    return Problem(path, msg("there is no “{name}” here.", name=name), advice)


def explain(detail: ErrorDetails) -> Problem:
    """One finding of pydantic's as a :class:`Problem`."""
    path = ".".join(str(part) for part in detail["loc"])
    kind = detail["type"]
    value = detail.get("input")
    context: dict[str, Any] = detail.get("ctx") or {}
    if kind == "told":  # a validator's own sentences
        return Problem(path, context["message"], context["advice"])
    if kind == "extra_forbidden":
        return Problem(
            path,
            msg("there is no option “{name}” here.", name=path.rpartition(".")[2]),
            msg("Check the spelling or remove it."),
        )
    if kind == "unknown_kind":
        known, near, family = context["known"], context["near"], msg(context["family"])
        return Problem(
            path,
            msg("“{kind}” is not a known {family}.", kind=context["kind"], family=family)
            if context["kind"] != "None"
            else msg("the {family} has no kind.", family=family),
            msg("Did you mean “{near}”?", near=near)
            if near
            else msg("It must be one of: {known}.", known=known),
        )
    if kind == "unknown_name":
        return unknown_name(path, context["known"])
    bounds = {
        "greater_than_equal": "ge",
        "greater_than": "gt",
        "less_than_equal": "le",
        "less_than": "lt",
    }
    if kind in bounds:
        key = bounds[kind]
        limit = context[key]
        message = {
            "ge": msg("{value} is too small.", value=value),
            "gt": msg("{value} is too small.", value=value),
            "le": msg("{value} is too large.", value=value),
            "lt": msg("{value} is too large.", value=value),
        }[key]
        advice = {
            "ge": msg("It must be at least {limit}.", limit=limit),
            "gt": msg("It must be greater than {limit}.", limit=limit),
            "le": msg("It must be at most {limit}.", limit=limit),
            "lt": msg("It must be less than {limit}.", limit=limit),
        }[key]
        inclusive = key in ("ge", "le")
        mend = Mend(msg("Use {limit}", limit=limit), {path: limit}) if inclusive else None
        return Problem(path, message, advice, mend)
    if kind == "literal_error":
        return Problem(
            path,
            msg("“{value}” is not possible.", value=value),
            msg("It must be {expected}.", expected=context.get("expected", "")),
        )
    if kind == "missing":
        return Problem(path, msg("it is missing."), msg("Add it to the experiment."))
    if kind.startswith(("int_", "float_", "bool_", "string_", "finite_number")):
        wanted = {
            "int": msg("It must be a whole number."),
            "float": msg("It must be a number."),
            "bool": msg("It must be true or false."),
            "string": msg("It must be text in quotes."),
            "finite": msg("It must be a finite number."),
        }[kind.partition("_")[0]]
        return Problem(path, msg("“{value}” does not fit.", value=value), wanted)
    if kind in ("tuple_type", "list_type"):
        return Problem(path, msg("“{value}” does not fit.", value=value), msg("It must be a list."))
    if kind in ("too_short", "too_long"):
        return Problem(
            path,
            msg("the list has {count} entries.", count=context.get("actual_length", 0)),
            msg("It must have at least {limit}.", limit=context.get("min_length"))
            if kind == "too_short"
            else msg("It must have at most {limit}.", limit=context.get("max_length")),
        )
    if kind in ("not_a_table", "dict_type", "model_type", "model_attributes_type"):
        return Problem(
            path,
            msg("“{value}” does not fit.", value=value),
            msg("It must be a table of options."),
        )
    return Problem(
        path, msg("“{value}” does not fit.", value=value), msg("{why}", why=detail["msg"])
    )
