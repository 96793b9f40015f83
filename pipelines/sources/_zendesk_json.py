"""Zendesk's records as rows: tickets with the names of their people, and their history as events.

The history comes from audits where a file has them, else from metric events, which say when agents
could work on a ticket, when the requester waited, and when a reply was given.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from pipelines.reading.unfolding import (
    Document,
    Row,
    SideLoad,
    SideLoads,
    Unfolded,
    flat,
    member,
    members,
    plain,
    text,
)

TICKETS, HISTORY = "tickets", "history"
STATE_WORDS = {
    "new": "new",
    "open": "in_progress",
    "pending": "on_hold",
    "hold": "on_hold",
    "solved": "resolved",
    "closed": "closed",
    "deleted": "cancelled",
    "merged": "cancelled",
}
HOLD_REASONS = {"pending": "Awaiting Caller", "hold": "Awaiting Vendor"}
PRIORITY_WORDS = {"urgent": "P1", "high": "P2", "normal": "P3", "low": "P4"}
SCORES = {"good": "1", "bad": "0"}
MERGED_TAG = "closed_by_merge"
ROLES = {"end-user": "caller", "agent": "agent", "admin": "agent"}
SYSTEM = "-1"
WORK, WAIT, REPLY = "agent_work_time", "requester_wait_time", "reply_time"
RESOLUTION_METRICS = (WORK, WAIT, "resolution_time", "total_resolution_time")
# Members that are taken apart into rows, or named through their ids.
APART = ("audits", "metric_set", "metric_events", "custom_fields", "fields", "satisfaction_rating")


def unfold_ticket(record: dict[str, Any], sides: SideLoads) -> Unfolded:
    """One ticket as a row; its own audits, else its metric events, as events."""
    events = _metric_events(record, sides)
    yield TICKETS, _ticket(record, events, sides)
    audits = members(record, "audits")
    number = plain(record, "id")
    if number is None:
        return
    if audits:
        for audit in audits:
            yield from _named(number, _audit(audit, record, sides))
    elif not sides.all("audits", number):
        yield from _named(number, _measured(events))


def unfold_metric_event(record: dict[str, Any], sides: SideLoads) -> Unfolded:
    """All metric events of a ticket, when the first of them comes by."""
    number = plain(record, "ticket_id")
    if number is None:
        yield HISTORY, {"event_time": text(record.get("time"))}
        return
    events = sides.all("ticket_metric_events", number) or [record]
    is_told = sides.one("tickets", number) is not None or bool(sides.all("audits", number))
    if not is_told and plain(events[0], "id") == plain(record, "id"):
        yield from _named(number, _measured(events))


def unfold_audit(record: dict[str, Any], sides: SideLoads) -> Unfolded:
    """One audit, or one entry of the incremental ticket events."""
    number = plain(record, "ticket_id")
    if number is None:
        yield HISTORY, {"event_time": text(record.get("created_at"))}
        return
    ticket = sides.one("tickets", number)
    yield from _named(number, _audit(record, ticket, sides))


def _named(number: str, events: Iterator[Row]) -> Unfolded:
    for event in events:
        yield HISTORY, {"ticket_id": number, **event}


def _ticket(record: dict[str, Any], events: list[dict[str, Any]], sides: SideLoads) -> Row:
    measured = member(record, "metric_set") or sides.one("metric_sets", record.get("id"))
    row = flat({name: value for name, value in record.items() if name not in APART})
    row |= flat({"metric_set": measured}) if isinstance(measured, dict) else {}
    row["requester_id"] = plain(record, "requester_id")
    row["group"] = plain(sides.one("groups", record.get("group_id")), "name")
    row["organization"] = plain(sides.one("organizations", record.get("organization_id")), "name")
    for role in ("assignee", "requester"):
        row[role] = plain(sides.one("users", record.get(f"{role}_id")), "name")
    for own in members(record, "custom_fields") or members(record, "fields"):
        row[f"custom_fields.{plain(own, 'id')}"] = text(own.get("value"))
    score = plain(record, "satisfaction_rating", "score") or ""
    row["satisfaction_rating.score"] = SCORES.get(score.removesuffix("_with_comment"))
    row["satisfaction_rating.comment"] = plain(record, "satisfaction_rating", "comment")
    tags = member(record, "tags")
    if isinstance(tags, list) and MERGED_TAG in tags:
        row["status"] = "merged"
    if plain(record, "status") == "closed":
        row["closed_at"] = plain(measured, "status_updated_at")
    stations = plain(measured, "group_stations")
    if stations is not None and stations.isdigit():
        row["regrouped"] = str(max(int(stations) - 1, 0))
    row["first_reply_at"] = _first_reply(events)
    if row["first_reply_at"] is None:
        row["first_reply_in_minutes"] = _replied(record, measured)
    row["sla_met"] = text(_sla_met(events))
    row["sla_due_at"] = next(
        (
            plain(each, "breach_at")
            for each in members(record, "slas", "policy_metrics")
            if plain(each, "metric") in RESOLUTION_METRICS
        ),
        None,
    )
    return row


def _metric_events(record: dict[str, Any], sides: SideLoads) -> list[dict[str, Any]]:
    """A ticket's metric events: its own (a list, or lists by metric), else those of the file."""
    own = member(record, "metric_events")
    if isinstance(own, dict):
        named = [(name, each) for name in own for each in members(own, name)]
        return [{"metric": name, **each} for name, each in named]
    if isinstance(own, list):
        return members(record, "metric_events")
    found = sides.all("ticket_metric_events", record.get("id"))
    return [each for each in found if isinstance(each, dict)]


def _first_reply(events: list[dict[str, Any]]) -> str | None:
    """When the first reply was given; later instances of the metric are later answers."""
    times = [
        plain(each, "time")
        for each in events
        if _is(each, REPLY, "fulfill") and plain(each, "instance_id") == "1"
    ]
    return min((time for time in times if time), default=None)


def _replied(record: dict[str, Any], measured: object) -> str | None:
    """The first reply as metric sets tell it: so many whole minutes after creation."""
    minutes = plain(measured, "reply_time_in_minutes", "calendar")
    created = plain(record, "created_at")
    if minutes is None or created is None or not minutes.isdigit() or len(minutes) > 8:
        return None
    try:
        at = datetime.fromisoformat(created)
    except ValueError:
        return None
    if at.tzinfo is None or at.year > 2100:
        return None
    return f"{at.astimezone(UTC) + timedelta(minutes=int(minutes)):%Y-%m-%dT%H:%M:%SZ}"


def _sla_met(events: list[dict[str, Any]]) -> bool | None:
    """The verdict on resolution; a breach that was deleted (the target moved) is none."""
    of_resolution = [
        each
        for each in events
        if plain(each, "metric") in RESOLUTION_METRICS and each.get("deleted") is not True
    ]
    kinds = {(plain(each, "metric"), plain(each, "type")) for each in of_resolution}
    promised = {metric for metric, kind in kinds if kind == "apply_sla"}
    if any(kind == "breach" for _, kind in kinds):
        return False
    return True if any((metric, "fulfill") in kinds for metric in promised) else None


def _is(event: dict[str, Any], metric: str, kind: str) -> bool:
    return event.get("metric") == metric and event.get("type") == kind


def _measured(events: list[dict[str, Any]]) -> Iterator[Row]:
    """States and answers as metric events tell them, one ticket's, in the order of time.

    Agents can work (new, open), or cannot: then the requester waits too (on-hold, for somebody
    else), or is waited for (pending). From new to open there is no event.
    """
    in_order = sorted(
        (each for each in events if plain(each, "time") and each.get("deleted") is not True),
        key=lambda each: (plain(each, "time") or "", (plain(each, "id") or "").zfill(20)),
    )
    phase: dict[str, str] = {}
    before: tuple[str | None, str | None] = (None, None)
    for time, group in groupby(in_order, key=lambda each: plain(each, "time")):
        at_once = list(group)
        is_creation = before[0] is None and any(
            each.get("type") == "activate" and plain(each, "instance_id") == "1" for each in at_once
        )
        for each in at_once:
            if each.get("type") in ("activate", "pause", "fulfill"):
                phase[str(each.get("metric"))] = str(each["type"])
            if _is(each, REPLY, "fulfill"):
                yield {"event_time": time, "event_field": "public_comment", "event_role": "agent"}
        now = _state(phase, is_creation=is_creation or before[0] == "new")
        if now[0] is None:
            continue
        if now[0] != before[0]:
            yield _event(time, "state", before[0], now[0])
        if now[1] != before[1]:
            yield _event(time, "hold_reason", before[1], now[1])
        before = now


def _state(phase: dict[str, str], *, is_creation: bool) -> tuple[str | None, str | None]:
    """The state and why it waits, from what is being measured."""
    match phase.get(WORK):
        case "fulfill":
            return "resolved", None
        case "pause":
            waits = {"activate": "hold", "pause": "pending"}.get(phase.get(WAIT, ""), "")
            return "on_hold", HOLD_REASONS.get(waits)
        case "activate":
            return ("new" if is_creation else "in_progress"), None
    return None, None


def _event(time: str | None, field: str, old: str | None, new: str | None) -> Row:
    return {"event_time": time, "event_field": field, "event_old": old, "event_new": new}


def _audit(audit: dict[str, Any], ticket: object, sides: SideLoads) -> Iterator[Row]:
    """The changes and comments of one audit. The comment of the creation is the description."""
    events = members(audit, "events") or members(audit, "child_events")
    is_creation = any(_type(each) == "Create" for each in events)
    time = _time(audit)
    author = plain(audit, "author_id") or plain(audit, "updater_id")
    for each in events:
        said_by = plain(each, "author_id") or author
        rows = _said(each, time, is_creation=is_creation) + _changed(each, time, sides)
        for row in rows:
            person = (
                said_by if row["event_field"] in ("public_comment", "private_comment") else author
            )
            name = plain(sides.one("users", person), "name") or person
            yield row | {"event_actor": name, "event_role": _role(person, ticket, sides)}


def _type(event: dict[str, Any]) -> str | None:
    return plain(event, "type") or plain(event, "event_type")


def _time(audit: dict[str, Any]) -> str | None:
    """`created_at`, or the seconds since 1970 of the incremental ticket events."""
    created, stamp = text(audit.get("created_at")), plain(audit, "timestamp")
    if created is None and stamp is not None and stamp.isdigit() and len(stamp) <= 10:
        return f"{datetime.fromtimestamp(int(stamp), UTC):%Y-%m-%dT%H:%M:%SZ}"
    return created or stamp


def _said(event: dict[str, Any], time: str | None, *, is_creation: bool) -> list[Row]:
    if _type(event) != "Comment" or is_creation or not isinstance(event.get("public"), bool):
        return []
    return [_event(time, "public_comment" if event["public"] else "private_comment", None, None)]


def _changed(event: dict[str, Any], time: str | None, sides: SideLoads) -> list[Row]:
    """The change of one field; audits name it, incremental ticket events have it as a member."""
    if _type(event) not in ("Create", "Change"):
        return []
    rows: list[Row] = []
    named = plain(event, "field_name")
    for name in ("status", "priority", "group_id", "assignee_id"):
        if name not in (named, *(event if named is None else ())):
            continue
        new = plain(event, "value" if named else name)
        old = plain(event, "previous_value") if _type(event) == "Change" else None
        rows += _values(name, time, old, new, sides)
    return rows


def _values(
    name: str, time: str | None, old: str | None, new: str | None, sides: SideLoads
) -> list[Row]:
    match name:
        case "status":
            states = [STATE_WORDS.get(word, "unknown") if word else None for word in (old, new)]
            rows = [_event(time, "source_state", old, new)]
            if states[0] != states[1]:
                rows.append(_event(time, "state", *states))
            holds = [HOLD_REASONS.get(word or "") for word in (old, new)]
            return rows + ([_event(time, "hold_reason", *holds)] if holds[0] != holds[1] else [])
        case "priority":
            ranks = [PRIORITY_WORDS.get(word or "", word) for word in (old, new)]
            return [_event(time, "priority", *ranks)]
    side, field = ("groups", "resolver_group") if name == "group_id" else ("users", "assignee")
    names = [plain(sides.one(side, key), "name") or key for key in (old, new)]
    return [_event(time, field, *names)] if names != [None, None] else []


def _role(person: str | None, ticket: object, sides: SideLoads) -> str | None:
    """Caller, agent or system; None where neither the users nor the ticket tell."""
    if person == SYSTEM:
        return "system"
    if person is None:
        return None
    if person == plain(ticket, "requester_id"):
        return "caller"
    role = ROLES.get(plain(sides.one("users", person), "role") or "")
    return role or ("agent" if person == plain(ticket, "assignee_id") else None)


_SIDES = {
    "users": SideLoad("users.item", "id"),
    "groups": SideLoad("groups.item", "id"),
    "organizations": SideLoad("organizations.item", "id"),
    "metric_sets": SideLoad("metric_sets.item", "ticket_id"),
    "tickets": SideLoad("tickets.item", "id"),
    "ticket_metric_events": SideLoad("ticket_metric_events.item", "ticket_id"),
    "audits": SideLoad("audits.item", "ticket_id"),
}

DOCUMENTS = (
    Document(
        main=TICKETS,
        lists=("tickets", "ticket", "results"),
        told_by=(("id",), ("status",), ("requester_id", "submitter_id"), ("created_at",)),
        never=("responder_id", "fr_due_by"),  # Freshdesk and Freshservice
        unfold=unfold_ticket,
        side_loads=_SIDES,
    ),
    Document(
        main=HISTORY,
        lists=("ticket_metric_events", "ticket_events"),
        told_by=(("ticket_id",), ("metric",), ("time",), ("type",)),
        unfold=unfold_metric_event,
        side_loads=_SIDES,
    ),
    Document(
        main=HISTORY,
        lists=("audits", "ticket_events"),
        told_by=(("ticket_id",), ("events", "child_events")),
        unfold=unfold_audit,
        side_loads=_SIDES,
    ),
)
