"""Numbers as people read and write them: separators, true minus, powers of ten, ``1k``."""

from __future__ import annotations

import math
import re

MINUS = "\u2212"
_NUMBER = re.compile(
    r"^([+-]?)(\d[\d,\u2009\u202f_ ]*(?:\.\d*)?|\.\d+)(?:e([+-]?\d+))?\s*([kKmMgG])?$", re.I
)
_SCALES = {"k": 1e3, "m": 1e6, "g": 1e9}


def format_number(value: float, digits: int = 6) -> str:
    """A number in few characters: ``12,000``, ``0.0002``, ``1e−5``.

    ``digits`` is the most significant figures shown for a float; an int is shown whole.
    """
    if isinstance(value, int):
        return f"{value:,}".replace("-", MINUS)
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else MINUS + "∞"
    size = abs(value)
    if size == 0:
        return "0"
    if size < 1e-4 or size >= 1e7:
        mantissa, exponent = f"{value:.{max(digits - 1, 0)}e}".split("e")
        if "." in mantissa:
            mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa}e{int(exponent)}".replace("-", MINUS)
    places = max(digits - 1 - math.floor(math.log10(size)), 0)
    text = f"{value:,.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def exact_text(value: float) -> str:
    """A number as it is put into an edit line: every digit, nothing grouped."""
    if isinstance(value, int):
        return str(value)
    short = format_number(value, 12).replace(MINUS, "-").replace(",", "")
    return short if float(short) == value else repr(value)


def parse_number(text: str) -> float | int:
    """The number a person typed: ``1e-4``, ``12,000``, ``1k``, ``−3``; ints stay ints.

    Raises
    ------
    ValueError
        If the text is no number.
    """
    plain = text.strip().replace(MINUS, "-").replace("\u00a0", " ")
    match = _NUMBER.match(plain)
    if match is None:
        raise ValueError(f"{text!r} is not a number")
    sign, body, exponent, scale = match.groups()
    digits = re.sub(r"[,\u2009\u202f_ ]", "", body)
    if "." not in digits and exponent is None and scale is None:
        return int(sign + digits)
    value = float(f"{sign}{digits}e{exponent or 0}")
    if scale:
        value *= _SCALES[scale.lower()]
    if math.isinf(value):
        raise ValueError(f"{text!r} is too large")
    if exponent is None and value == int(value) and (scale or "." not in digits):
        return int(value)
    return value


def nice_step(value: float, up: bool) -> float:
    """The next number of one significant figure: 0.0002 → 0.0003, 12,000 → 20,000."""
    if value <= 0:
        return value
    unit = 10.0 ** math.floor(math.log10(value) + 1e-9)
    ratio = value / unit
    if up:
        return _tidy((math.floor(ratio + 1e-9) + 1) * unit)
    if ratio <= 1 + 1e-9:
        return _tidy(unit * 0.9)
    return _tidy((math.ceil(ratio - 1e-9) - 1) * unit)


def _tidy(value: float) -> float:
    return float(f"{value:.12g}")


def compact(value: float) -> str:
    """A count in four characters or so: 193 k, 2.9 M."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= limit:
            scaled = value / (1e3 if unit == "k" else limit)
            places = 1 if abs(scaled) < 10 else 0
            return f"{scaled:,.{places}f} {unit}".replace("-", MINUS)
    return format_number(int(value) if value == int(value) else value, 4)
