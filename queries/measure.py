"""Figures and the rows behind them, for every metric alike.

A metric says what counts; this does the rest: filters, period, buckets, value, median and p90,
95 % interval and coverage, and the evidence that a figure opens into.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb
import polars as pl

from policies.model import Policy
from policies.refusal import Refused
from queries.aggregation import Rows, Scope, keys, rows_of, sums_of, sums_of_several
from queries.bands import rank
from queries.catalogue import Metric, definition
from queries.cohorts import VALUE, Cohort, is_for
from queries.fetching import fetch
from queries.figures import FIGURES, with_figures
from queries.known import Known
from queries.periods import is_covered, period_of
from queries.question import NONE, Question, check, narrow
from queries.reasons import why_nothing
from queries.rollups import finest_of, own_scope, rolled_up
from queries.selection import (
    NotCutError,
    Selection,
    Span,
    first_row,
    read_span,
    select_evidence,
)

TICKET_COLUMNS = (
    "number",
    "title",
    "kind",
    "state",
    "priority",
    "service",
    "resolver_group",
    "opened_at",
    "resolved_at",
    "closed_at",
)

_COLUMNS_OF_SUMS = {
    "cohort": pl.Int64,
    "n": pl.Int64,
    "total": pl.Float64,
    "mean": pl.Float64,
    "deviation": pl.Float64,
    "median": pl.Float64,
    "p90": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "is_per_event": pl.Boolean,
    "quantile_low": pl.Float64,
    "quantile_high": pl.Float64,
}


@dataclass(frozen=True)
class Answer:
    """The figures of one metric.

    `rows` has one row per bucket: `bucket` (null when uncut; `bucket_2` when cut by two things),
    `n` (rows it stands on), `value`, `low` and `high` (95 % interval), `median` and `p90`
    (durations only), `coverage` (n over the rows that it should stand on), `deviation` (standard
    deviation of the values), `numerator` and `denominator` (the value is their quotient; an
    amount has no denominator, a quantile neither) and `reason` (why it has no value). Durations
    are seconds, shares between 0 and 1. The answer's own `reason` says why there is no figure at
    all.
    """

    metric: Metric
    question: Question
    aggregate: str
    definition: str
    rows: pl.DataFrame
    reason: str | None = None


def measure(
    connection: duckdb.DuckDBPyConnection,
    metric: Metric,
    question: Question,
    policy: Policy,
    known: Known | None = None,
) -> Answer:
    """The figures that answer the question; Refused when it cannot be asked.

    Reads on a cursor of its own, so threads may share the connection. `known` holds what earlier
    questions to the same build have found out.
    """
    cohort = Cohort(metric, {VALUE: metric})
    (answer,) = measure_cohort(connection, cohort, question, policy, known)
    return answer


def measure_cohort(
    connection: duckdb.DuckDBPyConnection,
    cohort: Cohort,
    question: Question,
    policy: Policy,
    known: Known | None = None,
) -> list[Answer]:
    """The figures of the metrics of a cohort, in their order: what `measure` tells of each."""
    (answers,) = measure_shared(connection, cohort, [question], policy, known)
    return answers


def measure_shared(
    connection: duckdb.DuckDBPyConnection,
    cohort: Cohort,
    questions: Sequence[Question],
    policy: Policy,
    known: Known | None = None,
) -> list[list[Answer]]:
    """The same for each of several questions, in one scan where `queries.rollups.shared` put them
    together."""
    finest, known = finest_of(questions), known or Known()
    for question in questions:
        check(question)
    with connection.cursor() as cursor:
        if len(cohort.metrics) > 1 and not is_for(cohort, finest, cursor, known):
            return [
                [measure(connection, metric, each, policy, known) for metric in cohort.metrics]
                for each in questions
            ]
        answers = [[_asked(each, asked, policy) for each in cohort.metrics] for asked in questions]
        try:
            selection = select_evidence(cursor, cohort.evidence, finest, known)
        except NotCutError as reason:
            if len(questions) > 1:  # what one of them is cut by says nothing of the others
                return [
                    measure_cohort(connection, cohort, each, policy, known) for each in questions
                ]
            return [[_unavailable(each, f"{reason}.") for each in told] for told in answers]
        span = read_span(cursor, known)
        if span.data_at is None:
            return [
                [
                    _unavailable(each, why_nothing(cursor, each.metric, selection, span, 0, known))
                    for each in told
                ]
                for told in answers
            ]
        metric = cohort.evidence
        reach = _reach(cursor, metric, selection, span) if finest.is_open else (None, None)
        period = period_of(finest, policy.timezone, *reach)
        scope = Scope(cursor, metric, finest, selection, period, span)
        sums = _sums(scope, cohort)
        return [
            [
                _told(each, own, rolled_up(found, scope, own), known)
                for each, found in zip(told, sums, strict=True)
            ]
            for question, told in zip(questions, answers, strict=True)
            for own in [own_scope(scope, question, policy.timezone)]
        ]


def _sums(scope: Scope, cohort: Cohort) -> list[pl.DataFrame]:
    """The sums of each metric of a cohort."""
    if len(cohort.metrics) == 1:
        return [sums_of(scope, rows_of(scope))]
    return sums_of_several(scope, cohort.values)


def _asked(metric: Metric, question: Question, policy: Policy) -> Answer:
    """An answer before its figures; Refused for a metric that has no such aggregate."""
    _aggregate(metric, question)
    shown = question.aggregate or metric.aggregate
    return Answer(metric, question, shown, definition(metric, policy), _no_rows(question))


def _told(answer: Answer, scope: Scope, sums: pl.DataFrame, known: Known) -> Answer:
    """The answer with its figures, or with the reason why there is none."""
    metric, question = answer.metric, answer.question
    sums = _complete(sums, scope)
    figures = with_figures(metric, _aggregate(metric, question), sums)
    answer = replace(answer, rows=_shaped(figures, question))
    if _says_something(answer.rows):
        return answer
    selection = scope.selection
    if metric is not scope.metric:
        selection = select_evidence(scope.cursor, metric, question, known)
    cohort = int(sums["cohort"].sum())
    reason = why_nothing(scope.cursor, metric, selection, scope.span, cohort, known)
    return _unavailable(answer, reason)


def evidence(
    connection: duckdb.DuckDBPyConnection,
    metric: Metric,
    question: Question,
    policy: Policy,
    *,
    bucket: Sequence[str] | None = None,
    limit: int | None = None,
    largest_first: bool = False,
    of_tickets: Sequence[str] = TICKET_COLUMNS,
    known: Known | None = None,
) -> pl.DataFrame:
    """The rows behind a figure, each with these columns of its ticket, newest first.

    With `bucket` (a name for each thing that the question is cut by) the rows behind that figure,
    without it those behind the whole question. Aggregating their `value` gives the figure again;
    it is null where a row could not be used, and what a count does not count is left out. A
    level has what is open at its moment. A ratio has `numerator` and `denominator` of each row:
    the sum of one over the sum of the other. `limit` keeps the first rows only; with
    `largest_first` those of the largest `value`, which a ratio does not have.
    """
    check(question)
    question = replace(question, by=()) if bucket is None else narrow(question, *bucket)
    known = known or Known()
    with connection.cursor() as cursor:
        try:
            selection = select_evidence(cursor, metric, question, known)
        except NotCutError as reason:
            raise Refused(f"{reason}.") from None
        period = period_of(question, policy.timezone)
        scope = Scope(cursor, metric, question, selection, period, read_span(cursor, known))
        passed = [name for name in _passed(metric) if name in selection.columns]
        # with the opening beside the id the join reads the ids of a few tickets, not those of all
        has_opening = metric.one_row == "ticket" and "opened_at" in selection.columns
        beside = ["opened_at"] if has_opening else []
        keys = ["ticket_id", *beside]
        listed = "".join(f"\n    evidence.{name}," for name in dict.fromkeys((*passed, *beside)))
        rows = rows_of(scope, listed)
        order = "value desc nulls last" if largest_first else _newest_first(passed)
        return _with_tickets(scope, rows, passed, keys, of_tickets, order, limit)


def _newest_first(passed: Sequence[str]) -> str:
    return f"{'counted_at' if 'counted_at' in passed else 'from_at'} desc nulls last"


def _passed(metric: Metric) -> tuple[str, ...]:
    """The evidence's own columns that its rows show."""
    instants = ("counted_at",) if metric.aggregate != "level" else ("from_at", "to_at")
    if metric.aggregate == "ratio":
        instants = ("from_at", "to_at", "counted_at")
    return ("ticket_id", *(metric.dimensions or ()), *instants)


def _with_tickets(
    scope: Scope,
    rows: Rows,
    passed: list[str],
    keys: list[str],
    of_tickets: Sequence[str],
    order: str,
    limit: int | None,
) -> pl.DataFrame:
    """The rows joined with their tickets by these keys, where they stand on tickets."""
    metric = scope.metric
    figures = ("numerator", "denominator") if metric.aggregate == "ratio" else ("value",)
    shown, join = [f"evidence.{name}" for name in (*passed, *figures)], ""
    if "ticket_id" in passed:
        order += ", ticket_id"
        shown[1:1] = [f"tickets.{name}" for name in of_tickets if name not in passed]
        same = " and ".join(f"tickets.{key} = evidence.{key}" for key in keys)
        join = f"left join tickets on {same}"
    # The first rows are chosen before they are joined: a page shows few of many.
    sql = f"""
with evidence as (
    select *
    from (
{rows.sql}
    )
    {"where value" if metric.aggregate == "count" else ""}
    order by {order}
    limit $row_limit
)
select
    {", ".join(shown)}
from evidence
{join}
order by {", ".join(f"evidence.{key}" for key in order.split(", "))}"""
    return fetch(scope.cursor, sql, {**rows.parameters, "row_limit": limit})


def _aggregate(metric: Metric, question: Question) -> str:
    """Which figure is formed; Refused for a metric that is no quantity and has no other one."""
    has_ages = metric.aggregate == "level" and metric.unit == "duration"
    if question.aggregate in (None, "mean") and has_ages:
        return "mean level"
    if question.aggregate is None and metric.is_share_of_level:
        return "rate level"
    if question.aggregate is None:
        return metric.aggregate
    if metric.aggregate not in ("mean", "sum") and not has_ages:
        raise Refused(
            f"{metric.name} is a {metric.aggregate} and has no {question.aggregate}:"
            " ask for it without another aggregate."
        )
    return question.aggregate


def _reach(
    cursor: duckdb.DuckDBPyConnection, metric: Metric, selection: Selection, span: Span
) -> tuple[datetime | None, datetime | None]:
    """From the first row of a selection to the moment of the data, or to a later last row."""
    instant = "from_at" if metric.aggregate in ("level", "ratio") else "counted_at"
    ends = first_row(
        cursor,
        f"select min(evidence.{instant}) as first_at, max(evidence.{instant}) as last_at"
        f" from {selection.source} where {selection.where}",
        selection.parameters,
    )
    last = [at for at in (ends["last_at"], span.data_at) if at is not None]
    return ends["first_at"] or span.first_at, max(last, default=None)


def _complete(sums: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Every bucket of time for every value of the dimensions, in order, without rows too."""
    names, periods = keys(scope.question), scope.period.buckets
    buckets = pl.DataFrame(
        {
            "bucket": range(len(periods)),
            "time": [bucket.name for bucket in periods],
            "covered": [is_covered(bucket, scope.span) for bucket in periods],
        },
        schema_overrides={"bucket": pl.Int64},
    )
    # One plan for all steps: a page asks forty metrics, and each step of its own takes as long.
    rows = sums.lazy().with_columns(pl.col("bucket").cast(pl.Int64))
    grid = buckets.lazy()
    if len(names) > 1:
        grid = grid.join(rows.select(names[1:]).unique(), how="cross")
    absent = [pl.lit(None).alias(name) for name in _COLUMNS_OF_SUMS if name not in sums.columns]
    return (
        grid.join(rows.with_columns(absent), on=names, how="left")
        .with_columns(pl.col(name).cast(type_) for name, type_ in _COLUMNS_OF_SUMS.items())
        .with_columns(pl.col("cohort", "n").fill_null(0))
        .sort(_order(scope.question))
        .collect()
    )


def _key_columns(question: Question) -> list[str]:
    """For each thing the question is cut by the column of the sums that holds it."""
    dimensions = iter(keys(question)[1:])
    return ["time" if name == question.time_unit else next(dimensions) for name in question.by]


def _order(question: Question) -> list[pl.Expr]:
    """Time runs forward, values in their own order or by name, missing ones last."""
    order = []
    for name, key in zip(question.by, _key_columns(question), strict=True):
        column = pl.col("bucket" if key == "time" else key)
        order += [column] if key == "time" else [column == NONE, rank(name, column)]
    return order or [pl.col("bucket")]


def _shaped(figures: pl.DataFrame, question: Question) -> pl.DataFrame:
    """The columns of an answer, under their names."""
    named = zip(("bucket", "bucket_2"), _key_columns(question), strict=False)
    buckets = [pl.col(column).alias(name) for name, column in named]
    if not buckets:
        buckets = [pl.lit(None, pl.String).alias("bucket")]
    return figures.select(*buckets, *FIGURES)


def _no_rows(question: Question) -> pl.DataFrame:
    """The rows of an answer that is not available: one, or none where it is cut."""
    buckets = dict.fromkeys(("bucket", "bucket_2")[: max(len(question.by), 1)], pl.String)
    types = {"n": pl.Int64, "reason": pl.String}
    schema = buckets | {name: types.get(name, pl.Float64) for name in FIGURES}
    row = dict.fromkeys(schema) | {"n": 0, "coverage": 0.0}
    return pl.DataFrame([] if question.by else [row], schema=schema)


def _says_something(rows: pl.DataFrame) -> bool:
    """Whether any bucket has a figure, or at least a bound of one."""
    return bool((rows["value"].is_not_null() | rows["low"].is_not_null()).any())


def _unavailable(answer: Answer, reason: str) -> Answer:
    rows = answer.rows.with_columns(pl.lit(reason).alias("reason"), pl.lit(0.0).alias("coverage"))
    return replace(answer, rows=rows, reason=reason)
