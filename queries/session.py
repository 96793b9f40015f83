"""A build under a policy: the one it was built with, or another one for a moment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import duckdb

from policies.model import Policy
from queries.filters import quoted
from queries.model.build import build_histories, build_tickets, tickets_digest, write_macros
from queries.model.connection import connect
from queries.model.service_levels import write_clocks
from queries.model.version import model_version
from queries.model.working_time import write_calendars

# What the tables of exports have: table -> column -> type.
Contract = Mapping[str, Mapping[str, str]]


def open_build(
    path: Path, policy: Policy, contract: Contract = MappingProxyType({})
) -> duckdb.DuckDBPyConnection:
    """A connection on which every metric can run, read-only for the build.

    Where the build carries this policy's digest it is simply opened. Under another policy, or
    after an upgrade that changed the model or the contract, the storeys of the model that it moves
    are built anew beside the build, in memory, gone with the connection: `meantime rebuild` would
    make them the new build. Tables and columns of the contract that the build lacks are empty.
    """
    connection = connect(path, read_only=True)
    columns = connection.execute("describe build_info").fetchall()
    if "tickets_digest" in {column[0] for column in columns}:
        rows = connection.execute(
            "select policy_digest, tickets_digest, model_version from build_info"
        ).fetchall()
        built_with = rows[0] if rows else (None, None, None)
    else:
        built_with = (None, None, None)
    missing = _missing(connection, contract)
    is_older = bool(missing) or built_with[2] != model_version()
    if built_with[0] == policy.digest and not is_older:
        return connection
    connection.close()
    return _rebuilt(
        path,
        policy,
        missing,
        with_histories=is_older,
        with_tickets=is_older or built_with[1] != tickets_digest(policy),
    )


def _missing(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Contract:
    """What the contract has and a build of an older version has not."""
    there: dict[str, set[str]] = {}
    columns = "select table_name, column_name from duckdb_columns() where not internal"
    for table, column in connection.execute(columns).fetchall():
        there.setdefault(table, set()).add(column)
    lacking = {
        table: {name: kind for name, kind in columns.items() if name not in there.get(table, ())}
        for table, columns in contract.items()
    }
    return {table: columns for table, columns in lacking.items() if columns}


def is_recomputed(connection: duckdb.DuckDBPyConnection, policy: Policy) -> bool:
    """Whether a connection of `open_build` shows another policy than its build was made with."""
    built_with = connection.execute("select policy_digest from build_info").fetchall()
    return built_with != [(policy.digest,)]


def _rebuilt(
    path: Path, policy: Policy, missing: Contract, *, with_histories: bool, with_tickets: bool
) -> duckdb.DuckDBPyConnection:
    """Everything of the build as views, and above them the storeys that are built anew."""
    connection = connect(None)
    location = str(path).replace("'", "''")
    connection.execute(f"attach '{location}' as build (read_only)")
    # the views of a build belong to its tickets, and an older model's may not even bind any more
    tables = connection.execute(
        """
        select table_name
        from duckdb_tables()
        where database_name = 'build'
        union all
        select view_name
        from duckdb_views()
        where database_name = 'build'
            and not internal
            and not $with_tickets
        """,
        {"with_tickets": with_tickets},
    ).fetchall()
    for (table,) in tables:
        name = quoted(table)
        columns = ["*", *_nulls(missing.get(table, {}))]
        connection.execute(
            f"create view {name} as select {', '.join(columns)} from build.main.{name}"
        )
    for table in missing.keys() - {table for (table,) in tables}:
        columns = ", ".join(_nulls(missing[table]))
        connection.execute(f"create table {quoted(table)} as select {columns} where false")
    if with_histories:
        build_histories(connection)
    write_calendars(connection, policy)
    write_macros(connection)
    if with_tickets:
        build_tickets(connection, policy)
    write_clocks(connection, policy)
    return connection


def _nulls(columns: Mapping[str, str]) -> list[str]:
    return [f"null::{kind} as {quoted(name)}" for name, kind in columns.items()]
