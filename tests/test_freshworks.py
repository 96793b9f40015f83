"""Freshdesk and Freshservice exports: told apart, and their traps."""

from __future__ import annotations

import json
from pathlib import Path

from tests.ticket_rows import loaded

FRESHDESK = """\
Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Due by Time,Resolved time,\
Closed time,Last update time,Initial response time,First response time (in hrs),\
Resolution time (in hrs),Agent interactions,Resolution status,First response status,Tags
1,VPN,Closed,Urgent,Email,Problem,Ana,IT,2026-01-13 16:24:00,2026-01-14 16:24:00,\
2026-01-13 18:24:00,2026-01-15 18:24:00,2026-01-15 18:24:00,2026-01-13 16:30:00,00:06:00,02:00:00,\
2,Within SLA,Within SLA,"vpn,home"
2,Invoice,Waiting on Third Party,Low,Portal,Question,No Agent,IT,2026-01-13 16:24:00,\
2026-01-14 16:24:00,,,2026-01-15 18:24:00,,,,0,SLA Violated,,
3,Mouse,Resolved,2,Phone,,Luis,IT,2026-01-13 16:24:00,2026-01-14 16:24:00,2026-01-14 10:24:00,,\
2026-01-15 18:24:00,,,999:59:59,1,Within SLA,,
4,Printer,4,4,Phone,Gadget,Luis,IT,2026-01-13 16:24:00,,2026-01-14 10:24:00,,\
2026-01-15 18:24:00,,,,1,,,
"""
FRESHSERVICE = """\
Ticket Id,Subject,Type,Status,Urgency,Impact,Priority,Group,Agent,Requester Name,Category,\
Sub-Category,Item,Source,Created Time,Due by Time,Resolved Time,Closed Time,Last Updated Time,\
Initial Response Time,First Response Time (in Hrs),Resolution Status,Others,Others
INC-1,VPN,Incident,Closed,High,Low,Urgent,IT,Ana,Eva,Network,VPN,Client,Email,\
2026-01-13 16:24:00,2026-01-14 16:24:00,2026-01-13 18:24:00,2026-01-15 18:24:00,\
2026-01-15 18:24:00,2026-01-13 16:30:00,00:06:00,Within SLA,x,y
SR-2,Laptop,,Pending,Low,3,Low,IT,,Eva,,,,Portal,2026-01-13 16:24:00,2026-01-14 16:24:00,,,\
2026-01-15 18:24:00,,,SLA Violated,,
"""


def test_freshdesk_instants_verdicts_and_words(tmp_path: Path) -> None:
    found = loaded(tmp_path, FRESHDESK, "--timezone", "UTC")
    assert (found.file["source"], found.file["rows_rejected"]) == ("freshdesk", 0)
    assert found.column("state") == ["closed", "on_hold", "resolved", "resolved"]
    # "3" would be high: the numbers of the API run upwards, so 4 is the most urgent
    assert found.column("priority") == ["P1", "P4", "P3", "P1"]
    assert found.column("kind") == ["incident", "service_request", "incident", "other"]
    assert found.column("tool_sla_met") == [True, False, True, None]
    assert found.column("first_response_at") == ["2026-01-13 16:30:00", None, None, None]
    assert found.column("resolved_at")[:2] == ["2026-01-13 18:24:00", None]
    assert found.column("tool_due_at")[:2] == ["2026-01-14 16:24:00"] * 2
    assert found.column("assignee") == ["Ana", None, "Luis", "Luis"]
    assert found.finding_codes.count("unknown_word") == 1, "the type Gadget"


NARROW = """\
Ticket ID,Status,Agent,Group,Created time,Resolved time,Type,Tags
1,Resolved,Ana,IT,2026-01-13 16:24:00,2026-01-13 18:24:00,Push messages,""
2,Pending,Ana,IT,2026-01-13 16:24:00,,,""
3,Open,Ana,IT,2026-01-13 16:24:00,,Reports,""
"""


def test_freshdesk_types_of_ones_own_are_categories(tmp_path: Path) -> None:
    found = loaded(tmp_path, NARROW, "--timezone", "UTC")
    assert (found.file["source"], found.file["rows_rejected"]) == ("freshdesk", 0)
    assert found.column("kind") == ["incident"] * 3, "no word of them is a kind of ticket"
    assert found.column("category") == ["Push messages", None, "Reports"]
    assert found.finding_codes == ["own_types"]


def test_freshdesk_types_in_another_language_are_kinds(tmp_path: Path) -> None:
    text = NARROW.replace("Push messages", "Problema").replace("Reports", "Solicitação")
    found = loaded(tmp_path, text, "--timezone", "UTC")
    assert found.column("kind") == ["incident", "incident", "service_request"]
    assert found.finding_codes == []


def test_business_hours_are_kept_and_never_added_to_an_instant(tmp_path: Path) -> None:
    found = loaded(tmp_path, FRESHDESK, "--timezone", "UTC")
    extras = [json.loads(text) if text else {} for text in found.column("extra")]
    assert extras[0]["First response time (in hrs)"] == "00:06:00"
    assert extras[2]["Resolution time (in hrs)"] == "999:59:59"
    # opened 16:24 on the 13th, resolved 10:24 on the 14th: 18 hours, whatever the export counts
    assert found.rows(
        "select epoch(resolved_at) - epoch(opened_at) from tickets where number = '3'"
    ) == [(18 * 3600,)]


def test_freshservice_is_told_from_freshdesk_and_numbers_tell_the_kind(tmp_path: Path) -> None:
    found = loaded(tmp_path, FRESHSERVICE, "--timezone", "UTC")
    assert (found.file["source"], found.file["rows_rejected"]) == ("freshservice", 0)
    assert found.column("kind") == ["incident", "service_request"]
    assert found.column("urgency") == ["high", "low"]
    assert found.column("impact") == ["low", "high"]
    assert found.column("caller") == ["Eva", "Eva"]
    assert found.column("subcategory") == ["VPN", None]
    assert json.loads(found.column("extra")[0])["Others"] == ["x", "y"]


def test_few_columns_are_enough(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        "ticket id;created time;due by time\n7;2026-01-13 16:24:00;2026-01-14 16:24:00\n",
        "--timezone",
        "UTC",
    )
    assert found.file["source"] == "freshdesk"
    assert found.column("ticket_id") == ["freshdesk:7"]


def test_records_of_the_api_are_told_from_zendesks_and_count_their_own_way(tmp_path: Path) -> None:
    ticket = {
        "id": 7, "subject": "VPN", "status": 4, "priority": 4, "source": 1, "type": "Question",
        "requester_id": 9, "responder_id": 8, "group_id": 5, "spam": False, "fr_escalated": False,
        "created_at": "2026-01-13T16:24:00Z", "updated_at": "2026-01-13T18:30:00Z",
        "due_by": "2026-01-14T16:24:00Z", "fr_due_by": "2026-01-13T20:24:00Z",
        "stats": {"resolved_at": "2026-01-13T18:24:00Z", "closed_at": None},
    }  # fmt: skip
    found = loaded(tmp_path, json.dumps([ticket]), name="freshdesk.json")
    assert found.file["source"] == "freshdesk"
    assert (found.column("priority"), found.column("state")) == (["P1"], ["resolved"])
    assert (found.column("kind"), found.column("channel")) == (["service_request"], ["email"])
    assert found.column("resolved_at") == ["2026-01-13 18:24:00"]
    more = ticket | {"type": "Incident", "department_id": 3, "urgency": 3, "impact": 1}
    found = loaded(tmp_path, json.dumps({"tickets": [more]}), name="freshservice.json")
    assert found.file["source"] == "freshservice"
    assert found.rows("select kind, urgency from tickets where source = 'freshservice'") == [
        ("incident", "high")
    ]
