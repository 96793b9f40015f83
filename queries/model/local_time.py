"""What clocks show in a zone, as a table: converting instants row by row costs too much."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

_NEVER = datetime(9999, 1, 1)
_DAY = timedelta(days=1)


def offsets_by_day(days: pl.Series, zone: ZoneInfo) -> pl.DataFrame:
    """One row per UTC day: how many seconds the zone's clocks are ahead of UTC as it begins
    (`offset_seconds`), and the instant of the day at which they are moved (`offset_changes_at`,
    a far future on most days) to `next_offset_seconds`."""
    rows = [_row(day, zone) for day in days]
    schema = {
        "utc_day": pl.Date,
        "offset_seconds": pl.Int32,
        "offset_changes_at": pl.Datetime("us"),
        "next_offset_seconds": pl.Int32,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _row(day: date, zone: ZoneInfo) -> tuple[date, int, datetime, int]:
    begins = datetime.combine(day, time.min)
    before, after = _offset(begins, zone), _offset(begins + _DAY, zone)
    changes_at = _NEVER if before == after else _change(begins, before, zone)
    return day, before, changes_at, after


def _offset(instant: datetime, zone: ZoneInfo) -> int:
    """Seconds ahead of UTC at a naive UTC instant."""
    offset = instant.replace(tzinfo=UTC).astimezone(zone).utcoffset() or timedelta()
    return int(offset.total_seconds())


def _change(begins: datetime, before: int, zone: ZoneInfo) -> datetime:
    """The first minute of the day at which the clocks show something else than at its beginning."""
    low, high = 0, 24 * 60
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(begins + timedelta(minutes=middle), zone) == before:
            low = middle
        else:
            high = middle
    return begins + timedelta(minutes=high)
