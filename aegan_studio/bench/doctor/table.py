"""The confusion table: planted faults and healthy recipes against what the doctor says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aegan_studio.catalog.findings import FINDINGS
from aegan_studio.i18n import tr

RECALL = 0.9
"""Share of planted faults that must be found, for every finding."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What the doctor said of one training.

    ``wanted`` is the finding that was planted, empty for a recipe; ``said`` maps findings of at
    least a warning to their confidence.
    """

    group: str
    wanted: str
    seed: int
    steps: int
    said: Mapping[str, float]
    at: int | None = None

    @property
    def right(self) -> bool:
        """Whether the planted fault was found; nothing, where none was planted."""
        return self.wanted in self.said if self.wanted else not self.said

    def to_plain(self) -> dict[str, object]:
        """For JSON."""
        return {
            "training": self.group,
            "planted": self.wanted,
            "seed": self.seed,
            "steps": self.steps,
            "said": {name: round(value, 3) for name, value in self.said.items()},
            "found_at": self.at,
        }


def to_markdown(done: Sequence[Examination], deliberately: Sequence[str], command: str) -> str:
    """All as one document, in the current language."""
    faults = [each for each in done if each.wanted]
    healthy = [each for each in done if not each.wanted and each.group not in deliberately]
    broken = [each for each in done if not each.wanted and each.group in deliberately]
    lines = [
        "# " + tr("What the doctor finds"),
        "",
        tr(
            "Trainings with a planted fault, several for every finding, and the recipes as they "
            "are. A fault counts as found where the doctor reports it as a warning or worse at any "
            "time; other findings beside it may be right too. A recipe is left alone where nothing "
            "of that kind is reported at any time."
        ),
        "",
        f"`{command}`",
        "",
        "## " + tr("Planted faults"),
        "",
        *_confusion(faults),
        "",
        "## " + tr("By training"),
        "",
        *_by_training(faults),
        "",
        "## " + tr("Recipes"),
        "",
        *_recipes(healthy, broken),
    ]
    return "\n".join(lines) + "\n"


def recalls(done: Sequence[Examination]) -> dict[str, float]:
    """The share of planted faults found, by finding."""
    found: dict[str, float] = {}
    for name in FINDINGS:
        own = [each for each in done if each.wanted == name]
        if own:
            found[name] = sum(each.right for each in own) / len(own)
    return found


def _confusion(faults: Sequence[Examination]) -> list[str]:
    names = [name for name in FINDINGS if any(each.wanted == name for each in faults)]
    short = {name: tr(FINDINGS[name].label) for name in FINDINGS}
    head = [tr("Planted"), tr("Trainings"), tr("Found"), *(short[name] for name in FINDINGS)]
    lines = ["| " + " | ".join(head) + " |", "|---|---:|---:|" + "---:|" * len(FINDINGS)]
    recall = recalls(faults)
    for name in names:
        own = [each for each in faults if each.wanted == name]
        cells = []
        for said in FINDINGS:
            count = sum(said in each.said for each in own)
            cells.append(f"**{count}**" if said == name else str(count) if count else "")
        share = f"{100 * recall[name]:.0f} %"
        lines.append(f"| {short[name]} | {len(own)} | {share} | " + " | ".join(cells) + " |")
    return lines


def _by_training(faults: Sequence[Examination]) -> list[str]:
    lines = [
        "| {} | {} | {} | {} | {} | {} |".format(
            tr("Planted"),
            tr("Training"),
            tr("Seeds"),
            tr("Found"),
            tr("At step, median"),
            tr("Steps"),
        ),
        "|---|---|---:|---:|---:|---:|",
    ]
    for group in dict.fromkeys(each.group for each in faults):
        own = [each for each in faults if each.group == group]
        steps = sorted(each.at for each in own if each.at is not None)
        median = f"{steps[len(steps) // 2]:,}" if steps else ""
        lines.append(
            f"| {tr(FINDINGS[own[0].wanted].label)} | {group.partition('--')[2]} | {len(own)} "
            f"| {sum(each.right for each in own)} | {median} | {own[0].steps:,} |"
        )
    return lines


def _recipes(healthy: Sequence[Examination], broken: Sequence[Examination]) -> list[str]:
    alarms = [each for each in healthy if not each.right]
    groups = list(dict.fromkeys(each.group for each in healthy))
    lines = [
        tr(
            "{alarms} of {count} trainings of {recipes} recipes brought a warning.",
            alarms=len(alarms),
            count=len(healthy),
            recipes=len(groups),
        ),
        "",
        "| {} | {} | {} |".format(tr("Recipe"), tr("Seeds"), tr("Warnings")),
        "|---|---:|---|",
    ]
    for group in groups:
        own = [each for each in healthy if each.group == group]
        lines.append(f"| {group} | {len(own)} | {_said(own)} |")
    for group in dict.fromkeys(each.group for each in broken):
        own = [each for each in broken if each.group == group]
        what = tr("deliberately broken: {said}", said=_said(own) or "–")
        lines.append(f"| {group} | {len(own)} | {what} |")
    return lines


def _said(own: Sequence[Examination]) -> str:
    counts: dict[str, int] = {}
    for each in own:
        for name in each.said:
            counts[name] = counts.get(name, 0) + 1
    return ", ".join(f"{tr(FINDINGS[name].label)} ×{count}" for name, count in counts.items())
