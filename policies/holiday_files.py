"""Holidays from a calendar file (ICS), as organisations publish them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from policies.strict import refuse

HORIZON = date(2100, 1, 1)


def read_holidays(path: Path, zone: ZoneInfo) -> Mapping[date, str]:
    """The closed days of an ICS file, with their names, as days of the calendar's zone.

    An event of several days closes each of them; a yearly one recurs until 2100; a day that is
    listed twice keeps the names of both. Refused when the file is missing or is no ICS.
    """
    from icalendar import Calendar  # slow to import, and few policies name a file

    try:
        content = path.read_bytes()
    except OSError as error:
        raise refuse(f"names {str(path)!r}, which cannot be read: {error.strerror}") from error
    try:
        calendar = Calendar.from_ical(content)
    except ValueError as error:
        raise refuse(f"names {str(path)!r}, which is no ICS calendar: {error}") from error
    days: dict[date, str] = {}
    for event in calendar.walk("VEVENT"):
        name = str(event.get("SUMMARY", "holiday"))
        for day in _days(event, zone):
            known = days.get(day)
            days[day] = name if known in (None, name) else f"{known}, {name}"
    if not days:
        raise refuse(f"names {str(path)!r}, in which there is no event")
    return dict(sorted(days.items()))


def _days(event: Any, zone: ZoneInfo) -> Iterator[date]:
    first = _local_day(event.decoded("DTSTART"), zone)
    last = _last_day(event, first, zone)
    for start in _starts(event, first):
        for offset in range((last - first).days + 1):
            yield start + timedelta(days=offset)


def _last_day(event: Any, first: date, zone: ZoneInfo) -> date:
    if "DTEND" in event:
        end = event.decoded("DTEND")
    elif "DURATION" in event:
        end = event.decoded("DTSTART") + event.decoded("DURATION")
    else:
        return first
    # The end is exclusive: a whole day ends on the date after it, a party at 24:00 likewise.
    if isinstance(end, datetime):
        return max(first, _local_day(end - timedelta(microseconds=1), zone))
    return max(first, end - timedelta(days=1))


def _starts(event: Any, first: date) -> Iterator[date]:
    if "RRULE" not in event:
        yield first
        return
    from dateutil.rrule import rrulestr

    rule = rrulestr(
        event["RRULE"].to_ical().decode(),
        dtstart=datetime(first.year, first.month, first.day),
        ignoretz=True,
    )
    for start in rule:
        if start.date() >= HORIZON:
            return
        yield start.date()


def _local_day(moment: date | datetime, zone: ZoneInfo) -> date:
    if not isinstance(moment, datetime):
        return moment
    return moment.astimezone(zone).date() if moment.tzinfo else moment.date()
