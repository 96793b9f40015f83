"""A build under a policy: the one it was built with, or another one for a moment."""

from __future__ import annotations

from pathlib import Path

import duckdb

from policies.model import Policy
from queries.model.build import build_model
from queries.model.connection import connect
from queries.model.version import model_version

CONTRACT_TABLES = (
    "tickets",
    "ticket_events",
    "changes",
    "problems",
    "reviews",
    "loads",
    "rejected_rows",
    "build_info",
)


def open_build(path: Path, policy: Policy) -> duckdb.DuckDBPyConnection:
    """A connection on which every metric can run, read-only for the build.

    Where the build carries this policy's digest it is simply opened. Under another policy, or
    after an upgrade that changed the model, its contract tables are views into it, and the model
    is built anew beside them, in memory, gone with the connection: `meantime rebuild` would make
    it the new build.
    """
    connection = connect(path, read_only=True)
    built_with = connection.execute(
        "select policy_digest, model_version from build_info"
    ).fetchone()
    if built_with == (policy.digest, model_version()):
        return connection
    connection.close()
    return _rebuilt(path, policy)


def _rebuilt(path: Path, policy: Policy) -> duckdb.DuckDBPyConnection:
    connection = connect(None)
    location = str(path).replace("'", "''")
    connection.execute(f"attach '{location}' as build (read_only)")
    for table in CONTRACT_TABLES:
        connection.execute(f"create view {table} as select * from build.main.{table}")
    build_model(connection, policy)
    return connection
