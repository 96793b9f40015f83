"""Why a figure is not available, in one sentence."""

from __future__ import annotations

import duckdb

from queries.catalogue import Metric
from queries.filters import quoted
from queries.known import Known
from queries.selection import Selection, Span, first_row

NOTHING = "nothing in this selection"


def why_nothing(
    cursor: duckdb.DuckDBPyConnection,
    metric: Metric,
    selection: Selection,
    span: Span,
    cohort: int,
    known: Known,
) -> str:
    """Why a metric has no figure for a selection of `cohort` rows, none of them usable."""
    if span.data_at is None:
        return _no_ticket(cursor)
    # Whether a column is empty in all of the rows depends on no filter and on no period.
    key = ("lacking", metric.sql, *metric.needs.items())
    return known.once(key, lambda: _lacking(cursor, metric, selection)) or (
        f"none of the {cohort:,} rows in this selection carries what it needs"
        if cohort
        else NOTHING
    )


def _no_ticket(cursor: duckdb.DuckDBPyConnection) -> str:
    """A history may come before its tickets, or without them."""
    waiting = first_row(cursor, "select count(distinct ticket_id) as n from ticket_events")["n"]
    if waiting:
        return f"the warehouse has the history of {waiting:,} tickets, but not their list: load it"
    return "the warehouse has no tickets yet: load an export"


def _lacking(cursor: duckdb.DuckDBPyConnection, metric: Metric, selection: Selection) -> str | None:
    """The header's sentence for the first needed column that is empty in all of the evidence."""
    needed = [name for name in metric.needs if name in selection.columns]
    if not needed:
        return None
    counts = ", ".join(f"count({quoted(name)}) as {quoted(name)}" for name in needed)
    found = first_row(cursor, f"select count(*) as rows, {counts} from (\n{metric.sql}\n)")
    if not found["rows"] and (sentence := _no_incidents(cursor)):
        return sentence
    return next((metric.needs[name] for name in needed if not found[name]), None)


def _no_incidents(cursor: duckdb.DuckDBPyConnection) -> str | None:
    """Most metrics are about incidents: where there is none, no column of the export lacks."""
    kinds = cursor.sql("""
        select
            kind::varchar,
            count(*) as tickets
        from counted_tickets
        group by kind
        order by tickets desc, kind
    """).fetchall()
    if not kinds or "incident" in dict(kinds):
        return None
    told = ", ".join(f"{kind.replace('_', ' ')}: {n:,}" for kind, n in kinds[:3])
    return (
        f"none of the {sum(n for _, n in kinds):,} tickets is an incident ({told}): if some are, "
        "let a mapping say which (`meantime map`)"
    )
