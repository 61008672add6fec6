r"""A small subset of LaTeX mathematics as a tree: enough for the losses of the papers.

Letters and digits, ``_`` and ``^``, ``\hat \tilde \bar \vec``, ``\frac \tfrac \sqrt``,
``\mathbb \mathrm \mathcal \mathbf \text \operatorname``, ``\sum \prod \int``, Greek,
relations, ``\left( … \right)``, ``\lVert … \rVert`` and spaces. Anything else shows as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}_^]|\s+|.", re.S)

_LOWER = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "ϕ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "varepsilon": "ε", "vartheta": "ϑ", "varphi": "φ",
    "ell": "ℓ", "partial": "∂",
}  # fmt: skip
_UPPER = {
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
    "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "nabla": "∇", "infty": "∞",
    "prime": "′",
}  # fmt: skip
_RELATIONS = {
    "sim": "∼", "approx": "≈", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "neq": "≠",
    "ne": "≠", "in": "∈", "to": "→", "rightarrow": "→", "leftarrow": "←", "mapsto": "↦",
    "propto": "∝", "equiv": "≡", "mid": "|", "ll": "≪", "gg": "≫", "triangleq": "≜",
    "Rightarrow": "⇒", "gets": "←", "parallel": "∥",
}  # fmt: skip
_BINARIES = {
    "cdot": "·", "times": "×", "pm": "±", "odot": "⊙", "oplus": "⊕", "otimes": "⊗",
    "circ": "∘", "ast": "∗", "setminus": "∖", "cup": "∪", "cap": "∩",
}  # fmt: skip
_DELIMITERS = {
    "lVert": "‖", "rVert": "‖", "Vert": "‖", "|": "‖", "lvert": "|", "rvert": "|", "vert": "|",
    "{": "{", "}": "}", "langle": "⟨", "rangle": "⟩", "lbrace": "{", "rbrace": "}",
    "lfloor": "⌊", "rfloor": "⌋",
}  # fmt: skip
_SPACES = {",": 0.17, ":": 0.22, ";": 0.28, "!": -0.17, " ": 0.25, "quad": 1.0, "qquad": 2.0}
_FUNCTIONS = {"log", "exp", "min", "max", "sin", "cos", "tanh", "arg", "det", "inf", "sup", "ln",
              "Pr", "lim", "argmin", "argmax"}  # fmt: skip
_BIG = {"sum": "∑", "prod": "∏", "int": "∫"}
_ACCENTS = {"hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar",
            "overline": "bar", "vec": "vec", "dot": "dot"}  # fmt: skip
_BLACKBOARD = dict(zip("CENPQRZ", "ℂ𝔼ℕℙℚℝℤ", strict=True))
_SCRIPT = dict(zip("DFGHIJKLMNSTUXYZ", "𝒟ℱ𝒢ℋℐ𝒥𝒦ℒℳ𝒩𝒮𝒯𝒰𝒳𝒴𝒵", strict=True))
_SIZERS = {"big", "Big", "bigl", "bigr", "Bigl", "Bigr", "bigg", "displaystyle", "textstyle",
           "limits", "nolimits"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Atom:
    """A run of one kind; ``kind`` is italic, roman, bold, relation, binary, function,
    punct, open or close."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Space:
    """A gap of ``em`` times the type size."""

    em: float


@dataclass(frozen=True, slots=True)
class Accent:
    """A hat, tilde, bar, dot or arrow over a body."""

    kind: str
    body: Node


@dataclass(frozen=True, slots=True)
class Scripts:
    """A base with what stands below and above at its right."""

    base: Node
    sub: Node | None
    sup: Node | None


@dataclass(frozen=True, slots=True)
class Fraction:
    """One over another; ``small`` is set in script size."""

    over: Node
    under: Node
    small: bool


@dataclass(frozen=True, slots=True)
class Root:
    """A square root."""

    body: Node


@dataclass(frozen=True, slots=True)
class Big:
    """A sum, product or integral sign."""

    text: str


@dataclass(frozen=True, slots=True)
class Fenced:
    """A body between delimiters that grow with it."""

    left: str
    body: Node
    right: str


@dataclass(frozen=True, slots=True)
class Row:
    """Things side by side."""

    items: tuple[Node, ...]


Node = Atom | Space | Accent | Scripts | Fraction | Root | Big | Fenced | Row


class _Parser:
    def __init__(self, latex: str) -> None:
        self._tokens = [" " if t.isspace() else t for t in _TOKEN.findall(latex)]
        self._at = 0

    def _peek(self) -> str:
        while self._at < len(self._tokens) and self._tokens[self._at] == " ":
            self._at += 1
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def row(self, stop: tuple[str, ...] = ()) -> Row:
        items: list[Node] = []
        while (token := self._peek()) and token not in stop:
            if token == "}":
                self._next()
                continue
            if token in ("_", "^"):
                base: Node = items.pop() if items else Row(())
                items.append(self._scripts(base))
                continue
            node = self._one()
            if node is not None:
                items.append(node)
        return Row(tuple(items))

    def _scripts(self, base: Node) -> Scripts:
        sub: Node | None = None
        sup: Node | None = None
        while (token := self._peek()) in ("_", "^", "'"):
            self._next()
            if token == "_":
                sub = self._group()
            elif token == "^":
                sup = self._group()
            else:
                sup = Row((*((sup,) if sup else ()), Atom("′", "roman")))
        return Scripts(base, sub, sup)

    def _group(self) -> Node:
        if self._peek() == "{":
            self._next()
            inner = self.row(("}",))
            self._next()
            return inner.items[0] if len(inner.items) == 1 else inner
        if self._peek().isdigit():
            return Atom(self._next(), "roman")
        return self._one() or Row(())

    def _raw_group(self) -> str:
        """The text between braces, spaces kept."""
        if self._peek() != "{":
            return self._next()
        self._next()
        parts: list[str] = []
        depth = 1
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            depth += (token == "{") - (token == "}")
            if depth == 0:
                break
            parts.append(token)
        return "".join(parts)

    def _one(self) -> Node | None:
        token = self._next()
        if token == "{":
            self._at -= 1
            return self._group()
        if token.startswith("\\"):
            return self._command(token[1:])
        if token == "'":
            return Atom("′", "roman")
        if token in "([":
            return Atom(token, "open")
        if token in ")]":
            return Atom(token, "close")
        if token in "=<>:":
            return Atom(token, "relation")
        if token in "+-*/":
            text = {"-": "−", "*": "∗"}.get(token, token)
            return Atom(text, "binary" if token != "/" else "roman")
        if token in ",;":
            return Atom(token, "punct")
        if token.isdigit() or token == ".":
            digits = token
            while self._at < len(self._tokens) and re.fullmatch(r"[\d.]", self._tokens[self._at]):
                digits += self._tokens[self._at]
                self._at += 1
            return Atom(digits, "roman")
        return Atom(token, "italic" if token.isalpha() and token.isascii() else "roman")

    def _command(self, name: str) -> Node | None:
        if name in _LOWER:
            return Atom(_LOWER[name], "italic")
        if name in _UPPER:
            return Atom(_UPPER[name], "roman")
        if name in _RELATIONS:
            return Atom(_RELATIONS[name], "relation")
        if name in _BINARIES:
            return Atom(_BINARIES[name], "binary")
        if name in _FUNCTIONS:
            return Atom(name, "function")
        if name in _BIG:
            return Big(_BIG[name])
        if name in _SPACES:
            return Space(_SPACES[name])
        if name in _ACCENTS:
            return Accent(_ACCENTS[name], self._group())
        if name in _DELIMITERS:
            kind = "open" if name.startswith("l") else "close"
            return Atom(_DELIMITERS[name], kind if name[:1] in "lr" else "roman")
        if name in ("ldots", "dots", "cdots"):
            return Atom("…" if name != "cdots" else "⋯", "roman")
        if name in _SIZERS:
            return None
        return self._structure(name)

    def _structure(self, name: str) -> Node | None:
        match name:
            case "frac" | "dfrac" | "tfrac":
                over = self._group()
                return Fraction(over, self._group(), name == "tfrac")
            case "sqrt":
                return Root(self._group())
            case "left":
                left = self._fence()
                body = self.row(("\\right",))
                self._next()
                return Fenced(left, body, self._fence())
            case "mathbb":
                return Atom("".join(_BLACKBOARD.get(c, c) for c in self._raw_group()), "roman")
            case "mathcal" | "mathscr":
                return Atom("".join(_SCRIPT.get(c, c) for c in self._raw_group()), "roman")
            case "mathrm" | "text" | "textrm" | "mathit":
                return Atom(self._raw_group(), "roman")
            case "mathbf" | "boldsymbol" | "textbf":
                return Atom(self._raw_group(), "bold")
            case "operatorname":
                return Atom(self._raw_group(), "function")
            case _:
                return Atom(name, "roman")

    def _fence(self) -> str:
        token = self._next()
        if token == ".":
            return ""
        return _DELIMITERS.get(token[1:], token[1:]) if token.startswith("\\") else token


@lru_cache(maxsize=256)
def parse(latex: str) -> Row:
    """The tree of a formula; never fails, since unknown commands show as their names."""
    return _Parser(latex).row()


_COMBINING = {"hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "vec": "\u20d7", "dot": "\u0307"}


def plain_text(node: Node) -> str:
    """The formula as one line of plain text, for screen readers and tool tips."""
    match node:
        case Atom(text, kind):
            pads = {"relation": f" {text} ", "binary": f" {text} ", "punct": f"{text} "}
            return pads.get(kind, f"{text} " if kind == "function" else text)
        case Space(em):
            return " " if em > 0.2 else ""
        case Accent(kind, body):
            return plain_text(body) + _COMBINING[kind]
        case Scripts(base, sub, sup):
            low = f"_{_wrapped(sub)}" if sub else ""
            high = f"^{_wrapped(sup)}" if sup else ""
            return plain_text(base) + low + high
        case Fraction(over, under, _):
            return f"{_wrapped(over)}/{_wrapped(under)}"
        case Root(body):
            return f"√{_wrapped(body)}"
        case Big(text):
            return text
        case Fenced(left, body, right):
            return f"{left}{plain_text(body)}{right}"
        case Row(items):
            return "".join(plain_text(item) for item in items)


def _wrapped(node: Node) -> str:
    text = plain_text(node).strip()
    return text if len(text) <= 2 else f"({text})"
