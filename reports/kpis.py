"""The figures of a report: each with its target, the period before, last year and a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from insights.change import Change, compare
from queries import wording
from queries.at_once import at_once
from queries.catalogue import Metric, definition
from queries.groups import grouped, is_met, of_their_own
from queries.months import Stretch, months_before
from queries.question import Question
from reports import cells
from reports.asking import Asked
from reports.cells import BLANK, Align, Cell, Table, Tone
from reports.sections import Point

TREND_MONTHS = 13
NOTHING = "no ticket in this period and selection"
EMPTY_BUCKET = "nothing in this bucket"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Periods:
    """The period of a report and those that it is compared with, where data are there."""

    looked_at: Stretch
    before: Stretch | None
    last_year: Stretch | None


@dataclass(frozen=True)
class Compared:
    """An earlier figure, and the change from it."""

    value: float
    change: Change


@dataclass(frozen=True)
class Kpi:
    """One metric in the period; `reason` says why it has no figure."""

    metric: Metric
    definition: str
    row: Row
    before: Compared | None
    last_year: Compared | None
    target: float | None
    is_met: bool | None
    points: tuple[Point, ...]
    reason: str | None

    @property
    def value(self) -> float | None:
        return self.row["value"]

    @property
    def n(self) -> int:
        return self.row["n"]


def trend_from(asked: Asked, looked_at: Stretch) -> tuple[date, date]:
    """The thirteen months that end with the period, as far as data are there."""
    inside = [month for month in asked.months if month.from_on < looked_at.to_on]
    last = (inside or asked.months)[-1]
    first = max(months_before(last.name, TREND_MONTHS - 1), asked.months[0].from_on)
    return first, last.to_on


def kpis(asked: Asked, periods: Periods) -> list[Kpi]:
    """All figures of the catalogue, the primary ones first."""
    groups = grouped(of_their_own(asked.source.metrics))
    metrics = [metric for found in groups.values() for metric in found]
    asked.prepare(metrics, _trend_question(asked, periods))
    return at_once(lambda metric: kpi(asked, metric, periods), metrics)


def kpi(asked: Asked, metric: Metric, periods: Periods, **where: tuple[str, ...]) -> Kpi:
    """One figure with what it is compared with, under the filters of the report and others."""
    trend = asked.answer(metric, _trend_question(asked, periods, **where))
    months = {row["bucket"]: row for row in trend.rows.to_dicts()}

    def row_of(looked_at: Stretch) -> Row:
        if looked_at.name in months:
            return months[looked_at.name]
        question = asked.question(looked_at, **where)
        return asked.answer(metric, question).rows.row(0, named=True)

    now = row_of(periods.looked_at)
    target = asked.source.policy.targets.get(metric.name)
    has_value = now["value"] is not None
    complete = {month.name: month.is_complete for month in asked.months}
    reason = trend.reason or (now["reason"] if now["reason"] != EMPTY_BUCKET else None)
    return Kpi(
        metric,
        definition(metric, asked.source.policy),
        now,
        _compared(metric, now, periods.looked_at, periods.before, row_of),
        _compared(metric, now, periods.looked_at, periods.last_year, row_of),
        target,
        is_met(metric, now["value"], target) if has_value else None,
        tuple(
            _point(metric, name, row, is_complete=complete.get(name, False))
            for name, row in months.items()
        ),
        None if has_value else (reason or NOTHING),
    )


def _point(metric: Metric, month: str, row: Row, *, is_complete: bool) -> Point:
    value, low, high = row["value"], row["low"], row["high"]
    words = ""
    if value is not None:
        words = f"{wording.month(month)}: {wording.figure(metric, value)}"
        if low is not None and high is not None:
            words += f", 95 % {wording.interval(metric, low, high)}"
        words += f", n {row['n']:,}" + ("" if is_complete else ", not complete")
    return Point(month, value, low, high, row["n"], is_complete, words)


def _trend_question(asked: Asked, periods: Periods, **where: tuple[str, ...]) -> Question:
    days = trend_from(asked, periods.looked_at)
    return Question(*days, ("month",), {**asked.where, **where})


def _compared(
    metric: Metric, now: Row, looked_at: Stretch, earlier: Stretch | None, row_of: Any
) -> Compared | None:
    if earlier is None or now["value"] is None:
        return None
    row = row_of(earlier)
    if row["value"] is None:
        return None
    change = compare(metric, row, now, days=(earlier.days, looked_at.days))
    return Compared(row["value"], change) if change.difference is not None else None


def change_cells(metric: Metric, compared: Compared | None) -> list[Cell]:
    """The earlier figure, the change and its verdict."""
    if compared is None:
        return [BLANK, BLANK, BLANK]
    change = compared.change
    tone: Tone = cells.TONES.get(change.verdict, "quiet")
    return [
        cells.figure(metric, compared.value),
        cells.change(metric, change.difference, tone),
        cells.verdict(change.verdict),
    ]


def target_cell(found: Kpi) -> Cell:
    """The target in the figure's unit, and whether it is met."""
    if found.target is None:
        return BLANK
    cell = cells.figure(found.metric, found.target)
    if found.is_met is None:
        return cell
    word = "met" if found.is_met else "missed"
    return Cell(f"{cell.words} {word}", cell.value, cell.kind, cells.TONES[word])


def interval_words(found: Kpi) -> str:
    low, high = found.row["low"], found.row["high"]
    if low is None or high is None:
        return ""
    return wording.interval(found.metric, low, high)


def kpi_table(found: Sequence[Kpi], periods: Periods) -> Table:
    """A row for each figure that has a value."""
    before = wording.month(periods.before.name) if periods.before else "Before"
    year: list[tuple[str, float, Align]] = []
    if periods.last_year:
        called = wording.month(periods.last_year.name)
        year = [(called, 1.25, "right"), ("Change", 1.35, "right"), ("Is it real?", 1.35, "left")]
    return Table(
        "Key figures",
        "Every figure beside its target, the period before and last year",
        cells.columns(
            ("Figure", 2.1, "left"),
            ("Value", 1.15, "right"),
            ("95 % interval", 2.25, "right"),
            ("n", 0.75, "right"),
            ("Target", 1.7, "right"),
            (before, 1.25, "right"),
            ("Change", 1.35, "right"),
            ("Is it real?", 1.35, "left"),
            *year,
        ),
        cells.rows_of(
            [
                [
                    cells.text(each.metric.label),
                    cells.figure(each.metric, each.value),
                    cells.text(interval_words(each), "quiet"),
                    cells.count(each.n),
                    target_cell(each),
                    *change_cells(each.metric, each.before),
                    *(change_cells(each.metric, each.last_year) if year else ()),
                ]
                for each in found
                if each.value is not None
            ]
        ),
        absent="No figure has a value in this period and selection.",
    )


def months_table(found: Sequence[Kpi]) -> Table:
    """Every figure month by month."""
    return Table(
        "Months",
        "Every figure, month by month",
        cells.columns(
            ("Figure", 3, "left"),
            ("Month", 1, "left"),
            ("Value", 1.2, "right"),
            ("Low", 1.2, "right"),
            ("High", 1.2, "right"),
            ("n", 1, "right"),
            ("Month is complete", 1, "left"),
        ),
        cells.rows_of(
            [
                [
                    cells.text(each.metric.label),
                    cells.text(point.month),
                    cells.figure(each.metric, point.value),
                    cells.figure(each.metric, point.low),
                    cells.figure(each.metric, point.high),
                    cells.count(point.n),
                    cells.yes_no(point.is_complete),
                ]
                for each in found
                for point in each.points
            ]
        ),
    )
