"""Zendesk: incremental pages with side-loads and metric sets, and NDJSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command import load, meantime, refused
from tests.zendesk_pages import SIDES, metrics, page, table, ticket


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


def test_a_page_without_tickets_says_so(tmp_path: Path) -> None:
    for lists in ({"tickets": []}, {"tickets": [], **SIDES}):
        path = page(tmp_path, **lists)
        assert "page without records" in refused("load", path, "--warehouse", tmp_path / "w")


def test_ndjson_has_one_ticket_a_line_and_says_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "tickets.ndjson"
    lines = [
        ticket(subject="half \ud83d of one"),
        ticket(8, metric_set=metrics(8)),
        "a text",
        ticket(9, created_at=None),
    ]
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
    assert table(tmp_path / "w", "select title from tickets where number = '7'") == [
        ("half ? of one",)
    ]


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
