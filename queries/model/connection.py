"""DuckDB sessions that do not depend on the machine: no zone of its own, no network, no noise."""

from __future__ import annotations

from pathlib import Path

import duckdb

# The oldest DuckDB that reads a build; formats before it try several compressions on every text.
STORAGE_VERSION = "v1.5.0"


def connect(path: Path | None, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection to a file, or to memory without one."""
    connection = duckdb.connect(
        str(path) if path else ":memory:",
        read_only=read_only,
        config={
            "autoinstall_known_extensions": "false",
            "storage_compatibility_version": STORAGE_VERSION,
        },
    )
    connection.execute("set timezone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    return connection
