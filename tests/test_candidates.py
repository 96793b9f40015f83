"""Problem candidates: by cost, by rhythm, their evidence, and what people decide about them."""

from __future__ import annotations

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from insights.build import build_insights
from insights.decisions import Decision, decide, decisions, standing
from insights.standing import (
    candidate,
    candidate_called,
    candidates,
    decide_on,
    openings,
    tickets_of,
)
from policies.model import Policy
from policies.refusal import Refused
from tests.command import load, meantime, refused
from tests.conftest import build_warehouse

DAYS = (0, 24, 47, 71, 95, 120, 144)
COLUMNS = (
    "number", "title", "service", "symptom", "category", "resolver_group", "resolution_code",
    "caller", "opened_at", "resolved_at", "problem_id",
)  # fmt: skip


def _tickets(*, with_texts: bool = True) -> list[dict[str, object]]:
    """Seven time-outs every 24 days, and thirty printers without a rhythm."""
    first = datetime(2026, 1, 7, 9)
    rows = []
    for day in DAYS:
        at = first + timedelta(days=day)
        rows.append(("Order database times out", "Orders", "Timeout", "Restart", at))
    dice = random.Random(5)
    for number in range(30):
        at = first + timedelta(hours=dice.randrange(160 * 24))
        rows.append((f"Printer {number} prints blank pages", "Printing", "Blank", "Cleaned", at))
    return [
        {
            "number": f"INC{number:04}",
            "title": title if with_texts else "",
            "service": service,
            "symptom": symptom,
            "category": service,
            "resolver_group": ("Desk", "Servers")[number % 2],
            "resolution_code": code,
            "caller": f"caller {number % 5}",
            "opened_at": at.isoformat(sep=" "),
            "resolved_at": (at + timedelta(hours=2)).isoformat(sep=" "),
        }
        for number, (title, service, symptom, code, at) in enumerate(rows)
    ]


@pytest.mark.parametrize("with_texts", [True, False])
def test_what_keeps_coming_back_is_listed(policy: Policy, tmp_path: Path, with_texts: bool) -> None:
    connection = build_warehouse(policy, _tickets(with_texts=with_texts))
    build_insights(connection, policy)
    rows = candidates(connection, tmp_path, policy)
    assert rows["tickets"].to_list() == [30, 7]
    assert rows["basis"].unique().to_list() == ["text" if with_texts else "key"]
    assert rows["running_share"].to_list()[-1] == pytest.approx(1)
    row = rows.row(1, named=True)
    # two hours each of the four that fell on working days
    assert row["working_hours"] == pytest.approx(8)
    assert row["callers"] == 5
    assert row["resolutions"] == "Restart 7 of 7"
    assert row["resolver_groups"] == "Desk 4, Servers 3"
    assert row["problem_state"] == "none"
    rhythmic = candidates(connection, tmp_path, policy, "rhythm").row(0, named=True)
    assert rhythmic["candidate_id"] == row["candidate_id"]
    assert 23 <= rhythmic["period_days"] <= 25
    # months of tickets followed, none of them a time-out
    assert rhythmic["ended_at"] == row["last_at"]
    assert rhythmic["next_from_at"] is None


@pytest.mark.parametrize(
    ("resolved_at", "is_known_error", "state"),
    [
        (None, False, "open problem"),
        (None, True, "known error"),
        ("2026-03-01", False, "recurred after the fix"),
        ("2026-06-15", False, "fixed"),
    ],
)
def test_the_state_of_a_candidate_follows_its_problem(
    policy: Policy, tmp_path: Path, resolved_at: str | None, is_known_error: bool, state: str
) -> None:
    tickets = _tickets()
    tickets[2]["problem_id"] = "generic:PRB1"
    connection = build_warehouse(policy, tickets)
    connection.execute(
        "insert into problems (problem_id, number, title, opened_at, resolved_at, is_known_error) "
        "values ('generic:PRB1', 'PRB1', 'Database of orders times out', '2026-02-20', ?, ?)",
        [resolved_at, is_known_error],
    )
    build_insights(connection, policy)
    row = candidates(connection, tmp_path, policy).row(1, named=True)
    assert row["problem_state"] == state
    assert row["problems"] == "PRB1"
    assert row["similar_problem"] == "PRB1"
    assert row["share_with_problem"] == pytest.approx(1 / 7)


def test_decisions_are_applied(policy: Policy, tmp_path: Path) -> None:
    connection = build_warehouse(policy, _tickets())
    build_insights(connection, policy)
    printers, timeouts = candidates(connection, tmp_path, policy)["candidate_id"].to_list()
    decide(tmp_path, "ana", timeouts, "name", "Time-outs of the order database")
    assert candidate(connection, tmp_path, policy, timeouts)["name"] == (
        "Time-outs of the order database"
    )
    decide(tmp_path, "ana", printers, "dismiss", "a known batch of toner")
    assert candidates(connection, tmp_path, policy)["candidate_id"].to_list() == [timeouts]
    decide(tmp_path, "ben", printers, "restore")
    name = candidate(connection, tmp_path, policy, printers)["name"]
    assert candidate_called(connection, tmp_path, policy, f" {name} ".upper()) == printers
    with pytest.raises(Refused, match="no candidate nothing"):
        candidate_called(connection, tmp_path, policy, "nothing")
    decide(tmp_path, "ben", timeouts, "merge", printers)
    with pytest.raises(Refused, match=f"part of candidate {printers} now"):
        candidate(connection, tmp_path, policy, timeouts)
    (merged,) = candidates(connection, tmp_path, policy).iter_rows(named=True)
    assert (merged["candidate_id"], merged["tickets"]) == (printers, 37)
    decide(tmp_path, "ben", printers, "split", "resolution_code")
    parts = candidates(connection, tmp_path, policy)
    assert dict(parts.select("candidate_id", "tickets").iter_rows()) == {
        f"{printers}/Cleaned": 30,
        f"{printers}/Restart": 7,
    }
    assert tickets_of(connection, tmp_path, f"{printers}/Restart").height == 7
    assert [made.who for made in decisions(tmp_path)] == ["ana", "ana", "ben", "ben", "ben"]


def test_a_number_that_no_export_tells_of_is_an_open_problem(
    policy: Policy, tmp_path: Path
) -> None:
    connection = build_warehouse(policy, _tickets())
    build_insights(connection, policy)
    (before,) = candidates(connection, tmp_path, policy, "rhythm").iter_rows(named=True)
    decide(tmp_path, "ana", before["candidate_id"], "link", "PRB77")
    (after,) = candidates(connection, tmp_path, policy, "rhythm").iter_rows(named=True)
    assert (after["problem_state"], after["problems"]) == ("open problem", "PRB77")
    assert after["share_with_problem"] == 0
    # what is known of its rhythm is what it was
    assert after | {"problem_state": "none", "problems": None} == before


def test_a_problem_that_is_a_ticket_tells_the_state(policy: Policy, tmp_path: Path) -> None:
    tickets = _tickets()
    for ticket in tickets:
        ticket["kind"] = "incident"
    tickets[2]["problem_id"] = "generic:P9"
    problem = {"number": "P9", "kind": "problem", "opened_at": "2026-02-20"}
    connection = build_warehouse(policy, [*tickets, problem | {"resolved_at": "2026-06-15"}])
    build_insights(connection, policy)
    row = candidates(connection, tmp_path, policy).row(1, named=True)
    assert (row["problem_state"], row["problems"]) == ("fixed", "P9")


def test_a_split_is_taken_back(policy: Policy, tmp_path: Path) -> None:
    connection = build_warehouse(policy, _tickets())
    build_insights(connection, policy)
    before = candidates(connection, tmp_path, policy)
    name = before["candidate_id"][0]
    for value in ("resolver_group", ""):
        decide_on(connection, tmp_path, policy, (name, "split", value), "ana")
    assert candidates(connection, tmp_path, policy).equals(before)
    with pytest.raises(Refused, match="There is no candidate c0"):
        decide_on(connection, tmp_path, policy, ("c0", "split", ""), "ana")


def test_a_decision_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="one candidate already"):
        decide(tmp_path, "ana", "c1", "merge", "c1")
    with pytest.raises(Refused, match="merge c1, or split it"):
        decide(tmp_path, "ana", "c1/Restart", "merge", "c2")
    with pytest.raises(Refused, match="split by service"):
        decide(tmp_path, "ana", "c1", "split", "colour")
    with pytest.raises(Refused, match="Say who decides"):
        decide(tmp_path, " ", "c1", "dismiss", "noise")
    assert decisions(tmp_path) == []


def test_merges_follow_one_another() -> None:
    now = standing([Decision("", "ana", "a", "merge", "b"), Decision("", "ana", "b", "merge", "c")])
    assert now.whole("a") == now.whole("b") == "c"


def test_a_long_strip_has_a_mark_a_day_and_a_longer_one_a_mark_a_week(
    policy: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = build_warehouse(policy, _tickets())
    build_insights(connection, policy)
    names = candidates(connection, tmp_path, policy)["candidate_id"].to_list()
    single = openings(connection, tmp_path, names)
    assert single["tickets"].to_list() == [1] * 37
    printers = single.filter(pl.col("candidate_id") == names[0])["opened_at"]
    # 30 printers are many, 7 time-outs are not
    for limit, marks in (
        ("MOST_MARKS", printers.dt.date()),
        ("MOST_DAYS", printers.dt.truncate("1w")),
    ):
        monkeypatch.setattr(f"insights.standing.{limit}", 10)
        found = openings(connection, tmp_path, names)
        sizes = found.group_by("candidate_id").agg(pl.col("tickets").sum(), marks=pl.len())
        assert dict(sizes.select("tickets", "marks").iter_rows()) == {7: 7, 30: marks.n_unique()}
        assert found["opened_at"].to_list() == sorted(found["opened_at"])
        assert set(found["number"]) < set(single["number"])


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recurring")
    with (folder / "tickets.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(_tickets())
    load(folder / "wh", folder / "tickets.csv", "--timezone", "UTC")
    return folder / "wh"


def test_the_terminal_lists_and_decides(warehouse: Path) -> None:
    rows = meantime("candidates", "--format", "json", "--warehouse", warehouse).json
    assert [row["tickets"] for row in rows] == [30, 7]
    name = rows[1]["candidate_id"]
    (row,) = meantime(
        "candidates", "--by-rhythm", "--format", "json", "--warehouse", warehouse
    ).json
    assert row["candidate_id"] == name
    assert row["rhythm"].startswith("every 24")
    tickets = meantime("candidates", name, "--format", "csv", "--warehouse", warehouse).out
    assert len(tickets.splitlines()) == 8
    said = meantime(
        "candidates", name, "--problem", "PRB7", "--who", "ana", "--warehouse", warehouse
    )
    assert said.status == 0
    assert "ana: link" in said.out
    assert "Order database" in meantime("candidates", "--warehouse", warehouse).out


def test_decisions_survive_a_rebuild(warehouse: Path) -> None:
    rows = meantime("candidates", "--format", "json", "--warehouse", warehouse).json
    name = rows[0]["candidate_id"]
    meantime("candidates", name, "--name", "Blank pages", "--warehouse", warehouse)
    assert meantime("rebuild", "--warehouse", warehouse).status == 0
    rows = meantime("candidates", "--format", "json", "--warehouse", warehouse).json
    assert (rows[0]["candidate_id"], rows[0]["name"]) == (name, "Blank pages")


def test_the_terminal_refuses_what_is_not_there(warehouse: Path) -> None:
    assert "no candidate c000" in refused("candidates", "c000", "--warehouse", warehouse)
    assert "one decision" in refused("candidates", "--name", "x", "--warehouse", warehouse)
