"""An independent reading of the rules of service-level clocks, ticket by ticket.

Plain loops over plain data and single seconds, sharing no code with the product; slow on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.second_counter import SecondCounter

DONE = ("resolved", "closed", "cancelled")
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass
class Event:
    at: datetime
    field: str
    old: str
    new: str
    role: str = "agent"


@dataclass
class Ticket:
    number: str
    opened_at: datetime
    priority: str
    events: list[Event] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Clock:
    """What the product must say of one clock."""

    sla: str
    clock: str
    cycle: int
    state: str
    started_at: datetime
    stopped_at: datetime | None
    due_at: datetime | None
    breached_at: datetime | None
    elapsed_seconds: int
    paused_seconds: int
    target_seconds: int
    met: bool | None


class ClockCounter:
    """Expected clocks under a policy given as its TOML document."""

    def __init__(self, policy: Mapping[str, Any], first: date, last: date, now: datetime) -> None:
        self.policy = policy
        self.now = now
        self.counters = {
            name: SecondCounter(calendar, first, last)
            for name, calendar in policy["calendars"].items()
        }

    def clocks(self, ticket: Ticket) -> list[Clock]:
        found: list[Clock] = []
        for cycle, (start, stop) in enumerate(self.cycles(ticket), 1):
            found += self.promises(ticket, "resolution", cycle, start, stop)
            if cycle == 1:
                answers = [
                    event.at
                    for event in ticket.events
                    if event.field == "public_comment" and event.role == "agent"
                ]
                ends = [at for at in (min(answers, default=None), stop) if at is not None]
                found += self.promises(ticket, "response", 1, start, min(ends, default=None))
        return found

    def cycles(self, ticket: Ticket) -> list[tuple[datetime, datetime | None]]:
        cycles: list[tuple[datetime, datetime | None]] = []
        start: datetime | None = ticket.opened_at
        for event in ticket.events:
            if event.field != "state":
                continue
            if event.new in DONE and start is not None:
                cycles.append((start, event.at))
                start = None
            elif event.new not in DONE and start is None:
                start = event.at
        if start is not None:
            cycles.append((start, None))
        return cycles

    def priority_at(self, ticket: Ticket, instant: datetime) -> str:
        changes = [e for e in ticket.events if e.field == "priority"]
        priority = changes[0].old if changes else ticket.priority
        for change in changes:
            if change.at <= instant:
                priority = change.new
        return priority

    def sla_for(self, ticket: Ticket, clock: str, instant: datetime) -> Mapping[str, Any] | None:
        priority = self.priority_at(ticket, instant)
        for sla in self.policy["sla"]:
            wanted = sla["where"].get("priority", priority)
            matches = priority in wanted if isinstance(wanted, list) else priority == wanted
            others = {k: v for k, v in sla["where"].items() if k != "priority"}
            fits = all(ticket.columns.get(k) == v for k, v in others.items())
            if sla["clock"] == clock and matches and fits:
                return sla
        return None

    def promises(
        self, ticket: Ticket, clock: str, cycle: int, start: datetime, stop: datetime | None
    ) -> list[Clock]:
        """One clock for the start and one for every change that brings another promise."""
        turns = [start]
        for event in ticket.events:
            if event.field == "priority" and start < event.at < (stop or self.now):
                turns.append(event.at)
        held: list[tuple[datetime, Mapping[str, Any] | None]] = []
        for turn in turns:
            sla = self.sla_for(ticket, clock, turn)
            if not held or held[-1][1] is not sla:
                held.append((turn, sla))
        found: dict[tuple[object, ...], Clock] = {}
        for place, (turn, sla) in enumerate(held):
            if sla is None:
                continue
            cut = held[place + 1][0] if place + 1 < len(held) else None
            began = start if sla.get("retroactive", True) else turn
            found[sla["name"], began] = self.clock(ticket, sla, cycle, began, stop, cut)
        return list(found.values())

    def pauses(
        self, ticket: Ticket, words: Sequence[str]
    ) -> list[tuple[datetime, datetime | None]]:
        """When the state or the hold reason is one of the words."""
        spans: list[tuple[datetime, datetime | None]] = []
        state, reason = "new", ""
        since: datetime | None = None
        for event in ticket.events:
            if event.field == "state":
                state = event.new
                if state != "on_hold":
                    reason = ""
            elif event.field == "hold_reason":
                reason = event.new
            else:
                continue
            paused = state in words or (bool(reason) and reason in words)
            if paused and since is None:
                since = event.at
            elif not paused and since is not None:
                spans.append((since, event.at))
                since = None
        if since is not None:
            spans.append((since, None))
        return spans

    def clock(
        self,
        ticket: Ticket,
        sla: Mapping[str, Any],
        cycle: int,
        start: datetime,
        stop: datetime | None,
        cut: datetime | None,
    ) -> Clock:
        counter = self.counters[sla["calendar"]]
        end = cut or stop
        until = end or self.now
        relative = sla["target"].startswith("next working day")
        holds = [] if relative else self.pauses(ticket, sla.get("pause", ()))
        closed = [(a, min(b or until, until)) for a, b in holds if a < until]
        elapsed = counter.elapsed(start, until, closed)
        paused = counter.elapsed(start, until) - elapsed
        if relative:
            due = self.next_working_day(sla, start)
            target = counter.elapsed(start, due)
            over = until > due
        else:
            target = self.target(sla)
            due = counter.due(start, target, closed)
            over = elapsed > target
        held_now = end is None and any(a <= until and (b is None or b > until) for a, b in holds)
        state = "running"
        if over:
            state = "breached"
        elif cut is not None:
            state = "cancelled"
        elif stop is not None:
            state = "met"
        elif held_now:
            state = "paused"
        return Clock(
            sla=sla["name"],
            clock=sla["clock"],
            cycle=cycle,
            state=state,
            started_at=start,
            stopped_at=end,
            due_at=None if state == "paused" else due,
            breached_at=due if over else None,
            elapsed_seconds=elapsed,
            paused_seconds=paused,
            target_seconds=target,
            met={"met": True, "breached": False}.get(state),
        )

    def target(self, sla: Mapping[str, Any]) -> int:
        words = sla["target"].split()
        if len(words) == 1:
            return int(words[0][:-1]) * UNITS[words[0][-1]]
        # "2 working days": every open weekday of the test's calendars for it is equally long
        calendar = self.policy["calendars"][sla["calendar"]]
        day = next(
            windows for key, windows in calendar.items() if key in ("mon", "tue") and windows
        )
        minutes = 0
        for window in day:
            opens, closes = (edge.split(":") for edge in window.split("-"))
            minutes += (int(closes[0]) - int(opens[0])) * 60 + int(closes[1]) - int(opens[1])
        return int(words[0]) * minutes * 60

    def next_working_day(self, sla: Mapping[str, Any], start: datetime) -> datetime:
        calendar = self.policy["calendars"][sla["calendar"]]
        zone = ZoneInfo(calendar["timezone"])
        day = start.replace(tzinfo=UTC).astimezone(zone).date() + timedelta(days=1)
        while not list(self.counters[sla["calendar"]].windows(calendar, day)):
            day += timedelta(days=1)
        hour, minute = sla["target"].rsplit(" ", 1)[1].split(":")
        local = datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=zone)
        return local.astimezone(UTC).replace(tzinfo=None)
