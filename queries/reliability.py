"""The list behind the reliability page: outages, one row each."""

from __future__ import annotations

from datetime import datetime

import duckdb
import polars as pl

from queries.fetching import fetch
from queries.listing import LISTS_FOLDER


def outages(
    connection: duckdb.DuckDBPyConnection,
    period: tuple[datetime, datetime],
    services: tuple[str, ...] = (),
) -> pl.DataFrame:
    """Outages that touch a period (UTC): service, ticket_id (of the failure that began it), number,
    title, failures, from_at, to_at (null: not over), lasted_seconds, down_seconds (of service
    time); by service and time. `services` keeps only these."""
    sql = (LISTS_FOLDER / "outages.sql").read_text(encoding="utf-8")
    parameters = {"from_at": period[0], "to_at": period[1]}
    with connection.cursor() as cursor:
        rows = fetch(cursor, sql, parameters)
    return rows.filter(pl.col("service").is_in(services)) if services else rows
