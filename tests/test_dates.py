"""Dates: orders decided over all rows, zones by the rules, nothing guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.times.zones_sql import create_local_to_utc
from pipelines.warehouse import Warehouse
from policies.zones import to_utc
from queries.model.connection import connect
from tests.command import load, meantime, refused

ZONES = (
    "Europe/Madrid",
    "America/New_York",
    "Africa/Cairo",
    "America/Mexico_City",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Asia/Bangkok",
    "Pacific/Apia",
    "UTC",
)


def opened(tmp_path: Path, cells: list[str], *flags: str) -> list[str | None]:
    """What becomes of these cells as `opened_at`, in order, as UTC text."""
    tmp_path.mkdir(exist_ok=True)
    path = tmp_path / "tickets.csv"
    lines = "".join(f'INC{n:04d},"{cell}"\n' for n, cell in enumerate(cells))
    path.write_text("number,opened_at\n" + lines, encoding="utf-8")
    load(tmp_path / "warehouse", path, *flags)
    with connect(Warehouse(tmp_path / "warehouse").current_path(), read_only=True) as connection:
        rows = connection.execute("select opened_at::varchar from tickets order by number")
        return [text for (text,) in rows.fetchall()]


WAYS_TO_WRITE = (
    ("2026-01-05T09:00:00Z", "2026-01-05 09:00:00"),
    ("2026-01-05 09:00:00+01:00", "2026-01-05 08:00:00"),
    ("2026-01-05 09:00:00+0100", "2026-01-05 08:00:00"),
    ("2026-01-05T09:00:00.999-05", "2026-01-05 14:00:00"),
    ("2026-01-05T09:00Z", "2026-01-05 09:00:00"),
    ("2026-01-05 09:00+01:00", "2026-01-05 08:00:00"),
    ("2026-01-05t09:00:00z", "2026-01-05 09:00:00"),
    ("2026-01-05 09:00:00 +0100", "2026-01-05 08:00:00"),
    ("2026-01-05 09:00:00 +01:00", "2026-01-05 08:00:00"),
    ("2026-01-05 09:00:00 UTC", "2026-01-05 09:00:00"),
    ("2026-07-05T09:00", "2026-07-05 07:00:00"),
    ("2026-01-05 03:04:05 PM", "2026-01-05 14:04:05"),
    ("2026-01-05 15:04:05,123", "2026-01-05 14:04:05"),
    ("20260105150405", "2026-01-05 14:04:05"),
    ("20260105T150405Z", "2026-01-05 15:04:05"),
    ("202601051504", "2026-01-05 14:04:00"),
    ("46053,5", "2026-01-31 11:00:00"),
    ("31-01-2026 09.05.07 PM", "2026-01-31 20:05:07"),
    ("31/01/2026 03:04:05 p.m.", "2026-01-31 14:04:05"),
    ("31/01/2026 3:04:05 p.\u00a0m.", "2026-01-31 14:04:05"),
    ("31/01/2026 3:04\u202fPM", "2026-01-31 14:04:00"),
    ("2026-07-05 09:00:00 CEST", "2026-07-05 07:00:00"),
    ("01/31/2026 09:00:00 EST", "2026-01-31 14:00:00"),
    ("Jan 31, 2026 09:00:00 AM GMT-5", "2026-01-31 14:00:00"),
    ("31/01/2026 09:00:00 (UTC+05:30)", "2026-01-31 03:30:00"),
    ("Sat Jan 31 2026 09:00:00 GMT-0500 (Eastern Standard Time)", "2026-01-31 14:00:00"),
    ("2026-01-05", "2026-01-04 23:00:00"),
    ("31/1/2026 9:05", "2026-01-31 08:05:00"),
    ("31.01.2026 09:05:07", "2026-01-31 08:05:07"),
    ("31-01-26 09:05", "2026-01-31 08:05:00"),
    ("1/31/2026 9:05 PM", "2026-01-31 20:05:00"),
    ("2026/01/31 09:05", "2026-01-31 08:05:00"),
    ("31/Jan/26 9:05 AM", "2026-01-31 08:05:00"),
    ("25/Feb/26 10:17 PM", "2026-02-25 21:17:00"),
    ("1/31/2026 9:00:05 AM", "2026-01-31 08:00:05"),
    ("2026-02-25 16:38:58.679", "2026-02-25 15:38:58"),
    ("Oct 31, 2026, 9:00 AM", "2026-10-31 08:00:00"),
    ("October 31, 2026 at 9:00 AM", "2026-10-31 08:00:00"),
    ("Sat, 31 Oct 2026 09:00:05", "2026-10-31 08:00:05"),
    ("Sat, 31 Oct 2026 09:00:05 +0200", "2026-10-31 07:00:05"),
    ("31 Oct 2026 09:00", "2026-10-31 08:00:00"),
    ("31-OCT-26", "2026-10-30 23:00:00"),
    ("05JAN2026 09:05", "2026-01-05 08:05:00"),
    ("05JAN2026:09:05:07", "2026-01-05 08:05:07"),
    ("5.Jan.26 09:05", "2026-01-05 08:05:00"),
    ("05-JAN-26 09.05.07.250000 PM", "2026-01-05 20:05:07"),
    ("31st October 2026 21:05", "2026-10-31 20:05:00"),
    ("2026-Oct-31 09:00", "2026-10-31 08:00:00"),
    ("31/ene/26 9:05 a. m.", "2026-01-31 08:05:00"),
    ("31 de octubre de 2026 21:05", "2026-10-31 20:05:00"),
    ("lun., 5 oct. 2026 9:05", "2026-10-05 07:05:00"),
    ("31 de dez. de 2025 09:05", "2025-12-31 08:05:00"),
    ("3 août 2026 à 9h05", "2026-08-03 07:05:00"),
    ("7 juin 2026 09:05", "2026-06-07 07:05:00"),
    ("7 juil. 2026 09:05", "2026-07-07 07:05:00"),
    ("31. Dezember 2025 09:05 Uhr", "2025-12-31 08:05:00"),
    ("05. März 2026, 09:05", "2026-03-05 08:05:00"),
    ("31/10/2026 09:05 +0100", "2026-10-31 08:05:00"),
    ("31/10/2026 09:05:00 UTC", "2026-10-31 09:05:00"),
    ("31/10/2026 9.05", "2026-10-31 08:05:00"),
    ("31.10.2026 09.05.07", "2026-10-31 08:05:07"),
    ("2026-10-31 9.05", "2026-10-31 08:05:00"),
    ("2026-10-31 09.05.07", "2026-10-31 08:05:07"),
    ("2026年10月31日 9時05分", "2026-10-31 08:05:00"),
    ("2026年10月31日 下午 9:05:07", "2026-10-31 20:05:07"),
    ("2026년 10월 31일 오전 9:05", "2026-10-31 08:05:00"),
    ("13 mei 2026 09:05", "2026-05-13 07:05:00"),
    ("31/янв/26 9:05", "2026-01-31 08:05:00"),
    ("5 мая 2026 г., 09:05", "2026-05-05 07:05:00"),
    ("вт, 5 мая 2026 г. в 09:05", "2026-05-05 07:05:00"),
    ("14 червня 2026 р. о 09:05", "2026-06-14 07:05:00"),
    ("14/Haz/26 9:05", "2026-06-14 07:05:00"),
    ("5 Ağustos 2026 09:05", "2026-08-05 07:05:00"),
    ("14. června 2026 9:05", "2026-06-14 07:05:00"),
    ("14. července 2026 9:05", "2026-07-14 07:05:00"),
    ("14 wrz 2026 09:05", "2026-09-14 07:05:00"),
    ("14 iunie 2026 09:05", "2026-06-14 07:05:00"),
    ("Sun Jun 14 09:05:00 2026", "2026-06-14 07:05:00"),
    ("Sun Jun 14 09:05:00 UTC 2026", "2026-06-14 09:05:00"),
    ("Sun Jun 14 09:05:00 2026 +0100", "2026-06-14 08:05:00"),
    ("14. marraskuuta 2026 klo 9.05", "2026-11-14 08:05:00"),
    ("46053.375", "2026-01-31 08:00:00"),
    ("1769850300", "2026-01-31 09:05:00"),
    ("1769850300123", "2026-01-31 09:05:00"),
)


@pytest.fixture(scope="module")
def instants(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each way to write an instant becomes as UTC text, each in a file of its own."""
    folder = tmp_path_factory.mktemp("ways")
    for place, (cell, _) in enumerate(WAYS_TO_WRITE):
        lines = f'number,opened_at,title\nINC{place:04d},"{cell}","{cell}"\n'
        (folder / f"way{place:02d}.csv").write_text(lines, encoding="utf-8")
    warehouse = tmp_path_factory.mktemp("read")
    load(warehouse, folder, "--timezone", "Europe/Madrid")
    with connect(Warehouse(warehouse).current_path(), read_only=True) as connection:
        rows = connection.execute("select title, opened_at::varchar from tickets")
        return dict(rows.fetchall())


@pytest.mark.parametrize(("cell", "utc"), WAYS_TO_WRITE)
def test_ways_to_write_an_instant(instants: dict[str, str], cell: str, utc: str) -> None:
    assert instants[cell] == utc


def test_two_formats_in_one_column_are_tried_in_turn(tmp_path: Path) -> None:
    cells = ["25/Feb/26 10:17 PM", "2026-feb-25 22:17:05", "Feb 25, 2026"]
    assert opened(tmp_path, cells, "--timezone", "UTC") == [
        "2026-02-25 22:17:00",
        "2026-02-25 22:17:05",
        "2026-02-25 00:00:00",
    ]


YEARS_IN_WORDS = {
    "Polish": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "Czech": "ledna února března dubna května června července srpna září října listopadu prosince",
    "Croatian": "sij velj ožu tra svi lip srp kol ruj lis stu pro",
    "Russian": "янв фев мар апр май июн июл авг сен окт ноя дек",
    "Finnish": "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
    "Turkish": "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
}


@pytest.mark.parametrize("language", YEARS_IN_WORDS)
def test_a_word_of_two_months_is_read_by_the_others_of_its_column(
    language: str, tmp_path: Path
) -> None:
    months = YEARS_IN_WORDS[language].split()
    cells = [f"14/{month}/26 9:05 AM" for month in months]
    assert opened(tmp_path, cells, "--timezone", "UTC") == [
        f"2026-{number:02}-14 09:05:00" for number in range(1, 13)
    ]


def test_a_word_of_two_months_alone_is_not_guessed(tmp_path: Path) -> None:
    """November in Polish, October in Croatian: the row is rejected, and counted as that."""
    path = tmp_path / "tickets.csv"
    path.write_text("number,opened_at\nA,14/lis/26 9:05\nB,14/mar/26 9:05\n", encoding="utf-8")
    (file,) = load(tmp_path / "warehouse", path, "--timezone", "UTC")["files"]
    assert (file["rows"], file["rows_rejected"]) == (2, 1)


@pytest.mark.parametrize(
    "cells", [["45000", "2026-01-05 09:00:00"], ["12", "45000"], ["1769850300", "5"]]
)
def test_numbers_that_may_be_something_else_are_no_dates(tmp_path: Path, cells: list[str]) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("number,opened_at\nINC1," + "\nINC2,".join(cells) + "\nINC3,2026-01-05\n")
    (file,) = load(tmp_path / "w", path, "--timezone", "UTC")["files"]
    assert file["rows_rejected"] == sum(not cell.startswith("2026-") for cell in cells)


def test_the_order_is_proven_by_one_row_among_all(tmp_path: Path) -> None:
    cells = ["05/06/2026 10:00"] * 500 + ["13/06/2026 10:00"]
    assert opened(tmp_path, cells, "--timezone", "UTC")[0] == "2026-06-05 10:00:00"


def test_a_column_that_fits_both_orders_asks(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("number,opened_at\nINC1,05/06/2026 10:00\n")
    sentence = refused("load", path, "--timezone", "UTC", "--warehouse", tmp_path / "w")
    assert "column opened_at" in sentence
    assert "'05/06/2026 10:00'" in sentence
    flags = ("--timezone", "UTC", "--date-order")
    assert opened(tmp_path / "dmy", ["05/06/2026 10:00"], *flags, "dmy") == ["2026-06-05 10:00:00"]
    assert opened(tmp_path / "mdy", ["05/06/2026 10:00"], *flags, "mdy") == ["2026-05-06 10:00:00"]


def test_columns_are_decided_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(
        "number,opened_at,resolved_at\nINC1,25/06/2026 10:00,6/26/2026 1:00 PM\n", encoding="utf-8"
    )
    load(tmp_path / "warehouse", path, "--timezone", "UTC")
    with connect(Warehouse(tmp_path / "warehouse").current_path(), read_only=True) as connection:
        row = connection.execute("select opened_at::varchar, resolved_at::varchar from tickets")
        assert row.fetchall() == [("2026-06-25 10:00:00", "2026-06-26 13:00:00")]


def test_odd_hours_follow_the_rules_and_are_told(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text(
        "number,opened_at\nINC1,2025-10-26 02:30:00\nINC2,2025-03-30 02:30:00\n", encoding="utf-8"
    )
    file = load(tmp_path / "warehouse", path, "--timezone", "Europe/Madrid")["files"][0]
    with connect(Warehouse(tmp_path / "warehouse").current_path(), read_only=True) as connection:
        rows = connection.execute("select opened_at::varchar from tickets order by number")
        # The repeated hour takes the earlier instant (+02:00), the missing one moves forward.
        assert rows.fetchall() == [("2025-10-26 00:30:00",), ("2025-03-30 01:30:00",)]
    assert [(each["code"], each["count"]) for each in file["findings"]] == [("ambiguous_time", 1)]


@pytest.fixture(scope="module")
def zones() -> dict[str, duckdb.DuckDBPyConnection]:
    connections = {}
    for zone in ZONES:
        connections[zone] = connect(None)
        create_local_to_utc(connections[zone], zone)
    return connections


@settings(max_examples=300)
@given(
    zone=st.sampled_from(ZONES),
    wall=st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1)).map(
        lambda each: each.replace(microsecond=0)
    ),
)
def test_sql_and_python_place_local_time_alike(
    zones: dict[str, duckdb.DuckDBPyConnection], zone: str, wall: datetime
) -> None:
    assert in_sql(zones, zone, wall) == to_utc(wall, ZoneInfo(zone)).replace(tzinfo=None)


@settings(max_examples=150)
@given(
    zone=st.sampled_from(ZONES[:6]),
    year=st.integers(1975, 2035),
    minutes=st.integers(-150, 150),
    data=st.data(),
)
def test_sql_and_python_agree_around_transitions(
    zones: dict[str, duckdb.DuckDBPyConnection],
    zone: str,
    year: int,
    minutes: int,
    data: st.DataObject,
) -> None:
    info = ZoneInfo(zone)
    days = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(365)]
    changes = [
        day
        for day, following in pairwise(days)
        if day.astimezone(info).utcoffset() != following.astimezone(info).utcoffset()
    ]
    day = data.draw(st.sampled_from(changes)) if changes else days[0]
    wall = day.replace(tzinfo=None) + timedelta(
        hours=data.draw(st.integers(0, 36)), minutes=minutes
    )
    assert in_sql(zones, zone, wall) == to_utc(wall, info).replace(tzinfo=None)


def in_sql(zones: dict[str, duckdb.DuckDBPyConnection], zone: str, wall: datetime) -> datetime:
    row = zones[zone].execute("select local_to_utc($wall::timestamp)", {"wall": wall}).fetchone()
    assert row is not None
    return row[0]


UTC_NAMES = ("Created At (UTC)", "created_utc", "createdAtUtc", "Created (GMT)")
OTHER_NAMES = ("Created At", "Created (UTC+02:00)", "Created (GMT-5)", "Outcome")


@pytest.mark.parametrize("name", [*UTC_NAMES, *OTHER_NAMES])
def test_a_name_that_says_utc_is_believed_against_the_zone_of_the_file(
    name: str, tmp_path: Path
) -> None:
    export, mapping = tmp_path / "issues.csv", tmp_path / "issues.toml"
    export.write_text(f"Issue ID,{name},Closed At\n12,2026-01-17 15:04:20,2026-01-17 15:04:20\n")
    mapping.write_text(
        'name = "issues"\nsource = "issues"\ntimezone = "America/New_York"\n'
        f'header = ["Issue ID", "{name}", "Closed At"]\n'
        f'[columns]\nnumber = "Issue ID"\nopened_at = "{name}"\nclosed_at = "Closed At"\n'
    )
    load(tmp_path / "warehouse", export, "--map", mapping)
    (row,) = meantime("tickets", "--warehouse", tmp_path / "warehouse", "--format", "json").json
    hour = "15" if name in UTC_NAMES else "20"
    assert row["opened_at"] == f"2026-01-17T{hour}:04:20Z"
    assert row["closed_at"] == "2026-01-17T20:04:20Z"


def test_a_file_whose_names_say_utc_needs_no_zone(tmp_path: Path) -> None:
    export = tmp_path / "tickets.csv"
    export.write_text("Number,Opened (UTC),State\nT1,2026-01-17 15:04:20,closed\n")
    mapping = tmp_path / "tickets.toml"
    mapping.write_text(
        'name = "tickets"\nsource = "tickets"\nheader = ["Number", "Opened (UTC)", "State"]\n'
        '[columns]\nnumber = "Number"\nopened_at = "Opened (UTC)"\nstate = "State"\n'
    )
    load(tmp_path / "warehouse", export, "--map", mapping)
    (row,) = meantime("tickets", "--warehouse", tmp_path / "warehouse", "--format", "json").json
    assert row["opened_at"] == "2026-01-17T15:04:20Z"
