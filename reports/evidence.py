"""What each figure of a report stands on, and the tickets of it: whole, as frames.

They are many, and only a workbook holds them: no words are made of their values. Most figures stand
on the same tickets and instants, so these have one row and each figure has a column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from policies.refusal import Refused
from queries import listing, wording
from queries.at_once import at_once
from queries.catalogue import Metric
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
KEYS = {
    "Ticket": ("number", pl.String),
    "Service": ("service", pl.String),
    "Counted": ("counted_at", pl.Datetime("us")),
    "From": ("from_at", pl.Datetime("us")),
    "To": ("to_at", pl.Datetime("us")),
}
NEWEST_FIRST = ("Counted", "From")
# A figure of one value a row, and one that is divided.
VALUE = {"value": "{figure}"}
PARTS = {"numerator": "{figure}, numerator", "denominator": "{figure}, denominator"}


@dataclass(frozen=True)
class Evidence:
    """`rows`: one row per ticket (or service) and instants that a figure counts, with the columns
    of `KEYS` and one a figure. Empty: the figure does not count it; NaN: it does, and the data do
    not tell the value. A yes or no of a share is 1 or 0, seconds are in the columns `durations`.
    `tickets`: each of their tickets once. Instants are local to the report."""

    rows: pl.DataFrame
    durations: frozenset[str]
    tickets: pl.DataFrame


def evidence_of(asked: Asked, report: Report) -> Evidence:
    """The evidence of every figure that stands on rows."""
    standing = [each for each in report.figures if each.n]
    rows = at_once(lambda each: _rows(asked, report, each), standing)
    found = list(zip(standing, rows, strict=True))
    names = _columns([each.metric for each in standing])
    told = [
        part
        for each, rows in found
        if not rows.is_empty()
        for part in _told(names[each.metric.name], rows)
    ]
    durations = [names[each.metric.name] for each in standing if each.metric.unit == "duration"]
    return Evidence(_local(_side_by_side(told), asked), frozenset(durations), _tickets(asked, rows))


def _columns(metrics: Sequence[Metric]) -> dict[str, str]:
    """The column of each metric by its name: its label, with the name where others have it too."""
    counts = Counter([*KEYS, *(metric.label for metric in metrics)])
    return {
        metric.name: metric.label
        if counts[metric.label] == 1
        else f"{metric.label} ({metric.name})"
        for metric in metrics
    }


def _rows(asked: Asked, report: Report, each: Kpi) -> pl.DataFrame:
    question = asked.question(report.periods.looked_at)
    try:
        rows = asked.evidence(each.metric, question)
    except Refused:
        return pl.DataFrame()
    # Rows of one ticket and instant come in any order: the workbook has them in one.
    return rows.sort(rows.columns, nulls_last=True)


def _told(figure: str, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The columns of one figure, one below the other: `KEYS`, figure, value."""
    keys = {
        name: (pl.col(source) if source in rows.columns else pl.lit(None)).cast(kind)
        for name, (source, kind) in KEYS.items()
    }
    if "ticket_id" in rows.columns:
        # What a ticket says of itself stands once, among the tickets.
        keys["Service"] = pl.when(pl.col("ticket_id").is_null()).then(keys["Service"])
    for source, name in (PARTS if "numerator" in rows.columns else VALUE).items():
        yield rows.select(
            *(key.alias(name) for name, key in keys.items()),
            figure=pl.lit(name.format(figure=figure)),
            value=pl.col(source).cast(pl.Float64).fill_null(float("nan")),
        )


def _side_by_side(told: list[pl.DataFrame]) -> pl.DataFrame:
    """One row per key, the newest first, and a column per figure in the order of the report."""
    if not told:
        return pl.DataFrame(schema={name: kind for name, (_, kind) in KEYS.items()})
    # A ticket has several promises that end at one instant: each has a row of its own.
    place = pl.int_range(pl.len()).over("figure", *KEYS)
    order = [*NEWEST_FIRST, *(name for name in KEYS if name not in NEWEST_FIRST), "place"]
    return (
        pl.concat(told)
        .with_columns(place=place)
        .pivot("figure", index=[*KEYS, "place"], values="value")
        .sort(*order, descending=[name in NEWEST_FIRST for name in order], nulls_last=True)
        .drop("place")
    )


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
