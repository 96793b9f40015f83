"""Writing tickets, changes, problems and reviews as ServiceNow exports them.

The incident event form has one row per update with all columns as they stood after it. Display
values, Windows-1252, CRLF, and local day-first times without a zone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sample_data.lifecycle import TARGETS
from sample_data.rhythm import EXPORTED_AT, TOOL_OFFICE, ZONE, local_seconds
from sample_data.ticket import Change, Problem, Review, Ticket

INCIDENT_COLUMNS = (
    "number", "incident_state", "active", "reassignment_count", "reopen_count", "sys_mod_count",
    "made_sla", "caller_id", "opened_by", "opened_at", "sys_created_by", "sys_created_at",
    "sys_updated_by", "sys_updated_at", "contact_type", "location", "company",
    "business_service", "category", "subcategory", "u_symptom", "cmdb_ci", "impact", "urgency",
    "priority", "severity", "assignment_group", "assigned_to", "hold_reason", "knowledge",
    "problem_id", "rfc", "caused_by", "parent_incident", "u_duplicate_of",
    "major_incident_state", "u_impact_started_at", "u_detected_at", "close_code", "close_notes",
    "resolved_by", "resolved_at", "closed_at", "sla_due", "u_satisfaction", "short_description",
    "description",
)  # fmt: skip
CHANGE_COLUMNS = (
    "number", "type", "state", "risk", "short_description", "business_service", "cmdb_ci",
    "category", "assignment_group", "start_date", "end_date", "work_start", "work_end",
    "closed_at", "close_code", "sys_created_on", "sys_updated_on",
)  # fmt: skip
PROBLEM_COLUMNS = (
    "number", "problem_state", "known_error", "short_description", "workaround", "cause_notes",
    "priority", "business_service", "cmdb_ci", "category", "assignment_group", "opened_at",
    "resolved_at", "closed_at", "rfc", "sys_updated_on",
)  # fmt: skip
REVIEW_COLUMNS = (
    "ticket_id",
    "held_at",
    "summary",
    "action",
    "owner",
    "due_at",
    "done_at",
)

_STATES = {
    "new": "New",
    "in_progress": "In Progress",
    "on_hold": "On Hold",
    "resolved": "Resolved",
    "closed": "Closed",
    "cancelled": "Canceled",
}
_PRIORITIES = {1: "1 - Critical", 2: "2 - High", 3: "3 - Moderate", 4: "4 - Low"}
_LEVELS = {"high": "1 - High", "medium": "2 - Medium", "low": "3 - Low"}
_SEVERITIES = {1: "1 - High", 2: "2 - Medium", 3: "3 - Low"}
_HOLDS = {
    "": "",
    "caller": "Awaiting Caller",
    "vendor": "Awaiting Vendor",
    "change": "Awaiting Change",
    "problem": "Awaiting Problem",
}
_CHANNELS = {
    "phone": "Phone",
    "email": "Email",
    "self_service": "Self-service",
    "chat": "Chat",
    "monitoring": "Monitoring",
    "walk_in": "Walk-in",
}
_MAJOR = {"proposed": "Proposed", "accepted": "Accepted", "rejected": "Rejected"}
# Fields whose value is copied as it stands, and those that first need the tool's word for it.
_PLAIN = {
    "group": "assignment_group",
    "assignee": "assigned_to",
    "resolution_code": "close_code",
    "resolution_notes": "close_notes",
    "resolved_by": "resolved_by",
    "satisfaction": "u_satisfaction",
}
_WORDED: dict[str, tuple[str, dict[object, str]]] = {
    "priority": ("priority", dict(_PRIORITIES)),
    "impact": ("impact", dict(_LEVELS)),
    "urgency": ("urgency", dict(_LEVELS)),
    "hold_reason": ("hold_reason", dict(_HOLDS)),
    "major": ("major_incident_state", dict(_MAJOR)),
    "knowledge": ("knowledge", {True: "true", False: "false"}),
}
_LINKS = {
    "parent": "parent_incident",
    "duplicate_of": "u_duplicate_of",
    "problem": "problem_id",
    "change": "rfc",
    "caused_by": "caused_by",
}

_DAY_TEXT: dict[int, str] = {}
_MINUTE_TEXT = [f" {minute // 60:02}:{minute % 60:02}:" for minute in range(24 * 60)]
_SECOND_TEXT = [f"{second:02}" for second in range(60)]


def shown(at: int | None) -> str:
    """A local time as a Spanish user of the tool sees it: `31/10/2026 09:14:22`."""
    if at is None:
        return ""
    minutes, second = divmod(local_seconds(at), 60)
    day, minute = divmod(minutes, 24 * 60)
    text = _DAY_TEXT.get(day)
    if text is None:
        text = _DAY_TEXT[day] = f"{datetime.fromtimestamp(day * 86400, UTC):%d/%m/%Y}"
    return text + _MINUTE_TEXT[minute] + _SECOND_TEXT[second]


def number_of(record: object) -> str:
    """The number that the tool gave to a record."""
    match record:
        case Ticket():
            return f"INC{record.serial:07}"
        case Change():
            return f"CHG{record.serial:07}"
        case Problem():
            return f"PRB{record.serial:07}"
    raise TypeError(type(record).__name__)


class ToolClock:
    """The tool's own resolution SLA: its schedule has no holidays, and holds pause it."""

    def __init__(self, ticket: Ticket, lenient: bool) -> None:
        self.opened_at = ticket.opened_at
        self.lenient = lenient
        self.priority = 4
        self.paused = 0
        self.held_since: int | None = None
        self.stopped_at: int | None = None
        self._due_at: tuple[tuple[int, int], int] | None = None

    def _elapsed(self, start: int, end: int) -> int:
        return end - start if self.priority <= 2 else TOOL_OFFICE.elapsed(start, end)

    def update(self, at: int, priority: int, state: str) -> None:
        """Follow the ticket through one update."""
        self.priority = priority
        if self.held_since is not None and state != "on_hold":
            self.paused += self._elapsed(self.held_since, at)
            self.held_since = None
        if state == "on_hold" and self.held_since is None:
            self.held_since = at
        if state in ("resolved", "cancelled", "closed"):
            self.stopped_at = self.stopped_at or at
        else:
            self.stopped_at = None

    def due_at(self) -> int:
        """The deadline as far as it is known."""
        key = (self.priority, self.paused)
        if self._due_at is None or self._due_at[0] != key:
            allowed = TARGETS[self.priority] + self.paused
            around_the_clock = self.priority <= 2
            due_at = self.opened_at + allowed
            if not around_the_clock:
                due_at = TOOL_OFFICE.add(self.opened_at, allowed)
            self._due_at = (key, due_at)
        return self._due_at[1]

    def met(self, at: int) -> bool:
        """Whether the promise still holds at an instant."""
        if self.lenient:
            return True
        end = self.held_since or self.stopped_at or at
        return self._elapsed(self.opened_at, end) - self.paused <= TARGETS[self.priority]


def incident_rows(ticket: Ticket, lenient: bool) -> Iterable[list[object]]:
    """The rows of one ticket up to the export, oldest first."""
    caller = ticket.caller
    row: dict[str, object] = dict.fromkeys(INCIDENT_COLUMNS, "")
    row |= {
        "number": number_of(ticket),
        "caller_id": caller.name if caller else "",
        "opened_by": ticket.opened_by.name if ticket.opened_by else "Event Integration",
        "opened_at": shown(ticket.opened_at),
        "sys_created_by": ticket.updates[0].by,
        "sys_created_at": shown(ticket.logged_at),
        "contact_type": _CHANNELS[ticket.channel],
        "location": caller.location if caller else "",
        "company": caller.customer if caller else "",
        "business_service": ticket.service,
        "category": ticket.category,
        "subcategory": ticket.subcategory,
        "u_symptom": ticket.symptom,
        "cmdb_ci": ticket.item,
        "severity": _SEVERITIES[ticket.severity],
        "u_impact_started_at": shown(ticket.impact_started_at),
        "u_detected_at": shown(ticket.detected_at),
        "short_description": ticket.title,
        "description": ticket.description,
    }
    clock = ToolClock(ticket, lenient)
    state = group = ""
    priority = moved = reopened = due_at = 0
    for count, update in enumerate(ticket.updates):
        if update.at > EXPORTED_AT:
            return
        for name, value in update.fields.items():
            if name in _PLAIN:
                row[_PLAIN[name]] = value
            elif name in _WORDED:
                column, words = _WORDED[name]
                row[column] = words[value]
            elif name in _LINKS:
                row[_LINKS[name]] = number_of(value)
        before, state = state, str(update.fields.get("state", state))
        reopened += before in ("resolved", "closed") and state in (
            "in_progress",
            "on_hold",
        )
        now = str(update.fields.get("group", group))
        moved += bool(group) and now != group
        group = now
        given = update.fields.get("priority", priority)
        priority = given if isinstance(given, int) else priority
        clock.update(update.at, priority, state)
        if state == "resolved" and before != "resolved":
            row["resolved_at"] = shown(update.at)
        if state in ("closed", "cancelled"):
            row["closed_at"] = row["closed_at"] or shown(update.at)
        row["incident_state"] = _STATES[state]
        row["active"] = "false" if state in ("closed", "cancelled") else "true"
        row["reassignment_count"] = moved
        row["reopen_count"] = reopened
        row["sys_mod_count"] = count
        row["made_sla"] = "true" if clock.met(update.at) else "false"
        if clock.due_at() != due_at:
            due_at = clock.due_at()
            row["sla_due"] = shown(due_at)
        row["sys_updated_by"] = update.by
        row["sys_updated_at"] = shown(update.at)
        yield list(row.values())


def _change_row(change: Change) -> list[str]:
    touched = [change.raised_at, change.started_at, change.ended_at, change.closed_at]
    return [
        number_of(change), change.kind, change.state, change.risk, change.title, change.service,
        change.item, change.category, change.group, shown(change.planned_start_at),
        shown(change.planned_end_at), shown(change.started_at), shown(change.ended_at),
        shown(change.closed_at), change.outcome, shown(change.raised_at),
        shown(max(at for at in touched if at is not None)),
    ]  # fmt: skip


def _problem_row(problem: Problem) -> list[str]:
    touched = [problem.opened_at, problem.resolved_at, problem.closed_at]
    newest = max(at for at in touched if at is not None and at < EXPORTED_AT)
    return [
        number_of(problem), problem.state, "true" if problem.known_error else "false",
        problem.title, problem.workaround, problem.cause, _PRIORITIES[problem.priority],
        problem.service, problem.item, problem.category, problem.group, shown(problem.opened_at),
        shown(problem.resolved_at), shown(problem.closed_at),
        number_of(problem.change) if problem.change else "", shown(newest),
    ]  # fmt: skip


def _with_offset(at: int | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at, ZONE).isoformat()


def _review_row(review: Review) -> list[str]:
    return [
        f"servicenow:{number_of(review.ticket)}", _with_offset(review.held_at), review.summary,
        review.action, review.owner, _with_offset(review.due_at), _with_offset(review.done_at),
    ]  # fmt: skip


def _write(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    encoding: str = "cp1252",
) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows(rows)


def write_incidents(folder: Path, tickets: Sequence[Ticket], lenient: frozenset[int]) -> None:
    """`incident_events.csv`; `lenient` are serials whose missed SLA somebody repaired by hand."""
    rows = (row for t in tickets for row in incident_rows(t, t.serial in lenient))
    _write(folder / "incident_events.csv", INCIDENT_COLUMNS, rows)


def write_records(
    folder: Path,
    changes: Sequence[Change],
    problems: Sequence[Problem],
    reviews: Sequence[Review],
) -> None:
    """The lists of changes and problems, and the reviews that were kept in a spreadsheet."""
    _write(folder / "change_request.csv", CHANGE_COLUMNS, map(_change_row, changes))
    _write(folder / "problem.csv", PROBLEM_COLUMNS, map(_problem_row, problems))
    _write(
        folder / "reviews.csv",
        REVIEW_COLUMNS,
        map(_review_row, reviews),
        encoding="utf-8",
    )
