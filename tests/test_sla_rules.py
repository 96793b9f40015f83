"""Each rule of a service-level clock, through a policy, tickets.csv and ticket_events.csv."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policies.refusal import Refused
from tests.sla_files import OFFICE, Promise, Row, clocks_of, instant, read_clocks

FOUR_HOURS = OFFICE + str(Promise())


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    (row,) = rows
    return row


def event(at: str, field: str, new: str, old: str = "", role: str = "agent") -> Row:
    return {
        "number": "T1",
        "at": f"2025-{at}Z",
        "field": field,
        "old": old,
        "new": new,
        "actor_role": role,
    }


def ticket(opened_at: str, **columns: str) -> Row:
    """Ticket T1, opened in 2025; times in UTC."""
    columns = {k: f"2025-{v}Z" if k.endswith("_at") else v for k, v in columns.items()}
    return {"number": "T1", "opened_at": f"2025-{opened_at}Z", "priority": "P2", **columns}


def test_rule_1_deadlines_fall_on_the_closing_bell(tmp_path: Path) -> None:
    row = only(clocks_of(tmp_path, OFFICE + str(Promise("8h")), [ticket("06-02T07:00:00")]))
    assert row["due_at"] == instant("2025-06-02T15:00")


def test_rule_2_breached_when_elapsed_is_more_than_the_target(tmp_path: Path) -> None:
    tickets = [
        {**ticket("06-02T07:00:00", resolved_at="06-02T11:00:00"), "number": "on time"},
        {**ticket("06-02T07:00:00", resolved_at="06-02T11:00:01"), "number": "one second late"},
        # the target is used up at 17:00, and not a second more by 19:00
        {**ticket("06-02T11:00:00", resolved_at="06-02T17:00:00"), "number": "after the bell"},
    ]
    rows = {row["number"]: row for row in clocks_of(tmp_path, FOUR_HOURS, tickets)}
    assert rows["on time"]["met"] is True
    assert rows["one second late"]["state"] == "breached"
    assert rows["one second late"]["breached_at"] == instant("2025-06-02T11:00")
    assert rows["after the bell"]["met"] is True


def test_rule_3_a_day_is_not_a_working_day(tmp_path: Path) -> None:
    policy = OFFICE + str(Promise("1d", name="day"))
    day = only(clocks_of(tmp_path / "day", policy, [ticket("06-02T07:00:00")]))
    policy = OFFICE + str(Promise("2 working days", name="working day"))
    working_day = only(clocks_of(tmp_path / "working", policy, [ticket("06-02T08:00:00")]))
    assert (day["target_seconds"], day["due_at"]) == (86_400, instant("2025-06-04T15:00"))
    assert working_day["target_seconds"] == 57_600
    assert working_day["due_at"] == instant("2025-06-04T08:00")


def test_rule_4_offsets_are_those_of_the_instant(tmp_path: Path) -> None:
    # 09:00 in Madrid is 08:00 UTC before and 07:00 UTC after the last Sunday of March
    tickets = [
        {**ticket("03-28T08:00:00", resolved_at="03-28T09:00:00"), "number": "winter"},
        {**ticket("03-31T07:00:00", resolved_at="03-31T08:00:00"), "number": "summer"},
    ]
    elapsed = [row["elapsed_seconds"] for row in clocks_of(tmp_path, FOUR_HOURS, tickets)]
    assert elapsed == [3600, 3600]


def test_rule_5_ambiguous_edges_are_the_earlier_instant(tmp_path: Path) -> None:
    policy = '[calendars.office]\ntimezone = "Europe/Madrid"\nsun = ["02:30-04:00"]\n' + str(
        Promise()
    )
    times = ticket("10-26T00:00:00", resolved_at="10-26T05:00:00")
    # from 02:30 summer time (00:30 UTC) to 04:00 winter time (03:00 UTC)
    assert only(clocks_of(tmp_path, policy, [times]))["elapsed_seconds"] == 2.5 * 3600


def test_rule_6_holidays_of_the_zone_count_once(tmp_path: Path) -> None:
    policy = (
        OFFICE
        + 'holidays = [{ country = "ES" }, { country = "ES", subdivision = "MD" }]\n'
        + '[calendars.office.dates]\n"2025-12-24" = ["09:00-13:00"]\n"2025-12-25" = []\n'
        + str(Promise("8h"))
    )
    # Wednesday 24th 12:00 to 13:00, Thursday closed, Friday 26th 09:00 to 11:00
    row = only(clocks_of(tmp_path, policy, [ticket("12-24T11:00:00")], (), "2025-12-26T10:00:00Z"))
    assert row["elapsed_seconds"] == 3 * 3600
    assert row["due_at"] == instant("2025-12-26T15:00")


def test_rule_7_a_calendar_without_windows_is_no_clock(tmp_path: Path) -> None:
    policy = '[calendars.office]\ntimezone = "UTC"\n' + str(Promise())
    row = only(
        clocks_of(tmp_path, policy, [ticket("06-02T07:00:00", resolved_at="06-03T07:00:00")])
    )
    assert row["state"] == "no_clock"
    assert row["reason"] == "calendar office has no windows"
    assert (row["elapsed_seconds"], row["due_at"], row["met"]) == (None, None, None)


def test_rule_7_a_calendar_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(OFFICE + str(Promise(calendar="ofice")))
    with pytest.raises(Refused, match="'office'"):
        read_clocks(tmp_path, tmp_path / "policy.toml")


def test_rule_8_a_life_outside_hours_is_met(tmp_path: Path) -> None:
    saturday = ticket("06-07T08:00:00", resolved_at="06-07T13:00:00")
    row = only(clocks_of(tmp_path, FOUR_HOURS, [saturday]))
    assert (row["elapsed_seconds"], row["state"], row["met"]) == (0, "met", True)


def test_rule_9_while_held_it_is_paused_without_a_deadline(tmp_path: Path) -> None:
    events = [event("06-02T08:00:00", "state", "on_hold", "new")]
    row = only(clocks_of(tmp_path, FOUR_HOURS, [ticket("06-02T07:00:00")], events))
    assert (row["state"], row["due_at"], row["met"]) == ("paused", None, None)
    assert row["elapsed_seconds"] == 3600


def test_rule_9_a_breach_before_the_hold_stays(tmp_path: Path) -> None:
    events = [event("06-02T12:00:00", "state", "on_hold", "new")]
    row = only(clocks_of(tmp_path, FOUR_HOURS, [ticket("06-02T07:00:00")], events))
    assert (row["state"], row["breached_at"]) == ("breached", instant("2025-06-02T11:00"))
    assert row["elapsed_seconds"] == 5 * 3600


def test_rule_9_a_tools_state_or_a_reason_pauses_too(tmp_path: Path) -> None:
    policy = OFFICE + str(Promise(more='pause = ["Awaiting Vendor", "Parts ordered"]'))
    events = [
        event("06-02T08:00:00", "hold_reason", "Awaiting Vendor"),
        event("06-02T09:00:00", "hold_reason", "", "Awaiting Vendor"),
        event("06-02T10:00:00", "state", "Parts ordered", "new"),
        event("06-02T10:30:00", "state", "in_progress", "Parts ordered"),
    ]
    row = only(clocks_of(tmp_path, policy, [ticket("06-02T07:00:00")], events))
    assert row["paused_seconds"] == 5400
    assert row["due_at"] == instant("2025-06-02T12:30")


@pytest.mark.parametrize("has_event", [True, False])
def test_rule_9_a_hold_is_clipped_to_the_ticket(has_event: bool, tmp_path: Path) -> None:
    events = [event("06-02T08:00:00", "state", "on_hold", "in_progress")]
    if has_event:
        events.append(event("06-02T10:00:00", "state", "resolved", "in_progress"))
    events.append(event("06-02T12:00:00", "state", "in_progress", "on_hold"))
    times = ticket("06-02T07:00:00", resolved_at="06-02T10:00:00", state="resolved")
    row = only(clocks_of(tmp_path, FOUR_HOURS, [times], events))
    assert (row["cycle"], row["stopped_at"]) == (1, instant("2025-06-02T10:00"))
    assert (row["elapsed_seconds"], row["paused_seconds"]) == (3600, 7200)


def test_rule_10_a_hold_without_an_end_stops_at_the_next_state(tmp_path: Path) -> None:
    events = [
        event("06-02T08:00:00", "state", "on_hold", "new"),
        event("06-02T10:00:00", "state", "resolved", "in_progress"),
    ]
    row = only(clocks_of(tmp_path, FOUR_HOURS, [ticket("06-02T07:00:00")], events))
    assert (row["elapsed_seconds"], row["paused_seconds"]) == (3600, 7200)
    assert "a hold without an end" in row["reason"]


PRIORITIES = "\n".join(
    str(Promise(target, name=priority, priority=priority))
    for priority, target in (("P1", "2h"), ("P2", "4h"))
)
CHANGE_EVENTS = [
    event("06-02T08:00:00", "state", "on_hold", "new"),
    event("06-02T08:30:00", "state", "in_progress", "on_hold"),
    event("06-02T09:00:00", "priority", "P1", "P2"),
]


def test_rule_11_the_new_clock_starts_at_opening(tmp_path: Path) -> None:
    rows = clocks_of(tmp_path, OFFICE + PRIORITIES, [ticket("06-02T07:00:00")], CHANGE_EVENTS)
    old, new = sorted(rows, key=lambda row: row["sla"], reverse=True)
    assert (old["sla"], old["state"], old["met"]) == ("P2", "cancelled", None)
    assert old["reason"] == "priority changed from P2 to P1"
    assert (new["started_at"], new["paused_seconds"]) == (instant("2025-06-02T07:00"), 1800)
    assert new["due_at"] == instant("2025-06-02T09:30")


def test_rule_11_or_at_the_change(tmp_path: Path) -> None:
    policy = OFFICE + PRIORITIES.replace("pause", "retroactive = false\npause")
    rows = clocks_of(tmp_path, policy, [ticket("06-02T07:00:00")], CHANGE_EVENTS)
    new = next(row for row in rows if row["sla"] == "P1")
    assert (new["started_at"], new["paused_seconds"]) == (instant("2025-06-02T09:00"), 0)
    assert new["due_at"] == instant("2025-06-02T11:00")


def test_rule_11_a_later_downgrade_changes_no_past_verdict(tmp_path: Path) -> None:
    events = [event("06-02T10:00:00", "priority", "P2", "P1")]
    rows = clocks_of(tmp_path, OFFICE + PRIORITIES, [ticket("06-02T07:00:00")], events)
    states = {row["sla"]: (row["state"], row["breached_at"]) for row in rows}
    assert states["P1"] == ("breached", instant("2025-06-02T09:00"))
    assert states["P2"][0] == "breached"


def test_rule_11_a_priority_that_comes_back_has_one_clock(tmp_path: Path) -> None:
    events = [
        event("06-02T07:30:00", "priority", "P1", "P2"),
        event("06-02T08:00:00", "priority", "P2", "P1"),
    ]
    times = ticket("06-02T07:00:00", resolved_at="06-02T10:00:00", state="resolved")
    rows = clocks_of(tmp_path, OFFICE + PRIORITIES, [times], events)
    assert [(row["sla"], row["state"]) for row in rows] == [("P1", "cancelled"), ("P2", "met")]


def test_rule_11_promises_of_one_name_are_told_by_their_conditions(tmp_path: Path) -> None:
    named = PRIORITIES.replace('name = "P1"', 'name = "same"').replace(
        'name = "P2"', 'name = "same"'
    )
    rows = clocks_of(tmp_path, OFFICE + named, [ticket("06-02T07:00:00")], CHANGE_EVENTS)
    assert sorted((row["target_seconds"], row["state"]) for row in rows) == [
        (7200, "breached"),
        (14_400, "cancelled"),
    ]


def test_rule_12_reopening_starts_a_new_cycle(tmp_path: Path) -> None:
    events = [
        event("06-02T12:00:00", "state", "resolved", "new"),
        event("06-03T07:00:00", "state", "in_progress", "resolved"),
        event("06-03T08:00:00", "state", "resolved", "in_progress"),
    ]
    first, last = clocks_of(tmp_path, FOUR_HOURS, [ticket("06-02T07:00:00")], events)
    assert (first["cycle"], first["state"], first["elapsed_seconds"]) == (1, "breached", 5 * 3600)
    assert (last["cycle"], last["state"], last["elapsed_seconds"]) == (2, "met", 3600)
    assert last["due_at"] == instant("2025-06-03T11:00")
    assert last["paused_seconds"] == 0


RESPONSE = OFFICE + str(Promise("1h", clock="response"))


def test_rule_13_the_first_human_public_answer_stops_the_response(tmp_path: Path) -> None:
    events = [
        event("06-02T07:00:05", "public_comment", "received", role="system"),
        event("06-02T07:10:00", "public_comment", "any news?", role="caller"),
        event("06-02T07:20:00", "private_comment", "mine"),
        event("06-02T07:30:00", "public_comment", "looking into it"),
    ]
    row = only(clocks_of(tmp_path, RESPONSE, [ticket("06-02T07:00:00")], events))
    assert (row["stopped_at"], row["met"]) == (instant("2025-06-02T07:30"), True)


def test_rule_13_a_resolution_without_a_response_ends_it(tmp_path: Path) -> None:
    times = ticket("06-02T07:00:00", resolved_at="06-02T07:40:00", state="resolved")
    row = only(clocks_of(tmp_path, RESPONSE, [times]))
    assert (row["stopped_at"], row["met"]) == (instant("2025-06-02T07:40"), True)
    assert "resolved without a response" in row["reason"]


def test_rule_13_an_answer_before_the_first_window_is_met_once(tmp_path: Path) -> None:
    times = ticket("06-01T08:00:00", first_response_at="06-01T09:00:00")
    row = only(clocks_of(tmp_path, RESPONSE, [times]))
    assert (row["elapsed_seconds"], row["state"]) == (0, "met")


def test_rule_14_open_past_its_deadline_is_breached(tmp_path: Path) -> None:
    times = [ticket("06-02T07:00:00")]
    late = only(clocks_of(tmp_path / "late", FOUR_HOURS, times, (), "2025-06-02T11:00:01Z"))
    early = only(clocks_of(tmp_path / "early", FOUR_HOURS, times, (), "2025-06-02T10:00:00Z"))
    assert (late["state"], late["met"], late["stopped_at"]) == ("breached", False, None)
    assert (early["state"], early["met"]) == ("running", None)


def test_rule_15_several_service_levels_are_several_rows(tmp_path: Path) -> None:
    policy = FOUR_HOURS + "\n" + str(Promise("1h", clock="response"))
    rows = clocks_of(tmp_path, policy, [ticket("06-02T07:00:00")])
    assert {(row["ticket_id"], row["sla"], row["clock"], row["cycle"]) for row in rows} == {
        ("generic:T1", "response", "response", 1),
        ("generic:T1", "resolution", "resolution", 1),
    }


def test_rule_16_a_version_counts_from_its_first_day(tmp_path: Path) -> None:
    later = Promise("1h", more="from = 2025-06-03")
    tickets = [
        {**ticket("06-02T07:00:00", resolved_at="06-02T10:00:00"), "number": "before"},
        {**ticket("06-03T07:00:00", resolved_at="06-03T10:00:00"), "number": "after"},
    ]
    rows = clocks_of(tmp_path, f"{FOUR_HOURS}\n{later}", tickets)
    verdicts = {row["number"]: (row["target_seconds"], row["met"]) for row in rows}
    assert verdicts == {"before": (14_400, True), "after": (3600, False)}


def test_rule_16_a_calendar_has_versions_too(tmp_path: Path) -> None:
    policy = """
        [[calendars.office]]
        timezone = "UTC"
        mon = ["09:00-17:00"]
        tue = ["09:00-17:00"]
        [[calendars.office]]
        timezone = "UTC"
        from = 2025-06-03
        tue = ["10:00-12:00"]
        wed = ["10:00-12:00"]
    """
    times = ticket("06-02T16:00:00")
    row = only(clocks_of(tmp_path, policy + str(Promise()), [times], (), "2025-06-03T11:00:00Z"))
    assert row["elapsed_seconds"] == 2 * 3600
    assert row["due_at"] == instant("2025-06-04T11:00")


def test_rule_17_no_cap_on_age(tmp_path: Path) -> None:
    times = {"number": "T1", "opened_at": "2015-01-01T00:00:00Z"}
    policy = str(Promise("9000d", calendar="always"))
    row = only(clocks_of(tmp_path, policy, [times], (), "2025-01-01T00:00:00Z"))
    assert row["elapsed_seconds"] == 3653 * 86_400
    assert row["due_at"] == instant("2039-08-23")


def test_rule_18_no_negative_duration(tmp_path: Path) -> None:
    tickets = [
        {**ticket("06-02T07:00:00", resolved_at="06-01T07:00:00"), "number": "before opening"},
        {**ticket("06-02T07:00:00", resolved_at="06-04T07:00:00"), "number": "after the export"},
        {**ticket("06-08T07:00:00"), "number": "opened after the export"},
    ]
    rows = clocks_of(tmp_path, FOUR_HOURS, tickets, (), "2025-06-03T00:00:00Z")
    assert {row["state"] for row in rows} <= {"no_clock"}
    assert all(row["elapsed_seconds"] is None for row in rows)
    assert {row["reason"] for row in rows} == {
        "resolved before it was opened",
        "resolved after the moment of its export",
        "opened after the moment of its export",
    }


def test_rule_20_merged_cancelled_and_test_tickets_are_cancelled(tmp_path: Path) -> None:
    times = ticket("06-02T07:00:00", resolved_at="06-02T08:00:00")
    tickets = [
        {**times, "number": "merged", "merged_into": "other"},
        {**times, "number": "test", "is_test": "true"},
        {**times, "number": "cancelled", "state": "cancelled"},
    ]
    rows = clocks_of(tmp_path, FOUR_HOURS, tickets)
    assert {row["state"] for row in rows} == {"cancelled"}
    assert all(row["met"] is None and row["reason"] for row in rows)


def test_overlapping_holds_of_one_state_count_as_their_union(tmp_path: Path) -> None:
    events = [
        event("06-02T13:30:00", "state", "on_hold", "in_progress"),
        event("06-02T14:00:00", "state", "on_hold", "in_progress"),
        event("06-02T14:30:00", "state", "in_progress", "on_hold"),
        event("06-02T15:00:00", "state", "in_progress", "on_hold"),
    ]
    times = ticket("06-02T11:00:00", resolved_at="06-02T16:00:00", state="resolved")
    assert only(clocks_of(tmp_path, FOUR_HOURS, [times], events))["elapsed_seconds"] == 9000


@pytest.mark.parametrize("target", ["0h", None])
def test_rule_21_no_target_is_not_met(target: str | None, tmp_path: Path) -> None:
    times = ticket("06-02T07:00:00", resolved_at="06-02T07:00:00")
    row = only(clocks_of(tmp_path, OFFICE + str(Promise(target)), [times]))
    assert (row["state"], row["met"], row["due_at"]) == ("no_clock", None, None)
    assert "no target to keep" in row["reason"]


def test_rule_21_relative_targets_do_not_pause(tmp_path: Path) -> None:
    policy = OFFICE + str(Promise("next working day 16:00"))
    friday = ticket("06-06T13:00:00", resolved_at="06-09T14:30:00", state="resolved")
    events = [
        event("06-06T13:30:00", "state", "on_hold", "new"),
        event("06-09T13:30:00", "state", "in_progress", "on_hold"),
    ]
    row = only(clocks_of(tmp_path, policy, [friday], events))
    assert row["due_at"] == instant("2025-06-09T14:00")
    assert (row["state"], row["paused_seconds"]) == ("breached", 0)


def test_clocks_do_not_depend_on_the_order_of_files_or_rows(tmp_path: Path) -> None:
    tickets = [ticket("06-02T07:00:00")]
    rows = clocks_of(tmp_path / "a", OFFICE + PRIORITIES, tickets, CHANGE_EVENTS)
    again = clocks_of(tmp_path / "b", OFFICE + PRIORITIES, tickets, CHANGE_EVENTS[::-1])
    assert rows == again


def test_the_machines_zone_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = clocks_of(tmp_path / "a", OFFICE + PRIORITIES, [ticket("06-02T07:00:00")], CHANGE_EVENTS)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    import time

    time.tzset()
    try:
        there = clocks_of(
            tmp_path / "b", OFFICE + PRIORITIES, [ticket("06-02T07:00:00")], CHANGE_EVENTS
        )
    finally:
        monkeypatch.undo()
        time.tzset()
    assert here == there
