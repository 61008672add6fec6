"""The table of the mixtures: our figures, the published ones, and whether the orders agree."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from aegan_studio.bench.published import (
    ORDERINGS,
    PACGAN,
    VEEGAN,
    Mixture,
    Published,
    Setting,
)
from aegan_studio.bench.shelf import Result
from aegan_studio.i18n import tr

COMMAND = "python -m aegan_studio.bench.mixtures --out DIR"

PROMISES: Mapping[str, tuple[int, float, float]] = {
    "ring-gan": (8, 0.90, 90),
    "grid-gan": (24, 0.88, 240),
}
"""Modes, share of samples on one, and seconds that a recipe promises on average."""


def mean_and_error(values: Sequence[float]) -> tuple[float, float]:
    """The mean and its standard error, 0 for a single value."""
    mean = statistics.fmean(values)
    if len(values) < 2:
        return mean, 0.0
    return mean, statistics.stdev(values) / len(values) ** 0.5


def column(results: Sequence[Result], name: str) -> tuple[float, float]:
    """Mean and standard error of one measure over seeds."""
    return mean_and_error([float(result[name]) for result in results])


def to_markdown(
    results: Mapping[str, Sequence[Result]],
    labels: Mapping[str, str],
    protocols: Mapping[Setting, str],
) -> str:
    """Everything measured.

    Parameters
    ----------
    results : mapping
        Row (``"slow/ring/pacgan2"`` or ``"recipe/ring-gan"``) to one result for each seed.
    labels : mapping
        Contestant to what it is called in the table, in the table's order.
    protocols : mapping
        What all contestants share in each setting, in a sentence.
    """
    lines = [
        "# " + tr("Do the generators find all modes?"),
        "",
        tr(
            "The protocol of PacGAN (arXiv 1712.04086), made small. Of 2,500 samples those are on "
            "a mode that lie within three standard deviations of its centre; an exact sampler "
            "reaches 98.9 %. Means over seeds ± standard error. The papers’ absolute numbers "
            "differ among themselves; their orders are what to compare."
        ),
        "",
        tr(
            "Whether a plain GAN drops modes depends on how fast its discriminator learns: with "
            "the generator’s rate it finds them all here, with a fifth of it hardly any. Both "
            "settings are shown; the first was chosen because it shows the published collapse."
        ),
        "",
        f"`{COMMAND}`",
        "",
    ]
    for setting, protocol in protocols.items():
        titles = {"slow": tr("A slow judge"), "equal": tr("Equal rates")}
        rows = {
            name.removeprefix(f"{setting}/"): found
            for name, found in results.items()
            if name.startswith(f"{setting}/")
        }
        if rows:
            lines += ["## " + titles[setting], "", protocol, ""]
            for mixture in get_args(Mixture):
                lines.extend(_mixture(mixture, rows, labels))
            lines.extend(_orders(rows, labels))
    lines.extend(_recipes(results))
    return "\n".join(lines).rstrip() + "\n"


def _mixture(
    mixture: Mixture, results: Mapping[str, Sequence[Result]], labels: Mapping[str, str]
) -> Iterator[str]:
    title = {"ring": tr("Ring of 8, σ .01"), "grid": tr("Grid of 25, σ .05")}[mixture]
    yield "### " + title
    yield ""
    heads = (
        tr("Model"),
        tr("Modes"),
        tr("On a mode"),
        tr("Reverse KL"),
        tr("Seeds"),
        tr("Seconds"),
        "PacGAN, table 1",
        "VEEGAN, table 1",
    )
    yield "| " + " | ".join(heads) + " |"
    yield "|---|---:|---:|---:|---:|---:|---|---|"
    for name, label in labels.items():
        found = results.get(f"{mixture}/{name}")
        if not found:
            continue
        share, error = column(found, "high_quality")
        cells = (
            label,
            _pm(*column(found, "modes"), 1),
            _pm(100 * share, 100 * error, 1) + " %",
            _pm(*column(found, "reverse_kl"), 2),
            str(len(found)),
            f"{column(found, 'seconds')[0]:.0f}",
            _published(PACGAN.get((name, mixture))),
            _published(VEEGAN.get((name, mixture))),
        )
        yield "| " + " | ".join(cells) + " |"
    yield ""


def _pm(mean: float, error: float, digits: int) -> str:
    return f"{mean:z.{digits}f} ± {error:.{digits}f}"


def _published(found: Published | None) -> str:
    if found is None:
        return "–"
    text = f"{found.modes:g}, {100 * found.high_quality:g} %"
    return text if found.reverse_kl is None else f"{text}, {found.reverse_kl:g}"


def _orders(results: Mapping[str, Sequence[Result]], labels: Mapping[str, str]) -> Iterator[str]:
    yield "### " + tr("Do the orders agree?")
    yield ""
    yield tr(
        "Agrees: more modes, or as many with a lower reverse KL, by more than the standard error "
        "of the difference."
    )
    yield ""
    yield f"| {tr('Published')} | {tr('Source')} | {tr('Ring')} | {tr('Grid')} |"
    yield "|---|---|---|---|"
    for ordering in ORDERINGS:
        verdicts = [
            _verdict(results.get(f"{m}/{ordering.fewer}"), results.get(f"{m}/{ordering.more}"))
            for m in get_args(Mixture)
        ]
        if verdicts == ["–", "–"]:
            continue
        names = f"{labels[ordering.fewer]} < {labels[ordering.more]}"
        yield f"| {names} | {ordering.source} | {verdicts[0]} | {verdicts[1]} |"
    yield ""


def _verdict(fewer: Sequence[Result] | None, more: Sequence[Result] | None) -> str:
    if not fewer or not more:
        return "–"
    words = {1: tr("agrees"), 0: tr("even"), -1: tr("differs")}
    signs = []
    for name, way in (("modes", 1), ("reverse_kl", -1)):
        (a, error_a), (b, error_b) = column(fewer, name), column(more, name)
        bound = (error_a**2 + error_b**2) ** 0.5
        ahead = way * (b - a)
        signs.append(0 if abs(ahead) <= bound else 1 if ahead > 0 else -1)
    return words[signs[0] or signs[1]]


def _recipes(results: Mapping[str, Sequence[Result]]) -> Iterator[str]:
    if not any(f"recipe/{name}" in results for name in PROMISES):
        return
    yield "## " + tr("The studio’s own settings")
    yield ""
    heads = (tr("Recipe"), tr("Modes"), tr("On a mode"), tr("Seconds"), tr("Promised"), tr("Met"))
    yield "| " + " | ".join(heads) + " |"
    yield "|---|---|---|---|---|:-:|"
    for name, (modes, share, seconds) in PROMISES.items():
        found = sorted(results.get(f"recipe/{name}", ()), key=lambda result: str(result["name"]))
        if not found:
            continue
        met = all(
            result["modes"] >= modes
            and result["high_quality"] >= share
            and result["seconds"] <= seconds
            for result in found
        )
        cells = (
            f"**{name}**",
            ", ".join(str(result["modes"]) for result in found),
            ", ".join(f"{100 * result['high_quality']:.1f} %" for result in found),
            ", ".join(f"{result['seconds']:.0f}" for result in found),
            f"≥ {modes}, ≥ {share:.0%}, ≤ {seconds:g} s",
            "✓" if met else "✗",
        )
        yield "| " + " | ".join(cells) + " |"
