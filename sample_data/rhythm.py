"""When things happen: local time, holidays, working time, and the rhythm in which people call."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import numpy as np

ZONE = ZoneInfo("Europe/Madrid")
FIRST_DAY = date(2024, 11, 1)
LAST_DAY = date(2026, 10, 31)

_HORIZON = (date(2024, 10, 1), date(2027, 12, 31))
HOLIDAYS = frozenset(holidays.country_holidays("ES", subdiv="MD", years=range(2024, 2028)).keys())
# Days with hours of their own, as the office calendar of policy.toml has them.
OTHER_DAYS: Mapping[date, Sequence[tuple[float, float]]] = {
    **dict.fromkeys(HOLIDAYS, ()),
    **{date(year, 12, 24): ((9.0, 14.0),) for year in (2024, 2025, 2026)},
    **{date(year, 12, 31): () for year in (2024, 2025, 2026)},
}


def instant(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    """The UTC second of a local wall-clock time; the earlier one where it is ambiguous."""
    local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=ZONE)
    return int(local.timestamp())


EXPORTED_AT = instant(LAST_DAY, 23, 40)


def _offset_changes() -> tuple[list[int], list[int]]:
    """The instants at which the zone's offset changes, and the offset from each on."""
    at = instant(_HORIZON[0])
    end = instant(_HORIZON[1])
    since: list[int] = []
    offsets: list[int] = []
    while at < end:
        delta = datetime.fromtimestamp(at, ZONE).utcoffset()
        assert delta is not None
        seconds = int(delta.total_seconds())
        if not offsets or offsets[-1] != seconds:
            since.append(at)
            offsets.append(seconds)
        at += 3600
    return since, offsets


_SINCE, _OFFSETS = _offset_changes()


def local_seconds(at: int) -> int:
    """Wall-clock time as seconds since 1970, as if the local clock were UTC."""
    return at + _OFFSETS[bisect_right(_SINCE, at) - 1]


def local(at: int) -> datetime:
    """Wall-clock time, without a zone."""
    return datetime.fromtimestamp(local_seconds(at), UTC).replace(tzinfo=None)


def local_midnight(day: date) -> int:
    """The instant from which the day's wall-clock hours after the night's clock change count."""
    return instant(day, 12) - 12 * 3600


class WorkingTime:
    """Opening windows of a calendar, with elapsed and added working seconds."""

    def __init__(
        self,
        week: Mapping[int, Sequence[tuple[float, float]]],
        other_days: Mapping[date, Sequence[tuple[float, float]]],
    ) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._before: list[int] = []
        total = 0
        day = _HORIZON[0]
        while day <= _HORIZON[1]:
            windows = week.get(day.weekday(), ())
            if windows:
                windows = other_days.get(day, windows)
            midnight = local_midnight(day)
            for opens, closes in windows:
                start, end = (midnight + round(hour * 3600) for hour in (opens, closes))
                self._starts.append(start)
                self._ends.append(end)
                self._before.append(total)
                total += end - start
            day += timedelta(days=1)

    def _open_seconds(self, at: int) -> int:
        window = bisect_right(self._starts, at) - 1
        if window < 0:
            return 0
        return self._before[window] + min(at, self._ends[window]) - self._starts[window]

    def elapsed(self, start: int, end: int) -> int:
        """Working seconds between two instants."""
        return self._open_seconds(end) - self._open_seconds(start)

    def add(self, start: int, seconds: float) -> int:
        """The instant by which so many working seconds have passed."""
        target = self._open_seconds(start) + max(int(seconds), 1)
        window = bisect_left(self._before, target) - 1
        return self._starts[window] + target - self._before[window]


_OFFICE_WEEK = dict.fromkeys(range(5), ((9.0, 14.0), (15.0, 18.0)))
_STAFF_WEEK = dict.fromkeys(range(4), ((8.25, 18.75),)) | {4: ((8.25, 16.5),)}

OFFICE = WorkingTime(_OFFICE_WEEK, OTHER_DAYS)
STAFF = WorkingTime(_STAFF_WEEK, OTHER_DAYS)
# The tool's own schedule never learnt of holidays, so its verdicts differ from the policy's.
TOOL_OFFICE = WorkingTime(_OFFICE_WEEK, {})

_DAY_SHAPE = (
    2,
    1,
    1,
    1,
    1,
    3,
    12,
    40,
    85,
    110,
    112,
    104,
    92,
    78,
    52,
    60,
    82,
    78,
    52,
    26,
    16,
    11,
)
_HOUR_WEIGHTS = np.array((*_DAY_SHAPE, 7, 4), dtype=float)
_WEEKDAY_WEIGHTS = np.array((1.22, 1.08, 1.03, 1.0, 0.82, 0.11, 0.08))
_MONTH_WEIGHTS = (1.13, 1.05, 1.02, 0.98, 0.98, 1.0, 0.88, 0.58, 1.14, 1.1, 1.04, 0.84)
_NIGHT_BATCH = np.array([1.0, 2.4, 2.2, 1.4, 1.0, 1.0, 1.2, 1.6] + [1.2] * 12 + [1.0] * 4)


def arrivals(
    rng: np.random.Generator,
    count: int,
    *,
    people: bool,
    between: tuple[date, date] = (FIRST_DAY, LAST_DAY),
) -> list[int]:
    """Sorted opening instants in the rhythm of people, or of machines, first to last day."""
    days = [between[0] + timedelta(days=n) for n in range((between[1] - between[0]).days + 1)]
    hours: list[int] = []
    weights: list[float] = []
    moods = rng.random(len(days))
    for day, mood in zip(days, moods.tolist(), strict=True):
        level = (0.75 + 0.5 * mood) * (1 + 0.12 * (day - FIRST_DAY).days / 730)
        if people:
            level *= _MONTH_WEIGHTS[day.month - 1] * _WEEKDAY_WEIGHTS[day.weekday()]
            if day in HOLIDAYS:
                level *= 0.12
            elif (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 6):
                level *= 0.5
        midnight = local_midnight(day)
        shape = _HOUR_WEIGHTS if people else _NIGHT_BATCH
        hours.extend(midnight + hour * 3600 for hour in range(24))
        weights.extend((shape * level / shape.sum()).tolist())
    cumulative = np.cumsum(weights)
    found = np.searchsorted(cumulative, rng.random(count) * cumulative[-1], side="right")
    seconds = (rng.random(count) * 3600).astype(int)
    opened = np.array(hours)[found] + seconds
    return sorted(at for at in opened.tolist() if at < EXPORTED_AT - 120)
