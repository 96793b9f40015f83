"""DuckDB sessions that do not depend on the machine: no zone of its own, no network, no noise."""

from __future__ import annotations

from pathlib import Path

import duckdb


def connect(path: Path | None, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection to a file, or to memory without one."""
    connection = duckdb.connect(
        str(path) if path else ":memory:",
        read_only=read_only,
        config={"autoinstall_known_extensions": "false"},
    )
    connection.execute("set timezone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    return connection
