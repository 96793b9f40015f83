"""Better, worse, or cannot tell: each kind of figure against the method it names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from insights.change import compare
from queries.catalogue import read_metrics
from queries.intervals import count_interval, share_interval

METRICS = read_metrics()


def mean_row(values: np.ndarray) -> dict[str, Any]:
    return {"n": len(values), "value": values.mean(), "deviation": values.std(ddof=1)}


def share_row(successes: int, n: int) -> dict[str, Any]:
    low, high = share_interval(np.array([float(successes)]), np.array([float(n)]))
    return {"n": n, "value": successes / n, "low": low[0], "high": high[0]}


def count_row(count: int) -> dict[str, Any]:
    low, high = count_interval(np.array([float(count)]))
    return {"n": count, "value": float(count), "low": low[0], "high": high[0]}


def test_means_as_welch() -> None:
    draw = np.random.default_rng(3)
    before, after = draw.lognormal(9, 1, 400), draw.lognormal(8.6, 1.4, 250)
    change = compare(METRICS["mttr"], mean_row(before), mean_row(after))
    expected = stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    assert (change.low, change.high) == pytest.approx((expected.low, expected.high))
    assert change.difference == pytest.approx(after.mean() - before.mean())


@pytest.mark.parametrize(
    ("factor", "verdict"), [(0.5, "better"), (1.0, "cannot tell"), (2.0, "worse")]
)
def test_shorter_repairs_are_better(factor: float, verdict: str) -> None:
    values = np.random.default_rng(4).lognormal(9, 1, 600)
    before, after = mean_row(values), mean_row(np.roll(values, 1) * factor)
    assert compare(METRICS["mttr"], before, after).verdict == verdict


def test_shares_as_newcombe() -> None:
    # Newcombe (1998), table II: 56/70 against 48/80, method 10: 0.0524 to 0.3339
    change = compare(METRICS["tool_sla_compliance"], share_row(48, 80), share_row(56, 70))
    assert (change.low, change.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert change.verdict == "better"


def test_more_reopening_is_worse() -> None:
    assert compare(METRICS["reopen_rate"], share_row(5, 400), share_row(40, 400)).verdict == "worse"


def test_counts_are_compared_by_the_day() -> None:
    # 280 in the 28 days of February are 310 in the 31 of March
    same = compare(METRICS["major_incidents"], count_row(280), count_row(310), days=(28, 31))
    assert (same.expected, same.difference, same.verdict) == (310, 0, "cannot tell")
    assert compare(METRICS["major_incidents"], count_row(2), count_row(4)).verdict == "cannot tell"
    assert compare(METRICS["major_incidents"], count_row(20), count_row(4)).verdict == "better"


def test_a_volume_is_neither_better_nor_worse() -> None:
    assert compare(METRICS["ticket_volume"], count_row(400), count_row(900)).verdict == "changed"


@pytest.mark.parametrize(
    ("after", "verdict"), [(420, "cannot tell"), (600, "worse"), (250, "better")]
)
def test_a_backlog_moves_by_chance_too(after: int, verdict: str) -> None:
    before = {"n": 400, "value": 400.0, "low": None, "high": None}
    change = compare(METRICS["backlog"], before, {**before, "n": after, "value": float(after)})
    assert change.difference == after - 400
    assert change.verdict == verdict


def test_medians_are_compared_by_their_limits() -> None:
    before = {"n": 90, "value": 100.0, "low": 90.0, "high": 115.0}
    after = {"n": 80, "value": 60.0, "low": 52.0, "high": 70.0}
    change = compare(METRICS["mttr"], before, after, aggregate="median")
    assert (change.low, change.high) == pytest.approx((-40 - 17, -40 + 200**0.5))
    assert change.verdict == "better"


def test_longer_between_failures_is_better() -> None:
    before = {"n": 40, "value": 10.0, "low": 7.3, "high": 14.0}
    after = {"n": 30, "value": 40.0, "low": 28.0, "high": 59.3}
    assert compare(METRICS["mtbf"], before, after).verdict == "better"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("mttd", {"n": 0, "value": None}, {"n": 9, "value": 7.0}),
        ("mttr", mean_row(np.array([1.0, 2.0])), mean_row(np.arange(100.0, 200.0))),
        ("reopen_rate", share_row(0, 3), share_row(3, 3)),
        (
            "availability",
            {"n": 2, "value": 0.9, "low": None, "high": None},
            {"n": 2, "value": 0.999, "low": None, "high": None},
        ),
        (
            "mtbf",
            {"n": 1, "value": 10.0, "low": 1.8, "high": 395.0},
            {"n": 0, "value": None, "low": 100.0, "high": None},
        ),
    ],
)
def test_too_little_says_nothing(name: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    change = compare(METRICS[name], before, after)
    assert change.verdict == "cannot tell"
    assert change.low is None


def test_values_without_spread_differ_as_they_are() -> None:
    flat, lower = mean_row(np.full(9, 7.0)), mean_row(np.full(9, 5.0))
    assert compare(METRICS["mttr"], flat, lower).verdict == "better"
    assert compare(METRICS["mttr"], flat, flat).verdict == "cannot tell"
