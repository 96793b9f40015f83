"""Metrics that tell different things of the same rows: their values stand side by side in one scan.

Half of the catalogue looks at the incidents finished in a period, or at those opened in it. Asked
one by one each metric reads the same million rows; asked together they cost little more than one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from queries.catalogue import Metric
from queries.known import Known
from queries.question import Question
from queries.selection import columns_of

VALUE = "value"

# The plain form of a metric: all columns of its rows, an instant, a value. What is written in
# another way is asked alone.
_PLAIN = re.compile(
    r"select\n    \*,\n    (?P<instant>\w+) as counted_at,\n"
    r"(?P<told>(?:(?!\n\w).)+) as value\n"
    r"from (?P<rows>\w+(?:\nwhere (?:(?!\n\w|;).)+)?)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Cohort:
    """Metrics that are asked together: `evidence` has a column of values for each of them."""

    evidence: Metric
    values: Mapping[str, Metric]
    rows: str = ""

    @property
    def metrics(self) -> Sequence[Metric]:
        return tuple(self.values.values())


def cohorts_of(metrics: Iterable[Metric]) -> list[Cohort]:
    """The metrics in as few cohorts as can be, those that stand alone each in one of its own."""
    together: dict[tuple[str, ...], list[tuple[Metric, str]]] = {}
    for metric in metrics:
        plain = _PLAIN.fullmatch(metric.sql)
        is_cut_by_all = metric.dimensions is None
        if metric.aggregate == "level" and is_cut_by_all and not metric.is_share_of_level:
            together.setdefault((metric.sql,), []).append((metric, ""))
        elif plain is None or not is_cut_by_all or metric.aggregate in ("level", "ratio"):
            together[metric.name,] = [(metric, "")]
        else:
            found = together.setdefault((plain["instant"], plain["rows"]), [])
            found.append((metric, plain["told"]))
    return [_cohort(key, told) for key, told in together.items()]


def _cohort(key: tuple[str, ...], told: Sequence[tuple[Metric, str]]) -> Cohort:
    first = told[0][0]
    if len(told) == 1:
        return Cohort(first, {VALUE: first})
    names = [VALUE, *(f"{VALUE}_{number}" for number in range(1, len(told)))]
    values = {name: metric for name, (metric, _) in zip(names, told, strict=True)}
    if first.aggregate == "level":
        return Cohort(first, values, f"({first.sql}\n)")
    instant, rows = key
    columns = ",\n".join(f"{sql} as {name}" for name, (_, sql) in zip(names, told, strict=True))
    sql = f"select\n    *,\n    {instant} as counted_at,\n{columns}\nfrom {rows}"
    return Cohort(first.model_copy(update={"sql": sql}), values, rows)


def is_for(
    cohort: Cohort, question: Question, cursor: duckdb.DuckDBPyConnection, known: Known
) -> bool:
    """Whether the question is about the rows alone, and not about a column that one metric adds."""
    if question.aggregate in ("median", "p90"):
        return False
    there = columns_of(cursor, f"(select * from {cohort.rows})", known)
    return all(name in there for name in (*question.columns, *question.where))
