"""Columns whose values have an order of their own: bands of time, hours, weekdays.

Their names are written by the metrics and the model; here stands in which order they read.
"""

from __future__ import annotations

import polars as pl

AGE_BANDS = ("up to 1 day", "1 to 7 days", "7 to 30 days", "30 to 90 days", "over 90 days")

ORDERED: dict[str, tuple[str, ...]] = {"age_band": AGE_BANDS}


def rank(name: str, column: pl.Expr) -> pl.Expr:
    """What the values of the column called `name` are sorted by: their place, else themselves."""
    if name not in ORDERED:
        return column
    places = {value: place for place, value in enumerate(ORDERED[name])}
    return column.replace_strict(places, default=len(places), return_dtype=pl.Int64)
