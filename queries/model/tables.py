"""How the model's tables are written: replaced in place, whatever stood under their names."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import polars as pl

_CREATES = re.compile(r"^create or replace (view|table) (\w+)", re.MULTILINE)


def run_folder(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Execute a folder's numbered SQL files in order of their names."""
    for path in sorted(folder.glob("[0-9]*.sql")):
        run_file(connection, path)


def run_file(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Execute one SQL file of the model."""
    sql = path.read_text(encoding="utf-8")
    for kind, name in _CREATES.findall(sql):
        drop(connection, name, unless=kind)
    connection.execute(sql)


def write_table(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """A frame as a table of the model."""
    drop(connection, name, unless="table")
    connection.register("frame_to_write", frame.to_arrow())
    connection.execute(f'create or replace table "{name}" as select * from frame_to_write')
    connection.unregister("frame_to_write")


def drop(connection: duckdb.DuckDBPyConnection, name: str, *, unless: str = "") -> None:
    """Drop what stands under a name, table or view, unless it is already of that kind.

    An older model may have had it as the other; a model built beside a build begins with views.
    """
    for kind in {"table", "view"} - {unless}:
        found = connection.execute(
            f"""
            select count(*)
            from duckdb_{kind}s()
            where database_name = current_database()
                and schema_name = 'main'
                and {kind}_name = $name
            """,
            {"name": name},
        ).fetchall()
        if found[0][0]:
            connection.execute(f'drop {kind} "{name}"')
