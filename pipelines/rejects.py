"""Rows that cannot be accepted, kept with file, line, column, value and reason."""

from __future__ import annotations

import duckdb
import pyarrow.parquet as pq

from pipelines.conform import Plan
from pipelines.reading.opened import OpenedFile, csv_records, line_at_byte
from policies.refusal import Refused

LONGEST_VALUE = 500
STRUCTURE = {
    "MISSING COLUMNS": "it has fewer cells than the header",
    "TOO MANY COLUMNS": "it has more cells than the header",
    "UNQUOTED VALUE": "a quoted cell does not end as it should",
    "LINE SIZE OVER MAXIMUM": "it is longer than 16 MB",
}


def keep_rejected_rows(connection: duckdb.DuckDBPyConnection, plan: Plan, load_id: int) -> int:
    """Move what cannot be accepted from `staged` into `rejected_rows`; how many rows that is."""
    broken = _broken_lines(connection, plan)
    rows = connection.execute(
        """
        select
            rowid - (select min(rowid) from staged) as place,
            bad_column,
            left(bad_value, $longest),
            bad_reason
        from staged
        where bad_column is not null
        order by place
        """,
        {"longest": LONGEST_VALUE},
    ).fetchall()
    lines = _lines(plan, [row[0] for row in rows], set(broken))
    above = plan.opened.lines_before
    kept: list[tuple[int | None, str | None, str | None, str]] = [
        (line + above, None, text, reason) for line, (text, reason) in broken.items()
    ]
    kept += [(each.line, None, each.text, each.reason) for each in plan.opened.unread]
    kept += [(lines.get(row), column, value, reason) for row, column, value, reason in rows]
    if kept:
        connection.executemany(
            'insert into rejected_rows (load_id, file, line, "column", value, reason) '
            "values ($1, $2, $3, $4, $5, $6)",
            [(load_id, plan.opened.label, *each) for each in kept],
        )
        connection.execute("delete from staged where bad_column is not null")
    return len(kept)


def _broken_lines(connection: duckdb.DuckDBPyConnection, plan: Plan) -> dict[int, tuple[str, str]]:
    """Lines whose structure the reader refused: physical line -> (text, reason)."""
    if plan.opened.format != "csv":
        return {}
    rows = connection.execute(
        """
        select line_byte_position, min(csv_line), min(error_type::varchar), min(error_message)
        from reject_errors
        group by line_byte_position
        order by line_byte_position
        """
    ).fetchall()
    found: dict[int, tuple[str, str]] = {}
    for position, text, kind, message in rows:
        skipped = len(text) - len(text.lstrip("\r\n"))
        line = line_at_byte(plan.opened.readable, position + skipped)
        reason = STRUCTURE.get(kind, message.splitlines()[0])
        found[line] = (text.strip("\r\n")[:LONGEST_VALUE], reason)
    return found


def _lines(plan: Plan, wanted: list[int], broken: set[int]) -> dict[int, int]:
    """Place in `staged` -> physical line; the row number in Parquet. Read only when rows fail."""
    if not wanted:
        return {}
    if plan.opened.format != "csv":
        return _records(plan, wanted)
    missing, last = set(wanted), max(wanted)
    found: dict[int, int] = {}
    row = -1
    records = csv_records(plan.opened.readable, plan.opened.delimiter or ",")
    next(records)
    for line, cells in records:
        if not cells or line in broken:
            continue
        row += 1
        if row in missing:
            found[row] = line + plan.opened.lines_before
        if row >= last:
            break
    return found


def _records(plan: Plan, wanted: list[int]) -> dict[int, int]:
    """Place in `staged` -> number of the record, where some of the records became no row."""
    if plan.opened.has_lines:
        column = f"c{len(plan.opened.header)}"
        lines = pq.read_table(plan.opened.readable, columns=[column])[column]
        return {row: int(line) for row, line in zip(wanted, lines.take(wanted), strict=True)}
    unread = sorted([*plan.opened.blank, *(each.line for each in plan.opened.unread)])
    found: dict[int, int] = {}
    skipped = 0
    for row in sorted(wanted):
        number = row + 1 + plan.opened.lines_before + skipped
        while skipped < len(unread) and unread[skipped] <= number:
            skipped += 1
            number += 1
        found[row] = number
    return found


def accepted_rows(connection: duckdb.DuckDBPyConnection, opened: OpenedFile, load_id: int) -> int:
    """How many rows are left to merge; refused where there is none."""
    row = connection.execute("select count(*) from staged").fetchone()
    if row and row[0]:
        return row[0]
    first = connection.execute(
        """
        select line, "column", value, reason
        from rejected_rows
        where load_id = $load_id and file = $file
        order by line
        limit 1
        """,
        {"load_id": load_id, "file": opened.label},
    ).fetchone()
    if first is None:
        raise Refused(f"{opened.label} has a header and no rows: check the filter of the export.")
    line, column, value, reason = first
    raise Refused(
        f"{opened.label}: no row can be accepted; line {line}, column {column}, value {value!r}: "
        f"{reason}; check the export, or say what it is with --source."
    )
