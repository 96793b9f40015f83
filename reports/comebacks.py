"""What keeps coming back: chains of repeated incidents with their rhythm and their cost."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from policies.zones import to_local
from queries import wording
from queries.months import months_before
from reports import cells
from reports.asking import Asked
from reports.cells import Cell, Table
from reports.kpis import Periods
from reports.listed import listed
from reports.sections import Comeback, EventStrips, Section

DRAWN = 8
SHOWN = 10
STRIP_MONTHS = 6
_COLUMNS = (
    "chain",
    "number",
    "title",
    "service",
    "resolver_group",
    "opened_at",
    "is_inside",
    "open_seconds",
)


def comebacks(asked: Asked, periods: Periods) -> Section:
    """The chains with a repeat in the period, the costliest first."""
    rows = listed(asked, "repeat_chains", periods.looked_at, _COLUMNS)
    chains = _chains(rows)
    table = Table(
        "Recurring problems",
        "Repeated incidents of the period, the most time spent first",
        cells.columns(
            ("Latest ticket", 1.4, "left"),
            ("Its title", 3.2, "left"),
            ("Service", 1.7, "left"),
            ("In the period", 0.9, "right"),
            ("In all", 0.7, "right"),
            ("Since", 1.2, "left"),
            ("Usual gap", 1, "right"),
            ("Time open in the period", 1.3, "right"),
        ),
        cells.rows_of([_line(row, asked) for row in chains.to_dicts()]),
        absent="No incident of this selection repeated an earlier one.",
    )
    count = chains.height
    spent = float(chains["cost_seconds"].sum()) if count else 0.0
    headline = (
        f"{count:,} problem{'' if count == 1 else 's'} came back, "
        f"{wording.duration(spent)} from opened to resolved in all"
        if count
        else "Nothing came back"
    )
    key = " + ".join(asked.source.policy.definitions.repeat_key)
    note = (
        f"Repeats: the same {key} within {asked.source.policy.definitions.repeat_days} days. Usual "
        "gap: the median time between its tickets. Time open: opened to resolved, around the clock."
    )
    charts = (_strips(asked, rows, chains, periods),) if count else ()
    return Section("Recurring problems", headline, charts, (table,), (note,), SHOWN)


def _chains(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per chain with a ticket in the period, after filters."""
    gap = pl.col("opened_at").diff().dt.total_seconds().median()
    return (
        rows.group_by("chain", maintain_order=True)
        .agg(
            pl.col("number").last(),
            pl.col("title").last(),
            pl.col("service").last(),
            pl.col("is_inside").sum().alias("inside"),
            pl.len().alias("in_all"),
            pl.col("opened_at").first().alias("since_at"),
            gap.alias("gap_seconds"),
            pl.col("open_seconds").filter(pl.col("is_inside")).sum().alias("cost_seconds"),
        )
        .filter((pl.col("inside") > 0) & (pl.col("in_all") > 1))
        .sort("cost_seconds", "in_all", "chain", descending=[True, True, False])
    )


def _line(row: dict[str, object], asked: Asked) -> list[Cell]:
    since = to_local(row["since_at"], asked.source.zone).date()  # ty: ignore[invalid-argument-type]
    return [
        cells.text(row["number"]),
        cells.text(row["title"]),
        cells.text(row["service"]),
        cells.count(row["inside"]),  # ty: ignore[invalid-argument-type]
        cells.count(row["in_all"]),  # ty: ignore[invalid-argument-type]
        cells.day(since),
        cells.duration(row["gap_seconds"]),  # ty: ignore[invalid-argument-type]
        cells.duration(row["cost_seconds"]),  # ty: ignore[invalid-argument-type]
    ]


def _strips(
    asked: Asked, rows: pl.DataFrame, chains: pl.DataFrame, periods: Periods
) -> EventStrips:
    zone = asked.source.zone
    looked_at = periods.looked_at
    last = looked_at.to_on - timedelta(days=1)
    first = months_before(f"{last:%Y-%m}", STRIP_MONTHS - 1)
    opened: dict[str, list[str]] = {}
    for row in rows.to_dicts():
        day = to_local(row["opened_at"], zone).date()
        if day >= first:
            opened.setdefault(row["chain"], []).append(
                f"{to_local(row['opened_at'], zone):%Y-%m-%dT%H:%M}"
            )
    drawn = chains.head(DRAWN).to_dicts()
    return EventStrips(
        f"When they came, last {STRIP_MONTHS} months",
        "One mark for each ticket of a recurring problem: "
        + "; ".join(f"{row['number']} {row['in_all']} times" for row in drawn)
        + ".",
        f"{first}",
        f"{looked_at.to_on}",
        f"{looked_at.from_on}",
        tuple(Comeback(_short(row), tuple(opened.get(row["chain"], ()))) for row in drawn),
    )


def _short(row: dict[str, object]) -> str:
    return f"{row['number']} {row['title'] or ''}".strip()
