"""Tickets cut by the hour, the weekday and the office hours of their opening, in the zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from pipelines.contract import TICKETS
from policies.model import Policy
from policies.read import read_policy
from policies.zones import to_local
from queries.bands import WEEKDAYS
from queries.catalogue import read_metrics
from queries.measure import evidence, measure
from queries.model.local_time import offsets_by_day
from queries.question import Question
from tests.conftest import build_warehouse

VOLUME = read_metrics()["ticket_volume"]
ZONES = ("Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")


def policy_of(folder: Path, zone: str) -> Policy:
    path = folder / "policy.toml"
    path.write_text(f'timezone = "{zone}"\n', encoding="utf-8")
    return read_policy(path, TICKETS.names)


@pytest.mark.parametrize("zone", ZONES)
def test_hour_and_weekday_are_those_of_the_wall(tmp_path: Path, zone: str) -> None:
    policy = policy_of(tmp_path, zone)
    # every 37 minutes of the three weeks around each change of the clocks of 2026
    starts = [datetime(2026, 3, 1), datetime(2026, 3, 22), datetime(2026, 10, 22)]
    starts.append(datetime(2026, 10, 30))
    step = timedelta(minutes=37)
    instants = [start + step * number for start in starts for number in range(400)]
    tickets = [{"number": f"T{n}", "opened_at": at} for n, at in enumerate(instants)]
    connection = build_warehouse(policy, tickets, exported_at="2026-12-01 00:00:00")
    found = (
        connection.cursor()
        .sql(
            "select opened_at, cast(hour as varchar) as hour, cast(weekday as varchar) as day"
            " from counted_tickets"
        )
        .pl()
    )
    assert found.height == len(instants)
    for opened_at, hour, day in found.iter_rows():
        local = to_local(opened_at, ZoneInfo(zone))
        assert (hour, day) == (f"{local:%H}", WEEKDAYS[local.weekday()]), opened_at


def test_both_cut_a_figure_in_their_own_order(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, "UTC")
    openings = ["2026-10-04 23:30:00", "2026-10-05 09:10:00", "2026-10-05 09:50:00"]
    openings += ["2026-10-06 02:00:00", "2026-10-11 23:00:00"]
    tickets = [{"number": f"T{n}", "opened_at": at} for n, at in enumerate(openings)]
    connection = build_warehouse(policy, tickets)
    answer = measure(connection, VOLUME, Question(by=("weekday", "hour")), policy)
    assert answer.rows.select("bucket", "bucket_2", "value").rows() == [
        ("Monday", "09", 2),
        ("Tuesday", "02", 1),
        ("Sunday", "23", 2),
    ]
    where = {"weekday": ("Monday",), "hour": ("09",)}
    rows = evidence(connection, VOLUME, Question(where=where), policy)
    assert set(rows["number"]) == {"T1", "T2"}


def test_the_office_closes_at_night_and_on_sundays() -> None:
    policy = read_policy(Path(__file__).parent / "golden" / "policy.toml", TICKETS.names)
    openings = ["2026-10-05 10:00:00", "2026-10-05 23:00:00", "2026-10-04 10:00:00"]
    tickets = [{"number": f"T{n}", "opened_at": at} for n, at in enumerate(openings)]
    connection = build_warehouse(policy, tickets)
    answer = measure(connection, VOLUME, Question(by=("out_of_hours",)), policy)
    assert dict(answer.rows.select("bucket", "value").iter_rows()) == {"false": 1, "true": 2}


def test_a_day_of_changing_clocks_has_two_offsets() -> None:
    days = pl.Series([date(2026, 10, 24), date(2026, 10, 25), date(2026, 10, 26)])
    rows = offsets_by_day(days, ZoneInfo("Europe/Madrid")).rows()
    assert [(row[1], row[3]) for row in rows] == [(7200, 7200), (7200, 3600), (3600, 3600)]
    assert rows[1][2] == datetime(2026, 10, 25, 1)
