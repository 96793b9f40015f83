"""The months that the data can tell of, in the reporting zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from policies.zones import local_day
from queries.buckets import bucket_days

_DAY = timedelta(days=1)
_FIRST_WEEK = timedelta(days=7)


@dataclass(frozen=True, order=True)
class Month:
    """One month: its bucket's name (2026-10), first day, the day after its last one, how many of
    its days the data cover, and whether that is all that can be asked."""

    name: str
    from_on: date
    to_on: date
    days: int
    is_complete: bool


def months_between(first_at: datetime, data_at: datetime, zone: ZoneInfo) -> tuple[Month, ...]:
    """The months from the first ticket to the moment of the data (both UTC), oldest first.

    An export is made some minutes before midnight or carries no later change, so a month whose
    last day the data reach counts as complete. A first month without a ticket in its first week
    began before the data did.
    """
    first_on, last_on = local_day(first_at, zone), local_day(data_at, zone)
    found: list[Month] = []
    day = first_on.replace(day=1)
    while day <= last_on:
        name = f"{day:%Y-%m}"
        from_on, to_on = bucket_days("month", name)
        covered_from, covered_to = max(from_on, first_on), min(to_on, last_on + _DAY)
        is_late = covered_from - from_on >= _FIRST_WEEK
        days = (covered_to - (covered_from if is_late else from_on)).days
        found.append(Month(name, from_on, to_on, days, covered_to == to_on and not is_late))
        day = to_on
    return tuple(found)


def last_complete(months: tuple[Month, ...]) -> Month:
    """The newest complete month; without any, the newest."""
    return next((month for month in reversed(months) if month.is_complete), months[-1])


def months_before(name: str, count: int) -> date:
    """The first day of the month that lies `count` months before the named one."""
    from_on, _ = bucket_days("month", name)
    years, month = divmod(from_on.year * 12 + from_on.month - 1 - count, 12)
    return date(years, month + 1, 1)
