"""CSV as it comes: the delimiter, the line that names the columns, and how wide its rows are."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import Counter
from itertools import islice
from pathlib import Path

from pipelines.reading.headers import FIRST_LINES, header_row, named
from pipelines.reading.opened import (
    CHUNK_BYTES,
    MAX_CELL_BYTES,
    OpenedFile,
    Unusable,
    csv_cells,
    csv_records,
)

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_CHARACTERS = 1 << 16
SAMPLE_ROWS = 200
FEWEST_WRAPPED = 3  # a text in quotes may well have a comma
STATED = re.compile(r'^"?sep=(.)"?\r?\n', re.IGNORECASE)


def open_csv(
    path: Path, plain: Path, digest: str, encoding: str, packing: str | None, scratch: Path
) -> OpenedFile:
    """A UTF-8 CSV `plain`, which came as `path`. Refused where it has no rows."""
    plain = _unwrapped(plain, scratch)
    delimiter = _delimiter(plain)
    first = list(islice(csv_records(plain, delimiter), FIRST_LINES + SAMPLE_ROWS))
    if first and STATED.match(",".join(first[0][1]) + "\n"):
        first[0] = (first[0][0], [])
    place = header_row([cells for _, cells in first])
    below = [] if place is None else [cells for _, cells in first[place + 1 :] if any(cells)]
    if place is None or not below:
        raise Unusable(
            f"{path} has a header and no rows, or is no table: check the filter of the export."
        )
    line, header = first[place]
    readable = plain
    if line > 1:
        readable = scratch / f"{plain.name}.from line {line}"
        _copy_from_line(plain, line, readable)
    return OpenedFile(
        path=path,
        readable=readable,
        format="csv",
        content_digest=digest,
        header=_as_wide_as_rows(named(header), below),
        encoding=encoding,
        delimiter=delimiter,
        packing=packing,
        kind="csv",
        lines_before=line - 1,
        header_line=line,
    )


def _as_wide_as_rows(header: tuple[str, ...], rows: list[list[str]]) -> tuple[str, ...]:
    """The header as wide as most rows, where a delimiter at the end of a line makes the odds."""
    width, _ = Counter(len(row) for row in rows).most_common(1)[0]
    if width == len(header) - 1 and not header[-1]:
        return header[:-1]
    if width == len(header) + 1 and not any(row[-1] for row in rows if len(row) == width):
        return (*header, "")
    return header


def _unwrapped(plain: Path, scratch: Path) -> Path:
    """The file without the quotes that stand around whole records, as a spreadsheet writes them
    that kept each record in one cell; the file itself where there are none."""
    lines = _first_lines(plain)
    for delimiter in DELIMITERS:
        records = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        cut = [_cut(row, delimiter) for row in records[:SAMPLE_ROWS]]
        width, _ = Counter(map(len, cut)).most_common(1)[0] if cut else (0, 0)
        wrapped = [row for row, cells in zip(records, cut, strict=False) if row != cells]
        if width < FEWEST_WRAPPED or not any(len(_cut(row, delimiter)) == width for row in wrapped):
            continue
        target = scratch / f"{plain.name}.unwrapped"
        with target.open("w", encoding="utf-8", newline="") as copy:
            writer = csv.writer(copy, delimiter=delimiter, lineterminator="\n")
            for _, row in csv_cells(plain, delimiter):
                cells = _cut(row, delimiter)
                writer.writerow(cells if len(cells) == width else row)
        return target
    return plain


def _cut(row: list[str], delimiter: str) -> list[str]:
    """The cells of a record that is one cell."""
    if len(row) != 1 or delimiter not in row[0]:
        return row
    inside = list(csv.reader(io.StringIO(row[0], newline=""), delimiter=delimiter))
    return inside[0] if len(inside) == 1 else row


def _first_lines(plain: Path) -> list[str]:
    csv.field_size_limit(MAX_CELL_BYTES)
    with plain.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        sample = text.read(SAMPLE_CHARACTERS)
    lines = list(io.StringIO(sample, newline=""))
    return lines[:-1] if len(sample) == SAMPLE_CHARACTERS else lines


def _delimiter(plain: Path) -> str:
    """As the file states it; else the one that cuts most of the first records alike, and most."""
    lines = _first_lines(plain)
    if lines and (stated := STATED.match(lines[0])) and stated[1] in DELIMITERS:
        return stated[1]

    def evenness(delimiter: str) -> tuple[int, int]:
        rows = (row for row in csv.reader(lines, delimiter=delimiter) if row)
        widths = Counter(len(row) for row in islice(rows, SAMPLE_ROWS))
        several = [(count, width) for width, count in widths.items() if width > 1]
        return max(several, default=(0, 1))

    return max(DELIMITERS, key=evenness)


def _copy_from_line(plain: Path, line: int, target: Path) -> None:
    """A copy without what stands above the physical line that names the columns."""
    with plain.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        above = sum(len(each.encode("utf-8", "surrogateescape")) for each in islice(text, line - 1))
    with plain.open("rb") as raw, target.open("wb") as copy:
        mark = 3 if raw.read(3) == b"\xef\xbb\xbf" else 0
        raw.seek(mark + above)
        shutil.copyfileobj(raw, copy, CHUNK_BYTES)
