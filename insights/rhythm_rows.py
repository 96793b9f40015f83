"""Rhythms as rows, and the openings that they are measured against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime

import duckdb
import polars as pl

from insights.rhythm import Rhythm

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
}


def rhythm_rows(names: Sequence[str], found: Sequence[Rhythm | None]) -> pl.DataFrame:
    """One row per candidate: candidate_id and what a `Rhythm` tells; null where it is unknown."""
    nothing = dict.fromkeys(field.name for field in fields(Rhythm))
    rows = [
        {"candidate_id": name} | (asdict(rhythm) if rhythm else nothing)
        for name, rhythm in zip(names, found, strict=True)
    ]
    return pl.DataFrame(rows, schema={"candidate_id": pl.String} | RHYTHM_TYPES)


def all_openings(cursor: duckdb.DuckDBPyConnection) -> tuple[list[datetime], datetime | None]:
    """When tickets were opened, some 20,000 of them, and the moment of the data."""
    rows = cursor.sql("""
select opened_at
from ticket_lives
order by hash(ticket_id)
limit 20000""").fetchall()
    data_at = cursor.sql("select data_at from data_span").pl().item()
    return [at for (at,) in rows], data_at
