"""The history of Zendesk's tickets: metric events wherever they stand, and audits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command import load
from tests.zendesk_pages import SIDES, page, table, ticket


def event(at: str, metric: str, kind: str, instance: int = 1, **more: object) -> dict[str, Any]:
    return {
        "id": int(at.replace(":", "")) * 10 + len(metric) % 10,
        "ticket_id": 7,
        "metric": metric,
        "instance_id": instance,
        "type": kind,
        "time": f"2026-03-02T{at}Z",
    } | more


# Opened 9:00:22, answered 9:17, pending 9:30 to 10:00, on hold 10:20 to 10:40, solved 10:50,
# reopened 11:00, solved 11:30. The promise of the resolution was broken at 11:20; a breach that
# Zendesk took back (the target moved) counts for nothing.
EVENTS = [
    event("09:00:22", "agent_work_time", "activate"),
    event("09:00:22", "requester_wait_time", "activate"),
    event("09:00:22", "reply_time", "activate"),
    event("09:00:22", "agent_work_time", "apply_sla"),
    event("09:10:00", "agent_work_time", "breach", deleted=True),
    event("09:17:05", "reply_time", "fulfill"),
    event("09:30:00", "agent_work_time", "pause"),
    event("09:30:00", "requester_wait_time", "pause"),
    event("10:00:00", "agent_work_time", "activate"),
    event("10:00:00", "requester_wait_time", "activate"),
    event("10:20:00", "agent_work_time", "pause"),
    event("10:40:00", "agent_work_time", "activate"),
    event("10:50:00", "agent_work_time", "fulfill"),
    event("10:50:00", "requester_wait_time", "fulfill"),
    event("10:50:00", "agent_work_time", "update_status", status={"calendar": 110}),
    event("11:00:00", "agent_work_time", "activate", 2),
    event("11:00:00", "requester_wait_time", "activate", 2),
    event("11:20:00", "agent_work_time", "breach"),
    event("11:30:00", "agent_work_time", "fulfill", 2),
    event("11:30:00", "requester_wait_time", "fulfill", 2),
]
HISTORY = [
    ("09:00:22", "state", None, "new"),
    ("09:17:05", "public_comment", None, None),
    ("09:30:00", "state", "new", "on_hold"),
    ("09:30:00", "hold_reason", None, "Awaiting Caller"),
    ("10:00:00", "state", "on_hold", "in_progress"),
    ("10:00:00", "hold_reason", "Awaiting Caller", None),
    ("10:20:00", "state", "in_progress", "on_hold"),
    ("10:20:00", "hold_reason", None, "Awaiting Vendor"),
    ("10:40:00", "state", "on_hold", "in_progress"),
    ("10:40:00", "hold_reason", "Awaiting Vendor", None),
    ("10:50:00", "state", "in_progress", "resolved"),
    ("11:00:00", "state", "resolved", "in_progress"),
    ("11:30:00", "state", "in_progress", "resolved"),
]
TOLD = 'select "at"::time::varchar, field, old, new from ticket_events order by "at", sequence'


@pytest.mark.parametrize("layout", ["side by side", "inline", "inline by metric", "own page"])
def test_metric_events_are_the_history_wherever_they_stand(tmp_path: Path, layout: str) -> None:
    shuffled = EVENTS[::-1]
    by_metric: dict[str, list[Any]] = {}
    for each in shuffled:
        by_metric.setdefault(each["metric"], []).append(
            {name: value for name, value in each.items() if name != "metric"}
        )
    match layout:
        case "side by side":
            page(tmp_path, tickets=[ticket()], ticket_metric_events=shuffled)
        case "inline":
            page(tmp_path, tickets=[ticket(metric_events=shuffled)])
        case "inline by metric":
            page(tmp_path, tickets=[ticket(metric_events=by_metric)])
        case "own page":
            page(tmp_path, "a.json", tickets=[ticket()])
            page(tmp_path, "b.json", ticket_metric_events=shuffled)
    load(tmp_path / "w", *sorted(tmp_path.glob("*.json")))
    assert table(tmp_path / "w", TOLD) == HISTORY
    found = table(
        tmp_path / "w", "select tool_sla_met, first_response_at::time::varchar from tickets"
    )
    # a ticket's row can only tell what stands in its own file
    assert found == [(None, None) if layout == "own page" else (False, "09:17:05")]


def test_a_promise_that_was_kept_and_one_that_still_runs(tmp_path: Path) -> None:
    kept = [each for each in EVENTS if each["type"] != "breach"]
    running = [each for each in kept if each["type"] != "fulfill"]
    tickets = [ticket(metric_events=kept), ticket(8, metric_events=running)]
    load(tmp_path / "w", page(tmp_path, tickets=tickets))
    found = table(tmp_path / "w", "select number, tool_sla_met from tickets order by number")
    assert found == [("7", True), ("8", None)]


def change(field: str, value: object, previous: object = None) -> dict[str, Any]:
    return {"type": "Change", "field_name": field, "value": value, "previous_value": previous}


AUDITS = [
    {
        "id": 1,
        "ticket_id": 7,
        "created_at": "2026-03-02T09:00:22Z",
        "author_id": 12,
        "events": [
            {"type": "Create", "field_name": "status", "value": "new"},
            {"type": "Create", "field_name": "priority", "value": "high"},
            {"type": "Create", "field_name": "group_id", "value": "30"},
            {"type": "Create", "field_name": "subject", "value": "No mail"},
            {"type": "Comment", "public": True, "author_id": 12, "body": "Since nine"},
        ],
    },
    {
        "id": 2,
        "ticket_id": 7,
        "created_at": "2026-03-02T09:17:05Z",
        "author_id": 11,
        "events": [
            {"type": "Comment", "public": True, "author_id": 11, "body": "Looking"},
            change("status", "pending", "new"),
            change("priority", "urgent", "high"),
            change("group_id", "31", "30"),
            change("assignee_id", "11"),
        ],
    },
    {
        "id": 3,
        "ticket_id": 7,
        "created_at": "2026-03-02T11:30:00Z",
        "author_id": -1,
        "events": [change("status", "solved", "pending")],
    },
]
AUDITED = [
    ("09:00:22", "state", None, "new", "Ben", "caller"),
    ("09:00:22", "priority", None, "P2", "Ben", "caller"),
    ("09:00:22", "resolver_group", None, "Desk", "Ben", "caller"),
    ("09:17:05", "public_comment", None, None, "Ana", "agent"),
    ("09:17:05", "state", "new", "on_hold", "Ana", "agent"),
    ("09:17:05", "hold_reason", None, "Awaiting Caller", "Ana", "agent"),
    ("09:17:05", "priority", "P2", "P1", "Ana", "agent"),
    ("09:17:05", "resolver_group", "Desk", "Mail team", "Ana", "agent"),
    ("09:17:05", "assignee", None, "Ana", "Ana", "agent"),
    ("11:30:00", "state", "on_hold", "resolved", "-1", "system"),
    ("11:30:00", "hold_reason", "Awaiting Caller", None, "-1", "system"),
]


def as_ticket_event(audit: dict[str, Any]) -> dict[str, Any]:
    """The same audit in the incremental ticket events: seconds, and fields as members."""
    seconds = {"09:00:22": 1772442022, "09:17:05": 1772443025, "11:30:00": 1772451000}
    children = [
        {"event_type": each["type"], "public": each["public"], "author_id": each["author_id"]}
        if each["type"] == "Comment"
        else {"event_type": each["type"], each["field_name"]: each["value"]}
        | ({"previous_value": each["previous_value"]} if "previous_value" in each else {})
        for each in audit["events"]
    ]
    return {
        "id": audit["id"],
        "ticket_id": 7,
        "timestamp": seconds[audit["created_at"][11:19]],
        "updater_id": audit["author_id"],
        "event_type": "Audit",
        "child_events": children,
    }


@pytest.mark.parametrize("layout", ["audits", "ticket_events", "inline"])
def test_audits_are_the_whole_history_and_metric_events_add_nothing_to_it(
    tmp_path: Path, layout: str
) -> None:
    lists: dict[str, Any] = {"tickets": [ticket(metric_events=EVENTS)], **SIDES}
    match layout:
        case "audits":
            lists["audits"] = AUDITS
        case "ticket_events":
            lists["tickets"] = [ticket()]
            lists["ticket_events"] = [as_ticket_event(each) for each in AUDITS]
        case "inline":
            lists["tickets"] = [ticket(metric_events=EVENTS, audits=AUDITS)]
    load(tmp_path / "w", page(tmp_path, **lists))
    found = table(
        tmp_path / "w",
        """
        select "at"::time::varchar, field, old, new, actor, actor_role
        from ticket_events
        where field <> 'source_state'
        order by "at", sequence
        """,
    )
    assert found == AUDITED


def test_the_comment_that_opens_a_ticket_is_no_answer(tmp_path: Path) -> None:
    """An agent who writes a ticket down for a caller has not answered anybody."""
    written = AUDITS[0] | {"author_id": 11}
    load(tmp_path / "w", page(tmp_path, tickets=[ticket()], audits=[written], **SIDES))
    found = table(tmp_path / "w", "select count(*) from ticket_events where field like '%comment'")
    assert found == [(0,)]
