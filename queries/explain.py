"""Why a clock says what it says: every interval of a ticket's life, counted or not, and by which
rule. The counted intervals of a clock add up to its elapsed seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import duckdb
import polars as pl

from policies.calendar_model import Calendar
from policies.calendars import DATED, days, open_intervals
from policies.model import Policy
from policies.refusal import Refused
from policies.zones import local_day

COUNTED = "counted"
OUTSIDE_HOURS = "outside hours"

CLOCKS = """
select
    clocks.*,
    tickets.number,
    tickets.opened_at,
    max(coalesce(clocks.stopped_at, clocks.exported_at)) over (
        partition by clocks.ticket_id
    ) as life_end_at
from clocks
join tickets on tickets.ticket_id = clocks.ticket_id
where clocks.ticket_id in (
    select ticket_id from tickets where ticket_id = $ticket or number = $ticket
)
order by clocks.ticket_id, clocks.clock, clocks.cycle, clocks.started_at, clocks.sla
"""

PAUSES = """
select
    sla_number,
    cycle,
    started_at,
    from_at,
    to_at,
    reason
from clock_pauses
where ticket_id = $ticket_id
order by from_at, to_at
"""


@dataclass(frozen=True)
class Interval:
    """A stretch of a ticket's life, half-open, in naive UTC: counted or not, and by which rule."""

    from_at: datetime
    to_at: datetime
    is_counted: bool
    rule: str

    @property
    def seconds(self) -> int:
        """Its length around the clock."""
        return (self.to_at - self.from_at) // timedelta(seconds=1)


@dataclass(frozen=True)
class Explanation:
    """One clock, as a row of `clocks`, and the intervals of its ticket's life under it.

    A clock in state no_clock that counts nothing has no intervals: its reason says why.
    """

    clock: Mapping[str, Any]
    intervals: Sequence[Interval]

    @property
    def counted_seconds(self) -> int:
        """The clock's elapsed seconds once more, as the sum of what is counted."""
        return sum(interval.seconds for interval in self.intervals if interval.is_counted)


def explain(
    connection: duckdb.DuckDBPyConnection, policy: Policy, ticket: str
) -> list[Explanation]:
    """All clocks of a ticket (its `ticket_id` or its number), in order of clock and cycle.

    `policy` is the one that the connection's model was built with. Refused when there is no such
    ticket.
    """
    with connection.cursor() as cursor:
        clocks = cursor.sql(CLOCKS, params={"ticket": ticket}).pl().to_dicts()
        if not clocks:
            _check_exists(cursor, ticket)
        pauses = {
            ticket_id: cursor.sql(PAUSES, params={"ticket_id": ticket_id}).pl().to_dicts()
            for ticket_id in dict.fromkeys(clock["ticket_id"] for clock in clocks)
        }
    return [_explanation(clock, policy, pauses[clock["ticket_id"]]) for clock in clocks]


def as_rows(explanations: Iterable[Explanation]) -> pl.DataFrame:
    """One row per interval, for tables, JSON and CSV."""
    rows = [
        {
            "ticket_id": explanation.clock["ticket_id"],
            "sla": explanation.clock["sla"],
            "clock": explanation.clock["clock"],
            "cycle": explanation.clock["cycle"],
            "from_at": interval.from_at,
            "to_at": interval.to_at,
            "seconds": interval.seconds,
            "is_counted": interval.is_counted,
            "rule": interval.rule,
        }
        for explanation in explanations
        for interval in explanation.intervals
    ]
    types = {
        "ticket_id": pl.String,
        "sla": pl.String,
        "clock": pl.String,
        "cycle": pl.Int64,
        "from_at": pl.Datetime("us"),
        "to_at": pl.Datetime("us"),
        "seconds": pl.Int64,
        "is_counted": pl.Boolean,
        "rule": pl.String,
    }
    return pl.DataFrame(rows, schema=types)


def _check_exists(cursor: duckdb.DuckDBPyConnection, ticket: str) -> None:
    query = "select count(*) as n from tickets where ticket_id = $ticket or number = $ticket"
    if cursor.sql(query, params={"ticket": ticket}).pl().item() == 0:
        raise Refused(
            f"There is no ticket {ticket!r} in this warehouse; give its number, or source:number "
            "as `meantime tickets` prints it."
        )


def _explanation(
    clock: Mapping[str, Any], policy: Policy, pauses: Sequence[Mapping[str, Any]]
) -> Explanation:
    if clock["elapsed_seconds"] is None:
        return Explanation(clock, ())
    start = clock["started_at"]
    end = clock["stopped_at"] or clock["exported_at"]
    own = [
        pause
        for pause in pauses
        if (pause["sla_number"], pause["cycle"], pause["started_at"])
        == (clock["sla_number"], clock["cycle"], start)
    ]
    inside = _under_calendar(policy.calendars[clock["calendar"]], start, end)
    whole = [
        Interval(clock["opened_at"], start, False, _before(clock)),
        *_with_holds(inside, own),
        Interval(end, clock["life_end_at"], False, _after(clock)),
    ]
    return Explanation(clock, _joined(whole))


def _before(clock: Mapping[str, Any]) -> str:
    if clock["clock"] == "update":
        return "before the update that started it"
    if clock["cycle"] > 1:
        return "before it was reopened"
    return "before the change of priority that started it"


def _after(clock: Mapping[str, Any]) -> str:
    reason = clock["reason"] or ""
    if reason.startswith("priority changed"):
        return f"stopped: {reason.split(';', 1)[0]}"
    if clock["state"] == "cancelled":
        return f"cancelled: {reason.split(';', 1)[0]}"
    return "after it stopped"


def _under_calendar(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Interval]:
    """The open hours, and what closes the hours between them."""
    at = start
    closings = _closings(calendar, start, end)
    for opens, closes in open_intervals(calendar, start, end):
        yield from _closed(at, opens, closings)
        yield Interval(opens, closes, True, COUNTED)
        at = closes
    yield from _closed(at, end, closings)


def _closings(
    calendar: Calendar, start: datetime, end: datetime
) -> list[tuple[datetime, datetime, str]]:
    """The local days that a holiday or a dated exception shortens, with its name."""
    zones = {version.timezone for version in calendar.versions}
    first = min(local_day(start, zone) for zone in zones)
    last = max(local_day(end, zone) for zone in zones)
    return [
        (
            day.starts_at,
            day.ends_at,
            DATED if day.exception == DATED else f"holiday: {day.exception}",
        )
        for day in days(calendar, first, last)
        if day.exception is not None
    ]


def _closed(
    start: datetime, end: datetime, closings: Sequence[tuple[datetime, datetime, str]]
) -> Iterator[Interval]:
    at = start
    for day_from, day_to, name in closings:
        begins, ends = max(day_from, at), min(day_to, end)
        if begins >= ends:
            continue
        yield Interval(at, begins, False, OUTSIDE_HOURS)
        yield Interval(begins, ends, False, name)
        at = ends
    yield Interval(at, end, False, OUTSIDE_HOURS)


def _with_holds(
    intervals: Iterable[Interval], pauses: Sequence[Mapping[str, Any]]
) -> Iterator[Interval]:
    """Holds take away working time only: what is closed anyway stays closed by its own rule."""
    for interval in intervals:
        at = interval.from_at
        for pause in pauses if interval.is_counted else ():
            begins, ends = max(pause["from_at"], at), min(pause["to_at"], interval.to_at)
            if begins >= ends:
                continue
            yield replace(interval, from_at=at, to_at=begins)
            yield Interval(begins, ends, False, f"hold: {pause['reason']}")
            at = ends
        yield replace(interval, from_at=at)


def _joined(intervals: Iterable[Interval]) -> list[Interval]:
    """Without empty ones, and neighbours of one rule as one."""
    joined: list[Interval] = []
    for interval in intervals:
        if interval.from_at >= interval.to_at:
            continue
        last = joined[-1] if joined else None
        if last and last.to_at == interval.from_at and last.rule == interval.rule:
            joined[-1] = replace(last, to_at=interval.to_at)
        else:
            joined.append(interval)
    return joined
