"""Workbooks: every sheet that holds a table, each cell as the text that it stands for.

Dates become ISO text, durations `H:MM:SS`, whole numbers have no ".0"; what a formula would do is
not asked, what it last gave is read.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import fastexcel
import polars as pl

from pipelines.reading.headers import header_row, named
from pipelines.reading.opened import OpenedFile, Unusable
from policies.refusal import Refused

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORKBOOK_MEMBERS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
DATE = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?$"
# Excel counts days from the end of 1899; what lies this early is a length of time, not a day.
LENGTH = r"^(1899|19[0-4]\d)-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?$"
DAY_ZERO = datetime(1899, 12, 31)
LEAP_DAY_THAT_NEVER_WAS = datetime(1900, 3, 1)


def is_workbook(names: set[str]) -> bool:
    """Whether a zip archive with these names is a workbook."""
    return any(member in names for member in WORKBOOK_MEMBERS)


def open_workbook(
    path: Path, plain: Path, digest: str, packing: str | None, scratch: Path
) -> list[OpenedFile]:
    """The tables of a workbook, one a sheet. Refused where it is damaged, locked or empty."""
    try:
        reader = fastexcel.read_excel(plain.read_bytes())
        names = list(reader.sheet_names)
    except fastexcel.FastExcelError as error:
        raise Refused(
            f"{path} cannot be opened as a workbook: it is damaged, or protected by a password; "
            "save it again without one, or export CSV."
        ) from error
    opened: list[OpenedFile] = []
    beside: list[str] = []
    for place, name in enumerate(names):
        sheet = _sheet(path, reader, name)
        head = header_row(sheet.head(200).rows()) if sheet.width else None
        if head is None:
            beside.append(f"sheet {name!r} is empty, so nothing was read from it")
            continue
        header, rows, blank = _cut(sheet, head)
        if not rows.height:
            beside.append(f"sheet {name!r} has a header and no rows, so nothing was read from it")
            continue
        target = scratch / f"{plain.name}.{place}.parquet"
        rows.write_parquet(target, compression="snappy")
        opened.append(
            OpenedFile(
                path=path,
                readable=target,
                format="parquet",
                content_digest=f"{digest}:{name}",
                header=header,
                packing=packing,
                part=name,
                kind="xlsx",
                stored=tuple(rows.columns),
                lines_before=head + 1,
                header_line=head + 1,
                blank=blank,
            )
        )
    if not opened:
        raise Unusable(f"{path} has no sheet with rows: check the filter of the export.")
    return [opened[0].with_beside(beside), *opened[1:]]


def _sheet(path: Path, reader: fastexcel.ExcelReader, name: str) -> pl.DataFrame:
    try:
        return reader.load_sheet(
            name, header_row=None, skip_rows=0, dtypes="string", skip_whitespace_tail_rows=True
        ).to_polars()
    except fastexcel.FastExcelError as error:
        raise Refused(
            f"{path}, sheet {name!r} cannot be read: save the workbook again, or export CSV."
        ) from error


def _cut(sheet: pl.DataFrame, head: int) -> tuple[tuple[str, ...], pl.DataFrame, tuple[int, ...]]:
    """The header, the rows below it as text in columns `c0`, `c1` ..., and which were blank."""
    rows = sheet.slice(head + 1)
    rows.columns = [f"c{place}" for place in range(rows.width)]
    is_blank = rows.select(pl.all_horizontal(pl.all().is_null())).to_series()
    blank = tuple(place + head + 2 for place in is_blank.arg_true())
    rows = rows.filter(~is_blank)
    return (
        named(sheet.row(head)),
        rows.select(_as_written(rows, name) for name in rows.columns),
        blank,
    )


def _as_written(rows: pl.DataFrame, name: str) -> pl.Series:
    """A column of cells: lengths of time as `H:MM:SS`, dates without a time as dates."""
    cells = rows[name].cast(pl.String)
    lengths = cells.str.contains(LENGTH)
    if lengths.any():
        cells = pl.Series(
            name,
            [
                _length(text) if text is not None and is_length else text
                for text, is_length in zip(cells, lengths, strict=True)
            ],
        )
    dates = cells.filter(cells.str.contains(DATE))
    if dates.len() and dates.str.ends_with(" 00:00:00").all():
        days = cells.str.replace(r"^(\d{4}-\d{2}-\d{2}) 00:00:00$", "$1")
        return days.alias(name)
    return cells.alias(name)


def _length(text: str) -> str:
    """A length of time that came as a day of 1900: `1900-01-01 12:00:00` -> `36:00:00`."""
    moment = datetime.fromisoformat(text)
    days = (moment - DAY_ZERO).days + (moment >= LEAP_DAY_THAT_NEVER_WAS)
    seconds = days * 86_400 + (moment - datetime(moment.year, moment.month, moment.day)).seconds
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
