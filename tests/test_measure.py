"""Questions and answers: periods, buckets, filters, figures, and what is not available."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from scipy import stats

from pipelines.contract import TICKETS
from policies.model import Policy
from policies.read import read_policy
from policies.refusal import Refused
from queries.catalogue import Metric, read_metric, read_metrics
from queries.measure import Answer, evidence, measure
from queries.question import Question, narrow
from tests.chance_tickets import LAST, chance_tickets
from tests.conftest import Row, build_warehouse

METRICS = read_metrics()
DONE = {"state": "resolved", "kind": "incident"}


@pytest.fixture
def policy() -> Policy:
    return read_policy(Path(__file__).parent / "golden" / "policy.toml", TICKETS.names)


@pytest.fixture
def few(policy: Policy) -> duckdb.DuckDBPyConnection:
    """Four resolved incidents: 1, 2, 3 and 10 hours, in August and October."""
    return build_warehouse(
        policy,
        [
            _resolved("A", "2026-08-10", 1, priority="P1", service="Mail", is_major=True),
            _resolved("B", "2026-08-11", 2, priority="P2", service="Mail", is_major=False),
            _resolved("C", "2026-10-12", 3, priority="P2", reassignment_count=2),
            _resolved("D", "2026-10-13", 10, service="Wiki", reassignment_count=0),
        ],
        exported_at="2026-10-20 00:00:00",
    )


def _resolved(number: str, day: str, hours: int, **others: object) -> Row:
    ends = f"{day} {8 + hours:02}:00:00"
    return {"number": number, "opened_at": f"{day} 08:00:00", "resolved_at": ends, **DONE, **others}


def rows(answer: Answer) -> list[Mapping[str, Any]]:
    return list(answer.rows.iter_rows(named=True))


def values(answer: Answer) -> dict[str, float | None]:
    return dict(answer.rows.select("bucket", "value").rows())


def hours(answer: Answer) -> dict[str, float | None]:
    return {name: value and value / 3600 for name, value in values(answer).items()}


def test_months_without_a_row_are_there_and_empty(few, policy: Policy) -> None:
    question = Question(by=("month",))
    assert hours(measure(few, METRICS["mttr"], question, policy)) == {
        "2026-08": 1.5,
        "2026-09": None,
        "2026-10": 6.5,
    }
    assert values(measure(few, METRICS["ticket_volume"], question, policy)) == {
        "2026-08": 2,
        "2026-09": 0,
        "2026-10": 2,
    }
    assert values(measure(few, METRICS["backlog"], question, policy)) == {
        "2026-08": 0,
        "2026-09": 0,
        "2026-10": 0,
    }


def test_what_lies_outside_the_data_is_not_zero(few, policy: Policy) -> None:
    question = Question(date(2026, 6, 1), date(2027, 1, 1), by=("month",))
    for name in ("ticket_volume", "backlog"):
        found = measure(few, METRICS[name], question, policy)
        assert values(found)["2026-07"] is None
        assert values(found)["2026-11"] is None
        assert values(found)["2026-09"] == 0
        outside = rows(found)[0]
        assert (outside["n"], outside["coverage"], outside["reason"]) == (0, 0, "outside the data")


def test_the_period_excludes_its_end(few, policy: Policy) -> None:
    question = Question(date(2026, 8, 10), date(2026, 8, 11))
    assert measure(few, METRICS["ticket_volume"], question, policy).rows["value"][0] == 1


def test_a_month_is_clipped_to_the_period(few, policy: Policy) -> None:
    question = Question(date(2026, 8, 11), date(2026, 10, 13), by=("month",))
    assert values(measure(few, METRICS["ticket_volume"], question, policy)) == {
        "2026-08": 1,
        "2026-09": 0,
        "2026-10": 1,
    }


@pytest.mark.parametrize(
    ("unit", "names"),
    [
        ("year", ["2026"]),
        ("quarter", ["2026-Q3", "2026-Q4"]),
        ("week", ["2026-W33", "2026-W34"]),
        ("day", ["2026-08-10", "2026-08-11"]),
    ],
)
def test_names_of_buckets(few, policy: Policy, unit: str, names: list[str]) -> None:
    answer = measure(few, METRICS["ticket_volume"], Question(by=(unit,)), policy)
    assert answer.rows["bucket"].to_list()[: len(names)] == names


def test_missing_values_have_a_bucket_of_their_own(few, policy: Policy) -> None:
    answer = measure(few, METRICS["mttr"], Question(by=("priority",)), policy)
    assert hours(answer) == {"P1": 1, "P2": 2.5, "(none)": 10}
    assert list(values(answer))[-1] == "(none)"


def test_booleans_are_buckets_too(few, policy: Policy) -> None:
    answer = measure(few, METRICS["mttr"], Question(by=("is_major",)), policy)
    assert hours(answer) == {"true": 1, "false": 2, "(none)": 6.5}


def test_two_cuts_in_the_order_asked(few, policy: Policy) -> None:
    answer = measure(few, METRICS["ticket_volume"], Question(by=("service", "month")), policy)
    assert answer.rows.select("bucket", "bucket_2", "value").rows() == [
        ("Mail", "2026-08", 2),
        ("Mail", "2026-09", 0),
        ("Mail", "2026-10", 0),
        ("Wiki", "2026-08", 0),
        ("Wiki", "2026-09", 0),
        ("Wiki", "2026-10", 1),
        ("(none)", "2026-08", 0),
        ("(none)", "2026-09", 0),
        ("(none)", "2026-10", 1),
    ]
    turned = measure(few, METRICS["ticket_volume"], Question(by=("month", "service")), policy)
    assert turned.rows.select("bucket", "bucket_2").rows()[:2] == [
        ("2026-08", "Mail"),
        ("2026-08", "Wiki"),
    ]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"priority": ("P2",)}, 2.5),
        ({"priority": ("P1", "P2")}, 2),
        ({"priority": ("P2",), "service": ("Mail",)}, 2),
        ({"service": ("(none)",)}, 3),
        ({"service": ("(none)", "Wiki")}, 6.5),
        ({"is_major": ("true",)}, 1),
        ({"reassignment_count": ("2", "0")}, 6.5),
        ({"ticket_id": ("generic:D",)}, 10),
        ({"service": ("'; drop table tickets; --",)}, None),
        ({"service": ()}, None),
    ],
)
def test_values_of_one_column_are_or_and_columns_are_and(
    few, policy: Policy, where: Mapping[str, tuple[str, ...]], expected: float | None
) -> None:
    answer = measure(few, METRICS["mttr"], Question(where=where), policy)
    assert hours(answer) == {None: expected}


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (Question(date(2026, 10, 2), date(2026, 10, 2)), "not after its first day"),
        (Question(by=("month", "week")), "one unit of time"),
        (Question(by=("month", "month")), "different"),
        (Question(by=("month", "priority", "service")), "one or two"),
        (Question(by=("prioritty",)), "did you mean priority?"),
        (Question(where={"servise": ("Mail",)}), "did you mean service?"),
        (Question(by=("opened_at",)), "opened_at"),
        (Question(where={"is_major": ("perhaps",)}), "true or false"),
        (Question(where={"reopen_count": ("many",)}), "whole number"),
        (Question(by=('priority"; drop table tickets; --',)), "cannot be cut"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(
    few, policy: Policy, question: Question, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        measure(few, METRICS["mttr"], question, policy)


def test_only_quantities_have_another_aggregate(few, policy: Policy) -> None:
    for name in ("reopen_rate", "ticket_volume", "backlog", "mtbf"):
        with pytest.raises(Refused, match="has no median"):
            measure(few, METRICS[name], Question(aggregate="median"), policy)


def test_median_and_p90_stand_beside_the_mean_of_durations(few, policy: Policy) -> None:
    found = rows(measure(few, METRICS["mttr"], Question(), policy))[0]
    assert (found["value"], found["median"]) == (4 * 3600, 2.5 * 3600)
    assert found["p90"] == pytest.approx((3 + 0.7 * 7) * 3600)
    other = rows(measure(few, METRICS["reassignments_per_ticket"], Question(), policy))[0]
    assert (other["median"], other["p90"]) == (None, None)


def test_a_metric_that_tells_of_services_cannot_be_cut_otherwise(few, policy: Policy) -> None:
    answer = measure(few, METRICS["mtbf"], Question(where={"priority": ("P1",)}), policy)
    assert answer.reason == "MTBF is told by service only, not by priority."
    only = rows(answer)[0]
    assert (only["bucket"], only["value"], only["n"], only["coverage"]) == (None, None, 0, 0)


def test_nothing_selected_says_so(few, policy: Policy) -> None:
    answer = measure(few, METRICS["mttr"], Question(where={"service": ("Fax",)}), policy)
    assert answer.reason == "nothing in this selection"
    none = measure(few, METRICS["ticket_volume"], Question(where={"service": ("Fax",)}), policy)
    assert (none.reason, rows(none)[0]["value"]) == (None, 0)


def test_a_missing_column_is_told_by_the_header(few, policy: Policy) -> None:
    answer = measure(few, METRICS["mttd"], Question(by=("month",)), policy)
    assert answer.reason == (
        "this export carries no impact start: add the column with it (impact_started_at)"
    )
    assert answer.rows["value"].null_count() == len(answer.rows) == 3
    assert set(answer.rows["coverage"]) == {0}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    policy = read_policy(Path(__file__).parent / "golden" / "policy.toml", TICKETS.names)
    drawn = chance_tickets(800, seed=21)
    return build_warehouse(policy, drawn.tickets, drawn.events, str(LAST))


def test_the_interval_of_a_mean_is_students(many, policy: Policy) -> None:
    for row in rows(measure(many, METRICS["mttr"], Question(by=("priority",)), policy)):
        seen = evidence(
            many, METRICS["mttr"], Question(by=("priority",)), policy, bucket=[row["bucket"]]
        )
        known = seen["value"].drop_nulls().to_numpy()
        low, high = stats.ttest_1samp(known, 0).confidence_interval(0.95)
        assert row["low"] == pytest.approx(max(low, 0))
        assert row["high"] == pytest.approx(high)
        assert row["deviation"] == pytest.approx(known.std(ddof=1))


@pytest.mark.parametrize(("aggregate", "quantile"), [("median", 0.5), ("p90", 0.9)])
def test_the_interval_of_a_quantile_is_of_order_statistics(
    many, policy: Policy, aggregate: Any, quantile: float
) -> None:
    question = Question(by=("kind",), aggregate=aggregate)
    for metric in (METRICS["mttr"], METRICS["mtta"]):
        for row in rows(measure(many, metric, question, policy)):
            seen = evidence(many, metric, question, policy, bucket=[row["bucket"]])
            known = seen["value"].drop_nulls().to_numpy()
            expected = stats.quantile_test(known, p=quantile).confidence_interval(0.95)
            assert row["value"] == pytest.approx(np.quantile(known, quantile))
            assert (row["low"], row["high"]) == pytest.approx((expected.low, expected.high))


def test_the_age_of_the_backlog_has_its_median_too(many, policy: Policy) -> None:
    usual = measure(many, METRICS["backlog_age"], Question(by=("month",)), policy).rows
    median = measure(
        many, METRICS["backlog_age"], Question(by=("month",), aggregate="median"), policy
    ).rows
    assert median["value"].to_list() == usual["median"].to_list()


def test_a_metric_of_an_organisation_needs_no_more_than_its_tickets(
    many, policy: Policy, tmp_path: Path
) -> None:
    metric = own_metric(
        tmp_path,
        "rate",
        "select ticket_id, finished_at as counted_at, knowledge_used as value from counted_tickets",
    )
    question = Question(by=("service", "month"), where={"priority": ("P2", "P3")})
    found = measure(many, metric, question, policy)
    whole = many.sql("select * from counted_tickets").pl()
    row = next(row for row in rows(found) if row["n"] > 3)
    seen = evidence(many, metric, question, policy, bucket=[row["bucket"], row["bucket_2"]])
    assert seen["value"].mean() == pytest.approx(row["value"])
    services = whole.filter(whole["ticket_id"].is_in(seen["ticket_id"].to_list()))["service"]
    assert set(services) == {row["bucket"]}


def test_sums_and_ratios_of_tickets(many, policy: Policy, tmp_path: Path) -> None:
    body = """
    select ticket_id, opened_at as counted_at, reassignment_count as value from counted_tickets
    """
    moves = measure(many, own_metric(tmp_path, "sum", body), Question(), policy).rows.row(
        0, named=True
    )
    expected = (
        many.sql("select sum(reassignment_count)::double as total from counted_tickets").pl().item()
    )
    assert moves["value"] == expected
    assert moves["low"] < expected < moves["high"]
    body = """
    select
        ticket_id, null::timestamp as from_at, null::timestamp as to_at, opened_at as counted_at,
        reassignment_count as numerator, 1 as denominator
    from counted_tickets
    where reassignment_count is not null
    """
    ratio = own_metric(tmp_path, "ratio", body)
    by_month = measure(many, ratio, Question(by=("month",)), policy).rows
    means = own_metric(tmp_path, "mean", body.replace("numerator, 1", "value, 1"))
    expected_means = measure(many, means, Question(by=("month",)), policy).rows
    assert by_month["value"].to_list() == pytest.approx(expected_means["value"].to_list())
    assert by_month["low"].null_count() == len(by_month)


def test_evidence_of_tickets_finds_every_ticket(many, policy: Policy) -> None:
    """Rows of one ticket each are joined by its opening too, which has to be the ticket's own."""
    for metric in read_metrics().values():
        seen = evidence(many, metric, Question(), policy)
        if metric.one_row == "ticket" and not seen.is_empty():
            assert seen["number"].null_count() == 0, metric.name


def test_evidence_need_not_be_of_tickets(many, policy: Policy, tmp_path: Path) -> None:
    body = "select from_at as counted_at, failures as value from outages"
    metric = own_metric(tmp_path, "mean", body)
    found = measure(many, metric, Question(), policy).rows.row(0, named=True)
    seen = evidence(many, metric, Question(), policy)
    assert seen.columns == ["counted_at", "value"]
    assert seen["value"].mean() == pytest.approx(found["value"])
    cut = measure(many, metric, Question(by=("priority",)), policy)
    assert cut.reason == "Own does not stand on tickets that have a priority."


def test_a_metric_whose_query_does_not_fit_is_refused(many, policy: Policy, tmp_path: Path) -> None:
    for body, sentence in (
        (
            "select ticket_id, opened_at as counted_at from counted_tickets",
            "lacks the column value",
        ),
        ("select nothing from counted_tickets", "does not run here"),
    ):
        metric = own_metric(tmp_path, "mean", body)
        with pytest.raises(Refused, match=sentence):
            measure(many, metric, Question(), policy)


def own_metric(folder: Path, aggregate: str, body: str) -> Metric:
    path = folder / "own.sql"
    header = f"""/*
label = "Own"
title = "Own metric"
unit = "count"
aggregate = "{aggregate}"
better = "higher"
explanation = "Ours."
*/
"""
    path.write_text(header + body, encoding="utf-8")
    return read_metric(path)


def test_a_bucket_is_the_narrowed_question(few, policy: Policy) -> None:
    question = Question(date(2026, 8, 11), None, ("month", "service"), {"kind": ("incident",)})
    assert narrow(question, "2026-08", "Mail") == Question(
        date(2026, 8, 11), date(2026, 9, 1), (), {"kind": ("incident",), "service": ("Mail",)}
    )


def test_threads_share_a_connection(many, policy: Policy) -> None:
    questions = [Question(by=(unit,)) for unit in ("month", "week", "priority", "service")] * 6
    alone = [measure(many, METRICS["mttr"], question, policy).rows for question in questions]
    with ThreadPoolExecutor(4) as pool:
        together = pool.map(lambda q: measure(many, METRICS["mttr"], q, policy).rows, questions)
    for one, other in zip(alone, together, strict=True):
        assert one["n"].to_list() == other["n"].to_list()
        assert one["value"].to_list() == pytest.approx(other["value"].to_list())
