"""Columns whose values have an order of their own: bands of time, hours, weekdays.

Their names are written by the metrics and the model; here stands in which order they read.
"""

from __future__ import annotations

from itertools import pairwise

import polars as pl

MINUTE, HOUR, DAY = 60, 3_600, 86_400

AGE_BANDS = ("up to 1 day", "1 to 7 days", "7 to 30 days", "30 to 90 days", "over 90 days")

PHASES = ("detect", "log", "assign", "diagnose", "hold", "resolve", "close")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = tuple(f"{hour:02}" for hour in range(24))

# Each about twice the one before: of equal width where an axis is logarithmic.
DURATION_BOUNDS: tuple[tuple[str, int], ...] = (
    ("6 m", 6 * MINUTE),
    ("11 m", 11 * MINUTE),
    ("22 m", 22 * MINUTE),
    ("45 m", 45 * MINUTE),
    ("1 h 30 m", 90 * MINUTE),
    ("3 h", 3 * HOUR),
    ("6 h", 6 * HOUR),
    ("12 h", 12 * HOUR),
    ("1 d", DAY),
    ("2 d", 2 * DAY),
    ("4 d", 4 * DAY),
    ("8 d", 8 * DAY),
    ("16 d", 16 * DAY),
    ("32 d", 32 * DAY),
    ("64 d", 64 * DAY),
)
DURATION_BANDS = (
    f"up to {DURATION_BOUNDS[0][0]}",
    *(f"{low} to {high}" for (low, _), (high, _) in pairwise(DURATION_BOUNDS)),
    f"over {DURATION_BOUNDS[-1][0]}",
)

ORDERED: dict[str, tuple[str, ...]] = {
    "age_band": AGE_BANDS,
    "resolve_band": DURATION_BANDS,
    "phase": PHASES,
    "weekday": WEEKDAYS,
    "hour": HOURS,
}


def duration_band_macro() -> str:
    """The macro `duration_band(seconds)`: the band that a duration lies in, its upper end out."""
    cases = " ".join(
        f"when seconds < {bound} then '{name}'"
        for name, (_, bound) in zip(DURATION_BANDS, DURATION_BOUNDS, strict=False)
    )
    return (
        "create or replace macro duration_band(seconds) as"
        f" case {cases} when seconds is not null then '{DURATION_BANDS[-1]}' end"
    )


def rank(name: str, column: pl.Expr) -> pl.Expr:
    """What the values of the column called `name` are sorted by: their place, else themselves."""
    if name not in ORDERED:
        return column
    places = {value: place for place, value in enumerate(ORDERED[name])}
    return column.replace_strict(places, default=len(places), return_dtype=pl.Int64)
