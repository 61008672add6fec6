"""Keeps the translation catalogues: collects every sentence, merges, compiles and checks.

``python packaging/translations.py update`` adds new sentences to each catalogue (untranslated)
and drops those no longer used; ``compile`` writes the binary files the program reads; ``check``
says what is missing or malformed and exits 1 where anything is.
"""

from __future__ import annotations

import ast
import io
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
I18N = ROOT / "resources" / "i18n"
DOMAIN = "aegan_studio"
LANGUAGES = ("zh_CN",)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
CALLS = {"tr", "msg", "N_"}
"""Functions whose first argument is a sentence."""


def collect() -> dict[str, list[str]]:
    """Every English sentence of the program, with the places it comes from."""
    found: dict[str, list[str]] = {}
    for place, text in (*_from_sources(), *_from_catalog()):
        if text.strip():
            found.setdefault(text, []).append(place)
    return found


def _from_sources() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "aegan_studio").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"), str(path))
        place = path.relative_to(ROOT).as_posix()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in CALLS and node.args:
                yield from ((place, text) for text in _texts(node.args[0], place))


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _texts(argument: ast.expr, place: str) -> Iterator[str]:
    """The literal sentences of an argument; both arms of a choice."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument.value
    elif isinstance(argument, ast.IfExp):
        yield from _texts(argument.body, place)
        yield from _texts(argument.orelse, place)
    elif isinstance(argument, ast.JoinedStr):
        raise SystemExit(f"{place}:{argument.lineno}: an f-string cannot be translated")


def _from_catalog() -> Iterator[tuple[str, str]]:
    """Labels, helps and names that are data: of options, registries, methods and recipes."""
    sys.path.insert(0, str(ROOT))
    from aegan_studio.catalog import DATASETS, LAYERS, METHODS, NETWORKS, recipes
    from aegan_studio.catalog.demos import demos
    from aegan_studio.experiment import Experiment
    from aegan_studio.experiment.options import Options, describe
    from aegan_studio.experiment.training import PhaseOptions, TrainingOptions

    groups: list[type[Options]] = [Experiment, PhaseOptions, TrainingOptions]
    for registry in (DATASETS, LAYERS, METHODS, NETWORKS):
        yield "catalog: families", registry.family
        for entry in registry:
            yield f"catalog: {registry.family}", entry.label
            yield f"catalog: {registry.family}", entry.help
            groups.append(entry.options)
    for group in groups:
        for info in describe(group):
            for text in (info.label, info.help, info.unit, *info.choices.values()):
                yield f"options: {group.__name__}.{info.name}", text
    for dataset in DATASETS:
        for name in dataset.defaults().info().classes:
            if not name.isdigit():
                yield f"classes: {dataset.kind}", name
    for method in METHODS:
        options = method.defaults()
        for role in options.roles(DATASETS["digits"].defaults().info()):
            yield f"method: {method.kind}", role.label
        for phase in options.phases():
            yield f"method: {method.kind}", phase.label
            for term in phase.terms:
                yield f"method: {method.kind}", term.label
                yield f"method: {method.kind}", term.help
        for model in (*options.models, *options.morph):
            yield f"model: {model.name}", model.label
            yield f"model: {model.name}", model.help
        for exhibit in options.exhibits:
            for text in (exhibit.label, exhibit.help, exhibit.short):
                yield f"exhibit: {method.kind}", text
    for recipe in recipes():
        yield f"recipe: {recipe.name}", recipe.title
        yield f"recipe: {recipe.name}", recipe.help
        yield f"recipe: {recipe.name}", recipe.experiment().title
    for demo in demos():
        yield f"demo: {demo.name}", demo.title
        yield f"demo: {demo.name}", demo.help
        yield f"demo: {demo.name}", demo.recipe().title
        for step in demo.steps:
            yield f"demo: {demo.name}", step.text
        for figure in demo.figures().figures:
            yield f"demo: {demo.name}", figure.what


def catalogue_path(language: str) -> Path:
    """The text catalogue of a language."""
    return I18N / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Catalog:
    """A language's catalogue, empty where there is none."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN)
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, domain=DOMAIN)
    # without dates in the file Babel takes the present, and the compiled file would never match
    catalogue.creation_date = catalogue.revision_date = LONG_AGO
    return catalogue


def update() -> None:
    """Write every catalogue anew: used sentences only, with the translations they have."""
    sentences = collect()
    for language in LANGUAGES:
        old = read(language)
        new = Catalog(locale=language, domain=DOMAIN, project="AEGAN Studio", fuzzy=False)
        for text in sorted(sentences):
            message = old.get(text)
            translated = str(message.string) if message is not None else ""
            new.add(text, translated, auto_comments=sorted(set(sentences[text]))[:3])
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        write_po(buffer, new, width=100, omit_header=False)
        lines = buffer.getvalue().decode().splitlines(keepends=True)
        stamps = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By')
        path.write_text("".join(line for line in lines if not line.startswith(stamps)), "utf-8")


def binary(language: str) -> bytes:
    """The compiled form of a catalogue."""
    buffer = io.BytesIO()
    write_mo(buffer, read(language))
    return buffer.getvalue()


def compile_all() -> None:
    """Write the binary catalogue beside each text catalogue."""
    for language in LANGUAGES:
        catalogue_path(language).with_suffix(".mo").write_bytes(binary(language))


def fields(text: str) -> set[str]:
    """The names of a template's placeholders."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def faults() -> list[str]:
    """Everything missing or malformed, one sentence each."""
    sentences = collect()
    result = []
    for language in LANGUAGES:
        catalogue = read(language)
        for text in sorted(sentences):
            message = catalogue.get(text)
            translated = str(message.string) if message is not None else ""
            if not translated:
                result.append(f"{language}: no translation of {text!r}")
            elif fields(translated) != fields(text):
                result.append(f"{language}: placeholders differ in {text!r}")
        result.extend(
            f"{language}: unused entry {message.id!r}"
            for message in catalogue
            if message.id and message.id not in sentences
        )
        compiled = catalogue_path(language).with_suffix(".mo")
        if not compiled.exists() or compiled.read_bytes() != binary(language):
            result.append(f"{language}: the compiled catalogue is old; run “compile”")
    return result


def main(arguments: list[str]) -> int:
    """Run one of the commands; 0 where all is well."""
    match arguments:
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case ["check"]:
            found = faults()
            print("\n".join(found) or "All catalogues are complete.")
            return 1 if found else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
