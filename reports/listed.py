"""Lists about the period of a report: read once for all packs, narrowed to the filters of one."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from queries import listing
from queries.months import Stretch
from reports.asking import Asked

NOT_OF_TICKETS = ("clock", "sla", "calendar", "cycle")


def listed(asked: Asked, name: str, looked_at: Stretch, columns: Sequence[str]) -> pl.DataFrame:
    """The rows of a list about these days, within the filters; oldest or worst first, as it says.

    A filter on what only clocks have (`clock`, `sla`) narrows the lists that have it.
    """
    where = {
        column: values
        for column, values in asked.where.items()
        if column in columns or column not in NOT_OF_TICKETS
    }
    others = tuple(column for column in where if column not in columns)
    rows = asked.shared.listed(name, looked_at, columns, others)
    return listing.within(rows, where)
