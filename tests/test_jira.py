"""Jira Service Management: CSV with repeated names and two date formats, REST with changelog."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.warehouse import Warehouse
from queries.model.connection import connect
from tests.command import load, meantime

HEADER = (
    "Summary,Issue key,Issue id,Issue Type,Status,Priority,Assignee,Reporter,Created,Updated,"
    "Resolved,Watchers,Watchers,Custom field (Affected services),Custom field (Affected services),"
    "Custom field (Time to first response),Custom field (Time to resolution),"
    "Custom field ([CHART] Date of First Response),Custom field (Approvals),Comment,Comment,"
    "Status Category\n"
)
CSV = HEADER + (
    "Mail is down,ITSM-1,10001,[System] Incident,Resolved,Highest,Ana,Ben,25/Feb/26 4:30 PM,"
    "26/Feb/26 9:00 AM,25/Feb/26 10:17 PM,Ben,Ana,Mail,Calendar,0:05,-1:47,"
    "2026-02-25 16:38:58.679,ApprovalsCFValue@170e16ef,"
    '"25/Feb/26 4:38 PM;557058:ana;Looking, now\nand soon","25/Feb/26 5:00 PM;557058:ben;thanks",'
    "Done\n"
    "New laptop,ITSM-2,10002,[System] Service request,Ordering,Low,,Ben,26/Feb/26 12:05 AM,"
    "26/Feb/26 12:05 AM,,Ben,,,,,3:20,,{},,,In Progress\n"
    "No way in,ITSM-3,10003,[System] Incident,Waiting for customer,Medium,Ana,Ben,"
    "26/Feb/26 8:00 AM,26/Feb/26 8:30 AM,,Ben,,VPN,,,0:00,,{},,,In Progress\n"
)


def table(folder: Path, query: str) -> list[Any]:
    with connect(Warehouse(folder).current_path(), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three issues of the CSV, exported in Madrid in winter (UTC+1)."""
    folder = tmp_path_factory.mktemp("jira")
    path = folder / "jira.csv"
    path.write_text(CSV, encoding="utf-8")
    report = load(folder / "warehouse", path, "--timezone", "Europe/Madrid")
    (file,) = report["files"]
    assert (file["source"], file["form"]) == ("jira", "issue list")
    assert (file["rows"], file["rows_rejected"], file["tickets_new"]) == (3, 0, 3)
    assert [f for f in file["findings"] if f["code"] == "unknown_word"] == []
    return folder / "warehouse"


def test_two_date_formats_of_one_file_are_both_read(listed: Path) -> None:
    found = table(
        listed,
        """
        select opened_at::varchar, first_response_at::varchar, resolved_at::varchar,
            precision_seconds
        from tickets where number = 'ITSM-1'
        """,
    )
    assert found == [("2026-02-25 15:30:00", "2026-02-25 15:38:58", "2026-02-25 21:17:00", 60)]
    assert table(listed, "select opened_at::varchar from tickets where number = 'ITSM-2'") == [
        ("2026-02-25 23:05:00",)  # 12:05 AM is five past midnight
    ]


def test_cells_of_slas_are_time_left_and_never_time_spent(listed: Path) -> None:
    found = table(listed, "select number, tool_sla_met from tickets order by number")
    # -1:47 was missed; 3:20 and 0:00 were not, and say nothing of how long anything took
    assert found == [("ITSM-1", False), ("ITSM-2", True), ("ITSM-3", True)]
    (kpi,) = meantime("kpi", "mttr", "--warehouse", listed, "--format", "json").json
    # from 15:30 to 21:17
    assert (kpi["rows"][0]["n"], kpi["rows"][0]["value"]) == (1, 5 * 3600 + 47 * 60)


def test_words_become_ours_and_the_category_helps_where_a_status_says_nothing(
    listed: Path,
) -> None:
    found = table(
        listed,
        """
        select number, kind, state, source_state, hold_reason, priority from tickets order by number
        """,
    )
    assert found == [
        ("ITSM-1", "incident", "resolved", "Resolved", None, "P1"),
        ("ITSM-2", "service_request", "in_progress", "Ordering", None, "P4"),
        ("ITSM-3", "incident", "on_hold", "Waiting for customer", "Awaiting Caller", "P3"),
    ]


def test_repeated_names_are_kept_as_lists_in_their_order(listed: Path) -> None:
    found = table(listed, "select service, extra from tickets order by number")
    assert [service for service, _ in found] == ["Mail", None, "VPN"]
    extra = json.loads(found[0][1])
    assert extra["Watchers"] == ["Ben", "Ana"]
    assert extra["Comment"] == [
        "25/Feb/26 4:38 PM;557058:ana;Looking, now\nand soon",
        "25/Feb/26 5:00 PM;557058:ben;thanks",
    ]
    assert extra["Custom field (Affected services)"] == "Calendar"
    assert "Comment" not in json.loads(found[1][1])


def test_a_list_without_history_claims_no_hand_overs_and_no_reopenings(listed: Path) -> None:
    assert table(listed, "select count(*) from ticket_events") == [(0,)]
    for name in ("reopen_rate", "reassignments_per_ticket"):
        (kpi,) = meantime("kpi", name, "--warehouse", listed, "--format", "json").json
        (row,) = kpi["rows"]
        assert row["value"] is None
        assert "neither a history" in kpi["reason"]


def user(name: str, kind: str = "atlassian") -> dict[str, str]:
    return {"accountId": f"557058:{name}", "displayName": name, "accountType": kind}


def changed(at: str, who: dict[str, str], *items: tuple[str, str | None, str | None]) -> Any:
    return {
        "created": f"2026-03-02T{at}.000+0100",
        "author": who,
        "items": [{"field": f, "fromString": old, "toString": new} for f, old, new in items],
    }


def issue(**changes: object) -> dict[str, Any]:
    """An incident: opened 9:00, answered 9:20, waiting 10 to 11, resolved 11:30 in Madrid."""
    fields = {
        "summary": "Printer",
        "issuetype": {"name": "[System] Incident"},
        "status": {"name": "Mended", "statusCategory": {"key": "done"}},
        "priority": {"name": "High"},
        "assignee": user("Ana"),
        "reporter": user("Ben", "customer"),
        "creator": user("Ben", "customer"),
        "created": "2026-03-02T09:00:00.000+0100",
        "updated": "2026-03-02T11:30:00.000+0100",
        "resolutiondate": "2026-03-02T11:30:00.000+0100",
        "description": {"type": "doc", "content": [{"type": "paragraph", "content": [
            {"type": "text", "text": "It "}, {"type": "text", "text": "smokes"}]}]},
        "customfield_1": [{"value": "Print"}, {"value": "Scan"}],
        "customfield_2": {
            "name": "Time to first response",
            "completedCycles": [
                {
                    "breached": True,
                    "startTime": {"iso8601": "2026-03-02T08:00:00+0000"},
                    "stopTime": {"iso8601": "2026-03-02T08:20:00+0000"},
                    "breachTime": {"iso8601": "2026-03-02T08:15:00+0000"},
                    "elapsedTime": {"millis": 1_200_000},
                }
            ],
        },
        "customfield_3": {
            "name": "Time to resolution",
            "completedCycles": [
                {
                    "breached": False,
                    "stopTime": {"iso8601": "2026-03-02T10:30:00+0000"},
                    "breachTime": {"iso8601": "2026-03-02T16:00:00+0000"},
                }
            ],
        },
        "comment": {"comments": [
            {"created": "2026-03-02T09:20:00.000+0100", "author": user("Ana"), "body": "On it",
             "jsdPublic": True},
            {"created": "2026-03-02T09:10:00.000+0100", "author": user("Ana"), "body": "Again",
             "jsdPublic": False},
            {"created": "2026-03-02T10:59:00.000+0100", "author": user("Ben", "customer"),
             "body": "Here", "jsdPublic": True},
        ]},
        "issuelinks": [
            {"type": {"name": "Problem/Incident"}, "inwardIssue": {"key": "ITSM-90"}},
        ],
    }  # fmt: skip
    # newest first, as the cloud gives it
    histories = [
        changed("11:30:00", user("Ana"), ("status", "Work in progress", "Mended")),
        changed("11:00:00", user("Ben", "customer"), ("status", "Pending", "Work in progress")),
        changed("10:00:00", user("Ana"), ("status", "Work in progress", "Pending"),
                ("priority", "Highest", "High")),
        changed("09:20:00", user("Ana"), ("status", "Open", "Work in progress"),
                ("assignee", None, "Ana"), ("Assignment group", "Desk", "Print team")),
    ]  # fmt: skip
    changelog = {"total": len(histories), "histories": histories}
    return {"id": "1", "key": "ITSM-7", "fields": fields | changes, "changelog": changelog}


def page(*issues: object) -> dict[str, object]:
    names = {"customfield_1": "Affected services", "customfield_4": "Assignment group"}
    return {"startAt": 0, "total": len(issues), "issues": list(issues), "names": names}


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("rest")
    path = folder / "search.json"
    path.write_text(json.dumps(page(issue(customfield_4={"value": "Print team"}))))
    report = load(folder / "warehouse", path)
    return folder / "warehouse", report


def test_an_issue_of_the_search_is_a_ticket(searched: tuple[Path, dict[str, Any]]) -> None:
    warehouse, report = searched
    assert [(f["form"], f["rows"], f["rows_rejected"]) for f in report["files"]] == [
        ("issues", 1, 0),
        ("history", 18, 0),
    ]
    found = table(
        warehouse,
        """
        select ticket_id, state, source_state, priority, service, description, caller, assignee,
            resolver_group, problem_id, opened_at::varchar, first_response_at::varchar,
            resolved_at::varchar, tool_sla_met, tool_due_at::varchar
        from tickets
        """,
    )
    assert found == [
        (
            "jira:ITSM-7",
            "closed",  # nobody knows "Mended", and its category is done
            "Mended",
            "P2",
            "Print",
            "It smokes",
            "Ben",
            "Ana",
            "Print team",
            "jira:ITSM-90",
            "2026-03-02 08:00:00",
            "2026-03-02 08:20:00",
            "2026-03-02 10:30:00",
            True,
            "2026-03-02 16:00:00",
        )
    ]
    extra = json.loads(table(warehouse, "select extra from tickets")[0][0])
    assert json.loads(extra["Custom field (Affected services), all"]) == ["Print", "Scan"]
    assert extra["Time to first response, met"] == "false"


def test_the_changelog_is_the_history_in_order_of_time_with_what_was_at_creation(
    searched: tuple[Path, dict[str, Any]],
) -> None:
    events = table(
        searched[0],
        """
        select strftime("at", '%H:%M'), field, old, new, actor, actor_role
        from ticket_events
        where field <> 'source_state'
        order by "at", sequence
        """,
    )
    assert events == [
        ("08:00", "state", None, "new", "Ben", "caller"),
        ("08:00", "priority", None, "P1", "Ben", "caller"),
        ("08:00", "resolver_group", None, "Desk", "Ben", "caller"),
        ("08:10", "private_comment", None, None, "Ana", "agent"),
        ("08:20", "state", "new", "in_progress", "Ana", "agent"),
        ("08:20", "assignee", None, "Ana", "Ana", "agent"),
        ("08:20", "resolver_group", "Desk", "Print team", "Ana", "agent"),
        ("08:20", "public_comment", None, None, "Ana", "agent"),
        ("09:00", "state", "in_progress", "on_hold", "Ana", "agent"),
        ("09:00", "priority", "P1", "P2", "Ana", "agent"),
        ("09:59", "public_comment", None, None, "Ben", "caller"),
        ("10:00", "state", "on_hold", "in_progress", "Ben", "caller"),
        ("10:30", "state", "in_progress", "closed", "Ana", "agent"),
    ]


def test_a_cut_changelog_claims_nothing_about_the_creation(tmp_path: Path) -> None:
    cut = issue()
    cut["changelog"]["histories"] = cut["changelog"]["histories"][:2]
    path = tmp_path / "search.json"
    path.write_text(json.dumps(page(cut)))
    load(tmp_path / "w", path)
    states = table(
        tmp_path / "w", "select old, new from ticket_events where field = 'state' order by \"at\""
    )
    assert states == [("on_hold", "in_progress"), ("in_progress", "closed")]


def test_a_running_cycle_has_a_deadline_and_no_verdict(tmp_path: Path) -> None:
    running = {
        "name": "Time to resolution",
        "completedCycles": [],
        "ongoingCycle": {
            "breached": False,
            "breachTime": {"iso8601": "2026-03-02T16:00:00+0000"},
            "remainingTime": {"millis": 7_200_000},
        },
    }
    path = tmp_path / "search.json"
    path.write_text(json.dumps(page(issue(customfield_3=running, resolutiondate=None))))
    load(tmp_path / "w", path)
    found = table(tmp_path / "w", "select tool_sla_met, tool_due_at::varchar from tickets")
    assert found == [(None, "2026-03-02 16:00:00")]


def test_odd_records_are_rejected_rows_and_no_more(tmp_path: Path) -> None:
    odd: list[Any] = [
        None,
        "ITSM-1",
        [],
        {},
        {"key": "ITSM-2", "fields": None},
        {"key": "ITSM-3", "fields": {"created": {"when": 1}}},
        {"key": ["ITSM-4"], "fields": {"created": 5}},
        {"key": "ITSM-5", "fields": {"created": "soon", "status": [], "comment": 3}},
        {"key": "ITSM-6", "fields": {"created": "2026-03-02T09:00:00.000+0100", "assignee": "Ana",
         "issuelinks": {"a": 1}, "components": "x"}, "changelog": {"histories": [1, {"items": 2}]}},
    ]  # fmt: skip
    path = tmp_path / "search.json"
    path.write_text(json.dumps(page(*odd, issue())))
    files = load(tmp_path / "w", path)["files"]
    assert (files[0]["rows"], files[0]["rows_rejected"]) == (10, 8)
    reasons = table(
        tmp_path / "w", "select line, reason from rejected_rows where line <= 8 order by line"
    )
    assert [line for line, _ in reasons] == list(range(1, 9))
    assert table(tmp_path / "w", "select number from tickets order by number") == [
        ("ITSM-6",),
        ("ITSM-7",),
    ]


def test_a_page_that_was_cut_is_refused_in_one_sentence(tmp_path: Path) -> None:
    whole = json.dumps(page(issue()))
    path = tmp_path / "search.json"
    for length in (len(whole) - 1, len(whole) // 2, 40):
        path.write_text(whole[:length])
        result = meantime("load", path, "--warehouse", tmp_path / "w")
        assert result.status == 2
        assert "cut or damaged" in result.err
        assert result.err.count("\n") == 1


def test_a_list_is_read_in_the_language_of_whoever_exported_it(tmp_path: Path) -> None:
    text = (
        "Zusammenfassung,Vorgangsschlüssel,Vorgangs-ID,Vorgangstyp,Status,Priorität,Lösung,"
        "Zugewiesene Person,Autor,Erstellt,Aktualisiert,Erledigt,Statuskategorie\n"
        "Kein Netz,IT-1,1,Störung,Behoben vor Ort,Höchste,Fertig,Ana,Ben,25/Mär/26 4:30 PM,"
        "26/Mär/26 9:00 AM,25/Mär/26 10:17 PM,Fertig\n"
    )
    (tmp_path / "jira.csv").write_text(text, encoding="utf-8")
    warehouse = tmp_path / "warehouse"
    report = load(warehouse, tmp_path / "jira.csv", "--timezone", "Europe/Berlin")
    assert report["files"][0]["source"] == "jira"
    query = "select number, kind, state, priority, resolved_at::varchar from tickets"
    told = ("IT-1", "incident", "closed", "P1", "2026-03-25 21:17:00")
    assert table(warehouse, query) == [told]


def test_statuses_are_told_in_spanish_without_their_category(tmp_path: Path) -> None:
    text = "Resumen,Clave de incidencia,ID de la incidencia,Tipo de Incidencia,Estado,Creada\n"
    for n, status in enumerate(("Tareas por hacer", "En curso", "Finalizada", "Listo"), start=1):
        text += f"Web,HD-{n},{n},Incidente,{status},0{n}/feb/26 12:30 AM\n"
    (tmp_path / "jira.csv").write_text(text, encoding="utf-8")
    load(tmp_path / "warehouse", tmp_path / "jira.csv", "--timezone", "UTC")
    told = table(tmp_path / "warehouse", "select state from tickets order by number")
    assert told == [("new",), ("in_progress",), ("closed",), ("closed",)]


def test_what_is_done_without_a_resolution_was_so_since_its_category_changed(
    tmp_path: Path,
) -> None:
    """Workflows of service projects often set none; where one does, it alone is believed."""
    text = (
        "Resumen,Clave de incidencia,ID de la incidencia,Tipo de Incidencia,Estado,Creada,Resuelta,"
        "Calificación de satisfacción,Campo personalizado (Time to done),Categoría de estado,"
        "Categoría de estado cambiada\n"
        "VPN,HD-1,1,Incidente,Completado,18/jul/26 9:10 AM,,4,22:17,Listo,18/jul/26 10:53 AM\n"
        "Red,HD-2,2,Incidente,En curso,18/jul/26 9:20 AM,,,-1:00,En curso,18/jul/26 9:30 AM\n"
    )
    (tmp_path / "jira.csv").write_text(text, encoding="utf-8")
    warehouse = tmp_path / "warehouse"
    load(warehouse, tmp_path / "jira.csv", "--timezone", "UTC")
    query = (
        "select number, state, resolved_at::varchar, satisfaction, tool_sla_met, "
        "extra::varchar like '%9:30%' from tickets order by number"
    )
    assert table(warehouse, query) == [
        ("HD-1", "resolved", "2026-07-18 10:53:00", 4.0, True, False),
        ("HD-2", "in_progress", None, None, False, True),
    ]
    resolved = text + (
        "Web,HD-3,3,Incidente,Completado,18/jul/26 9:00 AM,18/jul/26 9:30 AM,,,Listo,"
        "18/jul/26 11:00 AM\n"
    )
    (tmp_path / "jira.csv").write_text(resolved, encoding="utf-8")
    load(tmp_path / "second", tmp_path / "jira.csv", "--timezone", "UTC")
    query = "select number, resolved_at::varchar from tickets order by number"
    assert table(tmp_path / "second", query) == [
        ("HD-1", None),
        ("HD-2", None),
        ("HD-3", "2026-07-18 09:30:00"),
    ]
