"""The lists behind the SLA page and the page of a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import duckdb
import polars as pl

from policies.refusal import Refused
from queries.listing import LISTS_FOLDER
from queries.question import NONE
from queries.selection import quoted

Where = Mapping[str, tuple[str, ...]]

MOST_LISTED = 500


def breaches(
    connection: duckdb.DuckDBPyConnection,
    clock: str,
    period: tuple[datetime, datetime],
    where: Where,
    limit: int = MOST_LISTED,
) -> pl.DataFrame:
    """Breached clocks that fell due in a period (UTC), the latest first: ticket_id, number, title,
    priority, service, resolver_group, customer, sla, due_at, stopped_at, late_seconds, still_open,
    place (from 1), found (how many there are).

    Of those beyond the limit only the latest of each priority is there.
    """
    parameters = {"clock": clock, "from_at": period[0], "to_at": period[1], "row_limit": limit}
    return _read(connection, "breaches", parameters, where)


def open_promises(
    connection: duckdb.DuckDBPyConnection, clock: str, where: Where, limit: int = MOST_LISTED
) -> pl.DataFrame:
    """Clocks not stopped yet, least left first, as many as the limit: ticket_id, number, title,
    priority, service, resolver_group, customer, sla, clock_state, due_at, left_seconds, found (how
    many there are)."""
    return _read(connection, "open_promises", {"clock": clock, "row_limit": limit}, where)


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
    connection: duckdb.DuckDBPyConnection,
    name: str,
    parameters: Mapping[str, object],
    where: Where | None = None,
) -> pl.DataFrame:
    sql = (LISTS_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    kept = dict[str, object]()
    if where is not None:
        conditions, kept = _conditions(where)
        sql = sql.format(conditions=conditions)
    with connection.cursor() as cursor:
        return cursor.sql(sql, params={**parameters, **kept}).pl()


def _conditions(where: Where) -> tuple[str, dict[str, object]]:
    """The filters on clocks: values of a column are or, columns are and, "(none)" is missing."""
    tests, parameters = ["true"], dict[str, object]()
    for place, (column, values) in enumerate(where.items()):
        marks = [f"kept_{place}_{number}" for number in range(len(values))]
        parameters |= dict(zip(marks, values, strict=True))
        listed = ", ".join(f"${mark}" for mark in marks)
        shown = f"coalesce(cast(clocks.{quoted(column)} as varchar), '{NONE}')"
        tests.append(f"{shown} in ({listed})" if marks else "false")
    return "\n    and ".join(tests), parameters
