"""What moved a figure: its change between two periods, split by a dimension, adding up exactly.

With r the figure of a part and w its share of what the figure stands on (tickets; for a share of
time the time itself):

- means and shares: the part contributes by **mix**, (w1 - w0) x (its r less the whole's), each
  averaged over both periods, and by **rate**, (r1 - r0) x the average of w0 and w1. A part that is
  there in one period only has the r of that period in both: it counts as mix.
- counts and sums, and what is open at a moment: the **amount** of the part, later less earlier; an
  earlier count is scaled to the days of the later period, as the change itself is.
- time per failure (MTBF): **exposure**, what more service time would give, and **failures**, what
  more of them take away; a service without a failure has no figure of its own but both of these.

Medians and 90th percentiles have no parts that add up: the mean of the same figure is split.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from queries.catalogue import Metric

Part = Literal["mix", "rate", "amount", "exposure", "failures"]

MIX_AND_RATE: tuple[Part, ...] = ("mix", "rate")
AMOUNT: tuple[Part, ...] = ("amount",)
PER_FAILURE: tuple[Part, ...] = ("exposure", "failures")
_SIDES = ("numerator", "denominator")
_ENDS = ("before", "after")


@dataclass(frozen=True)
class Drivers:
    """The change of a figure and what its parts contribute to it.

    `rows` has one row per value of the dimension, the largest contribution first: `bucket`,
    `n_before`, `n_after`, `value_before`, `value_after`, a column for each of `parts`, and
    `total`. The totals add up to `change`, which is null, with a `reason`, where either period has
    no figure.
    """

    parts: tuple[Part, ...]
    before: float | None
    after: float | None
    change: float | None
    rows: pl.DataFrame
    reason: str | None = None

    def sum_of(self, part: str) -> float:
        """What all values contribute by one part."""
        return float(self.rows[part].sum())


def parts_of(metric: Metric) -> tuple[Part, ...]:
    """What the change of a metric is split into."""
    if metric.aggregate in ("count", "sum") or (
        metric.aggregate == "level" and metric.unit == "count"
    ):
        return AMOUNT
    if metric.aggregate == "ratio" and metric.unit == "duration":
        return PER_FAILURE
    return MIX_AND_RATE


def drivers(
    metric: Metric, before: pl.DataFrame, after: pl.DataFrame, *, scale: float = 1.0
) -> Drivers:
    """The contributions of the values of a dimension.

    `before` and `after` are the rows of two answers of `queries.measure`, cut by that dimension
    alone. `scale` is the days of the later period over those of the earlier, for counts.
    """
    parts = parts_of(metric)
    sides = _beside(before, after)
    if parts == AMOUNT and metric.aggregate != "level":
        sides = sides.with_columns(pl.col("numerator_before") * scale)
    wholes = {name: float(sides[name].sum()) for name in _columns(_SIDES)}
    if parts == AMOUNT:
        earlier, later = wholes["numerator_before"], wholes["numerator_after"]
    elif not wholes["denominator_before"] or not wholes["denominator_after"]:
        reason = "one of the two periods has no figure"
        return Drivers(parts, None, None, None, sides.clear(), reason)
    else:
        earlier = wholes["numerator_before"] / wholes["denominator_before"]
        later = wholes["numerator_after"] / wholes["denominator_after"]
    rows = _split(sides, parts, wholes, (earlier, later))
    rows = rows.with_columns(pl.sum_horizontal(*parts).alias("total"))
    kept = ("bucket", *_columns(("n", "value")), *parts, "total")
    rows = rows.select(kept).sort(pl.col("total").abs(), "bucket", descending=[True, False])
    return Drivers(parts, earlier, later, later - earlier, rows)


def _columns(names: Sequence[str]) -> list[str]:
    return [f"{name}_{side}" for name in names for side in _ENDS]


def _beside(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Both periods side by side; what a value lacks in one of them is nothing."""
    wanted = ["bucket", "n", "value", *_SIDES]
    sides = before.select(wanted).join(
        after.select(wanted), on="bucket", how="full", coalesce=True, suffix="_after"
    )
    named = sides.rename({name: f"{name}_before" for name in wanted[1:]})
    return named.with_columns(
        pl.col(_columns(_SIDES)).fill_null(0.0), pl.col(_columns(("n",))).fill_null(0)
    )


def _split(
    sides: pl.DataFrame,
    parts: tuple[Part, ...],
    wholes: dict[str, float],
    figures: tuple[float, float],
) -> pl.DataFrame:
    if parts == AMOUNT:
        return sides.with_columns(
            (pl.col("numerator_after") - pl.col("numerator_before")).alias("amount")
        )
    if parts == PER_FAILURE:
        return _per_failure(sides, wholes, figures)
    return _mix_and_rate(sides, wholes, figures)


def _mix_and_rate(
    sides: pl.DataFrame, wholes: dict[str, float], figures: tuple[float, float]
) -> pl.DataFrame:
    weights = [pl.col(f"denominator_{side}") / wholes[f"denominator_{side}"] for side in _ENDS]
    own = [
        pl.when(pl.col(f"denominator_{side}") != 0).then(
            pl.col(f"numerator_{side}") / pl.col(f"denominator_{side}")
        )
        for side in _ENDS
    ]
    # There in one period only: the figure of that period stands for both.
    earlier, later = pl.coalesce(own[0], own[1]), pl.coalesce(own[1], own[0])
    whole = (figures[0] + figures[1]) / 2
    mix = (weights[1] - weights[0]) * ((earlier + later) / 2 - whole)
    rate = (later - earlier) * (weights[0] + weights[1]) / 2
    return sides.with_columns(mix.fill_null(0.0).alias("mix"), rate.fill_null(0.0).alias("rate"))


def _per_failure(
    sides: pl.DataFrame, wholes: dict[str, float], figures: tuple[float, float]
) -> pl.DataFrame:
    """From R1 D1 - R0 D0 = (mean of D) x (R1 - R0) + (mean of R) x (D1 - D0)."""
    failures = (wholes["denominator_before"] + wholes["denominator_after"]) / 2
    figure = (figures[0] + figures[1]) / 2
    more_time = pl.col("numerator_after") - pl.col("numerator_before")
    more_failures = pl.col("denominator_after") - pl.col("denominator_before")
    return sides.with_columns(
        (more_time / failures).alias("exposure"),
        (more_failures * (-figure / failures)).alias("failures"),
    )
