"""Every number opens into its tickets: the rows behind a figure give the figure again.

Holds for every metric of the catalogue, those that come later too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import fsum
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.contract import TICKET_DIMENSIONS, TICKETS
from policies.model import Policy
from policies.read import read_policy
from policies.refusal import Refused
from queries.catalogue import Metric, read_metrics
from queries.measure import evidence, measure
from queries.question import Question
from tests.chance_tickets import LAST, chance_tickets
from tests.conftest import build_warehouse

POLICY = (
    (Path(__file__).parent / "golden" / "policy.toml")
    .read_text(encoding="utf-8")
    .replace("since = 2026-10-01", "since = 2026-03-01")
    + """
[[service]]
name = "Wiki"
since = 2026-03-15
calendar = "office"
slo = 0.9

[[sla]]
name = "First answer"
clock = "response"
target = "1h"

[[sla]]
name = "Resolution"
clock = "resolution"
target = "2d"
calendar = "always"
pause = ["on_hold"]

[[sla]]
name = "Updates"
clock = "update"
where = { priority = ["P1", "P2"] }
target = "6h"
calendar = "always"

[[escalation]]
where = { priority = ["P1", "P2", "P3"] }
after = "8h"
"""
)
METRICS = read_metrics()
CUTS = ((), ("month",), ("week",), ("month", "priority"), ("service", "quarter"))
PERIOD = date(2026, 3, 10), date(2026, 6, 20)


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    path = tmp_path_factory.mktemp("policy") / "policy.toml"
    path.write_text(POLICY, encoding="utf-8")
    return read_policy(path, TICKETS.names)


@pytest.fixture(scope="module")
def warehouse(policy: Policy) -> Iterator[duckdb.DuckDBPyConnection]:
    rows = chance_tickets(350, seed=11)
    connection = build_warehouse(policy, rows.tickets, rows.events, str(LAST))
    yield connection
    connection.close()


def aggregated(metric: Metric, rows: pl.DataFrame) -> float | None:
    """The figure that evidence rows amount to, in as few words as a reader would need."""
    if metric.aggregate == "ratio":
        below = fsum(rows["denominator"])
        return fsum(rows["numerator"]) / below if below else None
    if metric.aggregate in ("count", "level") and metric.unit == "count":
        return len(rows)
    known = rows["value"].drop_nulls().cast(pl.Float64).to_list()
    total = fsum(known)
    if metric.aggregate == "sum":
        return total
    return total / len(known) if known else None


def assert_evident(
    warehouse: duckdb.DuckDBPyConnection,
    metric: Metric,
    question: Question,
    policy: Policy,
    buckets: slice = slice(None),
) -> None:
    answer = measure(warehouse, metric, question, policy)
    for row in list(answer.rows.iter_rows(named=True))[buckets]:
        names: list[str] = [row[key] for key in ("bucket", "bucket_2")[: len(question.by)]]
        rows = evidence(warehouse, metric, question, policy, bucket=names)
        found = aggregated(metric, rows)
        if row["value"] is None:
            assert found in (None, 0), row
        else:
            assert found == pytest.approx(row["value"], rel=1e-9), row


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_has_a_figure_here(
    warehouse: duckdb.DuckDBPyConnection, policy: Policy, name: str
) -> None:
    answer = measure(warehouse, METRICS[name], Question(*PERIOD), policy)
    assert answer.rows["value"][0] is not None, answer.reason


@pytest.mark.parametrize("by", CUTS, ids="-".join)
@pytest.mark.parametrize("name", METRICS)
def test_evidence_amounts_to_the_figure(
    warehouse: duckdb.DuckDBPyConnection, policy: Policy, name: str, by: tuple[str, ...]
) -> None:
    # first, last and some between: a figure of each kind of bucket
    assert_evident(warehouse, METRICS[name], Question(*PERIOD, by=by), policy, slice(None, None, 4))


@pytest.mark.parametrize("name", METRICS)
def test_every_dimension_is_evident(
    warehouse: duckdb.DuckDBPyConnection, policy: Policy, name: str
) -> None:
    for place, column in enumerate(TICKET_DIMENSIONS):
        question = Question(by=(column,))
        assert_evident(warehouse, METRICS[name], question, policy, slice(place % 3, None, 9))


@pytest.mark.parametrize("name", METRICS)
def test_days_are_evident(warehouse: duckdb.DuckDBPyConnection, policy: Policy, name: str) -> None:
    question = Question(date(2026, 3, 27), date(2026, 4, 2), by=("day",))
    assert_evident(warehouse, METRICS[name], question, policy)


@pytest.mark.parametrize("name", METRICS)
def test_filters_hold_for_both(
    warehouse: duckdb.DuckDBPyConnection, policy: Policy, name: str
) -> None:
    where = {"service": ("Mail", "(none)")}
    assert_evident(warehouse, METRICS[name], Question(by=("month",), where=where), policy)


@pytest.mark.parametrize("name", METRICS)
def test_buckets_of_time_make_up_the_whole(
    warehouse: duckdb.DuckDBPyConnection, policy: Policy, name: str
) -> None:
    metric = METRICS[name]
    if metric.aggregate == "level":
        return
    whole = measure(warehouse, metric, Question(*PERIOD), policy).rows
    weeks = measure(warehouse, metric, Question(*PERIOD, by=("week",)), policy).rows
    assert weeks["n"].sum() == whole["n"].sum()


def test_rows_carry_their_tickets(warehouse: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    rows = evidence(warehouse, METRICS["mttr"], Question(), policy, limit=7)
    assert len(rows) == 7
    assert {"ticket_id", "number", "title", "priority", "opened_at", "value"} <= set(rows.columns)
    assert rows["counted_at"].is_sorted(descending=True)


@pytest.mark.parametrize("name", ["mttr", "backlog", "sla_compliance"])
def test_each_row_carries_the_number_of_its_own_ticket(
    warehouse: duckdb.DuckDBPyConnection, policy: Policy, name: str
) -> None:
    rows = evidence(warehouse, METRICS[name], Question(to_on=PERIOD[1]), policy)
    numbers = dict(warehouse.cursor().sql("select ticket_id, number from tickets").fetchall())
    assert rows.height > 9
    assert rows["number"].to_list() == [numbers[ticket] for ticket in rows["ticket_id"]]


@pytest.mark.parametrize("name", ["mttr", "backlog_age"])
def test_the_largest_are_those_of_the_whole_list(
    warehouse: duckdb.DuckDBPyConnection, policy: Policy, name: str
) -> None:
    asked = METRICS[name], Question(to_on=PERIOD[1]), policy
    every = evidence(warehouse, *asked).sort(
        "value", "ticket_id", descending=[True, False], nulls_last=True
    )
    largest = evidence(warehouse, *asked, limit=9, largest_first=True)
    assert every.height > 9
    assert_frame_equal(largest, every.head(9))


def test_rows_that_could_not_be_used_are_there_without_a_value(
    warehouse: duckdb.DuckDBPyConnection, policy: Policy
) -> None:
    answer = measure(warehouse, METRICS["mttr"], Question(), policy).rows.row(0, named=True)
    rows = evidence(warehouse, METRICS["mttr"], Question(), policy)
    assert answer["n"] == rows["value"].count()
    assert answer["coverage"] == pytest.approx(rows["value"].count() / len(rows))
    assert 0 < answer["coverage"] < 1


def test_a_bucket_is_named_for_each_cut(
    warehouse: duckdb.DuckDBPyConnection, policy: Policy
) -> None:
    question = Question(by=("month", "priority"))
    with pytest.raises(Refused, match="Name 2 buckets"):
        evidence(warehouse, METRICS["mttr"], question, policy, bucket=("2026-04",))


def test_evidence_of_a_figure_that_cannot_be_cut_so_is_refused(
    warehouse: duckdb.DuckDBPyConnection, policy: Policy
) -> None:
    question = Question(where={"priority": ("P1",)})
    with pytest.raises(Refused, match="by service only"):
        evidence(warehouse, METRICS["mtbf"], question, policy)
