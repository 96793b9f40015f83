"""What moved a figure: contributions that add up, and mix told from rate."""

from __future__ import annotations

from datetime import date
from math import isclose
from pathlib import Path

import duckdb
import polars as pl
import pytest

from insights.drivers import drivers, parts_of
from pipelines.contract import TICKETS
from pipelines.warehouse import Warehouse
from policies.model import Policy
from policies.read import read_policy
from queries.catalogue import Metric, read_metrics
from queries.measure import measure
from queries.question import Question
from queries.session import open_build
from tests.command import meantime, refused
from tests.sample_files import STORIES

METRICS = read_metrics()
DIMENSIONS = ("priority", "category", "service", "resolver_group", "customer", "kind")
SEPTEMBER = (date(2026, 9, 1), date(2026, 10, 1))
OCTOBER = (date(2026, 10, 1), date(2026, 11, 1))


@pytest.fixture(scope="module")
def rules() -> Policy:
    return read_policy(None, TICKETS.names)


@pytest.fixture(scope="module")
def build(small_warehouse: Path, rules: Policy) -> duckdb.DuckDBPyConnection:
    return open_build(Warehouse(small_warehouse).current_path(), rules)


def rows(
    build: duckdb.DuckDBPyConnection,
    rules: Policy,
    metric: Metric,
    days: tuple[date, date],
    *by: str,
) -> pl.DataFrame:
    return measure(build, metric, Question(*days, by), rules).rows


@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize("name", METRICS)
def test_contributions_add_up_to_the_change(
    build: duckdb.DuckDBPyConnection, rules: Policy, name: str, dimension: str
) -> None:
    metric = METRICS[name]
    whole = [rows(build, rules, metric, days).row(0, named=True) for days in (SEPTEMBER, OCTOBER)]
    parts = [rows(build, rules, metric, days, dimension) for days in (SEPTEMBER, OCTOBER)]
    if not all(part.height for part in parts):
        return  # not told by this dimension, or nothing there
    # 31 days against 30: a count is scaled as its change is, nothing else is.
    scale = 31 / 30 if metric.aggregate in ("count", "sum") else 1.0
    found = drivers(metric, *parts, scale=scale)
    if any(row["value"] is None for row in whole):
        assert found.change is None or parts_of(metric) == ("amount",)
        return
    change = whole[1]["value"] - whole[0]["value"] * scale
    assert found.change is not None
    assert isclose(found.change, change, rel_tol=1e-9, abs_tol=1e-9)
    assert isclose(found.rows["total"].sum(), change, rel_tol=1e-9, abs_tol=1e-6)
    assert isclose(
        sum(found.sum_of(part) for part in found.parts), change, rel_tol=1e-9, abs_tol=1e-6
    )


def answer_rows(**parts: tuple[int, float]) -> pl.DataFrame:
    """Parts as (tickets, sum of their values)."""
    return pl.DataFrame(
        {
            "bucket": list(parts),
            "n": [n for n, _ in parts.values()],
            "value": [total / n for n, total in parts.values()],
            "numerator": [total for _, total in parts.values()],
            "denominator": [float(n) for n, _ in parts.values()],
        }
    )


def told(found: pl.DataFrame, bucket: str) -> tuple[float, float]:
    row = found.row(by_predicate=pl.col("bucket") == bucket, named=True)
    return row["mix"], row["rate"]


def test_more_of_what_takes_long_is_mix() -> None:
    # P1 takes 2 h, P4 10 h, in both months; P4 grows from half to three quarters of the tickets.
    # (10 + 2) / 2 = 6 before, (0.75 x 10 + 0.25 x 2) = 8 after; the whole's average is 7.
    # P4: +0.25 x (10 - 7) = +0.75; P1: -0.25 x (2 - 7) = +1.25; together +2, none of it rate.
    before = answer_rows(P1=(10, 20.0), P4=(10, 100.0))
    after = answer_rows(P1=(10, 20.0), P4=(30, 300.0))
    found = drivers(METRICS["mttr"], before, after)
    assert found.change == pytest.approx(2.0)
    assert told(found.rows, "P4") == pytest.approx((0.75, 0.0))
    assert told(found.rows, "P1") == pytest.approx((1.25, 0.0))


def test_slower_work_on_the_same_tickets_is_rate() -> None:
    # Half of the tickets take 2 h longer: 0.5 x 2 = 1 h, all of it rate.
    before = answer_rows(P1=(10, 20.0), P4=(10, 100.0))
    after = answer_rows(P1=(10, 40.0), P4=(10, 100.0))
    found = drivers(METRICS["mttr"], before, after)
    assert told(found.rows, "P1") == pytest.approx((0.0, 1.0))
    assert told(found.rows, "P4") == pytest.approx((0.0, 0.0))


def test_a_value_that_came_or_went_is_mix_alone() -> None:
    before = answer_rows(Mail=(10, 20.0), Fax=(10, 60.0))
    after = answer_rows(Mail=(10, 20.0), Chat=(5, 45.0))
    found = drivers(METRICS["mttr"], before, after)
    assert found.rows["rate"].abs().sum() == 0
    assert found.rows["total"].sum() == pytest.approx(65 / 15 - 80 / 20)


def test_more_tickets_of_everything_move_no_mean() -> None:
    before = answer_rows(P1=(10, 20.0), P4=(10, 100.0))
    after = answer_rows(P1=(70, 140.0), P4=(70, 700.0))
    assert drivers(METRICS["mttr"], before, after).rows["total"].abs().sum() == pytest.approx(0)


def test_time_per_failure_is_split_into_exposure_and_failures() -> None:
    # 100 h and 4 failures are 25 h; 100 h and 5 failures are 20 h: -5 h, all of it by Mail's
    # one more failure: -(22.5 / 4.5) x 1 = -5. Web has no failure and no figure of its own.
    def sides(mail: float) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "bucket": ["Mail", "Web"],
                "n": [int(mail), 0],
                "value": [60 / mail, None],
                "numerator": [60.0, 40.0],
                "denominator": [mail, 0.0],
            }
        )

    found = drivers(METRICS["mtbf"], sides(4.0), sides(5.0))
    assert found.change == pytest.approx(-5.0)
    mail = found.rows.row(by_predicate=pl.col("bucket") == "Mail", named=True)
    assert (mail["exposure"], mail["failures"]) == pytest.approx((0.0, -5.0))


def test_a_period_without_a_figure_has_no_change() -> None:
    nothing = answer_rows(P1=(1, 1.0)).clear()
    found = drivers(METRICS["mttr"], nothing, answer_rows(P1=(10, 20.0)))
    assert found.change is None
    assert found.reason


def test_the_month_whose_mix_shifted_is_told_as_mix(tickets: pl.DataFrame) -> None:
    resolved = tickets.filter(pl.col("hours").is_not_null()).with_columns(
        month=pl.col("resolved_at").dt.strftime("%Y-%m")
    )

    def of(month: str) -> pl.DataFrame:
        return (
            resolved.filter(month=month)
            .group_by(bucket="priority")
            .agg(
                n=pl.len().cast(pl.Int64),
                value=pl.col("hours").mean(),
                numerator=pl.col("hours").sum(),
                denominator=pl.len().cast(pl.Float64),
            )
        )

    found = drivers(METRICS["mttr"], of("2025-09"), of(STORIES["mix_month"]["month"]))
    assert found.change is not None and found.change > 0
    # No priority became slower: the mix explains all of the rise, and more.
    assert found.sum_of("mix") > 0.9 * found.change
    assert abs(found.sum_of("rate")) < 0.5 * found.sum_of("mix")


def test_the_terminal_tells_contributions_that_add_up(small_warehouse: Path) -> None:
    asked = ["drivers", "mttr", "--period", "2026-10", "--by", "service"]
    told = meantime(*asked, "--format", "json", "--warehouse", small_warehouse).json
    assert (told["from"], told["to"]) == ("2026-09", "2026-10")
    assert sum(row["total"] for row in told["rows"]) == pytest.approx(told["change"])
    assert sum(told["parts"].values()) == pytest.approx(told["change"])
    before, after = (
        meantime("kpi", "mttr", f"--from={start}", f"--to={end}", "--format", "json",
                 "--warehouse", small_warehouse).json[0]["rows"][0]["value"]
        for start, end in (SEPTEMBER, OCTOBER)
    )  # fmt: skip
    assert told["change"] == pytest.approx(after - before)
    shown = meantime(*asked, "--warehouse", small_warehouse).out
    assert shown.startswith("MTTR: ")
    assert "mix" in shown


def test_the_terminal_refuses_what_has_no_change(small_warehouse: Path) -> None:
    flags = ["--warehouse", small_warehouse]
    assert "2025-10 to 2026-11" in refused("drivers", "mttr", "--period", "2020-01", *flags)
    assert "by service only" in refused("drivers", "mtbf", "--period", "2026-10", *flags)
    assert "did you mean" in refused("drivers", "mttr", "--period", "2026-10", "--by=x", *flags)
