"""A report as a workbook: whole tables, numbers as numbers, durations as durations.

Texts are written as texts and never as formulas, links or numbers, whatever they begin with.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time
from math import isnan
from typing import Any

import polars as pl
import xlsxwriter

from queries import wording
from reports import cells
from reports.cells import Cell, Kind, Table
from reports.content import Report
from reports.evidence import Evidence

DAY = 86_400
CHARACTERS = 9  # of a column of width 1
MOST_ROWS = 1_048_000
EPOCH_MICROSECONDS = -2_209_161_600_000_000  # 1899-12-30, day 0 of a workbook
LONGEST_TEXT = 32_767
NOT_TOLD = "not told"  # counted, but of an unknown value: no average counts it

FORMATS: dict[Kind, str] = {
    "count": "#,##0",
    "number": "#,##0.00",
    "share": "0.0%",
    "duration": "[h]:mm",
    "instant": "yyyy-mm-dd hh:mm",
    "day": "yyyy-mm-dd",
}
# Earlier than zero no spreadsheet can show a duration: it is written in hours instead.
NEGATIVE_DURATION = '#,##0.00" h"'


def xlsx(report: Report, evidence: Evidence) -> bytes:
    """The workbook; the same bytes for the same report."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        },
    )
    created = datetime.combine(report.printed_on, time())
    book.set_properties(
        {
            "title": report.heading,
            "author": report.author,
            "company": report.organisation.name,
            "created": created.replace(tzinfo=UTC),
        }
    )
    sheet = _Sheets(book, report.organisation.accent)
    sheet.add(_summary(report))
    for section in report.sections:
        for table in section.tables:
            sheet.add(table)
    sheet.add(report.months)
    sheet.add_frame("Evidence", evidence.rows, evidence.durations)
    sheet.add_frame("Tickets", evidence.tickets)
    sheet.add(report.definitions)
    sheet.add(_filters(report))
    book.close()
    return target.getvalue()


def _summary(report: Report) -> Table:
    """The cover as rows."""
    rows = [
        ("Report", cells.text(report.heading)),
        ("Verdict", cells.text(report.verdict)),
        *(("Note", cells.text(words)) for words in report.warnings),
        *((fact.name, fact.cell) for fact in report.promises),
        *(
            (f"Comment, {each.who}", cells.text(each.text))
            for each in report.comments
        ),
        *((section.name, cells.text(section.headline)) for section in report.sections),
    ]  # fmt: skip
    return _pairs("Summary", rows)


def _filters(report: Report) -> Table:
    return _pairs("Filters", [(fact.name, fact.cell) for fact in report.origin])


def _pairs(name: str, rows: Sequence[tuple[str, Cell]]) -> Table:
    return Table(
        name,
        name,
        cells.columns(("What", 3, "left"), ("It says", 12, "left")),
        cells.rows_of([[cells.text(key), cell] for key, cell in rows]),
    )


class _Sheets:
    """One sheet per table, heads frozen, filters on."""

    def __init__(self, book: Any, accent: str) -> None:
        self.book = book
        self.head = book.add_format(
            {"bold": True, "bottom": 1, "bottom_color": accent, "text_wrap": True, "valign": "top"}
        )
        self.text = book.add_format({"valign": "top"})
        self.wrapped = book.add_format({"valign": "top", "text_wrap": True})
        self.by_kind = {
            kind: book.add_format({"num_format": pattern, "valign": "top"})
            for kind, pattern in FORMATS.items()
        }
        self.negative = book.add_format({"num_format": NEGATIVE_DURATION, "valign": "top"})

    def add(self, table: Table) -> None:
        titles = [column.title or wording.DASH for column in table.columns]
        sheet = self._sheet(table.name, titles, [column.width for column in table.columns])
        if not table.rows:
            sheet.write_string(1, 0, table.absent)
            return
        for number, row in enumerate(table.rows[:MOST_ROWS], start=1):
            for place, cell in enumerate(row):
                self._write(sheet, number, place, cell, is_wide=table.columns[place].width > 5)
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)

    def add_frame(
        self, name: str, rows: pl.DataFrame, durations: Collection[str] = frozenset()
    ) -> None:
        """A frame column by column; the columns `durations` are seconds."""
        widths = [4.0 if column == "Title" else 2.0 for column in rows.columns]
        sheet = self._sheet(name, rows.columns, widths)
        if rows.is_empty():
            sheet.write_string(1, 0, "No row.")
            return
        rows = rows.head(MOST_ROWS)
        for place, column in enumerate(rows.columns):
            self._column(sheet, place, rows[column], is_duration=column in durations)
        sheet.autofilter(0, 0, rows.height, rows.width - 1)

    def _column(self, sheet: Any, place: int, values: pl.Series, *, is_duration: bool) -> None:
        if values.dtype == pl.String:
            for number, value in enumerate(values.to_list(), start=1):
                if value is not None:
                    sheet.write_string(number, place, value[:LONGEST_TEXT], self.text)
            return
        look = self.by_kind["duration" if is_duration else "number"]
        if isinstance(values.dtype, pl.Datetime):
            # Days since the beginning of a workbook's time, with their fraction.
            values = (values.dt.epoch("us") - EPOCH_MICROSECONDS) / (DAY * 1_000_000)
            look = self.by_kind["instant"]
        for number, value in enumerate(values.to_list(), start=1):
            if value is None:
                continue
            if isnan(value):
                sheet.write_string(number, place, NOT_TOLD, self.text)
            elif not is_duration:
                sheet.write_number(number, place, value, look)
            elif value >= 0:
                sheet.write_number(number, place, value / DAY, look)
            else:
                sheet.write_number(number, place, value / 3_600, self.negative)

    def _sheet(self, name: str, titles: Sequence[str], widths: Sequence[float]) -> Any:
        """A sheet with its head, frozen and repeated in print."""
        sheet = self.book.add_worksheet(name)
        for place, (title, width) in enumerate(zip(titles, widths, strict=True)):
            sheet.set_column(place, place, width * CHARACTERS, self.text)
            sheet.write_string(0, place, title, self.head)
        sheet.freeze_panes(1, 0)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        return sheet

    def _write(self, sheet: Any, row: int, place: int, cell: Cell, *, is_wide: bool) -> None:
        value = cell.value
        if isinstance(value, bool):
            sheet.write_boolean(row, place, value, self.text)
        elif isinstance(value, int | float):
            if cell.kind == "duration":
                if value < 0:
                    sheet.write_number(row, place, value / 3_600, self.negative)
                    return
                value = value / DAY
            sheet.write_number(row, place, value, self.by_kind.get(cell.kind, self.text))
        elif isinstance(value, date):
            sheet.write_datetime(row, place, value, self.by_kind[cell.kind])
        elif cell.words:
            look = self.wrapped if is_wide else self.text
            sheet.write_string(row, place, cell.words[:LONGEST_TEXT], look)
