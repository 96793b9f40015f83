"""Row lists behind the pages: one SQL file of `queries/lists` each, read on a cursor of its own.

The comment above a query says what its rows are.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from policies.refusal import Refused
from queries.selection import quoted

LISTS_FOLDER = Path(__file__).parent / "lists"
MOST_REJECTED_ROWS = 10_000


def data_state(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    """One row: tickets, sources, files, rows_rejected, findings, first_at, data_at (UTC)."""
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
    with connection.cursor() as cursor:
        columns = cursor.sql("describe counted_tickets").pl()["column_name"].to_list()
    if dimension not in columns:
        raise Refused(f"Tickets have no column {dimension}: choose one of theirs.")
    sql = _sql("dimension_values").format(dimension=quoted(dimension))
    with connection.cursor() as cursor:
        return cursor.sql(sql).pl()


def _read(
    connection: duckdb.DuckDBPyConnection, name: str, parameters: dict[str, object] | None = None
) -> pl.DataFrame:
    with connection.cursor() as cursor:
        return cursor.sql(_sql(name), params=parameters).pl()


def _sql(name: str) -> str:
    return (LISTS_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
