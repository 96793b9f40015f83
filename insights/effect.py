"""Before and after: what a marker did to a figure, the mix of tickets held still.

The rows behind the figure in equal stretches before and after the day are cut by priority and
category. Each part's difference is weighted by its share of all rows (direct standardisation), so
that a month with fewer urgent tickets is no improvement. The 95 % interval adds up the variances of
the parts; parts with fewer than two rows on either side cannot be compared and are left out, and
told. So are tickets that were opened before their stretch began: those of the day lived under both
rules, and most of them are long ones. Counts have no mix: they are compared per day, with exact
Poisson limits. Exposure per failure (MTBF) is compared by the Poisson limits of both sides. What a
day has and no ticket adds to (a backlog, availability) is compared by the means of whole weeks:
days depend on one another, weeks less so, and what they still do makes the interval wider.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import exp, log, sqrt
from typing import Literal

import duckdb
import numpy as np
import polars as pl
from scipy import special

from insights.change import compare
from insights.markers import Marker
from policies.model import Policy
from policies.refusal import Refused
from policies.zones import day_start, local_day
from queries.catalogue import Metric
from queries.intervals import LEVEL, count_interval
from queries.measure import evidence, measure
from queries.question import Question

MOST_DAYS = 180
FEWEST_ROWS = 5
FEWEST_WEEKS = 4
PARTS = ("priority", "category")

Verdict = Literal["improved", "worse", "changed", "cannot tell"]


@dataclass(frozen=True)
class Effect:
    """A figure before and after a day, in the metric's unit.

    `before` and `after` are as they were; `difference` with `low` and `high` (95 %) holds the mix
    of priority and category still, and `relative` is it as a share of before, with its own limits.
    `share_compared` is how much of all rows is compared. What cannot be told is null.
    """

    metric: str
    marker: str
    on: date
    days: int
    n_before: int
    n_after: int
    before: float | None
    after: float | None
    difference: float | None
    low: float | None
    high: float | None
    relative: float | None
    relative_low: float | None
    relative_high: float | None
    share_compared: float | None
    verdict: Verdict


def effect(
    connection: duckdb.DuckDBPyConnection,
    metric: Metric,
    marker: Marker,
    policy: Policy,
    days: int = MOST_DAYS,
) -> Effect:
    """The effect of a marker on a figure over up to so many days on either side.

    Raises Refused where the data do not reach a week to either side of the day, and for what is
    told by days where it is not four weeks.
    """
    days = _days(connection, marker, policy, days)
    reach = timedelta(days=days)
    stretches = [
        Question(marker.on - reach, marker.on, where=marker.where),
        Question(marker.on, marker.on + reach, where=marker.where),
    ]
    if metric.aggregate == "ratio":
        told = _exposed(connection, metric, marker, policy, stretches)
        if told is not None:
            return told
    if metric.aggregate in ("level", "ratio"):
        return _by_weeks(connection, metric, marker, policy, stretches)
    sides = [_rows(connection, metric, policy, stretch) for stretch in stretches]
    if metric.aggregate in ("count", "sum"):
        return _counted(metric, marker, days, sides[0].height, sides[1].height)
    return _standardised(metric, marker, days, sides[0], sides[1])


def _days(connection: duckdb.DuckDBPyConnection, marker: Marker, policy: Policy, days: int) -> int:
    """As many days as the data have on both sides."""
    with connection.cursor() as cursor:
        first_at, data_at = cursor.sql("select first_at, data_at from data_span").pl().row(0)
    if first_at is None:
        raise Refused("There are no tickets yet: load an export first.")
    before = (marker.on - local_day(first_at, policy.timezone)).days
    after = (local_day(data_at, policy.timezone) - marker.on).days
    days = min(days, before, after)
    if days < 7:
        raise Refused(
            f"{marker.title}, {marker.on}: the data reach {max(before, 0)} days before and "
            f"{max(after, 0)} after it; a week on either side is the least that tells anything."
        )
    return days


def _rows(
    connection: duckdb.DuckDBPyConnection, metric: Metric, policy: Policy, question: Question
) -> pl.DataFrame:
    """value, the parts of the mix and whether the ticket was opened within the stretch, one row per
    row behind the figure."""
    rows = evidence(connection, metric, question, policy).filter(pl.col("value").is_not_null())
    if "ticket_id" not in rows.columns:
        return rows.select(
            pl.col("value").cast(pl.Float64),
            *(pl.lit(None, pl.String).alias(name) for name in PARTS),
            is_within=True,
        )
    assert question.from_on is not None
    from_at = day_start(question.from_on, policy.timezone)
    with connection.cursor() as cursor:
        names = ", ".join(f"cast({name} as varchar) as {name}" for name in PARTS)
        parts = cursor.sql(
            f"select ticket_id, {names}, opened_at >= $from_at as is_within from counted_tickets",
            params={"from_at": from_at},
        ).pl()
    return (
        rows.select("ticket_id", pl.col("value").cast(pl.Float64))
        .join(parts, on="ticket_id", how="left")
        .select("value", *PARTS, pl.col("is_within").fill_null(value=True))
    )


def _standardised(
    metric: Metric, marker: Marker, days: int, before: pl.DataFrame, after: pl.DataFrame
) -> Effect:
    n_before, n_after = before.height, after.height
    plain = (_mean(before), _mean(after))
    before, after = before.filter("is_within"), after.filter("is_within")
    parts = _parts(before, "before").join(
        _parts(after, "after"), on=list(PARTS), how="full", nulls_equal=True, coalesce=True
    )
    usable = parts.filter((pl.col("n_before") >= 2) & (pl.col("n_after") >= 2))
    rows = usable["n_before"].to_numpy() + usable["n_after"].to_numpy()
    nothing = Effect(
        metric.name, marker.title, marker.on, days, n_before, n_after, *plain,
        None, None, None, None, None, None, None, "cannot tell",
    )  # fmt: skip
    if usable.is_empty() or min(before.height, after.height) < FEWEST_ROWS:
        return nothing
    share = rows / rows.sum()
    means = [float(share @ usable[f"mean_{side}"].to_numpy()) for side in ("before", "after")]
    errors = [
        float(share**2 @ (usable[f"variance_{side}"] / usable[f"n_{side}"]).to_numpy())
        for side in ("before", "after")
    ]
    normal = float(special.ndtri((1 + LEVEL) / 2))
    difference, half = means[1] - means[0], normal * sqrt(sum(errors))
    low, high = difference - half, difference + half
    relative: tuple[float | None, ...] = (None, None, None)
    if min(means) > 0:
        # on the scale of logarithms, where a ratio of two means is nearest to normal
        spread = normal * sqrt(sum(e / m**2 for e, m in zip(errors, means, strict=True)))
        middle = log(means[1] / means[0])
        relative = tuple(exp(at) - 1 for at in (middle, middle - spread, middle + spread))
    return Effect(
        metric.name, marker.title, marker.on, days, n_before, n_after, *plain,
        difference, low, high, *relative, float(rows.sum()) / (n_before + n_after),
        _verdict(metric, low, high),
    )  # fmt: skip


def _parts(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    return (
        rows.group_by(PARTS)
        .agg(
            pl.len().cast(pl.Int64).alias(f"n_{side}"),
            pl.col("value").mean().alias(f"mean_{side}"),
            pl.col("value").var().alias(f"variance_{side}"),
        )
        .sort(PARTS)
    )


def _mean(rows: pl.DataFrame) -> float | None:
    value = rows["value"].mean()
    return float(value) if isinstance(value, int | float) else None


def _counted(metric: Metric, marker: Marker, days: int, before: int, after: int) -> Effect:
    """Counts per day; limits by the square-and-add method from the Poisson limits of both."""
    lows, highs = count_interval(np.array([before, after], dtype=np.float64))
    difference = after - before
    low = difference - sqrt((after - lows[1]) ** 2 + (highs[0] - before) ** 2)
    high = difference + sqrt((highs[1] - after) ** 2 + (before - lows[0]) ** 2)
    relative: tuple[float | None, ...] = (None, None, None)
    if before and after:
        spread = float(special.ndtri((1 + LEVEL) / 2)) * sqrt(1 / before + 1 / after)
        middle = log(after / before)
        relative = tuple(exp(at) - 1 for at in (middle, middle - spread, middle + spread))
    per_day = [each / days for each in (before, after, difference, float(low), float(high))]
    return Effect(
        metric.name, marker.title, marker.on, days, before, after, *per_day, *relative, 1.0,
        _verdict(metric, per_day[3], per_day[4]) if before + after >= FEWEST_ROWS
        else "cannot tell",
    )  # fmt: skip


def _exposed(
    connection: duckdb.DuckDBPyConnection,
    metric: Metric,
    marker: Marker,
    policy: Policy,
    stretches: Sequence[Question],
) -> Effect | None:
    """Exposure per failure of both stretches; None where the figure is no such ratio."""
    sides = [
        measure(connection, metric, stretch, policy).rows.to_dicts()[:1] for stretch in stretches
    ]
    if not all(side and side[0]["low"] is not None for side in sides):
        return None
    before, after = (side[0] for side in sides)
    change = compare(metric, before, after)
    relative: tuple[float | None, ...] = (None, None, None)
    if before["value"] and after["value"]:
        # failures of each side are Poisson; their ratio is nearest to normal on logarithms
        spread = float(special.ndtri((1 + LEVEL) / 2)) * sqrt(1 / before["n"] + 1 / after["n"])
        middle = log(after["value"] / before["value"])
        relative = tuple(exp(at) - 1 for at in (middle, middle - spread, middle + spread))
    verdict: Verdict = "cannot tell"
    if change.low is not None and change.high is not None:
        verdict = _verdict(metric, change.low, change.high)
    return Effect(
        metric.name, marker.title, marker.on, _length(stretches[0]), before["n"], after["n"],
        before["value"], after["value"], change.difference, change.low, change.high, *relative,
        None, verdict,
    )  # fmt: skip


def _by_weeks(
    connection: duckdb.DuckDBPyConnection,
    metric: Metric,
    marker: Marker,
    policy: Policy,
    stretches: Sequence[Question],
) -> Effect:
    """The daily values of both stretches, compared by the means of whole weeks.

    Neighbouring weeks that are alike count for fewer: n weeks with a correlation r of neighbours
    weigh as n (1 - r) / (1 + r).
    """
    sides = []
    for stretch in stretches:
        daily = measure(connection, metric, replace(stretch, by=("day",)), policy).rows
        values = daily["value"].drop_nulls().to_numpy().astype(float)
        weeks = len(values) // 7
        if weeks < FEWEST_WEEKS:
            raise Refused(
                f"{metric.name} is a {metric.aggregate}, told by its days: {FEWEST_WEEKS} weeks "
                f"with a figure are needed on either side of {marker.title}, {marker.on}."
            )
        sides.append((values, values[-7 * weeks :].reshape(weeks, 7).mean(axis=1)))
    (before, weeks_before), (after, weeks_after) = sides
    difference = float(after.mean() - before.mean())
    sizes = [_independent(weeks) for weeks in (weeks_before, weeks_after)]
    errors = [
        float(weeks.var(ddof=1)) / size
        for weeks, size in zip((weeks_before, weeks_after), sizes, strict=True)
    ]
    freedom = max(
        sum(errors) ** 2
        / max(sum(e**2 / max(n - 1, 1) for e, n in zip(errors, sizes, strict=True)), 1e-300),
        1.0,
    )
    half = float(special.stdtrit(freedom, (1 + LEVEL) / 2)) * sqrt(sum(errors))
    low, high = difference - half, difference + half
    relative: tuple[float | None, ...] = (None, None, None)
    if before.mean() > 0:
        relative = tuple(each / float(before.mean()) for each in (difference, low, high))
    return Effect(
        metric.name, marker.title, marker.on, _length(stretches[0]), len(before), len(after),
        float(before.mean()), float(after.mean()), difference, low, high, *relative, None,
        _verdict(metric, low, high),
    )  # fmt: skip


def _independent(weeks: np.ndarray) -> float:
    """How many independent weeks as many of a series are worth, at least two."""
    away = weeks - weeks.mean()
    total = float((away**2).sum())
    alike = max(float((away[1:] * away[:-1]).sum()) / total, 0.0) if total > 0 else 0.0
    # a short series shows less likeness than it has
    alike = min(alike + (1 + 3 * alike) / len(weeks), 0.95) if alike > 0 else 0.0
    return max(len(weeks) * (1 - alike) / (1 + alike), 2.0)


def _length(stretch: Question) -> int:
    assert stretch.from_on is not None
    assert stretch.to_on is not None
    return (stretch.to_on - stretch.from_on).days


def _verdict(metric: Metric, low: float, high: float) -> Verdict:
    if low <= 0 <= high:
        return "cannot tell"
    if metric.better == "neither":
        return "changed"
    return "improved" if (high < 0) == (metric.better == "lower") else "worse"
