"""Tables as files: all rows and columns, instants in UTC, text as text."""

from __future__ import annotations

import io

import polars as pl
import xlsxwriter

SHEET_ROWS = 1_000_000  # a sheet holds 1,048,576 with its head

# A title that begins with "=" or looks like an address stays what it is: text.
_TEXT_STAYS_TEXT = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": False,
}


def as_csv(rows: pl.DataFrame) -> str:
    """Instants are marked as UTC."""
    return rows.with_columns(
        pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
    ).write_csv()


def as_xlsx(rows: pl.DataFrame) -> bytes:
    """A workbook with filters in its head; longer lists go on in a second sheet."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _TEXT_STAYS_TEXT) as book:
        for place in range(0, max(rows.height, 1), SHEET_ROWS):
            rows[place : place + SHEET_ROWS].write_excel(
                book,
                f"Tickets {place // SHEET_ROWS + 1}" if place else "Tickets",
                dtype_formats={pl.Datetime: "yyyy-mm-dd hh:mm:ss"},
                autofilter=True,
                freeze_panes=(1, 0),
                autofit=rows.height < 20_000,
            )
    return target.getvalue()
