"""What a tile says about one metric: words and points, computed elsewhere, drawn elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard import shown, wording
from dashboard.filters import Against, View
from dashboard.session import Data, answer, is_kept
from insights.change import Change, compare
from queries.catalogue import Metric
from queries.groups import is_met
from queries.measure import Answer
from queries.months import Stretch

EMPTY_BUCKET = "nothing in this bucket"


Row = Mapping[str, Any]


@dataclass(frozen=True)
class Point:
    """One month of a metric; `value` is null where it has none."""

    month: str
    value: float | None
    is_complete: bool


@dataclass(frozen=True)
class Compared:
    """The change from another period, and how that one is called beside the one looked at."""

    change: Change
    name: str


@dataclass(frozen=True)
class Tile:
    """One metric in the period looked at. `reason` says why it has no value.

    `previous` and `last_year` are the changes from the period before and from the same a year
    earlier, `against` says which of them, or the target, comes first. `is_met` tells whether the
    target is.
    """

    metric: Metric
    definition: str
    value: str | None
    companion: str | None
    previous: Compared | None
    last_year: Compared | None
    against: Against
    basis: str
    rows: int
    row: Mapping[str, Any] | None
    target: float | None
    is_met: bool | None
    points: tuple[Point, ...]
    reason: str | None

    @property
    def change(self) -> Change | None:
        """The change from the period that is compared with."""
        found = self.last_year if self.against == "last year" else self.previous
        return found.change if found else None


def tile(data: Data, metric: Metric, view: View) -> Tile:
    """What the tile of a metric says."""
    found = answer(data, metric, view.trend())
    rows = {row["bucket"]: row for row in found.rows.iter_rows(named=True)}
    now = _of(data, metric, view, view.period, rows)
    has_value = now is not None and now["value"] is not None
    if has_value:
        shown.note(metric, view.of_month(), now)
    previous = last_year = None
    if now and has_value:
        previous = _compared(data, metric, view, view.before, rows, now, wording.short_month)
        last_year = _compared(data, metric, view, view.last_year, rows, now, wording.month_and_year)
    target = data.policy.targets.get(metric.name)
    return Tile(
        metric=metric,
        definition=found.definition,
        value=wording.figure(metric, now["value"]) if now and has_value else None,
        companion=_companion(now) if now and has_value else None,
        previous=previous,
        last_year=last_year,
        against=view.against,
        basis=_basis(metric, now) if now and has_value else "",
        rows=now["n"] if now else 0,
        row=now,
        target=target,
        is_met=is_met(metric, now["value"], target) if now and has_value else None,
        points=tuple(
            Point(name, row["value"], view.is_complete(name)) for name, row in rows.items()
        ),
        reason=None if has_value else _reason(found, now),
    )


def figure_of(data: Data, metric: Metric, view: View, looked_at: Stretch | None = None) -> Row:
    """The row of a period, else of the one looked at: out of the trend where that was asked, else
    asked alone."""
    rows: Mapping[str, Row] = {}
    if is_kept(data, metric, view.trend()):
        found = answer(data, metric, view.trend()).rows
        rows = {row["bucket"]: row for row in found.iter_rows(named=True)}
    return _of(data, metric, view, looked_at or view.period, rows)


def _of(
    data: Data, metric: Metric, view: View, looked_at: Stretch, trend: Mapping[str, Row]
) -> Row:
    """The row of a period: that of the trend where it is one of its months."""
    if looked_at.name in trend:
        return trend[looked_at.name]
    return answer(data, metric, view.of(looked_at)).rows.row(0, named=True)


def _compared(
    data: Data,
    metric: Metric,
    view: View,
    beside: Stretch | None,
    trend: Mapping[str, Row],
    now: Row,
    called: Callable[[str], str],
) -> Compared | None:
    earlier = _of(data, metric, view, beside, trend) if beside else None
    if beside is None or earlier is None or earlier["value"] is None:
        return None
    shown.note(metric, view.of(beside), earlier)
    change = compare(metric, earlier, now, days=(beside.days, view.period.days))
    return Compared(change, called(beside.name)) if change.difference is not None else None


def _companion(row: Mapping[str, Any]) -> str | None:
    """The honest companion of a mean of durations."""
    if row["median"] is None:
        return None
    return f"median {wording.duration(row['median'])}"


def _basis(metric: Metric, row: Mapping[str, Any]) -> str:
    """The interval of the figure, empty where it is measured and not sampled."""
    if row["low"] is None or row["high"] is None:
        return ""
    return f"95 % {wording.interval(metric, row['low'], row['high'])}"


def _reason(found: Answer, row: Mapping[str, Any] | None) -> str:
    """Why there is no figure, the most general cause first."""
    of_month = row["reason"] if row is not None else None
    if of_month in (None, EMPTY_BUCKET):
        of_month = nothing_of(found.metric)
    return found.reason or of_month


def nothing_of(metric: Metric) -> str:
    """Why a metric has no figure that the data could tell."""
    return f"no {metric.one_row} in this month and selection"


def answer_in_words(tiles: Iterable[Tile]) -> str:
    """The page's question answered in one sentence, worse figures named first."""
    by_verdict: dict[str, list[str]] = {}
    absent = alone = 0
    for each in tiles:
        if each.value is None:
            absent += 1
        elif each.change is None:
            alone += 1
        else:
            by_verdict.setdefault(each.change.verdict, []).append(each.metric.label)
    parts = [
        f":{colour}[**{verdict.capitalize()}**] {', '.join(by_verdict[verdict])}"
        for verdict, colour in (("worse", "red"), ("better", "green"), ("changed", "gray"))
        if verdict in by_verdict
    ]
    if unsure := by_verdict.get("cannot tell"):
        parts.append(
            f":gray[**Cannot tell** from chance: {wording.tickets(len(unsure), 'figure')}]"
        )
    if alone:
        parts.append(f":gray[**Nothing to compare with**: {wording.tickets(alone, 'figure')}]")
    if absent:
        parts.append(f":gray[**Not available**: {absent}]")
    return " · ".join(parts)
