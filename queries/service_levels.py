"""What the doors print of service-level clocks: the clocks, their reconciliation with the tool,
and what another policy would have made of them."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from queries.listing import LISTS_FOLDER

CLOCK_COLUMNS = (
    "ticket_id",
    "number",
    "sla",
    "clock",
    "cycle",
    "calendar",
    "state",
    "reason",
    "started_at",
    "stopped_at",
    "due_at",
    "breached_at",
    "elapsed_seconds",
    "paused_seconds",
    "target_seconds",
    "met",
)


@dataclass(frozen=True)
class Reconciliation:
    """The tool's verdicts beside ours.

    `agreement` is the share of the `compared` tickets (those with both verdicts) on which both
    agree, None where there is none. `tickets` has a row per ticket with a flag or a deadline of
    its tool, disagreements first, each with its `explanation`.
    """

    compared: int
    agreement: float | None
    tickets: pl.DataFrame


@dataclass(frozen=True)
class WhatIf:
    """Two policies side by side: `states` counts the clocks by clock and state under each,
    `changes` has a row per ticket and clock whose verdict differs."""

    states: pl.DataFrame
    changes: pl.DataFrame


def clocks(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every clock, one row each, in the columns and the order of `meantime clocks`."""
    sql = f"""
select {", ".join(CLOCK_COLUMNS)}
from clocks
join (select ticket_id, number from tickets) using (ticket_id)
order by all"""
    with connection.cursor() as cursor:
        return cursor.sql(sql).pl()


def reconcile(connection: duckdb.DuckDBPyConnection) -> Reconciliation:
    """The tool's flags and deadlines beside the computed ones."""
    tickets = _list(connection, "reconciliation")
    agreeing = tickets["agrees"].drop_nulls()
    compared = len(agreeing)
    return Reconciliation(compared, float(agreeing.sum()) / compared if compared else None, tickets)


def against_current(connection: duckdb.DuckDBPyConnection) -> WhatIf:
    """The clocks of another policy beside those that the build was made with.

    `connection` is one that `queries.session.open_build` opened under the other policy, so that
    the build lies beside it as `build`; under the build's own policy nothing differs.
    """
    with connection.cursor() as cursor:
        databases = cursor.sql("select database_name from duckdb_databases()").pl()
    current = "build.main" if "build" in databases["database_name"] else "main"
    return WhatIf(
        _list(connection, "what_if_states", current), _list(connection, "what_if_changes", current)
    )


def _list(
    connection: duckdb.DuckDBPyConnection, name: str, current: str | None = None
) -> pl.DataFrame:
    sql = (LISTS_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    with connection.cursor() as cursor:
        return cursor.sql(sql.format(current=current) if current else sql).pl()
