"""The periods that the data can tell of, in the reporting zone: months, and any days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from policies.zones import local_day
from queries.buckets import bucket_days

_DAY = timedelta(days=1)
_FIRST_WEEK = timedelta(days=7)
_OF_DAYS = "/"


@dataclass(frozen=True, order=True)
class Stretch:
    """Days looked at together: a month, a quarter, a year, several months, or any days.

    `name` is that of its bucket (2026-10, 2026-Q3, 2026), else first and last day
    (2026-08-01/2026-09-15). `to_on` is the day after the last; `days` are those that the data
    cover, `is_complete` whether that is all that can be asked. `is_silent` is a month in which no
    ticket was opened.
    """

    name: str
    from_on: date
    to_on: date
    days: int
    is_complete: bool
    is_silent: bool = False


Month: TypeAlias = Stretch


def months_between(
    first_at: datetime,
    data_at: datetime,
    zone: ZoneInfo,
    openings: Collection[datetime] | None = None,
) -> tuple[Month, ...]:
    """The months from the first ticket to the moment of the data (both UTC), oldest first.

    `openings` hold an instant (UTC) of every month in which a ticket was opened, if that is known.

    An export is made some minutes before midnight or carries no later change, so a month whose
    last day the data reach counts as complete. A first month without a ticket in its first week
    began before the data did.
    """
    first_on, last_on = local_day(first_at, zone), local_day(data_at, zone)
    spoken = {local_day(at, zone).replace(day=1) for at in openings or ()}
    found: list[Month] = []
    day = first_on.replace(day=1)
    while day <= last_on:
        name = f"{day:%Y-%m}"
        from_on, to_on = bucket_days("month", name)
        covered_from, covered_to = max(from_on, first_on), min(to_on, last_on + _DAY)
        is_late = covered_from - from_on >= _FIRST_WEEK
        days = (covered_to - (covered_from if is_late else from_on)).days
        is_silent = openings is not None and from_on not in spoken
        is_complete = covered_to == to_on and not is_late
        found.append(Month(name, from_on, to_on, days, is_complete, is_silent))
        day = to_on
    return tuple(found)


def last_complete(months: tuple[Month, ...]) -> Month:
    """The newest complete month; without any, or if no ticket was opened in it, the newest in which
    some were: what lies between an old ticket and those of this month tells nothing."""
    found = next((month for month in reversed(months) if month.is_complete), months[-1])
    if not found.is_silent:
        return found
    return next((month for month in reversed(months) if not month.is_silent), found)


def months_before(name: str, count: int) -> date:
    """The first day of the month that lies `count` months before the named one."""
    from_on, _ = bucket_days("month", name)
    return _shifted(from_on, -count)


def stretch(months: tuple[Month, ...], from_on: date, to_on: date) -> Stretch:
    """These days, as far as the months cover them."""
    first, last = months[0], months[-1]
    covered_from = first.from_on if first.is_complete else first.to_on - timedelta(first.days)
    covered_to = last.from_on + timedelta(last.days) if len(months) > 1 else last.to_on
    days = (min(to_on, covered_to) - max(from_on, covered_from)).days
    return Stretch(
        _name(from_on, to_on),
        from_on,
        to_on,
        max(days, 0),
        covered_from <= from_on and to_on <= covered_to,
    )


def one_before(months: tuple[Month, ...], looked_at: Stretch) -> Stretch | None:
    """As many months, or days, right before it; None where no day of them is covered."""
    if _is_of_months(looked_at):
        from_on = _shifted(looked_at.from_on, -_month_count(looked_at))
    else:
        from_on = looked_at.from_on - (looked_at.to_on - looked_at.from_on)
    return _covered(stretch(months, from_on, looked_at.from_on))


def year_before(months: tuple[Month, ...], looked_at: Stretch) -> Stretch | None:
    """The same days a year earlier; None where no day of them is covered."""
    from_on, to_on = _shifted(looked_at.from_on, -12), _shifted(looked_at.to_on, -12)
    return _covered(stretch(months, from_on, to_on))


def quarters(months: tuple[Month, ...]) -> list[Stretch]:
    """The quarters that the months begin or fill, newest first."""
    return _units(months, 3)


def years(months: tuple[Month, ...]) -> list[Stretch]:
    """The years that the months begin or fill, newest first."""
    return _units(months, 12)


def last_months(months: tuple[Month, ...], count: int) -> Stretch:
    """The last `count` months that end with the newest complete one."""
    last = last_complete(months)
    return stretch(months, _shifted(last.from_on, 1 - count), last.to_on)


def _units(months: tuple[Month, ...], length: int) -> list[Stretch]:
    firsts = {
        month.from_on.replace(month=month.from_on.month - (month.from_on.month - 1) % length)
        for month in months
    }
    return [stretch(months, day, _shifted(day, length)) for day in sorted(firsts, reverse=True)]


def _covered(found: Stretch) -> Stretch | None:
    return found if found.days else None


def _is_of_months(looked_at: Stretch) -> bool:
    return looked_at.from_on.day == 1 and looked_at.to_on.day == 1


def _month_count(looked_at: Stretch) -> int:
    first, after = looked_at.from_on, looked_at.to_on
    return (after.year - first.year) * 12 + after.month - first.month


def _name(from_on: date, to_on: date) -> str:
    found = Stretch("", from_on, to_on, 0, False)
    if _is_of_months(found):
        count = _month_count(found)
        if count == 1:
            return f"{from_on:%Y-%m}"
        if count == 3 and from_on.month % 3 == 1:
            return f"{from_on.year}-Q{(from_on.month + 2) // 3}"
        if count == 12 and from_on.month == 1:
            return f"{from_on.year:04}"
    return f"{from_on}{_OF_DAYS}{to_on - _DAY}"


def _shifted(day: date, count: int) -> date:
    """The same day of the month `count` months later, or its last one."""
    years_later, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(years_later, month + 1, min(day.day, monthrange(years_later, month + 1)[1]))
