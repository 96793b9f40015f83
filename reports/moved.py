"""What moved the main figures: the change from the period before, split by a dimension."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from insights.drivers import Drivers, drivers
from queries import wording
from queries.catalogue import Metric
from queries.months import Stretch
from reports import cells
from reports.asking import Asked
from reports.cells import BLANK, Cell, Table
from reports.kpis import Kpi, Periods
from reports.sections import Contributions, Part, Section

MAIN = ("mttr", "sla_compliance", "ticket_volume", "first_contact_resolution")
DIMENSIONS = ("service", "resolver_group", "category", "priority")
DRAWN = 6
NAMED = 2

PARTS = {
    "mix": "more or fewer of them",
    "rate": "better or worse at the same ones",
    "amount": "more or fewer of them",
    "exposure": "more or less service time",
    "failures": "fewer or more failures",
}


def moved(asked: Asked, found: Sequence[Kpi], periods: Periods) -> Section:
    """The main figures whose change can be split, each with its contributions."""
    before = periods.before
    dimension = _dimension(asked)
    if before is None or dimension is None:
        reason = (
            "Nothing to compare with: the data begin with this period."
            if before is None
            else "The data carry no column that a change could be split by."
        )
        return Section("What moved the figures", "No change to explain", notes=(reason,))
    named = {each.metric.name: each for each in found}
    main = [named[name].metric for name in MAIN if name in named]
    for each in (before, periods.looked_at):
        asked.prepare(main, asked.question(each, dimension))
    splits = [
        (named[name], _split(asked, named[name].metric, periods.looked_at, before, dimension))
        for name in MAIN
        if name in named and named[name].before is not None
    ]
    told = [(each, split) for each, split in splits if split.change is not None]
    lines = [line for each, split in told for line in _lines(each.metric, split)]
    heading = wording.column(dimension)
    table = Table(
        "What moved",
        f"Contributions to the change from {wording.month(before.name)}, by {heading.lower()}",
        cells.columns(
            ("Figure", 1.7, "left"),
            (heading, 2.2, "left"),
            ("Before", 1.1, "right"),
            ("Now", 1.1, "right"),
            ("n before", 0.8, "right"),
            ("n now", 0.8, "right"),
            ("Mix or amount", 1.2, "right"),
            ("Rate", 1.2, "right"),
            ("Contribution", 1.2, "right"),
        ),
        cells.rows_of(lines),
        absent="No change could be split.",
    )
    notes = (
        "The contributions of a figure add up to its change. Mix (pale): more or fewer tickets "
        "where the figure is high or low anyway. Rate (solid): better or worse at the same ones.",
    )
    charts = tuple(_chart(each, split, before, heading) for each, split in told if split.change)
    return Section("What moved the figures", _headline(told, before), charts, (table,), notes, 0)


def _dimension(asked: Asked) -> str | None:
    """The first usual dimension that the data carry and that the filters leave open."""
    open_ones = (name for name in DIMENSIONS if len(asked.where.get(name, ("", ""))) > 1)
    return next((name for name in open_ones if name in asked.shared.filled), None)


def _split(
    asked: Asked, metric: Metric, looked_at: Stretch, before: Stretch, dimension: str
) -> Drivers:
    earlier = asked.answer(metric, asked.question(before, dimension))
    later = asked.answer(metric, asked.question(looked_at, dimension))
    is_scaled = metric.aggregate in ("count", "sum") and before.days
    scale = looked_at.days / before.days if is_scaled else 1.0
    return drivers(metric, earlier.rows, later.rows, scale=scale)


def _headline(told: Sequence[tuple[Kpi, Drivers]], before: Stretch) -> str:
    real = [
        f"{each.metric.label} {wording.signed(each.metric, split.change or 0.0)}"
        for each, split in told
        if each.before and each.before.change.verdict != "cannot tell"
    ]
    month = wording.month(before.name)
    if real:
        return f"Beyond chance since {month}: {', '.join(real)}"
    if told:
        return f"No main figure moved beyond chance since {month}"
    return "No change to explain"


def _chart(each: Kpi, split: Drivers, before: Stretch, heading: str) -> Contributions:
    metric = each.metric
    rows = split.rows.to_dicts()
    drawn = rows[:DRAWN]
    parts = [
        Part(
            wording.value_name(row["bucket"]),
            tuple((part, row[part]) for part in split.parts),
            wording.signed(metric, row["total"]),
            row["total"],
        )
        for row in drawn
    ]
    rest = split.rows[DRAWN:]
    if not rest.is_empty():
        sums = rest.select(pl.col(*split.parts, "total").sum()).to_dicts()[0]
        parts.append(
            Part(
                f"{rest.height} others",
                tuple((part, sums[part]) for part in split.parts),
                wording.signed(metric, sums["total"]),
                sums["total"],
            )
        )
    verdict = each.before.change.verdict if each.before else "cannot tell"
    change = wording.signed(metric, split.change or 0.0)
    largest = ", ".join(f"{part.name} {part.label}" for part in parts[:NAMED])
    return Contributions(
        f"{metric.label}: {change} since {wording.month(before.name)} · {verdict}",
        f"What moved {metric.label} by {heading.lower()}: {largest}.",
        tuple(parts),
    )


def _lines(metric: Metric, split: Drivers) -> list[list[Cell]]:
    def part(row: dict[str, float], names: Sequence[str]) -> Cell:
        found = [name for name in names if name in split.parts]
        return cells.change(metric, row[found[0]]) if found else BLANK

    return [
        [
            cells.text(metric.label),
            cells.name(row["bucket"]),
            cells.figure(metric, row["value_before"]),
            cells.figure(metric, row["value_after"]),
            cells.count(row["n_before"]),
            cells.count(row["n_after"]),
            part(row, ("mix", "amount", "exposure")),
            part(row, ("rate", "failures")),
            cells.change(metric, row["total"]),
        ]
        for row in split.rows.to_dicts()
    ]
