"""The lists behind the SLA page and the page of a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import duckdb
import polars as pl

from policies.refusal import Refused
from queries.listing import LISTS_FOLDER
from queries.question import NONE

Where = Mapping[str, tuple[str, ...]]

SHOWN = ("ticket_id", "number", "title", "priority", "service", "resolver_group", "customer")


def breaches(
    connection: duckdb.DuckDBPyConnection,
    clock: str,
    period: tuple[datetime, datetime],
    where: Where,
) -> pl.DataFrame:
    """Breached clocks that fell due in a period (UTC): `SHOWN`, sla, due_at, stopped_at,
    late_seconds, still_open; the latest first."""
    parameters = {"clock": clock, "from_at": period[0], "to_at": period[1]}
    rows = _kept(_read(connection, "breaches", parameters), where)
    return rows.select(*SHOWN, "sla", "due_at", "stopped_at", "late_seconds", "still_open")


def open_promises(connection: duckdb.DuckDBPyConnection, clock: str, where: Where) -> pl.DataFrame:
    """Clocks not stopped yet: `SHOWN`, sla, clock_state, due_at, left_seconds; least left first."""
    rows = _kept(_read(connection, "open_promises", {"clock": clock}), where)
    return rows.select(*SHOWN, "sla", "clock_state", "due_at", "left_seconds")


def ticket(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, object]:
    """The contract's columns of one ticket, by id or number; Refused where there is none."""
    query = "select * from tickets where ticket_id = $name or number = $name order by ticket_id"
    with connection.cursor() as cursor:
        rows = cursor.sql(query, params={"name": name}).pl()
    if rows.is_empty():
        raise Refused(f"There is no ticket {name} in this warehouse: give its number or its id.")
    return rows.row(0, named=True)


def ticket_events(connection: duckdb.DuckDBPyConnection, ticket_id: str) -> pl.DataFrame:
    """What happened to a ticket, in order: at, field, old, new, actor, actor_role."""
    return _read(connection, "ticket_events", {"ticket_id": ticket_id})


def repeat_chain(connection: duckdb.DuckDBPyConnection, ticket_id: str) -> pl.DataFrame:
    """The incidents that a ticket repeats or that repeat it, oldest first, itself among them:
    ticket_id, number, title, opened_at, resolved_at, resolver_group, seconds_since_previous."""
    return _read(connection, "repeat_chain", {"ticket_id": ticket_id})


def _read(
    connection: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object]
) -> pl.DataFrame:
    sql = (LISTS_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    with connection.cursor() as cursor:
        return cursor.sql(sql, params=dict(parameters)).pl()


def _kept(rows: pl.DataFrame, where: Where) -> pl.DataFrame:
    """The rows whose ticket is in the filters: values of a column are or, columns are and."""
    for column, values in where.items():
        shown = pl.col(column).cast(pl.String).fill_null(NONE)
        rows = rows.filter(shown.is_in(list(values)))
    return rows
