"""The table of the recipes of digits: each measure beside that of the untrained model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aegan_studio.bench.shelf import Result
from aegan_studio.catalog.metrics import METRICS
from aegan_studio.i18n import tr

COMMAND = "python -m aegan_studio.bench.digits --out DIR"

COLUMNS = (
    "mse",
    "fid",
    "precision",
    "recall",
    "coverage",
    "classes",
    "rarest",
    "obeyed",
    "probe",
    "neighbour",
    "copying",
)

MSE_SHARE = 0.5
"""Of the untrained model's error that a trained one may have left."""

FID_SHARE = 0.25
"""Likewise of the Fréchet distance."""

COVERAGE_GAIN = 0.2
CLASSES = 9


def shortcomings(trained: Mapping[str, float], untrained: Mapping[str, float]) -> list[str]:
    """The measures by which a model is not clearly above its untrained self; none is best."""
    found = []
    for name, bound in (("mse", MSE_SHARE), ("fid", FID_SHARE)):
        if name in trained and not trained[name] <= bound * untrained[name]:
            found.append(name)
    if not trained["coverage"] >= untrained["coverage"] + COVERAGE_GAIN:
        found.append("coverage")
    if trained["classes"] < CLASSES:
        found.append("classes")
    return found


def to_markdown(results: Sequence[Result]) -> str:
    """Everything measured, in the current language."""
    lines = [
        "# " + tr("What the models of digits learn"),
        "",
        tr(
            "Every recipe of digits, trained with its own settings. In brackets: the same model "
            "before its first step. Distances and neighbourhoods are taken in the features of a "
            "small classifier trained on the real digits alone, against held-out digits; the "
            "first row is what real digits score. Compare them within this table only. A model is "
            "clearly above its untrained self with at most {mse:.0%} of its error, {fid:.0%} of "
            "its Fréchet distance, {coverage:.0%} more coverage, and {classes} of 10 classes.",
            mse=MSE_SHARE,
            fid=FID_SHARE,
            coverage=COVERAGE_GAIN,
            classes=CLASSES,
        ),
        "",
        f"`{COMMAND}` · " + tr("features {hashes}", hashes=_hashes(results)),
        "",
    ]
    heads = [
        tr("Recipe"),
        tr("Model"),
        tr("Seconds"),
        tr("Steps/s"),
        tr("Memory, MiB"),
        *(tr(METRICS[name].label) for name in COLUMNS),
        tr("Learned"),
    ]
    lines.append("| " + " | ".join(heads) + " |")
    lines.append("|---|---|" + "---:|" * (3 + len(COLUMNS)) + "---|")
    if results:
        cells = [_number(name, results[0]["floor"].get(name)) for name in COLUMNS]
        lines.append("| " + " | ".join([tr("Real digits"), "", "", "", "", *cells, ""]) + " |")
    lines.extend(_row(result) for result in results)
    return "\n".join(lines) + "\n"


def _row(result: Result) -> str:
    trained, untrained = result["trained"], result["untrained"]
    short = shortcomings(trained, untrained)
    cells = [
        f"**{result['name']}**",
        tr(result["model"]),
        f"{result['seconds']:.0f}",
        f"{result['steps_per_second']:,.0f}",
        f"{result['memory'] / 2**20:.0f}",
        *(_pair(name, trained, untrained) for name in COLUMNS),
        "✓" if not short else "✗ " + ", ".join(tr(METRICS[name].label) for name in short),
    ]
    return "| " + " | ".join(cells) + " |"


def _pair(name: str, trained: Mapping[str, float], untrained: Mapping[str, float]) -> str:
    if name not in trained:
        return ""
    return f"{_number(name, trained[name])} ({_number(name, untrained.get(name))})"


def _number(name: str, value: float | None) -> str:
    if value is None:
        return ""
    match METRICS[name].style:
        case "share":
            return f"{100 * value:.1f} %"
        case "error":
            return f"{value:z.4f}"
        case "count":
            return f"{value:.0f}"
        case "plain":
            return f"{value:z.2f}"


def _hashes(results: Sequence[Result]) -> str:
    return ", ".join(_once(result["extractor"] for result in results))


def _once(values: Iterable[str]) -> Sequence[str]:
    return tuple(dict.fromkeys(values))
