"""What a build tells whatever is asked of it is looked up once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

import queries.reasons
from pipelines.contract import TICKETS
from policies.read import read_policy
from queries.catalogue import read_metrics
from queries.known import Known
from queries.measure import measure
from queries.question import Question
from queries.selection import first_row
from tests.chance_tickets import LAST, chance_tickets
from tests.conftest import build_warehouse

METRICS = read_metrics()
POLICY = read_policy(Path(__file__).parent / "golden" / "policy.toml", TICKETS.names)


@pytest.fixture(scope="module")
def chance() -> duckdb.DuckDBPyConnection:
    found = chance_tickets(60, seed=11)
    return build_warehouse(POLICY, found.tickets, found.events, exported_at=f"{LAST}")


def test_what_is_kept_is_not_looked_up_again() -> None:
    known, looked = Known(), list[int]()

    def look() -> int:
        looked.append(1)
        return len(looked)

    assert [known.once("a", look), known.once("a", look), known.once("b", look)] == [1, 1, 2]


def test_why_there_is_no_figure_is_looked_for_once(
    chance: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Known()
    questions = [Question(date(2026, month, 1), date(2026, month + 1, 1)) for month in (3, 4)]
    absent = METRICS["sla_compliance"]  # this policy promises nothing
    reasons = [measure(chance, absent, each, POLICY, known).reason for each in questions]
    assert reasons[0] == reasons[1] in absent.needs.values()
    asked: list[str] = []

    def seen(cursor: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
        asked.append(sql)
        return first_row(cursor, sql)

    monkeypatch.setattr(queries.reasons, "first_row", seen)
    assert measure(chance, absent, questions[0], POLICY, known).reason == reasons[0]
    assert not asked
    assert measure(chance, absent, questions[0], POLICY).reason == reasons[0]
    assert asked


@pytest.mark.parametrize("values", [("Mail",), ("Mail", "nowhere"), ("nowhere",), ("(none)",)])
def test_a_filter_by_a_column_of_words_counts_what_a_filter_by_text_counts(
    chance: duckdb.DuckDBPyConnection, values: tuple[str, ...]
) -> None:
    question = Question(where={"service": values})
    found = measure(chance, METRICS["ticket_volume"], question, POLICY, Known())
    listed = ", ".join(f"'{value}'" for value in values)
    sql = f"""
select count(*)
from counted_tickets
where coalesce(cast(service as varchar), '(none)') in ({listed})"""
    assert found.rows["n"].to_list() == [chance.execute(sql).fetchall()[0][0]]
