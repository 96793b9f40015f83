"""Rows and sums per bucket and dimension, one query for each shape of evidence.

Grain of the sums: one row per bucket and dimension that has rows. Columns: `bucket` (its position
in the period), `dimension_0`, `dimension_1` (as far as the question has columns), and the sums
that `queries.figures` reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import polars as pl

from queries.catalogue import Metric
from queries.cohorts import VALUE
from queries.day_bounds import bounds_by_day
from queries.fetching import fetch
from queries.intervals import quantile_ranks
from queries.periods import FAR_FUTURE, Period, moment_of, read_at
from queries.question import Question
from queries.selection import Selection, Span, column_sql

_SUMS_OF_VALUES = {
    "total": "cast(sum({value}) as double)",
    "mean": "cast(avg({value}) as double)",
    "deviation": "cast(stddev_samp({value}) as double)",
}
_QUANTILES = {"quantiles": "quantile_cont({value}, [0.5, 0.9])"}
_SUMS_OF_RATIOS = {
    "cohort": "count(*) filter (not per_second)",
    "n": "count(*) filter (not per_second and denominator is not null)",
    "numerator": "cast(sum(numerator) as double)",
    "denominator": "cast(sum(denominator) as double)",
    "is_per_event": ("bool_and(case when per_second then denominator = 0 else numerator = 0 end)"),
}


@dataclass(frozen=True)
class Scope:
    """All that the rows behind a question depend on."""

    cursor: duckdb.DuckDBPyConnection
    metric: Metric
    question: Question
    selection: Selection
    period: Period
    span: Span


@dataclass(frozen=True)
class Rows:
    """The rows behind a question as a query with its parameters.

    Its columns are `bucket`, the dimensions, and `value` or `numerator, denominator, per_second`.
    """

    sql: str
    parameters: dict[str, object]


def rows_of(scope: Scope, passed: str = "") -> Rows:
    """The rows behind a question; `passed` lists further columns, each followed by a comma."""
    columns = passed + _dimensions_sql(scope.question, scope.selection)
    if scope.metric.aggregate == "ratio":
        return _ratio_rows(scope, columns)
    return _counted_rows(scope, columns, {VALUE: scope.metric})


def _counted_rows(scope: Scope, columns: str, metrics: Mapping[str, Metric]) -> Rows:
    """Those of metrics that stand on the same ones, by the column that holds the values of each."""
    if scope.metric.aggregate != "level":
        return _point_rows(scope, columns, tuple(metrics))
    rows = _levels_rows if scope.question.time_unit else _level_rows
    return rows(scope, columns, metrics)


def keys(question: Question) -> list[str]:
    """The names of the columns that tell one row of sums from another."""
    return [
        "bucket",
        *(f"dimension_{number}" for number in range(len(question.columns))),
    ]


def sums_of(scope: Scope, rows: Rows) -> pl.DataFrame:
    """The sums of the rows by bucket and dimension."""
    (sums,) = _grouped(scope, rows, {VALUE: scope.metric})
    if scope.question.aggregate in ("median", "p90"):
        return _with_quantile_interval(scope, rows, sums)
    return sums


def sums_of_several(scope: Scope, metrics: Mapping[str, Metric]) -> list[pl.DataFrame]:
    """The sums of several metrics of one cohort, by the column that holds the values of each."""
    columns = _dimensions_sql(scope.question, scope.selection)
    return _grouped(scope, _counted_rows(scope, columns, metrics), metrics)


def _grouped(scope: Scope, rows: Rows, metrics: Mapping[str, Metric]) -> list[pl.DataFrame]:
    """For each metric the sums of the column that holds its values, all in one scan."""
    question, names = scope.question, keys(scope.question)
    wanted = [
        {f"{name}_of_{value}": (name, sql.format(value=value)) for name, sql in sums.items()}
        for value, metric in metrics.items()
        for sums in (_sums(metric, question),)
    ]
    listed = ", ".join(names)
    told = ",\n    ".join(
        f"{sql} as {column}" for sums in wanted for column, (_, sql) in sums.items()
    )
    sql = f"""
select
    {listed},
    {told}
from (
{rows.sql}
)
group by {listed}"""
    found = fetch(scope.cursor, sql, rows.parameters)
    return [
        _with_quantiles(
            found.select(
                *names, *(pl.col(column).alias(name) for column, (name, _) in sums.items())
            )
        )
        for sums in wanted
    ]


def _with_quantiles(sums: pl.DataFrame) -> pl.DataFrame:
    if "quantiles" not in sums.columns:
        return sums
    median, p90 = (pl.col("quantiles").list.get(i, null_on_oob=True) for i in (0, 1))
    return sums.with_columns(median.alias("median"), p90.alias("p90")).drop("quantiles")


def _sums(metric: Metric, question: Question) -> dict[str, str]:
    """What a metric's figures are made of: SQL by name, its values' column to be filled in."""
    if metric.aggregate == "ratio":
        return _SUMS_OF_RATIOS
    counts = {"cohort": "count(*)", "n": "count({value})"}
    if metric.aggregate in ("rate", "count") or metric.is_share_of_level:
        return counts | {"total": "count(*) filter ({value})"}
    if metric.aggregate == "level" and metric.unit != "duration":
        return counts
    has_quantiles = metric.unit == "duration" or question.aggregate in ("median", "p90")
    return counts | _SUMS_OF_VALUES | (_QUANTILES if has_quantiles else {})


def _dimensions_sql(question: Question, selection: Selection) -> str:
    """The question's columns as `dimension_0`, `dimension_1`, each followed by a comma."""
    return "".join(
        f"\n    {column_sql(name, selection)} as dimension_{number},"
        for number, name in enumerate(question.columns)
    )


def _position_sql(instant: str, table: str) -> str:
    """The number of bounds that an instant has reached, given its row of `bounds_by_day`."""
    return (
        f"({table}.position + cast({instant} >= {table}.first_bound as integer)"
        f" + cast({instant} >= {table}.second_bound as integer))"
    )


def _point_rows(scope: Scope, columns: str, values: Sequence[str]) -> Rows:
    """What counts at one instant within the period."""
    selection, period = scope.selection, scope.period
    source, bucket = selection.source, "0"
    if scope.question.time_unit:
        scope.cursor.register("days", bounds_by_day(period.bounds))
        source += "\njoin days on days.utc_day = cast(evidence.counted_at as date)"
        bucket = _position_sql("evidence.counted_at", "days") + " - 1"
    listed = ", ".join(f"evidence.{value}" for value in values)
    sql = f"""
select
    {bucket} as bucket,{columns}
    {listed}
from {source}
where evidence.counted_at >= $from_at and evidence.counted_at < $to_at and {selection.where}"""
    ends = {"from_at": period.bounds[0], "to_at": period.bounds[-1]}
    return Rows(sql, {**selection.parameters, **ends})


def _level_rows(scope: Scope, columns: str, metrics: Mapping[str, Metric]) -> Rows:
    """What is open at the end of the period, or at the moment of the data if that is earlier."""
    selection, bucket = scope.selection, scope.period.buckets[0]
    moment = moment_of(bucket, scope.span)
    _, values = _values_of_levels(metrics, "$moment", "$read_at", "evidence.")
    parameters = dict(selection.parameters)
    if "$read_at" in values:
        parameters["read_at"] = read_at(bucket, scope.span)
    sql = f"""
select
    0 as bucket,{columns}
    {values}
from {selection.source}
where evidence.from_at < $moment
    and (evidence.to_at is null or evidence.to_at >= $moment)
    and {_whole_is_open(selection)}
    and {selection.where}"""
    return Rows(sql, {**parameters, "moment": moment})


def _whole_is_open(selection: Selection) -> str:
    """That the interval that a row is a part of holds the moment, where the evidence tells it: a
    column is looked at before anything is worked out of it."""
    if not {"whole_from_at", "whole_to_at"} <= selection.columns.keys():
        return "true"
    return (
        "evidence.whole_from_at < $moment"
        " and (evidence.whole_to_at is null or evidence.whole_to_at >= $moment)"
    )


def _values_of_levels(
    metrics: Mapping[str, Metric], moment: str, read_at: str, table: str = ""
) -> tuple[tuple[str, ...], str]:
    """What the values of levels are made of, and the values."""
    made_of, values = [], []
    for name, metric in metrics.items():
        value = "true"
        if metric.unit == "duration":
            made_of.append("opened_at")
            value = f"epoch({read_at}) - epoch({table}opened_at)"
        if metric.is_share_of_level:
            made_of.append("since_at")
            value = f"coalesce({table}since_at < {moment}, false)"
        values.append(f"{value} as {name}")
    return tuple(dict.fromkeys(made_of)), ",\n    ".join(values)


def _levels_rows(scope: Scope, columns: str, metrics: Mapping[str, Metric]) -> Rows:
    """What is open at the end of each bucket: one row per bucket whose end it lives to see."""
    cursor, selection, buckets = scope.cursor, scope.selection, scope.period.buckets
    moments = [moment_of(bucket, scope.span) for bucket in buckets]
    days = bounds_by_day(moments)
    cursor.register("days", days)
    readings = [read_at(bucket, scope.span) for bucket in buckets]
    frame = {"bucket": range(len(moments)), "moment": moments, "read_at": readings}
    cursor.register("moments", pl.DataFrame(frame))
    made_of, values = _values_of_levels(metrics, "moment", "read_at")
    passed = "".join(f"evidence.{name}, " for name in made_of)
    sql = f"""
select
    bucket,
    * exclude (bucket, first_bucket, after_bucket, moment, read_at),
    {values}
from (
    select
        unnest(range(first_bucket, after_bucket)) as bucket,
        *
    from (
        select{columns}
            {passed}
            {_first_after("evidence.from_at", "from_days")} as first_bucket,
            {_first_after("evidence.to_at", "to_days")} as after_bucket
        from {selection.source}
        left join days as from_days on from_days.utc_day = cast(evidence.from_at as date)
        left join days as to_days on to_days.utc_day = cast(evidence.to_at as date)
        where evidence.from_at < $last_moment
            and (evidence.to_at is null or evidence.to_at >= $first_moment)
            and {selection.where}
    )
    where first_bucket < after_bucket
)
join moments using (bucket)"""
    ends = {
        "first_day": datetime.combine(days["utc_day"][0], datetime.min.time()),
        "first_moment": moments[0],
        "last_moment": moments[-1],
        "after_last": len(moments),
    }
    return Rows(sql, {**selection.parameters, **ends})


def _first_after(instant: str, table: str) -> str:
    """The first bucket whose moment is later than the instant."""
    return f"""case
                when {instant} is null or {instant} >= $last_moment then $after_last
                when {instant} < $first_day then 0
                else {_position_sql(instant, table)}
            end"""


def _ratio_rows(scope: Scope, columns: str) -> Rows:
    """Intervals clipped to each bucket, in seconds, and what counts at one instant in it."""
    selection, buckets = scope.selection, scope.period.buckets
    frame = {
        "bucket": range(len(buckets)),
        "starts_at": [bucket.from_at for bucket in buckets],
        "ends_at": [bucket.to_at for bucket in buckets],
    }
    scope.cursor.register("buckets", pl.DataFrame(frame))
    sql = f"""
select
    bucket,{columns}
    greatest(evidence.from_at, starts_at) as clipped_from_at,
    least(coalesce(evidence.to_at, $now), ends_at, $now) as clipped_to_at,
    evidence.numerator * (epoch(clipped_to_at) - epoch(clipped_from_at)) as numerator,
    evidence.denominator * (epoch(clipped_to_at) - epoch(clipped_from_at)) as denominator,
    true as per_second
from {selection.source}
join buckets on evidence.from_at < ends_at
    and least(coalesce(evidence.to_at, $now), $now) > starts_at
where evidence.counted_at is null
    and evidence.from_at < least(coalesce(evidence.to_at, $now), $now)
    and {selection.where}
union all
select
    bucket,{columns}
    null,
    null,
    evidence.numerator,
    evidence.denominator,
    false
from {selection.source}
join buckets on evidence.counted_at >= starts_at and evidence.counted_at < ends_at
where {selection.where}"""
    return Rows(sql, {**selection.parameters, "now": scope.span.data_at or FAR_FUTURE})


def _with_quantile_interval(scope: Scope, rows: Rows, sums: pl.DataFrame) -> pl.DataFrame:
    """Order statistics around the quantile asked for, as `quantile_low`, `quantile_high`."""
    cursor, question = scope.cursor, scope.question
    quantile = 0.5 if question.aggregate == "median" else 0.9
    names = keys(question)
    ranks = [quantile_ranks(n, quantile) or (None, None) for n in sums["n"]]
    low_ranks = pl.Series("low_rank", [low for low, _ in ranks], dtype=pl.Int64)
    high_ranks = pl.Series("high_rank", [high for _, high in ranks], dtype=pl.Int64)
    cursor.register("ranks", sums.select(names).with_columns(low_ranks, high_ranks))
    listed = ", ".join(names)
    sql = f"""
with ordered as (
    select
        {listed},
        list_sort(list(cast(value as double)) filter (value is not null)) as ascending
    from (
{rows.sql}
    )
    group by {listed}
)
select
    {listed},
    ascending[low_rank] as quantile_low,
    ascending[high_rank] as quantile_high
from ordered
join ranks using ({listed})"""
    limits = fetch(cursor, sql, rows.parameters)
    return sums.join(limits, on=names, how="left")
