"""Zones, windows, holidays and versions of calendars, in plain Python."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from policies.calendar_model import ALWAYS, Calendar
from policies.calendars import days, next_working_day, open_intervals
from policies.read import read_policy
from policies.zones import day_bounds, is_ambiguous, is_missing, to_local, to_utc

MADRID = ZoneInfo("Europe/Madrid")
WEEK = "\n".join(f'{day} = ["09:00-17:00"]' for day in ("mon", "tue", "wed", "thu", "fri"))


def calendar_of(tmp_path: Path, text: str) -> Calendar:
    file = tmp_path / "policy.toml"
    file.write_text('timezone = "Europe/Madrid"\n' + text)
    return next(iter(read_policy(file, ()).calendars.values()))


def hours(calendar: Calendar, first: date, last: date) -> float:
    """Open hours between two Madrid midnights."""
    bounds = day_bounds(first, MADRID)[0], day_bounds(last, MADRID)[0]
    return sum((b - a) / timedelta(hours=1) for a, b in open_intervals(calendar, *bounds))


def test_ambiguous_time_is_the_earlier_instant() -> None:
    local = datetime(2025, 10, 26, 2, 30)
    assert is_ambiguous(local, MADRID)
    assert to_utc(local, MADRID) == datetime(2025, 10, 26, 0, 30)


def test_missing_time_is_shifted_forward_by_the_gap() -> None:
    local = datetime(2025, 3, 30, 2, 30)
    assert is_missing(local, MADRID)
    assert to_local(to_utc(local, MADRID), MADRID) == datetime(2025, 3, 30, 3, 30)
    assert not is_missing(datetime(2025, 10, 26, 2, 30), MADRID)


def test_days_have_23_to_25_hours() -> None:
    lengths = [
        (day_bounds(day, MADRID)[1] - day_bounds(day, MADRID)[0]) / timedelta(hours=1)
        for day in (date(2025, 3, 30), date(2025, 6, 1), date(2025, 10, 26))
    ]
    assert lengths == [23, 24, 25]


def test_always_is_one_interval(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text("")
    always = read_policy(file, ()).calendars[ALWAYS]
    bounds = datetime(2025, 3, 29, 5, 6, 7), datetime(2025, 4, 2)
    assert open_intervals(always, *bounds) == [bounds]


def test_public_holidays_of_a_subdivision_close_the_day_by_name(tmp_path: Path) -> None:
    text = f'[calendars.o]\n{WEEK}\nholidays = {{ country = "ES", subdivision = "MD" }}'
    calendar = calendar_of(tmp_path, text)
    (second_of_may,) = days(calendar, date(2025, 5, 2), date(2025, 5, 2))
    assert second_of_may.windows == ()
    assert second_of_may.exception is not None
    assert "Madrid" in second_of_may.exception


def test_doubled_holidays_count_once_and_dates_beat_them(tmp_path: Path) -> None:
    text = (
        f'[calendars.o]\n{WEEK}\nholidays = [{{ country = "ES" }}, {{ country = "FR" }}]\n'
        '[calendars.o.dates]\n"2025-12-25" = ["09:00-10:00"]'
    )
    calendar = calendar_of(tmp_path, text)
    assert hours(calendar, date(2025, 5, 1), date(2025, 5, 2)) == 0
    assert hours(calendar, date(2025, 12, 25), date(2025, 12, 26)) == 1


ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
BEGIN:VEVENT
UID:1
SUMMARY:Summer closing
DTSTART;VALUE=DATE:20250811
DTEND;VALUE=DATE:20250814
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Founders' day
DTSTART;VALUE=DATE:20240304
RRULE:FREQ=YEARLY
END:VEVENT
BEGIN:VEVENT
UID:3
SUMMARY:Night before
DTSTART:20250630T220000Z
DTEND:20250701T220000Z
END:VEVENT
END:VCALENDAR
"""


def test_holiday_file(tmp_path: Path) -> None:
    (tmp_path / "closed.ics").write_text(ICS)
    calendar = calendar_of(tmp_path, f'[calendars.o]\n{WEEK}\nholidays_file = "closed.ics"')
    closed = {
        d.day: d.exception
        for d in days(calendar, date(2025, 1, 1), date(2026, 12, 31))
        if d.exception
    }
    assert closed == {
        date(2025, 3, 4): "Founders' day",
        date(2025, 7, 1): "Night before",
        date(2025, 8, 11): "Summer closing",
        date(2025, 8, 12): "Summer closing",
        date(2025, 8, 13): "Summer closing",
        date(2026, 3, 4): "Founders' day",
    }


def test_versions_change_on_their_first_local_day(tmp_path: Path) -> None:
    text = """
        [[calendars.o]]
        from = 2025-06-04
        wed = ["09:00-10:00"]
        [[calendars.o]]
        from = 2025-06-02
        mon = ["09:00-12:00"]
        wed = ["09:00-17:00"]
    """
    calendar = calendar_of(tmp_path, text)
    assert hours(calendar, date(2025, 5, 26), date(2025, 6, 2)) == 0
    assert hours(calendar, date(2025, 6, 2), date(2025, 6, 4)) == 3
    assert hours(calendar, date(2025, 6, 4), date(2025, 6, 11)) == 1


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ('["02:15-02:45"]', 0.5),  # 03:15 to 03:45 summer time
        (
            '["01:00-02:30", "03:00-04:00"]',
            2,
        ),  # both cover 03:00 to 03:30 summer time, once
        ('["01:30-02:30"]', 1),
    ],
)
def test_windows_in_the_hour_that_does_not_exist(
    tmp_path: Path, windows: str, expected: float
) -> None:
    calendar = calendar_of(tmp_path, f"[calendars.o]\nsun = {windows}")
    assert hours(calendar, date(2025, 3, 30), date(2025, 3, 31)) == expected


def test_working_day_is_the_commonest_length(tmp_path: Path) -> None:
    text = '[calendars.o]\nmon = ["09:00-17:00"]\ntue = ["09:00-17:00"]\nwed = ["09:00-12:00"]'
    assert calendar_of(tmp_path, text).versions[0].working_day_seconds == 8 * 3600


def test_next_working_day_skips_the_weekend_and_holidays(tmp_path: Path) -> None:
    text = f'[calendars.o]\n{WEEK}\n[calendars.o.dates]\n"2025-06-09" = []'
    calendar = calendar_of(tmp_path, text)
    friday = datetime(2025, 6, 6, 10)
    assert next_working_day(calendar, friday, date(2025, 7, 1)) == date(2025, 6, 10)
