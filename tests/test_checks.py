"""What is doubtful about the data is counted, opens into tickets, and bounds the figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipelines.contract import TICKETS
from pipelines.warehouse import Warehouse
from policies.read import read_policy
from queries.bounds import bounds_of
from queries.catalogue import read_metrics
from queries.checking import evidence_of, findings_of, read_checks
from queries.session import open_build
from tests.command import load, meantime, refused
from tests.test_dashboard_pages import said, visit

POLICY = """
timezone = "UTC"
[[sla]]
name = "P1"
clock = "resolution"
where = { priority = "P1" }
target = "2h"
calendar = "always"
[checks]
closed_without_resolved = 0.5
empty_priority = 0
"""
# A was resolved after 1 h (met), B after 3 h (missed), C was closed after 5 h without a resolution
# (missed), D has no priority and took 2 h, E was resolved an hour before it was opened.
HEADER = "number,opened_at,resolved_at,closed_at,state,priority,category,resolver_group,service"
TICKETS_FILE = f"""{HEADER}
A,2026-01-05T09:00:00Z,2026-01-05T10:00:00Z,2026-01-06T09:00:00Z,closed,P1,x,g,s
B,2026-01-05T09:00:00Z,2026-01-05T12:00:00Z,2026-01-06T09:00:00Z,closed,P1,x,g,s
C,2026-01-05T09:00:00Z,,2026-01-05T14:00:00Z,closed,P1,x,g,s
D,2026-01-05T09:00:00Z,2026-01-05T11:00:00Z,2026-01-06T09:00:00Z,closed,,x,g,s
E,2026-01-05T09:00:00Z,2026-01-05T08:00:00Z,2026-01-06T09:00:00Z,closed,P2,x,g,s
F,not a date,,,new,P1,x,g,s
"""
HOUR = 3600.0


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy.toml"
    path.write_text(POLICY, encoding="utf-8")
    return path


@pytest.fixture
def warehouse(tmp_path: Path, policy: Path) -> Path:
    path = tmp_path / "tickets.csv"
    path.write_text(TICKETS_FILE, encoding="utf-8")
    load(tmp_path / "warehouse", path, "--policy", policy)
    return tmp_path / "warehouse"


def checks(warehouse: Path, policy: Path, status: int) -> dict[str, Any]:
    result = meantime("check", "--warehouse", warehouse, "--policy", policy, "--format", "json")
    assert result.status == status, result.err
    return {row["check"]: row for row in result.json}


def figure(row: Any, metric: str) -> tuple[Any, ...]:
    (found,) = [each for each in row["figures"] if each["metric"] == metric]
    return tuple(found[name] for name in ("value", "without", "lowest", "highest"))


def test_findings_are_counted_with_the_bounds_of_the_figures(warehouse: Path, policy: Path) -> None:
    found = checks(warehouse, policy, 1)
    closed = found["closed_without_resolved"]
    assert (closed["count"], closed["share"], closed["over"]) == (1, 1 / 5, False)
    # used are A, B and D: (1 + 3 + 2) / 3 h; with C between 0 and 5 h: 6 / 4 to 11 / 4
    assert figure(closed, "mttr") == (2 * HOUR, 2 * HOUR, 1.5 * HOUR, 2.75 * HOUR)
    # A kept, B and C missed; without C one of two; C may have been in time: two of three
    assert figure(closed, "sla_compliance") == pytest.approx((1 / 3, 1 / 2, 1 / 3, 2 / 3))
    empty = found["empty_priority"]
    assert (empty["count"], empty["limit"], empty["over"]) == (1, 0, True)
    # one promise more beside the three: one of four, or two of four
    assert figure(empty, "sla_compliance") == pytest.approx((1 / 3, 1 / 3, 1 / 4, 1 / 2))
    early = found["resolved_before_opened"]
    # E took nothing, or the hour that lies between: 6 / 4 to 7 / 4
    assert figure(early, "mttr") == (2 * HOUR, 2 * HOUR, 1.5 * HOUR, 2 * HOUR)
    rejected = found["rejected_rows"]
    assert (rejected["count"], rejected["share"]) == (1, 1 / 6)
    assert figure(rejected, "ticket_volume") == (5, 5, 5, 6)
    assert figure(rejected, "mttr")[2:] == (None, None)


def test_levels_and_ratios_have_bounds_too(tmp_path: Path) -> None:
    """Four days of a service. A: one hour down; B: one hour, overlapped by C to 14:00; D, without
    a priority, two hours on the third day; X is of no state that anybody knows, and open."""
    lines = (
        "A,2026-01-05T00:00:00Z,2026-01-05T01:00:00Z,,resolved,P1",
        "B,2026-01-06T09:00:00Z,2026-01-06T10:00:00Z,,resolved,P1",
        "C,2026-01-06T09:30:00Z,,2026-01-06T14:00:00Z,closed,P1",
        "D,2026-01-07T09:00:00Z,2026-01-07T11:00:00Z,,resolved,",
        "X,2026-01-08T09:00:00Z,,,Mislaid,P4",
        "Y,2026-01-08T09:00:00Z,2026-01-09T00:00:00Z,,Mislaid,P4",
        "Z,2026-01-08T09:00:00Z,,,in_progress,P4",
        "F,not a date,,,new,P1",
    )
    text = "\n".join((HEADER, *(f"{line},x,g,s" for line in lines)))
    (tmp_path / "tickets.csv").write_text(text + "\n", encoding="utf-8")
    load(tmp_path / "w", tmp_path / "tickets.csv")
    rules = read_policy(None, TICKETS.names)
    connection = open_build(Warehouse(tmp_path / "w").current_path(), rules)
    known, metrics = read_checks(), read_metrics()

    def bounds(check: str, metric: str) -> tuple[Any, ...]:
        found = bounds_of(connection, known[check], metrics, rules)
        (each,) = [each for each in found if each.metric.name == metric]
        return each.touched, each.value, each.excluded, each.lowest, each.highest

    # two outages in 96 h: one of 1 h, one of 5 h; without C the second is one hour
    standing = (96 - 6) / 2 * HOUR
    without = (96 - 2) / 2 * HOUR
    assert bounds("closed_without_resolved", "mtbf") == (1, standing, without, standing, without)
    # D too may have been a failure, of two hours
    with_d = (96 - 8) / 3 * HOUR
    assert bounds("empty_priority", "mtbf") == (1, standing, standing, with_d, standing)
    # open are X and Z; of X and Y none or both may be
    assert bounds("unmapped_states", "backlog") == (1, 2, 1, 1, 3)
    assert bounds("rejected_rows", "backlog") == (1, 2, 2, 2, 3)
    assert bounds("rejected_rows", "mtbf")[3:] == (None, None)


def test_a_policy_that_lets_it_pass_gives_status_0(warehouse: Path, policy: Path) -> None:
    policy.write_text(POLICY.replace("empty_priority = 0", "empty_priority = 1"), encoding="utf-8")
    assert not any(row["over"] for row in checks(warehouse, policy, 0).values())


def test_every_count_opens_into_its_tickets(warehouse: Path, policy: Path) -> None:
    rules = read_policy(policy, TICKETS.names)
    connection = open_build(Warehouse(warehouse).current_path(), rules)
    known = read_checks()
    for found in findings_of(connection, known, rules):
        assert evidence_of(connection, found.check).height == found.count
    rows = evidence_of(connection, known["empty_priority"])
    assert rows["number"].to_list() == ["D"]


def test_a_figure_as_it_stands_lies_within_its_bounds(warehouse: Path, policy: Path) -> None:
    rules = read_policy(policy, TICKETS.names)
    connection = open_build(Warehouse(warehouse).current_path(), rules)
    metrics = read_metrics()
    for check in read_checks().values():
        assert set(check.affects) <= set(metrics)
        for bound in bounds_of(connection, check, metrics, rules):
            if bound.lowest is not None and bound.highest is not None and bound.value is not None:
                assert bound.lowest <= bound.value <= bound.highest


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("empty_prioriti = 0", "checks.empty_prioriti is no check; did you mean 'empty_priority'?"),
        ("empty_priority = 1.5", "checks.empty_priority is 1.5; a share is at most 1.0"),
        ("empty_priority = -1", "checks.empty_priority is -1; write a share like 0.05"),
    ],
)
def test_a_faulty_limit_is_refused(warehouse: Path, policy: Path, written: str, said: str) -> None:
    policy.write_text(POLICY.replace("empty_priority = 0", written), encoding="utf-8")
    assert said in refused("check", "--warehouse", warehouse, "--policy", policy)


def found_in(tmp_path: Path, lines: list[str], header: str) -> dict[str, int]:
    path = tmp_path / "file.csv"
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    load(tmp_path / "other", path)
    result = meantime("check", "--warehouse", tmp_path / "other", "--format", "json")
    return {row["check"]: row["count"] for row in result.json}


def test_one_priority_and_a_log_selected_by_closing_are_seen(tmp_path: Path) -> None:
    # 60 tickets, all P3 but one, none open; five were opened before March, when closing begins
    lines = [
        f"{n},2026-0{1 if n < 5 else 3}-{n % 27 + 1:02}T09:00:00Z,"
        f"2026-0{3 if n < 5 else 4}-{n % 27 + 1:02}T10:00:00Z,closed,{'P1' if n == 7 else 'P3'}"
        for n in range(60)
    ]
    found = found_in(tmp_path, lines, "number,opened_at,resolved_at,state,priority")
    assert found["default_priority"] == 59
    # the first closing is on 1 March, 10:00: the five of January, and 27 and 54 an hour before it
    assert found["selected_by_closing"] == 7


def test_a_log_with_open_tickets_is_not_called_selected(tmp_path: Path) -> None:
    lines = [f"{n},2026-01-{n % 27 + 1:02}T09:00:00Z,,new,P3" for n in range(3)]
    lines += [
        f"{n},2026-01-{n % 27 + 1:02}T09:00:00Z,2026-03-{n % 27 + 1:02}T10:00:00Z,closed,P3"
        for n in range(3, 60)
    ]
    assert not found_in(tmp_path, lines, "number,opened_at,resolved_at,state,priority")[
        "selected_by_closing"
    ]


def test_requests_late_records_and_unmapped_states_are_seen(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        [
            "1,2026-01-05T09:00:00Z,2026-01-08T09:00:00Z,Password reset for portal,parked",
            "2,2026-01-05T09:00:00Z,2026-01-05T09:05:00Z,Request for a new laptop,new",
            "4,2026-01-05T09:00:00Z,2026-01-05T09:05:00Z,Absence request cannot be approved,new",
            "3,2026-01-05T09:00:00Z,2026-01-05T09:05:00Z,Mail is down,new",
        ],
        "number,opened_at,logged_at,title,state",
    )
    assert found["requests_as_incidents"] == 2
    assert found["logged_late"] == 1
    assert found["unmapped_states"] == 1


# Titles that ask and titles that say that what they ask about fails, in the languages of the rule.
ASKS = (
    "Access to SharePoint for a new joiner",
    "Demande d'accès à la comptabilité",
    "Demande de déblocage de compte",
    "Solicitud de desbloqueo de usuario",
    "Solicitação de acesso no sistema",
    "Zugriff auf Laufwerk für neue Kollegin",
)
FAILS = (
    "Problems with access to the portal",
    "Access to the share lost",
    "Permission denied on a folder",
    "Problème d'accès au logiciel",
    "Plus d'accès à la messagerie",
    "Accès à la base bloqué",
    "Problema de permisos en la carpeta",
    "No tengo acceso, solicito revisión",
    "Acesso negado - requisição",
    "Solicitação: sem acesso às pastas",
    "Zugriffsproblem - Anfrage",
    "Zugriff auf Postfach verweigert",
)


def test_a_title_that_says_that_access_is_a_problem_asks_for_nothing(tmp_path: Path) -> None:
    lines = [f'{n},2026-01-05T09:00:00Z,"{title}"' for n, title in enumerate((*ASKS, *FAILS))]
    found = found_in(tmp_path, lines, "number,opened_at,title")
    assert found["requests_as_incidents"] == len(ASKS)


def test_a_history_that_begins_late_is_seen(tmp_path: Path) -> None:
    tickets, events = tmp_path / "tickets.csv", tmp_path / "events.csv"
    tickets.write_text(
        "number,opened_at,state\n1,2026-01-05T09:00:00Z,on_hold\n2,2026-01-05T09:00:00Z,on_hold\n",
        encoding="utf-8",
    )
    events.write_text(
        "number,at,field,old,new\n1,2026-02-05T09:00:00Z,state,in_progress,on_hold\n"
        "2,2026-01-05T09:00:00Z,state,,new\n2,2026-02-05T09:00:00Z,state,new,on_hold\n",
        encoding="utf-8",
    )
    load(tmp_path / "other", tickets, events)
    result = meantime("check", "--warehouse", tmp_path / "other", "--format", "json")
    assert {row["check"]: row["count"] for row in result.json}["late_histories"] == 1


def test_the_data_page_opens_a_doubt_into_its_figures_and_tickets(
    monkeypatch: pytest.MonkeyPatch, warehouse: Path, policy: Path
) -> None:
    monkeypatch.setenv("MEANTIME_POLICY", str(policy))
    app = visit(monkeypatch, warehouse, "data")
    assert "4 of 13 checks found something, 1 more than the policy lets pass" in said(app)
    table = next(each.value for each in app.dataframe if "verdict" in each.value.columns)
    assert table["check"][0] == "Incidents without a priority"
    app.query_params["doubt"] = "empty_priority"
    app.run()
    assert not app.exception
    figures = next(each.value for each in app.dataframe if "tried" in each.value.columns)
    # the policy declares no service, so nobody knows an availability
    assert list(figures["lowest"]) == ["25.0\u202f%", "19 h", "–"]
    listed = [each.value for each in app.dataframe if "detail" in each.value.columns]
    assert list(listed[0]["number"]) == ["D"]
