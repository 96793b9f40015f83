"""The first rows promise how dates are written; a later row that breaks the promise is read too."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.times.dates import FIRST_ROWS
from pipelines.warehouse import Warehouse
from queries.model.connection import connect
from tests.command import load, refused

PLAIN_ROWS = "".join(f"INC{n},2026-01-05 09:00:00\n" for n in range(FIRST_ROWS + 100))


def _export(folder: Path, *later: str) -> Path:
    path = folder / "tickets.csv"
    lines = "".join(f"LATE{n},{text}\n" for n, text in enumerate(later))
    path.write_text(f"number,opened_at\n{PLAIN_ROWS}{lines}", encoding="utf-8")
    return path


def _opened(warehouse: Path) -> list[str]:
    with connect(Warehouse(warehouse).current_path(), read_only=True) as connection:
        sql = "select opened_at::varchar from tickets where number like 'LATE%' order by number"
        return [row[0] for row in connection.execute(sql).fetchall()]


def test_an_offset_in_a_later_row_is_respected(tmp_path: Path) -> None:
    export = _export(tmp_path, "2026-01-05T09:00:00+03:00", "2026-01-05 09:00:00.75")
    warehouse = tmp_path / "warehouse"
    file = load(warehouse, export, "--timezone", "Europe/Madrid")["files"][0]
    assert (file["rows"], file["rows_rejected"]) == (FIRST_ROWS + 102, 0)
    assert _opened(warehouse) == ["2026-01-05 06:00:00", "2026-01-05 08:00:00"]


def test_a_later_row_that_is_no_date_is_rejected_with_its_line(tmp_path: Path) -> None:
    export = _export(tmp_path, "soon", "2026-01-05 10:00:00")
    warehouse = tmp_path / "warehouse"
    file = load(warehouse, export, "--timezone", "UTC")["files"][0]
    assert (file["rows_accepted"], file["rows_rejected"]) == (FIRST_ROWS + 101, 1)
    with connect(Warehouse(warehouse).current_path(), read_only=True) as connection:
        rejected = connection.execute("select line, value from rejected_rows").fetchall()
    assert rejected == [(FIRST_ROWS + 102, "soon")]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Madrid"])
def test_a_later_row_in_another_format_refuses_the_file(tmp_path: Path, zone: str) -> None:
    export = _export(tmp_path, "31/12/2025 09:00")
    sentence = refused("load", export, "--timezone", zone, "--warehouse", tmp_path / "warehouse")
    assert "some dates are written year first" in sentence


def test_year_first_beside_names_of_months_leaves_nothing_open(tmp_path: Path) -> None:
    export = _export(tmp_path, "5 Jan 2026 9:00 AM", "5 de enero de 2026 10:00", "2026-01-05T11:00")
    warehouse = tmp_path / "warehouse"
    file = load(warehouse, export, "--timezone", "UTC")["files"][0]
    assert file["rows_rejected"] == 0
    assert _opened(warehouse) == [f"2026-01-05 {hour:02d}:00:00" for hour in (9, 10, 11)]
