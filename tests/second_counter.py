"""An independent counter of working time: one flag per second, no cleverness.

It reads a calendar as the policy file writes it and shares no code with the product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = {"timezone": "UTC", **{day: ["00:00-24:00"] for day in WEEKDAYS}}


def second_of(instant: datetime) -> int:
    """Seconds since 1970 of an aware instant, or of a naive one in UTC."""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return int(aware.timestamp())


class SecondCounter:
    """Which seconds from `first` to `last` (UTC days) a calendar is open.

    `versions` are the calendar's tables as in the policy file, with their `from`.
    """

    def __init__(
        self, versions: Mapping[str, Any] | Sequence[Mapping[str, Any]], first: date, last: date
    ) -> None:
        tables = [versions] if isinstance(versions, Mapping) else list(versions)
        tables.sort(key=lambda table: table.get("from", date.min))
        self.base = second_of(datetime(first.year, first.month, first.day))
        self.open = np.zeros((last - first).days * 86_400, dtype=bool)
        for day_number in range(-2, (last - first).days + 3):
            self._mark(tables, first + timedelta(days=day_number))

    def _mark(self, tables: Sequence[Mapping[str, Any]], day: date) -> None:
        in_force = [table for table in tables if table.get("from", date.min) <= day]
        if not in_force:
            return
        table = in_force[-1]
        zone = ZoneInfo(table["timezone"])
        midnight = datetime(day.year, day.month, day.day)
        for window in self.windows(table, day):
            opens, closes = (
                self._index(midnight + timedelta(hours=int(hour), minutes=int(minute)), zone)
                for hour, minute in (edge.split(":") for edge in window.split("-"))
            )
            self.open[max(opens, 0) : max(closes, 0)] = True

    def windows(self, table: Mapping[str, Any], day: date) -> Iterable[str]:
        dates = {str(key): windows for key, windows in table.get("dates", {}).items()}
        if day.isoformat() in dates:
            return dates[day.isoformat()]
        if day in table.get("closed", ()):
            return ()
        return table.get(WEEKDAYS[day.weekday()], ())

    def _index(self, local: datetime, zone: ZoneInfo) -> int:
        return int(local.replace(tzinfo=zone, fold=0).timestamp()) - self.base

    def running(
        self,
        start: datetime,
        holds: Iterable[tuple[datetime, datetime]] = (),
        seconds: int | None = None,
    ) -> np.ndarray:
        """The flags from `start` on, for so many seconds, with the holds cut out."""
        first = second_of(start) - self.base
        flags = self.open[first : None if seconds is None else first + seconds].copy()
        for held_from, held_to in holds:
            begin, end = (second_of(at) - self.base - first for at in (held_from, held_to))
            flags[max(begin, 0) : max(end, 0)] = False
        return flags

    def elapsed(
        self,
        start: datetime,
        end: datetime,
        holds: Iterable[tuple[datetime, datetime]] = (),
    ) -> int:
        """Open seconds between two instants outside the holds."""
        seconds = max(second_of(end) - second_of(start), 0)
        return int(self.running(start, holds, seconds).sum())

    def due(
        self,
        start: datetime,
        target: int,
        holds: Sequence[tuple[datetime, datetime]] = (),
    ) -> datetime:
        """The first instant at which `target` open seconds have passed, naive UTC."""
        for days in (3, 30, 3000):
            opened = np.flatnonzero(self.running(start, holds, days * 86_400))
            if len(opened) >= target:
                after = second_of(start) + int(opened[target - 1]) + 1
                return datetime.fromtimestamp(after, UTC).replace(tzinfo=None)
        raise AssertionError("the counter's range is too short")
