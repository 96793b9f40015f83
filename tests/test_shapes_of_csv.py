"""What stands around and between the rows of a CSV: titles, totals, repeated headers, odd ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.warehouse import Warehouse
from queries.model.connection import connect
from tests.command import load, refused

HEADER = "number,opened_at,title\n"
ONE = "INC1,2026-01-05T09:00:00Z,one\n"
TWO = "INC2,2026-01-05T09:00:00Z,two\n"


def loaded(tmp_path: Path, text: str) -> tuple[dict[str, Any], list[str], list[tuple[object, ...]]]:
    """The ledger's line, the titles of the tickets, and the lines and reasons of what was not."""
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode())
    (file,) = load(tmp_path / "w", path)["files"]
    with connect(Warehouse(tmp_path / "w").current_path(), read_only=True) as connection:
        titles = connection.execute("select title from tickets order by number").fetchall()
        rejected = connection.execute("select line, reason from rejected_rows order by line")
        return file, [title for (title,) in titles], rejected.fetchall()


@pytest.mark.parametrize(
    "text",
    [
        f"Report: Incidents\n\n{HEADER}{ONE}{TWO}",
        f'"Report, with a comma\nand a second line",,\nfiltered by,Desk,\n{HEADER}{ONE}{TWO}',
        f"\ufeff\n\n{HEADER}{ONE}{TWO}",
        f"sep=,\n{HEADER}{ONE}{TWO}",
        "sep=;\r\n" + (HEADER + ONE + TWO).replace(",", ";"),
        (HEADER + ONE + TWO).replace("\n", ",\n"),
        HEADER + (ONE + TWO).replace("\n", ",\n"),
        HEADER.replace("\n", ",\n") + ONE + TWO,
        (HEADER + ONE).replace("\n", "\r\n") + TWO,
        HEADER + (ONE + TWO).replace("\n", "\r\n"),
        (HEADER + ONE + TWO).replace("\n", "\r"),
    ],
)
def test_what_stands_around_the_rows_does_not_matter(tmp_path: Path, text: str) -> None:
    file, titles, rejected = loaded(tmp_path, text)
    assert titles == ["one", "two"]
    assert (file["rows"], rejected) == (2, [])


def in_quotes(text: str) -> str:
    """Each line as one cell, as a spreadsheet saves what it never split."""
    return "".join('"' + line.replace('"', '""') + '"\n' for line in text.splitlines())


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("plain", ["", HEADER, HEADER + ONE])
def test_records_in_quotes_are_records(tmp_path: Path, plain: str, delimiter: str) -> None:
    rest = (HEADER + ONE + 'INC2,2026-01-05T09:00:00Z,"two, or ""more"""\n').removeprefix(plain)
    text = plain + in_quotes(rest) + '"INC3,soon,three"\n\n"INC4,2026-01-05T09:00:00Z,four"\n'
    file, titles, rejected = loaded(tmp_path, text.replace(",", delimiter))
    assert titles == ["one", f'two{delimiter} or "more"', "four"]
    assert (file["rows"], [line for line, _ in rejected]) == (4, [4])


def test_a_text_with_commas_is_no_record(tmp_path: Path) -> None:
    text = HEADER + ONE + '"INC2","2026-01-05T09:00:00Z","one, two, three"\n'
    assert loaded(tmp_path, text)[1:] == (["one", "one, two, three"], [])


def test_lines_are_those_of_the_file_below_a_title(tmp_path: Path) -> None:
    text = f"Report\nof today\n\n{HEADER}{ONE}INC3,soon,three\nINC4,2026-01-05T09:00:00Z\n{TWO}"
    file, titles, rejected = loaded(tmp_path, text + "Total: 4\n")
    assert titles == ["one", "two"]
    assert file["detected"]["header_line"] == "4"
    assert (file["rows"], file["rows_rejected"]) == (5, 3)
    assert [line for line, _ in rejected] == [6, 7, 9]


def test_a_repeated_header_is_no_ticket_and_not_lost(tmp_path: Path) -> None:
    file, titles, rejected = loaded(tmp_path, f"{HEADER}{ONE}{HEADER}{TWO}\ufeff{HEADER}")
    assert titles == ["one", "two"]
    assert (file["rows"], file["rows_accepted"], file["rows_rejected"]) == (4, 2, 2)
    assert rejected == [(3, "it repeats the header"), (5, "it repeats the header")]
    assert [each["count"] for each in file["findings"] if each["code"] == "repeated_header"] == [2]


def test_a_repeated_header_leaves_the_dates_alone(tmp_path: Path) -> None:
    text = "number,opened_at\nINC1,1769850300\nnumber,opened_at\nINC2,1769850301\n"
    file, _, rejected = loaded(tmp_path, text)
    assert (file["tickets_new"], rejected) == (2, [(3, "it repeats the header")])


def test_lines_that_end_in_several_ways_keep_their_numbers(tmp_path: Path) -> None:
    text = (
        "Report\r\nnumber,opened_at,title\r\n"
        'INC1,2026-01-05T09:00:00Z,"one\nand more"\n'  # 3 and 4
        "\r\n"
        "INC2,2026-01-05T09:00:00Z,two\r\n"  # 6
        "INC3,soon,three\n"  # 7
        "INC4,2026-01-05T09:00:00Z\r\n"  # 8
        "INC5,2026-01-05T09:00:00Z,a,b\n"  # 9
        "number,opened_at,title\n"  # 10
    )
    file, titles, rejected = loaded(tmp_path, text)
    assert titles == ["one\nand more", "two"]
    assert (file["rows"], file["rows_accepted"], file["rows_rejected"]) == (6, 2, 4)
    assert rejected == [
        (7, "it is needed, and it is missing or not a date"),
        (8, "it has fewer cells than the header"),
        (9, "it has more cells than the header"),
        (10, "it repeats the header"),
    ]


def test_a_title_alone_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"Report: Incidents\n\n{HEADER}")
    assert "no rows" in refused("load", path, "--warehouse", tmp_path / "w")
