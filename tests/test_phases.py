"""The phases of a ticket's life follow each other and add up to all of it, for every ticket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import pytest

from policies.model import Policy
from queries.bands import PHASES
from tests.chance_tickets import LAST, chance_tickets
from tests.conftest import Row, build_warehouse

HOUR = 3_600
COLUMNS = [f"{phase}_seconds" for phase in PHASES]


def phases_of(
    policy: Policy, ticket: Row, *events: tuple[str, str, str | None, str]
) -> Mapping[str, Any]:
    """The one row of phases of a ticket A with these events: at, field, old, new; in hours."""
    rows = [
        {"number": "A", "at": at, "field": field, "old": old, "new": new}
        for at, field, old, new in events
    ]
    base = {"number": "A", "kind": "incident", "state": "closed"}
    connection = build_warehouse(policy, [base | dict(ticket)], rows)
    found = read(connection)
    assert len(found) == 1
    return {
        name.removesuffix("_seconds"): None if value is None else value / HOUR
        for name, value in found[0].items()
        if name.endswith("_seconds")
    }


def read(connection: duckdb.DuckDBPyConnection) -> list[Mapping[str, Any]]:
    return list(connection.cursor().sql("select * from phases").pl().iter_rows(named=True))


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_phases_of_every_ticket_add_up(policy: Policy, seed: int) -> None:
    rows = chance_tickets(400, seed)
    connection = build_warehouse(policy, rows.tickets, rows.events, str(LAST))
    found = read(connection)
    finished = connection.sql("select count(*) from counted_tickets where is_finished").pl().item()
    assert len(found) == finished > 200
    for row in found:
        known = [row[name] for name in (*COLUMNS, "untold_seconds") if row[name] is not None]
        assert sum(known) == row["total_seconds"], row
        assert min(known) >= 0, row
    for name in COLUMNS:
        assert any(row[name] for row in found), name


def test_each_phase_ends_where_the_next_begins(policy: Policy) -> None:
    ticket = {
        "impact_started_at": "2026-10-01 05:00:00",
        "detected_at": "2026-10-01 06:00:00",
        "opened_at": "2026-10-01 08:00:00",
        "logged_at": "2026-10-01 08:30:00",
        "resolved_at": "2026-10-01 20:00:00",
        "closed_at": "2026-10-04 20:00:00",
    }
    found = phases_of(
        policy,
        ticket,
        ("2026-10-01 09:00:00", "assignee", None, "Ana"),
        ("2026-10-01 11:00:00", "resolver_group", "Service Desk", "Network"),
        ("2026-10-01 12:00:00", "resolver_group", "Network", "Apps"),
        ("2026-10-01 13:00:00", "state", "in_progress", "on_hold"),
        ("2026-10-01 16:00:00", "state", "on_hold", "in_progress"),
        ("2026-10-01 20:00:00", "state", "in_progress", "resolved"),
    )
    # 5 to 6 undetected, to 8:30 unwritten, to 9 with nobody, to 12 not yet with Apps, of whose
    # 8 hours 3 were on hold; closed 72 hours later
    assert found == {
        "detect": 1,
        "log": 2.5,
        "assign": 0.5,
        "diagnose": 3,
        "hold": 3,
        "resolve": 5,
        "close": 72,
        "untold": 0,
        "total": 87,
    }


def test_a_hold_counts_once_wherever_it_lies(policy: Policy) -> None:
    found = phases_of(
        policy,
        {"opened_at": "2026-10-01 08:00:00", "resolved_at": "2026-10-01 20:00:00"},
        ("2026-10-01 09:00:00", "state", "new", "on_hold"),
        ("2026-10-01 10:00:00", "assignee", None, "Ana"),
        ("2026-10-01 14:00:00", "resolver_group", "Service Desk", "Network"),
        ("2026-10-01 15:00:00", "state", "on_hold", "in_progress"),
        ("2026-10-01 20:00:00", "state", "in_progress", "resolved"),
    )
    # leaving New at 9 is the first sign that somebody has it; on hold from then to 15
    assert (found["assign"], found["diagnose"], found["hold"], found["resolve"]) == (1, 0, 6, 5)
    assert (found["detect"], found["log"], found["close"], found["total"]) == (None, None, None, 12)


def test_waiting_for_a_reopening_is_closing(policy: Policy) -> None:
    found = phases_of(
        policy,
        {
            "opened_at": "2026-10-01 08:00:00",
            "resolved_at": "2026-10-03 08:00:00",
            "closed_at": "2026-10-03 18:00:00",
        },
        ("2026-10-01 08:00:00", "assignee", None, "Ana"),
        ("2026-10-01 18:00:00", "state", "in_progress", "resolved"),
        ("2026-10-02 18:00:00", "state", "resolved", "in_progress"),
        ("2026-10-03 08:00:00", "state", "in_progress", "resolved"),
    )
    # 10 h + 14 h of work; 24 h until it came back + 10 h until it was closed
    assert (found["resolve"], found["close"], found["total"]) == (24, 34, 58)


def test_without_a_history_the_work_cannot_be_told_apart(policy: Policy) -> None:
    found = phases_of(
        policy,
        {
            "opened_at": "2026-10-01 08:00:00",
            "detected_at": "2026-10-01 07:00:00",
            "resolved_at": "2026-10-01 20:00:00",
        },
    )
    assert found["untold"] == 12
    assert found["log"] == 1
    for phase in ("detect", "assign", "diagnose", "hold", "resolve", "close"):
        assert found[phase] is None
    assert found["total"] == 13
