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


def differences(folder: Path, seed: int, count: int, policy: str = POLICY) -> list[str]:
    draw = random.Random(seed)
    tickets = [random_ticket(draw, number) for number in range(count)]
    ticket_rows, event_rows = rows_of(tickets)
    rows = clocks_of(folder, policy, ticket_rows, event_rows, f"{NOW.isoformat()}Z")
    counter = ClockCounter(tomllib.loads(policy), FIRST, LAST, NOW)
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


ZONES = ("Europe/Madrid", "America/Havana", "Asia/Kathmandu", "Pacific/Chatham", "Africa/Cairo")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def random_policy(draw: random.Random) -> str:
    """Calendars with any windows in any zone, and promises of every kind on them."""
    lines = [f'timezone = "{draw.choice(ZONES)}"']
    for name in ("a", "b"):
        lines += [
            f"[calendars.{name}]",
            f'timezone = "{draw.choice(ZONES)}"',
            "wed = ['08:15-19:45']",
        ]
        for day in draw.sample([day for day in DAYS if day != "wed"], 4):
            lines.append(f"{day} = {random_windows(draw)}")
        lines.append(f"[calendars.{name}.dates]")
        lines += [f'"2025-10-{n}" = {random_windows(draw)}' for n in draw.sample(range(10, 32), 3)]
    for number, clock in enumerate(("resolution", "response") * 3):
        priorities = draw.sample(PRIORITIES, 3)
        seconds = draw.choice((300, 5400, 86_400, draw.randrange(1, 200_000)))
        target = draw.choice((f"{seconds}s", f"{seconds}s", "next working day 11:30"))
        lines += [
            "[[sla]]",
            f'name = "{number}"',
            f'clock = "{clock}"',
            f"where = {{ priority = {priorities} }}",
            f'target = "{target}"',
            f'calendar = "{draw.choice("ab")}"',
            f"pause = {draw.sample(('on_hold', 'Awaiting Vendor', 'Awaiting Caller'), 2)}",
            f"retroactive = {draw.choice(('true', 'false'))}",
        ]
    return "\n".join(lines)


def random_windows(draw: random.Random) -> list[str]:
    edges = sorted(draw.sample(range(0, 1441, 15), 2 * draw.randrange(4)))
    times = [f"{minute // 60:02}:{minute % 60:02}" for minute in edges]
    return [f"{a}-{b}" for a, b in zip(times[::2], times[1::2], strict=True)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_policies(seed: int, tmp_path: Path) -> None:
    policy = random_policy(random.Random(seed))
    texts = differences(tmp_path, seed, 200, policy)
    assert not texts, f"{len(texts)} tickets differ under\n{policy}\nthe first:\n{texts[0]}"
