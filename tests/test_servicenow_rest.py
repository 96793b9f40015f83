"""ServiceNow REST as JSON: stored values, displayed values, and both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.warehouse import Warehouse
from queries.model.connection import connect
from tests.command import load, refused


def table(folder: Path, query: str) -> list[Any]:
    with connect(Warehouse(folder).current_path(), read_only=True) as connection:
        return connection.execute(query).fetchall()


# One incident as the instance stores it, and as somebody in Madrid (UTC+2 in July) sees it.
STORED = {
    "number": "INC0010001",
    "sys_class_name": "incident",
    "sys_id": "9d385017c611228701d22104cc95c371",
    "state": "6",
    "priority": "2",
    "impact": "1",
    "urgency": "2",
    "hold_reason": "",
    "assignment_group": "287ebd7da9fe198100f92cc8d1d2154e",
    "caller_id": "681ccaf9c0a8016400b98a06818d57c7",
    "opened_at": "2026-07-01 08:00:00",
    "sys_updated_on": "2026-07-01 12:30:00",
    "resolved_at": "2026-07-01 12:30:00",
    "calendar_duration": "1970-01-01 04:30:00",
    "made_sla": "true",
    "short_description": "2026-07-01 what happened",
}
DISPLAYED = STORED | {
    "sys_class_name": "Incident",
    "state": "Resolved",
    "priority": "2 - High",
    "impact": "1 - High",
    "urgency": "2 - Medium",
    "assignment_group": "Network",
    "caller_id": "Ben Adams",
    "opened_at": "2026-07-01 10:00:00",
    "sys_updated_on": "2026-07-01 14:30:00",
    "resolved_at": "2026-07-01 14:30:00",
    "calendar_duration": "4 Hours 30 Minutes",
}
REFERENCES = ("assignment_group", "caller_id")
INSTANTS = "opened_at::varchar, resolved_at::varchar, updated_at::varchar"
WORDS = "kind, state, priority, impact, urgency, resolver_group, caller"
TOLD = f"select {WORDS}, {INSTANTS} from tickets"
UTC = ("2026-07-01 08:00:00", "2026-07-01 12:30:00", "2026-07-01 12:30:00")
NAMED = ("incident", "resolved", "P2", "high", "medium", "Network", "Ben Adams", *UTC)
BY_ID = (*NAMED[:5], STORED["assignment_group"], STORED["caller_id"], *UTC)


def result(folder: Path, *records: object) -> Path:
    path = folder / "incident.json"
    path.write_text(json.dumps({"result": list(records)}))
    return path


def linked(record: dict[str, str], key: str) -> dict[str, Any]:
    """The record with its references as objects."""
    return record | {name: {"link": "there", key: record[name]} for name in REFERENCES}


def test_of_both_values_people_are_displayed_and_times_are_stored(tmp_path: Path) -> None:
    both = {name: {"display_value": DISPLAYED[name], "value": STORED[name]} for name in STORED}
    both["hold_reason"] = {"display_value": "", "value": ""}
    (file,) = load(tmp_path / "w", result(tmp_path, both))["files"]
    assert (file["source"], file["form"]) == ("servicenow", "incident list")
    assert table(tmp_path / "w", TOLD) == [NAMED]
    extra = table(tmp_path / "w", "select title, tool_sla_met, hold_reason from tickets")
    assert extra == [("2026-07-01 what happened", True, None)]


def test_stored_values_are_utc_and_need_no_zone(tmp_path: Path) -> None:
    load(tmp_path / "a", result(tmp_path, linked(STORED, "value")))
    assert table(tmp_path / "a", TOLD) == [BY_ID]
    # sysparm_exclude_reference_link=true: bare ids, and numbers for choices
    load(tmp_path / "b", result(tmp_path, STORED), "--timezone", "Europe/Madrid")
    assert table(tmp_path / "b", TOLD) == [BY_ID]


def test_displayed_values_are_in_the_zone_of_whoever_exported(tmp_path: Path) -> None:
    for record in (DISPLAYED, linked(DISPLAYED, "display_value")):
        path = result(tmp_path, record)
        assert "--timezone" in refused("load", path, "--warehouse", tmp_path / "w")
        folder = tmp_path / f"warehouse {len(list(tmp_path.iterdir()))}"
        load(folder, path, "--timezone", "Europe/Madrid")
        assert table(folder, TOLD) == [NAMED]


def test_a_record_that_could_be_either_is_not_guessed(tmp_path: Path) -> None:
    silent = {name: STORED[name] for name in ("number", "sys_id", "opened_at", "sys_updated_on")}
    sentence = refused("load", result(tmp_path, silent), "--warehouse", tmp_path / "w")
    assert "--timezone" in sentence


def test_a_list_of_records_and_other_tables_are_read_alike(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "incident.json").write_text(json.dumps([linked(STORED, "value")]))
    change = {
        "number": {"display_value": "CHG1", "value": "CHG1"},
        "sys_id": {"display_value": "1", "value": "1"},
        "type": {"display_value": "Normal", "value": "normal"},
        "cmdb_ci": {"display_value": "mail-01", "link": "there", "value": "76"},
        "start_date": {"display_value": "01/07/2026 10:00:00", "value": "2026-07-01 08:00:00"},
        "sys_updated_on": {"display_value": "01/07/2026 9:00:00", "value": "2026-07-01 07:00:00"},
    }
    (folder / "change.ndjson").write_text(json.dumps(change) + "\n")
    load(tmp_path / "w", folder)
    assert table(tmp_path / "w", TOLD) == [BY_ID]
    found = table(
        tmp_path / "w",
        "select number, type, configuration_item, planned_start_at::varchar from changes",
    )
    assert found == [("CHG1", "Normal", "mail-01", "2026-07-01 08:00:00")]


def test_odd_records_are_rejected_rows_and_no_more(tmp_path: Path) -> None:
    odd: list[Any] = [
        7,
        {"number": "INC2"},
        {"number": {"a": 1}, "opened_at": ["x"]},
        linked(STORED, "value") | {"number": "INC3", "opened_at": {"value": "soon"}},
        linked(STORED, "value") | {"number": "INC4", "caller_id": [], "state": {"other": 1}},
    ]
    (file,) = load(tmp_path / "w", result(tmp_path, *odd, linked(STORED, "value")))["files"]
    assert (file["rows"], file["rows_rejected"]) == (6, 4)
    assert table(tmp_path / "w", "select number from tickets order by 1") == [
        ("INC0010001",),
        ("INC4",),
    ]
