"""The lists behind the SLA page and the page of a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import duckdb
import polars as pl

from policies.refusal import Refused
from queries.fetching import fetch
from queries.filters import Rows, filters
from queries.known import Known
from queries.listing import LISTS_FOLDER
from queries.selection import columns_of

Where = Mapping[str, tuple[str, ...]]

MOST_LISTED = 500


def breaches(
    connection: duckdb.DuckDBPyConnection,
    clock: str,
    period: tuple[datetime, datetime],
    where: Where,
    limit: int = MOST_LISTED,
    known: Known | None = None,
) -> pl.DataFrame:
    """Breached clocks that fell due in a period (UTC), the latest first: ticket_id, number, title,
    priority, service, resolver_group, customer, sla, due_at, stopped_at, late_seconds, still_open,
    place (from 1), found (how many there are).

    Of those beyond the limit only the latest of each priority is there.
    """
    parameters = {"clock": clock, "from_at": period[0], "to_at": period[1], "row_limit": limit}
    return _read_clocks(connection, "breaches", parameters, where, known or Known())


def open_promises(
    connection: duckdb.DuckDBPyConnection,
    clock: str,
    where: Where,
    limit: int = MOST_LISTED,
    known: Known | None = None,
) -> pl.DataFrame:
    """Clocks not stopped yet, least left first, as many as the limit: ticket_id, number, title,
    priority, service, resolver_group, customer, sla, clock_state, due_at, left_seconds, found (how
    many there are)."""
    parameters = {"clock": clock, "row_limit": limit}
    return _read_clocks(connection, "open_promises", parameters, where, known or Known())


def ticket(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, object]:
    """The contract's columns of one ticket, by id or number; Refused where there is none."""
    query = "select * from tickets where ticket_id = $name or number = $name order by ticket_id"
    with connection.cursor() as cursor:
        rows = fetch(cursor, query, {"name": name})
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
    with connection.cursor() as cursor:
        return fetch(cursor, _sql(name), parameters)


def _read_clocks(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    parameters: Mapping[str, object],
    where: Where,
    known: Known,
) -> pl.DataFrame:
    """A list of clocks, filtered by their columns."""
    with connection.cursor() as cursor:
        rows = Rows("clocks", "clocks", columns_of(cursor, "clocks", known))
        tests, kept = filters(cursor, where, lambda _: rows, known)
        sql = _sql(name).format(conditions="\n        and ".join(["true", *tests]))
        return fetch(cursor, sql, {**parameters, **kept})


def _sql(name: str) -> str:
    return (LISTS_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
