"""Several rows of one ticket are one ticket, and the file is told what they look like."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.command import load


def findings(tmp_path: Path, text: str, *flags: str) -> tuple[dict[str, Any], dict[str, Any]]:
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    (file,) = load(tmp_path / "w", path, *flags)["files"]
    return file, {each["code"]: each for each in file["findings"]}


def test_a_join_is_recognised_and_counts_each_ticket_once(tmp_path: Path) -> None:
    lines = [
        f"INC{n},2026-01-{1 + n % 28:02d}T09:00:00Z,{category},{comment},same"
        for n in range(30)
        for category in ("Mail", "Network")
        for comment in ("hello", "", "bye")
    ]
    text = "number,opened_at,category,comment text,title\n" + "\n".join(lines)
    file, found = findings(tmp_path, text)
    assert (file["rows"], file["tickets_new"]) == (180, 30)
    assert found["join"]["count"] == 150
    assert "'category', 'comment text', which vary" in found["join"]["message"]
    assert "title" not in found["join"]["message"]


def test_rows_at_several_times_look_like_a_history(tmp_path: Path) -> None:
    lines = [
        f"INC{n},2026-01-01T09:00:00Z,2026-01-0{day}T10:00:00Z,{state}"
        for n in range(20)
        for day, state in ((2, "new"), (3, "resolved"))
    ]
    file, found = findings(tmp_path, "number,opened_at,updated_at,state\n" + "\n".join(lines))
    assert (file["rows"], file["tickets_new"]) == (40, 20)
    assert "looks like a history" in found["repeated_ticket"]["message"]


def test_rows_that_repeat_word_for_word(tmp_path: Path) -> None:
    lines = [f"INC{n % 10},2026-01-01T09:00:00Z" for n in range(20)]
    file, found = findings(tmp_path, "number,opened_at\n" + "\n".join(lines))
    assert (file["rows"], file["tickets_new"]) == (20, 10)
    assert "word for word" in found["repeated_ticket"]["message"]


@pytest.mark.parametrize(
    ("rows", "columns", "is_cut"),
    [(1_000, 2, True), (999, 2, False), (10_000, 2, True), (5_000, 100, True), (5_000, 99, False)],
)
def test_an_export_of_a_round_size_is_called_cut(
    tmp_path: Path, rows: int, columns: int, *, is_cut: bool
) -> None:
    more = columns - 2
    header = "number,opened_at" + "".join(f",c{n}" for n in range(more)) + "\n"
    lines = "".join(f"INC{n},2026-01-01T09:00:00Z{',' * more}\n" for n in range(rows))
    _, found = findings(tmp_path, header + lines)
    assert ("cut" in found) == is_cut


def test_events_are_cut_at_the_same_size(tmp_path: Path) -> None:
    lines = "".join(
        f"INC{n % 7},2026-01-01T09:00:{n % 60:02d}Z,state,,s{n}\n" for n in range(1_000)
    )
    _, found = findings(tmp_path, "number,at,field,old,new\n" + lines)
    assert found["cut"]["count"] == 1_000


def year(offset: str) -> str:
    days = (datetime(2026, 1, 1, 9) + timedelta(days=10 * n) for n in range(36))
    lines = "".join(f"INC{n},{day.isoformat()}{offset}\n" for n, day in enumerate(days))
    return "number,opened_at\n" + lines


@pytest.mark.parametrize(
    ("offset", "flags", "count"),
    [
        ("+01:00", ("--timezone", "Europe/Madrid"), 21),  # 29 March to 25 October: 21 of 36 days
        ("+0100", (), 36),
        ("+01:00", ("--timezone", "Africa/Algiers"), None),
        ("+05:30", (), None),
        ("Z", ("--timezone", "Europe/Madrid"), None),
    ],
)
def test_an_offset_that_never_follows_the_season_is_told(
    tmp_path: Path, offset: str, flags: tuple[str, ...], count: int | None
) -> None:
    _, found = findings(tmp_path, year(offset), *flags)
    assert found.get("fixed_offset", {}).get("count") == count
