"""What one scan tells of several questions is what each of them is told alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest
from polars.testing import assert_frame_equal

from pipelines.contract import TICKETS
from policies.read import read_policy
from queries.catalogue import read_metrics
from queries.cohorts import Cohort, cohorts_of
from queries.measure import measure, measure_shared
from queries.question import Question
from queries.rollups import shared
from tests.chance_tickets import LAST, chance_tickets
from tests.conftest import build_warehouse

METRICS = read_metrics()
POLICY = read_policy(Path(__file__).parents[1] / "sample_data" / "policy.toml", TICKETS.names)
YEAR = (date(2026, 1, 1), date(2026, 6, 1))
MONTH = (date(2026, 3, 1), date(2026, 4, 1))
ASKED = (
    Question(*MONTH, ("resolver_group",)),
    Question(*YEAR, ("month",)),
    Question(*MONTH, ("priority",)),
    Question(*YEAR, ("month", "resolver_group")),
)
ADDED_UP = ("sla_compliance", "tickets_finished", "backlog", "sla_overdue_open", "reopen_rate")
ALONE = ("mttr", "backlog_age")


@pytest.fixture(scope="module")
def chance() -> duckdb.DuckDBPyConnection:
    found = chance_tickets(200, seed=5)
    return build_warehouse(POLICY, found.tickets, found.events, exported_at=f"{LAST}")


def cohort(*names: str) -> Cohort:
    (found,) = cohorts_of(METRICS[name] for name in names)
    return found


@pytest.mark.parametrize(
    "names", [*((name,) for name in ADDED_UP), ("ticket_volume", "out_of_hours_share")]
)
def test_questions_are_answered_together_as_they_are_alone(
    chance: duckdb.DuckDBPyConnection, names: Sequence[str]
) -> None:
    (together,) = shared(cohort(*names), ASKED, POLICY.timezone)
    told = measure_shared(chance, cohort(*names), together, POLICY)
    assert set(map(str, together)) == set(map(str, ASKED))
    for question, answers in zip(together, told, strict=True):
        for name, answer in zip(names, answers, strict=True):
            alone = measure(chance, METRICS[name], question, POLICY)
            assert answer.reason == alone.reason
            assert_frame_equal(answer.rows, alone.rows)
    assert any(answer.rows["n"].sum() for answers in told for answer in answers)


@pytest.mark.parametrize("name", ALONE)
def test_means_and_quantiles_are_not_added_up(name: str) -> None:
    groups = shared(cohort(name), ASKED, POLICY.timezone)
    assert [len(group) for group in groups] == [1, 1, 1, 1]


def test_only_months_of_the_same_tickets_go_together() -> None:
    months = Question(*YEAR, ("month",))
    apart = (
        Question(*MONTH, ("priority",), {"service": ("Mail",)}),
        Question(date(2026, 3, 2), date(2026, 4, 1), ("priority",)),
        Question(date(2026, 1, 1), date(2026, 4, 1), ("priority",)),
        Question(*MONTH, ("weekday", "hour")),
        Question(*YEAR, ("week",)),
        Question(None, date(2026, 3, 1)),
    )
    groups = shared(cohort("ticket_volume"), (*apart, months), POLICY.timezone)
    assert groups[0] == (months, apart[3])
    assert sorted(map(len, groups)) == [1, 1, 1, 1, 1, 2]


def test_what_one_cannot_be_cut_by_says_nothing_of_the_others(
    chance: duckdb.DuckDBPyConnection,
) -> None:
    """Months and groups are told though there is no such column for this metric."""
    volume = METRICS["ticket_volume"].model_copy(update={"dimensions": ("priority",)})
    asked = (Question(*YEAR, ("month",)), Question(*MONTH, ("resolver_group",)))
    (alone,) = cohorts_of([volume])
    (months,), (groups,) = measure_shared(chance, alone, asked, POLICY)
    assert_frame_equal(
        months.rows, measure(chance, METRICS["ticket_volume"], asked[0], POLICY).rows
    )
    assert groups.reason == measure(chance, volume, asked[1], POLICY).reason
