"""Metrics of the same rows are asked together, and tell what each of them tells alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from polars.testing import assert_frame_equal

from pipelines.contract import TICKETS
from policies.model import Policy
from policies.read import read_policy
from policies.refusal import Refused
from queries.catalogue import Metric, read_metric, read_metrics
from queries.cohorts import cohorts_of
from queries.measure import measure, measure_cohort
from queries.question import Question
from tests.chance_tickets import LAST, chance_tickets
from tests.conftest import build_warehouse

METRICS = read_metrics()
FINISHED = {"mttr", "reopen_rate", "documented_resolutions", "tool_sla_compliance"}
QUESTIONS = {
    "by month": Question(date(2026, 3, 1), date(2026, 7, 1), ("month",)),
    "a filtered month": Question(date(2026, 5, 1), date(2026, 6, 1), (), {"priority": ("P2",)}),
    "by month and service": Question(by=("month", "service"), where={"service": ("Mail", "Web")}),
    "medians": Question(by=("month",), aggregate="median"),
    "no ticket": Question(where={"service": ("nowhere",)}),
}
HEADER = """/*
label = "Own"
title = "Own figure"
unit = "count"
aggregate = "count"
better = "lower"
explanation = "Own."
*/
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return read_policy(Path(__file__).parent / "golden" / "policy.toml", TICKETS.names)


@pytest.fixture(scope="module")
def chance(policy: Policy) -> duckdb.DuckDBPyConnection:
    found = chance_tickets(300, seed=7)
    return build_warehouse(policy, found.tickets, found.events, exported_at=f"{LAST}")


@pytest.mark.parametrize("named", QUESTIONS)
def test_together_they_tell_what_each_tells_alone(
    chance: duckdb.DuckDBPyConnection, policy: Policy, named: str
) -> None:
    question = QUESTIONS[named]
    durations = {name for name, each in METRICS.items() if each.unit == "duration"}
    asked = [METRICS[name] for name in METRICS if named != "medians" or name in durations]
    for cohort in cohorts_of(each for each in asked if not each.dimensions):
        together = measure_cohort(chance, cohort, question, policy)
        assert [answer.metric for answer in together] == list(cohort.metrics)
        for answer in together:
            alone = measure(chance, answer.metric, question, policy)
            assert_frame_equal(answer.rows, alone.rows, rel_tol=1e-12)
            assert (answer.reason, answer.definition) == (alone.reason, alone.definition)


def test_every_metric_is_asked_once() -> None:
    named = [metric.name for cohort in cohorts_of(METRICS.values()) for metric in cohort.metrics]
    assert sorted(named) == sorted(METRICS)


def test_what_counts_the_same_incidents_is_one_cohort() -> None:
    found = {
        frozenset(each.name for each in cohort.metrics) for cohort in cohorts_of(METRICS.values())
    }
    assert any(found_together >= FINISHED for found_together in found)
    assert frozenset({"backlog", "backlog_age"}) in found
    assert frozenset({"sla_overdue_share"}) in found


def own(tmp_path: Path, name: str, sql: str) -> Metric:
    path = tmp_path / f"{name}.sql"
    path.write_text(HEADER + sql, encoding="utf-8")
    return read_metric(path)


@pytest.mark.parametrize(
    "sql",
    [
        "select\n    *,\n    opened_at as counted_at,\n    true as value\nfrom counted_tickets\n"
        "union all\nselect\n    *,\n    closed_at,\n    true\nfrom counted_tickets",
        "select\n    *,\n    opened_at as counted_at,\n    1 as value\nfrom tickets\nlimit 3",
        "select ticket_id, opened_at as counted_at, true as value from counted_tickets",
    ],
)
def test_a_metric_written_otherwise_is_asked_alone(tmp_path: Path, sql: str) -> None:
    (alone, together) = cohorts_of([own(tmp_path, "own", sql), METRICS["ticket_volume"]])
    assert [each.name for each in alone.metrics] == ["own"]
    assert [each.name for each in together.metrics] == ["ticket_volume"]


def test_an_own_metric_joins_the_others(
    tmp_path: Path, chance: duckdb.DuckDBPyConnection, policy: Policy
) -> None:
    sql = (
        "select\n    *,\n    opened_at as counted_at,\n    -- a remark\n"
        "    priority = 'P1' as urgent,\n    urgent and is_open as value\nfrom counted_tickets"
    )
    (cohort,) = cohorts_of([METRICS["ticket_volume"], own(tmp_path, "own", sql)])
    for answer in measure_cohort(chance, cohort, Question(by=("month",)), policy):
        assert_frame_equal(
            answer.rows, measure(chance, answer.metric, answer.question, policy).rows
        )


def test_a_column_that_one_of_them_adds_is_no_column_of_the_others(
    chance: duckdb.DuckDBPyConnection, policy: Policy
) -> None:
    (cohort,) = cohorts_of([METRICS["mttr"], METRICS["reopen_rate"]])
    with pytest.raises(Refused, match="resolve_band"):
        measure_cohort(chance, cohort, Question(by=("resolve_band",)), policy)
