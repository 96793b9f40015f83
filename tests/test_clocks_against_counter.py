"""A thousand random tickets through the files, against an independent counter: no difference."""

from __future__ import annotations

import random
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.clock_counter import Clock, ClockCounter, Event, Ticket
from tests.sla_files import clocks_of

POLICY = """
timezone = "America/New_York"

[calendars.lunch]
timezone = "Europe/Madrid"
mon = ["09:00-14:00", "15:00-18:00"]
tue = ["09:00-14:00", "15:00-18:00"]
wed = ["09:00-14:00", "15:00-18:00"]
thu = ["09:00-14:00", "15:00-18:00"]
fri = ["09:00-14:00", "15:00-18:00"]
[calendars.lunch.dates]
"2025-10-13" = []
"2025-10-24" = ["09:00-14:00"]
"2025-10-25" = ["10:00-12:00"]

[calendars.night]
timezone = "Australia/Lord_Howe"
mon = ["00:00-06:00", "22:00-24:00"]
tue = ["00:00-06:00", "22:00-24:00"]
wed = ["00:00-06:00", "22:00-24:00"]
thu = ["00:00-06:00", "22:00-24:00"]
fri = ["00:00-06:00", "22:00-24:00"]
sat = ["00:00-06:00"]
sun = ["01:30-02:45", "22:00-24:00"]

[calendars.cairo]
timezone = "Africa/Cairo"
mon = ["09:00-17:00"]
tue = ["09:00-17:00"]
wed = ["09:00-17:00"]
thu = ["09:00-17:00", "20:00-24:00"]
sun = ["00:00-24:00"]

[calendars.always_there]
timezone = "UTC"
mon = ["00:00-24:00"]
tue = ["00:00-24:00"]
wed = ["00:00-24:00"]
thu = ["00:00-24:00"]
fri = ["00:00-24:00"]
sat = ["00:00-24:00"]
sun = ["00:00-24:00"]

[[sla]]
name = "gold"
clock = "resolution"
where = { priority = ["P1", "P2"], customer = "Gold" }
target = "90m"
calendar = "always_there"
pause = ["Awaiting Vendor"]

[[sla]]
name = "P1"
clock = "resolution"
where = { priority = "P1" }
target = "4h"
calendar = "always_there"
pause = ["on_hold"]

[[sla]]
name = "P2"
clock = "resolution"
where = { priority = "P2" }
target = "8h"
calendar = "lunch"
pause = ["on_hold"]
retroactive = false

[[sla]]
name = "P3"
clock = "resolution"
where = { priority = "P3" }
target = "2 working days"
calendar = "lunch"
pause = ["on_hold", "Awaiting Vendor"]

[[sla]]
name = "P4"
clock = "resolution"
where = { priority = "P4" }
target = "next working day 16:00"
calendar = "cairo"
pause = ["on_hold"]

[[sla]]
name = "R1"
clock = "response"
where = { priority = ["P1", "P2"] }
target = "900s"
calendar = "always_there"

[[sla]]
name = "R3"
clock = "response"
where = { priority = ["P3", "P4"] }
target = "3h"
calendar = "night"
pause = ["on_hold"]
"""

NOW = datetime(2025, 11, 3, 12)
FIRST, LAST = date(2025, 9, 20), date(2025, 12, 20)
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")


def random_ticket(draw: random.Random, number: int) -> Ticket:
    """A ticket with a plausible life: holds, hand-backs, priority changes, comments, reopenings."""
    opened_at = datetime(2025, 10, 1) + timedelta(seconds=draw.randrange(33 * 86_400))
    if draw.random() < 0.5:
        opened_at = opened_at.replace(second=0, minute=draw.choice((0, 30)))
    ticket = Ticket(f"T{number}", opened_at, draw.choice(PRIORITIES))
    ticket.columns = {"customer": draw.choice(("Gold", "Silver"))}
    priority, state, reason = ticket.priority, "new", ""
    at = opened_at
    pace = draw.choice((600, 7200, 86_400))
    for _ in range(draw.randrange(12)):
        at += timedelta(seconds=draw.choice((0, draw.randrange(1, 60), draw.randrange(pace))))
        if at > NOW:
            break
        choice = draw.random()
        if choice < 0.2:
            new = draw.choice([p for p in PRIORITIES if p != priority])
            # two changes of priority in one instant leave no time in between
            ticket.events.append(Event(at, "priority", priority, new))
            priority = new
        elif choice < 0.35:
            role = draw.choice(("agent", "system", "caller"))
            ticket.events.append(Event(at, "public_comment", "", "words", role))
        elif choice < 0.45 and state not in ("resolved", "closed"):
            new_reason = "" if reason else draw.choice(("Awaiting Vendor", "Awaiting Caller"))
            ticket.events.append(Event(at, "hold_reason", reason, new_reason))
            reason = new_reason
        else:
            states = ("in_progress", "on_hold", "resolved")
            if state in ("resolved", "closed"):
                states = ("in_progress", "closed", "on_hold")
            new = draw.choice([s for s in states if s != state])
            ticket.events.append(Event(at, "state", state, new))
            state = new
            reason = reason if new == "on_hold" else ""
    ticket.columns |= {"state": state, "priority": priority}
    return ticket


def rows_of(tickets: list[Ticket]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    ticket_rows = [
        {
            "number": ticket.number,
            "opened_at": f"{ticket.opened_at.isoformat()}Z",
            "kind": "incident",
            **ticket.columns,
        }
        for ticket in tickets
    ]
    event_rows = [
        {
            "number": ticket.number,
            "at": f"{event.at.isoformat()}Z",
            "field": event.field,
            "old": event.old,
            "new": event.new,
            "actor_role": event.role,
        }
        for ticket in tickets
        for event in ticket.events
    ]
    return ticket_rows, event_rows


def differences(folder: Path, seed: int, count: int) -> list[str]:
    draw = random.Random(seed)
    tickets = [random_ticket(draw, number) for number in range(count)]
    ticket_rows, event_rows = rows_of(tickets)
    rows = clocks_of(folder, POLICY, ticket_rows, event_rows, f"{NOW.isoformat()}Z")
    counter = ClockCounter(tomllib.loads(POLICY), FIRST, LAST, NOW)
    found: dict[str, set[Clock]] = {ticket.number: set() for ticket in tickets}
    names = Clock.__dataclass_fields__
    for row in rows:
        if row["sla"] is not None:
            found[row["number"]].add(Clock(**{name: row[name] for name in names}))
    texts: list[str] = []
    for ticket in tickets:
        expected = set(counter.clocks(ticket))
        if expected != found[ticket.number]:
            only_expected = expected - found[ticket.number]
            only_found = found[ticket.number] - expected
            texts.append(f"{ticket}\n  expected {only_expected}\n  found {only_found}")
    return texts


@pytest.mark.parametrize("seed", [1, 2])
def test_a_thousand_random_tickets(seed: int, tmp_path: Path) -> None:
    texts = differences(tmp_path, seed, 1000)
    assert not texts, f"{len(texts)} tickets differ, the first:\n{texts[0]}"
