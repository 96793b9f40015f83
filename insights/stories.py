"""Which of many overlapping series have a rhythm, as many as they tell stories.

A story is found in twenty of its words, keys and branches. Were each counted as a discovery, false
ones would be let in beside a true story by its likenesses; where none is, a second story would have
to be as rare as the first. So the rate of false discoveries is held over stories.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from insights.rhythm import FALSE_ALARMS

MAY_BE = 0.999  # the highest chance, over everything looked at, of what is asked here
SAME = 0.3  # of the smaller one's tickets in another: then both tell one story
MOST = 3_000  # series, the surest: more are not compared

_COUNTS = "missed", "regular"
_NOTHING = (
    "kind", "period_days", "spread_days", "weekday", "day_of_month", "hour", "next_from_at",
    "next_to_at", "ended_at",
)  # fmt: skip


def confirmed(
    found: pl.DataFrame, other: pl.DataFrame, tickets: Mapping[str, set[str]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two tables of rhythms (`rhythm_rows`) whose `q` is the chance that anything of all is as
    rare, with `q` as the rate of false stories, and without rhythm where that is too high.

    Benjamini-Hochberg, but the rank of a series is the number of stories up to it.
    """
    maybe = (
        pl.concat([found, other])
        .filter("is_rhythmic")
        .sort("q", "candidate_id")
        .head(MOST)
        .select("candidate_id", "q")
    )
    stories = _stories([tickets[name] for name in maybe["candidate_id"]])
    rates = np.minimum.accumulate((maybe["q"].to_numpy() / stories)[::-1])[::-1]
    rate = dict(zip(maybe["candidate_id"].to_list(), rates.tolist(), strict=True))
    return _told(found, rate), _told(other, rate)


def _stories(series: list[set[str]]) -> np.ndarray:
    """How many stories the series up to each tell."""
    told: list[set[str]] = []
    counts = np.ones(len(series))
    for place, own in enumerate(series):
        if not any(len(own & each) >= SAME * min(len(own), len(each)) for each in told):
            told.append(own)
        counts[place] = len(told)
    return counts


def _told(rows: pl.DataFrame, rate: Mapping[str, float]) -> pl.DataFrame:
    q = pl.col("candidate_id").replace_strict(rate, default=None, return_dtype=pl.Float64)
    rows = rows.with_columns(q=pl.coalesce(q, "q"))
    keeps = pl.col("is_rhythmic") & (pl.col("q") <= FALSE_ALARMS)
    return rows.with_columns(
        is_rhythmic=keeps & pl.col("is_rhythmic").is_not_null(),
        **{name: pl.when(keeps).then(name).otherwise(pl.col(name) * 0) for name in _COUNTS},
        **{name: pl.when(keeps).then(name) for name in _NOTHING},
    )
