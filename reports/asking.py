"""Where a report's figures come from: the questions of one pack, each asked once.

Fifty packs, one for each customer, would ask the same of one build fifty times. `EachAsked` asks
once for all values of the dimension and hands out the rows of one; where that has nothing to say,
the question is asked for the value alone, so that the answer is always the one that filters give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
from polars import selectors

from policies.model import Policy
from policies.refusal import Refused
from policies.zones import day_start
from queries import listing
from queries.at_once import at_once
from queries.catalogue import Metric
from queries.cohorts import Cohort, cohorts_of
from queries.known import Known
from queries.measure import Answer, evidence, measure, measure_cohort
from queries.months import Month, Stretch, months_between
from queries.question import Question

Where = Mapping[str, tuple[str, ...]]
DIGITS = 12


@dataclass(frozen=True)
class Source:
    """A build under a policy, with the metrics that can be asked of it.

    `kept` is the folder of what people decided; `build` is the build's number.
    """

    connection: duckdb.DuckDBPyConnection = field(repr=False)
    policy: Policy
    metrics: Mapping[str, Metric]
    kept: Path
    build: int

    @property
    def zone(self) -> ZoneInfo:
        return self.policy.timezone


class Shared:
    """What all packs of one run read, asked once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.state: dict[str, Any] = listing.data_state(source.connection)
        if self.state["first_at"] is None:
            raise Refused("The warehouse has no tickets yet: load an export before a report.")
        self.months: tuple[Month, ...] = months_between(
            self.state["first_at"], self.state["data_at"], source.zone, self.state["openings"]
        )
        self.findings = listing.findings(source.connection)
        coverage = listing.column_coverage(source.connection)
        self.filled = {row["column"] for row in coverage.to_dicts() if row["tickets_filled"]}
        self._known = Known()
        self._answers: dict[tuple[object, ...], Answer] = {}
        self._evidence: dict[tuple[object, ...], pl.DataFrame] = {}
        self._lists: dict[tuple[object, ...], pl.DataFrame] = {}
        self._kept: dict[str, pl.DataFrame] = {}
        self._dimensions: dict[str, pl.DataFrame] = {}

    def answer(self, metric: Metric, question: Question) -> Answer:
        key = _key(metric, question)
        if key not in self._answers:
            source = self.source
            self._answers[key] = steady(
                measure(source.connection, metric, question, source.policy, self._known)
            )
        return self._answers[key]

    def prepare(self, metrics: Iterable[Metric], question: Question) -> None:
        """Ask the same of several metrics: those that look at the same rows in one scan."""
        missing = [each for each in metrics if _key(each, question) not in self._answers]
        source = self.source

        def ask(cohort: Cohort) -> list[Answer]:
            return measure_cohort(source.connection, cohort, question, source.policy, self._known)

        for answers in at_once(ask, cohorts_of(missing)):
            for answer in answers:
                self._answers[_key(answer.metric, question)] = steady(answer)

    def evidence(self, metric: Metric, question: Question) -> pl.DataFrame:
        """The rows behind a figure, each with the number of its ticket."""
        key = _key(metric, question)
        if key not in self._evidence:
            source = self.source
            self._evidence[key] = evidence(
                source.connection,
                metric,
                question,
                source.policy,
                of_tickets=("number",),
                known=self._known,
            )
        return self._evidence[key]

    def listed(
        self, name: str, looked_at: Stretch, columns: Sequence[str], of_tickets: tuple[str, ...]
    ) -> pl.DataFrame:
        """A list about these days, with the columns that filters look at."""
        key = (name, looked_at.from_on, looked_at.to_on, tuple(columns), of_tickets)
        if key not in self._lists:
            zone = self.source.zone
            period = (day_start(looked_at.from_on, zone), day_start(looked_at.to_on, zone))
            self._lists[key] = listing.of_period(
                self.source.connection, name, period, columns, of_tickets
            )
        return self._lists[key]

    def kept_once(
        self, name: str, read: Callable[[duckdb.DuckDBPyConnection, Path], pl.DataFrame]
    ) -> pl.DataFrame:
        """A table of what people decided on, read once."""
        if name not in self._kept:
            self._kept[name] = read(self.source.connection, self.source.kept)
        return self._kept[name]

    def value_of_tickets(self, dimension: str) -> pl.DataFrame:
        """`ticket_id` and `value` of a dimension, for all tickets that count."""
        if dimension not in self._dimensions:
            self._dimensions[dimension] = listing.tickets_by(self.source.connection, dimension)
        return self._dimensions[dimension]


class Asked:
    """The answers of one pack: every question carries its filters."""

    def __init__(self, shared: Shared, where: Where) -> None:
        self.shared = shared
        self.where = where

    @property
    def source(self) -> Source:
        return self.shared.source

    @property
    def months(self) -> tuple[Month, ...]:
        return self.shared.months

    def question(self, looked_at: Stretch, *by: str, **where: tuple[str, ...]) -> Question:
        """These days under the filters of the pack and others, cut by at most one thing."""
        return Question(looked_at.from_on, looked_at.to_on, by, {**self.where, **where})

    def prepare(self, metrics: Iterable[Metric], question: Question) -> None:
        """Ask what is about to be asked of several metrics, in as few scans as can be."""
        self.shared.prepare(metrics, question)

    def answer(self, metric: Metric, question: Question) -> Answer:
        return self.shared.answer(metric, question)

    def evidence(self, metric: Metric, question: Question) -> pl.DataFrame:
        return self.shared.evidence(metric, question)


class EachAsked(Asked):
    """The answers of a pack about one value of a dimension, out of those of all values."""

    def __init__(self, shared: Shared, where: Where, dimension: str, value: str) -> None:
        super().__init__(shared, {**where, dimension: (value,)})
        self.dimension = dimension
        self.value = value

    def prepare(self, metrics: Iterable[Metric], question: Question) -> None:
        alone: list[Metric] = []
        together: list[Metric] = []
        for metric in metrics:
            (together if self._is_shareable(metric, question) else alone).append(metric)
        super().prepare(alone, question)
        whole = self._without_value(question)
        for each in (whole, replace(whole, by=(*question.by, self.dimension))):
            super().prepare(together, each)

    def answer(self, metric: Metric, question: Question) -> Answer:
        """The rows of the value; asked alone where all of them say nothing."""
        if not self._is_shareable(metric, question):
            return super().answer(metric, question)
        whole = self.shared.answer(metric, self._without_value(question))
        if metric.aggregate in ("mean", "rate") and whole.reason in metric.needs.values():
            # What no ticket carries, those of one value do not carry either.
            return replace(whole, question=question)
        wide = replace(self._without_value(question), by=(*question.by, self.dimension))
        found = self.shared.answer(metric, wide)
        bucket = "bucket_2" if question.by else "bucket"
        rows = found.rows.filter(pl.col(bucket) == self.value)
        if rows.is_empty() or not (rows["value"].is_not_null() | rows["low"].is_not_null()).any():
            return super().answer(metric, question)
        if question.by:
            rows = rows.drop("bucket_2")
        else:
            rows = rows.with_columns(pl.lit(None, pl.String).alias("bucket"))
        if question.by and question.time_unit is None:
            # A value of the other dimension without a row of this one is in no answer of its own.
            rows = rows.filter((pl.col("n") > 0) | pl.col("value").is_not_null())
        return replace(found, question=question, rows=rows)

    def evidence(self, metric: Metric, question: Question) -> pl.DataFrame:
        if not self._is_shareable(metric, question) or metric.dimensions is not None:
            return super().evidence(metric, question)
        rows = self.shared.evidence(metric, self._without_value(question))
        if "ticket_id" not in rows.columns:
            return super().evidence(metric, question)
        mine = self.shared.value_of_tickets(self.dimension).filter(pl.col("value") == self.value)
        return rows.join(mine, on="ticket_id", how="semi", maintain_order="left")

    def _is_shareable(self, metric: Metric, question: Question) -> bool:
        is_cut = len(question.by) > 1 or self.dimension in question.by
        return not is_cut and (metric.dimensions is None or self.dimension in metric.dimensions)

    def _without_value(self, question: Question) -> Question:
        where = {name: kept for name, kept in question.where.items() if name != self.dimension}
        return replace(question, where=where)


def steady(answer: Answer) -> Answer:
    """The figures to twelve digits where they are no whole numbers: the order in which rows were
    added up, another in each build of the same tickets, shows in the sixteenth. What is the same
    is the same report to the last byte."""
    figure = selectors.float()
    to_digits = (
        pl.when(figure == figure.round()).then(figure).otherwise(figure.round_sig_figs(DIGITS))
    )
    return replace(answer, rows=answer.rows.with_columns(to_digits))


def _key(metric: Metric, question: Question) -> tuple[Any, ...]:
    where = tuple(sorted((name, tuple(kept)) for name, kept in question.where.items()))
    days = (question.from_on, question.to_on)
    return metric.name, *days, question.by, where, question.aggregate
