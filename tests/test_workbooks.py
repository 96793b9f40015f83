"""What stands in the cells of a workbook is what is stored, whatever type it has there."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipelines.warehouse import Warehouse
from queries.model.connection import connect
from tests.command import load, refused

MADRID = ("--timezone", "Europe/Madrid")


def workbook(path: Path, fill: Callable[[xlsxwriter.Workbook, Worksheet], None]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        fill(book, book.add_worksheet("Incidents"))
    return path


def tickets(tmp_path: Path, path: Path, columns: str, *flags: str) -> tuple[Any, list[Any]]:
    (file,) = load(tmp_path / "w", path, *flags)["files"]
    with connect(Warehouse(tmp_path / "w").current_path(), read_only=True) as connection:
        rows = connection.execute(f"select {columns} from tickets order by number").fetchall()
    return file, rows


def test_dates_and_the_numbers_behind_them(tmp_path: Path) -> None:
    """A column where some cells are formatted as dates and others show their serial number."""

    def fill(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        shown = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write_row(0, 0, ["number", "opened_at"])
        sheet.write(1, 0, "INC1")
        sheet.write_datetime(1, 1, datetime(2026, 1, 31, 9, 0, 5), shown)
        sheet.write(2, 0, "INC2")
        sheet.write_number(2, 1, 46053.375)

    path = workbook(tmp_path / "export.xlsx", fill)
    _, rows = tickets(tmp_path, path, "opened_at::varchar", *MADRID)
    assert rows == [("2026-01-31 08:00:05",), ("2026-01-31 08:00:00",)]


def test_days_without_a_time_are_known_to_the_day(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["number", "opened_at"])
        sheet.write(1, 0, "INC1")
        sheet.write_datetime(1, 1, datetime(2026, 1, 31), day)

    path = workbook(tmp_path / "export.xlsx", fill)
    _, rows = tickets(tmp_path, path, "opened_at::varchar, precision_seconds", *MADRID)
    assert rows == [("2026-01-30 23:00:00", 86_400)]


def test_numbers_yes_and_no_and_lengths_of_time(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        length = book.add_format({"num_format": "[h]:mm:ss"})
        sheet.write_row(0, 0, ["number", "opened_at", "reopen_count", "is_major", "took", "n"])
        for row, took in enumerate((0.5, 1.5, 70.25), start=1):
            sheet.write_number(row, 0, 52267 + row)
            sheet.write_string(row, 1, "2026-01-05T09:00:00Z")
            sheet.write_number(row, 2, row)
            sheet.write_boolean(row, 3, row == 2)
            sheet.write_datetime(row, 4, timedelta(days=took), length)
            sheet.write_number(row, 5, 0.25 * row)

    path = workbook(tmp_path / "export.xlsx", fill)
    _, rows = tickets(tmp_path, path, "number, reopen_count, is_major, extra")
    assert [row[:3] for row in rows] == [
        ("52268", 1, False),
        ("52269", 2, True),
        ("52270", 3, False),
    ]
    assert [json.loads(row[3]) for row in rows] == [
        {"took": "12:00:00", "n": "0.25"},
        {"took": "36:00:00", "n": "0.5"},
        {"took": "1686:00:00", "n": "0.75"},  # 70.25 days
    ]


def test_formulas_give_what_they_gave_last_and_are_never_run(tmp_path: Path) -> None:
    def fill(_: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["number", "opened_at", "title"])
        sheet.write_row(1, 0, ["INC1", "2026-01-05T09:00:00Z"])
        sheet.write_formula(1, 2, '=HYPERLINK("http://example.com","x")', None, "x")
        sheet.write_row(2, 0, ["INC2", "2026-01-05T09:00:00Z"])
        sheet.write_string(2, 2, "=1+1")

    path = workbook(tmp_path / "export.xlsx", fill)
    assert tickets(tmp_path, path, "title")[1] == [("x",), ("=1+1",)]


def test_a_table_that_begins_further_down_and_right(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["C5"], sheet["D5"] = "number", "opened_at"
    sheet["C6"], sheet["D6"] = "INC1", "2026-01-05T09:00:00Z"
    sheet["C7"], sheet["D7"] = "INC2", "soon"
    book.save(tmp_path / "export.xlsx")
    file, rows = tickets(tmp_path, tmp_path / "export.xlsx", "number")
    assert rows == [("INC1",)]
    assert (file["rows"], file["rows_rejected"]) == (2, 1)
    with connect(Warehouse(tmp_path / "w").current_path(), read_only=True) as connection:
        lines = connection.execute("select line from rejected_rows").fetchall()
    assert (file["detected"]["header_line"], lines) == ("5", [(7,)])


@pytest.mark.parametrize(("fill", "what"), [(0, "no sheet with rows"), (1, "no sheet with rows")])
def test_a_workbook_without_rows_is_refused(tmp_path: Path, fill: int, what: str) -> None:
    path = workbook(
        tmp_path / "export.xlsx",
        lambda _, sheet: sheet.write_row(0, 0, ["number", "opened_at"][: 2 * fill]),
    )
    assert what in refused("load", path, "--warehouse", tmp_path / "w")
