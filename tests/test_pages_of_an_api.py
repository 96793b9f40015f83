"""Answers of an API as people keep them: pages behind pages, one record, an empty last page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import load, refused
from tests.test_jira import issue
from tests.test_servicenow_rest import STORED
from tests.ticket_rows import loaded
from tests.zendesk_pages import SIDES, metrics, page, ticket


@pytest.mark.parametrize(
    ("name", "between", "indent"),
    [
        ("pages.json", "", None),
        ("pages.json", "\n", None),
        ("pages.json", "", 2),
        ("pages.json", "\n", 2),
        ("pages.ndjson", "\n", None),
    ],
)
def test_pages_one_behind_the_other_are_one_export(
    tmp_path: Path, name: str, between: str, indent: int | None
) -> None:
    pages = [
        {"tickets": [ticket(7)], "metric_sets": [metrics(7)], **SIDES},
        {"tickets": [ticket(8)], "metric_sets": [metrics(8)], **SIDES},
        {"tickets": [], "end_of_stream": True},
    ]
    text = between.join(json.dumps(each, indent=indent) for each in pages)
    found = loaded(tmp_path, text, name=name)
    assert (found.file["rows"], found.file["rows_rejected"]) == (2, 0)
    assert found.column("ticket_id") == ["zendesk:7", "zendesk:8"]
    assert found.column("resolved_at") == ["2026-03-02 11:30:00"] * 2
    assert found.column("assignee") == ["Ana", "Ana"]


def test_lists_one_behind_the_other_are_one_export(tmp_path: Path) -> None:
    text = f"{json.dumps([issue()])}\n{json.dumps([issue() | {'key': 'IT-99'}])}"
    found = loaded(tmp_path, text, name="issues.json")
    assert found.rows("select count(*) from tickets") == [(2,)]


@pytest.mark.parametrize(
    ("document", "ticket_id", "resolved_at"),
    [
        ({"result": STORED}, "servicenow:INC0010001", "2026-07-01 12:30:00"),
        (issue() | {"key": "IT-1"}, "jira:IT-1", "2026-03-02 10:30:00"),
        ({"ticket": ticket(metric_set=metrics())}, "zendesk:7", "2026-03-02 11:30:00"),
        ([{"ticket": ticket(metric_set=metrics())}], "zendesk:7", "2026-03-02 11:30:00"),
    ],
)
def test_one_record_is_read_as_a_list_of_one(
    tmp_path: Path, document: object, ticket_id: str, resolved_at: str
) -> None:
    found = loaded(tmp_path, json.dumps(document), name="record.json")
    assert found.column("ticket_id") == [ticket_id]
    assert found.column("resolved_at") == [resolved_at]


def test_one_record_of_a_tool_without_nested_records(tmp_path: Path) -> None:
    record = {
        "id": 5, "responder_id": 7, "status": 4, "priority": 4, "type": "Incident",
        "created_at": "2026-03-02T09:00:00Z", "updated_at": "2026-03-02T10:00:00Z",
        "due_by": "2026-03-03T09:00:00Z", "stats": {"resolved_at": "2026-03-02T10:00:00Z"},
        "attachments": [],
    }  # fmt: skip
    for document in ({"ticket": record | {"attachments": [{"id": 1}]}}, record):
        found = loaded(tmp_path, json.dumps(document), name="record.json")
        assert found.column("ticket_id") == ["freshdesk:5"]
        assert found.column("resolved_at") == ["2026-03-02 10:00:00"]


def test_a_ticket_of_a_line_may_be_wrapped(tmp_path: Path) -> None:
    lines = [json.dumps({"ticket": ticket(n, metric_set=metrics(n))}) for n in (7, 8)]
    found = loaded(tmp_path, "\n".join(lines), name="tickets.ndjson")
    assert found.column("ticket_id") == ["zendesk:7", "zendesk:8"]


def test_tickets_that_were_searched_for_are_unfolded_too(tmp_path: Path) -> None:
    found = loaded(tmp_path, json.dumps({"results": [ticket()], "count": 1}), name="search.json")
    assert (found.column("ticket_id"), found.column("satisfaction")) == (["zendesk:7"], [1.0])


def test_a_last_page_without_records_is_told_and_left(tmp_path: Path) -> None:
    full = page(tmp_path, "a.json", tickets=[ticket()], **SIDES)
    last = page(tmp_path, "b.json", tickets=[], **SIDES)
    (file,) = load(tmp_path / "w", full, last)["files"]
    (told,) = [each for each in file["findings"] if each["code"] == "not_read"]
    assert "page without records" in told["message"]
    assert "page without records" in refused("load", last, "--warehouse", tmp_path / "w")


def test_a_page_that_was_cut_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pages.json"
    text = json.dumps({"tickets": [ticket()]}, indent=1)
    path.write_text(text + text[:-20])
    assert "cut or damaged" in refused("load", path, "--warehouse", tmp_path / "w")
