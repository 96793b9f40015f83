"""The rows behind each figure of a report, and the tickets that they stand on: whole, as frames.

They are many, and only a workbook holds them: no words are made of their values.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from policies.refusal import Refused
from queries import listing, wording
from queries.at_once import at_once
from reports.asking import Asked
from reports.content import Report
from reports.kpis import Kpi

TICKETS = (
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
ROWS = {
    "Figure": pl.String,
    "Ticket": pl.String,
    "Service": pl.String,
    "Counted": pl.Datetime("us"),
    "From": pl.Datetime("us"),
    "To": pl.Datetime("us"),
    "Value": pl.Float64,
    "Is a duration": pl.Boolean,
    "Numerator": pl.Float64,
    "Denominator": pl.Float64,
}


@dataclass(frozen=True)
class Evidence:
    """`rows`: one row per figure and row behind it, with the columns of `ROWS`; a yes or no of a
    share is 1 or 0. `tickets`: each of their tickets once. Instants are local to the report."""

    rows: pl.DataFrame
    tickets: pl.DataFrame


def evidence_of(asked: Asked, report: Report) -> Evidence:
    """The evidence of every figure that stands on rows."""
    standing = [each for each in report.figures if each.n]
    rows = at_once(lambda each: _rows(asked, report, each), standing)
    found = list(zip(standing, rows, strict=True))
    told = [_told(each, rows) for each, rows in found if not rows.is_empty()]
    return Evidence(
        _local(pl.concat(told), asked) if told else pl.DataFrame(schema=ROWS),
        _tickets(asked, [rows for _, rows in found]),
    )


def _rows(asked: Asked, report: Report, each: Kpi) -> pl.DataFrame:
    question = asked.question(report.periods.looked_at)
    try:
        rows = asked.evidence(each.metric, question)
    except Refused:
        return pl.DataFrame()
    # Rows of one ticket and instant come in any order: the workbook has them in one.
    instants = [name for name in ("counted_at", "from_at") if name in rows.columns]
    others = [name for name in rows.columns if name not in instants]
    down = [True] * len(instants) + [False] * len(others)
    return rows.sort(*instants, *others, descending=down, nulls_last=True)


def _told(each: Kpi, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of one figure in the columns that all figures share."""
    sources = {
        "Ticket": "number",
        "Service": "service",
        "Counted": "counted_at",
        "From": "from_at",
        "To": "to_at",
        "Value": "value",
        "Numerator": "numerator",
        "Denominator": "denominator",
    }
    shown = {
        name: pl.col(source) if source in rows.columns else pl.lit(None)
        for name, source in sources.items()
    }
    if "ticket_id" in rows.columns:
        # What a ticket says of itself stands once, among the tickets.
        shown["Service"] = pl.when(pl.col("ticket_id").is_null()).then(shown["Service"])
    shown["Figure"] = pl.lit(each.metric.label)
    shown["Is a duration"] = pl.lit(each.metric.unit == "duration")
    return rows.select(shown[name].cast(type_).alias(name) for name, type_ in ROWS.items())


def _tickets(asked: Asked, frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Each ticket of the evidence once, in order of its number."""
    none = pl.DataFrame(schema={"ticket_id": pl.String})
    there = [frame.select("ticket_id") for frame in frames if "ticket_id" in frame.columns]
    ids = pl.concat([none, *there])["ticket_id"].drop_nulls().unique()
    rows = listing.tickets_of(asked.source.connection, ids, TICKETS)
    return _local(rows.rename({name: wording.column(name) for name in TICKETS}), asked)


def _local(rows: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """Instants in the reporting zone, from UTC."""
    zone = str(asked.source.zone)
    return rows.with_columns(
        pl.col(pl.Datetime)
        .dt.replace_time_zone("UTC")
        .dt.convert_time_zone(zone)
        .dt.replace_time_zone(None)
    )
