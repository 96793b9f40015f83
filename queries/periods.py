"""The period of a question as UTC instants: its buckets, or itself as the only one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from policies.zones import day_start, local_day
from queries.buckets import Bucket, buckets_between
from queries.question import Question
from queries.selection import Span

_INSTANT = timedelta(microseconds=1)
FAR_PAST = datetime(1, 1, 1)
FAR_FUTURE = datetime(9999, 1, 1)


@dataclass(frozen=True)
class Period:
    """The buckets of a question, in order and without gaps; one without a name if uncut."""

    buckets: tuple[Bucket, ...]

    @property
    def bounds(self) -> list[datetime]:
        """The beginnings of all buckets and the end of the last."""
        return [*(bucket.from_at for bucket in self.buckets), self.buckets[-1].to_at]


def period_of(
    question: Question,
    zone: ZoneInfo,
    first_at: datetime | None = None,
    last_at: datetime | None = None,
) -> Period:
    """The period to answer for.

    One that is cut by time and open at an end reaches as far as the rows do, from the day of
    `first_at` to that of `last_at`.
    """
    from_on, to_on = question.from_on, question.to_on
    if question.time_unit is None:
        from_at = day_start(from_on, zone) if from_on else FAR_PAST
        to_at = day_start(to_on, zone) if to_on else FAR_FUTURE
        return Period((Bucket("", from_at, to_at),))
    if from_on is None:
        from_on = local_day(first_at or FAR_PAST, zone)
    if to_on is None:
        to_on = local_day(last_at or FAR_FUTURE, zone) + timedelta(days=1)
    # An open end before the period begins leaves the bucket that it begins in.
    to_on = max(to_on, from_on + timedelta(days=1))
    return Period(tuple(buckets_between(question.time_unit, from_on, to_on, zone)))


def read_at(bucket: Bucket, span: Span) -> datetime:
    """The instant that the level of a bucket is read at: its end, or now if that is earlier."""
    return min(bucket.to_at, span.data_at) if span.data_at else bucket.to_at


def moment_of(bucket: Bucket, span: Span) -> datetime:
    """The same instant as an exclusive bound: what begins at it is not yet there.

    Now, the moment of the data, still holds what happened at it.
    """
    if span.data_at is None:
        return bucket.to_at
    return min(bucket.to_at, span.data_at + _INSTANT)


def is_covered(bucket: Bucket, span: Span) -> bool:
    """Whether the data can tell of the bucket at all: it ends after the first ticket was opened
    and begins before the newest export."""
    if span.first_at is None or span.data_at is None:
        return False
    return bucket.to_at > span.first_at and bucket.from_at <= span.data_at
