"""The thirty reference cases to the second, each a ticket with a service level of its own."""

from __future__ import annotations

import tomllib
from datetime import UTC
from typing import Any

import pytest

from tests.sla_files import Promise, Row, clocks_of
from tests.test_working_time import CASES, toml_of


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The clocks of the reference cases, each a ticket with a service level of its own."""
    slas: list[str] = []
    tickets: list[Row] = []
    events: list[dict[str, str]] = []
    for case in CASES["case"]:
        target = f"{case.get('target_seconds', 999_999)}s"
        promise = Promise(target, name=case["id"], calendar=case["calendar"])
        slas.append(f'{promise}\nwhere = {{ category = "{case["id"]}" }}')
        row = {"number": case["id"], "opened_at": case["start"].isoformat(), "category": case["id"]}
        if "end" in case:
            row |= {"resolved_at": case["end"].isoformat(), "state": "resolved"}
        tickets.append(row)
        for held_from, held_to in case.get("pauses", []):
            for at, old, new in (
                (held_from, "in_progress", "on_hold"),
                (held_to, "on_hold", "in_progress"),
            ):
                move = {"field": "state", "old": old, "new": new}
                events.append({"number": case["id"], "at": at.isoformat(), **move})
    # Overlapping holds cannot both be states of one ticket: the second is a hold reason.
    overlapping = [e for e in events if e["number"] == "overlapping-holds"]
    for row, new in zip(overlapping[2:], ("Awaiting Vendor", ""), strict=True):
        row |= {"field": "hold_reason", "old": "", "new": new}
    policy = toml_of(CASES["calendars"]) + "\n" + "\n".join(slas)
    policy = policy.replace('pause = ["on_hold"]', 'pause = ["on_hold", "Awaiting Vendor"]')
    folder = tmp_path_factory.mktemp("cases")
    rows = clocks_of(folder, policy, tickets, events, "2026-06-01T00:00:00Z")
    return {row["number"]: row for row in rows}


@pytest.mark.parametrize("case", CASES["case"], ids=[case["id"] for case in CASES["case"]])
def test_reference_case_through_the_files(
    case: dict[str, Any], cases: dict[str, dict[str, Any]]
) -> None:
    row = cases[case["id"]]
    if "working_seconds" in case:
        assert row["elapsed_seconds"] == case["working_seconds"]
    if "due" in case:
        assert row["due_at"] == case["due"].astimezone(UTC).replace(tzinfo=None)
    if "met" in case:
        assert row["met"] == case["met"]


def test_a_policy_file_of_the_cases_is_in_the_policys_own_form() -> None:
    assert tomllib.loads(toml_of(CASES["calendars"]))["calendars"] == {
        name: {"dates": {}, **calendar} for name, calendar in CASES["calendars"].items()
    }
