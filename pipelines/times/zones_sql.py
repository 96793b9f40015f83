"""Local wall time to UTC inside DuckDB, by the rules of service-level clocks.

An ambiguous local time takes the earlier instant, a missing one is shifted forward by the gap: in
both cases the offset before the transition holds until the wall has passed the odd hour. DuckDB's
own `timezone()` takes the later instant, hence this page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import duckdb

FIRST_YEAR, LAST_YEAR = 1970, 2100


@dataclass(frozen=True)
class Transition:
    """A change of a zone's offset: the UTC instant, seconds east of UTC before and after."""

    utc: datetime
    before_seconds: int
    after_seconds: int


@lru_cache(maxsize=32)
def transitions(zone_name: str) -> tuple[Transition, ...]:
    """All changes of offset between 1970 and 2100, found by halving the days that hold one."""
    zone = ZoneInfo(zone_name)

    def offset_seconds(instant: datetime) -> int:
        offset = instant.astimezone(zone).utcoffset()
        return int(offset.total_seconds()) if offset is not None else 0

    found: list[Transition] = []
    day = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    before = offset_seconds(day)
    while day.year <= LAST_YEAR:
        following = day + timedelta(days=1)
        after = offset_seconds(following)
        if after != before:
            low, high = day, following
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
                low, high = (middle, high) if offset_seconds(middle) == before else (low, middle)
            found.append(Transition(high.replace(tzinfo=None), before, after))
            before = after
        day = following
    return tuple(found)


def create_local_to_utc(connection: duckdb.DuckDBPyConnection, zone_name: str) -> None:
    """Create the temporary macro `local_to_utc(wall)` of one zone: timestamp in, UTC out."""
    changes = transitions(zone_name)
    start = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(zone_name)).utcoffset()
    first = int(start.total_seconds()) if start is not None else 0
    offsets = [first, *(change.after_seconds for change in changes)]
    # The wall has passed a transition once it shows the later of its two readings.
    walls = [
        change.utc + timedelta(seconds=max(change.before_seconds, change.after_seconds))
        for change in changes
    ]

    def tree(low: int, high: int) -> str:
        """Nested halves: eight comparisons find the segment among some 260."""
        if low == high:
            return f"wall - to_seconds({offsets[low]})" if offsets[low] else "wall"
        middle = (low + high + 1) // 2
        wall = walls[middle - 1].isoformat(sep=" ")
        return (
            f"case when wall < timestamp '{wall}' "
            f"then {tree(low, middle - 1)} else {tree(middle, high)} end"
        )

    connection.execute(
        f"create or replace temp macro local_to_utc(wall) as {tree(0, len(offsets) - 1)}"
    )
