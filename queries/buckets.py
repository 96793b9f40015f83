"""Units of time: the days they start on, their names, and their bounds as UTC instants.

Months and days are cut in the reporting zone. Converting instants row by row costs ten times
the query, so the bounds are turned into UTC once; `day_bounds` tells how rows find theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from policies.refusal import Refused
from policies.zones import day_start

TIME_UNITS = ("day", "week", "month", "quarter", "year")

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Bucket:
    """One unit of time, clipped to the period asked for; the end is exclusive, UTC, naive."""

    name: str
    from_at: datetime
    to_at: datetime


def start_of(unit: str, day: date) -> date:
    """The first day of the unit that holds the day."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return date(day.year, day.month - (day.month - 1) % 3, 1)
    return date(day.year, 1, 1)


def next_start(unit: str, start: date) -> date:
    """The first day of the unit after the one that starts on the given day."""
    if unit == "day":
        return start + _DAY
    if unit == "week":
        return start + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    later = start.year * 12 + start.month - 1 + months
    return date(later // 12, later % 12 + 1, 1)


def bucket_name(unit: str, start: date) -> str:
    """`2026-10`, `2026-W44` (ISO), `2026-Q4`, `2026-10-31` or `2026`."""
    if unit == "week":
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02}"
    if unit == "quarter":
        return f"{start.year}-Q{(start.month + 2) // 3}"
    return {"day": f"{start:%Y-%m-%d}", "month": f"{start:%Y-%m}"}.get(unit, f"{start.year:04}")


def bucket_days(unit: str, name: str) -> tuple[date, date]:
    """First day and first day after the named unit of time; Refused when it names none."""
    try:
        start = _parse(unit, name)
    except (ValueError, IndexError):
        start = None
    if start is None or bucket_name(unit, start) != name:
        example = bucket_name(unit, start_of(unit, date(2026, 10, 31)))
        raise Refused(f"{name} is no {unit}: write it like {example}.")
    return start, next_start(unit, start)


def _parse(unit: str, name: str) -> date:
    parts = [int(part) for part in re.split(r"-[WQ]?", name)]
    if unit == "week":
        return date.fromisocalendar(parts[0], parts[1], 1)
    if unit == "quarter":
        return date(parts[0], parts[1] * 3 - 2, 1)
    year, month, day, *_ = [*parts, 1, 1]
    return date(year, month, day)


def buckets_between(unit: str, from_on: date, to_on: date, zone: ZoneInfo) -> list[Bucket]:
    """The units of time that touch the period, in order, the first and last one clipped to it."""
    buckets = []
    start = start_of(unit, from_on)
    while start < to_on:
        end = next_start(unit, start)
        from_at = day_start(max(start, from_on), zone)
        to_at = day_start(min(end, to_on), zone)
        buckets.append(Bucket(bucket_name(unit, start), from_at, to_at))
        start = end
    return buckets
