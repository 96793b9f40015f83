"""Intervals against scipy's own, or against what defines them."""

import numpy as np
import pytest
from scipy import stats

from queries.intervals import (
    between_interval,
    count_interval,
    mean_interval,
    quantile_ranks,
    share_interval,
    sum_interval,
)


@pytest.mark.parametrize(("successes", "n"), [(0, 5), (5, 5), (1, 3), (63, 100), (13_487, 24_918)])
def test_shares_as_wilson(successes: int, n: int) -> None:
    expected = stats.binomtest(successes, n).proportion_ci(0.95, method="wilson")
    low, high = share_interval(np.array([float(successes)]), np.array([float(n)]))
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high))


def test_means_as_student() -> None:
    values = np.array([3.0, 8.0, 1.0, 90.0])
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    low, high = mean_interval(
        values.mean(keepdims=True), values.std(ddof=1, keepdims=True), np.array([4.0])
    )
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high))


def test_one_row_has_no_interval_of_its_mean() -> None:
    low, high = mean_interval(np.array([3.0]), np.array([0.0]), np.array([1.0]))
    assert np.isnan(low[0]) and np.isnan(high[0])


def test_no_rows_have_no_interval_of_their_share() -> None:
    low, high = share_interval(np.array([0.0]), np.array([0.0]))
    assert np.isnan(low[0]) and np.isnan(high[0])


@pytest.mark.parametrize("count", [1, 2, 4, 40, 8995])
def test_counts_are_exact_poisson(count: int) -> None:
    low, high = count_interval(np.array([float(count)]))
    assert stats.poisson.sf(count - 1, low[0]) == pytest.approx(0.025)
    assert stats.poisson.cdf(count, high[0]) == pytest.approx(0.025)


def test_a_count_of_none_has_only_an_upper_end() -> None:
    low, high = count_interval(np.array([0.0]))
    assert low[0] == 0
    assert stats.poisson.cdf(0, high[0]) == pytest.approx(0.025)


def test_exposure_per_event_turns_the_count_over() -> None:
    fewest, most = count_interval(np.array([2.0]))
    low, high = between_interval(np.array([100.0]), np.array([2.0]))
    assert (low[0], high[0]) == pytest.approx((100 / most[0], 100 / fewest[0]))


def test_without_events_exposure_has_only_a_lower_end() -> None:
    low, high = between_interval(np.array([100.0]), np.array([0.0]))
    assert low[0] == pytest.approx(100 / stats.chi2.ppf(0.975, 2) * 2)
    assert np.isnan(high[0])


def test_sums_of_ones_are_counts() -> None:
    low, high = sum_interval(np.array([1.0]), np.array([0.0]), np.array([400.0]))
    assert (low[0], high[0]) == pytest.approx((400 - 1.959964 * 20, 400 + 1.959964 * 20))


@pytest.mark.parametrize("quantile", [0.5, 0.9])
@pytest.mark.parametrize("n", [40, 101, 5000])
def test_order_statistics_cover_the_quantile(quantile: float, n: int) -> None:
    low, high = quantile_ranks(n, quantile) or (0, 0)
    below = stats.binom(n, quantile)
    assert below.cdf(high - 1) - below.cdf(low - 1) >= 0.95
    assert high - low < 5 * np.sqrt(n * quantile * (1 - quantile))


@pytest.mark.parametrize(("n", "quantile"), [(0, 0.5), (5, 0.5), (30, 0.9)])
def test_few_rows_cannot_enclose_a_quantile(n: int, quantile: float) -> None:
    assert quantile_ranks(n, quantile) is None


def test_order_statistics_match_scipy() -> None:
    values = np.random.default_rng(5).lognormal(size=400)
    expected = stats.quantile_test(values, p=0.5).confidence_interval(0.95)
    low, high = quantile_ranks(400, 0.5) or (0, 0)
    ordered = np.sort(values)
    assert (ordered[low - 1], ordered[high - 1]) == pytest.approx((expected.low, expected.high))
