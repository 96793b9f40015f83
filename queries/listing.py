"""Row lists behind the pages: one SQL file of `queries/lists` each, read on a cursor of its own.

The comment above a query says what its rows are.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from policies.refusal import Refused
from queries.fetching import fetch
from queries.filters import quoted
from queries.question import NONE
from queries.selection import described

LISTS_FOLDER = Path(__file__).parent / "lists"
MOST_REJECTED_ROWS = 10_000
MOST_CHAINS = 2_000


def data_state(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """One row: tickets, sources, files, rows_rejected, findings, first_at, data_at (UTC) and
    openings, the first and the last of each day (UTC)."""
    return _read(connection, "data_state").row(0, named=True)


def ledger(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The loaded files, newest load first."""
    return _read(connection, "ledger")


def findings(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """What was odd about the loaded files: load_id, file, code, count, column, message."""
    return _read(connection, "findings")


def rejected(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The newest rejected rows, `MOST_REJECTED_ROWS` at most: file, line, column, value, reason."""
    return _read(connection, "rejected", {"row_limit": MOST_REJECTED_ROWS})


def column_coverage(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """For each column of the tickets: `column`, `tickets_filled`, `tickets`."""
    return _read(connection, "column_coverage")


def dimension_values(connection: duckdb.DuckDBPyConnection, dimension: str) -> pl.DataFrame:
    """The values of a dimension over the tickets that count: `value` (null: none), `tickets`.

    Raises Refused for a column that tickets do not have.
    """
    return _of_dimension(connection, "dimension_values", dimension)


def tickets_by(connection: duckdb.DuckDBPyConnection, dimension: str) -> pl.DataFrame:
    """`ticket_id` and `value` of a dimension (null: none) for every ticket that counts.

    Raises Refused for a column that tickets do not have.
    """
    return _of_dimension(connection, "tickets_by", dimension)


def missing_reviews(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Incidents whose review the policy wanted by now and that had none: the file says more."""
    return _read(connection, "missing_reviews")


def overdue_actions(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Open actions of reviews past their date: the file says more."""
    return _read(connection, "overdue_actions")


def chains(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The `MOST_CHAINS` longest chains of repeats, with the gaps between: the file says more."""
    return _read(connection, "chains", {"row_limit": MOST_CHAINS})


def repeats_by(connection: duckdb.DuckDBPyConnection, dimension: str) -> pl.DataFrame:
    """The `MOST_CHAINS` values of a dimension with most repeats, with their rate and gaps.

    Raises Refused for a column that tickets do not have.
    """
    return _of_dimension(connection, "repeats_by", dimension, {"row_limit": MOST_CHAINS})


def of_period(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    period: tuple[datetime, datetime],
    columns: Iterable[str],
    of_tickets: Iterable[str] = (),
) -> pl.DataFrame:
    """These columns of a list about a period (UTC), in its order.

    The lists: broken_promises, major_incidents, major_events, came_back. All but the events
    carry every column of counted_tickets; reading them all would take seconds. `of_tickets`
    are columns that the reader named: Refused where tickets do not have one.
    """
    wanted = list(dict.fromkeys([*columns, *of_tickets]))
    parameters = {"from_at": period[0], "to_at": period[1]}
    chosen = ", ".join(quoted(column) for column in wanted)
    with connection.cursor() as cursor:
        there = described(cursor, "counted_tickets")
        unknown = [column for column in of_tickets if column not in there]
        if unknown:
            raise Refused(f"Tickets have no column {unknown[0]}: {_nearest(unknown[0], there)}")
        return fetch(cursor, f"select {chosen} from (\n{_sql(name)})", parameters)


def tickets_of(
    connection: duckdb.DuckDBPyConnection, ticket_ids: pl.Series, columns: Iterable[str]
) -> pl.DataFrame:
    """These columns of these tickets, by number."""
    chosen = ", ".join(quoted(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.register("wanted", ticket_ids.alias("ticket_id").to_frame())
        sql = f"select {chosen} from tickets semi join wanted using (ticket_id)"
        return cursor.sql(f"{sql} order by number, ticket_id").pl()


def within(rows: pl.DataFrame, where: Mapping[str, tuple[str, ...]]) -> pl.DataFrame:
    """The rows in the filters: values of a column are or, columns are and, "(none)" is missing."""
    for column, values in where.items():
        shown = pl.col(column).cast(pl.String).fill_null(NONE)
        rows = rows.filter(shown.is_in(list(values)))
    return rows


def _of_dimension(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    dimension: str,
    parameters: dict[str, object] | None = None,
) -> pl.DataFrame:
    with connection.cursor() as cursor:
        columns = described(cursor, "counted_tickets")
    if dimension not in columns:
        raise Refused(f"Tickets have no column {dimension}: {_nearest(dimension, columns)}")
    sql = _sql(name).format(dimension=quoted(dimension))
    with connection.cursor() as cursor:
        return fetch(cursor, sql, parameters)


def _nearest(column: str, columns: Iterable[str]) -> str:
    return f"did you mean {difflib.get_close_matches(column, list(columns), n=1, cutoff=0)[0]}?"


def _read(
    connection: duckdb.DuckDBPyConnection, name: str, parameters: dict[str, object] | None = None
) -> pl.DataFrame:
    with connection.cursor() as cursor:
        return fetch(cursor, _sql(name), parameters)


def _sql(name: str) -> str:
    return (LISTS_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
