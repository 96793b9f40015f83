"""The rows behind each figure of a report, and the tickets that they stand on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from policies.refusal import Refused
from queries import wording
from queries.question import check
from reports import cells
from reports.asking import Asked
from reports.cells import Cell, Table
from reports.content import Report
from reports.kpis import Kpi

TICKETS = (
    "ticket_id",
    "number",
    "title",
    "kind",
    "state",
    "priority",
    "service",
    "resolver_group",
    "opened_at",
    "resolved_at",
    "closed_at",
)


@dataclass(frozen=True)
class Evidence:
    """`rows`: one row per figure and row behind it; `tickets`: each of their tickets once."""

    rows: Table
    tickets: Table


def evidence_of(asked: Asked, report: Report) -> Evidence:
    """The evidence of every figure that has a value."""
    found = [(each, _rows(asked, report, each)) for each in report.figures if each.n]
    lines = [line for each, rows in found for line in _lines(asked, each, rows)]
    return Evidence(
        Table(
            "Evidence",
            "The rows behind each figure",
            cells.columns(
                ("Figure", 2.4, "left"),
                ("Ticket", 1.5, "left"),
                ("Service", 2, "left"),
                ("Counted", 1.8, "left"),
                ("From", 1.8, "left"),
                ("To", 1.8, "left"),
                ("Value", 1.2, "right"),
                ("Numerator", 1.2, "right"),
                ("Denominator", 1.2, "right"),
            ),
            cells.rows_of(lines),
        ),
        _tickets(asked, [rows for _, rows in found]),
    )


def _rows(asked: Asked, report: Report, each: Kpi) -> pl.DataFrame:
    question = asked.question(report.periods.looked_at)
    check(question)
    try:
        rows = asked.evidence(each.metric, question)
    except Refused:
        return pl.DataFrame()
    # Rows of one ticket and instant come in any order: the workbook has them in one.
    instants = [name for name in ("counted_at", "from_at") if name in rows.columns]
    others = [name for name in rows.columns if name not in instants]
    down = [True] * len(instants) + [False] * len(others)
    return rows.sort(*instants, *others, descending=down, nulls_last=True)


def _lines(asked: Asked, each: Kpi, rows: pl.DataFrame) -> list[list[Cell]]:
    zone = asked.source.zone
    metric = each.metric

    def instant(row: dict[str, Any], name: str) -> Cell:
        value = row.get(name)
        return cells.instant(value, zone) if isinstance(value, datetime) else cells.BLANK

    def number(row: dict[str, Any], name: str) -> Cell:
        value = row.get(name)
        return cells.BLANK if value is None else Cell(wording.count(value), value, "number")

    lines = []
    label = cells.text(metric.label)
    for row in rows.iter_rows(named=True):
        value = row.get("value")
        told = cells.BLANK
        if isinstance(value, bool):
            told = cells.yes_no(value)
        elif value is not None and metric.unit == "duration":
            told = cells.duration(value)
        elif value is not None:
            told = Cell(wording.count(value), value, "number")
        lines.append(
            [
                label,
                cells.text(row.get("number")),
                cells.text(row.get("service")),
                instant(row, "counted_at"),
                instant(row, "from_at"),
                instant(row, "to_at"),
                told,
                number(row, "numerator"),
                number(row, "denominator"),
            ]
        )
    return lines


def _tickets(asked: Asked, frames: list[pl.DataFrame]) -> Table:
    """Each ticket of the evidence once, in order of its number."""
    zone = asked.source.zone
    there = [
        frame.select(pl.col(name).cast(pl.String) if "_at" not in name else pl.col(name)
                     for name in TICKETS)
        for frame in frames
        if set(TICKETS) <= set(frame.columns)
    ]  # fmt: skip
    rows = (
        pl.concat(there)
        .drop_nulls("number")
        .unique("ticket_id")
        .sort("number", "ticket_id")
        .to_dicts()
        if there
        else []
    )
    return Table(
        "Tickets",
        "The tickets behind the figures",
        cells.columns(
            *((wording.column(name), 1.5, "left") for name in TICKETS if name != "ticket_id")
        ),
        cells.rows_of(
            [
                [
                    cells.instant(row[name], zone)
                    if name.endswith("_at")
                    else cells.text(row[name])
                    for name in TICKETS
                    if name != "ticket_id"
                ]
                for row in rows
            ]
        ),
        absent="No figure of this report stands on tickets.",
    )
