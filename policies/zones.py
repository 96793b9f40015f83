"""Local times and instants: the one place where a zone's rules are applied.

An ambiguous local time (clocks set back) is the earlier of its two instants; a local time that
does not exist (clocks set forward) is shifted forward by the gap. Instants are naive UTC.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo


@cache
def zone_names() -> frozenset[str]:
    """Every zone name that a policy or an export may give."""
    return frozenset(zoneinfo.available_timezones())


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant, naive UTC, of a naive local time."""
    # fold=0 takes the offset before the change: the earlier of two instants where clocks go
    # back, and a shift by the gap where they go forward.
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC).replace(tzinfo=None)


def to_local(instant: datetime, zone: ZoneInfo) -> datetime:
    """The naive local time that a naive UTC instant shows on the wall."""
    return instant.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def is_ambiguous(local: datetime, zone: ZoneInfo) -> bool:
    """Whether the local time occurs twice."""
    earlier = local.replace(tzinfo=zone, fold=0).utcoffset()
    later = local.replace(tzinfo=zone, fold=1).utcoffset()
    return earlier is not None and later is not None and earlier > later


def is_missing(local: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks jumped over the local time."""
    return to_local(to_utc(local, zone), zone) != local.replace(fold=0)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local day begins."""
    return to_utc(datetime.combine(day, time()), zone)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants between which a local day lies, the second exclusive: 23 to 25 hours apart."""
    return day_start(day, zone), day_start(day + timedelta(days=1), zone)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The local day that an instant falls in."""
    return to_local(instant, zone).date()
