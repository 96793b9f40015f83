"""One digest for the content of each table, whatever the order of its rows."""

from __future__ import annotations

import duckdb

from pipelines.binding import quoted
from pipelines.contract import DATA_TABLES


def table_digests(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Table -> 32 hexadecimal digits: row count and the order-free sum of its rows' hashes.

    Which load brought a row is not part of its content.
    """
    digests: dict[str, str] = {}
    for table in DATA_TABLES:
        columns = ", ".join(quoted(name) for name in table.names if name != "load_id")
        row = connection.execute(
            f"select count(*), coalesce(sum(hash({columns})::hugeint), 0) from {table.name}"
        ).fetchone()
        assert row is not None
        digests[table.name] = f"{row[0]:08x}{row[1] % (1 << 96):024x}"
    return digests
