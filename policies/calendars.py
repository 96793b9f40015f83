"""The open hours of a calendar, day by day and as intervals between instants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

from policies.calendar_model import Calendar, CalendarVersion, PublicHolidays, Window
from policies.zones import day_start, local_day, to_utc

ONE_DAY = timedelta(days=1)
DATED = "dated exception"


@dataclass(frozen=True)
class Day:
    """One local day of a calendar version.

    `starts_at` and `ends_at` bound the local day, `windows` are its open hours, all in naive UTC
    and half-open. `exception` is the name of the holiday that replaces the weekday's hours, DATED
    for a dated exception on no holiday, None on an ordinary day.
    """

    day: date
    starts_at: datetime
    ends_at: datetime
    windows: tuple[tuple[datetime, datetime], ...]
    exception: str | None


@cache
def _public_holidays(country: str, subdivision: str | None) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=subdivision)


def _public_name(places: tuple[PublicHolidays, ...], day: date) -> str | None:
    found = (_public_holidays(place.country, place.subdivision).get(day) for place in places)
    return next((name for name in found if name), None)


def holiday_name(version: CalendarVersion, day: date) -> str | None:
    """The name of the holiday that closes a day in this version, or None."""
    if name := _public_name(version.holidays, day):
        return name
    return next((file.days[day] for file in version.holidays_file if day in file.days), None)


def opening(version: CalendarVersion, day: date) -> tuple[tuple[Window, ...], str | None]:
    """The local windows of a day, and the name of the exception or holiday that set them."""
    if day in version.dates:
        return version.dates[day], holiday_name(version, day) or DATED
    if name := holiday_name(version, day):
        return (), name
    return version.week[day.weekday()], None


def days(calendar: Calendar, first: date, last: date) -> Iterator[Day]:
    """The local days from `first` to `last`, both included, of the versions in force.

    A day before the first version, and the days of an ended version, are left out.
    """
    for version, following in zip(calendar.versions, (*calendar.versions[1:], None), strict=True):
        begin = max(first, version.from_day or first)
        end = last if following is None else min(last, _day_before(following))
        for offset in range((end - begin).days + 1):
            yield _day(version, begin + timedelta(days=offset))


def _day_before(version: CalendarVersion) -> date:
    # Only the oldest version may have no first day, and it follows none.
    return (version.from_day or date.min + ONE_DAY) - ONE_DAY


def _day(version: CalendarVersion, day: date) -> Day:
    zone = version.timezone
    local, exception = opening(version, day)
    midnight = datetime.combine(day, time())
    windows = (
        (
            to_utc(midnight + timedelta(minutes=window.opens), zone),
            to_utc(midnight + timedelta(minutes=window.closes), zone),
        )
        for window in local
    )
    return Day(
        day=day,
        starts_at=day_start(day, zone),
        ends_at=day_start(day + ONE_DAY, zone),
        windows=tuple((opens, closes) for opens, closes in windows if opens < closes),
        exception=exception,
    )


def open_intervals(
    calendar: Calendar, from_at: datetime, to_at: datetime
) -> list[tuple[datetime, datetime]]:
    """The open hours between two instants: disjoint, in order, touching ones joined."""
    intervals = sorted(
        interval
        for version_days in _local_days(calendar, from_at, to_at)
        for interval in version_days.windows
    )
    joined: list[tuple[datetime, datetime]] = []
    for day_opens, day_closes in intervals:
        opens, closes = max(day_opens, from_at), min(day_closes, to_at)
        if opens >= closes:
            continue
        # A gap in local time (clocks set forward) can push a window's start into the window
        # before it, and versions may lie in different zones: what is open twice counts once.
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return joined


def _local_days(calendar: Calendar, from_at: datetime, to_at: datetime) -> Iterator[Day]:
    zones = {version.timezone for version in calendar.versions}
    first = min(local_day(from_at, zone) for zone in zones)
    last = max(local_day(to_at, zone) for zone in zones)
    yield from days(calendar, first, last)


def next_working_day(calendar: Calendar, start_at: datetime, limit: date) -> date | None:
    """The first local day with open hours after the local day of an instant, up to `limit`."""
    for day in _local_days(calendar, start_at, datetime.combine(limit, time())):
        if day.windows and day.starts_at > start_at:
            return day.day
    return None
