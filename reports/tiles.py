"""A headline figure in words: label, value, change with verdict, target, what it stands on."""

from __future__ import annotations

from dataclasses import dataclass

from policies.model import Organisation
from queries import wording
from reports.cells import TONES, Tone
from reports.kpis import Kpi, Periods, interval_words
from reports.sparkline import sparkline

_ARROWS = {1: "▲", -1: "▼", 0: "="}


@dataclass(frozen=True)
class Tile:
    """The words of a tile; `line` is its sparkline as SVG."""

    label: str
    value: str
    companion: str
    change: str
    tone: Tone
    target: str
    target_tone: Tone
    basis: str
    line: str | None
    alt: str


def tile(found: Kpi, periods: Periods, look: Organisation) -> Tile:
    metric = found.metric
    if found.value is None:
        return Tile(
            metric.label, "–", "", f"not available: {found.reason}", "quiet", "", "", "", None, ""
        )
    median = found.row["median"]
    change, tone = _change(found, periods)
    target, target_tone = _target(found)
    interval = interval_words(found)
    basis = f"n {found.n:,}" + (f" · 95 % {interval}" if interval else "")
    return Tile(
        metric.label,
        wording.figure(metric, found.value),
        f"median {wording.duration(median)}" if median is not None else "",
        change,
        tone,
        target,
        target_tone,
        basis,
        sparkline(found.points, periods.looked_at.name, found.target, look),
        f"{metric.label} over {len(found.points)} months",
    )


def _change(found: Kpi, periods: Periods) -> tuple[str, Tone]:
    if found.before is None or periods.before is None:
        return "nothing to compare with", "quiet"
    change = found.before.change
    value = change.difference or 0.0
    arrow = _ARROWS[(value > 0) - (value < 0)]
    size = wording.difference(found.metric, value)
    words = f"{arrow} {size} vs {wording.short_month(periods.before.name)} · {change.verdict}"
    return words, TONES.get(change.verdict, "quiet")


def _target(found: Kpi) -> tuple[str, Tone]:
    if found.target is None:
        return "", ""
    words = f"target {wording.figure(found.metric, found.target)}"
    if found.is_met is None:
        return words, ""
    word = "met" if found.is_met else "missed"
    return f"{words}, {word}", TONES[word]
