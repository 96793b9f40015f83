"""One month of a metric cut by a dimension: the six largest values, and all others as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from dashboard import wording
from dashboard.filters import View
from dashboard.session import Data, answer, table
from pipelines.contract import TICKET_DIMENSIONS
from queries.catalogue import Metric
from queries.question import Question
from queries.reasons import NOTHING

LARGEST = 6
OTHER = "(other)"
THIN = 5  # fewer rows than this say little about a mean or a share


@dataclass(frozen=True)
class Bar:
    """One value of a dimension; `members` are the values it stands for."""

    bucket: str
    label: str
    members: tuple[str, ...]
    row: Mapping[str, Any]

    @property
    def is_other(self) -> bool:
        return self.bucket == OTHER


@dataclass(frozen=True)
class Breakdown:
    """The bars, largest value first with the others last, or why there are none."""

    dimension: str
    bars: tuple[Bar, ...]
    reason: str | None


def dimensions(data: Data, metric: Metric) -> list[str]:
    """What the metric can be cut by, as far as the data carry it, the usual ones first."""
    filled = {
        row["column"]
        for row in table(data, "column_coverage").iter_rows(named=True)
        if row["tickets_filled"]
    }
    offered = metric.dimensions or TICKET_DIMENSIONS
    usual = ("priority", "service", "resolver_group", "category", "customer", "channel", "location")
    known = [name for name in offered if name in filled]
    return sorted(known, key=lambda name: usual.index(name) if name in usual else len(usual))


def breakdown(data: Data, metric: Metric, view: View, dimension: str) -> Breakdown:
    """The month looked at, cut by the dimension."""
    question = view.of_month(dimension)
    found = answer(data, metric, question)
    rows = found.rows.filter(found.rows["value"].is_not_null())
    if rows.is_empty():
        return Breakdown(dimension, (), found.reason or NOTHING)
    ranked = _ranked(metric, rows)
    largest = [_bar(row) for row in ranked.head(LARGEST).iter_rows(named=True)]
    others = tuple(ranked["bucket"][LARGEST:].to_list())
    largest.sort(key=lambda bar: bar.row["value"], reverse=True)
    if len(others) == 1:
        largest.append(_bar(ranked.row(LARGEST, named=True)))
    elif others:
        largest.append(_others(data, metric, question, dimension, others))
    return Breakdown(dimension, tuple(largest), None)


def members(data: Data, metric: Metric, view: View, dimension: str, bucket: str) -> tuple[str, ...]:
    """The values that a bar stands for: itself, or those that the bar of the others holds."""
    if bucket != OTHER:
        return (bucket,)
    bars = breakdown(data, metric, view, dimension).bars
    return next((bar.members for bar in bars if bar.is_other), ())


def is_sampled(metric: Metric) -> bool:
    """Whether n says how much the value can be trusted: counts and shares of time are exact."""
    is_count = metric.unit == "count" and metric.aggregate in ("count", "level")
    return not is_count and metric.aggregate != "sum" and not is_share_of_time(metric)


def is_thin(metric: Metric, bar: Bar) -> bool:
    return is_sampled(metric) and bar.row["n"] < THIN


def is_share_of_time(metric: Metric) -> bool:
    return metric.aggregate == "ratio" and metric.unit == "share"


def _ranked(metric: Metric, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that deserve a bar of their own first: of most tickets, or of the worst value."""
    if is_share_of_time(metric):
        return rows.sort("value", "bucket", descending=[metric.better == "lower", False])
    return rows.sort("n", "bucket", descending=[True, False])


def which_are_drawn(metric: Metric) -> str:
    """In words, which values have a bar of their own."""
    return "The six lowest" if is_share_of_time(metric) else "The six with most tickets"


def _bar(row: Mapping[str, Any]) -> Bar:
    return Bar(row["bucket"], wording.value_name(row["bucket"]), (row["bucket"],), row)


def _others(
    data: Data, metric: Metric, question: Question, dimension: str, others: tuple[str, ...]
) -> Bar:
    """All other values as one figure, measured over their tickets and not averaged."""
    narrowed = replace(question, by=(), where={**question.where, dimension: others})
    row = answer(data, metric, narrowed).rows.row(0, named=True)
    return Bar(OTHER, f"{len(others)} others", others, row)
