"""Around the clocks: reconciliation with the tool, what-if, explanations, precision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.contract import TICKETS
from pipelines.warehouse import Warehouse
from policies.read import read_policy
from policies.refusal import Refused
from queries.explain import as_rows, explain
from queries.model.build import build_model
from queries.service_levels import CLOCK_COLUMNS, against_current, clocks, reconcile
from queries.session import open_build
from tests.conftest import empty_warehouse
from tests.sla_files import OFFICE, Promise, clocks_of, instant

POLICY = OFFICE + '[calendars.office.dates]\n"2025-06-03" = []\n' + str(Promise())
TICKETS_ROWS = [
    {
        "number": "kept",
        "opened_at": "2025-06-02T07:00:00Z",
        "resolved_at": "2025-06-02T10:00:00Z",
        "tool_sla_met": "true",
        "tool_due_at": "2025-06-02T12:00:00Z",
    },
    {
        "number": "late",
        "opened_at": "2025-06-02T07:00:00Z",
        "resolved_at": "2025-06-04T08:00:00Z",
        "tool_sla_met": "true",
    },
    {"number": "silent", "opened_at": "2025-06-02T07:00:00Z"},
]
EVENTS = [
    {"number": "late", "at": "2025-06-02T08:00:00Z", "field": "state", "new": "on_hold"},
    {"number": "late", "at": "2025-06-02T09:00:00Z", "field": "state", "new": "in_progress"},
    {"number": "late", "at": "2025-06-04T08:00:00Z", "field": "state", "new": "resolved"},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("levels")
    clocks_of(folder, POLICY, TICKETS_ROWS, EVENTS, "2025-06-10T00:00:00Z")
    return folder


@pytest.fixture
def connection(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    policy = read_policy(folder / "policy.toml", TICKETS.names)
    with open_build(Warehouse(folder / "warehouse").current_path(), policy) as connection:
        yield connection


def test_clocks_are_printed_in_the_columns_of_the_contract(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    frame = clocks(connection)
    assert tuple(frame.columns) == CLOCK_COLUMNS
    assert frame["number"].to_list() == ["kept", "late", "silent"]


def test_rule_22_both_verdicts_are_kept(connection: duckdb.DuckDBPyConnection) -> None:
    found = reconcile(connection)
    assert (found.compared, found.agreement) == (2, 0.5)
    late, kept = found.tickets.to_dicts()
    assert (late["number"], late["agrees"], late["computed_met"]) == ("late", False, False)
    # 8 h on Monday and 1 h on Wednesday, less 1 h on hold: 8 h of 4 h
    assert late["explanation"].startswith("over by 14400 s on calendar office with 3600 s on hold")
    assert (kept["number"], kept["due_difference_seconds"]) == ("kept", -3600)


def test_explain_adds_up_and_names_every_rule(
    folder: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    policy = read_policy(folder / "policy.toml", TICKETS.names)
    (late,) = explain(connection, policy, "late")
    assert [(i.seconds // 3600, i.is_counted, i.rule) for i in late.intervals] == [
        (1, True, "counted"),
        (1, False, "hold: on_hold"),
        (6, True, "counted"),
        (7, False, "outside hours"),
        (24, False, "dated exception"),
        (9, False, "outside hours"),
        (1, True, "counted"),
    ]
    assert late.counted_seconds == late.clock["elapsed_seconds"]
    assert as_rows([late])["seconds"].sum() == 49 * 3600


def test_explain_refuses_an_unknown_ticket(
    folder: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    with pytest.raises(Refused, match="no ticket 'nobody'"):
        explain(connection, read_policy(folder / "policy.toml", TICKETS.names), "nobody")


def test_what_if_names_the_tickets_whose_verdict_changes(folder: Path) -> None:
    (folder / "other.toml").write_text(POLICY.replace('"4h"', '"2h"'))
    other = read_policy(folder / "other.toml", TICKETS.names)
    build = Warehouse(folder / "warehouse").current_path()
    before = build.read_bytes()
    with open_build(build, other) as connection:
        found = against_current(connection)
    assert found.changes.select("number", "current_state", "other_state").rows() == [
        ("kept", "met", "breached")
    ]
    assert found.states.rows() == [("resolution", "breached", 2, 3), ("resolution", "met", 1, 0)]
    assert build.read_bytes() == before


def test_what_if_under_the_same_policy_changes_nothing(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    assert against_current(connection).changes.is_empty()


@pytest.mark.parametrize(
    ("resolved_at", "state"), [("10:58", "met"), ("11:00", "no_clock"), ("11:01", "breached")]
)
def test_rule_19_no_verdict_below_the_precision_of_the_export(
    resolved_at: str, state: str, tmp_path: Path
) -> None:
    (tmp_path / "policy.toml").write_text(OFFICE + str(Promise()))
    with empty_warehouse() as connection:
        columns = connection.execute("describe tickets").fetchall()
        if "precision_seconds" not in {row[0] for row in columns}:
            connection.execute("alter table tickets add column precision_seconds bigint")
        connection.execute(
            "insert into tickets (ticket_id, number, source, opened_at, resolved_at, "
            "exported_at, precision_seconds) values ('t', 't', 's', $opened, $resolved, $now, 60)",
            {
                "opened": instant("2025-06-02T07:00"),
                "resolved": instant(f"2025-06-02T{resolved_at}"),
                "now": instant("2025-07-01"),
            },
        )
        build_model(connection, read_policy(tmp_path / "policy.toml", TICKETS.names))
        found = connection.execute("select state, reason from clocks").fetchone()
    assert found is not None
    assert found[0] == state
    assert ("precision" in found[1]) == (state == "no_clock")
