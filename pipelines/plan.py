"""What will be read from where, decided before the rows of a table are touched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.contract import TABLES, Column, Table
from pipelines.reading.opened import OpenedFile
from pipelines.sources import Form, folded
from pipelines.times.date_readings import DateReading

TABLE_BY_NAME = {table.name: table for table in TABLES}
COMPUTED = (
    "ticket_id",
    "change_id",
    "problem_id",
    "source",
    "exported_at",
    "version_at",
    "extra",
    "precision_seconds",
)


# "GMT+2" and "UTC-03:00" are other zones.
UTC_IN_NAME = re.compile(r"(?:\b|_|(?<=[a-z]))(?:UTC|utc|Utc|GMT|gmt)(?![A-Za-z]| ?[+-])")


@dataclass(frozen=True)
class Plan:
    """The form, its table, and the cells that feed each column.

    `places` are the cells that show a column, `elapsed` those that show the time until it.
    """

    opened: OpenedFile
    form: Form
    places: Mapping[str, list[int]]
    dates: Mapping[int, DateReading]
    has_zone: bool
    pseudonymise: tuple[str, ...] = ()
    pseudonym_key: str = ""
    elapsed: Mapping[str, list[int]] = field(default_factory=dict)
    upwards: frozenset[str] = frozenset()  # numbered scales that are read by their words
    is_presumed: bool = False  # its dates were told by the first rows alone

    @property
    def table(self) -> Table:
        return TABLE_BY_NAME[self.form.table]

    @property
    def cells(self) -> dict[str, list[int]]:
        """Contract column -> all the cells that feed it."""
        names = dict.fromkeys((*self.places, *self.elapsed))
        return {name: [*self.places.get(name, ()), *self.elapsed.get(name, ())] for name in names}

    @property
    def columns(self) -> list[Column]:
        """The contract columns read from cells; ids, the source and the moments come later."""
        names = {*self.places, *self.elapsed, *self.form.derived} - set(COMPUTED)
        return [column for column in self.table.columns if column.name in names]

    def is_plain(self, column: str) -> bool:
        """Whether every cell behind a column of dates is written as `2026-10-31 09:00:00`."""
        if column in self.elapsed or column not in self.places:
            return False
        return all(self.dates[place].plain for place in self.places[column])

    def says_utc(self, place: int) -> bool:
        """Whether the name of a column of dates says that they are of UTC: "Created At (UTC)"."""
        return UTC_IN_NAME.search(self.opened.header[place]) is not None

    def counts_where(self, place: int) -> tuple[int | None, tuple[str, ...]] | None:
        """The cell and the words of it with which this one counts; None where it always does."""
        for name, (column, words) in self.form.counts_where.items():
            if folded(name) == folded(self.opened.header[place]):
                return next(iter(self.places.get(column, ())), None), words
        return None

    def named(self, column: str) -> str:
        """How the file names the cell behind a contract column."""
        places = self.places.get(column) or self.elapsed.get(column)
        return self.opened.header[places[0]] if places else column
