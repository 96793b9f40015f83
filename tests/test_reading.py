"""Encodings, delimiters, packing and odd lines: what stands in the file is what is stored."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.warehouse import Warehouse
from queries.model.connection import connect
from tests.command import load

TEXT = (
    "number,opened_at,title\n"
    'INC1,2026-01-05T09:00:00Z,"Impresora – atasco en la planta 3ª, ¿otra vez?"\n'
    'INC2,2026-01-05T10:00:00Z,"two\nlines, ""quoted"""\n'
)
TITLES = ["Impresora – atasco en la planta 3ª, ¿otra vez?", 'two\nlines, "quoted"']


def loaded(tmp_path: Path, name: str, content: bytes) -> tuple[dict[str, Any], list[str]]:
    path = tmp_path / name
    path.write_bytes(content)
    report = load(tmp_path / "warehouse", path)
    with connect(Warehouse(tmp_path / "warehouse").current_path(), read_only=True) as connection:
        titles = connection.execute("select title from tickets order by number").fetchall()
    return report["files"][0], [title for (title,) in titles]


@pytest.mark.parametrize(
    ("encoding", "detected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("windows-1252", "windows-1252"),
    ],
)
def test_encodings_are_found_by_reading_everything(
    tmp_path: Path, encoding: str, detected: str
) -> None:
    file, titles = loaded(tmp_path, "export.csv", TEXT.encode(encoding))
    assert titles == TITLES
    assert file["detected"]["encoding"] == detected


def test_one_odd_byte_far_down_decides_the_encoding(tmp_path: Path) -> None:
    rows = "".join(f"INC{n},2026-01-05T09:00:00Z,plain\n" for n in range(3, 5000))
    text = "number,opened_at,title\n" + rows
    content = text.encode() + b"INC5000,2026-01-05T09:00:00Z,a \x96 b\n"
    file, titles = loaded(tmp_path, "export.csv", content)
    assert file["detected"]["encoding"] == "windows-1252"
    assert "a – b" in titles


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(tmp_path: Path, delimiter: str) -> None:
    text = (
        delimiter.join(("number", "opened_at", "title"))
        + "\n"
        + delimiter.join(("INC1", "2026-01-05T09:00:00Z", '"a,b;c|d\te"'))
        + "\n"
    )
    file, titles = loaded(tmp_path, "export.csv", text.encode())
    assert titles == ["a,b;c|d\te"]
    assert file["detected"]["delimiter"] == delimiter


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_line_ends_and_a_missing_last_one(tmp_path: Path, line_end: str) -> None:
    text = line_end.join(("number,opened_at,title", "INC1,2026-01-05T09:00:00Z,x"))
    _, titles = loaded(tmp_path, "export.csv", text.encode())
    assert titles == ["x"]


def test_gzip_is_told_by_content_and_known_as_its_plain_twin(tmp_path: Path) -> None:
    loaded(tmp_path, "export.csv", TEXT.encode())
    file, titles = loaded(tmp_path, "renamed.csv", gzip.compress(TEXT.encode()))
    assert file["known"]
    assert titles == TITLES


def test_parquet_typed_or_text_gives_the_same_tickets(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "number": ["INC1", "INC2"],
            "opened_at": ["2026-01-05T09:00:00Z", "2026-01-05T10:00:00Z"],
            "title": TITLES,
            "reopen_count": ["0", "2"],
        }
    )
    typed = frame.with_columns(
        pl.col("opened_at").str.to_datetime(time_zone="UTC"), pl.col("reopen_count").cast(pl.Int64)
    )
    frame.write_csv(tmp_path / "tickets.csv")
    frame.write_parquet(tmp_path / "text.parquet")
    typed.write_parquet(tmp_path / "typed.parquet")
    digests = {
        load(tmp_path / f"warehouse {name}", tmp_path / name)["digests"]["tickets"]
        for name in ("tickets.csv", "text.parquet", "typed.parquet")
    }
    assert len(digests) == 1


def test_rejected_rows_keep_their_physical_line(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(
        "number,opened_at,reopen_count\n"  # 1
        "INC1,2026-01-05T09:00:00Z,0\n"  # 2
        "INC2,2026-01-05T09:00:00Z\n"  # 3: too few cells
        "\n"  # 4: nothing
        '"INC\n3",2026-01-05T09:00:00Z,1\n'  # 5 and 6: one row
        "INC4,2026-02-30T09:00:00Z,1\n"  # 7: no such day
        "INC5,2026-01-05T09:00:00Z,1,9\n"  # 8: too many cells
        "INC6,2026-01-05T09:00:00Z,many\n"  # 9: no number
        ",2026-01-05T09:00:00Z,1\n"  # 10: nobody's
    )
    report = load(tmp_path / "warehouse", path)["files"][0]
    assert (report["rows"], report["rows_accepted"], report["rows_rejected"]) == (7, 2, 5)
    with connect(Warehouse(tmp_path / "warehouse").current_path(), read_only=True) as connection:
        found = connection.execute(
            'select line, "column", value from rejected_rows order by line'
        ).fetchall()
    assert found == [
        (3, None, "INC2,2026-01-05T09:00:00Z"),
        (7, "opened_at", "2026-02-30T09:00:00Z"),
        (8, None, "INC5,2026-01-05T09:00:00Z,1,9"),
        (9, "reopen_count", "many"),
        (10, "number", None),
    ]


def test_null_markers_are_no_values(tmp_path: Path) -> None:
    markers = ("?", "-", "null", "N/A", "")
    lines = "".join(f"INC{n},2026-01-05T09:00:00Z,{mark}\n" for n, mark in enumerate(markers))
    _, titles = loaded(tmp_path, "export.csv", ("number,opened_at,title\n" + lines).encode())
    assert titles == [None] * len(markers)


@pytest.mark.slow
def test_quoted_line_breaks_survive_a_parallel_read(tmp_path: Path) -> None:
    """Larger than one reading block, so that several threads must agree on where rows begin."""
    count = 300_000
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("number,opened_at,title\n")
        for n in range(count):
            file.write(f'INC{n},2026-01-05T09:00:00Z,"line ""one"", {n % 97 * "x"}\n{n}"\n')
    report = load(tmp_path / "warehouse", path)["files"][0]
    assert (report["rows"], report["rows_rejected"], report["tickets_new"]) == (count, 0, count)
