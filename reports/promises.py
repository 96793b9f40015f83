"""Were the promises kept? By clock, priority and month; and which were broken, for what reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from insights.change import compare
from queries import wording
from queries.catalogue import Metric
from queries.groups import is_met
from reports import cells
from reports.asking import Asked
from reports.cells import BLANK, Cell, Table
from reports.kpis import Kpi, Periods, kpi
from reports.listed import listed
from reports.sections import Section, Trend

DUE = "sla_compliance"
CLOCKS = {"response": "Response", "resolution": "Resolution"}
SHOWN_BREACHES = 15

_COLUMNS = (
    "number",
    "title",
    "priority",
    "service",
    "resolver_group",
    "customer",
    "sla",
    "clock",
    "calendar",
    "due_at",
    "stopped_at",
    "target_seconds",
    "paused_seconds",
    "late_seconds",
    "reason",
)


def by_clock(asked: Asked, periods: Periods) -> dict[str, Kpi]:
    """The due figure of each clock."""
    metric = asked.source.metrics[DUE]
    return {clock: kpi(asked, metric, periods, clock=(clock,)) for clock in CLOCKS}


def kept(asked: Asked, periods: Periods, clocks: Mapping[str, Kpi]) -> Section:
    """Promises by priority and clock, with the trend of each clock."""
    metric = asked.source.metrics[DUE]
    target = asked.source.policy.targets.get(DUE)
    charts = tuple(
        Trend(
            f"{CLOCKS[clock]} promises kept, by month",
            _trend_words(CLOCKS[clock], found),
            metric.unit,
            found.points,
            target,
            periods.looked_at.name,
        )
        for clock, found in clocks.items()
        if any(point.value is not None for point in found.points)
    )
    table = Table(
        "Promises",
        "Promises that fell due and were kept, by priority and clock",
        cells.columns(
            ("Clock", 1.3, "left"),
            ("Priority", 1.2, "left"),
            ("Kept", 1, "right"),
            ("95 % interval", 1.6, "right"),
            ("n", 0.8, "right"),
            ("Target", 1.5, "right"),
            (wording.month(periods.before.name) if periods.before else "Before", 1.1, "right"),
            ("Change", 1.1, "right"),
            ("Is it real?", 1.2, "left"),
        ),
        cells.rows_of(
            [line for clock in CLOCKS for line in _by_priority(asked, metric, periods, clock)]
        ),
        absent="No promise fell due in this period and selection.",
    )
    return Section("Promises", _headline(metric, clocks, target), charts, (table,))


def _headline(metric: Metric, clocks: Mapping[str, Kpi], target: float | None) -> str:
    said = [
        f"{wording.share(found.value)} of {found.n:,} {clock} promises"
        for clock, found in clocks.items()
        if found.value is not None
    ]
    if not said:
        return "No promise fell due"
    told = f", against a target of {wording.figure(metric, target)}" if target is not None else ""
    return f"Kept: {' and '.join(said)}{told}"


def _trend_words(label: str, found: Kpi) -> str:
    known = [point for point in found.points if point.value is not None]
    ends = [known[0], known[-1]] if len(known) > 1 else known
    said = " to ".join(
        f"{wording.share(point.value or 0.0)} in {wording.month(point.month)}" for point in ends
    )
    return f"{label} promises kept, {len(found.points)} months: {said}."


def _by_priority(
    asked: Asked, metric: Metric, periods: Periods, clock: str
) -> list[Sequence[Cell]]:
    now = asked.answer(metric, asked.question(periods.looked_at, "priority", clock=(clock,)))
    earlier: dict[str, Mapping[str, Any]] = {}
    if periods.before:
        before = asked.answer(metric, asked.question(periods.before, "priority", clock=(clock,)))
        earlier = {row["bucket"]: row for row in before.rows.to_dicts()}
    target = asked.source.policy.targets.get(DUE)
    return [
        _priority_line(metric, clock, row, earlier.get(row["bucket"]), target)
        for row in now.rows.to_dicts()
        if row["value"] is not None
    ]


def _priority_line(
    metric: Metric,
    clock: str,
    row: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    target: float | None,
) -> Sequence[Cell]:
    change = compare(metric, before, row) if before and before["value"] is not None else None
    met = is_met(metric, row["value"], target)
    word = "" if met is None else "met" if met else "missed"
    has_ends = row["low"] is not None and row["high"] is not None
    target_cell = BLANK
    if target is not None:
        words = f"{wording.share(target)} {word}".strip()
        target_cell = Cell(words, target, "share", cells.TONES.get(word, ""))
    return [
        cells.text(CLOCKS[clock]),
        cells.name(row["bucket"]),
        cells.figure(metric, row["value"]),
        cells.text(wording.interval(metric, row["low"], row["high"]) if has_ends else "", "quiet"),
        cells.count(row["n"]),
        target_cell,
        cells.figure(metric, before["value"]) if before else BLANK,
        cells.change(metric, change.difference) if change else BLANK,
        cells.verdict(change.verdict) if change else BLANK,
    ]


def broken(asked: Asked, periods: Periods) -> Section:
    """The promises that were broken, the latest first, each with what decided it."""
    rows = listed(asked, "broken_promises", periods.looked_at, _COLUMNS)
    zone = asked.source.zone
    table = Table(
        "Broken promises",
        "Broken promises that fell due, the latest first",
        cells.columns(
            ("Ticket", 1.6, "left"),
            ("Title", 3.2, "left"),
            ("Promise", 1.4, "left"),
            ("Service", 1.6, "left"),
            ("Due", 1.75, "left"),
            ("Late", 1, "right"),
            ("Why", 3.2, "left"),
        ),
        cells.rows_of(
            [
                [
                    cells.text(row["number"]),
                    cells.text(row["title"]),
                    cells.text(row["sla"]),
                    cells.text(row["service"]),
                    cells.instant(row["due_at"], zone),
                    cells.duration(row["late_seconds"]),
                    cells.text(_why(row)),
                ]
                for row in rows.to_dicts()
            ]
        ),
        absent="No promise of this selection that fell due was broken.",
    )
    count = rows.height
    headline = (
        f"{count:,} promise{'' if count == 1 else 's'} broken" if count else "None was broken"
    )
    return Section("Broken promises", headline, tables=(table,), shown=SHOWN_BREACHES)


def _why(row: Mapping[str, Any]) -> str:
    """What decided the clock, in words."""
    words = []
    if row["target_seconds"] is not None:
        words.append(f"{wording.duration(row['target_seconds'])} on {row['calendar']} used up")
    if row["paused_seconds"]:
        words.append(f"{wording.duration(row['paused_seconds'])} on hold left out")
    if row["reason"]:
        words.append(str(row["reason"]))
    ended: datetime | None = row["stopped_at"]
    if ended is None:
        words.append("still open")
    return "; ".join(words)
