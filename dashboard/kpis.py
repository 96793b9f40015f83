"""What a tile says about one metric: words and points, computed elsewhere, drawn elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard import wording
from dashboard.filters import View
from dashboard.session import Data, answer
from insights.change import Change, compare
from queries.catalogue import Metric
from queries.measure import Answer

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Headlines": (
        "mttr",
        "sla_compliance",
        "backlog",
        "ticket_volume",
        "first_contact_resolution",
        "repeat_incident_rate",
        "reopen_rate",
        "satisfaction",
    ),
    "Promises": (
        "sla_completed",
        "sla_overdue_open",
        "breach_delay",
        "tool_sla_compliance",
        "escalation_on_time",
        "update_cadence",
        "holds_before_deadline",
        "sla_coverage",
    ),
    "Speed": ("mtta", "mttd", "same_day_resolution", "backlog_age"),
    "Reliability": ("mtbf", "availability", "major_incidents", "monitoring_detection_rate"),
    "Handling": (
        "resolved_without_reassignment",
        "first_level_resolution",
        "reassignments_per_ticket",
        "priority_conformity",
        "hold_share",
    ),
}
OTHERS = "More figures"
EMPTY_BUCKET = "nothing in this bucket"
NOTHING = "no ticket in this month and selection"


@dataclass(frozen=True)
class Point:
    """One month of a metric; `value` is null where it has none."""

    month: str
    value: float | None
    is_complete: bool


@dataclass(frozen=True)
class Tile:
    """One metric in the month looked at. `reason` says why it has no value."""

    metric: Metric
    definition: str
    value: str | None
    companion: str | None
    change: Change | None
    compared_with: str | None
    basis: str
    rows: int
    target: float | None
    points: tuple[Point, ...]
    reason: str | None


def grouped(metrics: Mapping[str, Metric]) -> dict[str, list[Metric]]:
    """All metrics of the catalogue, the primary ones first; unknown ones have a group as well."""
    groups = {
        title: [metrics[name] for name in names if name in metrics]
        for title, names in GROUPS.items()
    }
    placed = {name for names in GROUPS.values() for name in names}
    groups[OTHERS] = [metric for name, metric in metrics.items() if name not in placed]
    return {title: found for title, found in groups.items() if found}


def tile(data: Data, metric: Metric, view: View) -> Tile:
    """What the tile of a metric says."""
    found = answer(data, metric, view.trend())
    rows = {row["bucket"]: row for row in found.rows.iter_rows(named=True)}
    now = rows.get(view.month.name)
    before = rows.get(view.before.name) if view.before else None
    has_value = now is not None and now["value"] is not None
    return Tile(
        metric=metric,
        definition=found.definition,
        value=wording.figure(metric, now["value"]) if now and has_value else None,
        companion=_companion(now) if now and has_value else None,
        change=_change(metric, view, before, now) if now and before and has_value else None,
        compared_with=view.before.name if view.before else None,
        basis=_basis(metric, now) if now and has_value else "",
        rows=now["n"] if now else 0,
        target=data.policy.targets.get(metric.name),
        points=tuple(
            Point(name, row["value"], view.is_complete(name)) for name, row in rows.items()
        ),
        reason=None if has_value else _reason(found, now),
    )


def _change(
    metric: Metric, view: View, before: Mapping[str, Any], now: Mapping[str, Any]
) -> Change | None:
    if view.before is None or before["value"] is None:
        return None
    return compare(metric, before, now, days=(view.before.days, view.month.days))


def _companion(row: Mapping[str, Any]) -> str | None:
    """The honest companion of a mean of durations."""
    if row["median"] is None:
        return None
    return f"median {wording.duration(row['median'])}"


def basis_noun(metric: Metric) -> str:
    """What the rows of a metric are."""
    if metric.aggregate != "ratio":
        return "ticket"
    return "failure" if metric.unit == "duration" else "row"


def _basis(metric: Metric, row: Mapping[str, Any]) -> str:
    """The interval of the figure, empty where it is measured and not sampled."""
    if row["low"] is None or row["high"] is None:
        return ""
    return f"value {wording.interval(metric, row['low'], row['high'])}"


def _reason(found: Answer, row: Mapping[str, Any] | None) -> str:
    """Why there is no figure, the most general cause first."""
    of_month = row["reason"] if row is not None else None
    return found.reason or (of_month if of_month not in (None, EMPTY_BUCKET) else NOTHING)


def answer_in_words(tiles: Iterable[Tile]) -> str:
    """The page's question answered in one sentence, worse figures named first."""
    by_verdict: dict[str, list[str]] = {}
    absent = 0
    for each in tiles:
        if each.value is None:
            absent += 1
        elif each.change is not None:
            by_verdict.setdefault(each.change.verdict, []).append(each.metric.label)
    parts = [
        f":{colour}[**{verdict.capitalize()}**] {', '.join(by_verdict[verdict])}"
        for verdict, colour in (("worse", "red"), ("better", "green"), ("changed", "gray"))
        if verdict in by_verdict
    ]
    unsure = len(by_verdict.get("cannot tell", ()))
    parts.append(f":gray[**Cannot tell** from chance: {unsure} figures]")
    if absent:
        parts.append(f":gray[**Not available**: {absent}]")
    return " · ".join(parts)
