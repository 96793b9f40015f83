"""Tables of web pages, which tools also hand out under the names of spreadsheets (`.xls`).

Each table becomes a CSV; the one with most cells is the export, the others are titles and frames.
A table within a cell is text of that cell.
"""

from __future__ import annotations

import csv
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import IO, Any

from pipelines.reading.delimited import open_csv
from pipelines.reading.opened import CHUNK_BYTES, OpenedFile, Unusable

UNSEEN = ("script", "style", "title")
LINES = ("br", "p", "div", "li", "tr")
WIDEST_CELL = 1_000
LONGEST_SPAN = 6  # digits of it that are read
FEWEST_ROWS, FEWEST_COLUMNS = 2, 2


@dataclass
class Table:
    """One table while it is read: the file that its rows go to, and how much it holds."""

    target: Path
    file: IO[str]
    writer: Any
    rows: int = 0
    cells: int = 0
    row: list[str] = field(default_factory=list)


class TableReader(HTMLParser):
    """Feeds the rows of every outermost table into a CSV of its own."""

    def __init__(self, scratch: Path, name: str, open_files: ExitStack) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Table] = []
        self._scratch, self._name, self._open_files = scratch, name, open_files
        self._depth = 0
        self._unseen = 0
        self._text: list[str] | None = None  # of the cell that is open
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._begin_table()
        elif self._depth == 1 and tag == "tr":
            self._end_row()
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
            self._text, self._span = [], _span(dict(attrs).get("colspan"))
        elif tag in LINES and self._text:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "table" and self._depth:
            if self._depth == 1:
                self._end_row()
                self.tables[-1].file.close()  # a page may have thousands
            self._depth -= 1
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
        elif self._depth == 1 and tag == "tr":
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._unseen:
            self._text.append(data)

    def close(self) -> None:
        """What stands before the end of a page that ends within a table is a row too."""
        super().close()
        if self._depth:
            self._end_row()

    def _begin_table(self) -> None:
        target = self._scratch / f"{self._name}.table {len(self.tables)}.csv"
        file = self._open_files.enter_context(target.open("w", encoding="utf-8", newline=""))
        self.tables.append(Table(target, file, csv.writer(file)))

    def _end_cell(self) -> None:
        if self._text is not None:
            lines = (" ".join(line.split()) for line in "".join(self._text).split("\n"))
            shown = "\n".join(line for line in lines if line)
            self.tables[-1].row += [shown, *[""] * (self._span - 1)]
            self._text = None

    def _end_row(self) -> None:
        self._end_cell()
        table = self.tables[-1]
        if table.row:
            table.writer.writerow(table.row)
            table.rows += 1
            table.cells += len(table.row)
            table.row = []


def open_page(
    path: Path, plain: Path, digest: str, encoding: str, packing: str | None, scratch: Path
) -> OpenedFile:
    """The largest table of a UTF-8 page `plain`, which came as `path`; Refused where none is."""
    with ExitStack() as open_files:
        reader = TableReader(scratch, plain.name, open_files)
        with plain.open(encoding="utf-8-sig", errors="replace") as text:
            while part := text.read(CHUNK_BYTES):
                reader.feed(part)
        reader.close()
    best = max(reader.tables, key=lambda each: each.cells, default=None)
    if best is None or best.rows < FEWEST_ROWS or best.cells < FEWEST_COLUMNS * best.rows:
        raise Unusable(
            f"{path} is a web page without a table, whatever its name says: export CSV, Excel, "
            "JSON or XML."
        )
    opened = open_csv(path, best.target, digest, encoding, packing, scratch)
    return replace(opened, kind="html")


def _span(shown: str | None) -> int:
    """How many columns a cell is wide."""
    if not shown or not shown.isdecimal():
        return 1
    return max(1, min(int(shown[:LONGEST_SPAN]), WIDEST_CELL))
