"""Questions that one scan answers: what is counted by month and group tells the months and the
groups as well.

Only counts are added up, so a figure that is told this way is the same number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import polars as pl

from queries.aggregation import Scope, keys
from queries.buckets import Bucket
from queries.catalogue import Metric
from queries.cohorts import Cohort
from queries.periods import period_of
from queries.question import Question

_MONTH = "month"
_MOST_COLUMNS = 2  # each multiplies the groups that a scan has to keep apart


def shared(
    cohort: Cohort, questions: Iterable[Question], zone: ZoneInfo
) -> list[tuple[Question, ...]]:
    """The questions to a cohort in groups that one scan answers, each in one of them.

    Months of the same days under the same filters go together, cut by columns or not, and so does
    a month of them that is asked by itself.
    """
    groups: list[list[Question]] = []
    is_counted = all(map(_is_counted, cohort.metrics))
    for question in sorted(questions, key=lambda each: each.by[:1] != (_MONTH,)):
        fitting = (group for group in groups if is_counted and _fits(question, group, zone))
        group = next(fitting, None)
        if group is None:
            groups.append([question])
        else:
            group.append(question)
    return [tuple(group) for group in groups]


def _is_counted(metric: Metric) -> bool:
    if metric.aggregate == "level":
        return metric.unit != "duration" and not metric.is_share_of_level
    return metric.aggregate in ("rate", "count")


def _fits(question: Question, group: Sequence[Question], zone: ZoneInfo) -> bool:
    """Whether the months of a group, cut finer, tell the answer."""
    months = group[0]
    if months.by[:1] != (_MONTH,) or months.is_open or question.aggregate or months.aggregate:
        return False
    if len(finest_of([*group, question]).columns) > _MOST_COLUMNS:
        return False
    if dict(question.where) != dict(months.where):
        return False
    if question.time_unit:
        return (question.by[0], question.from_on, question.to_on) == (
            _MONTH,
            months.from_on,
            months.to_on,
        )
    (alone,) = period_of(question, zone).buckets
    return any(_is_same(alone, each) for each in period_of(months, zone).buckets)


def finest_of(questions: Sequence[Question]) -> Question:
    """The question whose answer tells those of all: the first, cut by what any is cut by."""
    columns = dict.fromkeys(name for question in questions for name in question.columns)
    first = questions[0]
    if len(questions) == 1:
        return first
    return replace(first, by=(_MONTH, *columns))


def own_scope(scope: Scope, question: Question, zone: ZoneInfo) -> Scope:
    """That of one of the questions within that of the finest."""
    if question == scope.question:
        return scope
    return replace(scope, question=question, period=period_of(question, zone))


def rolled_up(sums: pl.DataFrame, scope: Scope, own: Scope) -> pl.DataFrame:
    """The sums of one of the questions, from those of the finest."""
    if own is scope:
        return sums
    if own.question.time_unit is None:
        (alone,) = own.period.buckets
        places = [n for n, each in enumerate(scope.period.buckets) if _is_same(alone, each)]
        sums = sums.filter(pl.col("bucket").is_in(places)).with_columns(pl.lit(0).alias("bucket"))
    finer, coarser = keys(scope.question), keys(own.question)
    told = dict(zip(scope.question.columns, finer[1:], strict=True))
    kept = [pl.col(told[name]) for name in own.question.columns]
    cut = [column.alias(name) for column, name in zip(kept, coarser[1:], strict=True)]
    return sums.group_by("bucket", *cut).agg(pl.exclude(*finer).sum())


def _is_same(one: Bucket, other: Bucket) -> bool:
    return (one.from_at, one.to_at) == (other.from_at, other.to_at)
