"""What a query with parameters finds, as a frame."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import polars as pl

# DuckDB 1 stores what `sql` with parameters finds and runs a second query over it, which takes
# three times as long for a list; DuckDB 2 does not, and warns of the other way.
_STORES_FIRST = int(duckdb.__version__.partition(".")[0]) < 2


def fetch(
    cursor: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object] | None = None
) -> pl.DataFrame:
    """The rows of a query, read on this cursor."""
    if not _STORES_FIRST:
        return cursor.sql(query, params=dict(parameters or {})).pl()
    return pl.DataFrame(cursor.execute(query, dict(parameters or {})).to_arrow_table())
