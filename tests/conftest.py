"""A real, small warehouse for tests: the contract's tables in memory, and the model on them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import duckdb
import pytest
from hypothesis import settings

from dashboard import drawing
from pipelines.contract import TABLES, TICKETS
from policies.model import Policy
from policies.read import read_policy
from queries.model.build import build_model
from queries.model.connection import connect

# No example fails for being slow, and where a commit is judged all see the same ones.
settings.register_profile("meantime", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("meantime")
drawing.is_checked = True  # whatever a test draws, plotly has to know

pytest_plugins = ["tests.sample_files", "tests.small_warehouse"]

Row = Mapping[str, object]

EXPORTED_AT = "2026-11-01 00:00:00"


def empty_warehouse() -> duckdb.DuckDBPyConnection:
    """The tables of the contract without a row, and without a model."""
    connection = connect(None)
    for table in TABLES:
        connection.execute(table.create_sql)
    return connection


def build_warehouse(
    policy: Policy,
    tickets: Sequence[Row],
    events: Sequence[Row] = (),
    exported_at: str = EXPORTED_AT,
) -> duckdb.DuckDBPyConnection:
    """A warehouse with these tickets and events and their model.

    Tickets need `number` and `opened_at`; events need `number`, `at`, `field`, `new`. An empty
    text is a missing value, everything else is cast to the contract's types.
    """
    connection = empty_warehouse()
    for ticket in tickets:
        identity = {"ticket_id": f"generic:{ticket['number']}", "source": "generic"}
        _insert(
            connection,
            "tickets",
            identity | {"exported_at": exported_at} | dict(ticket),
        )
    for sequence, event in enumerate(events):
        row = {key: value for key, value in event.items() if key != "number"}
        identity = {"ticket_id": f"generic:{event['number']}", "sequence": sequence}
        _insert(connection, "ticket_events", identity | row)
    build_model(connection, policy)
    return connection


def _insert(connection: duckdb.DuckDBPyConnection, table: str, row: Row) -> None:
    known = {key: value for key, value in row.items() if value not in (None, "")}
    names = ", ".join(f'"{name}"' for name in known)
    marks = ", ".join("?" for _ in known)
    connection.execute(f"insert into {table} ({names}) values ({marks})", list(known.values()))


@pytest.fixture
def policy() -> Policy:
    """The policy that works for everyone."""
    return read_policy(None, TICKETS.names)
