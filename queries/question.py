"""A question to a metric: which period, which tickets, cut by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from policies.refusal import Refused
from queries.buckets import TIME_UNITS, bucket_days

NONE = "(none)"  # how a missing value of a dimension is called, in filters and in buckets

Override = Literal["mean", "median", "p90"]


@dataclass(frozen=True)
class Question:
    """What is asked of a metric.

    `from_on` (inclusive) and `to_on` (exclusive) are days of the reporting zone; None is open.
    `by` holds up to two of month, week, quarter, day, year (one of these at most) and columns.
    `where` maps a column to the values kept: values of one column are or, columns are and;
    "(none)" stands for a missing value. `aggregate` replaces the metric's own mean.
    """

    from_on: date | None = None
    to_on: date | None = None
    by: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aggregate: Override | None = None

    @property
    def time_unit(self) -> str | None:
        """The unit of time it is cut by, if any."""
        return next((name for name in self.by if name in TIME_UNITS), None)

    @property
    def is_open(self) -> bool:
        """Whether it is cut by time and leaves an end of its period to the data."""
        return self.time_unit is not None and not (self.from_on and self.to_on)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is cut by."""
        return tuple(name for name in self.by if name not in TIME_UNITS)


def check(question: Question) -> None:
    """Refused when the question contradicts itself."""
    if question.from_on and question.to_on and question.from_on >= question.to_on:
        raise Refused(
            f"The period ends on {question.to_on}, which is not after its first day"
            f" {question.from_on}: the end is exclusive, so give a later one."
        )
    if len(question.by) > 2 or len(set(question.by)) < len(question.by):
        raise Refused(f"Cut by one or two different things, not by {', '.join(question.by)}.")
    if sum(name in TIME_UNITS for name in question.by) > 1:
        raise Refused(f"Cut by one unit of time, not by {' and '.join(question.by)}.")


def narrow(question: Question, *buckets: str) -> Question:
    """The question behind one bucket (or pair of buckets) of this question's answer.

    Cut by nothing, it asks for the bucket alone: its figure is the bucket's figure.
    """
    if len(buckets) != len(question.by):
        raise Refused(f"Name {len(question.by)} buckets to open one figure, not {len(buckets)}.")
    narrowed = replace(question, by=())
    for name, bucket in zip(question.by, buckets, strict=True):
        narrowed = _within(narrowed, name, bucket)
    return narrowed


def _within(question: Question, name: str, bucket: str) -> Question:
    if name not in TIME_UNITS:
        return replace(question, where={**question.where, name: (bucket,)})
    from_on, to_on = bucket_days(name, bucket)
    return replace(
        question,
        from_on=max(from_on, question.from_on or from_on),
        to_on=min(to_on, question.to_on or to_on),
    )
