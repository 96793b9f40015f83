"""Zendesk: incremental pages with side-loads and metrics, metric events, audits, NDJSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.warehouse import Warehouse
from queries.model.connection import connect
from tests.command import load, meantime


def table(folder: Path, query: str) -> list[Any]:
    with connect(Warehouse(folder).current_path(), read_only=True) as connection:
        return connection.execute(query).fetchall()


def ticket(number: int = 7, **changes: object) -> dict[str, Any]:
    """An incident: opened 9:00:22, solved 11:30:00, closed five days later."""
    return {
        "id": number,
        "created_at": "2026-03-02T09:00:22Z",
        "updated_at": "2026-03-07T12:00:00Z",
        "status": "closed",
        "type": "incident",
        "priority": "urgent",
        "subject": "No mail",
        "description": "Since nine",
        "group_id": 31,
        "assignee_id": 11,
        "requester_id": 12,
        "submitter_id": 12,
        "organization_id": 41,
        "tags": ["mail", "vip"],
        "via": {"channel": "email", "source": {"rel": None}},
        "custom_fields": [{"id": 501, "value": "outage"}, {"id": 502, "value": None}],
        "satisfaction_rating": {"score": "good", "comment": "quick"},
        "problem_id": 90,
    } | changes


def metrics(number: int = 7, **changes: object) -> dict[str, Any]:
    return {
        "ticket_id": number,
        "group_stations": 3,
        "assignee_stations": 2,
        "reopens": 1,
        "replies": 2,
        "solved_at": "2026-03-02T11:30:00Z",
        "status_updated_at": "2026-03-07T12:00:00Z",
        "reply_time_in_minutes": {"calendar": 17, "business": 9},
        "full_resolution_time_in_minutes": {"calendar": 150, "business": 90},
    } | changes


SIDES = {
    "users": [
        {"id": 11, "name": "Ana", "role": "agent"},
        {"id": 12, "name": "Ben", "role": "end-user"},
    ],
    "groups": [{"id": 31, "name": "Mail team"}, {"id": 30, "name": "Desk"}],
    "organizations": [{"id": 41, "name": "North"}],
}


def page(folder: Path, name: str = "page.json", **lists: object) -> Path:
    """One page; the side-loads come after the tickets, as in the API."""
    path = folder / name
    path.write_text(json.dumps({**lists, "count": 1, "next_page": None, "end_time": 1}))
    return path


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("zendesk")
    path = page(folder, tickets=[ticket()], metric_sets=[metrics()], **SIDES)
    return folder / "warehouse", load(folder / "warehouse", path)["files"]


def test_a_ticket_has_the_names_of_its_side_loads_and_the_counts_of_its_metrics(
    loaded: tuple[Path, list[dict[str, Any]]],
) -> None:
    warehouse, (file,) = loaded
    assert (file["source"], file["form"], file["rows"]) == ("zendesk", "tickets", 1)
    found = table(
        warehouse,
        """
        select ticket_id, kind, state, source_state, priority, resolver_group, assignee, caller,
            customer, channel, detection, opened_at::varchar, first_response_at::varchar,
            resolved_at::varchar, closed_at::varchar, reassignment_count, reopen_count,
            contact_count, satisfaction, problem_id, tool_sla_met, precision_seconds
        from tickets
        """,
    )
    assert found == [
        (
            "zendesk:7",
            "incident",
            "closed",
            "closed",
            "P1",
            "Mail team",
            "Ana",
            "Ben",
            "North",
            "email",
            "user",
            "2026-03-02 09:00:22",
            "2026-03-02 09:17:22",  # 17 calendar minutes after creation, not 9 of business
            "2026-03-02 11:30:00",
            "2026-03-07 12:00:00",
            2,  # three groups had it: two moves
            1,
            2,
            1.0,
            "zendesk:90",
            None,  # no metric event tells of a promise
            60,  # the first reply is known to the minute
        )
    ]


def test_tags_custom_fields_and_what_zendesk_calculates_stay_with_the_ticket(
    loaded: tuple[Path, list[dict[str, Any]]],
) -> None:
    extra = json.loads(table(loaded[0], "select extra from tickets")[0][0])
    assert json.loads(extra["tags"]) == ["mail", "vip"]
    assert extra["custom_fields.501"] == "outage"
    assert extra["metric_set.full_resolution_time_in_minutes.calendar"] == "150"
    assert "custom_fields.502" not in extra


def test_states_in_our_words(tmp_path: Path) -> None:
    words = ("new", "open", "pending", "hold", "solved", "deleted")
    tickets = [ticket(number, status=word) for number, word in enumerate(words)]
    load(tmp_path / "w", page(tmp_path, tickets=tickets))
    found = table(
        tmp_path / "w",
        "select source_state, state, hold_reason, closed_at from tickets order by number",
    )
    assert found == [
        ("new", "new", None, None),
        ("open", "in_progress", None, None),
        ("pending", "on_hold", "Awaiting Caller", None),
        ("hold", "on_hold", "Awaiting Vendor", None),
        ("solved", "resolved", None, None),
        ("deleted", "cancelled", None, None),
    ]


def test_a_ticket_closed_by_merging_was_withdrawn(tmp_path: Path) -> None:
    merged = ticket(8, tags=["closed_by_merge"])
    load(tmp_path / "w", page(tmp_path, tickets=[ticket(), merged], metric_sets=[metrics()]))
    assert table(tmp_path / "w", "select number, state from tickets order by number") == [
        ("7", "closed"),
        ("8", "cancelled"),
    ]
    (kpi,) = meantime("kpi", "mttr", "--warehouse", tmp_path / "w", "--format", "json").json
    assert (kpi["rows"][0]["n"], kpi["rows"][0]["value"]) == (1, 8978)  # 9:00:22 to 11:30:00


def test_pages_repeat_tickets_and_the_newest_counts_in_any_order(tmp_path: Path) -> None:
    older = ticket(status="open", updated_at="2026-03-02T10:00:00Z")
    folder = tmp_path / "pages"
    folder.mkdir()
    page(folder, "a.json", tickets=[ticket(), older])
    page(folder, "b.json", tickets=[older, ticket(8)])
    files = load(tmp_path / "w", folder)["files"]
    assert [(f["rows"], f["tickets_new"]) for f in files] == [(2, 1), (2, 1)]
    assert table(tmp_path / "w", "select number, state from tickets order by number") == [
        ("7", "closed"),
        ("8", "closed"),
    ]


def test_ndjson_has_one_ticket_a_line_and_says_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "tickets.ndjson"
    lines = [ticket(), ticket(8, metric_set=metrics(8)), "a text", ticket(9, created_at=None)]
    path.write_text("".join(json.dumps(each) + "\n" for each in lines) + '{"id": 10, "sta')
    (file,) = load(tmp_path / "w", path)["files"]
    assert (file["rows"], file["rows_rejected"], file["tickets_new"]) == (5, 3, 2)
    found = table(
        tmp_path / "w",
        "select number, resolver_group, resolved_at::varchar from tickets order by 1",
    )
    assert found == [("7", "31", None), ("8", "31", "2026-03-02 11:30:00")]
    lines = table(tmp_path / "w", "select line from rejected_rows order by line")
    assert lines == [(3,), (4,), (5,)]


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


def test_odd_records_are_rejected_rows_and_no_more(tmp_path: Path) -> None:
    odd: list[Any] = [
        None,
        3,
        {},
        {"id": 8},
        ticket(9, created_at="soon"),
        ticket(10, created_at={"at": 1}),
        ticket(11, satisfaction_rating=[1], via=3, tags={"a": 1}, custom_fields={"id": 1}),
        ticket(12, metric_set=[1], metric_events=[1, {"time": 3}], audits=[{"events": 1}]),
        ticket(13, group_id=[31], metric_events={"reply_time": 5}),
    ]
    sides = {"users": [1, {"name": "nobody"}], "groups": {"id": 31}, "metric_sets": [None]}
    files = load(tmp_path / "w", page(tmp_path, tickets=[*odd, ticket()], **sides))["files"]
    assert (files[0]["rows"], files[0]["rows_rejected"]) == (10, 6)
    lines = table(
        tmp_path / "w",
        "select line from rejected_rows order by line",
    )
    assert lines[:6] == [(1,), (2,), (3,), (4,), (5,), (6,)]
    numbers = table(tmp_path / "w", "select number from tickets order by number::int")
    assert numbers == [("7",), ("11",), ("12",), ("13",)]
