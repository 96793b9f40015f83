"""PagerDuty, ServiceDesk Plus, BMC Helix, Service Manager, Statuspage, Jira's data pipeline."""

from __future__ import annotations

import json
from pathlib import Path

from tests.command import meantime, refused
from tests.ticket_rows import loaded

PAGERDUTY = """\
id,incident_number,description,service_id,service_name,team_name,created_at,resolved_at,\
seconds_to_first_ack,seconds_to_engage,seconds_to_resolve,escalation_count,auto_resolved,urgency,\
priority_name
Q1,101,Disk full,P1,Storage,Ops,2026-01-05T09:00:00Z,2026-01-05T10:00:00Z,90,,3600,0,false,high,P1
Q2,102,Ping,P1,Storage,Ops,2026-01-05T09:00:00Z,,,,,0,false,low,
"""
SERVICEDESK = """\
Request ID,Subject,Requester,Technician,Group,Priority,Request Status,Created Time,Resolved Time,\
Completed Time,DueBy Time,Overdue Status,Request Mode
11,Mail,Eva,Ana,Desk,High,Closed,25/01/2026 09:00,25/01/2026 11:00,27/01/2026 09:00,\
25/01/2026 13:00,false,E-Mail
12,VPN,Eva,Not Assigned,Desk,Low,Onhold,25/01/2026 09:00,,,26/01/2026 13:00,true,Phone Call
13,Mouse,Eva,Ana,Desk,Low,Closed,25/01/2026 09:00,,27/01/2026 09:00,26/01/2026 13:00,true,Web Form
"""
HELIX = """\
Incident Number,Summary,Status,Status Reason,Priority,Impact,Urgency,Assigned Group,Assignee,\
Categorization Tier 1,Categorization Tier 2,Reported Date,Last Resolved Date,Closed Date,\
Last Modified Date,SLM Status,Incident Type,Reported Source
INC000000000011,Mail,Closed,,Critical,1-Extensive/Widespread,1-Critical,Desk,Ana,Software,Mail,\
2026-01-25 09:00:00,2026-01-25 11:00:00,2026-02-09 11:00:00,2026-02-09 11:00:00,\
Service Targets Met,User Service Restoration,Email
INC000000000012,VPN,Pending,Customer Hold,Low,4-Minor/Localized,4-Low,Desk,,Network,VPN,\
2026-01-25 09:00:00,,,2026-01-25 10:00:00,No service target assigned,User Service Request,Phone
INC000000000013,VPN,Assigned,,High,2-Significant/Large,2-High,Desk,,Network,VPN,\
2026-01-25 09:00:00,,,2026-01-25 10:00:00,Service Targets Breached,User Service Restoration,Phone
"""


def test_pagerduty_tells_the_first_answer_by_its_seconds(tmp_path: Path) -> None:
    found = loaded(tmp_path, PAGERDUTY)
    assert (found.file["source"], found.file["rows_rejected"]) == ("pagerduty", 0)
    assert found.column("ticket_id") == ["pagerduty:101", "pagerduty:102"]
    # acknowledged 90 seconds after 09:00:00
    assert found.column("first_response_at") == ["2026-01-05 09:01:30", None]
    assert found.column("resolved_at") == ["2026-01-05 10:00:00", None]
    assert found.column("priority") == ["P1", None]
    assert found.column("urgency") == ["high", "low"]


def test_pagerduty_answers_name_services_and_people(tmp_path: Path) -> None:
    """Older answers have no time of resolution: the last change of the status tells it."""
    first = {
        "incident_number": 1,
        "id": "P1",
        "title": "Disk full",
        "status": "resolved",
        "urgency": "high",
        "created_at": "2026-01-05T09:00:00Z",
        "last_status_change_at": "2026-01-05T10:00:00Z",
        "service": {"type": "service_reference", "summary": "Storage"},
        "teams": [{"summary": "Ops"}],
        "assignments": [],
        "acknowledgements": [],
        "priority": {"summary": "P2"},
    }
    second = first | {
        "incident_number": 2,
        "status": "acknowledged",
        "teams": [],
        "escalation_policy": {"summary": "Default"},
        "assignments": [{"assignee": {"summary": "Ana"}}],
        "acknowledgements": [{"at": "2026-01-05T09:05:00Z"}],
        "priority": None,
    }
    page = {"incidents": [first, second], "limit": 25, "more": False}
    found = loaded(tmp_path, json.dumps(page), name="page.json")
    assert (found.file["source"], found.file["rows_rejected"]) == ("pagerduty", 0)
    assert found.column("service") == ["Storage", "Storage"]
    assert found.column("resolver_group") == ["Ops", "Default"]
    assert found.column("assignee") == [None, "Ana"]
    assert found.column("state") == ["resolved", "in_progress"]
    assert found.column("first_response_at") == [None, "2026-01-05 09:05:00"]
    assert found.column("resolved_at") == ["2026-01-05 10:00:00", None]
    assert found.column("priority") == ["P2", None]


def test_servicedesk_plus_completed_is_closed(tmp_path: Path) -> None:
    found = loaded(tmp_path, SERVICEDESK, "--timezone", "UTC")
    assert (found.file["source"], found.file["form"]) == ("servicedesk_plus", "requests")
    assert (found.file["rows_rejected"], found.column("assignee")) == (0, ["Ana", None, "Ana"])
    assert found.column("state") == ["closed", "on_hold", "closed"]
    assert found.column("resolved_at") == ["2026-01-25 11:00:00", None, None]
    assert found.column("closed_at")[::2] == ["2026-01-27 09:00:00"] * 2
    # what is overdue is not met
    assert found.column("tool_sla_met") == [True, False, False]
    assert "closed_without_resolved" in found.finding_codes


def test_servicedesk_plus_without_a_resolved_time(tmp_path: Path) -> None:
    lines = [line.split(",") for line in SERVICEDESK.splitlines()]
    text = "\n".join(",".join(cells[:8] + cells[9:]) for cells in lines) + "\n"
    found = loaded(tmp_path, text, "--timezone", "UTC")
    assert found.file["form"] == "requests without a resolved time"
    assert found.column("resolved_at") == ["2026-01-27 09:00:00", None, "2026-01-27 09:00:00"]


def test_servicedesk_plus_times_with_the_names_of_months(tmp_path: Path) -> None:
    text = (
        "Request ID,Created Time,Resolved Time,Technician\n"
        '11,"Feb 25, 2026 10:17 PM","Feb 25, 2026 11:17 PM",Ana\n'
    )
    found = loaded(tmp_path, text, "--timezone", "UTC")
    assert found.column("opened_at") == ["2026-02-25 22:17:00"]
    assert found.column("resolved_at") == ["2026-02-25 23:17:00"]


def test_servicedesk_plus_requests_of_the_api(tmp_path: Path) -> None:
    def at(moment: int) -> dict[str, str]:
        return {"value": str(moment), "display_value": "Jan 5, 2026 10:00 AM"}

    request = {
        "id": "100", "display_id": "11", "subject": "Mail", "status": {"name": "Closed", "id": "3"},
        "priority": {"name": "High"}, "technician": {"name": "Ana"}, "group": None,
        "created_time": at(1767603600000), "resolved_time": at(1767607200000),
        "completed_time": at(1767693600000), "is_overdue": False, "is_service_request": False,
    }  # fmt: skip
    text = json.dumps({"list_info": {"row_count": 1}, "requests": [request]})
    found = loaded(tmp_path, text, name="requests.json")
    assert (found.file["source"], found.column("number")) == ("servicedesk_plus", ["11"])
    # 09:00 to 10:00 UTC, closed a day later
    assert found.column("opened_at") == ["2026-01-05 09:00:00"]
    assert found.column("resolved_at") == ["2026-01-05 10:00:00"]
    assert found.rows("select kind, state, priority, tool_sla_met from tickets") == [
        ("incident", "closed", "P2", True)
    ]


def test_bmc_helix_by_its_words(tmp_path: Path) -> None:
    found = loaded(tmp_path, HELIX, "--timezone", "UTC")
    assert (found.file["source"], found.file["rows_rejected"]) == ("bmc_helix", 0)
    assert found.finding_codes == []
    assert found.column("state") == ["closed", "on_hold", "in_progress"]
    assert found.column("kind") == ["incident", "service_request", "incident"]
    assert found.column("priority") == ["P1", "P4", "P2"]
    assert found.column("impact") == ["high", "low", "high"]
    assert found.column("urgency") == ["high", "low", "high"]
    assert found.column("hold_reason") == [None, "Customer Hold", None]
    assert found.column("tool_sla_met") == [True, None, False]
    assert found.column("subcategory") == ["Mail", "VPN", "VPN"]


SERVICE_MANAGER = """\
CI Name (aff);CI Type (aff);CI Subtype (aff);Service Component WBS (aff);Incident ID;Status;Impact;\
Urgency;Priority;Category;KM number;Alert Status;# Reassignments;Open Time;Reopen Time;\
Resolved Time;Close Time;Handle Time (Hours);Closure Code;Related Change
SUB000508;subapplication;Web Based Application;WBS000162;IM0000004;Closed;4;4;4;incident;KM0000553;\
closed;26;05/02/2012 13:32:57;;04/11/2013 13:50:27;04/11/2013 13:51:17;3.871,69;Other;#MULTIVALUE
WBA000124;application;Web Based Application;WBS000088;IM0000005;Closed;NS;3;3;\
request for information;KM0000611;closed;33;12/03/2012 15:44:40;02/12/2013 12:31:42;\
02/12/2013 12:36:10;02/12/2013 12:36:58;4.354,79;Software;
"""


def test_service_manager_records(tmp_path: Path) -> None:
    found = loaded(tmp_path, SERVICE_MANAGER, "--timezone", "UTC", "--date-order", "dmy")
    assert (found.file["source"], found.file["rows_rejected"]) == ("service_manager", 0)
    assert found.finding_codes == []
    assert found.column("kind") == ["incident", "service_request"]
    assert found.column("opened_at") == ["2012-02-05 13:32:57", "2012-03-12 15:44:40"]
    assert found.column("resolved_at")[0] == "2013-11-04 13:50:27"
    assert found.column("impact") == ["low", None]
    assert found.column("reassignment_count") == [26, 33]
    assert found.column("category") == ["subapplication", "application"]


def test_service_manager_activities_are_the_history_of_its_records(tmp_path: Path) -> None:
    activities = (
        "Incident ID;DateStamp;IncidentActivity_Number;IncidentActivity_Type;Assignment Group;"
        "KM number;Interaction ID\n"
        "IM1;15-02-2012 13:32:57;001A1;Open;TEAM1;KM1;SD1\n"
        "IM1;15-02-2012 13:40:00;001A2;Reassignment;TEAM2;KM1;SD1\n"
        "IM1;15-02-2012 14:00:00;001A3;Operator Update;TEAM2;KM1;SD1\n"
        "IM1;25-02-2012 15:00:00;001A4;Closed;TEAM2;KM1;SD1\n"
    )
    records = (
        "Incident ID;Status;Priority;Category;Open Time;Resolved Time;Close Time;CI Name (aff)\n"
        "IM1;Closed;3;incident;15-02-2012 13:32:57;25-02-2012 14:50:00;25-02-2012 15:00:00;X\n"
    )
    loaded(tmp_path, activities, "--timezone", "UTC", name="activity.csv")
    (answer,) = meantime(
        "kpi", "mttr", "--warehouse", tmp_path / "warehouse", "--format", "json"
    ).json
    assert "the history of 1 tickets, but not their list" in answer["reason"]
    found = loaded(tmp_path, records, "--timezone", "UTC", name="records.csv")
    assert found.column("number") == ["IM1"]
    events = found.rows(
        """
        select field, new from ticket_events where field in ('state', 'resolver_group')
        order by "at", field
        """
    )
    assert events == [
        ("resolver_group", "TEAM1"),
        ("state", "new"),
        ("resolver_group", "TEAM2"),
        ("state", "in_progress"),
        ("state", "closed"),
    ]


SERVICE_MANAGER_CHANGES = """\
CI Name (aff);Service Component WBS (aff);Change ID;Change Type;Risk Assessment;Planned Start;\
Planned End;Actual Start;Actual End;Change record Open Time;Change record Close Time
SUB1;WBS1;C1;Standard Change;Minor Change;15-02-2012 08:00;15-02-2012 10:00;15-02-2012 08:05;\
15-02-2012 09:00;13-02-2012 09:00;16-02-2012 09:00
"""


def test_service_manager_changes_stand_before_their_incidents(tmp_path: Path) -> None:
    records = (
        "Incident ID;Status;Priority;Category;Open Time;Resolved Time;Close Time;CI Name (aff);"
        "Service Component WBS (aff);Related Change\n"
        "IM1;Closed;3;incident;15-02-2012 09:30:00;15-02-2012 14:50:00;25-02-2012 15:00:00;SUB1;"
        "WBS1;C1\n"
    )
    loaded(tmp_path, SERVICE_MANAGER_CHANGES, "--timezone", "UTC", name="changes.csv")
    found = loaded(tmp_path, records, "--timezone", "UTC", name="records.csv")
    assert found.rows("select change_id, type, risk, ended_at::varchar from changes") == [
        ("service_manager:C1", "Standard Change", "Minor Change", "2012-02-15 09:00:00")
    ]
    (change,) = meantime("changes", "--warehouse", found.folder, "--format", "json").json
    # a related change may be the one that solved it: only the time and the service speak
    assert (change["number"], change["incidents_after"], change["linked"]) == ("C1", 1, 0)


def test_a_list_of_changes_is_not_mapped_to_tickets(tmp_path: Path) -> None:
    """Its key is the change that tickets refer to, and no date is one."""
    path = tmp_path / "changes.csv"
    lines = (f"C{n};2026-01-{n:02} 08:{n:02};2026-01-{n:02} 09:00" for n in range(1, 29))
    path.write_text("\n".join(("Change ID;Begin of work;Created", *lines)), encoding="utf-8")
    proposal = meantime("map", path).out
    assert "which column is the ticket's number" in proposal
    assert "looks like a list of changes" in proposal


def test_statuspage_incidents_begin_with_their_impact(tmp_path: Path) -> None:
    incident = {
        "id": "abc", "name": "Errors", "status": "resolved", "impact": "major",
        "created_at": "2026-07-03T10:00:00.123-07:00", "updated_at": "2026-07-03T12:00:00-07:00",
        "started_at": "2026-07-03T09:30:00-07:00", "resolved_at": "2026-07-03T11:00:00-07:00",
        "shortlink": "http://stspg.io/x", "page_id": "p", "incident_updates": [{"body": "<b>ok"}],
    }  # fmt: skip
    planned = incident | {"id": "def", "status": "scheduled", "resolved_at": None}
    text = json.dumps({"page": {"id": "p"}, "incidents": [incident, planned]})
    found = loaded(tmp_path, text, name="incidents.json")
    assert found.file["source"] == "statuspage"
    assert found.column("kind") == ["incident", "change"]
    assert found.column("impact_started_at")[0] == "2026-07-03 16:30:00"
    assert found.column("resolved_at") == ["2026-07-03 18:00:00", None]


def test_issues_of_a_data_pipeline_and_the_way_out_of_its_other_files(tmp_path: Path) -> None:
    issues = (
        "id,instance_url,key,url,project_key,issue_type,summary,creator_id,assignee_id,status,"
        "status_category,priority_name,resolution,created_date,resolution_date,updated_date\r\n"
        "1,https://j,IT-1,https://j/1,IT,Incident,No mail,1,3,Mended,Done,High,Fixed,"
        "2026-05-12T23:01:00Z,2026-05-13T01:01:00Z,2026-05-13T01:01:00Z\r\n"
    )
    found = loaded(tmp_path, issues, name="issues_job7.csv")
    assert (found.file["source"], found.column("number")) == ("jira", ["IT-1"])
    assert (found.column("state"), found.column("priority")) == (["closed"], ["P2"])
    assert found.column("resolved_at") == ["2026-05-13 01:01:00"]
    history = tmp_path / "issue_history_job7.csv"
    history.write_text("issue_id,changelog_id,created_date,field,to_string\n1,2,2026-05-12,x,y\n")
    assert "expand=changelog" in refused("load", history, "--warehouse", tmp_path / "w")
