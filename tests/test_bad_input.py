"""Bad input: one sentence with the way out, status 2, and the warehouse as it was."""

from __future__ import annotations

import gzip
import socket
from pathlib import Path

import pytest

from tests.command import load, meantime, refused

GOOD = "number,opened_at\nINC1,2026-01-05T09:00:00Z\n"


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """A warehouse with one ticket in it."""
    good = tmp_path / "good.csv"
    good.write_text(GOOD)
    folder = tmp_path / "warehouse"
    load(folder, good)
    return folder


def state_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        path.name: (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.iterdir()
        if path.is_file() and path.name != "loading.lock"
    }


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "no export.csv": (b"Dear all,\nplease find the numbers attached.\n", "meantime sources"),
    "empty.csv": (b"", "is empty"),
    "blank.csv": (b"\n \n\n", "is empty"),
    "header only.csv": (b"number,opened_at\r\n", "no rows"),
    "page.xls": (b"<html><body><table><tr><td>number</td></tr></table></body></html>", "XML"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
    "cut.csv.gz": (gzip.compress(GOOD.encode() * 500, mtime=0)[:-20], "export or copy it again"),
    "damaged.csv.gz": (gzip.compress(GOOD.encode())[:6] + b"nothing of the kind", "damaged"),
    "cut.parquet": (b"PAR1 and nothing more", "damaged Parquet"),
    "no zone.csv": (b"number,opened_at\nINC1,2026-01-05 09:00:00\n", "--timezone Europe/Madrid"),
    "two orders.csv": (b"number,opened_at\nINC1,05/01/2026 09:00\n", "--date-order dmy"),
    "mixed orders.csv": (
        b"number,opened_at\nINC1,25/01/2026 09:00\nINC2,01/25/2026 09:00\n",
        "day-first",
    ),
    "no dates.csv": (b"number,opened_at\nINC1,soon\nINC2,later\n", "line 2, column opened_at"),
    "no numbers.csv": (b"number,opened_at\n,2026-01-05T09:00:00Z\n", "line 2, column number"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_in_one_sentence(name: str, tmp_path: Path, warehouse: Path) -> None:
    content, way_out = BAD_FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    before = state_of(warehouse)
    sentence = refused("load", path, "--warehouse", warehouse)
    assert str(path) in sentence
    assert way_out in sentence
    assert state_of(warehouse) == before


def test_one_bad_file_refuses_the_whole_load(tmp_path: Path, warehouse: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "a.csv").write_text("number,opened_at\nINC2,2026-01-05T09:00:00Z\n")
    (folder / "b.csv").write_text("Ref;Fecha de apertura;Estado\n7;05/13/2026 09:00;Abierto\n")
    (folder / "c.json.gz").write_bytes(gzip.compress(b'{"tickets": []}' * 99)[:-9])
    before = state_of(warehouse)
    sentence = refused("load", folder, "--warehouse", warehouse)
    assert "b.csv cannot be read" in sentence
    assert "meantime map" in sentence
    (folder / "b.csv").unlink()
    assert "c.json.gz is cut" in refused("load", folder, "--warehouse", warehouse)
    assert state_of(warehouse) == before


def test_a_name_with_a_line_break_leaves_a_refusal_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text('"Created\ntime\u202e",Colour\n2026-01-05,red\n', encoding="utf-8")
    assert "Created time" in refused("load", path, "--warehouse", tmp_path / "w")


@pytest.mark.parametrize(
    ("flags", "way_out"),
    [
        (["--timezone", "Europe/Madrit"], "Europe/Madrid"),
        (["--date-order", "dym"], "dmy, mdy or ymd"),
        (["--exported-at", "yesterday"], "2026-10-31T23:00:00Z"),
        (["--exported-at", "2026-10-31T23:00:00"], "--timezone"),
        (["--source", "service-now"], "servicenow"),
        (["--source", "servicenow"], "meantime sources"),
        (["--frobnicate"], "No such option"),
    ],
)
def test_bad_flags_are_refused(
    flags: list[str], way_out: str, tmp_path: Path, warehouse: Path
) -> None:
    path = tmp_path / "more.csv"
    path.write_text("number,opened_at\nINC2,2026-01-05T09:00:00Z\n")
    before = state_of(warehouse)
    assert way_out in refused("load", path, *flags, "--warehouse", warehouse)
    assert state_of(warehouse) == before


def test_a_missing_path_or_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "does not exist" in refused("load", tmp_path / "nowhere.csv")
    (tmp_path / "folder").mkdir()
    assert ".csv" in refused("load", tmp_path / "folder")


def test_questions_that_make_no_sense_are_refused(warehouse: Path) -> None:
    here = ("--warehouse", warehouse)
    assert "did you mean mttr?" in refused("kpi", "mttrr", *here)
    assert "2026-10-01" in refused("kpi", "mttr", "--from", "October", *here)
    assert "not after" in refused("kpi", "--from", "2026-02-01", "--to", "2026-01-01", *here)
    assert "service=Mail" in refused("kpi", "--where", "Mail", *here)
    assert "priority" in refused("kpi", "mttr", "--by", "priorty", *here)
    assert "no column" in refused("tickets", "--where", "servize=Mail", *here)


def test_an_empty_warehouse_says_how_to_load(tmp_path: Path) -> None:
    assert "meantime load" in refused("kpi", "--warehouse", tmp_path / "nothing")
    assert "meantime load" in refused("loads", "--warehouse", tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("command", ["app", "demo"])
def test_a_taken_port_is_told_before_anything_is_made(command: str, tmp_path: Path) -> None:
    with socket.create_server(("localhost", 0)) as other:
        port = other.getsockname()[1]
        sentence = refused(command, "--port", port, "--warehouse", tmp_path / "wh")
    assert f"port {port}" in sentence
    assert "--port" in sentence
    assert not (tmp_path / "wh").exists()


def test_cells_cannot_speak_sql_or_markup(tmp_path: Path) -> None:
    """Hostile names and cells are data: stored as they are, and nothing else happens."""
    cell = "'); drop table tickets; --"
    path = tmp_path / "hostile'; drop table tickets; --.csv"
    path.write_text(
        f'number,opened_at,title,service,"x"" as y, ""z"\n'
        f'INC1,2026-01-05T09:00:00Z,<script>alert(1)</script>,"{cell}","=1+1"\n'
    )
    warehouse = tmp_path / "warehouse"
    load(warehouse, path)
    found = meantime(
        "tickets", "--where", f"service={cell}", "--format", "json", "--warehouse", warehouse
    ).json
    assert [row["service"] for row in found] == [cell]
    assert found[0]["title"] == "<script>alert(1)</script>"
    assert "=1+1" in found[0]["extra"]
