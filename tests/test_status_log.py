"""A plain log of status changes: tickets derived from it, or history for another source."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from pipelines.sources import UnknownHeader, detect
from tests.command import load, meantime, refused
from tests.ticket_rows import Loaded, loaded

LOG = """\
Ticket ID,Timestamp,Status,Assignee,Priority
T1,2026-01-05 09:00,Open,,High
T1,2026-01-05 09:30,In Progress,Ana,High
T1,2026-01-05 11:00,Pending,Ana,High
T1,2026-01-05 12:00,In Progress,Luis,Critical
T1,2026-01-05 15:00,Resolved,,Critical
T1,2026-01-10 15:00,Closed,,Critical
T2,2026-01-06 09:00,Open,,Low
T2,2026-01-06 10:00,Resolved,Eva,Low
T2,2026-01-06 12:00,Reopened,Eva,Low
T2,2026-01-07 09:00,Resolved,Eva,Low
T3,2026-01-07 09:00,Open,,Low
T3,2026-01-07 10:00,Closed,Eva,Low
T4,2026-01-08 09:00,Assigned,Eva,Low
T4,2026-01-08 09:00,Open,Eva,Low
"""
LIVES = """
select number, opened_at::varchar, resolved_at::varchar, closed_at::varchar, state, priority,
    assignee
from tickets where source = 'log' order by number
"""
# T1 opened 09:00, resolved 15:00; T2 counts its last resolution; T3 was closed without one;
# T4 has two rows in one instant and stands as the later of them left it
DERIVED = [
    ("T1", "2026-01-05 09:00:00", "2026-01-05 15:00:00", "2026-01-10 15:00:00", "closed", "P1",
     "Luis"),
    ("T2", "2026-01-06 09:00:00", "2026-01-07 09:00:00", None, "resolved", "P4", "Eva"),
    ("T3", "2026-01-07 09:00:00", None, "2026-01-07 10:00:00", "closed", "P4", "Eva"),
    ("T4", "2026-01-08 09:00:00", None, None, "new", "P4", "Eva"),
]  # fmt: skip


def log(folder: Path, text: str = LOG, *flags: str, name: str = "log.csv") -> Loaded:
    return loaded(folder, text, "--timezone", "UTC", *flags, name=name)


def test_tickets_are_derived_from_their_changes(tmp_path: Path) -> None:
    found = log(tmp_path)
    file = found.file
    assert (file["source"], file["rows"], file["rows_rejected"]) == ("log", 14, 0)
    assert (file["tickets_new"], file["events_known"]) == (4, 0)
    assert found.rows(LIVES) == DERIVED
    assert found.rows(
        """
        select "at"::varchar, old, new from ticket_events
        where ticket_id = 'log:T1' and field = 'state' order by "at"
        """
    ) == [
        ("2026-01-05 09:00:00", None, "new"),
        ("2026-01-05 09:30:00", "new", "in_progress"),
        ("2026-01-05 11:00:00", "in_progress", "on_hold"),
        ("2026-01-05 12:00:00", "on_hold", "in_progress"),
        ("2026-01-05 15:00:00", "in_progress", "resolved"),
        ("2026-01-10 15:00:00", "resolved", "closed"),
    ]
    assert found.finding_codes == ["history_begins_late"]


def test_a_later_part_of_a_log_goes_on_where_the_first_ended(tmp_path: Path) -> None:
    header, *rows = LOG.splitlines()
    texts = ["\n".join([header, *part]) + "\n" for part in (rows[:9], rows[9:])]
    assert log(tmp_path, texts[0], name="first.csv").finding_codes == []
    second = log(tmp_path, texts[1], name="second.csv")
    # T2 goes on; only T4 was never seen before its second state
    said = str(second.file["findings"])
    assert "1 of 3 tickets begin in another state than new, for example T4" in said
    assert second.rows(LIVES) == DERIVED


def backwards(text: str) -> str:
    header, *rows = text.splitlines()
    return "\n".join([header, *reversed(rows)]) + "\n"


def test_newest_first_is_the_same_log(tmp_path: Path) -> None:
    assert log(tmp_path, backwards(LOG)).rows(LIVES) == DERIVED


def test_a_sequence_orders_one_instant_against_the_file(tmp_path: Path) -> None:
    text = (
        "ticket,at,status,sequence\n"
        "T1,2026-01-05 09:00,Resolved,2\nT1,2026-01-05 09:00,Open,1\nT1,2026-01-06 09:00,Closed,3\n"
    )
    assert log(tmp_path, text).rows(LIVES)[0][2] == "2026-01-05 09:00:00"


def test_blank_cells_mean_that_nothing_changed(tmp_path: Path) -> None:
    text = (
        "case_id;event time;new status;resource\n"
        "7;05/01/2026 09:00;Open;\n7;05/01/2026 10:00;;Ana\n7;13/01/2026 09:00;Resolved;\n"
    )
    found = log(tmp_path, text)
    assert found.rows(LIVES) == [
        ("7", "2026-01-05 09:00:00", "2026-01-13 09:00:00", None, "resolved", None, "Ana")
    ]
    assert found.rows("select count(*) from ticket_events where field = 'state'") == [(2,)]


def test_without_a_resolved_state_closing_is_the_resolution_and_it_says_so(tmp_path: Path) -> None:
    text = "key,date,state\nA,2026-01-05 09:00,New\nA,2026-01-05 19:00,Closed\n"
    found = log(tmp_path, text)
    assert found.rows(LIVES)[0][2:4] == ("2026-01-05 19:00:00", "2026-01-05 19:00:00")
    assert found.finding_codes == ["closing_as_resolution"]


def test_a_row_without_a_time_is_rejected(tmp_path: Path) -> None:
    found = log(tmp_path, LOG + "T1,,Closed,,\nT2,soon,Closed,,\n")
    assert (found.file["rows"], found.file["rows_rejected"]) == (16, 2)


def parts() -> dict[str, str]:
    header, *rows = LOG.splitlines()
    months = {"first": rows[:3] + rows[6:8], "second": rows[3:5] + rows[8:9]}
    months["third"] = [row for row in rows if row not in months["first"] + months["second"]]
    return {name: "\n".join([header, *lines]) + "\n" for name, lines in months.items()}


@pytest.mark.parametrize("order", list(permutations(parts()))[::2], ids=" ".join)
def test_a_log_may_come_in_parts_in_any_order(order: tuple[str, ...], tmp_path: Path) -> None:
    for name in order:
        path = tmp_path / f"{name}.csv"
        path.write_text(parts()[name])
        load(tmp_path / "warehouse", path, "--timezone", "UTC")
    assert Loaded(tmp_path / "warehouse", {}).rows(LIVES) == DERIVED


LIST = """\
number,opened_at,sys_updated_on,short_description,state,priority,category
T1,2026-01-05 08:50:00,2026-01-10 15:00:00,Mail is down,Closed,1 - Critical,Mail
"""


@pytest.mark.parametrize("order", [("list", "log"), ("log", "list")], ids=" ".join)
def test_as_the_history_of_another_source_it_makes_no_tickets(
    order: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text(LIST)
    (tmp_path / "log.csv").write_text(LOG)
    files: dict[str, Any] = {}
    for name in order:
        report = load(
            tmp_path / "warehouse", tmp_path / f"{name}.csv", "--timezone", "UTC",
            "--source", "servicenow",
        )  # fmt: skip
        files[name] = report["files"][0]
    assert (files["log"]["source"], files["log"]["tickets_new"]) == ("servicenow", 0)
    found = Loaded(tmp_path / "warehouse", files["log"])
    # nothing of the list is lost, and its opening stands
    assert found.rows("select ticket_id, title, category, opened_at::varchar from tickets") == [
        ("servicenow:T1", "Mail is down", "Mail", "2026-01-05 08:50:00")
    ]
    assert found.rows(
        "select count(*) from ticket_events where ticket_id = 'servicenow:T1' and field = 'state'"
    ) == [(6,)]


def test_numbers_known_from_a_list_are_pointed_out(tmp_path: Path) -> None:
    loaded(tmp_path, LIST, "--timezone", "UTC", name="list.csv")
    found = log(tmp_path)
    assert "known_elsewhere" in found.finding_codes
    assert any("--source servicenow" in each["message"] for each in found.file["findings"])


def test_a_list_is_not_taken_for_a_log(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("id,date,status\n1,2026-01-05 09:00,Closed\n2,2026-01-05 09:00,Open\n")
    sentence = refused("load", path, "--timezone", "UTC", "--warehouse", tmp_path / "warehouse")
    assert "no ticket has more than one row" in sentence


def test_an_undone_part_leaves_the_lives_that_the_rest_tells(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / f"{name}.csv").write_text(parts()[name])
    first = log(tmp_path, parts()["first"], name="first.csv")
    before = first.rows(LIVES)
    log(tmp_path, parts()["second"], name="second.csv")
    done = meantime("loads", "--undo", "2", "--warehouse", tmp_path / "warehouse")
    assert done.status == 0, done.err
    assert first.rows(LIVES) == before


def test_a_sub_status_tells_more_than_the_status(tmp_path: Path) -> None:
    text = (
        "SR Number;Change Date+Time;Status;Sub Status;Involved ST;SR Latest Impact;Product;"
        "Owner Country;Owner First Name\n"
        "1-364285768;2010-03-31T15:59:42+01:00;Accepted;In Progress;A2_4;Medium;PROD582;fr;Eva\n"
        "1-364285768;2010-04-06T15:44:07+01:00;Accepted;Wait - User;A2_4;Medium;PROD582;fr;Eva\n"
        "1-364285768;2010-04-06T15:44:38+01:00;Queued;Awaiting Assignment;A2_5;Medium;PROD582;se;\n"
        "1-364285768;2010-04-08T11:54:23+01:00;Completed;Resolved;A2_5;Medium;PROD582;se;Anne\n"
        "1-364285768;2010-05-11T00:26:15+01:00;Completed;Closed;A2_5;Medium;PROD582;se;System\n"
    )
    found = loaded(tmp_path, text)
    assert found.file["form"] == "status and sub-status changes"
    assert found.rows(LIVES)[0][1:5] == (
        "2010-03-31 14:59:42", "2010-04-08 10:54:23", "2010-05-10 23:26:15", "closed"
    )  # fmt: skip
    holds = found.rows(
        "select old, new from ticket_events where field = 'hold_reason' order by \"at\""
    )
    assert holds == [(None, "Wait - user"), ("Wait - user", None)]
    assert found.column("hold_reason") == [None]
    groups = found.rows("select new from ticket_events where field = 'resolver_group'")
    assert sorted(groups) == [("A2_4",), ("A2_5",)]


def test_a_sub_status_is_a_state_or_says_why_a_ticket_waits(tmp_path: Path) -> None:
    text = (
        "Case;Change time;Status;Sub-Status\n"
        "C1;2026-03-02T09:00:00Z;Open;Awaiting Assignment\n"
        "C1;2026-03-02T10:00:00Z;Accepted;In Progress\n"
        "C1;2026-03-02T11:00:00Z;Accepted;Wait - User\n"
        "C1;2026-03-02T12:00:00Z;Pending;Spare part\n"
        "C1;2026-03-02T13:00:00Z;Accepted;Second line\n"
        "C1;2026-03-02T14:00:00Z;Completed;\n"
    )
    found = loaded(tmp_path, text)
    assert found.file["form"] == "status changes with a sub-status"
    told = {
        field: found.rows(f"select new from ticket_events where field = '{field}' order by \"at\"")
        for field in ("state", "hold_reason")
    }
    states = ["new", "in_progress", "on_hold", "in_progress", "resolved"]
    assert told["state"] == [(state,) for state in states]
    assert told["hold_reason"] == [("Wait - User",), ("Spare part",), (None,)]
    assert found.rows("select hold_reason, source_state from tickets") == [(None, "Completed")]


def test_an_audit_of_single_fields_is_the_history_of_a_list(tmp_path: Path) -> None:
    audit = (
        "Incident;Field;Old value;New value;Changed on;Changed by\n"
        "T1;Status;New;In Progress;2026-01-05 09:00;Ana\n"
        "T1;Assignment group;Desk;Mail;2026-01-05 09:10;Ana\n"
        "T1;Colour;red;blue;2026-01-05 09:20;Ana\n"
    )
    loaded(tmp_path, LIST, "--timezone", "UTC", name="list.csv")
    alone = loaded(tmp_path, audit, "--timezone", "UTC", name="audit.csv")
    (waits,) = [each for each in alone.file["findings"] if each["code"] == "history_waits"]
    assert "--source servicenow" in waits["message"]
    meantime("loads", "--undo", "2", "--warehouse", tmp_path / "warehouse")
    found = loaded(tmp_path, audit, "--timezone", "UTC", "--source", "servicenow")
    assert found.finding_codes == []
    told = found.rows(
        """
        select field, old, new, actor from ticket_events
        where ticket_id = 'servicenow:T1' and field <> 'source_state' order by "at"
        """
    )
    assert told == [
        ("state", "new", "in_progress", "Ana"),
        ("resolver_group", "Desk", "Mail", "Ana"),
        ("colour", "red", "blue", "Ana"),
    ]


def test_lists_that_call_a_column_like_the_contract_are_not_taken_for_other_tables() -> None:
    zammad = ("id", "number", "title", "state", "priority", "created_at", "type", "close_at")
    with pytest.raises(UnknownHeader):
        detect(zammad, "tickets.json", None)
    (events,) = detect(("number", "at", "field", "old", "new"), "events.csv", None)
    assert (events.source, events.table) == ("generic", "ticket_events")


def test_a_log_of_what_was_done_tells_the_states_it_led_to(tmp_path: Path) -> None:
    found = log(
        tmp_path,
        "Case ID,Activity,Resource,Complete Timestamp\n"
        "Case 1,Assign seriousness,Value 1,2026/01/05 09:00:00.000\n"
        "Case 1,Take in charge ticket,Value 2,2026/01/05 10:00:00.000\n"
        "Case 1,Wait,Value 2,2026/01/05 11:00:00.000\n"
        "Case 1,Resolve ticket,Value 2,2026/01/05 15:00:00.000\n"
        "Case 1,Closed,Value 3,2026/01/20 15:00:00.000\n",
    )
    assert found.rows("select state, resolved_at::varchar, closed_at::varchar from tickets") == [
        ("closed", "2026-01-05 15:00:00", "2026-01-20 15:00:00")
    ]
    assert found.rows("""select new from ticket_events where field = 'state' order by "at" """) == [
        ("new",),
        ("in_progress",),
        ("on_hold",),
        ("resolved",),
        ("closed",),
    ]
    assert found.finding_codes == []
