"""CSV that the fast reader gives up on: several kinds of line breaks, stray carriage returns.

Such a file is taken apart record by record instead, into a Parquet file of text with the line of
each record; nobody else needs to know.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import duckdb

from pipelines.binding import Bindings
from pipelines.reading.opened import OpenedFile, Unread, csv_cells
from pipelines.reading.text_tables import TextTable
from policies.refusal import Refused

LINE = "line"
LONGEST_VALUE = 500


class UnevenLines(Refused):
    """The fast reader gave up on a CSV, `label`: the next attempt looks at each before."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"{label} cannot be taken apart into rows and cells: a quote is opened and never "
            "closed, or line breaks of several kinds are mixed; export it again."
        )
        self.label = label


def is_even(connection: duckdb.DuckDBPyConnection, opened: OpenedFile) -> bool:
    """Whether the fast reader can take the file apart; leaves the caller's transaction alone."""
    if opened.format != "csv":
        return True
    bind = Bindings()
    cursor = connection.cursor()
    try:
        relation = opened.relation(bind, (), keep_broken=True)
        cursor.execute(f"select count(columns(*)) from {relation}", bind.values).fetchone()
    except duckdb.InvalidInputException:
        return False
    finally:
        cursor.close()
    return True


def made_even(
    connection: duckdb.DuckDBPyConnection, opened: OpenedFile, scratch: Path
) -> OpenedFile:
    """The table as it is where the fast reader can read it, else `evened`."""
    return opened if is_even(connection, opened) else evened(opened, scratch)


def evened(opened: OpenedFile, scratch: Path) -> OpenedFile:
    """The same table as Parquet; rows of another width become `unread`. Refused where no row is."""
    table = TextTable(scratch / f"{opened.readable.name}.even.parquet")
    names = [f"c{place}" for place in range(len(opened.header))]
    unread: list[Unread] = []
    records = csv_cells(opened.readable, opened.delimiter or ",")
    try:
        next(records)
        for line, cells in records:
            if not any(cells):
                continue
            if len(cells) != len(names):
                reason = "fewer" if len(cells) < len(names) else "more"
                text = (opened.delimiter or ",").join(cells)[:LONGEST_VALUE]
                unread.append(Unread(line, text, f"it has {reason} cells than the header"))
                continue
            row = dict(zip(names, cells, strict=True))
            table.add({**row, LINE: str(line + opened.lines_before)})
    except csv.Error as error:
        raise Refused(
            f"{opened.label} cannot be taken apart into rows and cells: a quote is opened and "
            "never closed; export it again."
        ) from error
    table.close()
    if not table.rows:
        raise Refused(f"{opened.label} has no row as wide as its header: export it again.")
    return replace(
        opened,
        readable=table.target,
        format="parquet",
        stored=tuple(names),
        has_lines=True,
        unread=tuple(replace(each, line=each.line + opened.lines_before) for each in unread),
    )
