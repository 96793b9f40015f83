"""Rhythms as rows, and the openings that they are measured against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from insights.rhythm import FALSE_ALARMS, Rhythm, rhythms
from insights.strewn import Chance

RHYTHM_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "occurrences": pl.Int64,
    "is_rhythmic": pl.Boolean,
    "kind": pl.String,
    "period_days": pl.Float64,
    "spread_days": pl.Float64,
    "weekday": pl.Int64,
    "day_of_month": pl.Int64,
    "hour": pl.Int64,
    "q": pl.Float64,
    "regularity": pl.Float64,
    "next_from_at": pl.Datetime("us"),
    "next_to_at": pl.Datetime("us"),
    "missed": pl.Int64,
    "regular": pl.Int64,
    "ended_at": pl.Datetime("us"),
}


def rhythm_rows(names: Sequence[str], found: Sequence[Rhythm | None]) -> pl.DataFrame:
    """One row per candidate: candidate_id and what a `Rhythm` tells; null where it is unknown."""
    nothing = dict.fromkeys(field.name for field in fields(Rhythm))
    rows = [
        {"candidate_id": name} | (vars(rhythm) if rhythm else nothing)
        for name, rhythm in zip(names, found, strict=True)
    ]
    return pl.DataFrame(rows, schema={"candidate_id": pl.String} | RHYTHM_TYPES)


@dataclass(frozen=True)
class Openings:
    """When tickets were opened, what that makes of chance, and the moment of the data."""

    everything: list[datetime]
    data_at: datetime
    zone: ZoneInfo
    chance: Chance

    @staticmethod
    def of(cursor: duckdb.DuckDBPyConnection, zone: ZoneInfo) -> Openings | None:
        """Of some 20,000 tickets; None where there are none."""
        rows = cursor.sql("""
select opened_at
from ticket_lives
order by hash(ticket_id)
limit 20000""").fetchall()
        data_at = cursor.sql("select data_at from data_span").pl().item()
        if data_at is None:
            return None
        everything = [at for (at,) in rows]
        return Openings(everything, data_at, zone, Chance(everything, zone))

    def rhythms(
        self,
        series: Sequence[Sequence[datetime]],
        looked_at: int = 0,
        alarms: float = FALSE_ALARMS,
    ) -> list[Rhythm | None]:
        """The rhythm of each series, as `insights.rhythm` tells it."""
        return rhythms(series, self.chance, self.data_at, looked_at, alarms)
