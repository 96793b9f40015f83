"""Bounds as a table that rows find by their UTC day: no instant is converted row by row.

A day holds no bound, or one, or (where a zone moves its clocks) two.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import lru_cache

import polars as pl

_NEVER = datetime(9999, 1, 1)
_DAY = timedelta(days=1)


def bounds_by_day(bounds: Sequence[datetime]) -> pl.DataFrame:
    """The rows of `_by_day`, made once for the same bounds."""
    return _by_day(tuple(bounds))


@lru_cache(maxsize=64)
def _by_day(bounds: tuple[datetime, ...]) -> pl.DataFrame:
    """One row per UTC day from the first to the last of the ascending bounds.

    `position` is the number of bounds up to and including the day's beginning; `first_bound` and
    `second_bound` are those later in the day (a far future where there is none). The number of
    bounds up to an instant is its position plus the day's bounds that it has reached.
    """
    rows = []
    day = bounds[0].date()
    while day <= bounds[-1].date():
        begins = datetime.combine(day, time.min)
        position = bisect_right(bounds, begins)
        inside = [bound for bound in bounds[position : position + 3] if bound < begins + _DAY]
        first, second, *_ = [*inside, _NEVER, _NEVER]
        rows.append((day, position, first, second))
        day += _DAY
    schema = {
        "utc_day": pl.Date,
        "position": pl.Int32,
        "first_bound": pl.Datetime("us"),
        "second_bound": pl.Datetime("us"),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
