"""The thirty reference cases to the second, through the public path: files in, CSV out."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.command import load, meantime

TEXT = (Path(__file__).parent / "sla_cases.toml").read_text(encoding="utf-8")
CASES: list[dict[str, Any]] = tomllib.loads(TEXT)["case"]
ANY_TARGET_SECONDS = 3600


def utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def policy_text() -> str:
    """The cases' own calendars, and one resolution SLA per case, told by category."""
    calendars = TEXT[: TEXT.index("[[case]]")]
    promises = "".join(
        f'[[sla]]\nname = "{case["id"]}"\nclock = "resolution"\npause = ["on_hold"]\n'
        f'where = {{ category = "{case["id"]}" }}\ncalendar = "{case["calendar"]}"\n'
        f'target = "{case.get("target_seconds", ANY_TARGET_SECONDS)}s"\n'
        for case in CASES
    )
    return calendars + promises


@pytest.fixture(scope="module")
def flags(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    folder = tmp_path_factory.mktemp("cases")
    (folder / "policy.toml").write_text(policy_text(), encoding="utf-8")
    with (folder / "tickets.csv").open("w", newline="", encoding="utf-8") as file:
        tickets = csv.writer(file)
        tickets.writerow(["number", "opened_at", "resolved_at", "state", "category"])
        for number, case in enumerate(CASES):
            end = case.get("end")
            state = "resolved" if end else "in_progress"
            resolved = end.isoformat() if end else ""
            tickets.writerow([number, case["start"].isoformat(), resolved, state, case["id"]])
    with (folder / "ticket_events.csv").open("w", newline="", encoding="utf-8") as file:
        events = csv.writer(file)
        events.writerow(["number", "at", "field", "old", "new"])
        for number, case in enumerate(CASES):
            for at, old, new in holds(case):
                events.writerow([number, at.isoformat(), "state", old, new])
    flags = ["--warehouse", folder / "warehouse", "--policy", folder / "policy.toml"]
    load(
        folder / "warehouse",
        folder / "tickets.csv",
        folder / "ticket_events.csv",
        "--exported-at",
        "2026-01-15T00:00:00Z",
        *flags[2:],
    )
    return flags


def holds(case: dict[str, Any]) -> list[tuple[datetime, str, str]]:
    """The events of a ticket: on hold and back; overlapping holds as one, as a state can be."""
    events: list[tuple[datetime, str, str]] = []
    stretches: list[list[datetime]] = []
    for start, end in sorted(case.get("pauses", [])):
        if stretches and start <= stretches[-1][1]:
            stretches[-1][1] = max(end, stretches[-1][1])
        else:
            stretches.append([start, end])
    for start, end in stretches:
        events += [(start, "in_progress", "on_hold"), (end, "on_hold", "in_progress")]
    if events and case.get("end"):
        events.append((case["end"], "in_progress", "resolved"))
    return events


@pytest.fixture(scope="module")
def clocks(flags: list[object]) -> dict[str, dict[str, str]]:
    printed = meantime("clocks", "--format", "csv", *flags).out
    rows = [row for row in csv.DictReader(io.StringIO(printed)) if row["clock"] == "resolution"]
    assert len(rows) == len(CASES)
    return {row["sla"]: row for row in rows}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_reference_case(case: dict[str, Any], clocks: dict[str, dict[str, str]]) -> None:
    row = clocks[case["id"]]
    if "working_seconds" in case:
        assert int(row["elapsed_seconds"]) == case["working_seconds"]
    if "due" in case:
        assert row["due_at"] == utc(case["due"])
    if "met" in case:
        assert row["met"] == str(case["met"]).lower()
        assert row["state"] == ("met" if case["met"] else "breached")
        assert row["breached_at"] == ("" if case["met"] else utc(case["due"]))


def test_explanations_add_up(flags: list[object], clocks: dict[str, dict[str, str]]) -> None:
    for row in clocks.values():
        (told,) = meantime("explain", row["ticket_id"], "--format", "json", *flags).json
        assert told["counted_seconds"] == int(row["elapsed_seconds"])
        counted = [each for each in told["intervals"] if each["is_counted"]]
        assert sum(each["seconds"] for each in counted) == int(row["elapsed_seconds"])
        instants = [
            (datetime.fromisoformat(each["from_at"]), datetime.fromisoformat(each["to_at"]))
            for each in told["intervals"]
        ]
        assert all(
            to_at - from_at == timedelta(seconds=each["seconds"])
            for (from_at, to_at), each in zip(instants, told["intervals"], strict=True)
        )


def test_an_explanation_speaks_to_people(flags: list[object]) -> None:
    number = next(n for n, case in enumerate(CASES) if case["id"] == "hold-over-the-weekend")
    told = meantime("explain", number, *flags).out
    assert "hold-over-the-weekend, cycle 1" in told
    assert "outside hours" in told
    assert "hold" in told
    assert "counted 10,800 s (3 h) of 28,800 s (8 h)" in told


def test_another_policy_shows_both_and_the_verdicts_that_change(
    flags: list[object], tmp_path: Path
) -> None:
    shorter = tmp_path / "shorter.toml"
    shorter.write_text(policy_text().replace('target = "14400s"', 'target = "60s"'))
    arguments = ["--warehouse", flags[1], "--policy", shorter, "--against", "current"]
    told = json.loads(meantime("clocks", *arguments, "--format", "json").out)
    assert {row["current_sla"] for row in told["changes"]} == {"exactly-on-target"}
    figures = json.loads(meantime("kpi", "sla_compliance", *arguments, "--format", "json").out)
    assert figures["current"][0]["rows"][0]["value"] > figures["other"][0]["rows"][0]["value"]
    assert len(figures["changes"]) == len(told["changes"])
    assert "verdicts change" in meantime("clocks", *arguments).out


@pytest.mark.parametrize(
    ("resolved_at", "state"),
    [
        ("2025-06-02 13:00:30", "breached"),
        ("2025-06-02 13:00", "no_clock"),
        ("2025-06-02 13:01", "breached"),
        ("2025-06-03", "no_clock"),
        ("2025-06-09", "breached"),
    ],
)
def test_no_verdict_below_what_the_export_gives(
    tmp_path: Path, resolved_at: str, state: str
) -> None:
    """Four hours from 09:00 end at 13:00; "13:00" may be any second of that minute."""
    (tmp_path / "policy.toml").write_text(
        '[[sla]]\nname = "four hours"\nclock = "resolution"\ntarget = "4h"\ncalendar = "always"\n'
    )
    (tmp_path / "tickets.csv").write_text(
        f"number,opened_at,resolved_at,state\n1,2025-06-02 09:00:00,{resolved_at},resolved\n"
    )
    flags = ["--warehouse", tmp_path / "warehouse", "--policy", tmp_path / "policy.toml"]
    load(tmp_path / "warehouse", tmp_path / "tickets.csv", "--timezone", "UTC", *flags[2:])
    rows = csv.DictReader(io.StringIO(meantime("clocks", "--format", "csv", *flags).out))
    assert [row["state"] for row in rows if row["clock"] == "resolution"] == [state]
