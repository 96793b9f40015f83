"""From flags to the days of a report: a month, a quarter, or any days; and those beside them."""

from __future__ import annotations

from datetime import date

from policies.refusal import Refused
from queries.buckets import bucket_days
from queries.months import Month, Stretch, last_complete, one_before, stretch, year_before
from reports.kpis import Periods


def days_of(
    month: str | None, quarter: str | None, from_on: date | None, to_on: date | None
) -> tuple[date, date] | None:
    """The days asked for, the end exclusive; None where none are named."""
    named = [month is not None, quarter is not None, from_on is not None or to_on is not None]
    if sum(named) > 1:
        raise Refused("Name one period: --month, or --quarter, or --from with --to.")
    if month is not None:
        return bucket_days("month", month)
    if quarter is not None:
        return bucket_days("quarter", quarter)
    if from_on is None and to_on is None:
        return None
    if from_on is None or to_on is None:
        raise Refused("A report has both ends: give --from and --to, the first day after it.")
    if from_on >= to_on:
        raise Refused(f"The period ends on {to_on}, not after its first day {from_on}.")
    return from_on, to_on


def periods_of(months: tuple[Month, ...], days: tuple[date, date] | None) -> Periods:
    """The period with the one before and the same a year earlier; the last complete month if none.

    Refused where no day of it is covered by the data.
    """
    if days is None:
        last = last_complete(months)
        days = last.from_on, last.to_on
    found = stretch(months, *days)
    if found.days <= 0:
        first, last = months[0].from_on, months[-1].to_on
        raise Refused(
            f"The data say nothing of {found.name.replace('/', ' to ')}: "
            f"they cover {first} to {last}; choose days within."
        )
    return Periods(
        found, _with_days(one_before(months, found)), _with_days(year_before(months, found))
    )


def _with_days(found: Stretch | None) -> Stretch | None:
    return found if found is not None and found.days > 0 else None
