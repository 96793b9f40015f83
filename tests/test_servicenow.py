"""ServiceNow exports: the incident list, the event form, change_request and problem lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.warehouse import Warehouse
from queries.model.connection import connect
from tests.command import load, refused

EVENT_FORM = """\
number,incident_state,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_at,\
sys_created_at,sys_updated_by,sys_updated_at,contact_type,impact,urgency,priority,\
assignment_group,assigned_to,rfc,resolved_at,closed_at
INC01,New,0,0,0,true,Caller 1,29/2/2016 01:16,29/2/2016 01:23,Updated by 21,29/2/2016 01:23,\
Phone,2 - Medium,2 - Medium,3 - Moderate,Group 56,?,?,?,?
INC01,Awaiting User Info,1,0,3,true,Caller 1,29/2/2016 01:16,29/2/2016 01:23,Updated by 9,\
29/2/2016 08:53,Phone,1 - High,1 - High,1 - Critical,Group 7,Resolver 4,?,?,?
INC01,Active,1,0,2,true,Caller 1,29/2/2016 01:16,29/2/2016 01:23,Updated by 9,29/2/2016 08:53,\
Phone,2 - Medium,2 - Medium,3 - Moderate,Group 7,Resolver 4,?,?,?
INC01,Closed,1,0,4,false,Caller 1,29/2/2016 01:16,29/2/2016 01:23,system,5/3/2016 12:00,\
Phone,1 - High,1 - High,1 - Critical,Group 7,Resolver 4,CHG7,29/2/2016 11:29,5/3/2016 12:00
INC02,-100,0,0,5,true,Caller 2,29/2/2016 04:40,?,Updated by 2,1/3/2016 09:52,Monitoring,?,?,?,?,?,\
?,?,?
"""


def table(folder: Path, query: str) -> list[Any]:
    with connect(Warehouse(folder).current_path(), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def event_form(tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    path = tmp_path / "incident.csv"
    path.write_text(EVENT_FORM, encoding="utf-8")
    report = load(tmp_path / "warehouse", path, "--timezone", "UTC", "--date-order", "dmy")
    return tmp_path / "warehouse", report["files"][0]


def test_updates_are_events_and_the_last_one_is_the_ticket(
    event_form: tuple[Path, dict[str, Any]],
) -> None:
    warehouse, file = event_form
    assert file["form"] == "incident event form"
    assert (file["rows"], file["tickets_new"]) == (5, 2)
    ticket = table(
        warehouse,
        """
        select ticket_id, kind, state, priority, impact, assignee, detection, tool_sla_met,
            change_id, logged_at::varchar, resolved_at::varchar
        from tickets where number = 'INC01'
        """,
    )
    assert ticket == [
        (
            "servicenow:INC01",
            "incident",
            "closed",
            "P1",
            "high",
            "Resolver 4",
            "user",
            False,
            "servicenow:CHG7",
            "2016-02-29 01:23:00",
            "2016-02-29 11:29:00",
        )
    ]


def test_the_count_of_updates_orders_one_instant_against_the_order_of_the_file(
    event_form: tuple[Path, dict[str, Any]],
) -> None:
    warehouse, _ = event_form
    states = table(
        warehouse,
        """
        select "at"::varchar, sequence, old, new, actor_role from ticket_events
        where ticket_id = 'servicenow:INC01' and field = 'state' order by "at", sequence
        """,
    )
    assert states == [
        ("2016-02-29 01:16:00", 0, None, "new", None),
        ("2016-02-29 08:53:00", 2, "new", "in_progress", None),
        ("2016-02-29 08:53:00", 3, "in_progress", "on_hold", None),
        ("2016-03-05 12:00:00", 4, "on_hold", "closed", "system"),
    ]


def test_what_somebody_did_while_creating_stands_at_its_own_instant(
    tmp_path: Path,
) -> None:
    path = tmp_path / "incident.csv"
    path.write_text(
        "number,opened_at,sys_updated_at,sys_mod_count,state,priority,assigned_to,u_major_incident\n"
        "INC1,2026-01-05 09:00:00,2026-01-05 09:20:00,0,Resolved,2 - High,Ana,\n"
        "INC1,2026-01-05 09:00:00,2026-01-10 09:20:00,1,Closed,2 - High,Ana,\n",
        encoding="utf-8",
    )
    load(tmp_path / "warehouse", path, "--timezone", "UTC")
    events = table(
        tmp_path / "warehouse",
        """
        select field, "at"::varchar from ticket_events
        where field <> 'source_state' and old is null order by field
        """,
    )
    assert events == [
        ("assignee", "2026-01-05 09:20:00"),
        ("priority", "2026-01-05 09:00:00"),
        ("state", "2026-01-05 09:20:00"),
    ]
    assert table(tmp_path / "warehouse", "select is_major from tickets") == [(False,)]


def test_older_instances_name_the_hold_in_the_state(
    event_form: tuple[Path, dict[str, Any]],
) -> None:
    warehouse, _ = event_form
    holds = table(
        warehouse, "select old, new from ticket_events where field = 'hold_reason' order by \"at\""
    )
    assert holds == [(None, "Awaiting user info"), ("Awaiting user info", None)]


def test_a_history_that_begins_late_begins_at_its_first_update(
    event_form: tuple[Path, dict[str, Any]],
) -> None:
    warehouse, file = event_form
    first = table(
        warehouse,
        """
        select min("at")::varchar from ticket_events where ticket_id = 'servicenow:INC02'
        """,
    )
    assert first == [("2016-03-01 09:52:00",)]
    assert [each["example"] for each in file["findings"]] == ["-100"]
    assert table(warehouse, "select detection from tickets where number = 'INC02'") == [
        ("monitoring",)
    ]


def test_a_list_has_no_history_even_with_a_count_of_updates(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "number,opened_at,state,hold_reason,priority,sys_class_name,sys_mod_count,sys_updated_on\n"
        "INC1,2026-01-05 09:00:00,3,1,2,Incident,4,2026-01-05 10:00:00\n"
        "RITM7,2026-01-05 09:00:00,1,,4,,2,2026-01-05 10:00:00\n",
        encoding="utf-8",
    )
    file = load(tmp_path / "warehouse", path, "--timezone", "UTC")["files"][0]
    assert (file["form"], file["events_new"]) == ("incident list", 0)
    rows = table(
        tmp_path / "warehouse",
        "select number, kind, state, hold_reason, priority from tickets order by number",
    )
    assert rows == [
        ("INC1", "incident", "on_hold", "Awaiting Caller", "P2"),
        ("RITM7", "service_request", "new", None, "P4"),
    ]


def test_changes_and_problems_have_tables_of_their_own(tmp_path: Path) -> None:
    changes = tmp_path / "change_request.csv"
    changes.write_text(
        "number,type,state,risk,short_description,cmdb_ci,start_date,end_date,work_start,sys_id\n"
        "CHG1,Normal,Closed,Low,Patch,db-1,2026-01-05 20:00:00,2026-01-05 22:00:00,,abc\n"
    )
    problems = tmp_path / "problem.csv"
    problems.write_text(
        "number,problem_state,known_error,priority,short_description,rfc,opened_at\n"
        "PRB1,Root Cause Analysis,true,2 - High,Time-outs,CHG1,2026-01-06 09:00:00\n"
    )
    report = load(tmp_path / "warehouse", changes, problems, "--timezone", "UTC")
    assert [file["form"] for file in report["files"]] == ["change_request list", "problem list"]
    assert [file["tickets_new"] for file in report["files"]] == [0, 0]
    assert table(
        tmp_path / "warehouse", "select change_id, type, planned_start_at::varchar from changes"
    ) == [("servicenow:CHG1", "Normal", "2026-01-05 20:00:00")]
    assert table(
        tmp_path / "warehouse",
        "select problem_id, is_known_error, priority, change_id from problems",
    ) == [("servicenow:PRB1", True, "P2", "servicenow:CHG1")]


def test_states_may_be_in_the_language_of_the_exporting_user(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "number,opened_at,state,priority,short_description\n"
        "INC1,2026-01-05 09:00:00,In Bearbeitung,1 - Kritisch,Drucker\n"
        "INC2,2026-01-05 09:00:00,Résolu,3 - Moyenne,Imprimante\n"
        "INC3,2026-01-05 09:00:00,En espera,4 - Baja,Impresora\n"
        "INC4,2026-01-05 09:00:00,Encerrado,5 - Planejamento,Impressora\n",
        encoding="cp1252",
    )
    file = load(tmp_path / "warehouse", path, "--timezone", "UTC")["files"][0]
    assert file["findings"] == []
    assert table(tmp_path / "warehouse", "select state, priority from tickets order by number") == [
        ("in_progress", "P1"),
        ("resolved", "P3"),
        ("on_hold", "P4"),
        ("closed", "P5"),
    ]


def test_a_list_without_its_opening_begins_where_the_record_was_made(tmp_path: Path) -> None:
    path, folder = tmp_path / "list.csv", tmp_path / "warehouse"
    path.write_text(
        "number,priority,state,short_description,assignment_group,sys_created_on,sys_updated_on\n"
        "INC1,4 - Low,Resolved,Mail,Desk,2026-01-05 09:00:00,2026-01-05 10:00:00\n"
    )
    load(folder, path, "--timezone", "UTC")
    assert table(folder, "select source, number, opened_at::varchar from tickets") == [
        ("servicenow", "INC1", "2026-01-05 09:00:00")
    ]


def test_a_list_of_articles_is_none_of_tickets(tmp_path: Path) -> None:
    path = tmp_path / "kb_knowledge.csv"
    path.write_text(
        "number,short_description,workflow_state,sys_created_on,sys_updated_on\n"
        "KB1,How to print,Published,2026-01-05 09:00:00,2026-01-05 10:00:00\n"
    )
    assert "meantime map" in refused("load", path, "--warehouse", tmp_path / "w")


def test_a_list_of_changes_may_tell_their_ends_alone(tmp_path: Path) -> None:
    path, folder = tmp_path / "change_request.csv", tmp_path / "warehouse"
    path.write_text(
        "number,short_description,type,assignment_group,work_end,closed_at\n"
        "CHG1,New switch,Emergency,Network,2026-01-05 09:00:00,2026-01-05 10:00:00\n"
    )
    load(folder, path, "--timezone", "UTC")
    assert table(folder, "select number, ended_at::varchar from changes") == [
        ("CHG1", "2026-01-05 09:00:00")
    ]


def test_items_of_requests_tell_what_was_asked_for_and_by_whom(tmp_path: Path) -> None:
    path, folder = tmp_path / "sc_req_item.csv", tmp_path / "warehouse"
    path.write_text(
        "number,cat_item,state,request.requested_for,assignment_group,sys_created_on,closed_at\n"
        "RITM1,Laptop,Pending-Client,Ada,Desk,2026-01-05 9:00,\n"
        "RITM2,VPN,Closed Complete,Bo,Desk,2026-01-05 9:00,2026-01-05 11:53\n"
    )
    load(folder, path, "--timezone", "UTC")
    query = "select kind, category, caller, state, closed_at::varchar from tickets order by number"
    assert table(folder, query) == [
        ("service_request", "Laptop", "Ada", "on_hold", None),
        ("service_request", "VPN", "Bo", "closed", "2026-01-05 11:53:00"),
    ]
