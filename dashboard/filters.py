"""What is looked at: which period, beside what, which tickets. The filter bar reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from dashboard import wording
from queries.months import Month, Stretch, months_before
from queries.question import NONE, Question

FILTERS = (
    "kind",
    "priority",
    "service",
    "category",
    "resolver_group",
    "customer",
    "location",
    "channel",
    "source",
)
TREND_MONTHS = 13

Against = Literal["previous", "last year", "target"]


@dataclass(frozen=True)
class View:
    """What is looked at: a period, what it is compared with, and the filters in force.

    `before` is the period right before it and `last_year` the same a year earlier, where data are
    there; `against` says which of them, or the target, the figures are compared with first.
    """

    period: Stretch
    before: Stretch | None
    last_year: Stretch | None
    against: Against
    months: tuple[Month, ...]
    where: Mapping[str, tuple[str, ...]]

    @property
    def month(self) -> Stretch:
        """The period looked at."""
        return self.period

    @property
    def compared(self) -> Stretch | None:
        """The period that figures are compared with."""
        return self.last_year if self.against == "last year" else self.before

    @property
    def is_month(self) -> bool:
        """Whether the period is one of the months of the trend."""
        return any(month.name == self.period.name for month in self.months)

    @property
    def last_month(self) -> str:
        """The month that the period ends in: the one that trends mark."""
        inside = [month for month in self.months if month.from_on < self.period.to_on]
        return (inside or self.months)[-1].name

    @property
    def trend_from(self) -> date:
        """The first day of the thirteen months that end with the period, where data are there."""
        return max(months_before(self.last_month, TREND_MONTHS - 1), self.months[0].from_on)

    @property
    def trend_to(self) -> date:
        """The day after the trend: the running month is shown where it follows the period."""
        last = next(month for month in self.months if month.name == self.last_month)
        follows = [m for m in self.months if not m.is_complete and m.from_on == last.to_on]
        return follows[0].to_on if follows else last.to_on

    def trend(self) -> Question:
        """The months up to the period looked at."""
        return Question(self.trend_from, self.trend_to, ("month",), self.where)

    def of(self, looked_at: Stretch, *by: str) -> Question:
        """These days under the filters, cut by dimensions or by nothing."""
        return Question(looked_at.from_on, looked_at.to_on, by, self.where)

    def of_month(self, *by: str) -> Question:
        """The period looked at, cut by dimensions or by nothing."""
        return self.of(self.period, *by)

    def asked(self) -> list[Question]:
        """What a tile asks: the trend, and what is none of its months."""
        months = {month.name for month in self.months if month.from_on >= self.trend_from}
        periods = (self.period, self.before, self.last_year)
        return [
            self.trend(),
            *(self.of(each) for each in periods if each and each.name not in months),
        ]

    def of_services(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of the services that are filtered by; all where none is."""
        services = self.where.get("service")
        if not services:
            return rows
        return rows.filter(pl.col("service").cast(pl.String).fill_null(NONE).is_in(list(services)))

    def is_complete(self, name: str) -> bool:
        """Whether a month of this name is one that the data cover to its end."""
        return all(month.is_complete for month in self.months if month.name == name)


def in_words(where: Mapping[str, tuple[str, ...]]) -> str:
    """The filters in force, for the line under a title: "Priority P1 or P2, Service Mail"."""
    if not where:
        return "all tickets"
    return ", ".join(
        f"{wording.column(name)} {' or '.join(map(wording.value_name, kept))}"
        for name, kept in where.items()
    )
