"""A table that was found in a file, ready to be read as text, and the lines it came from."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pipelines.binding import Bindings, quoted
from policies.refusal import Refused

CHUNK_BYTES = 1 << 22
MAX_CELL_BYTES = 1 << 24
MIDNIGHT = "[ T]00:00(:00(\\.0+)?)?$"


class Unusable(Refused):
    """A file that holds no table, though nothing is wrong with it: empty, binary, without rows."""


class EmptyPage(Unusable):
    """A page of an API that says itself that nothing is on it, as the last of many often is."""


@dataclass(frozen=True)
class Unread:
    """A record that is no row of the table: its line (or number), what stands there, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class OpenedFile:
    """One table, ready to be read as text.

    `path` is what the user gave, `part` the sheet, member or table within it (None: the file is
    one table), `readable` the UTF-8 CSV or Parquet behind it; `header` has the names as the file
    spells them, in order, repeats included. Cells are columns `c0`, `c1` ...

    kind        what it was: csv, parquet, xlsx, json ...
    stored      the names of the columns in a Parquet file, where they are not those of the header
    lines_before  how many lines of the file stand above the first line of `readable`, or above the
                first row of a Parquet file
    header_line the line of the file that names the columns
    has_lines   a Parquet file with the line of each row behind the columns of the header
    blank       lines with nothing on them, in a Parquet file that leaves them out
    unread      records that became no row, told as rejected
    timed       places of a day and of its time of day, which `relation` shows as one cell
    beside      sentences about parts of the same file that are no tables
    """

    path: Path
    readable: Path
    format: Literal["csv", "parquet"]
    content_digest: str
    header: tuple[str, ...]
    encoding: str | None = None
    delimiter: str | None = None
    packing: str | None = None
    part: str | None = None
    kind: str | None = None
    stored: tuple[str, ...] = ()
    lines_before: int = 0
    header_line: int | None = None
    has_lines: bool = False
    blank: tuple[int, ...] = ()
    unread: tuple[Unread, ...] = ()
    timed: tuple[tuple[int, int], ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The file, and the part of it: `export.xlsx: Incidents`. Unique within a load."""
        return str(self.path) if self.part is None else f"{self.path}: {self.part}"

    def with_beside(self, sentences: Sequence[str]) -> OpenedFile:
        """The same table, telling of more parts of its file that are none."""
        return replace(self, beside=(*self.beside, *sentences))

    def relation(
        self, bind: Bindings, null_markers: tuple[str, ...], *, keep_broken: bool = False
    ) -> str:
        """SQL for all rows, every cell as text, in file order.

        Lines that are no rows are left out; `keep_broken` notes them in the temporary tables
        `reject_errors` and `reject_scans`, which one scan of a session may do.
        """
        rows = self._rows(bind, null_markers, keep_broken=keep_broken)
        if not self.timed:
            return rows
        one = ", ".join(
            f"regexp_replace(c{day}, {bind(MIDNIGHT)}, '') || coalesce(' ' || c{time}, '') "
            f"as c{day}, null::varchar as c{time}"
            for day, time in self.timed
        )
        return f"(select * replace ({one}) from {rows})"

    def _rows(self, bind: Bindings, null_markers: tuple[str, ...], *, keep_broken: bool) -> str:
        if self.format == "parquet":
            columns = ", ".join(
                f"cast({quoted(name)} as varchar) as c{i}"
                for i, name in enumerate(self.stored or self.header)
            )
            # not `in`: from a dozen values on it becomes a join for every column
            nothing = f"[{bind.all(('', *null_markers))}]"
            cells = ", ".join(
                f"case when not list_contains({nothing}, c{i}) then c{i} end as c{i}"
                for i in range(len(self.header))
            )
            path = bind(str(self.readable))
            return f"(select {cells} from (select {columns} from read_parquet({path})))"
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(self.header)))
        broken = "store_rejects = true" if keep_broken else "ignore_errors = true"
        return (
            f"read_csv({bind(str(self.readable))}, header = true, auto_detect = false, "
            f"delim = {bind(self.delimiter)}, quote = '\"', escape = '\"', "
            f"columns = {{{columns}}}, nullstr = [{bind.all(('', *null_markers))}], "
            f"max_line_size = {MAX_CELL_BYTES}, {broken}, strict_mode = true)"
        )


def csv_cells(plain: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record of a UTF-8 CSV with the physical line on which it begins (1 = the first).

    Raises csv.Error for a cell that never ends.
    """
    csv.field_size_limit(MAX_CELL_BYTES)
    with plain.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        reader = csv.reader(text, delimiter=delimiter)
        line = 1
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1


def csv_records(plain: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The records of `csv_cells`, as far as they go."""
    with suppress(csv.Error):
        yield from csv_cells(plain, delimiter)


def line_at_byte(plain: Path, position: int) -> int:
    """The physical line (1 = the first) that holds the byte at `position`."""
    line, left = 1, position
    with plain.open("rb") as raw:
        while left > 0 and (chunk := raw.read(min(CHUNK_BYTES, left))):
            line += chunk.count(b"\n")
            left -= len(chunk)
    return line
