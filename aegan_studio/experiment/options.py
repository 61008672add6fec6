"""Options as data: each field of an experiment carries all that a form, a flag or a help needs."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

OptionType = Literal["int", "float", "bool", "choice", "text", "ints", "table"]


class Options(BaseModel):
    """A frozen group of options. A change makes a new value; unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class OptionInfo:
    """What is known of one option, apart from its value.

    Attributes
    ----------
    name : str
        The field's name, the last part of its dotted path.
    type : OptionType
        Which editor fits it. ``ints`` is a tuple of whole numbers, ``table`` a nested group.
    label, help, unit : str
        English; the first two are translation keys. ``help`` says what the option does and
        what raising it does.
    minimum, maximum : float or None
        Inclusive bounds that validation enforces (exclusive ones when ``exclusive``).
    soft : tuple of float or None
        The range a slider shows where the hard bounds are wider or missing.
    log : bool
        Whether a slider should move in powers of ten.
    live : bool
        ``True``: applies to a running training at once; ``False``: needs a new run.
    choices : mapping
        Value to label, for ``choice``.
    when : mapping
        Sibling option to the values under which this option has any effect.
    """

    name: str
    type: OptionType
    default: Any
    label: str
    help: str
    unit: str
    minimum: float | None
    maximum: float | None
    exclusive_minimum: bool
    soft: tuple[float, float] | None
    log: bool
    live: bool
    advanced: bool
    choices: Mapping[Any, str]
    when: Mapping[str, tuple[Any, ...]]

    def applies(self, siblings: Options) -> bool:
        """Whether the option has any effect given the values of its siblings."""
        return all(getattr(siblings, name) in values for name, values in self.when.items())


def option(
    default: Any = ...,
    *,
    label: str,
    help: str,
    unit: str = "",
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    soft: tuple[float, float] | None = None,
    log: bool = False,
    live: bool = False,
    advanced: bool = False,
    choices: Mapping[Any, str] | None = None,
    when: Mapping[str, tuple[Any, ...]] | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
) -> Any:
    """Declare a field of an :class:`Options` class; see :class:`OptionInfo` for the words."""
    extra: dict[str, Any] = {
        "unit": unit,
        "soft": soft,
        "log": log,
        "live": live,
        "advanced": advanced,
        "choices": dict(choices or {}),
        "when": dict(when or {}),
    }
    return Field(
        default,
        title=label,
        description=help,
        ge=ge,
        gt=gt,
        le=le,
        lt=lt,
        min_length=min_length,
        max_length=max_length,
        json_schema_extra=extra,
    )


def describe(options: type[Options]) -> tuple[OptionInfo, ...]:
    """Every declared option of a class, in order; ``kind`` and undeclared fields are left out."""
    return tuple(
        _info(name, field)
        for name, field in options.model_fields.items()
        if isinstance(field.json_schema_extra, dict) and "live" in field.json_schema_extra
    )


def _bound(field: FieldInfo, *names: str) -> float | None:
    for constraint in field.metadata:
        for name in names:
            value = getattr(constraint, name, None)
            if value is not None:
                return float(value)
    return None


def _option_type(annotation: Any) -> OptionType:
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        inner = [part for part in typing.get_args(annotation) if part is not type(None)]
        return _option_type(inner[0])
    if origin is Literal:
        return "choice"
    if origin is tuple:
        return "ints" if typing.get_args(annotation)[0] is int else "table"
    simple: dict[Any, OptionType] = {bool: "bool", int: "int", float: "float", str: "text"}
    return simple.get(annotation, "table")


def _info(name: str, field: FieldInfo) -> OptionInfo:
    extra: Any = field.json_schema_extra
    kind = _option_type(field.annotation)
    choices = extra["choices"]
    if kind == "choice" and not choices:
        choices = {value: str(value) for value in typing.get_args(field.annotation)}
    return OptionInfo(
        name=name,
        type=kind,
        default=field.default,
        label=field.title or name,
        help=field.description or "",
        unit=extra["unit"],
        minimum=_bound(field, "ge", "gt"),
        maximum=_bound(field, "le", "lt"),
        exclusive_minimum=_bound(field, "gt") is not None,
        soft=extra["soft"],
        log=extra["log"],
        live=extra["live"],
        advanced=extra["advanced"],
        choices=choices,
        when=extra["when"],
    )
