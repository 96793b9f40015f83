"""Tickets and events by chance, from a seed: every odd thing that a real export has, mixed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

FIRST = datetime(2026, 2, 20)
LAST = datetime(2026, 7, 5, 12)

Row = dict[str, Any]


@dataclass
class Tickets:
    """Rows for `build_warehouse`."""

    tickets: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)


def chance_tickets(count: int, seed: int) -> Tickets:
    """Tickets opened over some months around a change of the clocks, exported at LAST."""
    draw = random.Random(seed)
    found = Tickets()
    for number in range(count):
        ticket = _ticket(draw, f"T{number:04}", number)
        found.tickets.append(ticket)
        found.events += _events(draw, ticket)
    return found


def _ticket(draw: random.Random, name: str, number: int) -> Row:
    opened = FIRST + timedelta(minutes=draw.randrange(int((LAST - FIRST).total_seconds() // 60)))
    state = draw.choices(
        ["new", "in_progress", "on_hold", "resolved", "closed", "cancelled", "unknown", None],
        [2, 4, 2, 12, 12, 2, 1, 1],
    )[0]
    done = state in ("resolved", "closed", "cancelled")
    resolved = opened + timedelta(minutes=round(draw.lognormvariate(6, 2)))
    closed = resolved + timedelta(days=draw.choice([0, 5]))
    chosen: Row = {
        "number": name,
        "kind": draw.choices(["incident", "service_request", None], [8, 2, 1])[0],
        "state": state,
        "priority": draw.choices(["P1", "P2", "P3", "P4", None], [1, 2, 6, 3, 1])[0],
        "impact": draw.choice(["high", "medium", "low", None]),
        "urgency": draw.choice(["high", "medium", "low"]),
        "service": draw.choice(["Mail", "Wiki", "Payroll", None]),
        "category": draw.choice(["Access", "Fault", None]),
        "subcategory": draw.choice(["Login", "Speed"]),
        "caller": draw.choice(["Eva", "Leo", "Mia", None]),
        "resolver_group": draw.choice(["Service Desk", "Network", "Apps", None]),
        "assignee": draw.choice(["Ana", "Ben", None]),
        "location": draw.choice(["Madrid", "Vigo"]),
        "channel": draw.choice(["phone", "portal", "alert"]),
        "detection": draw.choice(["monitoring", "user", None]),
        "is_major": draw.choices([True, False, None], [1, 12, 4])[0],
        "knowledge_used": draw.choice([True, False, None]),
        "is_test": draw.choices([True, None], [1, 25])[0],
        "merged_into": draw.choices(["generic:T0000", None], [1, 25])[0] if number else None,
        "parent_id": draw.choices(["generic:T0001", "generic:T0002", None], [1, 1, 20])[0],
        "opened_at": opened,
        "impact_started_at": draw.choice([opened - timedelta(minutes=20), None]),
        "detected_at": draw.choice([opened - timedelta(minutes=draw.randrange(40)), None]),
        "first_response_at": draw.choice([opened + timedelta(minutes=draw.randrange(90)), None]),
        "resolved_at": resolved if done and draw.random() < 0.9 else None,
        "closed_at": closed if state == "closed" else None,
        "updated_at": closed if done else opened,
        "reviewed_at": closed + timedelta(days=number % 6) if done and number % 2 else None,
        "reassignment_count": draw.choice([0, 0, 0, 1, 3, None]),
        "reopen_count": draw.choice([0, 0, 0, 0, 1, None]),
        "contact_count": draw.choice([1, 2, None]),
        "satisfaction": draw.choice([1, 4, 5, None, None]),
        "tool_sla_met": draw.choice([True, True, False, None]),
    }
    return chosen


def _events(draw: random.Random, ticket: Row) -> Iterator[Row]:
    """A history for every other ticket: holds, resolutions, reopenings, hand-overs."""
    if draw.random() < 0.5:
        return
    at = ticket["opened_at"]
    state, group = "new", "Service Desk"
    for _ in range(draw.randrange(1, 9)):
        at += timedelta(minutes=draw.randrange(0, 3000))
        found = {
            "number": ticket["number"],
            "at": at,
            "actor_role": draw.choice(["agent", "system"]),
        }
        kind = draw.random()
        if kind < 0.7:
            after = draw.choice(["in_progress", "on_hold", "resolved", "closed", "in_progress"])
            yield found | {"field": "state", "old": draw.choice([state, None]), "new": after}
            state = after
        elif kind < 0.85:
            after = draw.choice(["Network", "Apps", "Service Desk"])
            yield found | {"field": "resolver_group", "old": group, "new": after}
            group = after
        else:
            yield found | {"field": "assignee", "old": None, "new": draw.choice(["Ana", "Ben"])}
