"""Natural process limits: what a figure does by itself, month after month (XmR chart).

Limits are the mean plus and minus 2.66 times the mean distance of neighbouring points. A point
outside them, or the last of eight in a row on one side of the mean, is a signal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

FACTOR = 2.66
FEWEST_POINTS = 6
RUN_LENGTH = 8


@dataclass(frozen=True)
class Limits:
    """In the metric's unit; `signals` are positions in the values that the limits came from."""

    mean: float
    low: float
    high: float
    signals: tuple[int, ...]


def process_limits(
    values: Sequence[float | None], *, floor: float | None = None, ceiling: float | None = None
) -> Limits | None:
    """The limits of a series in order of time; missing points are passed over.

    `floor` and `ceiling` are values that the figure cannot pass. None for fewer than six points,
    which say nothing about what is natural.
    """
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < FEWEST_POINTS:
        return None
    mean = fmean(value for _, value in known)
    reach = FACTOR * fmean(abs(after - before) for (_, before), (_, after) in pairwise(known))
    low, high = mean - reach, mean + reach
    outside = [place for place, value in known if not low <= value <= high]
    return Limits(
        mean,
        low if floor is None else max(low, floor),
        high if ceiling is None else min(high, ceiling),
        tuple(sorted({*outside, *_long_runs(known, mean)})),
    )


def _long_runs(known: Sequence[tuple[int, float]], mean: float) -> list[int]:
    """The points that end eight or more in a row on one side of the mean."""
    ends: list[int] = []
    side, length = 0, 0
    for place, value in known:
        here = (value > mean) - (value < mean)
        length = length + 1 if here == side and here else 1
        side = here
        if length >= RUN_LENGTH:
            ends.append(place)
    return ends
