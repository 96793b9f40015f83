"""Working time as a join: the tables and macros that count a calendar's open seconds.

`write_calendars` turns every calendar of a policy (and "always") into three tables:

- `calendars`: one row per calendar, with what the macros need to find its rows in the two others.
- `calendar_days`: one row per calendar and UTC day, keyed by the integer `calendar_day`:
  `open_before_seconds` (open seconds from the table's first day until this day begins) and the
  day's windows in seconds of the UTC day, `opens_1_seconds`, `closes_1_seconds`, ... An absent
  window is 0 to 0, never null, because `least` and `greatest` skip nulls.
- `calendar_deadlines`: the inverse, from open seconds counted since the first day to the instant,
  in steps of a fixed number of open seconds.

and macros that read them. To count the open seconds between two instants, join each to its
UTC day (an equi-join on one integer) and subtract:

    select
        ticket_id,
        open_seconds_until(resolved_day, resolved_at)
            - open_seconds_until(opened_day, opened_at) as resolve_working_seconds
    from tickets
    cross join (select * from calendars where calendar = 'office') as office
    left join calendar_days as opened_day
        on opened_day.calendar_day = day_key(office, opened_at)
    left join calendar_days as resolved_day
        on resolved_day.calendar_day = day_key(office, resolved_at)

For working time without holds, subtract in the same way the open seconds of every hold (disjoint
and clipped to the ticket: `from_at` in place of `opened_at`, `to_at` of `resolved_at`).

`is_open_at(opened_day, opened_at)` tells whether an instant lies in a window.

A deadline is the first instant at which the count reaches `until = open_seconds_until(start) +
target + open seconds of the holds before it` (so it falls on a closing bell, not on the next
opening):

    left join calendar_deadlines as deadline
        on deadline.deadline_step = deadline_key(office, until)
    ... deadline_at(deadline, until)

Whole seconds: fractions of an instant are cut. The tables reach from the oldest instant of the
warehouse to the newest and on until the longest target fits in, whatever the age of a ticket.
An instant before 1970 or after 2200 finds no day: its count is null. So is a deadline that the
calendar's windows never reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time

import duckdb
import numpy as np
import polars as pl

from policies.calendar_model import Calendar
from policies.calendars import open_intervals
from policies.model import Policy, Sla
from queries.model.tables import write_table

DAY_SECONDS = 86_400
EARLIEST = datetime(1970, 1, 2)
LATEST = datetime(2200, 1, 1)
FARTHEST_DEADLINE = datetime(2600, 1, 1)
EPOCH = datetime(1970, 1, 1)

# Open seconds per step of `calendar_deadlines`: the largest that leaves few gaps within a step.
STEP_CHOICES = (86_400, 28_800, 14_400, 7_200, 3_600, 1_800, 900, 300, 60)
FEW_GAPS = 2
MOST_STEPS = 1_000_000


@dataclass(frozen=True)
class OpenTime:
    """The open intervals of one calendar, in seconds since 1970, and the span they cover."""

    calendar: str
    opens: np.ndarray
    closes: np.ndarray

    @property
    def counted(self) -> np.ndarray:
        """Open seconds counted at the end of each interval."""
        return np.cumsum(self.closes - self.opens)


def write_calendars(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Create or replace the working-time tables and macros for every calendar of the policy.

    Reads `tickets` and `ticket_events` to learn which instants must be covered. Runs in the
    transaction that the connection is in.
    """
    first_at, last_at = data_span(connection)
    times = [
        _open_time(name, calendar, first_at, last_at, _longest_target(name, calendar, policy.sla))
        for name, calendar in policy.calendars.items()
    ]
    last_second = max(_second(last_at), *(int(t.closes[-1]) for t in times if len(t.closes)))
    days = range(_second(first_at) // DAY_SECONDS, last_second // DAY_SECONDS + 2)
    step = _step_seconds(times)
    steps = [_steps(time, step) for time in times]
    day_frames = [_days(time, days, number * len(days)) for number, time in enumerate(times)]
    step_offsets = np.cumsum([0, *(frame.height for frame in steps)])[:-1]
    step_frames = [
        frame.with_columns(pl.col("deadline_step") + int(offset))
        for frame, offset in zip(steps, step_offsets, strict=True)
    ]
    calendars = pl.DataFrame(
        {
            "calendar": [time.calendar for time in times],
            "has_windows": [calendar.has_windows for calendar in policy.calendars.values()],
            "day_offset": [n * len(days) - days.start for n in range(len(times))],
            "deadline_offset": [int(offset) for offset in step_offsets],
            "open_seconds": [int(time.counted[-1]) if len(time.opens) else 0 for time in times],
        }
    )
    write_table(connection, "calendars", calendars)
    calendar_days, deadlines = _stack(day_frames), _stack(step_frames)
    write_table(connection, "calendar_days", calendar_days)
    write_table(connection, "calendar_deadlines", deadlines)
    widths = (calendar_days.width - 2) // 2, (deadlines.width - 2) // 2
    _write_macros(connection, days, step, *widths)


def data_span(connection: duckdb.DuckDBPyConnection) -> tuple[datetime, datetime]:
    """The oldest and the newest instant of the tickets and their events, the days around them.

    Instants before 1970 or after 2200 are mistakes and do not stretch it.
    """
    instants = "opened_at", "first_response_at", "resolved_at", "closed_at", "updated_at"
    columns = [f"select {name} as instant from tickets" for name in (*instants, "exported_at")]
    columns.append('select "at" as instant from ticket_events')
    query = f"""
        select min(instant) as oldest, max(instant) as newest
        from ({" union all ".join(columns)})
        where instant between $earliest and $latest
    """
    bounds = {"earliest": EARLIEST, "latest": LATEST}
    oldest, newest = connection.sql(query, params=bounds).pl().row(0)
    if oldest is None:
        oldest = newest = datetime(2000, 1, 1)
    midnight = datetime(oldest.year, oldest.month, oldest.day)
    return midnight - timedelta(days=1), newest + timedelta(days=1)


def target_seconds(sla: Sla, working_day_seconds: int) -> int:
    """The target of an SLA in open seconds; 0 without one, and for one that names an instant."""
    if sla.target is None or sla.target.is_relative:
        return 0
    if sla.target.working_days is not None:
        return sla.target.working_days * working_day_seconds
    return sla.target.seconds or 0


def _longest_target(name: str, calendar: Calendar, promises: Sequence[Sla]) -> int:
    longest_day = max(version.working_day_seconds for version in calendar.versions)
    targets = (target_seconds(sla, longest_day) for sla in promises if sla.calendar == name)
    return max(targets, default=0)


def _second(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(seconds=1)


def _open_time(
    name: str, calendar: Calendar, first_at: datetime, last_at: datetime, target: int
) -> OpenTime:
    """The open time from the first instant until `target` open seconds after the last one."""
    limit_at = FARTHEST_DEADLINE
    if (last_day := calendar.last_day) is not None:
        limit_at = max(last_at, _after(last_day))
    reach = timedelta(days=400)
    while True:
        end_at = min(last_at + reach, limit_at)
        intervals = open_intervals(calendar, first_at, end_at)
        opens = np.array([_second(opened) for opened, _ in intervals], dtype=np.int64)
        closes = np.array([_second(closed) for _, closed in intervals], dtype=np.int64)
        after = np.maximum(closes, _second(last_at)) - np.maximum(opens, _second(last_at))
        if after.sum() >= target or end_at == limit_at:
            return OpenTime(name, opens, closes)
        reach *= 2


def _after(day: date) -> datetime:
    """An instant at which a local day is over in every zone."""
    return datetime.combine(max(day, EARLIEST.date()), clock_time()) + timedelta(days=3)


def _days(time: OpenTime, day_range: range, key_offset: int) -> pl.DataFrame:
    """The rows of `calendar_days` for one calendar."""
    days = len(day_range)
    pieces = list(_pieces(time))
    number = np.array([day for day, _, _ in pieces], dtype=np.int64) - day_range.start
    opens = np.array([opened for _, opened, _ in pieces], dtype=np.int64)
    closes = np.array([closed for _, _, closed in pieces], dtype=np.int64)
    open_seconds = np.bincount(number, weights=closes - opens, minlength=days).astype(np.int64)
    columns = {
        "calendar_day": np.arange(key_offset, key_offset + days, dtype=np.int32),
        "open_before_seconds": np.concatenate([[0], np.cumsum(open_seconds)[:-1]]),
    }
    # The how-many-th window of its day each piece is: its distance to the day's first piece.
    order = np.arange(len(number)) - np.searchsorted(number, number)
    for window in range(int(order.max(initial=0)) + 1):
        chosen = order == window
        for name, seconds in (("opens", opens), ("closes", closes)):
            column = np.zeros(days, dtype=np.int32)
            column[number[chosen]] = seconds[chosen]
            columns[f"{name}_{window + 1}_seconds"] = column
    return pl.DataFrame(columns)


def _pieces(time: OpenTime) -> Iterable[tuple[int, int, int]]:
    """Day number and seconds of the day for every part of an interval within one UTC day."""
    for opened, closed in zip(time.opens.tolist(), time.closes.tolist(), strict=True):
        for day in range(opened // DAY_SECONDS, (closed - 1) // DAY_SECONDS + 1):
            midnight = day * DAY_SECONDS
            yield day, max(opened - midnight, 0), min(closed - midnight, DAY_SECONDS)


def _step_seconds(times: Sequence[OpenTime]) -> int:
    best = STEP_CHOICES[0]
    for step in STEP_CHOICES:
        if sum(int(t.counted[-1]) // step + 1 for t in times if len(t.opens)) > MOST_STEPS:
            return best
        best = step
        if max(_most_gaps(time, step) for time in times) <= FEW_GAPS:
            return best
    return best


def _intervals_of_steps(time: OpenTime, step: int) -> tuple[np.ndarray, np.ndarray]:
    """The first and the last interval that each step lies in; step n is (n, n + 1] x step."""
    counted = time.counted
    starts = np.arange(0, counted[-1] if len(counted) else 0, step, dtype=np.int64)
    ends = np.minimum(starts + step, counted[-1] if len(counted) else 0)
    return np.searchsorted(counted, starts + 1), np.searchsorted(counted, ends)


def _most_gaps(time: OpenTime, step: int) -> int:
    first, last = _intervals_of_steps(time, step)
    return int((last - first).max(initial=0))


def _steps(time: OpenTime, step: int) -> pl.DataFrame:
    """The rows of `calendar_deadlines` for one calendar, numbered from 0.

    A count `until` of step n is reached at `until + shift_seconds`, later by every gap between
    windows that lies before it within the step.
    """
    first, last = _intervals_of_steps(time, step)
    if len(first) == 0:
        return pl.DataFrame(schema={"deadline_step": pl.Int32, "shift_seconds": pl.Int64})
    counted = time.counted
    before = counted - (time.closes - time.opens)
    columns = {
        "deadline_step": np.arange(len(first), dtype=np.int32),
        "shift_seconds": (time.opens - before)[first],
    }
    for gap in range(1, max(1, _most_gaps(time, step)) + 1):
        there = first + gap <= last
        after = np.where(there, first + gap, 0)
        gap_seconds = time.opens[after] - time.closes[after - 1]
        columns[f"gap_{gap}_after_seconds"] = np.where(there, counted[after - 1], 0)
        columns[f"gap_{gap}_seconds"] = np.where(there, gap_seconds, 0)
    return pl.DataFrame(columns)


def _stack(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The frames below each other; windows and gaps that a calendar does not have are 0."""
    return pl.concat(frames, how="diagonal").fill_null(0)


def _write_macros(
    connection: duckdb.DuckDBPyConnection,
    days: range,
    step: int,
    windows_a_day: int,
    gaps_a_step: int,
) -> None:
    """The macros, as wide as the tables are: only column numbers vary, no value of a policy."""
    windows = " + ".join(
        f"greatest(0, least(epoch_us(instant) // 1000000 % {DAY_SECONDS}, "
        f"calendar_day.closes_{n}_seconds) - calendar_day.opens_{n}_seconds)"
        for n in range(1, windows_a_day + 1)
    )
    open_windows = " or ".join(
        f"epoch_us(instant) // 1000000 % {DAY_SECONDS} >= calendar_day.opens_{n}_seconds"
        f" and epoch_us(instant) // 1000000 % {DAY_SECONDS} < calendar_day.closes_{n}_seconds"
        for n in range(1, windows_a_day + 1)
    )
    gaps = " + ".join(
        f"(until > deadline.gap_{n}_after_seconds)::int * deadline.gap_{n}_seconds"
        for n in range(1, gaps_a_step + 1)
    )
    for macro in (
        f"day_number(instant) as epoch_us(instant) // {DAY_SECONDS}000000",
        f"""day_key(day_offset, instant) as case
            when day_number(instant) between {days.start} and {days.stop - 1}
            then (day_offset + day_number(instant))::int
        end""",
        "open_seconds_until(calendar_day, instant) as "
        f"calendar_day.open_before_seconds + {windows}",
        f"is_open_at(calendar_day, instant) as ({open_windows})",
        f"""deadline_key(calendar, until) as case
            when until between 1 and calendar.open_seconds
            then (calendar.deadline_offset + (until - 1) // {step})::int
        end""",
        f"""deadline_at(deadline, until) as
            make_timestamp((until + deadline.shift_seconds + {gaps}) * 1000000)""",
    ):
        connection.execute(f"create or replace macro {macro}")
