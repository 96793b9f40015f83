"""Several tables in one file: each is read, told and accounted for by itself."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.warehouse import Warehouse
from queries.model.connection import connect
from tests.command import load, meantime, refused

TICKETS = "number,opened_at,title\nINC1,2026-01-05T09:00:00Z,one\nINC2,2026-01-05T10:00:00Z,two\n"
EVENTS = "number,at,field,old,new\nINC1,2026-01-05T10:00:00Z,state,new,in_progress\n"


def zipped(path: Path, members: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with connect(Warehouse(folder).current_path(), read_only=True) as connection:
        return connection.execute(query).fetchall()


def workbook(path: Path) -> Path:
    """A report with titles, a sheet of events, a sheet without rows, and a sheet of notes."""
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet = book.add_worksheet("Incidents")
    sheet.write(0, 0, "Report: Incidents")
    sheet.write_row(2, 0, ["number", "opened_at", "title", "reopen_count", "is_major"])
    for row, name in ((3, "INC1"), (4, "INC2"), (6, "INC3")):
        sheet.write(row, 0, name)
        sheet.write_datetime(row, 1, datetime(2026, 1, 5, 9, row), day)
        sheet.write(row, 2, f"  says {name}\nand more")
        sheet.write_number(row, 3, 2)
        sheet.write_boolean(row, 4, row == 4)
    sheet.write(7, 0, "INC4")
    sheet.write(7, 1, "soon")
    events = book.add_worksheet("Events")
    for row, line in enumerate(EVENTS.splitlines()):
        events.write_row(row, 0, line.split(","))
    book.add_worksheet("Nothing").write_row(0, 0, ["number", "opened_at"])
    book.add_worksheet("Notes").write_row(0, 0, ["Author", "Remark"])
    book.get_worksheet_by_name("Notes").write_row(1, 0, ["Office", "Monthly"])
    book.close()
    return path


def test_each_sheet_of_a_workbook_is_a_table(tmp_path: Path) -> None:
    path = workbook(tmp_path / "export.xlsx")
    incidents, events = load(tmp_path / "w", path, "--timezone", "UTC")["files"]
    assert (incidents["file"], events["file"]) == (f"{path}: Incidents", f"{path}: Events")
    assert (incidents["rows"], incidents["rows_rejected"], incidents["tickets_new"]) == (4, 1, 3)
    assert (events["rows"], events["events_new"]) == (1, 1)
    assert incidents["detected"]["kind"] == "xlsx"
    assert incidents["detected"]["header_line"] == "3"
    told = [each["message"] for each in incidents["findings"] if each["code"] == "not_read"]
    assert any("'Nothing' has a header and no rows" in each for each in told)
    assert any("Notes cannot be read" in each for each in told)
    assert rows(
        tmp_path / "w",
        "select number, opened_at::varchar, title, reopen_count, is_major from tickets order by 1",
    ) == [
        ("INC1", "2026-01-05 09:03:00", "  says INC1\nand more", 2, False),
        ("INC2", "2026-01-05 09:04:00", "  says INC2\nand more", 2, True),
        ("INC3", "2026-01-05 09:06:00", "  says INC3\nand more", 2, False),
    ]
    # the row of the sheet, blank rows counted
    assert rows(tmp_path / "w", 'select file, line, "column", value from rejected_rows') == [
        (f"{path}: Incidents", 8, "opened_at", "soon")
    ]
    again = load(tmp_path / "w", path, "--timezone", "UTC")
    assert [file["known"] for file in again["files"]] == [True, True]


def test_each_file_of_an_archive_is_a_table(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "pack.zip",
        {"in/a.csv": TICKETS, "b.ndjson": '{"number": "INC9", "opened_at": "2026-02-01T09:00Z"}\n'},
    )
    plain = tmp_path / "a.csv"
    plain.write_text(TICKETS)
    files = load(tmp_path / "w", path)["files"]
    assert [file["file"] for file in files] == [f"{path}: in/a.csv", f"{path}: b.ndjson"]
    assert [file["rows"] for file in files] == [2, 1]
    assert load(tmp_path / "w", plain)["files"][0]["known"]
    printed = meantime("loads", "--warehouse", tmp_path / "w").out
    assert "pack.zip" in printed


def test_what_is_no_table_beside_others_is_told(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "pack.zip",
        {
            "a.csv": TICKETS,
            "empty.csv": "",
            "none.csv": "number,opened_at\n",
            "read me.txt": "Dear all,\nplease find the numbers attached.\n",
            "logo.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "__MACOSX/._a.csv": b"\0\5\x16\7",
        },
    )
    (file,) = load(tmp_path / "w", path)["files"]
    told = [each["message"] for each in file["findings"]]
    assert len(told) == 4
    for name in ("empty.csv", "none.csv", "read me.txt", "logo.png"):
        assert sum(name in each for each in told) == 1


def packed(content: bytes, name: str = "inner.csv") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "way_out"),
    [
        (packed(packed(TICKETS.encode())), "packed twice"),
        (packed(b"number,opened_at\n" + b"0" * (300 << 20)), "more than an export would"),
        (packed(TICKETS.encode())[:-30], "damaged"),
        (packed(TICKETS.encode()).replace(b"INC", b"\0\0\0")[:60] + b"x" * 200, "damaged"),
        (packed(b""), "is empty"),
    ],
)
def test_an_archive_that_cannot_be_trusted_is_refused(
    tmp_path: Path, content: bytes, way_out: str
) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(content)
    sentence = refused("load", path, "--warehouse", tmp_path / "w")
    assert str(path) in sentence
    assert way_out in sentence


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    content = bytearray(packed(TICKETS.encode()))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "pack.zip").write_bytes(content)
    sentence = refused("load", tmp_path / "pack.zip", "--warehouse", tmp_path / "w")
    assert "password" in sentence


def test_names_inside_an_archive_lead_nowhere(tmp_path: Path) -> None:
    path = zipped(tmp_path / "pack.zip", {"../../escaped.csv": TICKETS, "/etc/x.csv": EVENTS})
    files = load(tmp_path / "w", path)["files"]
    assert [file["rows"] for file in files] == [2, 1]
    assert not list(tmp_path.parent.rglob("escaped.csv"))
    assert not list((tmp_path / "w").rglob("*.csv"))


@pytest.mark.parametrize("layout", ["list", "wrapped", "lines"])
def test_records_of_json_become_rows(tmp_path: Path, layout: str) -> None:
    records = [
        {"number": "INC1", "opened_at": "2026-01-05T09:00:00Z", "n": 1.50, "a": {"b": [1, "x"]}},
        {"number": "INC2", "opened_at": "2026-01-05T09:00:00Z", "late": True, "a": {"c": None}},
    ]
    path = tmp_path / "tickets.json"
    texts = {
        "list": json.dumps(records),
        "wrapped": json.dumps({"count": 2, "result": records}, indent=2),
        "lines": "\n".join(json.dumps(each) for each in records),
    }
    path.write_text(texts[layout].replace("1.5,", "1.50,"))
    (file,) = load(tmp_path / "w", path)["files"]
    assert (file["rows"], file["tickets_new"]) == (2, 2)
    found = [
        json.loads(str(extra))
        for (extra,) in rows(tmp_path / "w", "select extra from tickets order by number")
    ]
    assert found == [{"n": "1.50", "a.b": '[1, "x"]'}, {"late": "true"}]


def test_lines_that_are_no_record_are_rejected_by_number(tmp_path: Path) -> None:
    path = tmp_path / "tickets.ndjson"
    good = '{"number": "INC%d", "opened_at": "%s"}'
    lines = [
        good % (1, "2026-01-05T09:00:00Z"),
        '{"number": "INC2", ',
        good % (3, "soon"),
        "[1]",
        good % (5, "later"),
    ]
    path.write_text("\n".join(lines))
    (file,) = load(tmp_path / "w", path)["files"]
    assert (file["rows"], file["rows_accepted"], file["rows_rejected"]) == (5, 1, 4)
    assert rows(tmp_path / "w", "select line, value from rejected_rows order by line") == [
        (2, '{"number": "INC2",'),
        (3, "soon"),
        (4, "[1]"),
        (5, "later"),
    ]


def test_a_cut_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tickets.json"
    path.write_text('[{"number": "INC1", "opened_at": "2026-01-05T09:00:00Z"}, {"num')
    assert "cut or damaged" in refused("load", path, "--warehouse", tmp_path / "w")


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    good = workbook(tmp_path / "good.xlsx").read_bytes()
    path = tmp_path / "export.xlsx"
    for content in (good[: len(good) // 2], b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600):
        path.write_bytes(content)
        assert str(path) in refused("load", path, "--warehouse", tmp_path / "w")


def test_a_folder_loads_what_is_new_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    record = '{"number": "%s", "opened_at": "2026-02-01T09:00:00Z"}'
    (folder / "a.txt").write_text(TICKETS.replace(",", "\t"))
    (folder / "b.json").write_text(f"[{record % 'INC11'}]")
    (folder / "c.jsonl").write_text(f"{record % 'INC12'}\n{record % 'INC13'}\n")
    workbook(folder / "d.xlsx")
    (folder / "~$d.xlsx").write_bytes(b"locked by its owner")
    zipped(folder / "e.zip", {"in.ndjson": record % "INC14" + "\n" + record % "INC15"})
    first = load(tmp_path / "w", folder, "--timezone", "UTC")["files"]
    assert [file["detected"]["kind"] for file in first] == [
        *("csv", "json", "ndjson", "xlsx", "xlsx", "ndjson"),
    ]
    (folder / "f.csv").write_text("number,opened_at\nINC16,2026-02-02T09:00:00Z\n")
    second = load(tmp_path / "w", folder, "--timezone", "UTC")["files"]
    assert [file["known"] for file in second] == [True] * 6 + [False]
    assert rows(tmp_path / "w", "select count(*) from tickets") == [(9,)]
