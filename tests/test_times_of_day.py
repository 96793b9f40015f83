"""A day in one column and its time of day in another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ticket_rows import loaded

LISTS = (
    ("Ticket,Date,Time,Status", "31/01/2026", "09:05", "14/02/2026", "17:35:00"),
    ("Vorgang,Datum,Uhrzeit,Status", "31.01.2026", "9:05", "14.02.2026", "17:35"),
    ("Incidencia,Fecha,Hora,Estado", "2026-01-31", "09:05:00", "2026-02-14", "5:35 PM"),
    ("Numéro,Date,Heure,Statut", "31 janv. 2026", "09:05", "14 févr. 2026", "17:35"),
)


@pytest.mark.parametrize(("header", "day", "time", "last", "end"), LISTS)
def test_a_log_tells_the_day_and_the_time_apart(
    tmp_path: Path, header: str, day: str, time: str, last: str, end: str
) -> None:
    text = f"{header}\nT1,{day},{time},New\nT1,{last},{end},Resolved\n"
    found = loaded(tmp_path, text, "--timezone", "UTC")
    assert found.file["rows_rejected"] == 0
    assert found.column("opened_at") == ["2026-01-31 09:05:00"]
    assert found.column("resolved_at") == ["2026-02-14 17:35:00"]
    assert "whole_days" not in found.finding_codes


def test_a_list_names_what_happened_twice(tmp_path: Path) -> None:
    text = (
        "Number,Short description,Opened date,Opened time,Resolved date,Resolved time,State\n"
        "INC1,Mail,01/31/2026,09:05,02/14/2026,17:35,Resolved\n"
        "INC2,Mail,01/31/2026,,,,New\n"
    )
    toml = (
        'name = "desk"\nsource = "desk"\ntimezone = "UTC"\n[columns]\nnumber = "Number"\n'
        'opened_at = "Opened date"\nresolved_at = "Resolved date"\nstate = "State"\n'
    )
    (tmp_path / "desk.toml").write_text(toml)
    found = loaded(tmp_path, text, "--map", str(tmp_path / "desk.toml"))
    assert found.column("opened_at") == ["2026-01-31 09:05:00", "2026-01-31 00:00:00"]
    assert found.column("resolved_at") == ["2026-02-14 17:35:00", None]


def test_a_length_of_time_beside_a_day_is_none_of_its_times(tmp_path: Path) -> None:
    text = (
        "number,opened_at,Resolution date,Resolution time\n"
        "1,2026-01-31T09:05:00Z,2026-02-14,08:30\n2,2026-01-31T09:05:00Z,2026-02-14,03:30\n"
    )
    found = loaded(tmp_path, text)
    assert found.column("extra") == [
        '{"Resolution date":"2026-02-14","Resolution time":"08:30"}',
        '{"Resolution date":"2026-02-14","Resolution time":"03:30"}',
    ]


def test_days_without_times_are_told(tmp_path: Path) -> None:
    text = "number,opened_at,resolved_at\n1,2026-01-31,2026-02-01\n2,2026-01-31,\n"
    found = loaded(tmp_path, text, "--timezone", "UTC")
    (told,) = found.file["findings"]
    assert (told["code"], told["count"]) == ("whole_days", 2)
    assert "2 of 2 rows tell the day alone (opened_at and resolved_at)" in told["message"]


def test_a_log_of_days_is_told_and_one_of_times_is_not(tmp_path: Path) -> None:
    days = [f"T{n},2026-0{n % 3 + 3}-{n + 10},New\nT{n},2026-07-{n + 10},Done\n" for n in range(5)]
    found = loaded(tmp_path, "Ticket,Date,Status\n" + "".join(days), "--timezone", "Europe/Madrid")
    assert "whole_days" in found.finding_codes
    times = [line.replace(",New", " 09:05,New") for line in days]
    found = loaded(tmp_path, "Ticket,Date,Status\n" + "".join(times), "--timezone", "Europe/Madrid")
    assert "whole_days" not in found.finding_codes
