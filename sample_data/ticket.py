"""A ticket as it was lived, before any tool wrote it down.

Instants are whole seconds since 1970 in UTC. A writer such as `servicenow` turns these records
into the words, columns and local times of its tool.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

State = Literal["new", "in_progress", "on_hold", "resolved", "closed", "cancelled"]
Channel = Literal["phone", "email", "self_service", "chat", "monitoring", "walk_in"]
Level = Literal["high", "medium", "low"]

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who calls, or works on tickets (then with a group)."""

    name: str
    login: str
    customer: str = ""
    location: str = ""
    group: str = ""
    spanish: bool = False


@dataclass(slots=True)
class Change:
    """One planned change of a service."""

    serial: int
    title: str
    kind: str
    risk: str
    service: str
    item: str
    category: str
    group: str
    state: str
    raised_at: int
    planned_start_at: int
    planned_end_at: int
    started_at: int | None
    ended_at: int | None
    closed_at: int | None
    outcome: str


@dataclass(slots=True)
class Problem:
    """One problem record, opened for tickets that kept coming."""

    serial: int
    title: str
    service: str
    item: str
    category: str
    group: str
    priority: int
    state: str
    known_error: bool
    workaround: str
    cause: str
    change: Change | None
    opened_at: int
    resolved_at: int | None
    closed_at: int | None
    issue: str


@dataclass(slots=True)
class Update:
    """One saved change of a ticket: who, when, and the fields that got new values.

    Keys are state, hold_reason, group, assignee, priority, impact, urgency, resolution_code,
    resolution_notes, resolved_by, major, parent, duplicate_of, problem, change, caused_by,
    knowledge, satisfaction; without any it is a work note.
    """

    at: int
    by: str
    fields: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Ticket:
    """One incident with its whole history; the first update is its creation."""

    opened_at: int
    opened_by: Person | None
    caller: Person | None
    channel: Channel
    service: str
    item: str
    category: str
    subcategory: str
    symptom: str
    severity: int
    title: str
    description: str
    issue: str
    updates: list[Update]
    impact_started_at: int | None = None
    detected_at: int | None = None
    serial: int = 0
    marks: set[str] = field(default_factory=set)

    @property
    def logged_at(self) -> int:
        return self.updates[0].at

    def last(self, name: str) -> object:
        """The value that a field ended with, or None."""
        for update in reversed(self.updates):
            if name in update.fields:
                return update.fields[name]
        return None

    @property
    def priority(self) -> int:
        value = self.last("priority")
        assert isinstance(value, int)
        return value

    @property
    def resolved_at(self) -> int | None:
        """The last resolution, or None while it never was resolved."""
        for update in reversed(self.updates):
            if update.fields.get("state") == "resolved":
                return update.at
        return None


@dataclass(slots=True)
class Review:
    """One action of a post-incident review; without an action, the review alone."""

    ticket: Ticket
    held_at: int
    summary: str
    action: str = ""
    owner: str = ""
    due_at: int | None = None
    done_at: int | None = None
