"""Whether one figure differs from another by more than chance: difference, interval, verdict.

Each kind of figure has its own method:

- means: Welch's interval, because two periods have neither one size nor one spread;
- shares, those of what is open too: Newcombe's, from the Wilson limits of both;
- counts: from the exact Poisson limits of both, the earlier one scaled to the later one's days;
- open tickets: as counts. The number present in a queue is close to a Poisson number whatever
  the service times are; two moments that share tickets differ less, so this errs towards
  "cannot tell";
- medians, 90th percentiles and exposure per failure: from the limits of both;
- a share of time (availability) is measured, not sampled: the difference has no interval.

Where limits of both figures are combined, it is by the square-and-add method (MOVER).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

import numpy as np

from queries.catalogue import Metric
from queries.intervals import LEVEL, count_interval, share_interval

Verdict = Literal["better", "worse", "changed", "cannot tell"]

# Fewer rows than this on either side say nothing about a mean or a share.
FEWEST_ROWS = 5


@dataclass(frozen=True)
class Change:
    """From one figure to another, in the metric's unit.

    `expected` is the earlier figure as it is compared: a count is scaled to the days of the
    later period. `difference` is the later figure less the expected one, `low` and `high` its
    95 % interval (null where there is none). The verdict is "changed" where the metric calls
    neither direction better.
    """

    expected: float | None
    difference: float | None
    low: float | None
    high: float | None
    verdict: Verdict


def compare(
    metric: Metric,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    aggregate: str | None = None,
    days: tuple[int, int] | None = None,
) -> Change:
    """The change between two rows of an answer of `queries.measure`, the later one second.

    `aggregate` is the one that was asked for in place of the metric's own; `days` are the lengths
    of both periods, by which counts and sums are compared.
    """
    kind = aggregate or metric.aggregate
    earlier, later = before["value"], after["value"]
    if earlier is None or later is None:
        return Change(earlier, None, None, None, "cannot tell")
    scale = days[1] / days[0] if days and kind in ("count", "sum") else 1.0
    expected = earlier * scale
    limits = _limits(metric, kind, before, after, scale)
    difference = later - expected
    if limits is None:
        return Change(expected, difference, None, None, "cannot tell")
    return Change(expected, difference, *limits, _verdict(metric, *limits))


def _limits(
    metric: Metric,
    kind: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    scale: float,
) -> tuple[float, float] | None:
    """The limits of the difference, None where none can be given."""
    if kind in ("mean", "rate") and min(before["n"], after["n"]) < FEWEST_ROWS:
        return None
    if kind == "mean" or (kind == "level" and metric.unit == "duration"):
        return _welch(before, after)
    earlier = _interval(metric, kind, before)
    later = _interval(metric, kind, after)
    if earlier is None or later is None:
        return None
    value = before["value"] * scale
    return _mover(
        (earlier[0] * scale, value, earlier[1] * scale),
        (later[0], after["value"], later[1]),
    )


def _interval(metric: Metric, kind: str, row: Mapping[str, Any]) -> tuple[float, float] | None:
    """The limits of one figure."""
    if metric.is_share_of_level:
        low, high = share_interval(np.array([row["value"] * row["n"]]), np.array([float(row["n"])]))
        return float(low[0]), float(high[0])
    if kind == "level":
        low, high = count_interval(np.array([row["value"]], dtype=np.float64))
        return float(low[0]), float(high[0])
    if row["low"] is None or row["high"] is None:
        return None
    return row["low"], row["high"]


def _welch(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[float, float] | None:
    """Limits of a difference of means with unequal spread; needs two rows on either side."""
    if min(before["n"], after["n"]) < 2:
        return None
    errors = [row["deviation"] ** 2 / row["n"] for row in (before, after)]
    difference = after["value"] - before["value"]
    if sum(errors) == 0:
        return difference, difference
    freedom = sum(errors) ** 2 / sum(
        error**2 / (row["n"] - 1) for error, row in zip(errors, (before, after), strict=True)
    )
    from scipy import special  # slow to import, and who draws a report never needs it

    half = float(special.stdtrit(freedom, (1 + LEVEL) / 2)) * sqrt(sum(errors))
    return difference - half, difference + half


def _mover(
    before: tuple[float, float, float], after: tuple[float, float, float]
) -> tuple[float, float]:
    """Limits of a difference from (low, value, high) of both: distances squared and added."""
    difference = after[1] - before[1]
    down = sqrt((after[1] - after[0]) ** 2 + (before[2] - before[1]) ** 2)
    up = sqrt((after[2] - after[1]) ** 2 + (before[1] - before[0]) ** 2)
    return difference - down, difference + up


def _verdict(metric: Metric, low: float, high: float) -> Verdict:
    if low <= 0 <= high:
        return "cannot tell"
    if metric.better == "neither":
        return "changed"
    return "better" if (high < 0) == (metric.better == "lower") else "worse"
