"""Units of time: names, bounds in the zone, and the day table that rows find them by."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.refusal import Refused
from policies.zones import day_start, local_day
from queries.buckets import (
    TIME_UNITS,
    bucket_days,
    bucket_name,
    buckets_between,
    next_start,
    start_of,
)
from queries.day_bounds import bounds_by_day

ZONES = (
    "UTC",
    "Europe/Madrid",
    "Europe/London",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Pacific/Apia",
    "America/Havana",
)
days = st.dates(date(2009, 1, 1), date(2031, 12, 31))


@pytest.mark.parametrize(
    ("unit", "day", "name"),
    [
        ("day", date(2026, 10, 31), "2026-10-31"),
        ("week", date(2026, 10, 31), "2026-W44"),
        ("week", date(2027, 1, 3), "2026-W53"),
        ("week", date(2024, 12, 30), "2025-W01"),
        ("month", date(2026, 10, 31), "2026-10"),
        ("quarter", date(2026, 10, 31), "2026-Q4"),
        ("quarter", date(2026, 3, 31), "2026-Q1"),
        ("year", date(2026, 10, 31), "2026"),
    ],
)
def test_names(unit: str, day: date, name: str) -> None:
    assert bucket_name(unit, start_of(unit, day)) == name


@given(unit=st.sampled_from(TIME_UNITS), day=days)
def test_a_name_gives_its_days_back(unit: str, day: date) -> None:
    start = start_of(unit, day)
    from_on, to_on = bucket_days(unit, bucket_name(unit, start))
    assert (from_on, to_on) == (start, next_start(unit, start))
    assert from_on <= day < to_on


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("month", "2026-13"),
        ("month", "2026-1"),
        ("month", "October"),
        ("week", "2026-W54"),
        ("week", "2026-44"),
        ("quarter", "2026-Q5"),
        ("day", "2026-02-30"),
        ("year", "26"),
        ("month", "2026-10-31"),
    ],
)
def test_a_wrong_name_is_refused(unit: str, name: str) -> None:
    with pytest.raises(Refused, match="write it like"):
        bucket_days(unit, name)


def test_months_are_cut_in_the_zone() -> None:
    october = buckets_between(
        "month", date(2026, 10, 1), date(2026, 11, 1), ZoneInfo("Europe/Madrid")
    )[0]
    assert october.from_at == datetime(2026, 9, 30, 22)
    assert october.to_at == datetime(2026, 10, 31, 23)


def test_the_period_clips_the_first_and_the_last_one() -> None:
    found = buckets_between("month", date(2026, 9, 15), date(2026, 11, 2), ZoneInfo("UTC"))
    assert [bucket.name for bucket in found] == ["2026-09", "2026-10", "2026-11"]
    assert found[0].from_at == datetime(2026, 9, 15)
    assert found[-1].to_at == datetime(2026, 11, 2)


@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    unit=st.sampled_from(TIME_UNITS),
    first=days,
    length=st.integers(1, 400),
    offset=st.timedeltas(timedelta(0), timedelta(days=400)),
)
def test_the_day_table_finds_the_bucket_of_the_local_day(
    zone: ZoneInfo, unit: str, first: date, length: int, offset: timedelta
) -> None:
    last = first + timedelta(days=length)
    buckets = buckets_between(unit, first, last, zone)
    bounds = [*(bucket.from_at for bucket in buckets), buckets[-1].to_at]
    instant = day_start(first, zone) + offset
    found = bounds_by_day(bounds).filter(utc_day=instant.date())
    on = local_day(instant, zone)
    if instant >= bounds[-1]:
        assert on >= last
        return
    row = found.row(0, named=True)
    reached = row["position"] + (instant >= row["first_bound"]) + (instant >= row["second_bound"])
    assert buckets[reached - 1].name == bucket_name(unit, start_of(unit, on))
