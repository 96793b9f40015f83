"""From sums per bucket to figures: value, 95 % interval, coverage.

A row of sums has `cohort` (rows that the figure is about), `n` (those it could use), `covered`
(whether the data reaches this bucket) and what its aggregate needs: `mean, deviation, median,
p90, total` of the values, or `numerator, denominator, is_per_event` (time over events) of a ratio.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from queries.catalogue import Metric
from queries.intervals import (
    Numbers,
    between_interval,
    count_interval,
    mean_interval,
    share_interval,
    sum_interval,
)

FIGURES = (
    "n",
    "value",
    "low",
    "high",
    "median",
    "p90",
    "coverage",
    "deviation",
    "numerator",
    "denominator",
    "reason",
)

Figures = tuple[Numbers, Numbers, Numbers]  # value, low, high


def with_figures(metric: Metric, aggregate: str, sums: pl.DataFrame) -> pl.DataFrame:
    """The sums with the columns of `FIGURES` beside them; NaN never leaves, null does."""
    value, low, high = _AGGREGATES[aggregate](sums)
    numerator, denominator = _fraction(aggregate, sums)
    if metric.unit in ("duration", "count"):
        low = np.maximum(low, 0.0)
    cohort, n = _numbers(sums, "cohort"), _numbers(sums, "n")
    # Nothing to count is a known zero, nothing that failed a known bound; nothing to average is
    # no figure.
    empty = (np.isfinite(value) | np.isfinite(low)).astype(np.float64)
    coverage = np.divide(n, cohort, out=empty, where=cohort > 0)
    return sums.with_columns(
        _series("value", value),
        _series("low", low),
        _series("high", high),
        _series("numerator", numerator),
        _series("denominator", denominator),
        pl.Series("coverage", coverage, dtype=pl.Float64),
    ).with_columns(_reason(metric).alias("reason"))


def _fraction(aggregate: str, sums: pl.DataFrame) -> tuple[Numbers, Numbers]:
    """What the figure is a fraction of: NaN below where it is an amount, and for quantiles."""
    n, nothing = _numbers(sums, "n"), np.full(sums.height, np.nan)
    match aggregate:
        case "mean" | "mean level" | "rate" | "rate level":
            return _numbers(sums, "total"), n
        case "ratio":
            return _numbers(sums, "numerator"), _numbers(sums, "denominator")
        case "level":
            return n, nothing
        case "count" | "sum":
            return _numbers(sums, "total"), nothing
        case _:
            return nothing, nothing


def _series(name: str, numbers: Numbers) -> pl.Series:
    return pl.Series(name, numbers, dtype=pl.Float64, nan_to_null=True)


def _numbers(sums: pl.DataFrame, name: str, missing: float = 0.0) -> Numbers:
    # By numpy: polars plans and runs each step of a series, and a page has forty metrics.
    numbers = sums[name].to_numpy().astype(np.float64)
    return np.where(np.isnan(numbers), missing, numbers)


def _mean(sums: pl.DataFrame) -> Figures:
    n, deviation = _numbers(sums, "n"), _numbers(sums, "deviation")
    mean = _numbers(sums, "mean", np.nan)
    return mean, *mean_interval(mean, deviation, n)


def _rate(sums: pl.DataFrame) -> Figures:
    n, total = _numbers(sums, "n"), _numbers(sums, "total")
    share = np.divide(total, n, out=np.full_like(n, np.nan), where=n > 0)
    return share, *share_interval(total, n)


def _count(sums: pl.DataFrame) -> Figures:
    total = _numbers(sums, "total")
    low, high = count_interval(total)
    known = _is_known(sums)
    return np.where(known, total, np.nan), _where(known, low), _where(known, high)


def _sum(sums: pl.DataFrame) -> Figures:
    n, deviation = _numbers(sums, "n"), _numbers(sums, "deviation")
    low, high = sum_interval(_numbers(sums, "mean"), deviation, n)
    known = _is_known(sums)
    return (
        _where(known, _numbers(sums, "total")),
        _where(known, low),
        _where(known, high),
    )


def _level(sums: pl.DataFrame) -> Figures:
    """A level is what it is at its moment, not a sample: no interval."""
    value = _where(_is_known(sums), _numbers(sums, "n"))
    return value, np.full_like(value, np.nan), np.full_like(value, np.nan)


def _mean_level(sums: pl.DataFrame) -> Figures:
    value = _numbers(sums, "mean", np.nan)
    return value, np.full_like(value, np.nan), np.full_like(value, np.nan)


def _rate_level(sums: pl.DataFrame) -> Figures:
    share, _, _ = _rate(sums)
    return share, np.full_like(share, np.nan), np.full_like(share, np.nan)


def _ratio(sums: pl.DataFrame) -> Figures:
    numerator, denominator = _numbers(sums, "numerator"), _numbers(sums, "denominator")
    value = np.full_like(numerator, np.nan)
    np.divide(numerator, denominator, out=value, where=denominator != 0)
    # Exposure per event has an exact interval; a share of time is no sample and has none.
    per_event = sums["is_per_event"].fill_null(value=False).to_numpy() & (numerator > 0)
    low, high = between_interval(numerator, denominator)
    return value, _where(per_event, low), _where(per_event, high)


def _quantile(name: str) -> Callable[[pl.DataFrame], Figures]:
    def read(sums: pl.DataFrame) -> Figures:
        return (
            _numbers(sums, name, np.nan),
            _numbers(sums, "quantile_low", np.nan),
            _numbers(sums, "quantile_high", np.nan),
        )

    return read


_AGGREGATES: dict[str, Callable[[pl.DataFrame], Figures]] = {
    "mean": _mean,
    "rate": _rate,
    "count": _count,
    "sum": _sum,
    "level": _level,
    "mean level": _mean_level,
    "rate level": _rate_level,
    "ratio": _ratio,
    "median": _quantile("median"),
    "p90": _quantile("p90"),
}


def _is_known(sums: pl.DataFrame) -> np.ndarray:
    """Whether a sum over the bucket can be told: some row is known, or there is none at all."""
    cohort, n = _numbers(sums, "cohort"), _numbers(sums, "n")
    return (n > 0) | ((cohort == 0) & sums["covered"].to_numpy())


def _where(keep: np.ndarray, numbers: Numbers) -> Numbers:
    return np.where(keep, numbers, np.nan)


def _reason(metric: Metric) -> pl.Expr:
    """Why a bucket has no value, where it has none."""
    hours = (pl.col("numerator") / 3600).round(0).cast(pl.Int64)
    nothing_failed = pl.lit(metric.unit == "duration") & (pl.col("numerator") > 0)
    return (
        pl.when(pl.col("value").is_not_null())
        .then(None)
        .when(nothing_failed)
        .then(pl.format("> {} h, none seen", hours))
        .when(pl.col("cohort") > 0)
        .then(pl.format("none of {} rows can be used", pl.col("cohort")))
        .when(pl.col("covered"))
        .then(pl.lit("nothing in this bucket"))
        .otherwise(pl.lit("outside the data"))
    )
